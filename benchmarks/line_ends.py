"""Scores the line ends of Korean gazette PDFs against decisions made by hand: a space there, or none.

In: benchmarks/data/line_ends.jsonl and the gazettes of the shared data.  Out: the share that is right, and every error.
One entry: {"file": first 16 digits of the PDF's sha256, "page", "bottom": of the line's box in whole points, "space":
true | false | null (both are usual Korean: not counted)}.  The entries were drawn at random
(seed 20261124) from all line ends inside paragraphs of 37 gazettes that do not end in , ; : or . and decided by reading
the words, before the program's answer was looked at.  No text is kept.

    python benchmarks/line_ends.py
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from dokhae.parse.pdf import GazettePdf
from dokhae.types import Document, Source, Text

HERE = Path(__file__).resolve()
DECISIONS = HERE.parent / "data" / "line_ends.jsonl"
CONTEXT_CHARS = 14


def main() -> int:
    folder = next((path for above in HERE.parents if (path := above / "shared/data/patents/kr_pdf").is_dir()), None)
    if folder is None:
        print("skipped: the shared data with the gazettes is not beside this checkout")
        return 0
    decided = [json.loads(line) for line in DECISIONS.read_text("utf8").splitlines()]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for path in sorted(folder.glob("*.pdf")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        wanted = {
            (d["page"], d["bottom"]): d["space"] for d in decided if d["file"] == digest and d["space"] is not None
        }
        for place, is_space, shown in line_ends(path) if wanted else ():
            if place not in wanted:
                continue
            group = "gold gazettes" if path.name.startswith("KR-10-") else "others"
            total[group] += 1
            right[group] += is_space == wanted[place]
            if is_space != wanted[place]:
                print(f"wrong: {path.name} p. {place[0]} at {place[1]} pt: {shown}")
    for group in total:
        print(f"{group}: {right[group]} of {total[group]} right ({right[group] / total[group]:.1%})")
    print(f"all: {right.total()} of {total.total()} right ({right.total() / total.total():.1%})")
    return 0


def line_ends(path: Path) -> Iterator[tuple[tuple[int, int], bool, str]]:
    """(page, bottom), whether the parser put a space at the line's end, and the words around it."""
    with path.open("rb") as stream:
        for document in GazettePdf().read(stream, Source(str(path))):
            if isinstance(document, Document):
                yield from _of(document.texts[0])


def _of(text: Text) -> Iterator[tuple[tuple[int, int], bool, str]]:
    for before, after in pairwise(text.layout):
        between = text.text[before.span.end : after.span.start]
        left, right = text.quote(before.span)[-CONTEXT_CHARS:], text.quote(after.span)[:CONTEXT_CHARS]
        yield (before.page, round(before.bottom)), between == " ", f"{left}|{right}"


if __name__ == "__main__":
    sys.exit(main())
