"""How good a reader or an encoder is, on files anybody can have: SQuAD-style questions, pairs of texts.

In: a model and a file.  Out: ``Figure``s with their intervals.  Never chooses what to measure with, never trains.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.  low, high: its 95 % interval by bootstrap, None where it has none.  n: how many it stands on."""

    name: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
