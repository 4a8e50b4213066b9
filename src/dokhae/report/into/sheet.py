"""Sheet: the XML of one work sheet -> where its cells stand, and the same bytes with further cells put in.

In: the bytes of the part, the strings of the workbook.  Out: rows with the place of every cell, and a new part.  Only
our cells, the count of columns (``dimension``, ``spans``) and the widths of our columns change; all other bytes are
those of the list.  Offsets are bytes of UTF-8, as expat gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.report.columns import Value
from dokhae.report.into.markup import Element, local, parser, quoted
from dokhae.report.labels import label
from dokhae.report.spell import clean
from dokhae.report.xlsx import shortened

MOST_COLUMNS = 16_384
_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
_ENCODING = re.compile(rb"""<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)""")
_SPANS = re.compile(rb"""(\sspans\s*=\s*["'])(\d+):(\d+)""")
_FIRST_DAY = date(1900, 3, 1)


@dataclass(frozen=True, slots=True)
class Dates:
    """How a workbook writes days.  style: of cells that show one, None without; is_1904: days count from 1904."""

    style: str | None = None
    is_1904: bool = False

    def serial(self, day: date) -> int | None:
        """The number of the day; None where a cell can only hold it as text."""
        if self.style is None or day < (date(1904, 1, 2) if self.is_1904 else _FIRST_DAY):
            return None
        return (day - (date(1904, 1, 1) if self.is_1904 else date(1899, 12, 30))).days


@dataclass(slots=True)
class Cell:
    """column: from 1.  start, end: bytes of the element.  text: as the number columns of a list are read."""

    column: int
    start: int
    end: int = 0
    style: str = ""
    type: str = ""
    text: str = ""
    is_formula: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.is_formula


@dataclass(slots=True)
class Row:
    """number: from 1.  tag_end: first byte after its start tag; end: of its end tag, tag_end where it has none."""

    number: int
    start: int
    tag_end: int
    end: int = 0
    is_closed: bool = False
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Sheet:
    """A sheet, its bytes and the places in them."""

    content: bytes
    rows: list[Row] = field(default_factory=list)
    prefix: str = ""
    data_start: int = 0
    dimension: tuple[int, int] | None = None
    columns: list[_Width] = field(default_factory=list)
    columns_end: int | None = None
    last_merged: int = 0

    @staticmethod
    def of(content: bytes, strings: Sequence[str]) -> Sheet:
        """Raises ValueError and expat's errors for what is no sheet in UTF-8."""
        declared = _ENCODING.match(content.lstrip(b"\xef\xbb\xbf")[:200])
        if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            raise ValueError(f"a sheet in {declared[1].decode('ascii')}")
        sheet = Sheet(content)
        _Reader(sheet, strings).read()
        return sheet

    def texts(self, row: Row) -> list[str]:
        """The cells of a row by column, "" where nothing stands."""
        made = [""] * max((cell.column for cell in row.cells if not cell.is_empty), default=0)
        for cell in row.cells:
            if not cell.is_empty:
                made[cell.column - 1] = cell.text
        return made

    @property
    def first_free(self) -> int:
        """The column behind everything that holds something."""
        last = (cell.column for row in self.rows for cell in row.cells if not cell.is_empty)
        return max(max(last, default=0), self.last_merged) + 1

    def with_columns(
        self,
        cells: Mapping[int, Sequence[Value]],
        widths: Sequence[int],
        *,
        header: int,
        dates: Dates,
        lang: str,
        path: Path,
    ) -> bytes:
        """The part with ``cells`` (ordinal of a row -> values) behind its last column.

        header: the row whose style its new cells get.  Raises InputError ``list-too-wide``.
        """
        first, n_columns = self.first_free, len(widths)
        if first + n_columns - 1 > MOST_COLUMNS:
            raise InputError("list-too-wide", path=path, columns=first - 1, most=f"{MOST_COLUMNS:,}")
        edits = list(self._edits_of_frame(first, widths))
        for n, values in cells.items():
            style = self._style_of_header(header) if n == header else ""
            edits.extend(
                self._edits_of_row(self.rows[n], first, n_columns, _Writer(self.prefix, values, style, dates, lang))
            )
        return _edited(self.content, edits)

    def _style_of_header(self, header: int) -> str:
        named = [cell for cell in self.rows[header].cells if not cell.is_empty]
        return named[-1].style if named else ""

    def _edits_of_row(self, row: Row, first: int, n_columns: int, writer: _Writer) -> Iterator[_Edit]:
        """Our cells where they belong; empty cells of the list in our columns give way, their style stays."""
        last = first + n_columns - 1
        ours = [cell for cell in row.cells if first <= cell.column <= last]
        behind = next((cell.start for cell in row.cells if cell.column >= first), None)
        made = writer.row(row.number, first, {cell.column: cell.style for cell in ours})
        if row.is_closed:  # <row r="7"/>
            tag = _tag_with_span(self.content[row.start : row.tag_end], last)
            opened = tag[:-2].rstrip() + b">"
            yield _Edit(row.start, row.tag_end, opened + made + f"</{self.prefix}row>".encode())
            return
        yield _Edit(row.start, row.tag_end, _tag_with_span(self.content[row.start : row.tag_end], last))
        at = row.end if behind is None else behind
        yield _Edit(at, at, made)
        yield from (_Edit(cell.start, cell.end, b"") for cell in ours)

    def _edits_of_frame(self, first: int, widths: Sequence[int]) -> Iterator[_Edit]:
        """The size of the sheet, and the widths of our columns where the list says nothing of them."""
        last = first + len(widths) - 1
        if self.dimension is not None and self.rows:
            start, end = self.dimension
            ref = f'<{self.prefix}dimension ref="A1:{letters(last)}{max(row.number for row in self.rows)}"/>'
            yield _Edit(start, end, ref.encode())
        ours = "".join(
            f'<{self.prefix}col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
            for at, width in enumerate(widths, first)
        ).encode()
        if self.columns_end is None:
            framed = f"<{self.prefix}cols>".encode() + ours + f"</{self.prefix}cols>".encode()
            yield _Edit(self.data_start, self.data_start, framed)
            return
        behind = [column for column in self.columns if column.last >= first]
        if not behind:
            yield _Edit(self.columns_end, self.columns_end, ours)
            return
        # what the list says of columns that are now ours (often: all to the right are hidden) is cut to either side
        before = b"".join(
            column.cut(self.content, column.first, first - 1) for column in behind if column.first < first
        )
        after = b"".join(column.cut(self.content, max(column.first, last + 1), column.last) for column in behind)
        yield _Edit(behind[0].start, self.columns_end, before + ours + after)


@dataclass(frozen=True, slots=True)
class _Width:
    """What a list says of the columns from ``first`` to ``last``; start, end: bytes of the element."""

    first: int
    last: int
    start: int
    end: int

    def cut(self, content: bytes, first: int, last: int) -> bytes:
        """The same said of fewer columns; nothing of none."""
        if first > last:
            return b""
        tag = content[self.start : self.end]
        for name, value in ((b"min", first), (b"max", last)):
            tag = re.sub(rb"(\s" + name + rb"""\s*=\s*["'])\d+""", rb"\g<1>" + str(value).encode(), tag, count=1)
        return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    start: int
    end: int
    made: bytes


def _edited(content: bytes, edits: Sequence[_Edit]) -> bytes:
    """The content with every edit made; what is put in before a stretch that goes comes first."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [content[at : edit.start], edit.made]
        at = edit.end
    return b"".join((*pieces, content[at:]))


def _tag_with_span(tag: bytes, last: int) -> bytes:
    """A row's start tag whose hint of its columns reaches to ours."""
    return _SPANS.sub(lambda m: m[1] + m[2] + b":" + str(max(int(m[3]), last)).encode(), tag, count=1)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Values of one row as cells."""

    prefix: str
    values: Sequence[Value]
    style: str
    dates: Dates
    lang: str

    def row(self, number: int, first: int, styles: Mapping[int, str]) -> bytes:
        made = (
            self._cell(f"{letters(column)}{number}", value, self.style or styles.get(column, ""))
            for column, value in enumerate(self.values, first)
            if value not in (None, "") or column in styles
        )
        empty = (
            self._cell(f"{letters(column)}{number}", None, style)
            for column, style in styles.items()
            if column >= first + len(self.values)
        )
        return "".join((*made, *empty)).encode("utf8")

    def _cell(self, reference: str, value: Value, style: str) -> str:
        p = self.prefix
        serial = self.dates.serial(value) if isinstance(value, date) else None
        if serial is not None:
            return f'<{p}c r="{reference}" s="{self.dates.style}"><{p}v>{serial}</{p}v></{p}c>'
        styled = f' s="{style}"' if style else ""
        if value is None or value == "":
            return f'<{p}c r="{reference}"{styled}/>'
        if isinstance(value, int | float):
            return f'<{p}c r="{reference}"{styled}><{p}v>{value!r}</{p}v></{p}c>'
        text = value.isoformat() if isinstance(value, date) else shortened(clean(value), self._say_cut)
        words = f'<{p}is><{p}t xml:space="preserve">{quoted(text)}</{p}t></{p}is>'
        return f'<{p}c r="{reference}"{styled} t="inlineStr">{words}</{p}c>'

    def _say_cut(self, start: int, end: int) -> str:
        return label("sheet.cut", self.lang, start=f"{start:,}", end=f"{end:,}")


class _Reader:
    """expat's events -> the places of a sheet."""

    def __init__(self, sheet: Sheet, strings: Sequence[str]) -> None:
        self._sheet = sheet
        self._strings = strings
        self._open: list[str] = []
        self._text: list[str] = []
        self._row = Row(0, 0, 0)
        self._cell = Cell(0, 0)
        self._parser: Any = parser()

    def read(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.Parse(self._sheet.content, True)

    def _start(self, tag: str, attributes: Element) -> None:
        name, at, sheet = local(tag), self._parser.CurrentByteIndex, self._sheet
        self._open.append(name)
        match name:
            case "row" | "c" | "f" if "sheetData" not in self._open:
                pass  # of an extension
            case "row":
                self._row = Row(int(attributes.get("r", self._row.number + 1)), at, self._tag_end(at))
                self._row.is_closed = sheet.content[self._row.tag_end - 2 : self._row.tag_end] == b"/>"
                sheet.rows.append(self._row)
            case "c":
                before = self._row.cells[-1].column if self._row.cells else 0
                column = column_of(attributes["r"]) if "r" in attributes else before + 1
                self._cell = Cell(column, at, style=attributes.get("s", ""), type=attributes.get("t", "n"))
                self._row.cells.append(self._cell)
            case "f":
                self._cell.is_formula = True
            case "sheetData":
                sheet.data_start, sheet.prefix = at, tag.removesuffix("sheetData")
            case "dimension":
                sheet.dimension = (at, self._tag_end(at))
            case "col" if "cols" in self._open:
                last = int(attributes.get("max", "0"))
                sheet.columns.append(_Width(int(attributes.get("min", last)), last, at, self._tag_end(at)))
            case "mergeCell":
                found = _REFERENCE.findall(attributes.get("ref", ""))
                sheet.last_merged = max([sheet.last_merged, *(column_of(letters_) for letters_, _ in found)])

    def _end(self, tag: str) -> None:
        name, at = self._open.pop(), self._parser.CurrentByteIndex
        if name in ("v", "t"):
            self._cell.text += "".join(self._text)
            self._text.clear()
        elif name in ("c", "row") and "sheetData" not in self._open:
            pass
        elif name == "c":
            self._cell.end = self._element_end(self._cell.start, at)
            self._cell.text = self._value(self._cell)
        elif name == "row":
            self._row.end = self._row.tag_end if self._row.is_closed else at
        elif name == "cols":
            self._sheet.columns_end = at

    def _characters(self, words: str) -> None:
        if self._open[-1] in ("v", "t") and "rPh" not in self._open:
            self._text.append(words)

    def _value(self, cell: Cell) -> str:
        """What a cell shows, as far as numbers and headings need it: whole numbers without an exponent."""
        match cell.type:
            case "s":
                return self._strings[int(cell.text)].strip() if cell.text else ""
            case "n":
                return _whole(cell.text)
            case "e":
                return ""
            case _:
                return cell.text.strip()

    def _tag_end(self, at: int) -> int:
        found = _TAG.match(self._sheet.content, at)
        if found is None:
            raise ValueError("a tag without end")
        return found.end()

    def _element_end(self, start: int, at: int) -> int:
        """The first byte behind an element that ends at ``at``, be it <c …/> or <c …>…</c>."""
        first = self._tag_end(start)
        return first if self._sheet.content[first - 2 : first] == b"/>" else self._tag_end(at)


def column_of(reference: str) -> int:
    """The column of a cell: A is 1.

    >>> column_of("A1"), column_of("AB12"), column_of("XFD")
    (1, 28, 16384)
    """
    column = 0
    for letter in reference.rstrip("0123456789").replace("$", ""):
        if not "A" <= letter <= "Z":
            raise ValueError(f"no cell: {reference!r}")
        column = column * 26 + ord(letter) - 64
    return column


def letters(column: int) -> str:
    """The letters of a column.

    >>> letters(1), letters(28), letters(16384)
    ('A', 'AB', 'XFD')
    """
    made = ""
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


def _whole(number: str) -> str:
    """A number of a cell: 1.0201200163320E12 is 1020120016332, as far as a spreadsheet keeps digits."""
    try:
        value = float(number)
    except ValueError:
        return number.strip()
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else number.strip()
