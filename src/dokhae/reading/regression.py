"""Logistic regression drawn towards weights that are known already.

In: numbers of cases, whether each is right, how much each weighs.  Out: a bias and weights.  The fewer the cases, the
nearer to where it is drawn.  numpy lives here, loaded with this module; nothing in this room imports it but to learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, Any]

_STEPS, _SMALL_STEP, _LONGEST_STEP = 50, 1e-7, 2.0
_SUREST = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """rows: float [n, k].  right: 0 or 1 [n].  weights: [n].  groups: which cases belong together, ordinals [n]."""

    rows: Floats
    right: Floats
    weights: Floats
    groups: Floats

    @staticmethod
    def of(
        rows: Sequence[Sequence[float]], right: Sequence[float], weights: Sequence[float], groups: Sequence[int]
    ) -> Cases:
        return Cases(np.array(rows, dtype=float), np.array(right), np.array(weights), np.array(groups))

    def without(self, group: int) -> Cases:
        kept = self.groups != group
        return Cases(self.rows[kept], self.right[kept], self.weights[kept], self.groups[kept])


def fit(cases: Cases, towards: Sequence[float], pull: float, start: Sequence[float] | None = None) -> list[float]:
    """Bias, then weights, that explain the cases best, drawn towards given ones, by Newton's method.

    towards: [k + 1], bias first.  pull: what a step of one standard deviation's log-odds away from it costs.
    start: where to begin, ``towards`` if None.
    """
    if not len(cases.rows):
        return [float(one) for one in towards]
    middle, spread = cases.rows.mean(0), cases.rows.std(0) + 1e-9
    known, x = _scaled(towards, middle, spread), (cases.rows - middle) / spread
    x = np.concatenate([np.ones((len(x), 1)), x], axis=1)  # [n, k + 1]
    found = known if start is None else _scaled(start, middle, spread)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -_SUREST, _SUREST)))
        slope = x.T @ (cases.weights * (cases.right - p)) - pull * (found - known)
        curve = (x.T * (cases.weights * p * (1 - p))) @ x + pull * np.eye(x.shape[1])
        step = np.clip(np.linalg.solve(curve, slope), -_LONGEST_STEP, _LONGEST_STEP)
        found = found + step
        if np.abs(step).max() < _SMALL_STEP:
            break
    weights = found[1:] / spread
    return [float(found[0] - weights @ middle), *map(float, weights)]


def _scaled(plain: Sequence[float], middle: Floats, spread: Floats) -> Floats:
    """Bias and weights for rows measured in standard deviations from their middle."""
    bias, weights = plain[0], np.array(plain[1:], dtype=float)
    return np.concatenate([[bias + weights @ middle], weights * spread])
