"""Start and end scores of tokens -> the best stretches that do not overlap.

In: two vectors, one score a token each.  Out: stretches of tokens, best first, exact: no beam, no sampling.  Never
sees text.  Source: Devlin et al. 2018, sec. 4.2 (a span's score is start + end, the null stands on the first token);
scores by sigmoid, so that windows compare, as in Haystack's ExtractiveReader.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats1d = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens ``first`` to ``last``, both included, and start[first] + end[last]."""

    first: int
    last: int
    score: float


def stretches(start: Floats1d, end: Floats1d, *, max_tokens: int) -> Iterator[Stretch]:
    """Stretches of at most ``max_tokens`` tokens, best first, none overlapping another; ties go to the earlier one.

    start, end: float32 [n_tokens].  Drawn one by one: each next one costs a pass over the tokens still free.

    >>> list(stretches(np.array([0, 9, 0], "f4"), np.array([0, 0, 9], "f4"), max_tokens=2))
    [Stretch(first=1, last=2, score=18.0), Stretch(first=0, last=0, score=0.0)]
    """
    free = [_entry(start, end, 0, len(start), max_tokens)] if len(start) else []
    while free:
        _, first, last, low, high = heapq.heappop(free)
        yield Stretch(first, last, float(start[first]) + float(end[last]))
        for a, b in ((low, first), (last + 1, high)):
            if a < b:
                heapq.heappush(free, _entry(start, end, a, b, max_tokens))


def probability(score: float, null: float) -> float:
    """How sure the model is of a stretch rather than of nothing: the sigmoid of the difference.

    >>> probability(3.0, 3.0)
    0.5
    """
    margin = score - null
    return 1 / (1 + math.exp(-margin)) if margin >= 0 else math.exp(margin) / (1 + math.exp(margin))


_Entry = tuple[float, int, int, int, int]  # -score, first, last, and the free tokens low:high it was found in


def _entry(start: Floats1d, end: Floats1d, low: int, high: int, max_tokens: int) -> _Entry:
    """The best stretch within ``low:high``."""
    best_end = _sliding_maximum(end[low:high], max_tokens)
    scores = start[low:high].astype(np.float64) + best_end  # [high - low]
    first = low + int(scores.argmax())
    last = first + int(end[first : min(first + max_tokens, high)].argmax())
    return (-float(scores[first - low]), first, last, low, high)


def _sliding_maximum(values: Floats1d, width: int) -> Floats1d:
    """For each place the largest of the next ``width`` values, by doubling: log2(width) passes."""
    held, covered = values.copy(), 1
    width = min(width, len(values))
    while covered < width:
        step = min(covered, width - covered)
        np.maximum(held[:-step], held[step:].copy(), out=held[:-step])
        covered += step
    return held
