"""The heading of a table that somebody else keeps: which of its rows it takes, and what its columns hold.

In: the first rows of a table.  Out: ``Heads``.  The rows themselves are the business of whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokhae.errors import InputError
from dokhae.parse.records import NUMBER_FIELDS
from dokhae.parse.table.columns import column_of, columns_for, find_header


@dataclass(frozen=True, slots=True)
class Heads:
    """last: ordinal of the last row of the header.  fields: our field of each column, "" without one."""

    last: int
    fields: tuple[str, ...]


def heads_of(rows: Sequence[list[str]], path: str) -> Heads | None:
    """Where the header stands among the first rows; None where none names patents.

    A list somebody keeps may have no more than one column that is known, if that is one of numbers.
    path: of the table; a columns.toml beside it adds names.  Raises InputError ``columns-unreadable``.
    """
    try:
        columns = columns_for(path)
    except (ValueError, OSError) as error:
        raise InputError("columns-unreadable", reason=error) from error
    header = find_header(rows, columns)
    if header is not None:
        return Heads(header.end - 1, tuple(column.field for column in header.columns))
    named = ((at, tuple(column_of(name, columns).field for name in row)) for at, row in enumerate(rows))
    return next((Heads(at, fields) for at, fields in named if not NUMBER_FIELDS.keys().isdisjoint(fields)), None)
