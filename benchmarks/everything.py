"""Precision and coverage of ``ask --all``: gold questions put to every gold patent, before and after rarity.

    python benchmarks/everything.py --study all.study                       # needs shared/data beside the checkout
    python benchmarks/everything.py --study all.study --questions 40 --patents 10 --show

In: a study of the gold patents alone (made where it is not there), gold questions drawn with a fixed seed, among them
those without an answer.  Each is asked as ``dokhae ask STUDY … --all`` asks it and stored as a column, so that a run
stopped goes on; the threshold is the one shipped.  Out, as read and corrected for how rare answers are in this set
(study/rates.py), a row for the patents a question was written for and that answer it, for those it was written for and
that do not, and for all others: how many answer, how many of these are right (F1 of pairs of characters or words at
least 0.5), how many refuse; then precision = right / answered, coverage = right / answerable, and how many the
probabilities expect to be right.  An answer of another patent counts as wrong, though it may be a true one: nobody
wrote down which are, and the Korean patents share one trade; precision is a lower bound.  --show prints some for a
person to judge.  The set is small: the share that answers is held to where the calibration was fitted as if that
counted 20 texts, so the correction moves less here than in a study of thousands.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gold
from dokhae.library import folder
from dokhae.models import in_use
from dokhae.reading import calibration
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field
from dokhae.study import Study, rates
from dokhae.types import Answer, AnswerStatus
from gold import Asked

RIGHT_FROM = 0.5
N_SHOWN = 20
SEED = 5
Own = Mapping[str, tuple[str, ...]]  # accepted answers by the text a question was written for


@dataclass(frozen=True, slots=True)
class Said:
    """What one text said to one question.  accepted: None where the question was written for another text."""

    question: str
    text: str
    answer: Answer
    accepted: tuple[str, ...] | None

    @property
    def is_answered(self) -> bool:
        return self.answer.status is AnswerStatus.answered

    @property
    def quote(self) -> str:
        return self.answer.candidates[0].evidence.quote if self.answer.candidates else ""

    @property
    def is_right(self) -> bool:
        return bool(self.is_answered and self.accepted and gold.f1(self.quote, self.accepted) >= RIGHT_FROM)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--questions", type=int, help="only so many, drawn with a fixed seed")
    parser.add_argument("--patents", type=int, help="only so many of the gold patents, in a study made anew")
    parser.add_argument("--workers", type=int, default=0, help="processes that read, 0: none (two threads)")
    parser.add_argument("--show", action="store_true", help=f"print {N_SHOWN} answers that other patents gave")
    options = parser.parse_args()
    shared = gold.shared()
    if shared is None or in_use.reader(in_use.BUILT_IN) is None:
        print("skipped: shared/data with the gold is not beside this checkout, or no weights are installed")
        return 0
    gold.make(options.study, shared, n_patents=options.patents, gold_only=True)
    asked = drawn(list(gold.questions(options.study, shared, options.patents)), options.questions)
    columns = put(options.study, asked, options.workers)
    for name, found in said(options.study, asked, columns).items():
        print(f"\n{name}\n" + "\n".join(rows(found)), flush=True)
        others = [one for one in found if one.accepted is None and one.is_answered] if options.show else []
        for line in shown(random.Random(SEED).sample(others, min(N_SHOWN, len(others)))):
            print(line)
    return 0


def drawn(asked: Sequence[Asked], n: int | None) -> dict[str, Own]:
    """Some of the questions, each with the texts it was written for: two patents may be asked the same."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in asked:
        found.setdefault(" ".join(one.question.split()), {})[one.text.digest] = one.answers
    chosen = random.Random(SEED).sample(sorted(found), len(found) if n is None else min(n, len(found)))
    return {question: found[question] for question in chosen}


def put(study: Path, asked: Iterable[str], workers: int) -> dict[str, Field]:
    """Every question put to every patent; the column of each."""
    started_s, n_read = time.monotonic(), 0
    columns = {}
    with Study.open(study, workers=workers) as opened:
        for question in asked:
            done = opened.ask_all(question, limit=1)
            columns[question] = done.column
            n_read += done.read.read
    took_s = time.monotonic() - started_s
    print(f"{len(columns)} questions, {n_read} texts read in {took_s:.0f} s, {n_read / took_s:.1f} a second")
    return columns


def said(study: Path, asked: Mapping[str, Own], columns: Mapping[str, Field]) -> dict[str, list[Said]]:
    """What every text said to every question, as it was read and as it is shown."""
    found: dict[str, list[Said]] = {"as read": [], "corrected for rarity": []}
    with folder.open_to_read(study) as store:
        place = folder.StudyFolder(study).rates
        known = rates.in_force(place, store, columns.values(), calibration.shipped(MANY.name))
        for text in sorted({patent.text for patent in store.patents(representatives_only=True)}):
            read = store.answers(text)
            for answers, out in zip((read, rates.shown(read, known)), found.values(), strict=True):
                out += [
                    Said(question, text, answers[columns[question].id], own.get(text))
                    for question, own in asked.items()
                    if columns[question].id in answers
                ]
    return found


def rows(found: Sequence[Said]) -> list[str]:
    """The figures of one way of showing, in lines."""
    answered = [one for one in found if one.is_answered]
    right = sum(one.is_right for one in answered)
    answerable = sum(bool(one.accepted) for one in found)
    expected = sum(one.answer.score for one in answered)
    return [
        _row("own patents that answer", [one for one in found if one.accepted]),
        _row("own patents that do not", [one for one in found if one.accepted == ()]),
        _row("other patents", [one for one in found if one.accepted is None]),
        f"precision {_share(right, len(answered))} (other patents' answers counted as wrong: a lower bound),"
        f" coverage {_share(right, answerable)}, expected right {expected:.1f}",
    ]


def shown(some: Iterable[Said]) -> Iterator[str]:
    """Answers of other patents in words."""
    for one in some:
        quote = " ".join(one.quote.split())
        yield f"  {one.answer.score:.2f}  {one.question}  →  {quote}  ({one.text[:8]} {_place(one)})"


def _place(one: Said) -> str:
    return one.answer.candidates[0].evidence.place


def _row(name: str, found: Sequence[Said]) -> str:
    n, answered, right = len(found), sum(one.is_answered for one in found), sum(one.is_right for one in found)
    of_these = f", right of these {_share(right, answered)}" if any(one.accepted for one in found) else ""
    return f"{name:24s} answered {_share(answered, n)}{of_these}, refused {_share(n - answered, n)}"


def _share(n: int, of: int) -> str:
    return f"{n}/{of} = {n / of:.3f}" if of else f"{n}/{of}"


if __name__ == "__main__":
    sys.exit(main())
