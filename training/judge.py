"""How well a reader in training reads: figures of windows, as quick as training itself.

In: the logits of a batch and its targets.  Out: ``Judged`` rows and their means.  Windows are judged one by one and in
tokens; the figures that count, whole documents in characters, are those of ``training.figures``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

MAX_SPAN = 40  # tokens
FAR = -1e4  # a logit nothing comes near


@dataclass(frozen=True, slots=True)
class Judged:
    """has_answer: the window has one; said: the reader said so; f1, is_exact: of its best span, in tokens."""

    has_answer: bool
    said: bool
    f1: float
    is_exact: bool


def judged(targets: Tensor, logits: Tensor) -> list[Judged]:
    """One a row, for the question's head.  Both [batch, tokens, 2 * heads]."""
    start, end = logits[..., 0], logits[..., 1]
    n = start.shape[1]
    both = start[:, :, None] + end[:, None, :]  # [batch, first, last]
    fits = torch.ones(n, n, device=logits.device).triu().tril(MAX_SPAN).bool()
    fits[0] = False
    best, place = both.masked_fill(~fits, 2 * FAR).flatten(1).max(1)
    said = best > start[:, 0] + end[:, 0]
    has = targets[:, 1:, 0].sum(1) > 0
    found = []
    for row in range(len(place)):
        span = divmod(int(place[row]), n)
        right = spans_of(targets[row])
        f1 = max((overlap(span, one) for one in right), default=0.0)
        found.append(Judged(bool(has[row]), bool(said[row]), f1, span in right))
    return found


def spans_of(targets: Tensor) -> list[tuple[int, int]]:
    """The labelled spans of head 0, in order."""
    starts = targets[1:, 0].nonzero().flatten().tolist()
    ends = targets[1:, 1].nonzero().flatten().tolist()
    return [(first + 1, last + 1) for first, last in zip(starts, ends, strict=False)]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """F1 of two spans in tokens, ends included.

    >>> overlap((2, 3), (3, 4)), overlap((2, 3), (5, 6))
    (0.5, 0.0)
    """
    same = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(0.0, 2 * same / (one[1] - one[0] + other[1] - other[0] + 2))


def summary(found: Sequence[Judged]) -> dict[str, float]:
    """Means: exact, F1 and "there is one" where there is an answer, "not here" where there is none."""
    answered = [one for one in found if one.has_answer]
    silent = [one for one in found if not one.has_answer]
    return {
        "n": len(answered),
        "exact": _mean([one.is_exact for one in answered]),
        "f1": _mean([one.f1 for one in answered]),
        "found": _mean([one.said for one in answered]),
        "n_silent": len(silent),
        "refused": _mean([not one.said for one in silent]),
    }


def _mean(values: Sequence[Any]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
