"""Cells of tables: days in every form, claims in one cell, names with countries, numbers a spreadsheet has touched."""

from __future__ import annotations

import time
from datetime import date

import pytest

from dokhae.parse.dates import DateOrder, date_of, orders_of
from dokhae.parse.names import country_of, party_of, people, split_applicants
from dokhae.parse.records import classes_of, status_of, titles_of
from dokhae.parse.table.claims_cell import claims_of
from dokhae.types import Party, ReadFrom, Role, SectionKind
from tests.tables import codes_of, csv_of, defects_of, documents_of, items_of, one_of, xlsx_of

MAY_3 = date(2019, 5, 3)


@pytest.mark.parametrize(
    "written",
    [
        "2019-05-03",
        "2019.05.03",
        "2019. 5. 3.",
        "2019/5/3",
        "20190503",
        "2019년 5월 3일",
        "2019년5월3일",
        "2019-05-03 00:00:00",
        "2019-05-03T12:00:00Z",
        "03-MAY-2019",
        "3 May 2019",
        "May 3, 2019",
        "May 3rd, 2019",
        "3. Mai 2019",
        "3 mai 2019",
        "03.05.2019",
        " 2019.05.03",
    ],
)
def test_a_day_is_read_in_every_form_that_means_one_day(written: str) -> None:
    assert date_of(written) == MAY_3


@pytest.mark.parametrize(
    ("written", "month"), [("3. März 2019", 3), ("3 août 2019", 8), ("3 décembre 2019", 12), ("3. Dez. 2019", 12)]
)
def test_months_are_read_in_german_and_french(written: str, month: int) -> None:
    assert date_of(written) == date(2019, month, 3)


@pytest.mark.parametrize(
    "written",
    ["2019-02-30", "31/04/2019", "04/05/2019", "22/10/12", "03-FOO-2019", "43588", "1234-01-01", "x" * 10_000],
)
def test_days_that_do_not_exist_or_may_be_two_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        date_of(written)


def test_the_column_tells_whether_the_day_or_the_month_comes_first() -> None:
    assert orders_of([("04/05/2013", None), ("25/04/2013", None)]) == {"4/": DateOrder.dmy}
    assert orders_of([("04/05/2013", None), ("04/25/2013", None)]) == {"4/": DateOrder.mdy}
    assert orders_of([("99/12/31", None), ("04/05/06", None)]) == {"2/": DateOrder.ymd}
    assert orders_of([("04/05/06", None), ("05/06/07", None)]) == {}
    assert orders_of([("04/05/06", 2006), ("05/06/07", 2007)]) == {}
    assert orders_of([("04/05/06", 2004), ("12/06/07", 2012)]) == {"2/": DateOrder.ymd}
    assert orders_of([("43588", None), ("41234", None)]) == {"n": DateOrder.serial}


def test_a_column_with_one_day_that_does_not_exist_still_shows_its_order() -> None:
    cells = [("25/04/2013", None)] * 120 + [("30/02/2013", None)]
    assert orders_of(cells) == {"4/": DateOrder.dmy}
    with pytest.raises(ValueError, match=r".+"):
        date_of("30/02/2013", orders_of(cells))


def test_two_digits_of_a_year_are_read_where_the_table_decides_them() -> None:
    header = ["Publication Number", "Title", "Application Date", "Publication Date", "Publication Year"]
    first, second = documents_of(
        csv_of(
            header,
            ["US20130101709A1", "Pizza", "22/10/12", "25/04/13", "2013"],
            ["US1234567A", "Oven", "04/01/10", "07/08/11", "1911"],
        )
    )
    assert (first.biblio.application_date, first.biblio.publication_date) == (date(2012, 10, 22), date(2013, 4, 25))
    assert (second.biblio.application_date, second.biblio.publication_date) == (date(1910, 1, 4), date(1911, 8, 7))


def test_two_digits_of_a_year_that_nothing_decides_are_left_out_and_told() -> None:
    document = one_of(csv_of(["출원번호", "제목", "출원일"], ["10-2012-0016332", "렌즈", "12/10/11"]))
    assert document.biblio.application_date is None
    assert defects_of(document) == ["date-unreadable"]


def test_days_of_a_workbook_are_read_as_days_or_as_its_serial_numbers() -> None:
    header = ["출원번호", "제목", "출원일"]
    data = xlsx_of([header, ["10-2012-0016332", "렌즈", 40956], ["10-2012-0016333", "코일", 40957]])
    assert [d.biblio.application_date for d in documents_of(data)] == [date(2012, 2, 17), date(2012, 2, 18)]


def test_the_earliest_of_several_priorities_counts() -> None:
    header = ["Publication Number", "Title", "Priority Date"]
    rows = ["US7654321B2", "Lens", "11/25/2002 | 12/10/2001"]
    assert one_of(csv_of(header, rows)).biblio.priority_date == date(2001, 12, 10)


# ---- claims


@pytest.mark.parametrize(
    "cell",
    [
        "1. A lens.\n2. The lens of claim 1.",
        "1. A lens. 2. The lens of claim 1.",
        "1. A lens. | 2. The lens of claim 1.",
        "What is claimed is:\n1. A lens.\n2. The lens of claim 1.",
        "Claim 1: A lens.\nClaim 2: The lens of claim 1.",
        "[청구항 1] A lens.\n[청구항 2] The lens of claim 1.",
        "【請求項１】A lens.\n【請求項２】The lens of claim 1.",
        '["1. A lens.", "2. The lens of claim 1."]',
        '["A lens.", "The lens of claim 1."]',
        "(청구항 1) A lens.\n(청구항 2) The lens of claim 1.",
    ],
)
def test_claims_of_a_cell_are_told_apart_however_they_are_numbered(cell: str) -> None:
    found = claims_of(cell)
    assert found.is_numbered
    assert [(c.number, c.text) for c in found.claims] == [(1, "A lens."), (2, "The lens of claim 1.")]


def test_numbers_that_are_no_claims_stay_in_their_claim() -> None:
    cell = "1. A method comprising:\n(1) heating to 1.5 K;\n2. cooling.\n3. The method of claim 1, at 0.5 bar. 9. x"
    assert [c.number for c in claims_of(cell).claims] == [1, 2, 3]
    assert claims_of("청구항 1에 있어서, 코일.").is_numbered is False


def test_a_cell_of_one_claim_without_number_may_be_one_of_many() -> None:
    header = ["출원번호", "제목", "청구항", "청구항수"]
    unknown, single = documents_of(
        csv_of(header, ["10-2012-0016332", "렌즈", "장치.", ""], ["10-2012-0016333", "코일", "장치.", "1"])
    )
    assert unknown.texts[0].read_from is ReadFrom.abstract_and_some_claims
    assert single.texts[0].read_from is ReadFrom.abstract_and_claims


def test_a_cell_as_long_as_a_spreadsheet_allows_is_cut() -> None:
    claims = ("1. " + "가" * 32_767)[:32_767]
    document = one_of(csv_of(["출원번호", "제목", "청구항"], ["10-2012-0016332", "렌즈", claims]))
    assert defects_of(document) == ["cell-cut"]
    assert document.texts[0].claims_are_partial


@pytest.mark.parametrize(
    "cell", ["[1" + " " * 30_000 + "y", "1" + "\n" * 30_000 + "y", "1. x" + " 2" * 20_000, "\n[" * 20_000]
)
def test_long_cells_of_claims_are_searched_once(cell: str) -> None:
    started_s = time.process_time()
    claims_of(cell)
    assert time.process_time() - started_s < 1.0


# ---- names


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("[KR] 삼성전자", Party("삼성전자", "KR")),
        ("SONY CORP [JP]", Party("SONY CORP", "JP")),
        ("SONY CORP (JP)", Party("SONY CORP", "JP")),
        ("SONY CORP ([JP])", Party("SONY CORP", "JP")),
        ("SOLDIN STEVEN J    US", Party("SOLDIN STEVEN J", "US")),
        ("Nestle (SA)", Party("Nestle (SA)")),
        ("주식회사 가나 (구 다라)", Party("주식회사 가나 (구 다라)")),
        ("[KR]", Party("[KR]")),
    ],
)
def test_a_country_beside_a_name_is_taken_off_it(written: str, party: Party) -> None:
    assert party_of(written) == party


def test_lists_joined_by_commas_are_split_where_no_name_can_hold_one() -> None:
    assert split_applicants("연세대학교 산학협력단, 건국대학교 산학협력단;")[0] == (
        "연세대학교 산학협력단",
        "건국대학교 산학협력단",
    )
    assert split_applicants("Samsung Electronics Co., Ltd.")[0] == ("Samsung Electronics Co., Ltd.",)
    assert people("홍길동, 김철수") == ("홍길동", "김철수")
    assert people("DOE, John") == ("DOE, John",)
    assert people("Jane Roe, John Doe Jr., X", commas_join=True) == ("Jane Roe", "John Doe Jr.", "X")


def test_a_research_centre_is_no_second_applicant() -> None:
    assert split_applicants("재단법인 다차원 융합시스템 연구단")[1]
    assert split_applicants("농업회사법인 주식회사 가나다라")[1]


@pytest.mark.parametrize(
    ("written", "code"), [("미국", "US"), ("Korea, Republic of", "KR"), ("jp", "JP"), ("", ""), ("화성", "")]
)
def test_countries_are_read_by_code_and_by_name(written: str, code: str) -> None:
    assert country_of(written) == code


def test_countries_beside_that_fit_no_party_stay_as_supplied() -> None:
    header = ["출원번호", "제목", "출원인", "출원인 국적"]
    document = one_of(csv_of(header, ["10-2012-0016332", "렌즈", "가나|다라|마바", "KR|US"]))
    assert [p.country for p in document.biblio.applicants] == ["", "", ""]
    assert document.biblio.supplied == (("applicant_countries", "KR|US"),)


# ---- numbers, classes, titles, statuses


def test_a_damaged_number_loses_no_row_that_another_one_identifies() -> None:
    header = ["출원번호", "등록번호", "제목"]
    items = items_of(csv_of(header, ["1.02012E+12", "10-1314187", "렌즈"], ["1.02012E+12", "", "렌즈"]))
    assert codes_of(items) == ["read", "number-damaged"]


def test_numbers_that_have_lost_their_zeros_are_read_with_their_office() -> None:
    header = ["국가코드", "문헌번호", "제목"]
    (ep,) = documents_of(csv_of(header, ["EP", "784692 A1", "Virus"]))
    assert ep.number is not None
    assert ep.number.digits == "0784692"


def test_a_link_cell_shows_its_number() -> None:
    cell = '=HYPERLINK("https://patents.google.com/patent/US7654321B2","US7654321B2")'
    document = one_of(csv_of(["Publication Number", "Title"], [cell, "Lens"]))
    assert document.number is not None
    assert document.number.compact == "US7654321B2"


@pytest.mark.parametrize("cell", ["=1+2", "+cmd", "-렌즈", "@sum(a1)"])
def test_cells_that_a_spreadsheet_would_run_are_text(cell: str) -> None:
    assert one_of(csv_of(["출원번호", "제목"], ["10-2012-0016332", cell])).biblio.title == cell


def test_priorities_are_read_with_the_day_and_office_beside_them() -> None:
    header = ["Publication Number", "Title", "Priority Data"]
    cell = "[200402236U 2004-10-01T23:59:59.000Z ES, 60/225,166 14.08.2000 US]"
    document = one_of(csv_of(header, ["US20090208610", "Pizza", cell]))
    assert [(n.office, n.digits) for n in document.numbers if n.role is Role.priority] == [
        ("ES", "200402236"),
        ("US", "60225166"),
    ]
    assert document.biblio.priority_date == date(2000, 8, 14)


@pytest.mark.parametrize(
    ("written", "classes"),
    [
        ("F24J000202 | F24J000210", ("F24J 2/02", "F24J 2/10")),
        ("C07D41700", ("C07D 417/00",)),
        ("H01J04900", ("H01J 49/00",)),
        ("A61K-0031/12; A61K-0031/21", ("A61K 31/12", "A61K 31/21")),
        ("A61K31192", ()),
        ("G02B7/04\nH02K41/03", ("G02B 7/04", "H02K 41/03")),
        ("F24J", ("F24J",)),
    ],
)
def test_classes_are_read_as_every_vendor_prints_them(written: str, classes: tuple[str, ...]) -> None:
    assert classes_of(written) == classes


def test_titles_in_several_languages_are_titles_of_their_own() -> None:
    assert titles_of("Verfahren und Vorrichtung für die Linse | Method for the lens | Verfahren der Linse") == (
        ("de", "Verfahren und Vorrichtung für die Linse"),
        ("en", "Method for the lens"),
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("공개/심사중", "공개"),
        ("등록결정(일반)", "등록"),
        ("거절결정(일반)", "거절"),
        ("취하(심사미청구)", "취하"),
        ("포기", "포기"),
        ("무효", "무효"),
        ("소멸(등록료불납)", "소멸"),
        ("소멸(존속기간만료)", "만료"),
        ("등록(존속)", "등록"),
        ("Active", "등록"),
        ("Inactive", "소멸"),
        ("Pending", "공개"),
        ("Patented", "등록"),
        ("Expired - Fee Related", "소멸"),
        ("Expired", "만료"),
        ("Not in force", "소멸"),
        ("In force", "등록"),
        ("REVOKED", "무효"),
        ("有效", "등록"),
        ("Unknown", "Unknown"),
    ],
)
def test_a_status_is_counted_under_one_of_eight_names(written: str, name: str) -> None:
    status = status_of(written)
    assert status is not None
    assert (status.name, status.written) == (name, written)


def test_both_abstracts_are_sections_with_their_languages() -> None:
    header = ["출원번호", "제목", "초록(국문)", "초록(영문)"]
    document = one_of(csv_of(header, ["10-2012-0016332", "렌즈", "렌즈를 움직이는 장치.", "A device moves the lens."]))
    assert [(s.kind, s.lang) for s in document.texts[0].sections][1:] == [
        (SectionKind.abstract, "ko"),
        (SectionKind.abstract, "en"),
    ]


@pytest.mark.parametrize("cell", ["Not available", "#N/A", "해당없음", "nan", "NULL"])
def test_cells_that_say_that_nothing_is_there_are_empty(cell: str) -> None:
    assert one_of(csv_of(["출원번호", "제목", "출원인"], ["10-2012-0016332", "렌즈", cell])).biblio.applicants == ()


def test_a_date_that_contradicts_the_year_beside_it_is_left_out_and_told() -> None:
    header = ["Publication Number", "Title", "Publication Date", "Publication Year"]
    first, second = documents_of(
        csv_of(header, ["US20130101709A1", "Pizza", "25/04/13", "2013"], ["US5077050A", "Oven", "31/12/92", "1991"])
    )
    assert (first.biblio.publication_date, second.biblio.publication_date) == (date(2013, 4, 25), None)
    assert defects_of(second) == ["date-unreadable"]


def test_an_application_filed_after_its_publication_is_told() -> None:
    header = ["출원번호", "제목", "출원일", "공개일"]
    document = one_of(csv_of(header, ["10-2012-0016332", "렌즈", "2015.12.31", "2015.04.01"]))
    assert document.biblio.application_date == date(2015, 12, 31)
    assert defects_of(document) == ["dates-out-of-order"]


@pytest.mark.parametrize("run", [" ", "\t", "(", "0", ".", "-", ",", "A"])
@pytest.mark.parametrize("heading", ["우선권번호", "출원번호", "출원일", "출원인", "IPC", "청구항"])
def test_a_long_run_in_a_cell_takes_no_longer_than_its_length(heading: str, run: str) -> None:
    data = csv_of(["등록번호", "발명의 명칭", heading], ["10-1314187", "렌즈", f"KR 1{run * 100_000}x"])
    started = time.process_time()
    assert len(documents_of(data)) == 1
    assert time.process_time() - started < 2
