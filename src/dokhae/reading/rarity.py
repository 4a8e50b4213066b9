"""Probabilities of one question put to a whole set: what a patent's place among the others and the rarity of answers
change.

In: the calibrated probability of each text, how near it is to the question.  Out: the share of the set that answers,
and probabilities that fit the set.  A question about one mechanism meets thousands of patents that do not have it: what
was a fair chance for a patent somebody chose is too much for one of all.  Sources: adjusted counts (Forman 2008,
"Quantifying counts and costs via classification"), the lowest of several, since a question that misleads the reader
misleads it often; the shift of a prior (Saerens, Latinne & Decaestecker 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dokhae.reading.judging import Limits, fitted

REASON = "rarity"  # in ``made_by`` of what is shown so
HELD = 20  # texts the prior counts as: of a dozen texts the estimate is often none at all
_LEAST, _MOST = 0.01, 0.98  # nothing can be told of shares beyond


@dataclass(frozen=True, slots=True)
class Among:
    """What is known of probabilities in whole sets (``among.toml``, fitted by ``training.among``).

    beside: what a unit of likeness more than the mean of the set adds to the log-odds; bias: to all.  Of texts so moved
    the share of ``right`` and of ``wrong`` ones reaches the probabilities ``at``.  answered_from: the probability from
    which an answer of a whole set is given: best for precision and coverage together.
    """

    beside: float
    bias: float
    at: tuple[float, ...]
    right: tuple[float, ...]
    wrong: tuple[float, ...]
    answered_from: float = 0.0
    digest: str = ""


@cache
def shipped() -> Among:
    """What belongs to the built-in reader and its calibration for many patents."""
    table, digest = fitted("among.toml")
    at, right, wrong = (tuple(table[name]) for name in ("at", "right", "wrong"))
    return Among(table["beside"], table["bias"], at, right, wrong, table["answered_from"], digest)


def share(probabilities: Sequence[float], among: Among) -> float:
    """The share of texts that answer, as cautiously as the counts allow.

    >>> among = Among(0.0, 0.0, (0.5,), (0.8,), (0.05,))
    >>> round(share([0.9, 0.9, 0.1, 0.1], among), 3), share([0.1, 0.1], among)
    (0.6, 0.01)
    """
    n = len(probabilities)
    found = [
        (sum(one >= at for one in probabilities) / n - wrong) / (right - wrong)
        for at, right, wrong in zip(among.at, among.right, among.wrong, strict=True)
        if n
    ]
    return min(max(min(found, default=_LEAST), _LEAST), _MOST)


def limits(of_one: Limits, among: Among) -> Limits:
    """From which probability a whole set gives and withholds answers, where ``of_one`` holds for a text by itself.

    >>> limits(Limits(0.1, 0.05), Among(0.0, 0.0, (), (), (), answered_from=0.35))
    Limits(answered_from=0.35, withheld_from=0.1)
    """
    if among.answered_from <= of_one.answered_from:
        return of_one
    return Limits(among.answered_from, of_one.answered_from)


def held(share: float, n: int, prior: float) -> float:
    """The share estimated among ``n`` texts held to the prior, as if that had been seen in HELD more.

    >>> held(0.0, 20, 0.5)
    0.25
    """
    return (share * n + prior * HELD) / (n + HELD)


def shifted(probability: float, prior: float, share: float) -> float:
    """A probability calibrated under ``prior`` as it is under ``share``.

    >>> shifted(0.5, 0.5, 0.1)
    0.1
    """
    right = probability * share / prior
    wrong = (1 - probability) * (1 - share) / (1 - prior)
    return right / (right + wrong) if right + wrong else probability
