"""Tables of patents (CSV, TSV, XLSX, XLS, XLSB, ODS) -> documents, one a row.

In: a stream of any of these, in UTF-8, UTF-16 or Korean (cp949).  Out: one ``Document`` a row, by the names of its
columns (columns.toml); everything else in the row is kept as supplied.  The header row is found, not assumed.  Cells
are text: a formula is never evaluated, a number a spreadsheet has rounded is rejected, not repaired.  CSV is streamed;
a workbook is held whole.  python-calamine lives here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from dokhae.parse import HEAD_BYTES
from dokhae.parse.archives import put_back
from dokhae.parse.records import NUMBER_FIELDS, document_of
from dokhae.types import Defect, Document, Rejected, Source

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HEADER_WITHIN_ROWS = 30
_SNIFF_BYTES = 1024 * 1024
_DELIMITERS = "\t,;|"
_MAX_CELL_CHARS = 32 * 2**20
_MAX_NAME_CHARS = 300
# words by which exports of databases name a column's type, not its content
_TYPE_WORDS = re.compile(r"(?<=.)(?:TEXT|NGRAM|NUMERIC|DATETIME|KEYWORD|STORED)$|^STORED$")
_BRACKETED_END = re.compile(r"\s*[\[(（][^\])）]*[\])）]\s*$")
_NOT_LETTER = re.compile(r"[^\w]|_")
_HANGUL = re.compile("[가-힣]")
_EXCEL_TEXT = re.compile(r'^="(.*)"$', re.S)
_BLANK = frozenset({"na", "n/a", "nan", "none", "null", "-"})
_TEXT_FIELDS = frozenset({"title", "abstract", "claims"})

Row = list[str]


@dataclass(frozen=True, slots=True)
class _Header:
    """What the columns of a table hold.  fields: our name, or "" for a column without one; n_rows: rows up to it."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    n_rows: int

    @property
    def is_of_patents(self) -> bool:
        known = set(self.fields)
        return len(known - {""}) >= 2 and bool(known & {*NUMBER_FIELDS, "title"})


@dataclass
class _Sheet:
    """The rows of one table as they come; name: of the sheet, "" in a file that has but one."""

    name: str
    rows: Iterator[Row]
    source: Source


class Table:
    name = "table"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        if head.startswith((_OLE, _ZIP)):
            return True
        encoding = _encoding(head, is_whole=len(head) < HEAD_BYTES)
        text = head.decode(encoding, "replace").lstrip("\ufeff") if encoding else ""
        if not text or "\0" in text or text.lstrip()[:1] in "<{%":
            return False
        rows = _sample_rows(text, _delimiter(text))
        if _find_header(rows, known_columns()) is not None:
            return True
        widths = [len(row) for row in rows[:-1] if any(row)]
        # no name is known: still a table if its rows are alike, and then worth a hint about columns.toml
        return len(widths) >= 3 and min(widths) == max(widths) >= 3

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source, item = replace(source, format=self.name), -1
        for item, got in enumerate(self._items(stream, source)):
            yield replace(got, source=replace(source, item=item))
        if item < 0:
            yield Rejected.of(source, "table-empty")

    def _items(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        try:
            columns = columns_for(source.path)
        except (ValueError, OSError) as error:
            yield Rejected.of(source, "columns-unreadable", reason=error)
            return
        for sheet in self._sheets(stream, source):
            if isinstance(sheet, Rejected):
                yield sheet
                continue
            try:
                yield from self._documents(sheet, columns)
            except csv.Error as error:
                yield Rejected.of(source, "table-broken", reason=error)

    def _sheets(self, stream: BinaryIO, source: Source) -> Iterator[_Sheet | Rejected]:
        head = stream.read(len(_OLE))
        if head.startswith((_OLE, _ZIP)):
            yield from _workbook(io.BytesIO(head + stream.read()), source)
        else:
            yield from _delimited(head, stream, source)

    def _documents(self, sheet: _Sheet, columns: Mapping[str, str]) -> Iterator[Document | Rejected]:
        first, rest = _first_rows(sheet.rows)
        header = _find_header(first, columns)
        if header is None:
            seen = next((row for row in first if sum(map(bool, row)) >= 2), first[0] if first else [])
            if any(seen):
                shown = ", ".join(cell for cell in seen if cell)[:300]
                yield Rejected.of(sheet.source, "table-header-unknown", sheet=sheet.name or "-", seen=shown)
            return
        for row in chain(first[header.n_rows :], rest):
            if any(row) and tuple(row[: len(header.names)]) != header.names:
                yield self._document(row, header, sheet.source)

    def _document(self, row: Row, header: _Header, source: Source) -> Document | Rejected:
        row, n_joined = _rejoined(row, header)
        cells: dict[str, str] = {}
        supplied: list[tuple[str, str]] = []
        for at, value in enumerate(row):
            named = header.fields[at] if at < len(header.fields) else ""
            if not value:
                continue
            if named and named not in cells:
                cells[named] = value
            else:
                name = header.names[at] if at < len(header.names) else ""
                supplied.append((name or f"column {at + 1}", value))
        got = document_of(
            cells, source, parser=(self.name, self.version), supplied=tuple(supplied), blanks_may_join=True
        )
        if n_joined and isinstance(got, Document):
            return replace(got, defects=(*got.defects, Defect.of("cells-joined", count=n_joined)))
        return got


# ---- the columns


@cache
def known_columns() -> Mapping[str, str]:
    """Squeezed column name -> our field, as columns.toml has them."""
    return _names_of(tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf8")))


def columns_for(path: str) -> Mapping[str, str]:
    """The known columns, and those of a file columns.toml beside ``path``.

    Raises ValueError where that file is not of the form of ours.
    """
    own = Path(path).with_name("columns.toml")
    if not own.is_file():
        return known_columns()
    return {**known_columns(), **_names_of(tomllib.loads(own.read_text("utf8")))}


def _names_of(table: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(entry, dict) and isinstance(entry.get("names"), list) for entry in table.values()):
        raise ValueError('each [field] needs names = ["…", …]')
    return {squeeze(str(name)): column for column, entry in table.items() for name in entry["names"]}


def squeeze(name: str) -> str:
    """A column's name as columns.toml is compared: letters and digits only, upper case, type words gone.

    >>> squeeze("출원번호 NUMERIC"), squeeze("Publication_Number"), squeeze(" STORED")
    ('출원번호', 'PUBLICATIONNUMBER', '')
    """
    squeezed = _NOT_LETTER.sub("", unicodedata.normalize("NFKC", name).upper())
    return _TYPE_WORDS.sub("", squeezed)


def _field_of(name: str, columns: Mapping[str, str]) -> str:
    if len(name) > _MAX_NAME_CHARS:  # a cell of text, slow to look for brackets in
        return ""
    # "요약(영문)" and "요약" differ by their brackets, "상태정보[KR,JP]" and "상태정보" do not
    return columns.get(squeeze(name)) or columns.get(squeeze(_BRACKETED_END.sub("", name)), "")


def _first_rows(rows: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    """The rows a header is looked for in, and the rest; what breaks among the first is raised after them."""
    first: list[Row] = []
    try:
        first.extend(islice(rows, _HEADER_WITHIN_ROWS))
    except csv.Error as error:
        return first, _raising(error)
    return first, rows


def _raising(error: csv.Error) -> Iterator[Row]:
    raise error
    yield  # makes this a generator: the error comes when the rest is asked for


def _find_header(rows: list[Row], columns: Mapping[str, str]) -> _Header | None:
    """The row with the most known names among the first ones; None where none names patents."""
    best: _Header | None = None
    for at, row in enumerate(rows[:_HEADER_WITHIN_ROWS]):
        header = _Header(tuple(row), tuple(_field_of(name, columns) for name in row), at + 1)
        n_known = len(set(header.fields) - {""})
        if header.is_of_patents and (best is None or n_known > len(set(best.fields) - {""})):
            best = header
    return best


def _rejoined(row: Row, header: _Header) -> tuple[Row, int]:
    """The row with a text put together again that an unquoted comma has spread over nameless cells behind it."""
    made, n_joined = list(row), 0
    last = max((i for i, name in enumerate(header.fields) if name), default=-1)
    if last < 0 or header.fields[last] not in _TEXT_FIELDS:
        return made, 0
    nameless = range(last + 1, len(row))
    if any(at < len(header.names) and squeeze(header.names[at]) for at in nameless):
        return made, 0
    for at in nameless:
        if row[at]:
            made[last] += ", " + row[at]
            made[at] = ""
            n_joined += 1
    return made, n_joined


# ---- the rows


def _cell(value: object) -> str:
    """A cell as text; whole numbers without ".0", days as ISO."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    written = str(value)
    if match := _EXCEL_TEXT.match(written.strip()):  # ="1020120016332", the way to make Excel keep digits
        written = match[1]
    written = written.strip()
    return "" if written.lower() in _BLANK else written


def _workbook(stream: io.BytesIO, source: Source) -> Iterator[_Sheet | Rejected]:
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
        yield _Sheet(name, ([_cell(value) for value in row] for row in sheet.iter_rows()), source)


def _delimited(head: bytes, stream: BinaryIO, source: Source) -> Iterator[_Sheet | Rejected]:
    sample = head + _read_up_to(stream, _SNIFF_BYTES)
    encoding = _encoding(sample, is_whole=len(sample) < _SNIFF_BYTES)
    if encoding is None:
        yield Rejected.of(source, "table-encoding")
        return
    text = io.TextIOWrapper(put_back(sample, stream), encoding, errors="replace", newline=None)
    delimiter = _delimiter(sample[: 64 * 1024].decode(encoding, "replace"))
    yield _Sheet("", _text_rows(text, delimiter), source)


def _read_up_to(stream: BinaryIO, n_bytes: int) -> bytes:
    pieces: list[bytes] = []
    while n_bytes > 0 and (piece := stream.read(n_bytes)):
        pieces.append(piece)
        n_bytes -= len(piece)
    return b"".join(pieces)


def _encoding(sample: bytes, *, is_whole: bool) -> str | None:
    """UTF-8, UTF-16 or Korean, by the marks and by what decodes; else Western; None for bytes that are no text."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in sample:
        return None
    if _decodes(sample, "utf-8-sig", is_whole=is_whole) is not None:
        return "utf-8-sig"
    korean = _decodes(sample, "cp949", is_whole=is_whole)
    if korean is not None and 2 * len(_HANGUL.findall(korean)) > sum(c > "\x7f" for c in korean):
        return "cp949"
    if sum(byte < 0x20 and byte not in b"\t\n\r\f\x1b" for byte in sample[:HEAD_BYTES]) * 50 > len(sample[:HEAD_BYTES]):
        return None
    # spreadsheets on old Macs end lines with CR alone
    return "mac_roman" if b"\r" in sample and b"\n" not in sample else "cp1252"


def _decodes(sample: bytes, encoding: str, *, is_whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=is_whole)
    except UnicodeDecodeError:
        return None


def _delimiter(text: str) -> str:
    """The delimiter by which the first rows name most columns, else make most cells, else a comma."""
    columns = known_columns()

    def merit(delimiter: str) -> tuple[int, int]:
        rows = _sample_rows(text, delimiter)
        header = _find_header(rows, columns)
        return len(set(header.fields)) if header else 0, max((len(row) for row in rows), default=0)

    return max(_DELIMITERS, key=merit)


def _sample_rows(text: str, delimiter: str) -> list[Row]:
    """The first rows of the beginning of a file, as far as they can be read."""
    rows: list[Row] = []
    with suppress(csv.Error):
        for row in islice(_text_rows(io.StringIO(text, newline=None), delimiter), _HEADER_WITHIN_ROWS):
            rows.append(row)
    return rows


def _text_rows(text: io.TextIOBase, delimiter: str) -> Iterator[Row]:
    """The rows of a text.  Raises csv.Error where an unclosed quote has swallowed the rest."""
    csv.field_size_limit(_MAX_CELL_CHARS)  # the default, 131,072, is less than a description
    for row in csv.reader(text, delimiter=delimiter):
        yield [_cell(value) for value in row]
