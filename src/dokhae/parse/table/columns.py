"""What the columns of a table hold: rows -> its header, found among them by the names columns.toml knows.

In: the first rows of a table.  Out: a ``Header``: our field of each column (or none), the name to keep the others
under, how many rows it takes, when its status was true if a heading or a line above it says so.  A header may stand
below lines of text, in two rows (a group above, or a part below each), and be repeated further down.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from dokhae.parse.dates import date_of
from dokhae.parse.records import NUMBER_FIELDS

HEADER_WITHIN_ROWS = 30
_MAX_NAME_CHARS = 300
# words by which exports of databases name a column's type, not its content
_TYPE_WORDS = re.compile(r"(?<=.)(?:TEXT|NGRAM|NUMERIC|DATETIME|KEYWORD|STORED)$|^STORED$")
_BRACKETED_END = re.compile(r"\s*[\[(（]([^\])）]*)[\])）]\s*$")
# what a vendor has written itself is no name for what the office has published
_BY_THE_VENDOR = re.compile(r"AI\b|번역|기계|요약|해결|효과|DWPI|SUMMARY|TRANSLAT|MACHINE|译|翻訳", re.I)
_NOT_LETTER = re.compile(r"[^\w]|_")
_DAY = re.compile(r"(?<!\d)(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})(?!\d)")
_AS_OF_LABEL = re.compile(
    r"검색\s*일|조회\s*일|기준\s*일|출력\s*일|작성\s*일|생성\s*일|추출\s*일|다운로드|"
    r"search(?:ed)?\s+(?:date|on)|date of search|export|download|created|as of",
    re.I,
)
_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_GROUP_ROWS = 3
_OWN_RANK = -1
_STRIPPED_RANK = 1000  # a name that fits only without its brackets comes after all that fit as they are

Row = list[str]


@dataclass(frozen=True, slots=True)
class Column:
    """field: ours, "" where the name is not known.  rank: the lower, the more this column is meant by the field."""

    field: str
    rank: int = 0


_UNKNOWN = Column("")
# squeezed name -> what it holds
Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Header:
    """names: to keep a column under that has no field, as printed.  rows: the rows it stands in, to know them again."""

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    first: int
    rows: tuple[tuple[str, ...], ...]
    status_as_of: date | None = None

    @property
    def end(self) -> int:
        """The row after the header's last."""
        return self.first + len(self.rows)

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field for column in self.columns if column.field)

    @cached_property
    def by_rank(self) -> tuple[int, ...]:
        """The columns that have a field, those first that are most meant by it."""
        known = (at for at, column in enumerate(self.columns) if column.field)
        return tuple(sorted(known, key=lambda at: self.columns[at].rank))

    @property
    def merit(self) -> tuple[int, int]:
        """The more fields and the fewer rows, the likelier it is the header."""
        return len(self.fields), -len(self.rows)

    @property
    def is_of_google(self) -> bool:
        """Whether it is the list of results of Google Patents, which joins names by commas."""
        return any(squeeze(name) == "INVENTORAUTHOR" for name in self.names if len(name) < _MAX_NAME_CHARS)

    @property
    def is_of_patents(self) -> bool:
        return len(self.fields) >= 2 and bool(self.fields & {*NUMBER_FIELDS, "title"})

    def is_repeated_by(self, row: Sequence[str]) -> bool:
        return any(tuple(row[: len(own)]) == own for own in self.rows)


@cache
def known_columns() -> Columns:
    """Squeezed column name -> our field, as columns.toml has them."""
    return _names_of(tomllib.loads(files(__package__).joinpath("columns.toml").read_text("utf8")))


def columns_for(path: str) -> Columns:
    """The known columns, and those of a file columns.toml beside ``path``, which go before ours.

    Raises ValueError where that file is not of the form of ours.
    """
    own = Path(path).with_name("columns.toml")
    if not own.is_file():
        return known_columns()
    named = _names_of(tomllib.loads(own.read_text("utf8")))
    return {**known_columns(), **{name: Column(column.field, _OWN_RANK) for name, column in named.items()}}


def _names_of(table: dict[str, Any]) -> dict[str, Column]:
    if not all(isinstance(entry, dict) and isinstance(entry.get("names"), list) for entry in table.values()):
        raise ValueError('each [field] needs names = ["…", …]')
    return {
        squeeze(str(name)): Column(field, rank)
        for field, entry in table.items()
        for rank, name in enumerate(entry["names"])
    }


def squeeze(name: str) -> str:
    """A column's name as columns.toml is compared: letters and digits only, upper case, type words gone.

    >>> squeeze("출원번호 NUMERIC"), squeeze("Publication_Number"), squeeze(" STORED")
    ('출원번호', 'PUBLICATIONNUMBER', '')
    """
    squeezed = _NOT_LETTER.sub("", unicodedata.normalize("NFKC", name).upper())
    return _TYPE_WORDS.sub("", squeezed)


def column_of(name: str, columns: Columns) -> Column:
    """What a column of this name holds.

    "요약(영문)" and "요약" differ by their brackets, "상태정보[KR,JP]" and "상태정보" do not; "요약(AI)" is neither.
    """
    if not name or len(name) > _MAX_NAME_CHARS:  # a cell of text, slow to look for brackets in
        return _UNKNOWN
    if known := columns.get(squeeze(name)):
        return known
    ending = _BRACKETED_END.search(name)
    if ending is None or _BY_THE_VENDOR.search(ending[1]):
        return _UNKNOWN
    stripped = columns.get(squeeze(name[: ending.start()]), _UNKNOWN)
    return Column(stripped.field, stripped.rank + _STRIPPED_RANK) if stripped.field else _UNKNOWN


def find_header(rows: Sequence[Row], columns: Columns) -> Header | None:
    """The row, or two rows, with the most known names among the first ones; None where none names patents."""
    best: Header | None = None
    for at in range(min(len(rows), HEADER_WITHIN_ROWS)):
        for header in (_one_row(rows, at, columns), _two_rows(rows, at, columns)):
            if header is None or not header.is_of_patents:
                continue
            if best is None or header.merit > best.merit:
                best = header
    return None if best is None else _with_day(best, rows)


def _one_row(rows: Sequence[Row], at: int, columns: Columns) -> Header:
    held = tuple(column_of(name, columns) for name in rows[at])
    names = list(rows[at])
    if held and any(column.field for column in held):
        names = _named_from_above(rows, at)
    return Header(tuple(names), held, at, (tuple(rows[at]),))


def _two_rows(rows: Sequence[Row], at: int, columns: Columns) -> Header | None:
    """Rows ``at`` and the next as one header: "출원" over "번호" and "일자"."""
    if at + 1 >= len(rows) or not any(rows[at]) or not any(rows[at + 1]):
        return None
    upper, lower = _padded(rows[at], rows[at + 1])
    groups = _filled_forward(upper)
    held, names = [], []
    for own, group, part in zip(upper, groups, lower, strict=True):
        joined = f"{group} {part}".strip()
        # a cell that spans both rows has its name in the upper one
        tried = (part, joined) if part else (own,)
        column = next((c for c in (column_of(name, columns) for name in tried) if c.field), _UNKNOWN)
        held.append(column)
        names.append(joined if part else own)
    return Header(tuple(names), tuple(held), at, (tuple(rows[at]), tuple(rows[at + 1])))


def _named_from_above(rows: Sequence[Row], at: int) -> list[str]:
    """The names of a header row; a column without one is called by the groups that stand above it."""
    over = rows[max(0, at - _GROUP_ROWS) : at]
    width = max(len(row) for row in (*over, rows[at]))
    names = [*rows[at], *[""] * (width - len(rows[at]))]
    groups = [_filled_forward([*row, *[""] * (width - len(row))]) for row in over]
    for column, name in enumerate(names):
        # a line of text above the table stands over its first column only, and names none
        if not name and any(row[column : column + 1] not in ([], [""]) for row in over):
            names[column] = " / ".join(dict.fromkeys(row[column] for row in groups if row[column]))
    return names


def _filled_forward(row: Sequence[str]) -> list[str]:
    filled, last = [], ""
    for cell in row:
        last = cell or last
        filled.append(last)
    return filled


def _padded(upper: Row, lower: Row) -> tuple[Row, Row]:
    width = max(len(upper), len(lower))
    return [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]


# ---- the day on which a status was true


def _with_day(header: Header, rows: Sequence[Row]) -> Header:
    """The header, its own day read, names that only Google means so understood."""
    named = [name for name, column in zip(header.names, header.columns, strict=False) if column.field == "status"]
    day = next(filter(None, map(_day_in, named)), None) or _day_above(rows[: header.first])
    columns = tuple(_at_google(column, header) for column in header.columns)
    return replace(header, columns=columns, status_as_of=day)


def _at_google(column: Column, header: Header) -> Column:
    if column.field != "number_at_google":
        return column
    return Column("number") if header.is_of_google else _UNKNOWN


def _day_above(rows: Sequence[Row]) -> date | None:
    """The day of the search as a line above the header gives it, beside its label or in the next cell."""
    for row in rows:
        for at, cell in enumerate(row):
            if len(cell) <= _MAX_NAME_CHARS and _AS_OF_LABEL.search(cell):
                beside = row[at + 1] if at + 1 < len(row) else ""
                if day := _day_in(cell) or _day_in(beside[:_MAX_NAME_CHARS]):
                    return day
    return None


def _day_in(text: str) -> date | None:
    match = _DAY.search(text)
    return None if match is None else _past("-".join(match.groups()))


def day_in_file_name(name: str) -> date | None:
    """The day an export's name carries; None where it carries none.

    >>> day_in_file_name("KIPRIS_20240501.xlsx"), day_in_file_name("US20240501123.csv")
    (datetime.date(2024, 5, 1), None)
    """
    match = _DAY_IN_NAME.search(re.split(r"[/\\]", name)[-1])
    return None if match is None else _past("-".join(match.groups()))


def _past(written: str) -> date | None:
    with suppress(ValueError):
        day = date_of(written)
        return day if day is not None and day <= datetime.now(UTC).date() else None
    return None
