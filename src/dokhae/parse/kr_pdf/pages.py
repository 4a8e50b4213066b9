"""PDF bytes -> the printed lines of each page, in reading order, with their place and style.

In: a PDF.  Out: ``Line``s, page by page (one page in memory at a time), page furniture left out.  Never joins lines and
never reads words.  The gazette printer writes columns one after the other, so the order of the PDF is the reading
order; pdfium (pypdfium2, used nowhere else) gives the characters and where each stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_float, c_uint
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

_FURNITURE = re.compile(
    r"- ?\d+ ?-|(?:등록|공개|공고)(?:특허|실용신안|디자인) ?(?:특)?\d\d-?[\d-]+|JP ?[\d-]+ ?[A-Z]\d? ?\d{4}\.\d+\.\d+"
)
_LABEL = re.compile(r"(?:\[(\d{4,5})\]|<(\d{1,4})>)(?=\s|$)\s*")
# Every Korean gazette seen, 2007-2025, sets its headings in this red.
_HEADING_COLOUR = (255, 0, 128)
# pdfium marks a hyphen that ends a line so that programs can drop it; a gazette breaks no word with a hyphen of its own
_LINE_END_HYPHEN = (0x02, 0xFFFE)
_ASCENT, _DESCENT = 0.86, 0.14
_SKIPPED_WIDTH = 0.01


class PdfBrokenError(Exception):
    """pdfium cannot open the file."""


class PdfEncryptedError(Exception):
    """The file needs a password."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.  Points from the lower left corner of the page; pages count from 1.

    label: the paragraph number printed before the text ("0012").  slack: how much wider than natural the gaps between
    its words are set, in points: what the line had left over before it was justified.
    """

    page: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    label: str = ""
    is_coloured: bool = False
    slack: float = 0.0

    @property
    def bottom(self) -> float:
        return self.baseline - self.size * _DESCENT

    @property
    def top(self) -> float:
        return self.baseline + self.size * _ASCENT


def after_prefix(line: Line, n_chars: int) -> Line | None:
    """The line without its first ``n_chars`` characters (a printed number); None where nothing is left."""
    rest = line.text[n_chars:].strip()
    return replace(line, text=rest) if rest else None


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    x: float
    y: float
    size: float
    index: int


class Pdf:
    """An open PDF.  Use as a context manager.

    Raises PdfEncryptedError or PdfBrokenError on opening.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
                raise PdfEncryptedError(str(error)) from error
            raise PdfBrokenError(str(error)) from error

    def __enter__(self) -> Pdf:
        return self

    def __exit__(self, *_: object) -> None:
        self._document.close()

    def __len__(self) -> int:
        return len(self._document)

    def lines(self) -> Iterator[Line]:
        """The lines of all pages without page numbers and running heads.  Raises PdfBrokenError on a damaged page."""
        for number in range(1, len(self) + 1):
            for line in self._page_lines(number):
                if not _FURNITURE.fullmatch(line.text):
                    yield line

    def running_heads(self) -> tuple[str, ...]:
        """What the first page prints as page furniture ("등록특허 10-1314187")."""
        return tuple(line.text for line in self._page_lines(1) if _FURNITURE.fullmatch(line.text))

    def _page_lines(self, number: int) -> list[Line]:
        try:
            page = self._document[number - 1]
            _widen_lone_letters(page)
            textpage = page.get_textpage()
        except pdfium.PdfiumError as error:
            raise PdfBrokenError(f"page {number}: {error}") from error
        try:
            rows = [line for glyphs in _rows(textpage) if (line := _line(glyphs, textpage, number)) is not None]
        finally:
            textpage.close()
            page.close()
        return _labelled(rows)


def _widen_lone_letters(page: Any) -> None:
    """Makes pdfium report letters that are drawn one at a time in a font this machine lacks.

    pdfium skips text that is no wider than a point's hundredth.  It measures the ink of the glyphs: where a font is not
    in the file (all Japanese gazettes) nor on the machine, one letter alone has none.  Text that is drawn by its
    outline gets the width of the pen; nothing is rendered here, so no look changes.
    """
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    for index in range(raw.FPDFPage_CountObjects(page)):
        thing = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_TEXT:
            continue
        raw.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
        is_flat = right.value - left.value < _SKIPPED_WIDTH
        if is_flat and not raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing)):
            raw.FPDFTextObj_SetTextRenderMode(thing, raw.FPDF_TEXTRENDERMODE_STROKE)
            raw.FPDFPageObj_Transform(thing, 1, 0, 0, 1, 0, 0)  # pdfium measures anew


def _rows(textpage: Any) -> Iterator[list[_Glyph]]:
    x, y = c_double(), c_double()
    row: list[_Glyph] = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        char = "-" if code in _LINE_END_HYPHEN else chr(code) if code else "\ufffd"
        if char == "\n":
            yield row
            row = []
        elif char != "\r":
            raw.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
            row.append(_Glyph(char, x.value, y.value, raw.FPDFText_GetFontSize(textpage, index), index))
    yield row


def _labelled(rows: Sequence[Line]) -> list[Line]:
    """``rows`` with each number that stands in a row of its own given to the line beside it.

    A raised or lowered first letter puts the number into the stream after its line, or before it; a number beside
    nothing (a formula drawn as a picture) is dropped.
    """
    lines = list(rows)
    for index, row in enumerate(rows):
        if row.text:
            continue
        for beside in (index - 1, index + 1):
            if 0 <= beside < len(rows) and _stand_together(row, lines[beside]):
                lines[beside] = replace(lines[beside], label=row.label)
                break
    return [line for line in lines if line.text]


def _stand_together(label: Line, line: Line) -> bool:
    return bool(line.text) and not line.label and abs(line.baseline - label.baseline) < label.size


def _line(glyphs: list[_Glyph], textpage: Any, page: int) -> Line | None:
    label, rest = _split_label(glyphs)
    printed = [glyph for glyph in rest or glyphs if not glyph.char.isspace()]
    if not printed:
        return None
    size = Counter(round(glyph.size, 1) for glyph in printed).most_common(1)[0][0]
    baseline = Counter(round(glyph.y, 1) for glyph in printed if round(glyph.size, 1) == size).most_common(1)[0][0]
    last = printed[-1]
    return Line(
        page=page,
        text=" ".join("".join(glyph.char for glyph in rest).split()),
        left=round(printed[0].x, 1),
        right=round(last.x + _natural_width(last), 1),
        baseline=baseline,
        size=size,
        label=label,
        is_coloured=_colour(textpage, printed[0].index) == _HEADING_COLOUR,
        slack=round(_slack(rest), 2),
    )


def _split_label(glyphs: list[_Glyph]) -> tuple[str, list[_Glyph]]:
    """The paragraph number a row starts with ("" where there is none) and the rest of the row."""
    found = _LABEL.match("".join(glyph.char for glyph in glyphs))
    if found is None:
        return "", glyphs
    return found[1] or found[2], glyphs[found.end() :]


def _colour(textpage: Any, index: int) -> tuple[int, int, int]:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    raw.FPDFText_GetFillColor(textpage, index, byref(red), byref(green), byref(blue), byref(alpha))
    return red.value, green.value, blue.value


def _natural_width(glyph: _Glyph) -> float:
    """The gazette's fonts are fixed pitch: 0.987 em for a Hangul or Han letter, 0.507 em for a Latin one or a space."""
    return glyph.size * (0.9867 if unicodedata.east_asian_width(glyph.char) in "WFA" else 0.5067)


def _slack(glyphs: list[_Glyph]) -> float:
    """The stretch of all gaps between words, in points."""
    total = 0.0
    for before, gap, after in zip(glyphs, glyphs[1:], glyphs[2:], strict=False):
        if gap.char == " " and before.char != " " and after.char != " ":
            total += after.x - before.x - _natural_width(before) - before.size * 0.5067
    return total
