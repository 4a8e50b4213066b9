"""Whether the words said to carry an answer do: what it loses without the heaviest three, and without three at random.

    python benchmarks/explaining.py --study gold.study          # needs shared/data beside the checkout
    python benchmarks/explaining.py --study gold.study --questions 10

In: answerable gold questions on full texts, drawn evenly over the patents (gold is for measuring only), a study that
holds them (made where it is not there), the shipped reader.  Out: the mean fall of the log-odds of the first answer
without the three heaviest words, and without three drawn from the others that were tried, ten times; the share of
questions where the heaviest hurt more; seconds an explanation takes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gold
from dokhae.models import in_use
from dokhae.reading import comprehension
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.occlusion import Answered, left_out, odds
from dokhae.reading.reply import Ways
from dokhae.reading.why import why
from dokhae.types import Span
from gold import Asked

N_LEFT_OUT = 3
N_DRAWS = 10


@dataclass(frozen=True, slots=True)
class Falls:
    """What the log-odds of one answer lose.  at_random: mean of the draws."""

    heaviest: float
    at_random: float
    sum_of_single: float
    took_s: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--study", type=Path, required=True, help="kept, and used again where it is there")
    parser.add_argument("--questions", type=int, default=30)
    options = parser.parse_args()
    shared = gold.shared()
    by = comprehension.in_force(in_use.BUILT_IN)
    if shared is None or by is None:
        print("skipped: shared/data with the gold is not beside this checkout, or no weights are installed")
        return 0
    gold.make(options.study, shared)
    asked = [one for one in gold.questions(options.study, shared) if one.answers]
    step = max(1, len(asked) // options.questions)
    found = [falls for one in asked[::step][: options.questions] for falls in measured(one, by)]
    print_falls(found)
    return 0


def measured(asked: Asked, by: Comprehension) -> Iterator[Falls]:
    """What the first answer loses; nothing where there is no candidate with words around it."""
    started_s = time.monotonic()
    found = why(asked.text, asked.question, Ways((), by))
    took_s = time.monotonic() - started_s
    if found.around is None or len(found.words) < 2 * N_LEFT_OUT:
        return
    first, around = found.answer.candidates[0].evidence.span, found.around
    of = Answered(asked.question, around.quote, Span(first.start - around.span.start, first.end - around.span.start))
    draw = random.Random(asked.question)
    drawn = [draw.sample(found.words[N_LEFT_OUT:], N_LEFT_OUT) for _ in range(N_DRAWS)]
    heaviest = found.words[:N_LEFT_OUT]
    whole, without_heaviest, *without_drawn = odds(by.reader, [of, *(left_out(of, one) for one in (heaviest, *drawn))])
    single = sum(one.fall for one in heaviest)
    yield Falls(whole - without_heaviest, whole - statistics.mean(without_drawn), single, took_s)


def print_falls(found: list[Falls]) -> None:
    heaviest, at_random = [one.heaviest for one in found], [one.at_random for one in found]
    hurt_more = sum(one.heaviest > one.at_random for one in found)
    spread = statistics.stdev([one.heaviest - one.at_random for one in found]) / len(found) ** 0.5
    print(f"{len(found)} questions, fall of the log-odds of the first answer, {N_LEFT_OUT} words left out:")
    print(f"the heaviest {statistics.mean(heaviest):.2f} (median {statistics.median(heaviest):.2f})")
    print(f"at random    {statistics.mean(at_random):.2f} (median {statistics.median(at_random):.2f})")
    print(f"difference   {statistics.mean(heaviest) - statistics.mean(at_random):.2f} ±{1.96 * spread:.2f}")
    print(f"the heaviest hurt more in {hurt_more} of {len(found)}")
    print(f"their single falls sum to {statistics.mean([one.sum_of_single for one in found]):.2f}")
    times = sorted(one.took_s for one in found)
    print(f"seconds an explanation: median {statistics.median(times):.1f}, most {times[-1]:.1f}")


if __name__ == "__main__":
    sys.exit(main())
