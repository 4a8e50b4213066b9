"""Table exports: the header is found, cells are text, and every row is accounted for."""

from __future__ import annotations

import io
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from dokhae.messages import say
from dokhae.parse import HEAD_BYTES
from dokhae.parse.dates import date_of
from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.names import people, split_applicants
from dokhae.parse.records import classes_of, document_of, status_of, titles_of
from dokhae.parse.table.parser import Table
from dokhae.types import Document, ReadFrom, Rejected, Role, SectionKind, Source
from tests.shared import shared_data


def _items(data: bytes, path: str = "a.csv") -> list[Document | Rejected]:
    return list(Table().read(io.BytesIO(data), Source(path)))


def _one(data: bytes | str) -> Document:
    (document,) = _items(data.encode() if isinstance(data, str) else data)
    assert isinstance(document, Document), document
    return document


def _codes(items: list[Document | Rejected]) -> list[str]:
    return [item.code if isinstance(item, Rejected) else "read" for item in items]


def _xlsx(*sheets: list[list[object]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(at, column, value)
    return held.getvalue()


ROW = "10-2012-0016332,렌즈 구동 장치,렌즈를 움직인다."
HEADER = "출원번호,발명의 명칭,요약"


def test_a_row_is_a_document_of_its_application() -> None:
    document = _one(f"{HEADER}\n{ROW}\n")
    assert document.number is None
    assert [(n.role, n.digits) for n in document.numbers] == [(Role.application, "1020120016332")]
    assert document.texts[0].text == "렌즈 구동 장치\n렌즈를 움직인다.\n"
    assert [s.kind for s in document.texts[0].sections] == [SectionKind.title, SectionKind.abstract]


def test_the_header_row_is_found_below_others() -> None:
    document = _one(f"검색 결과,,\n검색식: 렌즈*구동,,\n,,\n2024-05-01,,\n{HEADER}\n{ROW}\n")
    assert document.biblio.title == "렌즈 구동 장치"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    data = f"{HEADER}\n{ROW}\n".replace(",", delimiter).encode(encoding)
    assert Table().claims_file(data[:HEAD_BYTES])
    assert _one(data).biblio.title == "렌즈 구동 장치"


@pytest.mark.parametrize(
    "header",
    [
        "출원번호 NUMERIC,특허명 TEXT,설명",
        '"출원\n번호",발명의명칭(원문),"요약[KR,JP,US]"',
        "Application_Number,TITLE,abstract",
        "application number, Title ,Abstract",
    ],
)
def test_names_of_columns_are_recognised_however_they_are_decorated(header: str) -> None:
    document = _one(f"{header}\n{ROW}\n")
    assert document.biblio.title == "렌즈 구동 장치"
    assert document.numbers


def test_columns_nobody_knows_are_kept_as_supplied_and_never_text() -> None:
    document = _one(f"{HEADER},AI 해결과제 요약\n{ROW},흔들림을 줄임\n")
    assert document.biblio.supplied == (("AI 해결과제 요약", "흔들림을 줄임"),)
    assert "흔들림" not in document.texts[0].text


def test_a_table_without_known_names_is_rejected_with_what_was_seen_and_what_to_do() -> None:
    (item,) = _items(b"a,b,c\n1,2,3\n4,5,6\n")
    assert isinstance(item, Rejected)
    assert say(item.code, "en", dict(item.values)) == (
        "No row of column names was recognised in the table (sheet -). Seen: a, b, c. "
        "Put a file columns.toml beside it that names the columns, as in docs/formats.md, and add it again."
    )


def test_a_columns_file_beside_the_table_adds_names(tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text(
        '[title]\nnames = ["우리 제목"]\n[application_number]\nnames = ["우리 번호"]\n', encoding="utf8"
    )
    data = "우리 번호,우리 제목\n10-2012-0016332,렌즈\n".encode()
    (item,) = _items(data, str(tmp_path / "a.csv"))
    assert isinstance(item, Document)
    assert item.biblio.title == "렌즈"
    (tmp_path / "columns.toml").write_text("[title\n", encoding="utf8")
    assert _codes(_items(data, str(tmp_path / "a.csv"))) == ["columns-unreadable"]


def test_a_note_with_commas_is_no_table() -> None:
    note = "Dear all,\nhere are the files, as promised.\nPlease read them, then delete.\n"
    assert not Table().claims_file(note.encode())


def test_a_number_rounded_by_a_spreadsheet_is_rejected_and_the_next_row_is_read() -> None:
    items = _items(f"{HEADER}\n1.02012E+12,렌즈,요약\n{ROW}\n".encode())
    assert _codes(items) == ["number-damaged", "read"]
    assert [item.source.item for item in items] == [0, 1]


def test_a_damaged_number_beside_a_sound_one_is_a_defect() -> None:
    document = _one(f"{HEADER},등록번호\n{ROW},1.01477E+12\n")
    assert [d.code for d in document.defects] == ["number-damaged"]


def test_formula_cells_are_text() -> None:
    document = _one(f'{HEADER}\n10-2012-0016332,"=HYPERLINK(""http://x"")",=1+2\n')
    assert document.biblio.title == '=HYPERLINK("http://x")'
    assert document.texts[0].quote(document.texts[0].sections[1].span) == "=1+2"


def test_the_idiom_that_makes_excel_keep_digits_is_undone() -> None:
    assert _one('출원번호,발명의 명칭\n"=""1020120016332""",렌즈\n').numbers[0].digits == "1020120016332"


def test_a_text_spread_over_nameless_cells_is_put_together() -> None:
    document = _one(f"{HEADER},,\n{ROW}, 그리고, 멈춘다.\n")
    assert document.texts[0].text.endswith("렌즈를 움직인다., 그리고, 멈춘다.\n")
    assert [d.code for d in document.defects] == ["cells-joined"]


def test_blank_rows_and_repeated_headers_are_no_records() -> None:
    assert _codes(_items(f"{HEADER}\n{ROW}\n,,\n{HEADER}\n{ROW}\n".encode())) == ["read", "read"]


def test_an_unclosed_quote_does_not_lose_the_rows_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokhae.parse.table.rows._MAX_CELL_CHARS", 1000)
    items = _items(f'{HEADER}\n{ROW}\n1,"{"x" * 2000}\n'.encode())
    assert _codes(items) == ["read", "row-unreadable"]


def test_a_long_description_fits_a_cell() -> None:
    assert len(_one(f"{HEADER}\n10-2012-0016332,렌즈,{'가' * 200_000}\n").texts[0].text) > 200_000


def test_numbers_and_dates_of_a_workbook_are_read_as_written() -> None:
    rows: list[list[object]] = [["출원번호", "출원일", "발명의 명칭"], [1020120016332, "2012.02.17", "렌즈"]]
    document = _one(_xlsx(rows))
    assert document.numbers[0].digits == "1020120016332"
    assert document.biblio.application_date == date(2012, 2, 17)


def test_every_sheet_of_a_workbook_is_accounted_for() -> None:
    table: list[list[object]] = [["출원번호", "발명의 명칭"], ["10-2012-0016332", "렌즈"]]
    items = _items(_xlsx([["설명", "이 표는"]], table, []), "a.xlsx")
    assert _codes(items) == ["table-header-unknown", "read"]


def test_a_workbook_that_is_none_is_rejected() -> None:
    assert _codes(_items(b"PK\x03\x04" + bytes(100))) == ["workbook-unreadable"]
    assert _codes(_items(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))) == ["workbook-unreadable"]


def test_an_export_of_lens_names_each_document_by_its_own_number() -> None:
    document = _one(
        "Jurisdiction,Kind,Publication Number,Application Number,Priority Numbers,Title,Applicants,CPC\n"
        "US,B2,US 11759832 B2,US 201313657122 A,US 61550506 P 20111024,PAN,A INC;;B LTD,A21B3/132;;A21B3/13\n"
    )
    assert document.number is not None
    assert document.number.compact == "US11759832B2"
    assert [n.role for n in document.numbers] == [Role.grant, Role.application, Role.priority]
    assert [p.name for p in document.biblio.applicants] == ["A INC", "B LTD"]
    assert document.biblio.cpc == ("A21B 3/132", "A21B 3/13")


def test_claims_in_a_cell_are_claims() -> None:
    document = _one(f'{HEADER},청구항\n{ROW},"1. 렌즈.\n2. 제1항에 있어서, 코일."\n')
    (text,) = document.texts
    assert text.read_from is ReadFrom.abstract_and_claims
    assert [(c.number, text.quote(c.span)) for c in text.claims] == [(1, "렌즈."), (2, "제1항에 있어서, 코일.")]


# ---- cells


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (" 2016.12.28", date(2016, 12, 28)),
        ("20131014", date(2013, 10, 14)),
        ("2013-10-14T00:00:00Z", date(2013, 10, 14)),
        ("2013년 10월 4일", date(2013, 10, 4)),
        ("2013 10 4", date(2013, 10, 4)),
        ("21.08.2009", date(2009, 8, 21)),
        ("11/28/1978", date(1978, 11, 28)),
        ("", None),
        ("0000.00.00", None),
    ],
)
def test_dates_are_read(written: str, day: date | None) -> None:
    assert date_of(written) == day


@pytest.mark.parametrize(
    "written", ["20130230", "04/05/2013", "22/10/12", "미정", "2013-12", "2013.11", "201311", "2013년 11월"]
)
def test_dates_that_do_not_exist_or_may_mean_two_days_are_not_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        date_of(written)


def test_a_cut_list_of_classes_is_read_from_the_full_one_beside_it() -> None:
    assert classes_of("['A61K 36/03 A61P 25/20  .... ', 'A61K 36/03|A61P 25/20|A61Q 19/00']") == (
        "A61K 36/03",
        "A61P 25/20",
        "A61Q 19/00",
    )
    assert classes_of("H04N-005/225 (2006.01); G02B 7/02") == ("H04N 5/225", "G02B 7/02")


def test_an_english_title_in_brackets_is_a_title_of_its_own() -> None:
    assert titles_of("광센서(1) 및 방법(Photo (PD) sensor and method)") == (
        ("ko", "광센서(1) 및 방법"),
        ("en", "Photo (PD) sensor and method"),
    )
    assert titles_of("표시 장치(LCD)") == (("ko", "표시 장치(LCD)"),)


def test_applicants_are_split_where_it_is_sure_and_only_there() -> None:
    assert split_applicants("가나 주식회사|홍길동") == (("가나 주식회사", "홍길동"), True)
    assert split_applicants("다라대학교 산학협력단 (주)마바") == (("다라대학교 산학협력단", "(주)마바"), True)
    assert split_applicants("다라대학교 산학협력단 마바 사아 주식회사")[1] is False
    assert split_applicants("Samsung Electro-Mechanics Co., Ltd.") == (("Samsung Electro-Mechanics Co., Ltd.",), True)


def test_unsure_applicants_stay_one_with_a_defect() -> None:
    document = _one(f"{HEADER},출원인\n{ROW},다라대학교 산학협력단 마바 사아 주식회사\n")
    assert len(document.biblio.applicants) == 1
    assert [d.code for d in document.defects] == ["applicants-unsplit"]


def test_korean_inventors_joined_by_blanks_are_persons() -> None:
    assert people("이승호 공정애") == ("이승호", "공정애")
    assert people("John Smith") == ("John Smith",)


def test_a_status_is_counted_under_one_name_and_kept_as_written() -> None:
    status = status_of("소멸(등록료불납)")
    assert status is not None
    assert (status.name, status.written) == ("소멸", "소멸(등록료불납)")


# ---- real files


def test_all_518_records_of_a_university_are_read_and_accounted_for() -> None:
    path = shared_data() / "patents" / "kr_csv" / "inu.csv"
    items = [item for unit in find([path]) if isinstance(unit, Unit) for item in read(unit)]
    assert Counter(_codes(items)) == {"read": 518}
    documents = [item for item in items if isinstance(item, Document)]
    assert len({d.of_role(Role.application) and d.of_role(Role.application).digits for d in documents}) == 503  # type: ignore[union-attr]
    assert all(d.texts[0].read_from is ReadFrom.abstract and d.biblio.ipc for d in documents)
    assert sum(d.of_role(Role.grant) is not None for d in documents) == 404
    assert sum(d.of_role(Role.publication) is not None for d in documents) == 331
    assert Counter(x.code for d in documents for x in d.defects) == {"cells-joined": 3, "applicants-unsplit": 2}


def test_a_month_without_a_day_is_left_out_and_told() -> None:
    document = _one("출원번호,발명의 명칭,출원일\n10-2012-0016332,렌즈,2013-12\n")
    assert document.biblio.application_date is None
    assert [say(d.code, "en", dict(d.values)) for d in document.defects] == [
        "2013-12 in the field application_date is not a date that exists; it was left out."
    ]


@pytest.mark.parametrize(
    "cells",
    [
        {"claims": "1. x" + "\n" * 30_000 + "y"},
        {"abstract": "x" + " " * 30_000 + "y"},
        {"abstract": "x" + "(" * 30_000 + "y"},
    ],
)
def test_runs_of_blanks_are_searched_once(cells: dict[str, str]) -> None:
    started_s = time.process_time()
    assert isinstance(document_of({"title": "렌즈", **cells}, Source("a.csv"), parser=("test", "1")), Document)
    assert time.process_time() - started_s < 0.5


def test_a_cell_of_blanks_above_the_header_is_searched_once() -> None:
    started_s = time.process_time()
    _one(f"x{' ' * 30_000}y,b,c\n{HEADER}\n{ROW}\n")
    assert time.process_time() - started_s < 0.5
