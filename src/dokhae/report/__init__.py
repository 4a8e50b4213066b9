"""Report: rows -> files people open, hand on and compute with.

In: rows (as often as needed) and ``ReportSettings``.  Out: an HTML folder with sheets beside it (``write``), or one
export (``export``): jsonl, csv, xlsx.  Never asks the database, never leaves a half-written file in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from dokhae.errors import InputError
from dokhae.insight import Row
from dokhae.report.files import files_of_last_report, put_in_place, put_report_in_place, scratch_folder
from dokhae.report.settings import ReportSettings, Texts, Written
from dokhae.report.survey import Report

__all__ = ["EXPORTERS", "ReportSettings", "Texts", "Written", "export", "write"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: ``module.write(report, stream) -> rows written``.  encoding: None for bytes."""

    module: str
    suffix: str
    encoding: str | None


EXPORTERS = {
    "jsonl": Exporter("dokhae.report.jsonl", ".jsonl", "utf8"),
    "csv": Exporter("dokhae.report.table_csv", ".csv", "utf-8-sig"),
    "xlsx": Exporter("dokhae.report.xlsx", ".xlsx", None),
}
SHEETS = ("xlsx", "csv")

Rows = Callable[[], Iterator[Row]]


def write(rows: Rows, out: str | Path, *, settings: ReportSettings | None = None) -> Written:
    """Writes the report folder ``out``: pages, data, patents.xlsx, patents.csv.

    Everything is written beside the folder first and then put in place file by file; what an earlier report left over
    goes.  Raises InputError ``report-folder-taken``, ``report-file-open`` or ``report-folder-unwritable``.
    """
    report = Report(rows, settings or ReportSettings())
    folder = Path(out)
    with scratch_folder(folder) as scratch:
        earlier = files_of_last_report(folder)
        from dokhae.report import pages

        made = list(pages.write(report, scratch))
        index = made.pop()
        for name in SHEETS:
            path = scratch / f"patents{EXPORTERS[name].suffix}"
            with _opened(path, EXPORTERS[name]) as stream:
                _write_to(report, name, stream)
            made.append(path)
        placed = put_report_in_place(scratch, folder, [*made, index], earlier)
    n = report.survey.insight.card.publications
    return Written(folder, placed[-1], n, placed)


def export(
    rows: Rows,
    format_: str,
    out: str | Path | IO[Any],
    *,
    with_text: bool = False,
    settings: ReportSettings | None = None,
) -> int:
    """Writes one export to a path or an open stream (text for jsonl and csv, bytes for xlsx); returns its rows.

    with_text: jsonl only, the whole text of each publication.  Raises InputError ``export-format-unknown``.
    """
    if format_ not in EXPORTERS:
        raise InputError("export-format-unknown", format=format_, known=", ".join(EXPORTERS))
    report = Report(rows, settings or ReportSettings())
    options = {"with_text": with_text} if format_ == "jsonl" else {}
    if not isinstance(out, str | Path):
        return _write_to(report, format_, out, **options)
    path = Path(out)
    with scratch_folder(path.parent / path.name) as scratch:
        made = scratch / path.name
        with _opened(made, EXPORTERS[format_]) as stream:
            n = _write_to(report, format_, stream, **options)
        put_in_place(scratch, path.parent, [made])
    return n


def _write_to(report: Report, format_: str, stream: IO[Any], **options: bool) -> int:
    n: int = import_module(EXPORTERS[format_].module).write(report, stream, **options)
    return n


@contextmanager
def _opened(path: Path, exporter: Exporter) -> Iterator[IO[Any]]:
    if exporter.encoding is None:
        with path.open("wb") as stream:
            yield stream
    else:
        with path.open("w", encoding=exporter.encoding, newline="") as text_stream:
            yield text_stream
