"""What all readers share once they have candidates: a probability, which of them stand, and what is said.

In: features of a candidate, candidates with scores.  Out: probabilities with each feature's part, candidates that do
not overlap, a status.  Never looks at a text.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any, Protocol, TypeVar

from dokhae.models import Scored
from dokhae.types import AnswerStatus, Candidate, Span

_SUREST = 30.0
_S = TypeVar("_S", bound="Spanned")


@dataclass(frozen=True, slots=True)
class Limits:
    """answered_from: the score from which an answer is given; withheld_from: from which something came close."""

    answered_from: float
    withheld_from: float

    def status(self, found: Sequence[Scored | Candidate]) -> AnswerStatus:
        """What the best of ``found``, best first, allows to say.

        >>> Limits(0.5, 0.4).status([]).value
        'not_stated'
        """
        best = found[0].score if found else 0.0
        if best >= self.answered_from:
            return AnswerStatus.answered
        return AnswerStatus.withheld if best >= self.withheld_from else AnswerStatus.not_stated


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression (Platt 1999) over a frozen record of numbers, its weights by the names of its features."""

    bias: float
    weights: Mapping[str, float]
    threshold: float
    withheld_from: float

    @property
    def limits(self) -> Limits:
        return Limits(self.threshold, self.withheld_from)

    def parts(self, features: Any) -> dict[str, float]:
        """Each feature's part of the log-odds.  features: a dataclass of floats."""
        return {part.name: self.weights.get(part.name, 0.0) * getattr(features, part.name) for part in fields(features)}

    def probability(self, features: Any) -> float:
        """That a candidate is right."""
        odds = self.bias + sum(self.parts(features).values())
        return 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, odds))))


def fitted(name: str) -> tuple[dict[str, Any], str]:
    """The numbers of a file of this room that the training fitted, and the digest under which answers are kept."""
    content = files(__package__).joinpath(name).read_bytes()
    return tomllib.loads(content.decode("utf8")), hashlib.sha256(content).hexdigest()[:12]


class Spanned(Protocol):
    """Whatever stands at a span of a text."""

    @property
    def span(self) -> Span: ...


def apart(ranked: Iterable[_S], limit: int) -> list[_S]:
    """The first ``limit`` that overlap none kept before them."""
    kept: list[_S] = []
    for one in ranked:
        if not any(one.span.overlaps(other.span) for other in kept):
            kept.append(one)
        if len(kept) == limit:
            break
    return kept
