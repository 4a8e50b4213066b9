"""What the model marks in the few passages of a text worth reading for the standing fields.

In: a ``View`` and a reader of fields.  Out: ``Mark`` values by field, spans of the text.  A short text is read whole.
Of a longer one: the abstract, and the passages where cues found their best candidates for the fields that lean on the
model (combination.py): a model that sees one passage at a time does not know what a passage is for, so reading all of
them is dearer and worse.
Never truncates: a passage is cut to what the reader takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from dokhae.models import FieldReader, Reader, Reading
from dokhae.reading import scoring
from dokhae.reading.comprehension import log_odds
from dokhae.reading.cues import LANGUAGES, boilerplate
from dokhae.reading.passages import DEFAULT_MAX_TOKENS, split_section
from dokhae.reading.view import UNREAD_KINDS, View
from dokhae.types import Passage, Section, SectionKind, Span

N_READ = 5
_OF_ABSTRACT = 2
_RANKS = 3  # candidates of cues whose passages are worth reading
_PER_PASSAGE = {"parts": 5}
_USUALLY_PER_PASSAGE = 3
_TITLE_CHARS = 60


class ReadsFields(Reader, FieldReader, Protocol):
    """A reader that knows standing fields."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span the model marks for a field.  margin: log-odds against "not in this passage"."""

    span: Span
    margin: float
    kind: SectionKind


def marks(view: View, reader: ReadsFields, leaning: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
    """What ``reader`` marks, by field: the best few of each passage it is given, boilerplate left out.

    leaning: the fields that lean on the model; where their cues point is read.
    """
    read = worth_reading(view, reader, leaning)
    readings = reader.read_fields([(about(one.section.kind, view.title), one.text) for one in read])
    return {
        field: tuple(
            mark
            for passage, found in zip(read, readings, strict=True)
            for mark in _of_passage(passage, found[field], _PER_PASSAGE.get(field, _USUALLY_PER_PASSAGE))
        )
        for field in reader.fields
    }


def about(kind: str, title: str) -> str:
    """What a reader of fields is told of a passage, in the place of a question: its section, and what the patent is of.

    >>> about("prior_art_documents", " Lens unit")
    'prior art documents: Lens unit'
    """
    return f"{kind.replace('_', ' ')}: {title.strip()[:_TITLE_CHARS].strip()}"


def worth_reading(view: View, reader: ReadsFields, leaning: Sequence[str]) -> tuple[Passage, ...]:
    """At most N_READ passages of a text, in its order."""
    cut = _Cut(view, reader)
    first = list(islice(cut.all(), N_READ + 1))
    if len(first) <= N_READ:
        return tuple(first)
    chosen = {passage.span: passage for passage in islice(_unique(_worthiest(view, cut, leaning)), N_READ)}
    return tuple(chosen[span] for span in sorted(chosen))


def _worthiest(view: View, cut: _Cut, leaning: Sequence[str]) -> Iterator[Passage]:
    yield from islice(cut.of_kind(SectionKind.abstract), _OF_ABSTRACT)
    for rank in range(_RANKS):
        for field in leaning:
            found = scoring.candidates(view, field)
            if rank < len(found):
                yield from cut.holding(found[rank].span.start)


def _unique(passages: Iterable[Passage]) -> Iterator[Passage]:
    seen: set[Span] = set()
    for passage in passages:
        if passage.span not in seen:
            seen.add(passage.span)
            yield passage


class _Cut:
    """A text cut into passages of a reader's size, as far as they are asked for and no passage twice."""

    def __init__(self, view: View, reader: ReadsFields) -> None:
        self._text = view.text
        self._count = reader.count
        room = min(reader.room(about(kind, view.title)) for kind in SectionKind)
        self._max_tokens = min(room, DEFAULT_MAX_TOKENS)
        self._begun: dict[Span, tuple[list[Passage], Iterator[Passage]]] = {}

    def all(self) -> Iterator[Passage]:
        for section in self._text.sections:
            yield from self._of(section)

    def of_kind(self, kind: SectionKind) -> Iterator[Passage]:
        for section in self._text.of_kind(kind):
            yield from self._of(section)

    def holding(self, at: int) -> Iterator[Passage]:
        """The passage that holds the place ``at``, if it is one that can be read."""
        for section in self._text.sections:
            if section.span.start <= at < section.span.end:
                yield from islice((one for one in self._of(section) if at < one.span.end), 1)

    def _of(self, section: Section) -> Iterator[Passage]:
        if section.kind in UNREAD_KINDS or section.lang not in (*LANGUAGES, ""):
            return
        if section.span not in self._begun:
            rest = split_section(self._text, section, max_tokens=self._max_tokens, count=self._count)
            self._begun[section.span] = ([], rest)
        known, rest = self._begun[section.span]
        yield from known
        for passage in rest:
            known.append(passage)
            yield passage


def _of_passage(passage: Passage, reading: Reading, limit: int) -> Iterator[Mark]:
    noise = [boilerplate(lang) for lang in LANGUAGES]
    for candidate in reading.candidates[:limit]:
        quote = passage.text[candidate.span.start : candidate.span.end]
        if not any(phrases.search(quote) for phrases in noise):
            yield Mark(candidate.span.within(passage.span), log_odds(candidate.score), passage.section.kind)
