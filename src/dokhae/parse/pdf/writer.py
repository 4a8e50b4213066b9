"""Headings, claims and paragraphs of a gazette -> a TextBuilder, every line with its box.

In: the parts of a document in order, as runs of lines, and what joins lines into text (``Ends``).  Out: the ``Text``.
Never decides what a line is: the offices' modules do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dokhae.parse.build import TextBuilder
from dokhae.parse.headings import squeeze
from dokhae.parse.pdf.pages import Line
from dokhae.types import Box, Defect, SectionKind, Span, Text

_DELETED = ("삭제", "削除", "CANCELED", "CANCELLED", "DELETED")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed ("" where a section goes on) and the section it opens; None: unknown or a container."""

    text: str
    kind: SectionKind | None


@dataclass(frozen=True, slots=True)
class ClaimHead:
    """「청구항 3」: what follows is claim 3."""

    number: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines of one paragraph; label: its printed number."""

    lines: tuple[Line, ...]
    label: str = ""


Part = Heading | ClaimHead | Paragraph


@dataclass(frozen=True, slots=True)
class Joined:
    """One text; ``places``: the span each line has in it."""

    text: str
    places: tuple[tuple[Span, Line], ...]


class Ends(Protocol):
    """What stands at the end of a line: decides it from the document."""

    def join(self, lines: Sequence[Line], *, to_margin: bool = True) -> Joined: ...


class Writer:
    """Writes parts into a TextBuilder.

    lang: of the claims, "" where each tells.  section_lang: of the sections, "" where each tells.
    """

    def __init__(self, builder: TextBuilder, ends: Ends, *, lang: str = "", section_lang: str = "") -> None:
        self._builder = builder
        self._ends = ends
        self._lang = lang
        self._section_lang = section_lang
        self._kind = SectionKind.other
        self._claim: int | None = None
        self._claim_lines: list[Paragraph] = []

    def write(self, part: Part) -> None:
        if isinstance(part, Heading):
            self.section(part.kind or SectionKind.other, part.text)
        elif isinstance(part, ClaimHead):
            self.claim_head(part.number)
        else:
            self.paragraph(part)

    def section(self, kind: SectionKind, heading: str = "") -> None:
        self._end_claim()
        self._kind = kind
        self._builder.section(kind, heading, self._section_lang)

    def claim_head(self, number: int) -> None:
        self._end_claim()
        if self._kind is not SectionKind.claims:
            self.section(SectionKind.claims)
        self._claim = number

    def paragraph(self, paragraph: Paragraph) -> None:
        if self._claim is not None:
            self._claim_lines.append(paragraph)
            return
        joined = self._ends.join(paragraph.lines)
        self._place(self._builder.paragraph(joined.text, paragraph.label), joined.places)

    def write_all(
        self, title: Sequence[Line], abstract: Iterable[Sequence[Line]], body: Iterable[Part]
    ) -> tuple[Text, tuple[Defect, ...]]:
        """A whole gazette: title and abstract (runs of lines) of its front page, then its body as printed."""
        self.section(SectionKind.title)
        self.paragraph(Paragraph(tuple(title)))
        self.section(SectionKind.abstract)
        for run in abstract:
            self.paragraph(Paragraph(tuple(run)))
        for part in body:
            self.write(part)
        return self.finish()

    def finish(self) -> tuple[Text, tuple[Defect, ...]]:
        self._end_claim()
        return self._builder.finish()

    def _end_claim(self) -> None:
        """Writes the claim whose lines have been collected; its paragraphs stay lines of their own."""
        if self._claim is None:
            return
        number, self._claim = self._claim, None
        paragraphs, self._claim_lines = self._claim_lines, []
        text = ""
        places: list[tuple[Span, Line]] = []
        for paragraph in paragraphs:
            joined = self._ends.join(paragraph.lines)
            outer = Span(len(text), len(text) + len(joined.text))
            places += [(span.within(outer), line) for span, line in joined.places]
            text += joined.text + "\n"
        if squeeze(text) in _DELETED:
            self._builder.claim(number, "", deleted=True, lang=self._lang)
            return
        self._place(self._builder.claim(number, text, lang=self._lang), tuple(places))

    def _place(self, outer: Span, places: Sequence[tuple[Span, Line]]) -> None:
        for span, line in places:
            if span.end <= len(outer):
                box = (line.page, line.left, line.bottom, line.right, line.top)
                self._builder.place(Box(span.within(outer), *box))
