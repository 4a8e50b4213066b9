"""From the base weights and the data to finished models, step by step: ``make train`` runs this.

    python -m training.pipeline --data DATA --out OUT [--recipe gpu|cpu|FILE.toml] [--until STEP] [--list]

In: the folder of data (training/README.md) and a recipe.  Out: everything under ``OUT``: each step's results,
``logs/STEP.log``, and ``done/STEP.json``, which holds the command and the digests of its inputs.  A step whose command,
inputs and results are as they were is skipped; one that was broken off runs again, a training from its last checkpoint.
Exit code 1 where a step fails; nothing after it is tried.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training import options
from training.lines import replaced
from training.steps import Step, recipe_of, steps

ROOT = Path(__file__).parent.parent
RECIPES = Path(__file__).with_name("recipes")
_CHUNK = 1 << 20


def main() -> int:
    """Runs what is not done."""
    given = _given()
    found = steps(given.data.resolve(), given.out.resolve(), recipe_of(_recipe(given.recipe)))
    names = [step.name for step in found]
    if given.until:
        found = found[: names.index(given.until) + 1]
    for step in found:
        if is_done(step, given.out):
            print(f"{step.name}: done", flush=True)
        elif given.list:
            print(f"{step.name}: to do", flush=True)
        elif not run(step, given.out):
            print(f"{step.name}: failed; see {given.out / 'logs' / step.name}.log", file=sys.stderr)
            return 1
    return 0


def _given() -> argparse.Namespace:
    parser = options.parser(__doc__, "data", "out")
    parser.add_argument("--recipe", default="gpu", help="gpu, cpu or a file")
    parser.add_argument("--until", metavar="STEP", help="the last step to run")
    parser.add_argument("--list", action="store_true", help="say what is done and what is not, and run nothing")
    return parser.parse_args()


def _recipe(name: str) -> Path:
    return Path(name) if name.endswith(".toml") else RECIPES / f"{name}.toml"


def is_done(step: Step, out: Path) -> bool:
    """Whether the step was run to its end with the same command and the same inputs, and its results are there."""
    stamp = _stamp_path(step, out)
    if not stamp.exists() or not all(path.exists() for path in step.outputs):
        return False
    found = json.loads(stamp.read_text(encoding="utf8"))
    return bool({name: found[name] for name in ("command", "inputs")} == stamp_of(step))


def stamp_of(step: Step) -> dict[str, Any]:
    """What decides whether the results of a step still hold."""
    return {
        "command": [step.module, *step.arguments],
        "inputs": {str(path): digest(path) if path.exists() else None for path in step.inputs},
    }


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of all files in a folder."""
    found = hashlib.sha256()
    for file in sorted(_files(path)):
        found.update(f"\0{file.relative_to(path)}\0".encode())
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                found.update(chunk)
    return found.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    yield from (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else (path,)


def run(step: Step, out: Path) -> bool:
    """Runs a step, its words to the screen and to its log; whether it came to its end."""
    stamp, log = _stamp_path(step, out), out / "logs" / f"{step.name}.log"
    for path in (stamp, log):
        path.parent.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    print(f"{step.name}: training.{step.module} {' '.join(step.arguments)}", flush=True)
    found, started_s = stamp_of(step), time.monotonic()
    with log.open("w", encoding="utf8") as file:
        code = _told(step, file.write)
    if code != 0:
        print(f"{step.name}: ended with {code}", flush=True)
        return False
    found["seconds"] = round(time.monotonic() - started_s, 1)
    with replaced(stamp) as unfinished:
        unfinished.write_text(json.dumps(found, indent=1), encoding="utf8")
    print(f"{step.name}: {found['seconds']} s", flush=True)
    return True


def _told(step: Step, write: Any) -> int:
    command = [sys.executable, "-m", f"training.{step.module}", *step.arguments]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            write(line)
    return running.returncode


def _stamp_path(step: Step, out: Path) -> Path:
    return out / "done" / f"{step.name}.json"


if __name__ == "__main__":
    sys.exit(main())
