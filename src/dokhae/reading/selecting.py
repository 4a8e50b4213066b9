"""The few passages of one patent worth reading for one question.

In: a ``Text``, a question, static vectors where there are any.  Out: ``Chosen`` passages, best first.  What a passage
is worth is learned (``selection.toml``, fitted by ``training.selector``): how near it is to the question in meaning, as
a whole, in its best sentence and in its neighbours (static vectors, across languages too), which share of the
question's rare words it holds, and in which kind of section it stands.  Cheap: no network runs.  Its recall is
measured (docs/models.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from dokhae.reading.ask import terms
from dokhae.reading.judging import fitted
from dokhae.reading.passages import DEFAULT_MAX_TOKENS, split
from dokhae.reading.sentences import sentences
from dokhae.reading.view import UNASKED_KINDS
from dokhae.reading.words import spaceless
from dokhae.types import Passage, Span, Text

N_READ = 12
N_READ_OF_MANY = 6  # of each, where many patents are asked
MEANING = ("whole", "sentence", "around")
_FILE = "selection.toml"
_LEAST_SPREAD = 1e-6
_HANGUL = re.compile("[가-힣]")
Likeness = list[tuple[float, float]]


class Vectors(Protocol):
    """What tells, fast and without a network, how well texts match a question: static vectors."""

    digest: str

    def match_in_parts(self, question: str, texts: Sequence[Sequence[str]]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Selection:
    """What each sign of a passage is worth; across: added where question and passage are of two languages."""

    weights: Mapping[str, float]
    across: Mapping[str, float]
    kinds: Mapping[str, float]
    digest: str = ""

    def parts(self, signs: Mapping[str, float], kind: str, *, crosses: bool) -> dict[str, float]:
        """Each sign's part of what a passage is worth, that of its section under ``kind``."""
        weights = {name: self.weights[name] + (self.across.get(name, 0.0) if crosses else 0.0) for name in signs}
        return {name: weights[name] * value for name, value in signs.items()} | {"kind": self.kinds.get(kind, 0.0)}


@cache
def shipped() -> Selection:
    """What was learned from questions on patents (training.selector)."""
    table, digest = fitted(_FILE)
    return Selection(table["weights"], table["across"], table["kinds"], digest)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage with how alike it is to the question: in meaning (0.0 without vectors) and in words (0..1).

    worth: by what was learned; parts: what it is the sum of, by sign.
    """

    passage: Passage
    alike: float
    words: float
    worth: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()
    rank: int = 0


def passages(text: Text, *, max_tokens: int, count: Callable[[str], int]) -> list[Passage]:
    """Every passage of ``text`` that can answer a question, at most ``max_tokens`` each."""
    limit = min(max_tokens, DEFAULT_MAX_TOKENS)
    return [one for one in split(text, max_tokens=limit, count=count) if one.section.kind not in UNASKED_KINDS]


def choose(question: str, among: Sequence[Passage], vectors: Vectors | None, *, n: int | None = N_READ) -> list[Chosen]:
    """The ``n`` passages worth most, best first; None: all of them, in that order."""
    selection, alike = shipped(), likeness(question, among, vectors)
    found = [
        _chosen(
            passage,
            whole,
            own["words"],
            selection.parts(own, kind_of(passage), crosses=crosses(question, passage)),
        )
        for passage, (whole, _), own in zip(among, alike, signs(question, among, alike), strict=True)
    ]
    ranked = sorted(found, key=lambda one: (-one.worth, one.passage.span.start))[:n]
    return [replace(one, rank=rank) for rank, one in enumerate(ranked)]


def likeness(question: str, among: Sequence[Passage], vectors: Vectors | None) -> Likeness:
    """For each passage how it matches the question in meaning, as a whole and in its best sentence."""
    if vectors is None or not among:
        return [(0.0, 0.0)] * len(among)
    parts = [[passage.text[one.start : one.end] for one in _sentences(passage)] for passage in among]
    return [(float(whole), float(best)) for whole, best in vectors.match_in_parts(question, parts)]


def signs(question: str, among: Sequence[Passage], alike: Likeness) -> list[dict[str, float]]:
    """What is known of each passage, beside the others of its patent: meaning in deviations from their mean."""
    whole, best = ([one[at] for one in alike] for at in (0, 1))
    padded = [0.0, *whole, 0.0] if whole else []
    around = [(left + right) / 2 for left, right in zip(padded, padded[2:], strict=False)]
    columns = [_standard(values) for values in (whole, best, around)]
    rows = zip(*columns, _words(question, among), strict=True)
    return [dict(zip((*MEANING, "words"), row, strict=True)) for row in rows]


def kind_of(passage: Passage) -> str:
    return passage.section.kind.value


def crosses(question: str, passage: Passage) -> bool:
    """Whether question and passage are of two languages, as far as Korean and not Korean go."""
    return is_korean(question) != is_korean(passage.text)


def is_korean(text: str) -> bool:
    """Whether a quarter or more of the letters are Hangul.

    >>> is_korean("OIS 카메라의 구동부"), is_korean("the 렌즈 driving unit")
    (True, False)
    """
    return len(_HANGUL.findall(text)) * 4 > len(text.replace(" ", ""))


def _chosen(passage: Passage, alike: float, words: float, parts: Mapping[str, float]) -> Chosen:
    told = tuple(sorted(parts.items(), key=lambda part: -abs(part[1])))
    return Chosen(passage, alike, words, sum(parts.values()), told)


def _sentences(passage: Passage) -> list[Span]:
    whole = Span(0, len(passage.text))
    return list(sentences(passage.text, whole)) or [whole]


def _standard(values: Sequence[float]) -> list[float]:
    """Mean 0, deviation 1; noughts where all are alike."""
    if not values:
        return []
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / (spread + _LEAST_SPREAD) if spread > _LEAST_SPREAD else 0.0 for value in values]


def _words(question: str, among: Sequence[Passage]) -> list[float]:
    """The share of the question's words each passage holds, weighed by how rare they are in this patent."""
    asked = terms(question)
    held = [[term for term in asked if term in one] for one in (spaceless(passage.text) for passage in among)]
    rarity = {term: math.log(1 + len(among) / (1 + sum(term in one for one in held))) for term in asked}
    total = sum(rarity.values()) or 1.0
    return [sum(rarity[term] for term in one) / total for one in held]
