"""CSV: the columns of the sheets for Excel and everything else.

In: rows.  Out: comma-separated UTF-8; the file starts with a byte order mark, without which Korean Excel reads cp949.
Never lets a spreadsheet execute a patent: text that starts with = + - @ or a control character gets a ' before it.
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TextIO

from dokhae.report.columns import Value, View
from dokhae.report.spell import clean
from dokhae.report.survey import Report

_EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(report: Report, out: TextIO) -> int:
    """Writes the header and every row of the sheet; returns the number of rows."""
    columns = report.survey.columns
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column.title(report.lang)) for column in columns])
    n = 0
    for n, row in enumerate(report.counted_rows(), 1):
        view = View(row, report.lang, n)
        writer.writerow([_cell(column.value(view)) for column in columns])
    return n


def harmless(text: str) -> str:
    """Text no spreadsheet executes.

    >>> harmless('=HYPERLINK("http://x")'), harmless("a=b"), harmless("-40℃")
    ('\\'=HYPERLINK("http://x")', 'a=b', "'-40℃")
    """
    return f"'{text}" if text.startswith(_EXECUTED) else text


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(clean(value)) if isinstance(value, str) else str(value)
