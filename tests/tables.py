"""Tables for tests, made by hand: ``csv_of``, ``xlsx_of``; what a table gives: ``items_of``, ``documents_of``."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from dokhae.parse.table.parser import Table
from dokhae.types import Document, Rejected, Source

Cells = Sequence[Sequence[object]]


def csv_of(*rows: Sequence[object], delimiter: str = ",") -> bytes:
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return held.getvalue().encode()


def xlsx_of(*sheets: Cells) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(at, column, value)
    return held.getvalue()


def items_of(data: bytes, path: str = "a.csv") -> list[Document | Rejected]:
    return list(Table().read(io.BytesIO(data), Source(path)))


def codes_of(items: Sequence[Document | Rejected]) -> list[str]:
    return [item.code if isinstance(item, Rejected) else "read" for item in items]


def documents_of(data: bytes, path: str = "a.csv") -> list[Document]:
    """The documents; an error if anything was rejected."""
    items = items_of(data, path)
    assert codes_of(items) == ["read"] * len(items), items
    return [item for item in items if isinstance(item, Document)]


def one_of(data: bytes, path: str = "a.csv") -> Document:
    (document,) = documents_of(data, path)
    return document


def defects_of(document: Document) -> list[str]:
    return [defect.code for defect in document.defects]
