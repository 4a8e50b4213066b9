"""Quality against cost of reading: how many passages of a patent are read for a question, and by how many layers.

    python benchmarks/cascade.py --study gold.study          # needs shared/data beside the checkout
    python benchmarks/cascade.py --study gold.study --patents 10 --keep 1 2 4

In: the answerable gold questions on full texts (gold is for measuring only), a study that holds them (made where it is
not there).  Out: for each number of passages, and for every window of the patent, read by all layers and by the first
ones: F1 of the first answer (pairs of characters or words; no threshold), questions a second, and the ratio to reading
every window with all layers, in the same run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gold
from dokhae.models import Reading, in_use
from dokhae.reading import comprehension
from dokhae.reading.comprehension import Comprehension
from gold import Asked

KEPT = (1, 2, 3, 4, 6, 8, 12)


class Glancing:
    """A reader that reads by its first layers alone."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.digest, self.max_tokens = reader.digest, reader.max_tokens
        self.count, self.room = reader.count, reader.room

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        found: list[Reading] = self._reader.glance(pairs)
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--patents", type=int, help="only so many of the gold patents")
    parser.add_argument("--keep", type=int, nargs="+", default=KEPT, help="numbers of passages")
    options = parser.parse_args()
    shared = gold.shared()
    by = comprehension.in_force(in_use.BUILT_IN)
    if shared is None or by is None:
        print("skipped: shared/data with the gold is not beside this checkout, or no weights are installed")
        return 0
    gold.make(options.study, shared)
    asked = [one for one in gold.questions(options.study, shared, options.patents) if one.answers]
    print(f"{len(asked)} questions; F1, questions a second, ratio to every window")
    deep = {"all layers": by, "first layers": replace(by, reader=Glancing(by.reader))}
    f1, whole_s = measured(asked, by, None)
    print(f"every window, all layers      {f1:.3f}  {len(asked) / whole_s:6.2f}/s   1.0", flush=True)
    for name, one in deep.items():
        for n in options.keep:
            f1, took_s = measured(asked, one, n)
            row = f"{f1:.3f}  {len(asked) / took_s:6.2f}/s  {whole_s / took_s:5.1f}"
            print(f"{n:3d} passages, {name:12s}     {row}", flush=True)
    return 0


def measured(asked: Iterable[Asked], by: Comprehension, n_read: int | None) -> tuple[float, float]:
    """Mean F1 of the first answers, and seconds."""
    chosen = replace(by, n_read=n_read)
    scores = []
    started_s = time.monotonic()
    for one in asked:
        found = comprehension.candidates(one.text, one.question, chosen)
        quote = one.text.quote(found[0].span) if found else ""
        scores.append(gold.f1(quote, one.answers))
    return sum(scores) / len(scores), time.monotonic() - started_s


if __name__ == "__main__":
    sys.exit(main())
