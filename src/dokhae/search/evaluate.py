"""Tree x patent -> does it hold, and where: the exact meaning of a query, decided on positions.

In: a syntax tree and one ``Page`` (an entry, analysed).  Out: yes or no, and the places of its words.  Knows no index:
the index must agree with it on every patent (tests/test_search.py compares them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dokhae.search import Entry
from dokhae.search.analyse import Tokens, is_cjk
from dokhae.search.fields import BODY, CLASSES, DATES, EXACT, TEXTS, class_levels, number_spellings
from dokhae.search.pattern import Want, wants
from dokhae.search.query import And, Dates, Node, Not, Or, Value, Words
from dokhae.types import Span

Stemmer = Callable[[str], str]
TermsByStem = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where words stand: terms ``first`` to ``last``, both included, of one value of a field."""

    value: int
    first: int
    last: int


@dataclass(frozen=True)
class Page:
    """One entry whose fields are analysed when they are first asked for."""

    entry: Entry
    stem: Stemmer

    @cached_property
    def _analysed(self) -> dict[str, tuple[tuple[Tokens, TermsByStem], ...]]:
        return {}

    def analysed(self, field: str) -> tuple[tuple[Tokens, TermsByStem], ...]:
        """For each value of a field (several applicants are several values): its terms, and those of each stem."""
        if field not in self._analysed:
            given = getattr(self.entry, field)
            found = [Tokens(value) for value in ((given,) if isinstance(given, str) else given)]
            self._analysed[field] = tuple((tokens, self._by_stem(tokens.terms)) for tokens in found)
        return self._analysed[field]

    def _by_stem(self, terms: list[str]) -> TermsByStem:
        different = set(terms)
        pairs = list(filter(is_cjk, different))  # thousands in a Korean text, and each is its own stem
        found: dict[str, tuple[str, ...]] = dict(zip(pairs, zip(pairs, strict=True), strict=True))
        for term in different.difference(pairs):
            stem = self.stem(term)
            found[stem] = (*found.get(stem, ()), term)
        return found

    def span(self, field: str, place: Place) -> Span:
        """``place`` as a span of that value of the field."""
        return self.analysed(field)[place.value][0].span(place.first, place.last)

    def day(self, field: str) -> date | None:
        day: date | None = getattr(self.entry, DATES[field])
        return day

    def values(self, field: str) -> frozenset[str]:
        """Everything the field can be asked by: a class also by its sections, a number by its shorter spellings."""
        if field in CLASSES:
            return frozenset(code for written in getattr(self.entry, CLASSES[field]) for code in class_levels(written))
        if field == "NO":
            return frozenset(word for written in self.entry.numbers for word in number_spellings(written))
        return frozenset([EXACT[field](getattr(self.entry, field))]) - {""}


def holds(node: Node, page: Page) -> bool:
    """Whether ``page`` satisfies ``node``."""
    match node:
        case Words():
            return any(True for field in searched(node) for _ in places(node, field, page))
        case Value():
            return _has_value(node, page)
        case Dates():
            return _in_range(node, page.day(node.field))
        case Not(part):
            return not holds(part, page)
        case And(parts):
            return all(holds(part, page) for part in parts)
        case Or(parts):
            return any(holds(part, page) for part in parts)


def _has_value(wanted: Value, page: Page) -> bool:
    if wanted.value.endswith("?"):
        return any(word.startswith(wanted.value[:-1]) for word in page.values(wanted.field))
    return wanted.value in page.values(wanted.field)


def _in_range(dates: Dates, day: date | None) -> bool:
    return day is not None and (dates.low is None or dates.low <= day) and (dates.high is None or day <= dates.high)


def searched(words: Words) -> tuple[str, ...]:
    """The entry fields ``words`` may stand in."""
    return BODY if words.field is None else (TEXTS[words.field],)


def places(words: Words, field: str, page: Page) -> Iterator[Place]:
    """Every occurrence of ``words`` in a field, in order."""
    pattern = wants(words, page.stem)
    if not pattern:
        return
    reach = len(pattern) - (0 if pattern[-1].reaches_next else 1)
    for value, (tokens, by_stem) in enumerate(page.analysed(field)):
        for first in _occurrences(pattern, tokens.terms, by_stem):
            yield Place(value, first, first + reach)


def positive(node: Node) -> tuple[Words, ...]:
    """The words a patent was found for: all but those below a NOT, each once, in order."""
    match node:
        case Words():
            return (node,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(words for part in parts for words in positive(part)))
        case _:
            return ()


def _occurrences(pattern: tuple[Want, ...], terms: list[str], by_stem: TermsByStem) -> list[int]:
    """Where ``pattern`` begins among ``terms``."""
    fits = [{term for stem in want.among(by_stem) for term in by_stem[stem]} for want in pattern]
    if not all(fits):
        return []
    first, rest = fits[0], fits[1:]
    starts = [at for at, term in enumerate(terms[: max(0, len(terms) - len(rest))]) if term in first]
    return [at for at in starts if all(terms[at + n] in fit for n, fit in enumerate(rest, 1))]
