"""Bad input through the front door: every trap ends as a sentence in English, and as nothing worse."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from dokhae.library import adding
from dokhae.library.packing import Packed
from dokhae.messages import say
from dokhae.parse.files.units import Unit
from dokhae.parse.settings import ParseSettings
from dokhae.study import Study
from dokhae.types import Defect, Rejected

HEADER = ("출원번호", "발명의 명칭", "요약", "출원일")
NUMBERS = ("10-2012-0016332", "10-2012-0016333", "10-2012-0016334")
FORMULAS = ('=HYPERLINK("http://example.com","=1+2")', "=1+1", "+cmd|' /C calc'!A0")
# a link gives the words it shows, which may look like a formula themselves
SHOWN = ("=1+2", *FORMULAS[1:])
UNEVALUATED = "=1+1 in the field application_date is not a date that exists; it was left out."
DIRECTION = (
    "The text holds characters that change the writing direction; what you see may stand in another order than it is "
    "stored. Check quotes from it."
)
REPLACED = (
    "{} characters that no text may hold (control characters, halves of characters) were replaced by a mark. "
    "Look at the places marked \ufffd."
)


def hang_at_a_pdf(unit: Unit, **settings: ParseSettings) -> Iterator[Packed | Rejected]:
    """Reads as the worker does, but never comes back from a PDF."""
    while unit.path.endswith(".pdf"):
        time.sleep(1)
    yield from adding.read_packed(unit, **settings)


def english(found: Rejected | Defect) -> str:
    return say(found.code, "en", dict(found.values))


def csv_of(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf8", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return path


def xlsx_of(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, *rows]):
            sheet.write_row(at, 0, row)
    return path


def exported(study: Study, path: Path) -> list[list[str]]:
    study.export("csv", path)
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def html_of(study: Study, folder: Path) -> str:
    study.report(folder)
    pages = (file for file in sorted(folder.rglob("*")) if file.suffix in {".html", ".js"})
    return "\n".join(page.read_text("utf8") for page in pages)


# -- a reader that hangs


def test_a_pdf_that_hangs_its_reader_is_given_up_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(b"%PDF-1.7\n")
    csv_of(tmp_path / "in" / "b.csv", [(NUMBERS[0], "렌즈", "렌즈.", "")])
    Study.create(tmp_path / "a.study").close()
    (tmp_path / "a.study" / "study.toml").write_text("[engine]\nworkers = 1\ntime_limit_s = 3\n", encoding="utf8")
    monkeypatch.setattr(adding, "read_packed", hang_at_a_pdf)
    with Study.open(tmp_path / "a.study") as study:
        added = study.add([tmp_path / "in"])
        [hung] = study.rejected()
    assert (added.counts.added, Path(hung.source.path).name) == (1, "a.pdf")
    assert english(hung) == (
        "Reading the file took too long (silent for 3 s) and was stopped; the other files were read. "
        "Adding it again tries once more."
    )


# -- formulas


@pytest.mark.parametrize(("write", "name"), [(csv_of, "a.csv"), (xlsx_of, "a.xlsx")])
def test_formulas_are_text_on_the_way_in_and_harmless_on_the_way_out(
    tmp_path: Path, write: Callable[[Path, Sequence[Sequence[str]]], Path], name: str
) -> None:
    rows = [(number, formula, formula, "=1+1") for number, formula in zip(NUMBERS, FORMULAS, strict=True)]
    path = write(tmp_path / name, rows)
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([path])
        patents = list(study.patents())
        texts = [study.text(str(number)).text for number in NUMBERS]
        cells = {cell for row in exported(study, tmp_path / "out.csv") for cell in row}
    assert [patent.biblio.title for patent in patents] == list(SHOWN)
    assert texts == [f"{shown}\n{shown}\n" for shown in SHOWN]
    assert [[english(defect) for defect in patent.defects] for patent in patents] == [[UNEVALUATED]] * 3
    assert {f"'{shown}" for shown in SHOWN} <= cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_a_formula_of_a_workbook_gives_what_was_stored_and_is_not_computed(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, (NUMBERS[0],))
        sheet.write_formula(1, 1, '="computed"&1', None, "stored")
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "a.xlsx"])
        assert [patent.biblio.title for patent in study.patents()] == ["stored"]


# -- characters


def test_control_and_direction_characters_are_told_and_do_no_harm(tmp_path: Path) -> None:
    written = "\u202e<script>alert(1)</script>\x07\x1b[31m 렌즈"
    path = csv_of(tmp_path / "a.csv", [(NUMBERS[0], written, written, "")])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([path])
        [patent] = study.patents()
        html = html_of(study, tmp_path / "report")
        table = exported(study, tmp_path / "out.csv")
    assert [english(defect) for defect in patent.defects] == [REPLACED.format(4), DIRECTION]
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    cells = "".join(cell for row in table for cell in row)
    assert "<script>alert(1)</script>\ufffd\ufffd[31m" in cells
    for found in (html, cells):
        assert [c for c in "\x07\x1b" if c in found] == []


# -- names


ODD_NAMES = (
    "new\nline",
    "q'u\"o`te",
    "-rf",
    " blank ",
    "🜚🚀",
    "e\u0301",
    "\u202egro",
    "{0}%s",
    "\x1b[31m",
    "CON",
)
NO_UTF8 = "bad\udcff"


def test_files_of_every_name_go_all_the_way_through(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for n, name in enumerate((*ODD_NAMES, NO_UTF8)):
        try:
            csv_of(tmp_path / "in" / f"{name}.csv", [(f"10-2012-{1_000_000 + n}", "렌즈", "렌즈.", "")])
            (tmp_path / "in" / f"{name}.bin").write_bytes(b"\0nothing")
        except (OSError, UnicodeError):
            continue  # this disk has no such name
    n_tables = len(list((tmp_path / "in").glob("*.csv")))
    assert n_tables > 4
    with Study.create(tmp_path / "a.study", workers=0) as study:
        assert study.add([tmp_path / "in"]).counts.added == n_tables
        assert len(list(study.rejected())) == n_tables
        html_of(study, tmp_path / "report")
        assert len(exported(study, tmp_path / "out.csv")) == n_tables + 1
        study.export("jsonl", tmp_path / "out.jsonl")
        assert study.add([tmp_path / "in"]).counts.added == 0
    assert len((tmp_path / "out.jsonl").read_text("utf8").splitlines()) == n_tables


def test_a_copy_of_a_file_whose_name_is_no_utf8_is_no_file_that_moved(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    try:
        (tmp_path / "in" / f"{NO_UTF8}.bin").write_bytes(b"\0nothing")
    except (OSError, UnicodeError):
        pytest.skip("this disk has no such name")
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "in"])
        (tmp_path / "in" / "copy.bin").write_bytes(b"\0nothing")
        study.add([tmp_path / "in"])
        assert len(list(study.rejected())) == 2
