"""What the model marks in the few passages of a text worth reading for the standing fields.

In: a ``View`` and a reader of fields.  Out: ``Mark`` values of one field, spans of the text.  A short text is read
whole.  Of a longer one, for each field that asks: the abstract, and the passages where cues found its best candidates:
a model that sees one passage at a time does not know what a passage is for, so reading all of them is dearer and worse.
What a field is told does not depend on which others ask; no passage is read twice.
Never truncates: a passage is cut to what the reader takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from dokhae.models import FieldReader, Reader, Reading
from dokhae.reading import scoring
from dokhae.reading.comprehension import log_odds
from dokhae.reading.cues import LANGUAGES, is_boilerplate
from dokhae.reading.passages import DEFAULT_MAX_TOKENS, split_section
from dokhae.reading.view import UNREAD_KINDS, View
from dokhae.types import Passage, Section, SectionKind, Span

READ_WHOLE = 5  # a text of no more passages
N_READ = 2  # of a longer text, for one field
_OF_ABSTRACT = 1
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


class Marking:
    """What ``reader`` marks in one text: passages are read as fields ask for them."""

    def __init__(self, view: View, reader: ReadsFields) -> None:
        self._view, self._reader = view, reader
        self._cut = _Cut(view, reader)
        self._read: dict[Span, dict[str, Reading]] = {}

    def of(self, field: str) -> tuple[Mark, ...]:
        """The best few marks of each passage read for ``field``, boilerplate left out; none for one not known."""
        if field not in self._reader.fields:
            return ()
        passages = self.passages(field)
        unread = [one for one in passages if one.span not in self._read]
        told = [(about(one.section.kind, self._view.title), one.text) for one in unread]
        for one, reading in zip(unread, self._reader.read_fields(told), strict=True):
            self._read[one.span] = reading
        limit = _PER_PASSAGE.get(field, _USUALLY_PER_PASSAGE)
        return tuple(mark for one in passages for mark in _of_passage(one, self._read[one.span][field], limit))

    def passages(self, field: str) -> tuple[Passage, ...]:
        """What is read for ``field``, in the order of the text: at most READ_WHOLE or N_READ passages."""
        first = tuple(islice(self._cut.all(), READ_WHOLE + 1))
        if len(first) <= READ_WHOLE:
            return first
        worthy = (one for one in self._worthiest(field) if one.section.kind is not SectionKind.title)
        chosen = {one.span: one for one in islice(_unique(worthy), N_READ)}
        return tuple(chosen[span] for span in sorted(chosen))

    def _worthiest(self, field: str) -> Iterator[Passage]:
        yield from islice(self._cut.of_kind(SectionKind.abstract), _OF_ABSTRACT)
        for found in scoring.candidates(self._view, field):
            yield from self._cut.holding(found.span.start)


def about(kind: str, title: str) -> str:
    """What a reader of fields is told of a passage, in the place of a question: its section, and what the patent is of.

    >>> about("prior_art_documents", " Lens unit")
    'prior art documents: Lens unit'
    """
    return f"{kind.replace('_', ' ')}: {title.strip()[:_TITLE_CHARS].strip()}"


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
    for candidate in reading.candidates[:limit]:
        quote = passage.text[candidate.span.start : candidate.span.end]
        if not any(is_boilerplate(quote, lang) for lang in LANGUAGES):
            yield Mark(candidate.span.within(passage.span), log_odds(candidate.score), passage.section.kind)
