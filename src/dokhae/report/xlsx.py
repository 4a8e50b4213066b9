"""XLSX: the sheets a patent team works on, in the column order of patents.md §8.

In: rows.  Out: a workbook written row by row, in constant memory: patents, independent claims, names of applicants,
rejected and defects, terms.  Never a formula, never a link; dates are dates, numbers of patents are text, and a cell
that would not fit is shortened and says what is missing.  XlsxWriter lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter

from dokhae.errors import InputError
from dokhae.insight import Row
from dokhae.insight.applicants import listed
from dokhae.library import Patent
from dokhae.messages import say
from dokhae.report import spell
from dokhae.report.columns import Value, View
from dokhae.report.labels import label, labels
from dokhae.report.survey import Report
from dokhae.types import ClaimForm, Rejected

CELL_UNITS = 32_767  # Excel counts UTF-16 units
SHEET_ROWS = 1_048_576
ROW_POINTS = 48  # three lines: a claim of a page must not fill the screen
_FIRST_DAY = date(1900, 3, 1)  # Excel holds no earlier day rightly: it believes in 29 February 1900
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}
_CLAIM_WIDTHS = (20, 40, 8, 14, 10, 100)
_APPLICANT_WIDTHS = (44, 30, 10, 30, 8, 60)
_TROUBLE_WIDTHS = (10, 44, 8, 26, 100)


def write(report: Report, out: BinaryIO) -> int:
    """Writes the workbook; returns the number of patents in it."""
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        ids = ("main", "claims", "applicants", "trouble")
        main, claims, applicants, trouble = (_Sheet(book, id_, report.lang) for id_ in ids)
        n = _write_rows(report, main, claims, trouble)
        _write_applicants(report, applicants)
        for sheet in (main, claims, applicants, trouble):
            sheet.end()
        _write_terms(report, _Sheet(book, "terms", report.lang))
    return n


def shortened(text: str, say: Callable[[int, int], str]) -> str:
    """Text that fits a cell; of a longer one the beginning and ``say(start, end)``: the offsets left out.

    >>> shortened("a" * 40_000, lambda start, end: f"[{start}-{end}]")[-13:]
    '[32754-40000]'
    """
    if len(text) * 2 <= CELL_UNITS or _units(text) <= CELL_UNITS:
        return text
    room = CELL_UNITS - len(say(len(text), len(text)))
    end, used = 0, 0
    while used + 1 + (text[end] > "\uffff") <= room:
        used += 1 + (text[end] > "\uffff")
        end += 1
    return text[:end] + say(end, len(text))


class _Formats:
    def __init__(self, book: Any) -> None:
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EDF2", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.text = book.add_format({"valign": "top", "text_wrap": True, "num_format": "@"})
        self.day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        self.number = book.add_format({"valign": "top"})


class _Sheet:
    """A worksheet that is only ever appended to."""

    def __init__(self, book: Any, id_: str, lang: str) -> None:
        self._name = label(f"sheet.{id_}", lang)
        self._sheet = book.add_worksheet(self._name)
        self._lang = lang
        self._formats = _Formats(book)
        self._n_rows = 0
        self._n_columns = 0

    def head(self, titles: Sequence[str], widths: Sequence[int], *, frozen_columns: int = 0) -> None:
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, title, self._formats.head)
        self._sheet.freeze_panes(1, frozen_columns)
        self._sheet.set_default_row(ROW_POINTS)
        self._n_rows, self._n_columns = 1, len(titles)

    def row(self, values: Sequence[Value]) -> None:
        if self._n_rows >= SHEET_ROWS:
            raise InputError("xlsx-too-many-rows", sheet=self._name, most=f"{SHEET_ROWS - 1:,}")
        for column, value in enumerate(values):
            self._write(column, value)
        self._n_rows += 1

    def end(self) -> None:
        if self._n_rows > 1:
            self._sheet.autofilter(0, 0, self._n_rows - 1, self._n_columns - 1)

    def _write(self, column: int, value: Value) -> None:
        sheet, row, formats = self._sheet, self._n_rows, self._formats
        if value is None or value == "":
            return
        if isinstance(value, date) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value, formats.day)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, formats.number)
        else:
            sheet.write_string(row, column, shortened(spell.clean(str(value)), self._say_cut), formats.text)

    def _say_cut(self, start: int, end: int) -> str:
        return label("sheet.cut", self._lang, start=f"{start:,}", end=f"{end:,}")


def _write_rows(report: Report, main: _Sheet, claims: _Sheet, trouble: _Sheet) -> int:
    lang, columns = report.lang, report.survey.columns
    titles = [column.title(lang) for column in columns]
    main.head(titles, [column.width for column in columns], frozen_columns=1)
    claims.head(_headings("claim_column", lang), _CLAIM_WIDTHS, frozen_columns=1)
    trouble.head(_headings("trouble_column", lang), _TROUBLE_WIDTHS)
    for rejected in report.settings.rejected:
        trouble.row(_rejected_row(rejected, lang))
    n = 0
    for n, row in enumerate(report.counted_rows(), 1):
        view = View(row, lang, n)
        main.row([column.value(view) for column in columns])
        for values in _claim_rows(row, lang):
            claims.row(values)
        for values in _defect_rows(row.patent, lang):
            trouble.row(values)
    return n


def _write_applicants(report: Report, sheet: _Sheet) -> None:
    """Every name as written, its representative, and what is proposed for it."""
    sheet.head(_headings("applicant_column", report.lang), _APPLICANT_WIDTHS, frozen_columns=1)
    for one in listed(report.survey.roster, report.settings.registry).names:
        made = one.proposal
        why = "; ".join(say(f"reason-{reason}", report.lang, {}) for reason in made.reasons) if made else None
        proposed = (made.representative, made.score) if made else (None, None)
        sheet.row([one.name, one.representative, one.count, *proposed, why])


def _claim_rows(row: Row, lang: str) -> Iterator[list[Value]]:
    text = row.read_text() if row.patent.n_independent else None
    for claim in text.claims if text else ():
        if text is None or claim.deleted or claim.form is ClaimForm.dependent:
            continue
        yield [
            spell.document_number(row.patent),
            row.patent.biblio.title,
            claim.number,
            label(f"form.{claim.form}", lang),
            label(f"category.{claim.category}", lang),
            text.quote(claim.span),
        ]


def _defect_rows(patent: Patent, lang: str) -> Iterator[list[Value]]:
    for defect in patent.defects:
        what, number = label("trouble.defect", lang), spell.document_number(patent)
        yield [what, number, "parse", defect.code, spell.defect_text(defect, lang)]


def _rejected_row(rejected: Rejected, lang: str) -> list[Value]:
    what, name = label("trouble.rejected", lang), str(rejected.source)
    return [what, name, rejected.stage, rejected.code, spell.rejection_text(rejected, lang)]


def _write_terms(report: Report, sheet: _Sheet) -> None:
    sheet.head(["", ""], (34, 110))
    for name, what in _terms(report):
        sheet.row([name, what])


def _terms(report: Report) -> Iterator[tuple[str, Value]]:
    """What the figures of the workbook mean: dates, unit, counts, rules, statuses."""
    lang, insight = report.lang, report.survey.insight
    yield report.settings.title or label("ui.brand", lang), ""
    yield label("ui.made_on", lang), report.settings.today
    yield label("ui.as_of", lang), insight.as_of
    yield label("ui.unit", lang), report.unit_rule()
    card = insight.card
    counts = (card.files, card.documents, sum(card.rejected.values()), card.duplicates)
    more = (card.publications, card.applications, card.families, card.near_duplicates)
    for name, n in zip(labels()["card"], (*counts, *more), strict=True):
        if n is not None:
            yield label(f"card.{name}", lang), n
    for verdict, n in card.verdicts.items():
        yield label(f"verdict.{verdict}", lang), n
    for rule in ("quote", "expiry", "score", "unpublished", "applicants"):
        yield "", label(f"rule.{rule}", lang)
    for status in labels()["status"]:
        yield f"({label(f'status.{status}', lang)})", label(f"status_note.{status}", lang)
    for field in report.survey.fields:
        yield field.label(lang), field.wording(lang)


def _headings(group: str, lang: str) -> list[str]:
    return [label(f"{group}.{name}", lang) for name in labels()[group]]


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
