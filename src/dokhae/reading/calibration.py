"""Scores -> the probability that an answer is right.

In: what is known of a candidate when it is chosen (``Features``).  Out: a probability, with each feature's part in it.
Logistic regression (Platt 1999) on the output of the whole cascade, fitted by ``training.calibrate`` on patents used
for nothing else; its numbers stand in ``calibration_*.toml``.  The same probability ranks the candidates of a patent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dokhae.reading.effort import ONE
from dokhae.reading.judging import Judge, fitted


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of a candidate.

    margin: the reader's log-odds of the span against "not here".  lead: margin minus the best other passage's.
    alike, words: how near its passage is to the question (selecting.py); alike_best: the nearest passage of the patent.
    rank: of its passage, from 0.  crosses: 1 where question and passage are of two languages.  claims: 1 in a claim.
    length: log of the characters of the span.  number: 1 where a number is asked for and none is in the span.
    """

    margin: float
    lead: float
    alike: float
    alike_best: float
    words: float
    rank: float
    crosses: float
    claims: float
    length: float
    number: float


@dataclass(frozen=True, slots=True)
class Calibration(Judge):
    """How free questions are judged.  prior: the share of right answers among those it was fitted on.

    >>> calibration = Calibration(0.0, {"margin": 1.0}, 0.5, 0.4)
    >>> calibration.probability(Features(0.0, 5.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    0.5
    """

    prior: float = 0.5
    digest: str = ""


@cache
def shipped(effort: str = ONE.name) -> Calibration:
    """The calibration that belongs to the built-in reader and an effort."""
    table, digest = fitted(f"calibration_{effort}.toml")
    return Calibration(
        table["bias"], table["weights"], table["threshold"], table["withheld_from"], table["prior"], digest
    )
