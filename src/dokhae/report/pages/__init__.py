"""Pages: the report as a folder that opens in a browser without a server and without the internet.

In: a ``Report``.  Out: index.html, patent.html, their styles and scripts, and data as .js files that are loaded by
script elements when they are needed (a page opened from disk may not fetch).  Rows are written as they come: in
memory stay one chunk of answers, one of texts, and a few short columns of the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template

from dokhae.insight import Matrix, Row, Unit
from dokhae.report import spell
from dokhae.report.columns import columns
from dokhae.report.labels import label, labels
from dokhae.report.pages import overview
from dokhae.report.pages.charts import Charts
from dokhae.report.pages.listing import QUOTE_CHARS, ROWS_A_PAGE, Listing
from dokhae.report.pages.markup import h, literal, say
from dokhae.report.pages.patent import PatentPage
from dokhae.report.settings import FULL_TEXT_UP_TO, Texts
from dokhae.report.survey import Report
from dokhae.version import VERSION

TEXT_CHUNK_CHARS = 400_000
# two columns of about the same height
PICTURE_ORDER = ("year_country", "applicants", "status", "applicant_year", "ipc_year")
ASSETS = ("report.css", "common.js", "list.js", "patent.js")


def write(report: Report, folder: Path) -> Iterator[Path]:
    """Writes the pages; yields every file as soon as it is complete, index.html last."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name in ASSETS:
        yield _put(folder / name, _asset(name))
    yield _put(folder / "data" / "labels.js", f"dokhae.labels={literal(labels())};\n")
    page = _patent_page(report)
    yield _put(folder / "patent.html", _shell(report, "patent.html", content="", root="", title=report.settings.title))
    listing = Listing(report.survey.fields, report.lang)
    texts = _TextChunks(folder)
    for row in report.rows():
        content = page.html(row)
        chunk = texts.add(row.patent.id, content)
        listing.add(row, chunk)
        yield from texts.done()
        if report.settings.one_file_each:
            yield _put_patent(report, folder, row, content)
        if listing.page_is_full:
            yield _put_page(folder, listing)
    yield from texts.done(last=True)
    if listing.page:
        yield _put_page(folder, listing)
    yield from _put_index(report, folder, listing)


def _put_index(report: Report, folder: Path, listing: Listing) -> Iterator[Path]:
    charts = Charts(report.lang)
    drawn = "".join(charts.draw(matrix) for matrix in sorted(report.survey.insight.pictures, key=_place_on_page))
    # a patent removed between the passes is in no row
    cells = [[listing.position[id_] for id_ in ids if id_ in listing.position] for ids in charts.cells]
    yield _put(folder / "data" / "cells.js", f"dokhae.cells={literal(cells)};\n")
    meta = {
        "lang": report.lang,
        "rowsAPage": ROWS_A_PAGE,
        "quoteChars": QUOTE_CHARS,
        "oneEach": report.settings.by is not Unit.publication,
        "fields": [
            {
                "id": f.id,
                "ko": f.label_ko,
                "en": f.label_en,
                "many": f.is_many,
                "uncalibrated": f.id in listing.uncalibrated,
            }
            for f in listing.fields
        ],
    }
    yield _put(
        folder / "data" / "index.js", f"dokhae.meta={literal(meta)};\ndokhae.index={literal(listing.index())};\n"
    )
    yield _put(folder / "index.html", _index(report, drawn))


def _index(report: Report, drawn: str) -> str:
    insight, settings = report.survey.insight, report.settings
    return _fill(
        "index.html",
        lang=settings.lang,
        title=h(_title(report)),
        version=h(VERSION),
        today=settings.today.isoformat(),
        as_of=insight.as_of.isoformat(),
        card=overview.card(report),
        coverage=overview.coverage(report),
        tallies=overview.tallies(report),
        checks=overview.checks(report),
        pictures=drawn,
        rejected=overview.rejected(report),
        terms=overview.terms(report),
        **_words(report),
    )


def _shell(report: Report, name: str, *, content: str, root: str, title: str) -> str:
    return _fill(
        name,
        lang=report.lang,
        title=h(title or _title(report)),
        study=h(_title(report)),
        content=content,
        root=root,
        version=h(VERSION),
        **_words(report),
    )


def _title(report: Report) -> str:
    return report.settings.title or label("ui.report", report.lang)


def _place_on_page(matrix: Matrix) -> int:
    return PICTURE_ORDER.index(matrix.id)


def _words(report: Report) -> dict[str, str]:
    """The labels the templates name: ``$say_ui_table`` -> an element."""
    return {f"say_{name}": say(f"ui.{name}", report.lang) for name in labels()["ui"]}


def _patent_page(report: Report) -> PatentPage:
    """The whole text where the study is small enough or it is asked for."""
    wanted, n = report.settings.texts, report.survey.insight.card.publications
    full = wanted is Texts.full or (wanted is Texts.auto and n <= FULL_TEXT_UP_TO)
    biblio = [column for column in columns(report.survey.fields) if column.in_biblio]
    return PatentPage(report.survey.fields, biblio, report.lang, full, report.settings.judged)


def _put_page(folder: Path, listing: Listing) -> Path:
    n, rows = listing.take_page()
    return _put(folder / "data" / f"rows-{n:04}.js", f"dokhae.page({n},{literal(rows)});\n")


def _put_patent(report: Report, folder: Path, row: Row, content: str) -> Path:
    number = spell.document_number(row.patent)
    named = "".join(c if c.isalnum() or c in "-_" else "-" for c in number)
    path = folder / "patents" / f"{named}-{row.patent.id}.html"
    path.parent.mkdir(exist_ok=True)
    title = f"{number} {row.patent.biblio.title}"
    return _put(path, _shell(report, "patent.html", content=content, root="../", title=title))


@dataclass
class _TextChunks:
    """Patent pages in files of some hundred kilobytes: one is loaded when one of its patents is opened."""

    folder: Path
    n: int = 0
    _pages: dict[int, str] = field(default_factory=dict)
    _chars: int = 0

    def add(self, id_: int, content: str) -> int:
        """The chunk the page went into."""
        self._pages[id_] = content
        self._chars += len(content)
        return self.n

    def done(self, *, last: bool = False) -> Iterator[Path]:
        if not self._pages or (self._chars < TEXT_CHUNK_CHARS and not last):
            return
        yield _put(self.folder / "data" / f"text-{self.n:05}.js", f"dokhae.texts({literal(self._pages)});\n")
        self.n, self._pages, self._chars = self.n + 1, {}, 0


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf8")


def _fill(name: str, **values: str) -> str:
    return Template(_asset(name)).substitute(values)


def _put(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf8", newline="\n")
    return path
