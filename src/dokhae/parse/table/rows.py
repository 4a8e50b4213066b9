"""Bytes of a table -> its sheets, each a stream of rows of text.  python-calamine lives here.

In: CSV, TSV or the like in UTF-8, UTF-16 or Korean (cp949), XLSX, XLS, XLSB, ODS.  Out: ``Sheet``s of ``SourceRow``s.
Cells are text: a formula is never evaluated.  CSV is streamed, line by line, each line decoded by itself, so that a
file glued together from two encodings is read; a workbook is held whole.  A row that an unclosed quotation mark has
swallowed is given back.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from dokhae.parse import HEAD_BYTES
from dokhae.parse.files.archives import put_back, read_up_to
from dokhae.types import Defect, Rejected, Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
SNIFF_BYTES = 1024 * 1024
DELIMITERS = "\t,;|"
_MAX_CELL_CHARS = 32 * 2**20
_MAX_LINE_BYTES = 64 * 2**20
_TELLING_WIDTH = 5
_HANGUL = re.compile("[가-힣]")
# a CR within a line ends it too, as in any text file
_UNIVERSAL_NEWLINE = re.compile(r"\r(?!$)")
_EXCEL_TEXT = re.compile(r'^="(.*)"$', re.S)
_HYPERLINK = re.compile(r'^=HYPERLINK\("[^"]*"\s*[,;]\s*"([^"]*)"\)$', re.I)
_BLANK = frozenset(
    [
        "na",
        "n/a",
        "n.a.",
        "nan",
        "none",
        "null",
        "-",
        "#n/a",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "not available",
        "해당없음",
        "해당 없음",
    ]
)

Row = list[str]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row; defects: what had to be done to read it."""

    cells: Row
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one table as they come; name: of the sheet, "" in a file that has but one."""

    name: str
    source: Source
    rows: Iterator[SourceRow | Rejected]


def sheets_of(
    stream: BinaryIO, source: Source, shape_of: Callable[[str], tuple[str, int]]
) -> Iterator[Sheet | Rejected]:
    """The tables of a file.  shape_of: tells from the beginning of a text its delimiter and its number of columns."""
    head = stream.read(len(OLE))
    if head.startswith((OLE, ZIP)):
        yield from _workbook(io.BytesIO(head + stream.read()), source)
    else:
        yield from _delimited(head, stream, source, shape_of)


def cell_of(value: object) -> str:
    """A cell as text; whole numbers without ".0", days as ISO, what says that nothing is there as "".

    >>> cell_of(1020120016332.0), cell_of('="0123"'), cell_of('=HYPERLINK("http://x","US 1")'), cell_of("#N/A")
    ('1020120016332', '0123', 'US 1', '')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    written = str(value).strip()
    if written.startswith("="):  # ="1020120016332" makes Excel keep digits; of a link, what it shows
        match = _EXCEL_TEXT.match(written) or _HYPERLINK.match(written)
        written = match[1].strip() if match else written
    return "" if written.lower() in _BLANK else written


def sample_rows(text: str, delimiter: str, n_rows: int) -> list[Row]:
    """The first rows of the beginning of a file, as far as they can be read."""
    rows: list[Row] = []
    csv.field_size_limit(_MAX_CELL_CHARS)
    with suppress(csv.Error):
        for cells in islice(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter), n_rows):
            rows.append([cell_of(cell) for cell in cells])
    return rows


def encoding_of(sample: bytes, *, is_whole: bool) -> str | None:
    """UTF-8, UTF-16 or Korean, by the marks and by what decodes; else Western; None for bytes that are no text."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        return None
    if certain := _certain_encoding(sample, is_whole=is_whole):
        return certain
    if sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in sample[:HEAD_BYTES]) * 50 > len(sample[:HEAD_BYTES]):
        return None
    if mixed := _mixed_encoding(sample):
        return mixed
    # spreadsheets on old Macs end lines with CR alone
    return "mac_roman" if b"\r" in sample and b"\n" not in sample else "cp1252"


def _certain_encoding(sample: bytes, *, is_whole: bool) -> str | None:
    if _decodes(sample, "utf-8-sig", is_whole=is_whole) is not None:
        return "utf-8-sig"
    korean = _decodes(sample, "cp949", is_whole=is_whole)
    return "cp949" if korean is not None and _is_mostly_hangul(korean) else None


def _mixed_encoding(sample: bytes) -> str | None:
    """The encoding of most lines of a file that is in one only for the most part; None for any other."""
    foreign = [line for line in sample.split(b"\n")[:-1] if not line.isascii()]
    utf8 = sum(_decodes(line, "utf-8", is_whole=True) is not None for line in foreign)
    korean = sum(
        (text := _decodes(line, "cp949", is_whole=True)) is not None and _is_mostly_hangul(text) for line in foreign
    )
    if foreign and 2 * utf8 >= len(foreign):  # nothing else looks like UTF-8 by chance
        return "utf-8-sig"
    return "cp949" if korean and utf8 + korean >= 0.9 * len(foreign) else None


def _is_mostly_hangul(text: str) -> bool:
    return 2 * len(_HANGUL.findall(text)) > sum(c > "\x7f" for c in text)


def _decodes(sample: bytes, encoding: str, *, is_whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=is_whole)
    except UnicodeDecodeError:
        return None


# ---- workbooks


def _workbook(stream: io.BytesIO, source: Source) -> Iterator[Sheet | Rejected]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(stream)
        names = book.sheet_names
    except Exception as error:  # noqa: BLE001 - calamine's errors share no base class
        yield Rejected.of(source, "workbook-unreadable", reason=error)
        return
    for name in names:
        try:
            sheet = book.get_sheet_by_name(name)
        except Exception as error:  # noqa: BLE001
            yield Rejected.of(source, "workbook-unreadable", reason=f"{name}: {error}")
            continue
        rows = (SourceRow([cell_of(value) for value in row]) for row in sheet.iter_rows())
        yield Sheet(name, source, rows)


# ---- text


def _delimited(
    head: bytes, stream: BinaryIO, source: Source, shape_of: Callable[[str], tuple[str, int]]
) -> Iterator[Sheet | Rejected]:
    sample = head + read_up_to(stream, SNIFF_BYTES)
    encoding = encoding_of(sample, is_whole=len(sample) < SNIFF_BYTES)
    if encoding is None:
        yield Rejected.of(source, "table-encoding")
        return
    delimiter, width = shape_of(sample[: 64 * 1024].decode(encoding, "replace"))
    has_plain_lines = encoding in {"utf-8-sig", "cp949"} and (b"\n" in sample or b"\r" not in sample)
    lines = _Lines(put_back(sample, stream), encoding, has_plain_lines=has_plain_lines)
    yield Sheet("", source, _text_rows(lines, delimiter, width, source))


class _Lines:
    """The lines of a text, each decoded by itself; remembers those of the row being read, to read them once more."""

    def __init__(self, stream: BinaryIO, encoding: str, *, has_plain_lines: bool) -> None:
        self.of_row: list[str] = []
        self.n_too_long = 0
        self._again: list[str] = []
        self._odd: dict[str, int] = {}
        self._encoding = encoding
        self._bytes = stream
        self._text = None if has_plain_lines else io.TextIOWrapper(stream, encoding, "replace", newline=None)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._next_line()
        if not line:
            raise StopIteration
        self.of_row.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._again.extend(reversed(lines))

    def end_row(self) -> tuple[Defect, ...]:
        """Forgets the row; its defects: lines that were not in the encoding of the file."""
        self.of_row = []
        odd, self._odd = self._odd, {}
        return tuple(Defect.of("row-encoding", encoding=name, count=n) for name, n in odd.items())

    def _next_line(self) -> str:
        if self._text is not None:
            return self._bounded(self._text.readline(_MAX_LINE_BYTES + 1), self._text.readline)
        while (raw := self._bytes.readline(_MAX_LINE_BYTES + 1)) and len(raw) > _MAX_LINE_BYTES:
            self._skip_line(self._bytes.readline)
        line, *more = _UNIVERSAL_NEWLINE.split(self._decoded(raw))
        self.give_back([f"{piece}\n" for piece in more[:-1]] + more[-1:] if more else [])
        return f"{line}\n" if more else line

    def _bounded(self, line: str, readline: Callable[[int], str]) -> str:
        while len(line) > _MAX_LINE_BYTES:
            self._skip_line(readline)
            line = readline(_MAX_LINE_BYTES + 1)
        return line

    def _skip_line(self, readline: Callable[[int], str] | Callable[[int], bytes]) -> None:
        self.n_too_long += 1
        while (piece := readline(1024 * 1024)) and piece[-1:] not in ("\n", b"\n"):
            pass

    def _decoded(self, raw: bytes) -> str:
        first, second = ("utf-8", "cp949") if self._encoding == "utf-8-sig" else ("cp949", "utf-8")
        for encoding in (first, second):
            text = _decodes(raw, encoding, is_whole=True)
            if text is not None and (encoding == first or _is_mostly_hangul(text)):
                break
        else:
            encoding, text = "unknown", raw.decode(first, "replace")
        if encoding != first:
            self._odd[encoding] = self._odd.get(encoding, 0) + 1
        return text.replace("\r\n", "\n").removeprefix("\ufeff")


def _text_rows(lines: _Lines, delimiter: str, width: int, source: Source) -> Iterator[SourceRow | Rejected]:
    """The rows of a text; what cannot be read as a row is rejected, the others are read."""
    csv.field_size_limit(_MAX_CELL_CHARS)  # the default, 131,072, is less than a description
    n_rereadable = 4 * _MAX_CELL_CHARS  # against files made of nothing but open quotation marks
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        reason = ""
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells, reason = [], str(error)
            reader = csv.reader(lines, delimiter=delimiter)
        for _ in range(lines.n_too_long):
            yield Rejected.of(source, "line-too-long", limit_mb=_MAX_LINE_BYTES // 2**20)
        lines.n_too_long = 0
        if cells is None:
            return
        read = lines.of_row
        defects = lines.end_row()
        if len(read) > 1 and (reason or _is_swallowed(cells, read, width, delimiter)):
            n_rereadable -= sum(map(len, read))
            if n_rereadable < 0:
                yield Rejected.of(source, "table-broken", reason=reason or "unexpected end of data")
                return
            lines.give_back(read[1:])
            cells, reason = _without_quotes(read[0], width, delimiter), ""
            defects = (*defects, Defect.of("quote-unclosed"))
            reader = csv.reader(lines, delimiter=delimiter)
        if reason:
            yield Rejected.of(source, "row-unreadable", reason=reason)
        else:
            yield SourceRow([cell_of(cell) for cell in cells], defects)


def _is_swallowed(cells: Row, lines: list[str], width: int, delimiter: str) -> bool:
    """Whether a row of several lines is really several rows: its other lines have as many cells as the header has."""
    if not width:
        return False
    others = [line for line in lines[1:] if line.strip()]
    if len(cells) != width:
        others = others[:1]
    elif width < _TELLING_WIDTH:  # prose has commas too
        return False
    return bool(others) and all(width in _widths(line, delimiter) for line in others)


def _widths(line: str, delimiter: str) -> set[int]:
    """How many cells a line has by itself, its quotation marks obeyed or not."""
    readers = (csv.reader([line], delimiter=delimiter, quoting=q) for q in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE))
    return {len(next(reader, [])) for reader in readers}


def _without_quotes(line: str, width: int, delimiter: str) -> Row:
    """The cells of a line one of whose quotation marks does not close."""
    plain = next(csv.reader([line.rstrip("\n")], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    if len(plain) == width:
        return [cell.strip('"') for cell in plain]
    return next(csv.reader([line.rstrip("\n") + '"'], delimiter=delimiter), [])
