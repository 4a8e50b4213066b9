"""Into: our columns to the right of an analyst's own list, in a copy of it.

In: a list of patents as XLSX, the rows of a study, ``ReportSettings``.  Out: the same workbook with our columns behind
its last one, and ``Joined``, which counts what was matched.  Every part of the file but the one sheet is copied byte
for byte, and in that sheet every cell, style, formula, merge, rule and drawing stays as it is: the sheet is not
written anew, our cells are put into its XML.  Never writes to the list itself; strings are never formulas.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from dokhae.errors import InputError
from dokhae.insight import Row
from dokhae.parse.table.heads import heads_of
from dokhae.report.columns import Column, Value, View
from dokhae.report.files import put_in_place, scratch_folder
from dokhae.report.into.join import Index, Kind, Match, own_numbers
from dokhae.report.into.package import Package, SheetPart
from dokhae.report.into.sheet import Sheet
from dokhae.report.labels import label
from dokhae.report.settings import ReportSettings
from dokhae.report.spell import document_number
from dokhae.report.survey import Report

# people fill these in, in their own columns
_NOT_OURS = frozenset({"no", "importance", "reviewer", "comment"})
# what changes with time is shown also where the list has its own
_ALWAYS = frozenset({"status"})
_HEADER_WITHIN_ROWS = 30
_MATCH_WIDTH = 36


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining did.  rows: rows of the list with anything in them.  unlisted: applications that are in no row."""

    sheet: str
    rows: int
    found: int
    missing: int
    ambiguous: int
    unlisted: int


def copy(
    path: Path,
    rows: Callable[[], Iterator[Row]],
    target: Path | None,
    *,
    sheet: str | None = None,
    settings: ReportSettings | None = None,
) -> Joined:
    """``write`` to a file, in place only when it is whole; None: to standard output.

    Raises InputError ``list-is-target`` where that file is the list.
    """
    if target is None:
        made = io.BytesIO()
        done = write(path, rows, made, sheet=sheet, settings=settings)
        sys.stdout.buffer.write(made.getvalue())
        return done
    if target.exists() and path.exists() and target.samefile(path):
        raise InputError("list-is-target", path=path)
    with scratch_folder(target) as scratch:
        aside = scratch / target.name
        with aside.open("wb") as stream:
            done = write(path, rows, stream, sheet=sheet, settings=settings)
        put_in_place(scratch, target.parent, [aside])
    return done


@dataclass(frozen=True)
class _List:
    """The sheet that is joined.  header: ordinal of the last row of its header; fields: what its columns hold."""

    part: SheetPart
    sheet: Sheet
    header: int
    fields: tuple[str, ...]


def write(
    path: Path,
    rows: Callable[[], Iterator[Row]],
    out: BinaryIO,
    *,
    sheet: str | None = None,
    settings: ReportSettings | None = None,
) -> Joined:
    """Writes the joined copy of ``path`` to ``out``.  sheet: its name; without one the first that lists patents.

    Raises InputError ``list-not-xlsx``, ``list-unreadable``, ``list-sheet-unknown``, ``list-header-unknown`` or
    ``list-too-wide``.
    """
    report = Report(rows, settings or ReportSettings())
    with Package(path) as package:
        index = Index(row.patent for row in rows())
        listed = _find_list(package, sheet, index)
        matches = {n: index.match(numbers) for n, numbers in _numbers(listed)}
        columns = _columns(report, listed)
        values = _values(report, columns, {match.patent for match in matches.values() if match.patent is not None})
        lang, cells = report.lang, dict[int, list[Value]]()
        cells[listed.header] = [label("list_column.match", lang), *(column.title(lang) for column in columns)]
        for n, match in matches.items():
            cells[n] = [_said(match, lang), *(values[match.patent] if match.patent is not None else ())]
        widths = [_MATCH_WIDTH, *(column.width for column in columns)]
        made = listed.sheet.with_columns(cells, widths, header=listed.header, dates=package.dates, lang=lang, path=path)
        package.write(out, listed.part, made)
    kinds = [match.kind for match in matches.values()]
    n_joined = len({match.patent for match in matches.values() if match.patent is not None})
    return Joined(
        sheet=listed.part.name,
        rows=len(kinds),
        found=kinds.count(Kind.found),
        missing=kinds.count(Kind.missing),
        ambiguous=kinds.count(Kind.several),
        unlisted=index.n_applications - n_joined,
    )


def _find_list(package: Package, wanted: str | None, index: Index) -> _List:
    """The sheet asked for, or the first visible one whose header names a number of patents.

    Where no header does, a column most of whose cells are numbers of the study is one, whatever it is called.
    """
    parts = [part for part in package.sheets if part.name == wanted or (wanted is None and not part.is_hidden)]
    if not parts:
        known = ", ".join(part.name for part in package.sheets)
        raise InputError("list-sheet-unknown", path=package.path, sheet=wanted or "-", known=known)
    seen, unnamed = "", list[_List]()
    for part in parts:
        sheet = package.sheet(part)
        first = [sheet.texts(row) for row in sheet.rows[:_HEADER_WITHIN_ROWS]]
        found = heads_of(first, str(package.path))
        if found is not None and own_numbers(found.fields):
            return _List(part, sheet, found.last, found.fields)
        unnamed.append(_List(part, sheet, 0, found.fields if found else ()))
        seen = seen or ", ".join(next((filter(None, row) for row in first if sum(map(bool, row)) > 1), ()))
    by_content = (_by_content(one, index) for one in unnamed)
    listed = next((one for one in by_content if one is not None), None)
    if listed is None:
        raise InputError("list-header-unknown", path=package.path, sheet=wanted or "-", seen=seen[:300] or "-")
    return listed


def _by_content(unnamed: _List, index: Index) -> _List | None:
    """The sheet with the column in which the study's numbers stand; its header is the row above the first of them."""
    table = [unnamed.sheet.texts(row) for row in unnamed.sheet.rows]
    best: tuple[int, int, int] | None = None
    named = {column for column, field in enumerate(unnamed.fields) if field}
    for column in set(range(max(map(len, table), default=0))) - named:
        held = [(n, row[column]) for n, row in enumerate(table) if column < len(row) and row[column]]
        known = [n for n, text in held if index.match([("mixed_number", text)]).kind is not Kind.missing]
        below = sum(n >= known[0] for n, _ in held) if known else 0
        if known and known[0] > 0 and 2 * len(known) >= below and (best is None or len(known) > best[0]):
            best = (len(known), column, known[0] - 1)
    if best is None:
        return None
    _, column, header = best
    return replace(unnamed, header=header, fields=(*[""] * column, "mixed_number"))


def _numbers(listed: _List) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Ordinal of each row below the header that holds anything, and what stands in its columns of numbers."""
    header = tuple(listed.sheet.texts(listed.sheet.rows[listed.header]))
    for n, row in enumerate(listed.sheet.rows[listed.header + 1 :], listed.header + 1):
        texts = listed.sheet.texts(row)
        if any(texts) and tuple(texts) != header:
            named = [(field, text) for field, text in zip(listed.fields, texts, strict=False) if field and text]
            yield n, named


def _columns(report: Report, listed: _List) -> tuple[Column, ...]:
    """Ours, but for what the list has already; the number of the patent they come from first."""
    document = Column("document", lambda view: document_number(view.patent), width=20)
    theirs = (_NOT_OURS | set(listed.fields)) - _ALWAYS
    return (document, *(column for column in report.survey.columns if column.id not in theirs))


def _values(report: Report, columns: tuple[Column, ...], wanted: set[int]) -> dict[int, list[Value]]:
    rows = (row for row in report.rows() if row.patent.id in wanted)
    return {row.patent.id: [column.value(View(row, report.lang)) for column in columns] for row in rows}


def _said(match: Match, lang: str) -> str:
    """What the column of matches says of a row."""
    if match.kind is Kind.found:
        return label("list_match.found", lang, field=label(f"list_field.{match.field}", lang), number=match.written)
    if match.kind is Kind.several:
        return label("list_match.several", lang, candidates=", ".join(match.candidates))
    return label(f"list_match.{match.why}", lang, number=match.written)
