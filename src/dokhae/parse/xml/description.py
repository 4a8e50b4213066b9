"""Description elements -> sections and paragraphs of a TextBuilder.

In: a ``description`` element (USPTO, ST.36, MAREC) or a stretch of preformatted paragraphs.  Out: nothing; the
builder holds the sections.  A heading of a known kind opens a section of that kind; a heading that says nothing by
itself ("Frame") opens a further section of the kind it stands in; containers of the format itself
(``description-of-drawings``, ``<?BRFSUM ..?>``) set the kind where no heading does.  Never drops a heading's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.figures import FigureList
from dokhae.parse.headings import kind_of
from dokhae.parse.headings_inline import OUTSIDE, Piece, opens_section, unfold
from dokhae.parse.xml.text import blocks_of, line_of, preformatted, tag_of
from dokhae.types import SectionKind

_HEADINGS = frozenset({"heading", "H"})
_PARAGRAPHS = frozenset(
    {"p", "paragraph", "PARA", "ul", "ol", "tables", "maths", "chemistry", "sl", "dl"}
    # ST.32 (its complex work units hold tables and formulas) and the applications of 2001-04
    | {"CWU", "UL", "OL", "DL", "SL", "table-cwu", "math-cwu", "chemistry-cwu", "program-listing-cwu"}
    | {"unordered-list", "ordered-list", "definition-list"}
    | {"patcit", "nplcit"}  # a list of cited documents may do without paragraphs
)
# Kinds that elements and processing instructions of the formats themselves give, whatever the headings say.
_KIND_BY_CONTAINER = {
    "RELAPP": SectionKind.support,
    "GOVINT": SectionKind.support,
    "cross-reference-to-related-applications": SectionKind.support,
    "federal-research-statement": SectionKind.support,
    "BRFSUM": SectionKind.background,
    "copyright-statement": SectionKind.support,
    "background-of-invention": SectionKind.background,
    "summary-of-invention": SectionKind.background,
    "technical-field": SectionKind.field,
    "background-art": SectionKind.background,
    "disclosure": SectionKind.solution,
    "tech-problem": SectionKind.problem,
    "tech-solution": SectionKind.solution,
    "advantageous-effects": SectionKind.effect,
    "DRWDESC": SectionKind.drawings,
    "description-of-drawings": SectionKind.drawings,
    "brief-description-of-drawings": SectionKind.drawings,
    "DETDESC": SectionKind.embodiments,
    "detailed-description": SectionKind.embodiments,
    "best-mode": SectionKind.embodiments,
    "mode-for-invention": SectionKind.embodiments,
    "description-of-embodiments": SectionKind.embodiments,
    "embodiments-example": SectionKind.examples,
    "industrial-applicability": SectionKind.industrial,
    "reference-signs-list": SectionKind.reference_signs,
    "citation-list": SectionKind.prior_art_documents,
}
# A result of an experiment, not of the invention: "Effect of pH on activity".
_EXPERIMENT = re.compile(r"\s*effects? of (?!(?:the |this |present )*(?:invention|disclosure|utility))", re.I)
# "Detailed description of the drawings": the list of figures where the format itself says so, else the embodiments
_OF_FIGURES = re.compile(r"drawings?|figures?|views?", re.I)
_PART = re.compile(
    r"\b(?:(embodiments?|ausführungs(?:form(?:en)?|beispiele?)|modes? de réalisation)"
    r"|(examples?|exemples?|\w{0,40}beispiele?))\b",
    re.I,
)
# a list of signs in a paragraph of its own below the figures: "Reference numerals: 10 - lens; 20 - coil"
_SIGNS = re.compile(
    r"\s*(?:list of )?reference (?:numerals?|signs?|numbers?|characters?|symbols?)(?: list)?\s?:"
    r"|\s*bezugszeichen(?:liste)?\s?:",
    re.I,
)
# "1. Field of the Invention" set as a paragraph below BACKGROUND: its number tells it from a sentence
_NUMBERED = re.compile(r"\s*(?:\(?(?:[0-9]{1,2}|[A-Ha-h]|[IVX]{1,4})[.)])\s*[A-Z]")


@dataclass
class DescriptionWriter:
    """Writes one description into ``builder``.  lang: of its sections, "" = by their words."""

    builder: TextBuilder
    lang: str = ""
    # paragraphs that read like headings open sections; off where the format marks its headings
    headings_in_paragraphs: bool = True
    _kind: SectionKind = SectionKind.other
    _is_open: bool = field(default=False, repr=False)
    _lists_figures: bool = field(default=False, repr=False)
    _figures: FigureList = field(default_factory=FigureList, repr=False)

    def write(self, description: etree._Element) -> None:
        self._children(description)

    @staticmethod
    def plain(builder: TextBuilder, element: etree._Element) -> None:
        """Writes the paragraphs of ``element`` into the section that is open, whatever they say."""
        for child in element:
            for block in blocks_of(child) if tag_of(child) else ():
                builder.paragraph(block.text)

    def heading(self, text: str) -> None:
        if text.strip():
            before, self._kind = self._kind, self._kind_of(text)
            if kind_of(text) is not None or self._kind is not before:
                self._figures = FigureList()
            self.builder.section(self._kind, text, self.lang)
            self._is_open = True

    def paragraph(self, text: str, label: str = "") -> None:
        """One paragraph; a number printed in front of it becomes its label, headings that stand in it sections."""
        for piece in unfold(text, label) if self.headings_in_paragraphs else _only_numbered(text, label):
            if piece.is_heading:
                self.heading(piece.text)
            else:
                self._part_from_figures(piece.text)
                self._open()
                self.builder.paragraph(piece.text, piece.label)

    def _part_from_figures(self, text: str) -> None:
        """What follows the list of figures without a heading is of the embodiments; an element ends a list itself."""
        if self._lists_figures or not (self._kind is SectionKind.drawings or self._figures.is_begun):
            return
        kind = SectionKind.drawings if self._figures.lists(text) else SectionKind.embodiments
        if _SIGNS.match(text):
            kind = SectionKind.reference_signs
        if kind is not self._kind:
            self._kind, self._is_open = kind, False

    def _kind_of(self, heading: str) -> SectionKind:
        kind = None if _EXPERIMENT.match(heading) else kind_of(heading)
        if self._lists_figures and kind is SectionKind.embodiments and _OF_FIGURES.search(heading):
            return SectionKind.drawings
        if kind is not None and kind not in OUTSIDE:
            return kind
        part = _PART.search(heading)
        if part is None:
            return self._kind
        return SectionKind.embodiments if part.group(1) else SectionKind.examples

    def _children(self, element: etree._Element) -> None:
        for child in element:
            if isinstance(child, etree._ProcessingInstruction):
                self._instruction(child)
                continue
            tag = tag_of(child)
            if tag in _HEADINGS:
                self.heading(line_of(child))
            elif tag in _PARAGRAPHS:
                self._paragraph_element(child)
            elif tag in _KIND_BY_CONTAINER:
                self.enter(_KIND_BY_CONTAINER[tag])
                self._children(child)
                self._leave_drawings(tag)
            elif tag:
                self._children(child)

    def _instruction(self, instruction: etree._ProcessingInstruction) -> None:
        kind = _KIND_BY_CONTAINER.get(str(instruction.target))
        if kind is not None and 'end="lead"' in str(instruction.text):
            self.enter(kind)

    def enter(self, kind: SectionKind) -> None:
        self._kind, self._is_open = kind, False
        self._figures = FigureList()
        self._lists_figures = kind is SectionKind.drawings

    def _leave_drawings(self, tag: str) -> None:
        # text that follows the list of figures without a heading describes them: the embodiments
        if _KIND_BY_CONTAINER[tag] is SectionKind.drawings:
            self.enter(SectionKind.embodiments)

    def _paragraph_element(self, element: etree._Element) -> None:
        label = _label_of(element)
        for child in element:
            if tag_of(child) == "pre" and line_of(child):
                for text in preformatted(child):
                    self.paragraph(text)
                element.remove(child)
        for block in blocks_of(element):
            if block.is_table:
                self.table(block.text)
            else:
                self.paragraph(block.text, label)

    def table(self, text: str) -> None:
        self.builder.section(SectionKind.table, "", self.lang)
        self.builder.paragraph(text)
        self._is_open = False

    def _open(self) -> None:
        if not self._is_open:
            self.builder.section(self._kind, "", self.lang)
            self._is_open = True


def _only_numbered(text: str, label: str) -> tuple[Piece]:
    """The paragraph of a format that marks its headings: a heading still where it is numbered like one."""
    return (Piece(text, label, is_heading=_NUMBERED.match(text) is not None and opens_section(text)),)


def _label_of(element: etree._Element) -> str:
    """The paragraph number as printed: four digits or more, "" where none."""
    number = next((child.text or "" for child in element if tag_of(child) == "number"), element.get("num") or "")
    digits = re.sub(r"\D", "", number)
    return digits.lstrip("0").zfill(4) if digits.strip("0") else ""
