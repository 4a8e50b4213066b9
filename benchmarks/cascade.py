"""Quality against cost of reading: how many passages of a patent are read for a question, and how long they are.

    python benchmarks/cascade.py --study gold.study          # needs shared/data beside the checkout
    python benchmarks/cascade.py --study gold.study --patents 10 --read many:5x100 one:12x256

In: the answerable gold questions on full texts (gold is for measuring only), a study that holds them (made where it is
not there).  Out: for every window of the patent, and for each reading (whose selection and calibration: passages x
tokens of each at most), F1 of the first answer (pairs of characters or words; no threshold), questions a second, and
the ratio to reading every window, in the same run.  Texts are cut beforehand, as a study keeps them; what cutting takes
is told apart.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import gold
from dokhae.models import in_use
from dokhae.reading import comprehension
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.cutting import Cut
from dokhae.reading.effort import MANY, ONE, Effort
from gold import Asked

READ = tuple(f"one:{n}x256" for n in (12, 8, 6, 4, 2)) + tuple(f"many:{n}x100" for n in (16, 12, 8, 6, 5, 4, 3, 2))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--patents", type=int, help="only so many of the gold patents")
    parser.add_argument("--read", type=effort_of, nargs="+", default=[effort_of(one) for one in READ])
    parser.add_argument("--threads", type=int, help="of the model; one a core unless said")
    options = parser.parse_args()
    shared = gold.shared()
    ways = {one.name: comprehension.in_force(in_use.BUILT_IN, one, options.threads) for one in (ONE, MANY)}
    if shared is None or (by := ways[ONE.name]) is None:
        print("skipped: shared/data with the gold is not beside this checkout, or no weights are installed")
        return 0
    gold.make(options.study, shared)
    asked = [one for one in gold.questions(options.study, shared, options.patents) if one.answers]
    print(f"{len(asked)} questions; F1, questions a second, ratio to every window")
    f1, whole_s = measured(asked, replace(by, effort=replace(ONE, n_read=None)), cuts(asked, by))
    print(f"every window      {f1:.3f}  {len(asked) / whole_s:6.2f}/s   1.0", flush=True)
    for effort in options.read:
        chosen = replace(ways[effort.name] or by, effort=effort)
        started_s = time.monotonic()
        cut = cuts(asked, chosen)
        cut_ms = (time.monotonic() - started_s) / len(cut) * 1000
        f1, took_s = measured(asked, chosen, cut)
        row = f"{f1:.3f}  {len(asked) / took_s:6.2f}/s  {whole_s / took_s:5.1f}   (cutting a text {cut_ms:.0f} ms)"
        print(f"{effort.name:5s}{effort.n_read:3d} x {effort.max_tokens:3d}    {row}", flush=True)
    return 0


def effort_of(said: str) -> Effort:
    """ "many:5x100" -> an effort."""
    match = re.fullmatch(r"(one|many):(\d+)x(\d+)", said)
    if match is None:
        raise argparse.ArgumentTypeError(f"{said!r} is not like many:5x100")
    return Effort(match[1], int(match[2]), int(match[3]))


def cuts(asked: Sequence[Asked], by: Comprehension) -> dict[str, Cut]:
    """Every text cut as ``by`` reads it, by digest."""
    texts = {one.text.digest: one.text for one in asked}
    return {digest: by.cut(text) for digest, text in texts.items()}


def measured(asked: Sequence[Asked], by: Comprehension, cut: Mapping[str, Cut]) -> tuple[float, float]:
    """Mean F1 of the first answers, and seconds."""
    scores = []
    started_s = time.monotonic()
    for one in asked:
        found = comprehension.candidates(one.text, one.question, by, cut[one.text.digest])
        quote = one.text.quote(found[0].span) if found else ""
        scores.append(gold.f1(quote, one.answers))
    return sum(scores) / len(scores), time.monotonic() - started_s


if __name__ == "__main__":
    sys.exit(main())
