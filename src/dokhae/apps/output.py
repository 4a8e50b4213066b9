"""Rows -> a table, JSON or CSV: one place for every command that lists.

In: rows as mappings and the columns to show.  Out: text on a stream.  Keys of JSON and heads of CSV are the same
English names in every language, so scripts go on working; only tables are translated: their heads, and codes in them.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TextIO

from dokhae.messages import catalogue, say

Row = Mapping[str, Any]


class Form(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


def write(
    rows: Iterable[Row], columns: Sequence[str], form: Form, out: TextIO, *, lang: str = "en", width: int = 0
) -> int:
    """Writes ``rows`` and says how many there were.  width: columns of the terminal, 0 = cut nothing."""
    if form is Form.json:
        return _write_json(rows, columns, out)
    if form is Form.csv:
        return _write_csv(rows, columns, out)
    return _write_table(list(rows), columns, out, lang=lang, width=width)


def _write_json(rows: Iterable[Row], columns: Sequence[str], out: TextIO) -> int:
    n_rows = 0
    for row in rows:
        out.write("[\n" if n_rows == 0 else ",\n")
        chosen = {name: row.get(name) for name in columns}
        out.write(" " + json.dumps(chosen, ensure_ascii=False, default=str))
        n_rows += 1
    out.write("\n]\n" if n_rows else "[]\n")
    return n_rows


def _write_csv(rows: Iterable[Row], columns: Sequence[str], out: TextIO) -> int:
    from dokhae.report.table_csv import harmless

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    n_rows = 0
    for row in rows:
        writer.writerow([harmless(_plain(row.get(name))) for name in columns])
        n_rows += 1
    return n_rows


def _write_table(rows: Sequence[Row], columns: Sequence[str], out: TextIO, *, lang: str, width: int) -> int:
    heads = [head(name, lang) for name in columns]
    cells = [[" ".join(_plain(row.get(name)).split()) for name in columns] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(heads, *cells, strict=True)]
    if width:
        widths = _fit(widths, width)
    for line in (heads, *cells):
        shown = [_pad(_cut(cell, w), w) for cell, w in zip(line, widths, strict=True)]
        out.write("  ".join(shown).rstrip() + "\n")
    return len(rows)


def head(name: str, lang: str) -> str:
    return say(f"column-{name}", lang, {}) if f"column-{name}" in catalogue() else name


def word(value: object, lang: str, column: str = "") -> object:
    """``value`` with its codes (dependent, full text, False) in words; what is no code stays as it is.

    column: where it stands, for codes that mean different things in different places.

    >>> word("dependent", "ko"), word({"full text": 2}, "ko"), word("lens", "ko")
    ('종속항', {'전문': 2}, 'lens')
    >>> word("publication", "ko"), word("publication", "ko", "unit")
    ('공개', '문헌')
    """
    match value:
        case bool() | str():
            code = str(value).lower().replace(" ", "_")
            known = (
                name for name in (f"word-{column}-{code}", f"word-{code}", f"column-{code}") if name in catalogue()
            )
            found = next(known, None)
            return value if found is None else say(found, lang, {})
        case Mapping():
            return {word(name, lang, column): part for name, part in value.items()}
        case tuple() | list():
            return tuple(word(part, lang, column) for part in value)
        case _:
            return value


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.3g}"
        case date():
            return value.isoformat()
        case Mapping():
            return "; ".join(f"{name} {_plain(part)}" for name, part in value.items())
        case tuple() | list():
            return "; ".join(_plain(part) for part in value)
        case _:
            return str(value)


def columns_of(text: str) -> int:
    """Columns ``text`` takes on a terminal: Hangul and Han take two, combining marks none.

    >>> columns_of("lens"), columns_of("렌즈")
    (4, 4)
    """
    return sum(_columns_of_char(char) for char in text)


def _columns_of_char(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _fit(widths: Sequence[int], width: int) -> list[int]:
    """Widths that fit the terminal: the widest column gives way first, none below eight."""
    fitted = list(widths)
    excess = sum(fitted) + 2 * (len(fitted) - 1) - width
    while excess > 0 and max(fitted) > 8:
        widest = fitted.index(max(fitted))
        second = sorted(fitted)[-2] if len(fitted) > 1 else 8
        give = min(excess, max(fitted[widest] - max(second, 8), 1))
        fitted[widest] -= give
        excess -= give
    return fitted


def _cut(cell: str, width: int) -> str:
    if columns_of(cell) <= width:
        return cell
    kept, used = [], 0
    for char in cell:
        used += _columns_of_char(char)
        if used > width - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - columns_of(cell))
