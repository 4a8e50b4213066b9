"""The rows of a table of classes: its header found, its merged cells carried down.

In: a file of XLSX, XLS, ODS, CSV or TSV.  Out: a ``ClassRow`` for each class, with sheet and row to name in errors.
Columns stand in any order under Korean or English names (tree_columns.toml); sheets without such a header are passed
over if another has one.  A row that names no class goes on telling about the one above it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import islice
from pathlib import Path

from dokhae.errors import InputError
from dokhae.parse.table.columns import squeeze
from dokhae.parse.table.rows import DELIMITERS, Sheet, SourceRow, sample_rows, sheets_of
from dokhae.screening import LEVEL, NO_LEVEL
from dokhae.types import Rejected, Source

LEVELS = ("level1", "level2", "level3")
_HEADER_WITHIN_ROWS = 30

# our name of each column -> its ordinal
Columns = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class as written.  levels: "" where a level is left out; means: definition, keywords …; row: from 1."""

    levels: tuple[str, ...]
    means: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    row: int = 0

    @property
    def path(self) -> str:
        """The levels joined; one left out in between is "-"."""
        last = max((at for at, name in enumerate(self.levels) if name), default=-1)
        return LEVEL.join(name or NO_LEVEL for name in self.levels[: last + 1])


def rows_of(path: Path) -> list[ClassRow]:
    """The classes of a table file.  Raises InputError ``tree-unreadable`` or ``tree-header``."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError("tree-unreadable", file=path, reason=error.strerror or error) from error
    headless, found = "", []
    for sheet in sheets_of(BytesIO(content), Source(str(path)), _shape):
        if isinstance(sheet, Rejected):
            raise InputError("tree-unreadable", file=path, reason=dict(sheet.values).get("reason", sheet.code))
        rows = _numbered(path, sheet)
        header = next(
            ((at, columns) for at, cells in islice(rows, _HEADER_WITHIN_ROWS) if (columns := _columns(cells))), None
        )
        if header is None:
            headless = headless or sheet.name or "-"
        else:
            found.append(list(_classes(rows, header[1], sheet.name)))
    if not found:
        raise InputError("tree-header", file=path, sheet=headless or "-")
    return [row for rows in found for row in rows]


def _numbered(path: Path, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet with their numbers, from 1."""
    for number, row in enumerate(sheet.rows, 1):
        if isinstance(row, SourceRow):
            yield number, row.cells
        else:
            raise InputError("tree-unreadable", file=path, reason=dict(row.values).get("reason", row.code))


def _classes(rows: Iterator[tuple[int, list[str]]], columns: Columns, sheet: str) -> Iterator[ClassRow]:
    current: ClassRow | None = None
    for number, cells in rows:
        given = {name: cells[at].strip() for name, at in columns.items() if at < len(cells) and cells[at].strip()}
        own = tuple(_name(given.get(level, "")) for level in LEVELS)
        means = {name: value for name, value in given.items() if name not in LEVELS}
        if any(own):
            if current is not None:
                yield current
            current = ClassRow(_carried(own, current.levels if current else ("",) * len(LEVELS)), means, sheet, number)
        elif current is not None and means:
            current = ClassRow(current.levels, _joined(current.means, means), sheet, current.row)
    if current is not None:
        yield current


def _carried(own: Sequence[str], above: Sequence[str]) -> tuple[str, ...]:
    """The levels of a row, blanks above its deepest one filled from the row above as far as that is the same branch.

    >>> _carried(("", "", "magnet"), ("camera", "drive", "coil"))
    ('camera', 'drive', 'magnet')
    >>> _carried(("display", "", ""), ("camera", "drive", "coil"))
    ('display', '', '')
    """
    deepest = max(at for at, name in enumerate(own) if name)
    levels: list[str] = []
    is_same_branch = True
    for at, name in enumerate(own):
        carried = above[at] if not name and at < deepest and is_same_branch else name
        is_same_branch = is_same_branch and carried == above[at]
        levels.append(carried)
    return tuple(levels)


def _joined(above: Mapping[str, str], below: Mapping[str, str]) -> dict[str, str]:
    names = dict.fromkeys((*above, *below))
    return {name: "\n".join(filter(None, (above.get(name), below.get(name)))) for name in names}


def _name(written: str) -> str:
    """A class as its path can hold it: one line, and nothing that looks like the border of levels."""
    return " ".join(written.split()).replace(LEVEL, LEVEL.strip())


def _columns(cells: Sequence[str]) -> Columns | None:
    """Our columns of a header; None for any other row."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = _known().get(squeeze(cell)) if len(cell) < 40 else None
        if name is not None:
            found.setdefault(name, at)
    return found if found.keys() & set(LEVELS) and len(found) > 1 else None


@cache
def _known() -> dict[str, str]:
    table = tomllib.loads(files(__package__).joinpath("tree_columns.toml").read_text("utf8"))
    return {squeeze(name): ours for ours, names in table.items() for name in names}


def _shape(text: str) -> tuple[str, int]:
    """The delimiter under which a header is found, and no particular width."""
    for delimiter in DELIMITERS:
        if any(_columns(row) for row in sample_rows(text, delimiter, _HEADER_WITHIN_ROWS)):
            return delimiter, 0
    return max(DELIMITERS, key=text.count), 0
