"""A query and a text -> the sentence that speaks for it: where most of its words stand together.

In: a query in canonical form, a ``Text``.  Out: ``Evidence``, or None where the words stand in no section (a title of
another source, an applicant).  Places are found by the evaluator of the search room in the sections as they are, so
every quote is text[span]; a sentence too long to read is cut at white space around the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from dokhae.reading.places import cite
from dokhae.reading.sentences import sentences, trim
from dokhae.search import Entry
from dokhae.search.evaluate import Page, places, positive, searched
from dokhae.search.fields import BODY
from dokhae.search.query import Words, parse
from dokhae.types import Evidence, SectionKind, Span, Text

Stemmer = Callable[[str], str]
QUOTE_CHARS = 400
_LEAD_CHARS = 120
_PLACES_A_WORD = 40  # of one section: enough to find the sentence where words meet
_FIELD_OF = {SectionKind.title: "title", SectionKind.abstract: "abstract", SectionKind.claims: "claims"}
_ORDER = ("abstract", "claims", "description", "title")


@dataclass(frozen=True, slots=True)
class _Found:
    """One occurrence: which word of the query, where, in which sentence."""

    word: int
    span: Span
    sentence: Span
    field: str


def quoted(text: Text, query: str, stem: Stemmer) -> Evidence | None:
    """The sentence that holds most different words of ``query``; abstract, claims, description, title among equals."""
    wanted = [words for words in positive(parse(query).tree) if set(searched(words)) & set(BODY)]
    by_sentence: dict[Span, list[_Found]] = {}
    for one in _occurrences(text, wanted, stem):
        by_sentence.setdefault(one.sentence, []).append(one)
    if not by_sentence:
        return None
    best = min(by_sentence.values(), key=_rank)
    return cite(text, shortened(text.text, best[0].sentence, min(one.span for one in best)))


def shortened(text: str, sentence: Span, around: Span) -> Span:
    """``sentence``, cut at white space to QUOTE_CHARS with ``around`` in it."""
    if len(sentence) <= QUOTE_CHARS:
        return sentence
    start = max(sentence.start, min(around.start, sentence.end) - _LEAD_CHARS)
    end = min(sentence.end, max(start + QUOTE_CHARS, min(around.end, sentence.end)))
    if start > sentence.start:
        start = next((at for at in range(start, around.start) if text[at - 1].isspace()), start)
    if end < sentence.end:
        end = next((at for at in range(end, max(around.end, start + 1), -1) if text[at].isspace()), end)
    return trim(text, Span(start, end)) or sentence


def _rank(found: list[_Found]) -> tuple[int, int, int]:
    return -len({one.word for one in found}), _ORDER.index(found[0].field), found[0].span.start


def _occurrences(text: Text, wanted: list[Words], stem: Stemmer) -> Iterator[_Found]:
    for field, stretch in _stretches(text):
        asked = [(n, words) for n, words in enumerate(wanted) if field in searched(words)]
        if not asked:
            continue
        page = Page(_entry(field, text.quote(stretch)), stem)
        cut: list[Span] = []
        for n, words in asked:
            for place in islice(places(words, field, page), _PLACES_A_WORD):
                cut = cut or list(sentences(text.text, stretch))
                span = page.span(field, place).within(stretch)
                yield _Found(n, span, _around(cut, span, stretch), field)


def _entry(field: str, words: str) -> Entry:
    """One stretch as the only thing there is."""
    given = {**dict.fromkeys(BODY, ""), field: words}
    return Entry(0, 0, given["title"], given["abstract"], given["claims"], given["description"])


def _around(cut: list[Span], span: Span, stretch: Span) -> Span:
    """The sentence a span begins in."""
    return next((one for one in cut if one.start <= span.start < one.end), stretch)


def _stretches(text: Text) -> Iterator[tuple[str, Span]]:
    """(field of the index, stretch) of everything the index holds of a text."""
    for section in text.sections:
        if section.kind is not SectionKind.claims and section.kind is not SectionKind.amendment:
            yield _FIELD_OF.get(section.kind, "description"), section.span
    for claim in text.claims:
        if claim.span:
            yield "claims", claim.span
