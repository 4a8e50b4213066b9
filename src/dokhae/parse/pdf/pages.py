"""PDF bytes -> the printed lines, the words or the picture of each page.

In: a PDF.  Out, page by page (one in memory at a time): ``Line``s in the order of the file, which is the reading order
where one printer sets the columns one after the other (Korea, Japan); ``Word``s with their boxes, where the order must
be found (layout.py); or a grey picture for OCR.  Never joins lines and never reads words.  pdfium (pypdfium2, used
nowhere else) gives the characters and where each stands.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, c_double, c_float, c_uint
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

# the number of a paragraph: [0012], <12>; [12] in international applications
LABEL = re.compile(r"(?:\[(\d{4,5})\]|<(\d{1,4})>)(?=\s|$)\s*")
# Every Korean gazette seen, 2007-2025, sets its headings in this red.
_HEADING_COLOUR = (255, 0, 128)
# pdfium marks a hyphen that ends a line so that programs can drop it; a gazette breaks no word with a hyphen of its own
_LINE_END_HYPHEN = (0x02, 0xFFFE)
_ASCENT, _DESCENT = 0.86, 0.14
_SKIPPED_WIDTH = 0.01
_MOST_DOTS = 25_000_000  # A3 at 300 dots an inch has 17 million
# in sizes of the letters: a gap this wide parts two words even where no space is drawn
_WORD_GAP = 0.6
_UPRIGHT = 5  # degrees
_LOWER, _UPPER = 0.2, 0.72  # of a word's box, below and above the line it stands on


class PdfBrokenError(Exception):
    """pdfium cannot open the file."""


class PdfEncryptedError(Exception):
    """The file needs a password."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.  Points from the lower left corner of the page; pages count from 1.

    label: the paragraph number printed before the text ("0012").  slack: how much wider than natural the gaps between
    its words are set, in points: what the line had left over before it was justified.  column: 1, 2 where layout.py
    found columns.
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
    column: int = 0

    @property
    def bottom(self) -> float:
        return self.baseline - self.size * _DESCENT

    @property
    def top(self) -> float:
        return self.baseline + self.size * _ASCENT


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word and its box: points from the lower left corner of the page as one reads it.

    is_sure: False where OCR read it with little confidence.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_sure: bool = True

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PGM file; scale: dots a point; height: of the page, in points."""

    pgm: bytes
    scale: float
    height: float


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

    def lines(self, number: int) -> list[Line]:
        """The lines of one page (from 1), in the order of the file.  Raises PdfBrokenError on a damaged page."""
        with self._textpage(number) as (_, textpage):
            return _labelled(
                [line for glyphs in _rows(textpage) if (line := _line(glyphs, textpage, number)) is not None]
            )

    def words(self, number: int) -> list[Word]:
        """The words of one page that stand upright, with their boxes; of a turned page, as one reads it."""
        with self._textpage(number) as (page, textpage):
            turn = _Turn(page.get_rotation(), *page.get_size())
            return [turn.word(word) for glyphs in _rows(textpage) for word in _words(glyphs, textpage, turn.degrees)]

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of one page as one reads it, in points."""
        try:
            width, height = self._document.get_page_size(number - 1)
        except pdfium.PdfiumError as error:
            raise PdfBrokenError(f"page {number}: {error}") from error
        return float(width), float(height)

    def picture(self, number: int, *, dots_per_inch: float) -> Picture:
        """One page as a grey picture; coarser where the page is so large that it would fill the memory."""
        width, height = self.size(number)
        scale = min(dots_per_inch / 72, math.sqrt(_MOST_DOTS / max(width * height, 1.0)))
        try:
            page = self._document[number - 1]
            bitmap = page.render(scale=scale, grayscale=True)
        except (pdfium.PdfiumError, ValueError) as error:
            raise PdfBrokenError(f"page {number}: {error}") from error
        dots = bytes(bitmap.buffer)
        rows = b"".join(dots[at : at + bitmap.width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        picture = Picture(f"P5 {bitmap.width} {bitmap.height} 255\n".encode() + rows, scale, height)
        bitmap.close()
        page.close()
        return picture

    @contextmanager
    def _textpage(self, number: int) -> Iterator[tuple[Any, Any]]:
        try:
            page = self._document[number - 1]
            _widen_lone_letters(page)
            textpage = page.get_textpage()
        except pdfium.PdfiumError as error:
            raise PdfBrokenError(f"page {number}: {error}") from error
        try:
            yield page, textpage
        finally:
            textpage.close()
            page.close()


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
        if raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing)):
            continue
        raw.FPDFPageObj_GetBounds(thing, byref(left), byref(bottom), byref(right), byref(top))
        if right.value - left.value < _SKIPPED_WIDTH:
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
        elif char != "\r" and not (char == " " and _is_made_up(textpage, index)):
            raw.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
            row.append(_Glyph(char, x.value, y.value, raw.FPDFText_GetFontSize(textpage, index), index))
    yield row


@dataclass(frozen=True, slots=True)
class _Turn:
    """How a page is turned: degrees clockwise, width and height as one reads it."""

    degrees: int
    width: float
    height: float

    def word(self, word: Word) -> Word:
        left, bottom, right, top = word.left, word.bottom, word.right, word.top
        if self.degrees == 90:
            box = (bottom, self.height - right, top, self.height - left)
        elif self.degrees == 180:
            box = (self.width - right, self.height - top, self.width - left, self.height - bottom)
        elif self.degrees == 270:
            box = (self.width - top, left, self.width - bottom, right)
        else:
            return word
        return replace(word, left=box[0], bottom=box[1], right=box[2], top=box[3])


def _words(glyphs: Sequence[_Glyph], textpage: Any, degrees: int) -> Iterator[Word]:
    run: list[_Glyph] = []
    for glyph in [*glyphs, None]:
        if run and (glyph is None or glyph.char.isspace() or _parts_words(run[-1], glyph, degrees)):
            if (word := _word(run, textpage, degrees)) is not None:
                yield word
            run = []
        if glyph is not None and not glyph.char.isspace():
            run.append(glyph)


def _parts_words(before: _Glyph, glyph: _Glyph, degrees: int) -> bool:
    """Whether a letter stands apart from the one before: further along the line, behind it, or beside the line."""
    x, y = glyph.x - before.x, glyph.y - before.y
    along, across = {0: (x, y), 90: (y, x), 180: (-x, y), 270: (-y, x)}.get(degrees, (x, y))
    gap = along - _natural_width(before)
    return gap > _WORD_GAP * glyph.size or along < -_WORD_GAP * glyph.size or abs(across) > glyph.size


def _word(run: Sequence[_Glyph], textpage: Any, degrees: int) -> Word | None:
    """The word of these letters; None where they do not stand upright on the page as one reads it."""
    angle = math.degrees(raw.FPDFText_GetCharAngle(textpage, run[0].index)) % 360
    # the page is turned clockwise, angles are counted the other way round
    if abs((angle + degrees + 180) % 360 - 180) > _UPRIGHT:
        return None
    sizes = sorted(glyph.size for glyph in run)
    first, last, size = run[0], run[-1], sizes[len(sizes) // 2]
    text = "".join(glyph.char for glyph in run)
    left, bottom, right, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(textpage, last.index, byref(left), byref(right), byref(bottom), byref(top))
    width = _natural_width(last)
    if degrees == 90:
        return Word(text, first.x - _UPPER * size, first.y, first.x + _LOWER * size, max(top.value, last.y + width / 2))
    if degrees == 180:
        return Word(
            text, min(left.value, last.x - width / 2), first.y - _UPPER * size, first.x, first.y + _LOWER * size
        )
    if degrees == 270:
        end = min(bottom.value, last.y - width / 2)
        return Word(text, first.x - _LOWER * size, end, first.x + _UPPER * size, first.y)
    end = right.value if right.value > last.x else last.x + width
    return Word(text, first.x, first.y - _LOWER * size, end, first.y + _UPPER * size)


def _is_made_up(textpage: Any, index: int) -> bool:
    """Whether a space is drawn nowhere, between two letters of a script that has none: pdfium adds it beside a small
    letter (Ｏ２) and where letters are drawn one by one."""
    if raw.FPDFText_IsGenerated(textpage, index) != 1:
        return False
    beside = (raw.FPDFText_GetUnicode(textpage, index - 1), raw.FPDFText_GetUnicode(textpage, index + 1))
    return all(_is_spaceless(chr(code)) for code in beside if code)


def _is_spaceless(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF" and not "\uac00" <= char <= "\ud7a3"


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
    found = LABEL.match("".join(glyph.char for glyph in glyphs))
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
