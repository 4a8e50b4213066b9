"""The questions kept out of training, as files in SQuAD's format that ``dokhae models evaluate reader`` measures.

python -m training.held_out --data DATA --out FOLDER
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path

from training import mrc
from training.build_reader import KORQUAD_HELD_OUT

FILES = {"squad1.1_train": mrc.HELD_OUT, "korquad1.0_half": KORQUAD_HELD_OUT}


def main() -> None:
    """Writes one file a set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, share in FILES.items():
        with gzip.open(options.data / "mrc" / f"{name}.json.gz", "rt", encoding="utf8") as file:
            articles = json.load(file)["data"]
        kept = [article for article in articles if mrc.is_held_out(mrc.title_of(article), share)]
        (options.out / f"{name}.json").write_text(json.dumps({"data": kept}, ensure_ascii=False), encoding="utf8")


if __name__ == "__main__":
    main()
