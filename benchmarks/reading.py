"""Reading quality by the project's scorer: the gold patents are analysed as a user would, exported and scored.

    python benchmarks/reading.py                       # needs shared/data and shared/tools beside the checkout
    python benchmarks/reading.py --model none          # by cues alone
    python benchmarks/reading.py --keep scored.study   # keep the study to look at

In: the gold files and the sources they were made from.  Out: the scorer's own report, per field and language, for full
texts and for abstracts, then whether every quote is the text at its span.  Gold is for measuring only: no cue, weight
or model may be fitted to it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dokhae.library import folder as library
from dokhae.models import in_use
from dokhae.study import Study

SOURCES = ("kr_pdf", "ep_xml.zip", "us_xml.zip", "kr_csv/inu.csv")
GOLD = ("patent_reading_dev.jsonl", "patent_abstracts_dev.jsonl")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", type=Path, metavar="STUDY", help="keep the study in this folder")
    parser.add_argument("--model", default=in_use.BUILT_IN, help="built-in, none, or the folder of a reader")
    options = parser.parse_args()
    os.environ[in_use.VARIABLE] = options.model
    shared = _shared()
    if shared is None:
        print("skipped: the folder shared/data with the gold and its sources is not beside this checkout")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch) / "gold.study"
        export = Path(scratch) / "export.jsonl"
        with Study.create(folder) as study:
            study.add([shared / "data" / "patents" / name for name in SOURCES])
        _keep_gold(folder, shared / "data" / "gold")
        with Study.open(folder) as study:
            read = study.read()
            print(f"{read.read} texts read by {read.read_by or 'cues alone'} in {read.seconds:.0f} s")
            study.export("jsonl", export, with_text=True)
        return max(_score(shared, "fields", shared / "data" / "gold" / gold, export) for gold in GOLD) or _score(
            shared, "exact", export
        )


def _keep_gold(study: Path, gold: Path) -> None:
    """Takes out what has no gold: it would be read, which takes minutes with a model, and not be scored."""
    ids = [json.loads(line)["id"] for name in GOLD for line in (gold / name).read_text("utf8").split("\n") if line]
    with library.open_to_write(study) as store:
        wanted = {patent.id for id_ in ids for patent in store.find(id_)}
        store.remove([patent.id for patent in store.patents() if patent.id not in wanted])


def _shared() -> Path | None:
    folders = (above / "shared" for above in Path(__file__).resolve().parents)
    return next((folder for folder in folders if (folder / "data" / "gold").is_dir()), None)


def _score(shared: Path, *arguments: str | Path) -> int:
    print(f"\n== {arguments[0]} {Path(arguments[1]).name}", flush=True)
    return subprocess.run([sys.executable, shared / "tools" / "score_reading.py", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
