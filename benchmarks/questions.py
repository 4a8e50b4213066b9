"""Free questions by the project's scorer: each gold question put to its own patent and to three others.

    python benchmarks/questions.py                        # needs shared/data and shared/tools beside the checkout
    python benchmarks/questions.py --model none           # by shared words alone, the version before the model
    python benchmarks/questions.py --study scored.study   # a study that holds the gold patents already

In: the gold files and the sources they were made from.  Out: the scorer's own report for full texts and for abstracts:
EM, F1, refusals of what is not answered, AUROC, Brier skill.  Gold is for measuring only: no weight, threshold or
wording may be fitted to it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dokhae.study import Study

SOURCES = ("kr_pdf", "ep_xml.zip", "us_xml.zip", "kr_csv/inu.csv")
GOLD = ("patent_reading_dev.jsonl", "patent_abstracts_dev.jsonl")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, help="kept, and used again where it is there")
    parser.add_argument("--model", help="built-in, none, or the folder of a reader")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep questions and answers there")
    options = parser.parse_args()
    shared = next((above / "shared" for above in Path(__file__).resolve().parents if (above / "shared").is_dir()), None)
    if shared is None or not (shared / "data" / "gold").is_dir():
        print("skipped: the folder shared/data with the gold and its sources is not beside this checkout")
        return 0
    if options.model:
        os.environ["DOKHAE_MODEL"] = options.model
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.study or Path(scratch) / "gold.study"
        if not folder.exists():
            with Study.create(folder) as study:
                study.add([shared / "data" / "patents" / name for name in SOURCES])
        return max(_measure(shared, folder, options.keep or Path(scratch), name) for name in GOLD)


def _measure(shared: Path, study: Path, out: Path, name: str) -> int:
    """Asks, answers as a user would, scores."""
    out.mkdir(parents=True, exist_ok=True)
    gold, scorer = shared / "data" / "gold" / name, shared / "tools" / "score_reading.py"
    asked, answered = out / f"asked-{name}", out / f"answered-{name}"
    subprocess.run([sys.executable, scorer, "qa-ask", gold, asked], check=True)
    started_s = time.monotonic()
    with answered.open("w", encoding="utf8") as file:
        command = [sys.executable, "-m", "dokhae.apps.cli", "ask", str(study), "--questions", str(asked), "--jsonl"]
        subprocess.run(command, stdout=file, check=True)
    n = sum(1 for _ in answered.open(encoding="utf8"))
    took_s = time.monotonic() - started_s
    print(f"\n== {name}: {n} questions in {took_s:.0f} s, {n / took_s:.1f} a second", flush=True)
    return subprocess.run([sys.executable, scorer, "qa", gold, answered], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
