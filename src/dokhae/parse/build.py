"""TextBuilder: pieces in document order -> one immutable Text, with every offset carried.

In: headings, paragraphs, claims, in the order the document has them.  Out: a ``Text`` and the defects of its
characters.  Never searches for an offset: each piece learns its span the moment it is appended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dokhae.parse.langs import language_of
from dokhae.types import Box, Claim, Defect, Paragraph, Section, SectionKind, Span, Text

# C0/C1 controls but tab, newline; unpaired surrogates; the two non-characters.  Each becomes one U+FFFD: lengths hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fit(text: str) -> tuple[str, int]:
    """``text`` with the characters no text may hold replaced, line ends as newlines; and how many were replaced.

    >>> fit("a\\x07b\\r\\nc") == ("a\\ufffdb\\nc", 1)
    True
    """
    return _FORBIDDEN.subn("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass
class _Open:
    kind: SectionKind
    heading: str
    lang: str
    start: int
    piece: int


@dataclass
class TextBuilder:
    """Collects one document's text.

    >>> b = TextBuilder(parser="demo")
    >>> b.section(SectionKind.problem, "PROBLEM")
    >>> span = b.paragraph("Lenses shake.", label="0001")
    >>> text, defects = b.finish()
    >>> text.quote(text.sections[0].span), text.quote(span)
    ('Lenses shake.', 'Lenses shake.')
    """

    parser: str
    parser_version: str = "1"
    lang: str = ""
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _sections: list[Section] = field(default_factory=list)
    _claims: list[Claim] = field(default_factory=list)
    _paragraphs: list[Paragraph] = field(default_factory=list)
    _layout: list[Box] = field(default_factory=list)
    _open: _Open | None = None
    _n_replaced: int = 0
    _has_bidi: bool = False

    def section(self, kind: SectionKind, heading: str = "", lang: str = "") -> None:
        """Ends the section before and opens one; the heading, if any, stands in the text as a line of its own."""
        self._close()
        heading = " ".join(self._clean(heading).split())
        if heading:
            self._append(heading + "\n")
        self._open = _Open(kind, heading, lang, self._length, len(self._pieces))

    def paragraph(self, text: str, label: str = "") -> Span:
        """Appends one paragraph (its own line) to the open section; empty text appends nothing."""
        span = self._line(text)
        if span:
            self._paragraphs.append(Paragraph(span, label))
        return span

    def claim(self, number: int, text: str, *, deleted: bool = False, lang: str = "") -> Span:
        """Appends one claim to the open section, its number printed before it, its span without that number."""
        self._append(f"{number}. ")
        span = self._line(text) if text.strip() else Span(self._length, self._length)
        if not span:
            self._append("\n")
        self._claims.append(Claim(number, span, lang or language_of(text), deleted=deleted))
        return span

    def place(self, box: Box) -> None:
        """Records where a span already appended stands on a page."""
        self._layout.append(box)

    @property
    def length(self) -> int:
        """Code points appended so far."""
        return self._length

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(self._claims)

    def finish(self, *, abstract_is_cut: bool = False) -> tuple[Text, tuple[Defect, ...]]:
        """The text, its empty sections dropped, and what was odd about its characters."""
        self._close()
        whole = "".join(self._pieces)
        made = Text(
            text=whole,
            lang=self.lang or language_of(whole),
            sections=tuple(self._sections),
            claims=tuple(self._claims),
            paragraphs=tuple(self._paragraphs),
            layout=tuple(self._layout),
            parser=self.parser,
            parser_version=self.parser_version,
            abstract_is_cut=abstract_is_cut,
        )
        defects = []
        if self._n_replaced:
            defects.append(Defect.of("characters-replaced", count=self._n_replaced))
        if self._has_bidi:
            defects.append(Defect.of("bidirectional-characters"))
        return made, tuple(defects)

    def _line(self, text: str) -> Span:
        text = self._clean(text).strip()
        if not text:
            return Span(self._length, self._length)
        start = self._length
        self._append(text)
        self._append("\n")
        return Span(start, start + len(text))

    def _append(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _clean(self, text: str) -> str:
        self._has_bidi = self._has_bidi or bool(_BIDI.search(text))
        text, n = fit(text)
        self._n_replaced += n
        return text

    def _close(self) -> None:
        if self._open is None:
            return
        opened, self._open = self._open, None
        body = "".join(self._pieces[opened.piece :])
        end = opened.start + len(body.rstrip("\n"))
        if end > opened.start:
            lang = opened.lang or language_of(body)
            self._sections.append(Section(opened.kind, lang, Span(opened.start, end), opened.heading))
