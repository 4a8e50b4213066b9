"""The best stretches: as a slow, obvious search finds them."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.models.batches import plan
from dokhae.models.reader import trimmed
from dokhae.models.spans import Stretch, probability, stretches
from dokhae.types import Span

SCORES = st.integers(-9, 9).map(float)


def slow(start: list[float], end: list[float], max_tokens: int) -> list[Stretch]:
    """All pairs, best first, kept where they meet none kept before."""
    n = len(start)
    every = [Stretch(i, j, start[i] + end[j]) for i in range(n) for j in range(i, min(n, i + max_tokens))]
    kept: list[Stretch] = []
    for one in sorted(every, key=lambda s: (-s.score, s.first, s.last)):
        if all(one.last < other.first or other.last < one.first for other in kept):
            kept.append(one)
    return kept


@given(st.lists(st.tuples(SCORES, SCORES), max_size=12), st.integers(1, 14))
def test_stretches_are_those_of_a_slow_search(scores: list[tuple[float, float]], max_tokens: int) -> None:
    start, end = [a for a, _ in scores], [b for _, b in scores]
    found = list(stretches(np.array(start, np.float32), np.array(end, np.float32), max_tokens=max_tokens))
    assert found == slow(start, end, max_tokens)


def test_only_what_is_drawn_is_searched() -> None:
    scores = np.random.default_rng(1).standard_normal((2, 4096)).astype(np.float32)
    best = list(islice(stretches(scores[0], scores[1], max_tokens=64), 3))
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
    assert all(one.first <= one.last < one.first + 64 for one in best)


@pytest.mark.parametrize(("score", "null", "expected"), [(2.0, 2.0, 0.5), (800.0, -800.0, 1.0), (-800.0, 800.0, 0.0)])
def test_probability_never_overflows(score: float, null: float, expected: float) -> None:
    assert probability(score, null) == expected


@pytest.mark.parametrize(
    ("text", "span", "quote"),
    [
        (" lens ", Span(0, 6), "lens"),
        ("cafe\u0301 bar", Span(0, 4), "cafe\u0301"),
        ("\u3000렌즈\u3000", Span(0, 4), "렌즈"),
        ("👨‍👩‍👧 in a lens", Span(2, 8), "👨‍👩‍👧 in"),
        (" \n ", Span(0, 3), ""),
    ],
)
def test_a_quote_has_no_outer_blanks_and_whole_characters(text: str, span: Span, quote: str) -> None:
    found = trimmed(text, span)
    assert text[found.start : found.end] == quote


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 200))
def test_batches_hold_everything_once_and_stay_within_their_size(lengths: list[int], max_tokens: int) -> None:
    batches = list(plan(lengths, max_tokens=max_tokens))
    assert sorted(n for batch in batches for n in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[n] for n in batch) <= max_tokens for batch in batches)


def test_with_room_for_one_token_everything_runs_alone() -> None:
    assert list(plan([3, 3, 5], max_tokens=1)) == [[2], [0], [1]]
