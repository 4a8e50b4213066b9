"""Probabilities of one question put to a whole set, corrected for how rare its answer is there.

In: the calibrated probability of each text, and the share of right answers where the calibration was fitted.  Out: the
probabilities that fit this set, and the share of it that answers.  A question about one mechanism meets thousands of
patents that do not have it: what was a fair chance for a patent somebody chose is too much for one of all.  Source:
expectation maximisation over the prior (Saerens, Latinne & Decaestecker 2002).
"""

from __future__ import annotations

from collections.abc import Sequence

_MOST_STEPS = 200
_SETTLED = 1e-6
_LEAST = 1e-4  # a share of nothing could never grow again


def corrected(probabilities: Sequence[float], prior: float) -> tuple[list[float], float]:
    """The probabilities under the share of answers that explains them best, and that share.

    prior: between 0 and 1, the share where they were calibrated.  The order of the probabilities never changes.

    >>> [round(one, 3) for one in corrected([0.9, 0.3, 0.05, 0.05, 0.05], 0.3)[0]]
    [0.874, 0.248, 0.039, 0.039, 0.039]
    """
    share, found = prior, list(probabilities)
    for _ in range(_MOST_STEPS if found else 0):
        found = [shifted(one, prior, share) for one in probabilities]
        before, share = share, min(max(sum(found) / len(found), _LEAST), 1 - _LEAST)
        if abs(share - before) < _SETTLED:
            break
    return found, share


def shifted(probability: float, prior: float, share: float) -> float:
    """A probability calibrated under ``prior`` as it is under ``share``.

    >>> shifted(0.5, 0.5, 0.1)
    0.1
    """
    right = probability * share / prior
    wrong = (1 - probability) * (1 - share) / (1 - prior)
    return right / (right + wrong) if right + wrong else probability
