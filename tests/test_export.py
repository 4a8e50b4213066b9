"""Exports: jsonl is exact, no sheet executes anything, what does not fit says so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dokhae import report
from dokhae.errors import InputError
from dokhae.insight import Row, Unit
from dokhae.report import ReportSettings
from dokhae.report.spell import serial
from dokhae.report.table_csv import harmless
from dokhae.report.xlsx import CELL_UNITS, shortened
from dokhae.types import AnswerStatus, Defect, Number, Rejected, Role, Source
from tests.rows import row, with_sources

KOREAN = ReportSettings(lang="ko", today=date(2024, 5, 31))


def of(*rows: Row) -> Callable[[], Iterator[Row]]:
    return lambda: iter(rows)


def objects(*rows: Row, with_text: bool = False) -> list[dict[str, Any]]:
    out = io.StringIO()
    report.export(of(*rows), "jsonl", out, with_text=with_text)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def sheets(folder: Path, *rows: Row, settings: ReportSettings = KOREAN) -> dict[str, list[list[Any]]]:
    path = folder / "out.xlsx"
    report.export(of(*rows), "xlsx", path, settings=settings)
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(*rows: Row, settings: ReportSettings = KOREAN) -> list[list[str]]:
    out = io.StringIO(newline="")
    report.export(of(*rows), "csv", out, settings=settings)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


# -- jsonl


def test_a_quote_is_the_text_at_its_offsets() -> None:
    [made] = objects(row(1, problem="𝑥는 떨림이다.", answers={"problem": "떨림이다"}), with_text=True)
    [quote] = made["answers"]["problem"]
    assert made["text"][quote["start"] : quote["end"]] == quote["quote"] == "떨림이다"


@given(st.text(min_size=1).filter(str.strip), st.text(alphabet="a떨\u0301𝑥 \n", max_size=9))
def test_quotes_read_back_from_the_export_whatever_the_text(before: str, words: str) -> None:
    said = f"≪{words}≫"
    made = row(1, problem=f"{before} {said} end")
    if said not in made.read_text().text:  # type: ignore[union-attr]
        return  # a line break ends a paragraph
    [exported] = objects(row(1, problem=f"{before} {said} end", answers={"problem": said}), with_text=True)
    [quote] = exported["answers"]["problem"]
    assert exported["text"][quote["start"] : quote["end"]] == quote["quote"]


def test_not_stated_is_an_empty_list_and_its_status() -> None:
    [made] = objects(row(1, answers={"problem": AnswerStatus.not_stated, "effect": AnswerStatus.no_source_text}))
    assert made["answers"] == {"problem": [], "effect": []}
    assert made["status"] == {"problem": "not_stated", "effect": "no_source_text"}


def test_the_text_is_exported_only_on_request() -> None:
    assert "text" not in objects(row(1, problem="떨림."))[0]


def test_deleted_claims_are_left_out_and_dependencies_kept() -> None:
    [made] = objects(row(1, claims=["렌즈를 포함하는 모듈.", "", "제1항에 있어서, 모듈."]))
    assert made["claims"] == [{"n": 1, "depends_on": []}, {"n": 3, "depends_on": [1]}]


def test_documents_of_one_file_have_stems_of_their_own() -> None:
    first = with_sources(row(1), Source("dir/grants.xml"))
    second = with_sources(row(2), Source("dir/grants.xml", item=1))
    member = with_sources(row(3), Source("all.zip", member="kr/KR-10-2013-0094992.pdf"))
    names = [made["source"] for made in objects(first, second, member)]
    assert names == ["grants.xml", "grants#KR101234569B1.xml", "KR-10-2013-0094992.pdf"]


def test_a_windows_path_gives_its_file_name() -> None:
    assert objects(with_sources(row(1), Source(r"C:\특허\a b.pdf")))[0]["source"] == "a b.pdf"


def test_a_patent_goes_by_its_number_and_all_others() -> None:
    made = row(1)
    filed = Number("KR", Role.application, "1020120016332")
    made = replace(made, patent=replace(made.patent, numbers=(*made.patent.numbers, filed)))
    [exported] = objects(made)
    assert (exported["number"], exported["numbers"]) == ("KR101234568B1", ["KR1020120016332"])


def test_a_number_with_a_raised_digit_is_spelled_as_it_is() -> None:
    assert serial(Number("US", Role.grant, "7²")) == "7²"


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError) as error:
        report.export(of(), "docx", io.StringIO())
    assert str(error.value) == "docx: no such export format. Known: jsonl, csv, xlsx."


def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("old", encoding="utf8")

    def broken() -> Iterator[Row]:
        yield row(1)
        raise RuntimeError("disk pulled")

    with pytest.raises(RuntimeError):
        report.export(broken, "jsonl", path)
    assert path.read_text(encoding="utf8") == "old"
    assert list(tmp_path.iterdir()) == [path]


# -- csv


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-40℃", "@SUM(A1)", "\tx", "\rx", "＝1+1"])
def test_text_a_spreadsheet_would_execute_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


def test_csv_reads_back_with_its_line_breaks() -> None:
    made = table(row(1, title='말 "따옴표", 쉼표'))
    assert made[1][made[0].index("발명의 명칭")] == '말 "따옴표", 쉼표'


def test_csv_files_begin_with_the_mark_excel_needs(tmp_path: Path) -> None:
    report.export(of(row(1)), "csv", tmp_path / "a.csv", settings=KOREAN)
    assert (tmp_path / "a.csv").read_bytes().startswith("\ufeff번호,".encode())


# -- xlsx


def test_columns_stand_in_the_order_of_the_trade(tmp_path: Path) -> None:
    made = row(
        1,
        problem="떨림이 있다.",
        claims=["렌즈."],
        filed=date(2020, 2, 3),
        applicants=["가"],
        answers={"problem": "떨림이 있다."},
    )
    head = sheets(tmp_path, made)["특허목록"][0]
    wanted = [
        "번호",
        "국가",
        "문헌종류",
        "발명의 명칭",
        "출원일",
        "등록번호",
        "상태",
        "예상만료일",
        "예상만료일 근거",
        "출원인(원문)",
        "출원인 수",
    ]
    wanted += [
        "해결과제",
        "근거위치 (해결과제)",
        "대표독립항 전문",
        "청구항 수",
        "독립항 수",
        "읽은 범위",
        "확신도",
        "원본파일",
    ]
    assert head == wanted


def test_columns_without_data_are_kept_on_request(tmp_path: Path) -> None:
    head = sheets(tmp_path, row(1), settings=replace(KOREAN, all_columns=True))["특허목록"][0]
    assert {"유효/노이즈/보류", "패밀리 ID", "검토자"} <= set(head)


def test_dates_are_dates_and_numbers_are_text(tmp_path: Path) -> None:
    main = sheets(tmp_path, row(1, filed=date(2020, 2, 29)))["특허목록"]
    cells = dict(zip(main[0], main[1], strict=True))
    assert cells["출원일"] == date(2020, 2, 29)
    assert cells["등록번호"] == "10-1234568"
    assert cells["예상만료일"] == date(2040, 2, 29)


def test_a_date_before_excel_is_text(tmp_path: Path) -> None:
    main = sheets(tmp_path, row(1, filed=date(1899, 12, 31)))["특허목록"]
    assert "1899-12-31" in main[1]


def test_a_formula_in_a_patent_stays_text(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x";"y")'
    made = sheets(tmp_path, row(1, title=evil, claims=[evil], applicants=["http://example.org"]))
    assert evil in made["특허목록"][1]
    assert evil in made["독립항"][1]
    assert "http://example.org" in made["특허목록"][1]


def test_a_cell_that_does_not_fit_names_what_is_left_out(tmp_path: Path) -> None:
    cell = sheets(tmp_path, row(1, claims=["가" * 40_000]))["독립항"][1][-1]
    assert len(cell) <= CELL_UNITS
    assert cell.endswith("–40,000자를 뺐습니다]")


@pytest.mark.parametrize("letter", ["a", "가", "𝑥"])
def test_shortened_text_fits_and_goes_on_where_it_says(letter: str) -> None:
    made = shortened(letter * 40_000, lambda start, end: f"[{start}-{end}]")
    kept, _, said = made.partition("[")
    assert len(made.encode("utf-16-le")) // 2 <= CELL_UNITS
    assert said == f"{len(kept)}-40000]"


def test_a_field_without_an_answer_says_why(tmp_path: Path) -> None:
    said = {"problem": AnswerStatus.not_stated, "effect": AnswerStatus.no_source_text}
    main = sheets(tmp_path, row(1, answers=said))["특허목록"]
    cells = dict(zip(main[0], main[1], strict=True))
    assert (cells["해결과제"], cells["효과"]) == ("(기재 없음)", "(원문 없음)")


def test_a_question_asked_of_all_is_a_column_of_its_own(tmp_path: Path) -> None:
    main = sheets(tmp_path, row(1, problem="온도는 50℃이다.", answers={"온도는?": "50℃"}))["특허목록"]
    assert dict(zip(main[0], main[1], strict=True))["온도는?"] == "50℃"


def test_independent_claims_have_a_sheet(tmp_path: Path) -> None:
    claims = sheets(tmp_path, row(1, claims=["렌즈 모듈.", "제1항에 있어서, 모듈.", ""]))["독립항"]
    assert [one[2] for one in claims[1:]] == [1.0]


def test_rejected_files_and_defects_have_a_sheet_that_says_what_to_do(tmp_path: Path) -> None:
    lost = Rejected.of(Source("files/scan.pdf"), "path-missing")
    settings = replace(KOREAN, rejected=[lost])
    rows = sheets(tmp_path, row(1, defects=[Defect.of("bidirectional-characters")]), settings=settings)["제외·오류"]
    assert rows[1][1:4] == ["files/scan.pdf", "parse", "path-missing"]
    assert rows[1][4].startswith("files/scan.pdf: 그런 파일이나 폴더가 없습니다.")
    assert rows[2][3] == "bidirectional-characters"


def test_sheets_hold_one_publication_an_application_unless_publications_count(tmp_path: Path) -> None:
    rows = (row(1, application=7), row(2, application=7, main=False))
    assert len(sheets(tmp_path, *rows)["특허목록"]) == 2
    assert len(sheets(tmp_path, *rows, settings=replace(KOREAN, by=Unit.publication))["특허목록"]) == 3


def test_the_terms_sheet_names_unit_dates_and_rules(tmp_path: Path) -> None:
    terms = dict(line[:2] for line in sheets(tmp_path, row(1))["용어·기준·조건"])
    assert terms["자료 기준일"] == date(2024, 5, 31)
    assert str(terms["단위"]).startswith("출원: ")


def test_a_study_without_patents_gives_sheets_with_heads(tmp_path: Path) -> None:
    assert set(sheets(tmp_path)) == {"특허목록", "독립항", "출원인 정비", "제외·오류", "용어·기준·조건"}
