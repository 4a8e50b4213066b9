"""Tables of patents (CSV, TSV, XLSX, XLS, XLSB, ODS) -> documents, one a row.

In: a stream of any of these, in UTF-8, UTF-16 or Korean (cp949).  Out: one ``Document`` a row, by the names of its
columns (columns.toml); everything else in the row is kept as supplied.  The header is found, not assumed
(table_columns), the rows are read by table_rows.  Never evaluates a formula, never repairs a number a spreadsheet has
rounded, never guesses whether the day or the month comes first: the column tells, or the date is left out.
Source: patents.md section 6; the exports of the sample data.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from dokhae.parse import HEAD_BYTES
from dokhae.parse.dates import Orders, orders_of
from dokhae.parse.records import DATE_FIELDS, Habits, document_of, pieces_of
from dokhae.parse.table.columns import (
    HEADER_WITHIN_ROWS,
    Columns,
    Header,
    Row,
    column_of,
    columns_for,
    day_in_file_name,
    find_header,
    known_columns,
    squeeze,
)
from dokhae.parse.table.rows import DELIMITERS, OLE, ZIP, Sheet, SourceRow, encoding_of, sample_rows, sheets_of
from dokhae.types import Defect, Document, Rejected, Source

_TEXT_FIELDS = frozenset({"title", "abstract", "claims"})
_JOINED_FIELDS = frozenset({"cites"})  # several columns of one field add up
# rows and characters that may be held to learn how a column writes its days
_WINDOW_ROWS = 2000
_WINDOW_CHARS = 8 * 2**20
_NOTE = re.compile(
    r"합\s*계|총\s*\d|총\s*건|소\s*계|계\s*:|total\s*[:=\d]|total$|※|\*\s|주\)|copyright|©|검색\s*건수|출처|source\s*:",
    re.I,
)
_NOTE_CELLS = 2

_Read = SourceRow | Rejected


@dataclass(frozen=True, slots=True)
class _Table:
    """What the rows under one header have in common."""

    header: Header
    habits: Habits
    source: Source


class Table:
    name = "table"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        if head.startswith((OLE, ZIP)):
            return True
        encoding = encoding_of(head, is_whole=len(head) < HEAD_BYTES)
        text = head.decode(encoding, "replace").lstrip("\ufeff") if encoding else ""
        if not text or "\0" in text or text.lstrip()[:1] in "<{%":
            return False
        rows = sample_rows(text, _shape(text)[0], HEADER_WITHIN_ROWS)
        if find_header(rows, known_columns()) is not None:
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
        for sheet in sheets_of(stream, source, _shape):
            if isinstance(sheet, Rejected):
                yield sheet
            else:
                yield from self._of_sheet(sheet, columns)

    def _of_sheet(self, sheet: Sheet, columns: Columns) -> Iterator[Document | Rejected]:
        first = list(islice(sheet.rows, HEADER_WITHIN_ROWS))
        above = [row.cells for row in first if isinstance(row, SourceRow)]
        header = find_header(above, columns)
        if header is None:
            yield from (row for row in first if isinstance(row, Rejected))
            if rejected := _unknown(above, sheet):
                yield rejected
            return
        n_above, held = 0, deque[_Read]()
        for row in first:
            n_above += isinstance(row, SourceRow)
            if isinstance(row, Rejected) or n_above > header.end:
                held.append(row)
        rows = _Ahead(held, sheet.rows)
        while header is not None:
            table = _Table(header, _habits(header, rows.window(), sheet.source), sheet.source)
            header = yield from self._under(table, rows, columns)

    def _under(
        self, table: _Table, rows: _Ahead, columns: Columns
    ) -> Generator[Document | Rejected, None, Header | None]:
        """The documents under a header; returns the next header in the same sheet, None at its end."""
        header = table.header
        for row in rows:
            if isinstance(row, Rejected):
                yield row
            elif not any(row.cells) or header.is_repeated_by(row.cells):
                continue
            elif _may_be_header(row.cells, header, columns) and (other := find_header([row.cells], columns)):
                if other.columns != header.columns:  # else repeated with other blanks
                    return other
            else:
                yield self._document(row, table)
        return None

    def _document(self, row: SourceRow, table: _Table) -> Document | Rejected:
        header = table.header
        if note := _note_in(row.cells, header):
            return Rejected.of(table.source, "row-is-a-note", seen=note)
        cells, n_joined = _rejoined(row.cells, header)
        named, supplied = _sorted_out(cells, header)
        got = document_of(named, table.source, parser=(self.name, self.version), supplied=supplied, habits=table.habits)
        defects = (*row.defects, *([Defect.of("cells-joined", count=n_joined)] if n_joined else []))
        return replace(got, defects=(*got.defects, *defects)) if defects and isinstance(got, Document) else got


def _shape(text: str) -> tuple[str, int]:
    """The delimiter by which the first rows name most columns, else make most cells; and how many columns it makes."""
    columns = known_columns()
    best = (-1, -1, ",", 0)
    for delimiter in reversed(DELIMITERS):
        rows = sample_rows(text, delimiter, HEADER_WITHIN_ROWS)
        header = find_header(rows, columns)
        n_known = len(header.fields) if header else 0
        width = len(header.rows[-1]) if header else 0
        best = max(best, (n_known, max(map(len, rows), default=0), delimiter, width), key=lambda merit: merit[:2])
    return best[2], best[3]


def _unknown(rows: list[Row], sheet: Sheet) -> Rejected | None:
    seen = next((row for row in rows if sum(map(bool, row)) >= 2), rows[0] if rows else [])
    if not any(seen):
        return None
    shown = ", ".join(cell for cell in seen if cell)[:300]
    return Rejected.of(sheet.source, "table-header-unknown", sheet=sheet.name or "-", seen=shown)


class _Ahead:
    """Rows, of which the next ones can be looked at."""

    def __init__(self, held: deque[_Read], rows: Iterator[_Read]) -> None:
        self._held = held
        self._rows = rows

    def __iter__(self) -> Iterator[_Read]:
        return self

    def __next__(self) -> _Read:
        return self._held.popleft() if self._held else next(self._rows)

    def window(self) -> Iterable[_Read]:
        """As many of the next rows as may be held."""
        n_chars = sum(_n_chars(row) for row in self._held)
        while len(self._held) < _WINDOW_ROWS and n_chars < _WINDOW_CHARS and (row := next(self._rows, None)):
            self._held.append(row)
            n_chars += _n_chars(row)
        return self._held


def _n_chars(row: _Read) -> int:
    return sum(map(len, row.cells)) if isinstance(row, SourceRow) else 0


def _habits(header: Header, window: Iterable[_Read], source: Source) -> Habits:
    """How this table writes names, days and its status, as far as its header and first rows show it."""
    rows = [row.cells for row in window if isinstance(row, SourceRow)]
    return Habits(
        blanks_may_join=True,
        commas_join=header.is_of_google,
        date_orders=_date_orders(header, rows),
        status_as_of=header.status_as_of or day_in_file_name(source.member or source.path),
    )


def _date_orders(header: Header, rows: list[Row]) -> dict[str, Orders]:
    """The order of days in each column of dates; what one column leaves open the other ones of the table decide."""
    places = {at: c.field for at, c in enumerate(header.columns) if c.field in DATE_FIELDS}
    year_at = next((at for at, c in enumerate(header.columns) if c.field == "publication_year"), None)
    cells: dict[str, list[tuple[str, int | None]]] = {}
    for row in rows:
        year = row[year_at] if year_at is not None and year_at < len(row) else ""
        known = int(year) if len(year) == 4 and year.isdigit() else None
        for at, field in places.items():
            if at < len(row) and row[at]:
                its_year = known if field == "publication_date" else None
                cells.setdefault(field, []).extend((piece, its_year) for piece in pieces_of(row[at]))
    of_all = orders_of(cell for column in cells.values() for cell in column)
    return {field: {**of_all, **orders_of(column)} for field, column in cells.items()}


def _may_be_header(row: Row, header: Header, columns: Columns) -> bool:
    """Whether the cells under number and title are names of columns: cheap enough to ask of every row."""
    asked = [at for at in header.by_rank[:3] if at < len(row)]
    return any(column_of(row[at], columns).field for at in asked if len(row[at]) <= 40)


def _note_in(row: Row, header: Header) -> str:
    """The text of a line below or between the rows of a table that is about the table, not about a patent."""
    filled = [cell for cell in row if cell]
    if len(filled) > _NOTE_CELLS or len(header.fields) <= _NOTE_CELLS:
        return ""
    text = " ".join(filled)
    return text[:300] if _NOTE.match(text) else ""


def _sorted_out(cells: Row, header: Header) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The cells by field, and the others as (name, value).  Of several columns of a field the most meant one counts."""
    named: dict[str, str] = {}
    taken: set[int] = set()
    for at in header.by_rank:
        if at >= len(cells) or not cells[at]:
            continue
        field = header.columns[at].field
        if field not in named:
            named[field] = cells[at]
        elif field in _JOINED_FIELDS:
            named[field] += "\n" + cells[at]
        else:
            continue
        taken.add(at)
    names = header.names
    supplied = (
        (names[at] if at < len(names) and names[at] else f"column {at + 1}", cell)
        for at, cell in enumerate(cells)
        if cell and at not in taken
    )
    return named, tuple(supplied)


def _rejoined(row: Row, header: Header) -> tuple[Row, int]:
    """The row with a text put together again that an unquoted comma has spread over nameless cells behind it."""
    made, n_joined = list(row), 0
    last = max((i for i, column in enumerate(header.columns) if column.field), default=-1)
    if last < 0 or header.columns[last].field not in _TEXT_FIELDS:
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
