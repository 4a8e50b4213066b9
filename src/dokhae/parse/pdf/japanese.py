"""Japanese gazettes (JPO: 公開, 公表, 再公表, 特許, 実用新案) -> one ``Document``.

In: the lines of the pages.  Out: the document.  The front page of most is a picture with the abstract as text beside
it: number, kind and date then come from the running head ("JP 2014-81188 A 2014.5.8"), the rest from OCR where there
is one (japanese_front.py).  Lines are joined without a space, as Japanese is written.  What follows the drawings is
never claims: 手続補正書 is an amendment, 国際調査報告 support, フロントページの続き goes on with the front page.
Source: patents.md, Japanese headings and tail; 5 gazettes of 2007-2017.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings import is_container, kind_of, squeeze
from dokhae.parse.pdf.japanese_front import FrontPage, read_front
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.pdf.writer import ClaimHead, Heading, Joined, Paragraph, Part, Writer
from dokhae.types import Defect, Document, SectionKind, Source, Span, Text

FORMAT = "jp-pdf"
VERSION = "2"
# "(2) JP 2014-81188 A 2014.5.8"
_HEAD = re.compile(r"(?:\(\d{1,4}\)\s*)?JP\s?[\dHSRWO/-]+\s?[A-Z]\d?\s?\d{4}\.\d{1,2}\.\d{1,2}")
_LINE_COUNT = re.compile(r"[1-5]0")
_RULE = re.compile(r"[—―─－-]{8,}")
_BRACKETED = re.compile(r"【([^】]{1,40})】")
_LABEL = re.compile(r"【([０-９]{4}|\d{4})】")
_CLAIM = re.compile(r"【\s*請求項\s*([０-９\d]{1,4})\s*】")
_FIGURES = re.compile(r"(?:【図\s*[０-９\d][^】]{0,6}】\s*)+")
_TABLE = re.compile(r"【表\s*[０-９\d]{1,3}】")
_IN_TEXT = re.compile(r"【(?:図|数|化|式|特許文献|非特許文献)\s*[０-９\d][^】]{0,6}】|【選択図】")
_CONTINUED = "フロントページの続き"
_REPORT = "国際調査報告"
_AMENDMENT = ("手続補正", "誤訳訂正", "訂正の内容")
_WORD = re.compile(r"[A-Za-z0-9]")
_FULL_GAP_EM = (
    1.6  # a line this much short of the margin ends its paragraph; one with a subscript may be a letter short
)


class JapaneseEnds:
    """Joins lines without a space, but between two words of Latin letters."""

    def join(self, lines: Sequence[Line], *, to_margin: bool = True) -> Joined:
        pieces: list[str] = []
        places: list[tuple[Span, Line]] = []
        length = 0
        for line in lines:
            if pieces and _WORD.match(pieces[-1][-1:]) and _WORD.match(line.text[:1]):
                pieces.append(" ")
                length += 1
            places.append((Span(length, length + len(line.text)), line))
            pieces.append(line.text)
            length += len(line.text)
        return Joined("".join(pieces), tuple(places))


def read(sheets: Sheets, source: Source) -> Document:
    """The document of one Japanese gazette."""
    lines = [line for line in sheets.lines() if not _HEAD.fullmatch(line.text) and not _RULE.fullmatch(line.text)]
    margin = _right_margin(lines)
    lines = [line for line in lines if not (_LINE_COUNT.fullmatch(line.text) and line.left > margin)]
    heads = [line.text for line in sheets.lines() if _HEAD.fullmatch(line.text)]
    first, body, tail = _parted(lines)
    ends = JapaneseEnds()
    front = read_front(heads, first, tail, ends)
    text, defects = _text(front, body, margin)
    claims, oddities = resolve(text.claims, text.text)
    return Document(
        source=replace(source, format=FORMAT),
        number=front.number,
        numbers=front.numbers,
        biblio=front.biblio,
        texts=(replace(text, claims=claims),),
        defects=(
            *defects,
            *oddities,
            *_total_defect(front.biblio.printed_claims, replace(text, claims=claims)),
            *_picture_defect(front),
        ),
        category=front.category,
    )


def _total_defect(printed: int | None, text: Text) -> tuple[Defect, ...]:
    """As of all gazettes; but a front page counts the claims as amended, if an amendment is printed."""
    amended = "\n".join(text.quote(section.span) for section in text.of_kind(SectionKind.amendment))
    if printed is not None and printed == len(_CLAIM.findall(amended)):
        return ()
    return total_defect(printed, text.claims)


def _picture_defect(front: FrontPage) -> tuple[Defect, ...]:
    return () if front.biblio.title else (Defect.of("pdf-front-is-picture"),)


def _right_margin(lines: Sequence[Line]) -> float:
    """Where most of the widest lines end."""
    ends = sorted(line.right for line in lines if len(line.text) > 30)
    return ends[len(ends) * 3 // 4] if ends else 517.0


def _parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The front page, the body, and what goes on with the front page at the end."""
    squeezed = [squeeze(line.text) for line in lines]
    tail = next((i for i, text in enumerate(squeezed) if text.startswith(_CONTINUED)), len(lines))
    opens = (
        i for i, text in enumerate(squeezed[:tail]) if text in ("特許請求の範囲", "実用新案登録請求の範囲", "明細書")
    )
    first = next(opens, tail)
    return list(lines[:first]), list(lines[first:tail]), list(lines[tail + 1 :])


def _text(front: FrontPage, body: Sequence[Line], margin: float) -> tuple[Text, tuple[Defect, ...]]:
    builder = TextBuilder(parser=FORMAT, parser_version=VERSION, lang="ja")
    writer = Writer(builder, JapaneseEnds(), lang="ja", section_lang="ja")  # a heading in Han alone is Japanese too
    return writer.write_all(front.title, front.abstract, _parts(body, margin))


@dataclass
class _State:
    """Where the reading stands."""

    kind: SectionKind | None = None
    before_table: SectionKind | None = None
    is_drawings: bool = False
    label: str = ""
    run: list[Line] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        """Whether headings are text from here on: what an amendment quotes opens no section."""
        return self.kind is SectionKind.amendment

    def take(self) -> Iterator[Paragraph]:
        if self.run:
            yield Paragraph(tuple(self.run), self.label)
            self.label = ""
        self.run = []


def _parts(lines: Sequence[Line], margin: float) -> Iterator[Part]:
    state = _State()
    for line in lines:
        opened = _tail(line) or (None if state.is_closed else _opened(line))
        if opened is not None:
            yield from state.take()
            yield from _enter(state, opened)
        elif state.is_drawings or _starts_drawings(state, line):
            yield from state.take()
        else:
            yield from _go_on(state, line, margin)
    yield from state.take()


def _tail(line: Line) -> Heading | None:
    """What follows the drawings."""
    found = _BRACKETED.match(line.text)
    name = squeeze(found[1]) if found else ""
    if name.startswith(_AMENDMENT):
        return Heading(line.text, SectionKind.amendment)
    return Heading(line.text, SectionKind.support) if name == _REPORT else None


def _opened(line: Line) -> Heading | ClaimHead | None:
    if claim := _CLAIM.match(line.text):
        return ClaimHead(int(claim[1])) if claim.end() == len(line.text) else None
    if _TABLE.fullmatch(line.text):
        return Heading(line.text, SectionKind.table)
    found = _BRACKETED.fullmatch(line.text)
    if found is None or _LABEL.fullmatch(line.text) or _IN_TEXT.fullmatch(line.text):
        return None
    kind = kind_of(found[1])
    return Heading(line.text, kind) if kind or is_container(found[1]) or not line.label else None


def _enter(state: _State, opened: Heading | ClaimHead) -> Iterator[Part]:
    if isinstance(opened, Heading):
        if opened.kind is SectionKind.table:
            state.before_table = state.kind
        state.kind, state.label, state.is_drawings = opened.kind, "", False
    yield opened


def _starts_drawings(state: _State, line: Line) -> bool:
    """A row of nothing but 【図１】【図２】 after the description: the drawings."""
    if state.kind in (None, SectionKind.drawings, SectionKind.claims) or state.is_closed:
        return False
    state.is_drawings = _FIGURES.fullmatch(line.text) is not None
    return state.is_drawings


def _go_on(state: _State, line: Line, margin: float) -> Iterator[Part]:
    if (label := _LABEL.fullmatch(line.text)) and not state.is_closed:
        yield from state.take()
        if state.kind is SectionKind.table:
            state.kind = state.before_table
            yield Heading("", state.kind)
        state.label = unicodedata.normalize("NFKC", label[1])
        return
    claim = _CLAIM.match(line.text)
    if claim and not state.is_closed:  # an old gazette, or OCR: the claim begins on the line of its number
        yield from state.take()
        yield ClaimHead(int(claim[1]))
        line = replace(line, text=line.text[claim.end() :].strip())
    if state.run and not _continues(state.run[-1], line, margin):
        yield from state.take()
    state.run.append(line)


def _continues(before: Line, line: Line, margin: float) -> bool:
    """Whether ``line`` goes on with the paragraph of ``before``: full to the margin, and no indent after it."""
    if line.text.startswith("【") or before.text.endswith("】"):
        return False
    is_full = before.right >= margin - _FULL_GAP_EM * before.size
    is_indented = line.column == before.column and line.left > before.left + 0.8 * line.size
    return is_full and not (is_indented and before.page == line.page)
