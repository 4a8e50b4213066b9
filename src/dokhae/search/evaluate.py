"""Tree x patent -> does it hold, and where: the exact meaning of a query, decided on positions.

In: a syntax tree and one ``Page`` (an entry, analysed).  Out: yes or no, and the places of its words.  Knows no index:
the index must agree with it on every patent (tests/test_search.py compares them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dokhae.search import Entry
from dokhae.search.analyse import Tokens
from dokhae.search.fields import BODY, CLASSES, DATES, EXACT, TEXTS, class_levels, number_spellings
from dokhae.search.pattern import Want, wants
from dokhae.search.query import And, Dates, Node, Not, Or, Value, Words
from dokhae.types import Span

Stemmer = Callable[[str], str]


@dataclass(frozen=True)
class Page:
    """One entry whose fields are analysed when they are first asked for."""

    entry: Entry
    stem: Stemmer

    @cached_property
    def _tokens(self) -> dict[str, tuple[Tokens, ...]]:
        return {}

    def tokens(self, field: str) -> tuple[Tokens, ...]:
        """Terms of a field, one ``Tokens`` a value (several applicants are several values)."""
        if field not in self._tokens:
            given = getattr(self.entry, field)
            values = (given,) if isinstance(given, str) else given
            self._tokens[field] = tuple(map(Tokens, values))
        return self._tokens[field]

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


def places(words: Words, field: str, page: Page) -> Iterator[tuple[int, Span]]:
    """(which value of the field, span in it) of every occurrence, in order."""
    pattern = wants(words, page.stem)
    for at, value in enumerate(page.tokens(field)):
        for first in _occurrences(pattern, value.terms, page.stem):
            last = first + len(pattern) - 1
            yield at, value.span(first, last + 1 if pattern[-1].reaches_next else last)


def positive(node: Node) -> tuple[Words, ...]:
    """The words a patent was found for: all but those below a NOT, each once, in order."""
    match node:
        case Words():
            return (node,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(words for part in parts for words in positive(part)))
        case _:
            return ()


def _occurrences(pattern: tuple[Want, ...], terms: list[str], stem: Stemmer) -> Iterator[int]:
    """Where ``pattern`` begins among ``terms``; each different term is stemmed once."""
    if not pattern or len(pattern) > len(terms):
        return
    stems = {term: stem(term) for term in set(terms)}
    fits = [{term for term, stemmed in stems.items() if want.accepts(stemmed)} for want in pattern]
    if not all(fits):
        return
    first, rest = fits[0], fits[1:]
    for at, term in enumerate(terms[: len(terms) - len(rest)]):
        if term in first and all(terms[at + n] in fit for n, fit in enumerate(rest, 1)):
            yield at
