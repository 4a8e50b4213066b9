"""The few passages of one patent worth reading for one question.

In: a ``Text``, a question, static vectors where there are any.  Out: ``Chosen`` passages, best first.  A passage is
worth what the static vectors say (token by token, across languages too) and the share of the question's rare words it
holds.  Cheap: no network runs.  Its recall is measured (docs/models.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dokhae.reading.ask import terms
from dokhae.reading.passages import DEFAULT_MAX_TOKENS, split
from dokhae.reading.view import UNREAD_KINDS
from dokhae.reading.words import spaceless
from dokhae.types import Passage, SectionKind, Text

N_READ = 12
_UNREAD = UNREAD_KINDS - {SectionKind.table} | {SectionKind.title}
_WEIGHT_OF_WORDS = 0.35


class Vectors(Protocol):
    """What tells, fast and without a network, how well texts match a question: static vectors."""

    digest: str

    def match(self, question: str, texts: Sequence[str]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage with how alike it is to the question: in meaning (0.0 without vectors) and in words (0..1)."""

    passage: Passage
    alike: float
    words: float
    rank: int = 0

    @property
    def worth(self) -> float:
        return self.alike + _WEIGHT_OF_WORDS * self.words


def passages(text: Text, *, max_tokens: int, count: Callable[[str], int]) -> list[Passage]:
    """Every passage of ``text`` that can answer a question, at most ``max_tokens`` each."""
    limit = min(max_tokens, DEFAULT_MAX_TOKENS)
    return [one for one in split(text, max_tokens=limit, count=count) if one.section.kind not in _UNREAD]


def choose(question: str, among: Sequence[Passage], vectors: Vectors | None, *, n: int | None = N_READ) -> list[Chosen]:
    """The ``n`` passages worth most, best first; None: all of them, in that order."""
    alike = _alike(question, among, vectors)
    words = _words(question, among)
    ranked = sorted(map(Chosen, among, alike, words), key=lambda one: (-one.worth, one.passage.span.start))
    return [Chosen(one.passage, one.alike, one.words, rank) for rank, one in enumerate(ranked[:n])]


def _alike(question: str, among: Sequence[Passage], vectors: Vectors | None) -> list[float]:
    if vectors is None or not among:
        return [0.0] * len(among)
    found: list[float] = vectors.match(question, [one.text for one in among]).tolist()
    return found


def _words(question: str, among: Sequence[Passage]) -> list[float]:
    """The share of the question's words each passage holds, weighed by how rare they are in this patent."""
    asked = terms(question)
    held = [[term for term in asked if term in one] for one in (spaceless(passage.text) for passage in among)]
    rarity = {term: math.log(1 + len(among) / (1 + sum(term in one for one in held))) for term in asked}
    total = sum(rarity.values()) or 1.0
    return [sum(rarity[term] for term in one) / total for one in held]
