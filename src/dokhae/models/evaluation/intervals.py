"""Intervals by bootstrap: how far a mean would move on another sample of the same kind.

In: a value for each case and the group (article, patent) it belongs to.  Out: mean, low, high.  Groups are drawn whole:
questions on one article stand and fall together.  The seed is fixed: the same values give the same interval.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dokhae.models.evaluation import Figure

_DRAWS = 1000
_SEED = 7


def mean(name: str, values: Sequence[float], groups: Sequence[int]) -> Figure:
    """The mean of ``values`` with its 95 % interval; cases are drawn one by one where all are of one group."""
    if not values:
        return Figure(name, float("nan"), 0)
    numbers = np.asarray(values, np.float64)
    _, members = np.unique(groups, return_inverse=True)
    if members.max() == 0:
        members = np.arange(len(numbers))
    sums, counts = np.bincount(members, numbers), np.bincount(members)
    rng = np.random.default_rng(_SEED)
    means = np.empty(_DRAWS)
    for n in range(_DRAWS):
        drawn = rng.integers(0, len(sums), len(sums))
        means[n] = sums[drawn].sum() / counts[drawn].sum()
    low, high = np.percentile(means, (2.5, 97.5))
    return Figure(name, float(numbers.mean()), len(numbers), float(low), float(high))
