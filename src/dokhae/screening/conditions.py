"""Conditions: what a rule is built of, and whether it holds as far as one knows.

In: a condition and the truths known so far.  Out: true, false, or the question it still hangs on.  Three values, after
Kleene: what is not known yet does not matter where the rest decides.  Nothing is asked or looked up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """The patent is found by a query of our language, in canonical form; bibliographic keys are queries too."""

    query: str


@dataclass(frozen=True, slots=True)
class Has:
    """A field of the patent is answered, by words that hold one of ``words`` (none: by any)."""

    field: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """The patent answers a free question.  least: probability from which it does; None: the model's threshold."""

    question: str
    least: float | None = None


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Leaf = Query | Has | Ask
Condition = Leaf | All | Any | Not
Known = Mapping[Leaf, bool]


def truth(condition: Condition, known: Known) -> bool | None:
    """Whether ``condition`` holds; None while that depends on what is not known."""
    match condition:
        case All(parts):
            held = [truth(part, known) for part in parts]
            return False if False in held else None if None in held else True
        case Any(parts):
            held = [truth(part, known) for part in parts]
            return True if True in held else None if None in held else False
        case Not(part):
            inner = truth(part, known)
            return None if inner is None else not inner
        case _:
            return known.get(condition)


def waits_for(condition: Condition, known: Known) -> Leaf | None:
    """The first leaf that ``condition`` hangs on; None where its truth is known."""
    if truth(condition, known) is not None:
        return None
    match condition:
        case All(parts) | Any(parts):
            return next(leaf for part in parts if (leaf := waits_for(part, known)) is not None)
        case Not(part):
            return waits_for(part, known)
        case _:
            return condition


def because(condition: Condition, known: Known) -> tuple[Leaf, ...]:
    """The leaves that make ``condition`` hold, each once; what does not hold speaks for nothing by its words."""
    match condition:
        case All(parts) | Any(parts):
            held = (part for part in parts if truth(part, known))
            return tuple(dict.fromkeys(leaf for part in held for leaf in because(part, known)))
        case Not():
            return ()
        case _:
            return (condition,)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of ``condition``."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def said(leaf: Leaf) -> str:
    """A leaf as a reason names it."""
    match leaf:
        case Query(query):
            return query
        case Has(field, words):
            return f"{field}: {', '.join(words)}" if words else field
        case Ask(question):
            return question
