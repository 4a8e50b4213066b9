"""The few passages of one patent worth reading for one question.

In: a ``Cut``, a question, static vectors where there are any.  Out: ``Chosen`` passages, best first.  What a passage
is worth is learned for each effort (``selection_*.toml``, fitted by ``training.selector``): how near it is to the
question in meaning, as a whole, in its best sentence, with what stands around it and in its neighbours (static vectors,
across languages too), which share of the question's rare words it holds, and in which kind of section it stands.
Cheap: no network runs.  Its recall is measured (docs/models.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from dokhae.reading.ask import terms
from dokhae.reading.cutting import Cut, Vectors
from dokhae.reading.effort import ONE, Effort
from dokhae.reading.judging import fitted
from dokhae.reading.words import is_korean, spaceless
from dokhae.types import Passage

MEANING = ("whole", "sentence", "near", "wide", "around")
_REACH = (2, 5)  # sentences before and after a passage that are "near", and that are "wide"
_LEAST_SPREAD = 1e-6
Likeness = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What each sign of a passage is worth; across: added where question and passage are of two languages."""

    weights: Mapping[str, float]
    across: Mapping[str, float]
    kinds: Mapping[str, float]
    digest: str = ""

    def parts(self, signs: Mapping[str, float], kind: str, *, crosses: bool) -> dict[str, float]:
        """Each sign's part of what a passage is worth, that of its section under ``kind``."""
        weights = {
            name: weight + (self.across.get(name, 0.0) if crosses else 0.0) for name, weight in self.weights.items()
        }
        return {name: weight * signs[name] for name, weight in weights.items()} | {"kind": self.kinds.get(kind, 0.0)}


@cache
def shipped(effort: str = ONE.name) -> Selection:
    """What was learned for an effort from questions on patents (training.selector)."""
    table, digest = fitted(f"selection_{effort}.toml")
    return Selection(table["weights"], table["across"], table["kinds"], digest)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A passage with how alike it is to the question: in meaning (0.0 without vectors) and in words (0..1).

    worth: by what was learned; parts: what it is the sum of, by sign.  crosses: whether question and passage are of
    two languages, as far as Korean and not Korean go.
    """

    passage: Passage
    alike: float
    words: float
    worth: float = 0.0
    parts: tuple[tuple[str, float], ...] = ()
    rank: int = 0
    crosses: bool = False


def choose(question: str, among: Cut, vectors: Vectors | None, effort: Effort = ONE) -> list[Chosen]:
    """The passages worth most, best first, as many as ``effort`` reads."""
    selection, alike = shipped(effort.name), likeness(question, among, vectors)
    is_in_korean = is_korean(question)
    rows = zip(among.passages, among.are_korean, alike, signs(question, among, alike), strict=True)
    found = [
        _chosen(
            Chosen(passage, whole, own["words"], crosses=is_in_korean != other),
            selection.parts(own, kind_of(passage), crosses=is_in_korean != other),
        )
        for passage, other, (whole, *_), own in rows
    ]
    ranked = sorted(found, key=lambda one: (-one.worth, one.passage.span.start))[: effort.n_read]
    return [replace(one, rank=rank) for rank, one in enumerate(ranked)]


def likeness(question: str, among: Cut, vectors: Vectors | None) -> Likeness:
    """For each passage how it matches the question in meaning: as MEANING has it, but for the last."""
    if vectors is None or not among.passages:
        return [(0.0,) * (len(MEANING) - 1)] * len(among.passages)
    found: Likeness = vectors.match_in_parts(question, among.pieces, _REACH).tolist()
    return found


def signs(question: str, among: Cut, alike: Likeness) -> list[dict[str, float]]:
    """What is known of each passage, beside the others of its patent: meaning in deviations from their mean."""
    own = [[one[at] for one in alike] for at in range(len(MEANING) - 1)]
    padded = [0.0, *own[0], 0.0] if alike else []
    around = [(left + right) / 2 for left, right in zip(padded, padded[2:], strict=False)]
    columns = [_standard(values) for values in (*own, around)]
    rows = zip(*columns, _words(question, among.passages), strict=True)
    return [dict(zip((*MEANING, "words"), row, strict=True)) for row in rows]


def kind_of(passage: Passage) -> str:
    return passage.section.kind.value


def _chosen(one: Chosen, parts: Mapping[str, float]) -> Chosen:
    told = tuple(sorted(parts.items(), key=lambda part: -abs(part[1])))
    return replace(one, worth=sum(parts.values()), parts=told)


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
