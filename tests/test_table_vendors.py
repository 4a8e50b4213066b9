"""Exports as each vendor writes them, made by hand: headers, several values in a cell, what is a field, what is not."""

from __future__ import annotations

from datetime import date

import pytest

from dokhae.types import ClaimForm, Document, Party, ReadFrom, Role
from tests.tables import codes_of, csv_of, defects_of, documents_of, items_of, one_of, xlsx_of


def _numbers(document: Document) -> list[tuple[str, str, str]]:
    return [(n.role.value, n.office, n.digits) for n in document.numbers]


def _claims(document: Document) -> list[tuple[int, tuple[int, ...], str]]:
    (text,) = document.texts
    return [(c.number, c.depends_on, text.quote(c.span)) for c in text.claims]


WIPS = {
    "국가코드": "KR",
    "DB종류": "등록특허",
    "특허/실용 구분": "특허",
    "문헌종류 코드": "B1",
    "발명의 명칭": "렌즈 구동 장치",
    "요약": "렌즈를 움직인다.",
    "대표청구항": "하우징; 및 코일을 포함하는 렌즈 구동 장치.",
    "청구항 수": 12,
    "독립항 수[KR,JP,US,CN,EP,IN]": 2,
    "해결과제 요약[KR,US,JP,CN,EP,PCT,TW]": "흔들림을 줄임",
    "AI 요약[KR,US,JP,CN,EP,PCT,TW]": "기계가 쓴 요약",
    "출원번호": "10-2012-0016332",
    "출원일": "2012.02.17",
    "공개번호": "10-2013-0094992",
    "공개일": "2013.08.27",
    "등록번호": "10-1314187",
    "등록일": "2013.09.26",
    "출원인": "가나전자 주식회사|다라 인코포레이티드",
    "출원인(제2언어)": "GANA CO.|DARA INC.",
    "출원인 국적": "KR|US",
    "출원인 대표명화 영문명": "GANA",
    "발명자": "홍길동;김철수",
    "우선권 번호": "61/550,506",
    "우선권 국가": "US",
    "우선권 주장일": "2011.10.24",
    "최우선출원일": "2011.10.24",
    "원출원번호[KR,JP,EP,CN,IN,CA]": "10-2010-0001234",
    "국제 출원번호": "PCT/KR2012/001234",
    "국제 공개번호": "WO 2013/012345",
    "Current IPC Main": "H02K 41/03",
    "Current IPC All": "H02K 41/03 | G02B 7/04",
    "Original IPC All": "H02K 41/00",
    "Current CPC All": "H02K 41/0356",
    "인용 문헌번호(B1)": "US7654321B2|JP2010123456A",
    "WIPS패밀리 ID": "123456",
    "EPO패밀리 ID": "99",
    "상태정보[KR,JP,US,EP,CN,CA,AU]": "등록(존속)",
    "현재권리자[KR,JP,US,CN,CA,AU]": "가나전자 주식회사",
    "존속기간(예상)만료일[KR,JP,US,EP,CN,CA,AU]": "2032.02.17",
}


def test_wips_on_in_korean_is_read_in_full() -> None:
    document = one_of(xlsx_of([list(WIPS), list(WIPS.values())]), "윈텔립스_20240501.xlsx")
    assert document.number is not None
    assert document.number.compact == "KR101314187B1"
    assert _numbers(document) == [
        ("grant", "KR", "101314187"),
        ("publication", "KR", "1020130094992"),
        ("application", "KR", "1020120016332"),
        ("parent", "KR", "1020100001234"),
        ("priority", "US", "61550506"),
        ("pct", "WO", "KR2012001234"),
        ("publication", "WO", "2013012345"),
    ]
    biblio = document.biblio
    assert biblio.applicants == (Party("가나전자 주식회사", "KR"), Party("다라 인코포레이티드", "US"))
    assert [p.name for p in biblio.inventors] == ["홍길동", "김철수"]
    assert (biblio.ipc, biblio.cpc) == (("H02K 41/03", "G02B 7/04"), ("H02K 41/0356",))
    assert biblio.cites == ("US7654321B2", "JP2010123456A")
    assert (biblio.family_id, biblio.printed_claims, biblio.priority_date) == ("123456", 12, date(2011, 10, 24))
    assert biblio.status is not None
    assert (biblio.status.name, biblio.status.as_of) == ("등록", date(2024, 5, 1))
    assert [p.name for p in biblio.owners] == ["가나전자 주식회사"]


def test_a_vendors_own_summaries_are_kept_as_supplied_and_are_never_text() -> None:
    summaries = {
        "해결과제 요약[KR,US]": "흔들림",
        "해결수단 요약": "자석",
        "효과 요약": "선명함",
        "AI 요약": "기계",
        "요약(AI)": "생성",
        "Abstract - DWPI": "dwpi",
        "Abstract - DWPI Novelty": "novel",
        "Abstract - DWPI Use": "use",
        "Abstract - DWPI Advantage": "advantage",
        "요약-번역문": "번역",
        "Abstract (machine translation)": "machine",
        "Technical Problem": "problem",
        "기술분야 요약[KR]": "분야",
        "특징 요약": "특징",
    }
    header = ["출원번호", "발명의 명칭", *summaries]
    document = one_of(csv_of(header, ["10-2012-0016332", "렌즈", *summaries.values()]))
    assert document.texts[0].text == "렌즈\n"
    assert document.biblio.supplied == tuple(summaries.items())


def test_one_representative_claim_is_not_the_patents_only_claim() -> None:
    document = one_of(csv_of(list(WIPS), list(WIPS.values())))
    (text,) = document.texts
    assert text.read_from is ReadFrom.abstract_and_some_claims
    assert "claim-total-differs" not in defects_of(document)
    assert document.biblio.printed_claims == 12


def test_independent_claims_without_the_others_are_told_as_such() -> None:
    cell = "[청구항 1] 하우징을 포함하는 장치.\n[청구항 7] 제1항의 장치를 만드는 방법."
    document = one_of(csv_of(["출원번호", "발명의 명칭", "독립청구항[KR,JP]"], ["10-2012-0016332", "렌즈", cell]))
    assert _claims(document) == [(1, (), "하우징을 포함하는 장치."), (7, (1,), "제1항의 장치를 만드는 방법.")]
    assert document.texts[0].claims_are_partial
    assert defects_of(document) == []


def test_all_claims_are_numbered_resolved_and_counted_against_the_printed_number() -> None:
    cell = "1. 하우징을 포함하는 장치.\n2. 제1항에 있어서, 코일을 포함하는 장치.\n3. 삭제"
    row = ["10-2012-0016332", "렌즈", cell, "대표", "3"]
    document = one_of(csv_of(["출원번호", "발명의 명칭", "전체 청구항", "대표 청구항", "전체 청구항수"], row))
    (text,) = document.texts
    assert _claims(document)[:2] == [
        (1, (), "하우징을 포함하는 장치."),
        (2, (1,), "제1항에 있어서, 코일을 포함하는 장치."),
    ]
    assert [(c.deleted, c.form) for c in text.claims][1:] == [
        (False, ClaimForm.dependent),
        (True, ClaimForm.independent),
    ]
    assert not text.claims_are_partial
    assert defects_of(document) == ["claim-total-differs"]
    assert document.biblio.supplied == (("first_claim", "대표"),)


def test_a_focust_list_has_its_header_in_row_five() -> None:
    data = xlsx_of(
        [
            ["FOCUST 검색결과"],
            ["검색일 : 2023-03-02"],
            ["검색식", "렌즈*구동"],
            [],
            [
                "일련번호",
                "출원번호",
                "출원일",
                "출원인",
                "출원인국가",
                "Final Status",
                "명칭",
                "명칭(원문)",
                "요약(원문)",
                "발명자",
                "국제특허분류",
                "공동특허분류",
                "공개번호",
                "공개일",
                "우선권번호",
                "자국인용특허",
                "외국인용특허",
                "전체 청구항수",
                "대표 청구항(원문)",
            ],
            [
                "1",
                "JP2012-123456",
                "2012-05-30",
                "ソニー株式会社",
                "JP",
                "등록",
                "렌즈",
                "レンズ",
                "レンズを動かす。",
                "山田太郎",
                "G02B 7/04",
                "G02B 7/04",
                "JP2013-250123A",
                "2013-12-12",
                "",
                "JP2001123456A",
                "US7654321B2",
                "8",
                "レンズ装置。",
            ],
        ]
    )
    document = one_of(data, "focust.xlsx")
    assert document.biblio.title == "レンズ"
    assert document.biblio.supplied == (("일련번호", "1"), ("명칭", "렌즈"))
    assert document.biblio.cites == ("JP2001123456A", "US7654321B2")
    assert document.biblio.status is not None
    assert document.biblio.status.as_of == date(2023, 3, 2)
    assert document.biblio.applicants == (Party("ソニー株式会社", "JP"),)


def test_kipris_excel_is_read_with_priorities_and_status() -> None:
    document = one_of(
        csv_of(
            [
                "순서",
                "출원번호",
                "출원일자",
                "IPC분류 8판",
                "공개번호",
                "공개일자",
                "등록번호",
                "등록일자",
                "원출원번호",
                "최종처분내용",
                "등록상태",
                "출원인",
                "발명자/고안자",
                "대리인",
                "우선권정보",
                "발명의명칭",
                "초록",
                "청구항",
            ],
            [
                "1",
                "1020120016332",
                "2012.02.17",
                "H02K 41/03|G02B 7/04",
                "1020130094992",
                "2013.08.27",
                "1013141870000",
                "2013.09.26",
                "",
                "등록결정(일반)",
                "소멸",
                "가나 주식회사",
                "홍길동|김철수",
                "특허법인 다라",
                "대한민국 1020110012345 (2011.02.11)",
                "렌즈",
                "움직인다.",
                "청구항 1. 장치.|청구항 2. 제1항에 있어서, 코일.",
            ],
        )
    )
    assert ("priority", "KR", "1020110012345") in _numbers(document)
    assert document.biblio.priority_date == date(2011, 2, 11)
    assert document.biblio.status is not None
    assert document.biblio.status.name == "소멸"
    assert _claims(document) == [(1, (), "장치."), (2, (1,), "제1항에 있어서, 코일.")]
    assert document.biblio.ipc == ("H02K 41/03", "G02B 7/04")
    assert document.number is None


def test_google_patents_joins_names_by_commas_and_calls_the_number_id() -> None:
    data = (
        b"search URL:,https://patents.google.com/?q=lens\n"
        b"id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,result link,"
        b"representative figure link\n"
        b'US-11759832-B2,Lens actuator,"Samsung Electronics Co., Ltd., LG Innotek Co., Ltd.","Jane Roe, John Doe",'
        b"2011-10-24,2012-10-22,2013-04-25,2023-09-19,https://patents.google.com/patent/US11759832B2/en,\n"
    )
    document = one_of(data, "gp-search-20240501-101010.csv")
    assert document.number is not None
    assert document.number.compact == "US11759832B2"
    assert [p.name for p in document.biblio.applicants] == ["Samsung Electronics Co., Ltd.", "LG Innotek Co., Ltd."]
    assert [p.name for p in document.biblio.inventors] == ["Jane Roe", "John Doe"]
    assert document.biblio.application_date == date(2012, 10, 22)
    assert document.biblio.grant_date == date(2023, 9, 19)


def test_an_id_is_no_number_in_other_tables() -> None:
    document = one_of(csv_of(["id", "title", "abstract", "출원번호"], ["17", "Lens", "It moves.", "10-2012-0016332"]))
    assert document.biblio.supplied == (("id", "17"),)


def test_espacenet_lists_families_below_seven_lines_of_text() -> None:
    data = csv_of(
        ["Espacenet Patent search"],
        [],
        ["Query: lens"],
        ["Date of export: 2024-05-01"],
        ["Hits: 1"],
        [],
        [
            "No",
            "Title",
            "Inventors",
            "Applicants",
            "Publication number",
            "Earliest priority",
            "IPC",
            "CPC",
            "Publication date",
            "Earliest publication",
            "Family number",
        ],
        [
            "1",
            "Lens actuator",
            "DOE JOHN [US]\nROE JANE [US]",
            "SONY CORP [JP]",
            "US2018158710A1 \nUS11759832B2 \nJP2018123456A",
            "2016-12-05",
            "G02B7/04\nH02K41/03",
            "G02B7/04",
            "2018-06-07 \n2023-09-19 \n2018-08-09",
            "2018-06-07",
            "62243000",
        ],
        delimiter=";",
    )
    document = one_of(data)
    assert document.number is not None
    assert document.number.compact == "US20180158710A1"
    # the others are of its family, and may be other patents: they stay as supplied
    assert _numbers(document) == [("publication", "US", "20180158710")]
    assert dict(document.biblio.supplied)["number"].endswith("JP2018123456A")
    assert document.biblio.publication_date == date(2018, 6, 7)
    assert document.biblio.applicants == (Party("SONY CORP", "JP"),)
    assert document.biblio.inventors == (Party("DOE JOHN", "US"), Party("ROE JANE", "US"))
    assert document.biblio.family_id == "62243000"
    assert document.biblio.priority_date == date(2016, 12, 5)


def test_derwent_prefers_what_the_office_published() -> None:
    header = [
        "Publication Number",
        "Title - DWPI",
        "Title",
        "Abstract - DWPI",
        "Abstract",
        "Assignee - Standardized",
        "Assignee - Original",
        "Assignee - DWPI",
        "Inventor",
        "Publication Date",
        "Application Number",
        "Priority Date - Earliest",
        "IPC - Current",
        "CPC - Current",
        "First Claim",
        "Claims Count",
        "Dead/Alive",
        "DWPI Accession Number",
    ]
    row = [
        "EP1116605B1",
        "Novel lens for clever use",
        "Linse | Lens | Lentille",
        "NOVELTY - A lens.",
        "A lens is shown.",
        "SONY GRP",
        "Sony Deutschland GmbH | Sony Corp.",
        "SONY CORP (SONY-C)",
        "DOE, John | ROE, Jane",
        "2004-03-17",
        "EP2001100123A",
        "2000-01-13",
        "B60C001100 | G02B000704",
        "G02B 7/04",
        "1. A lens.",
        "9",
        "DEAD",
        "2001-123456",
    ]
    document = one_of(csv_of(header, row))
    assert document.biblio.title == "Linse"
    assert document.texts[0].text.count("clever use") == document.texts[0].text.count("NOVELTY") == 0
    assert [p.name for p in document.biblio.applicants] == ["Sony Deutschland GmbH", "Sony Corp."]
    assert document.biblio.ipc == ("B60C 11/00", "G02B 7/04")
    assert (document.biblio.printed_claims, document.biblio.family_id) == (9, "2001-123456")
    assert document.texts[0].read_from is ReadFrom.abstract_and_some_claims


def test_a_title_the_vendor_has_worded_is_shown_where_there_is_no_other() -> None:
    document = one_of(csv_of(["Basic Patent Number", "DWPI Title"], ["US5824316A", "Vaccine, e.g. for cattle"]))
    assert document.biblio.title == "Vaccine, e.g. for cattle"


def test_patsnap_and_orbit_are_read() -> None:
    patsnap = one_of(
        csv_of(
            [
                "公开(公告)号",
                "标题",
                "摘要",
                "申请日",
                "公开(公告)日",
                "[标]当前申请(专利权)人",
                "发明人",
                "IPC分类号",
                "简单法律状态",
            ],
            [
                "CN112576945A",
                "镜头",
                "一种镜头。",
                "2020-12-11",
                "2021-03-30",
                "甲公司 | 乙公司",
                "王一 | 李二",
                "G02B7/04",
                "审中",
            ],
        )
    )
    assert patsnap.number is not None
    assert patsnap.number.compact == "CN112576945A"
    assert patsnap.biblio.status is not None
    assert patsnap.biblio.status.name == "공개"
    assert [p.name for p in patsnap.biblio.owners] == ["甲公司", "乙公司"]
    orbit = one_of(
        csv_of(
            [
                "Questel unique family ID (FAN)",
                "Title",
                "Abstract",
                "Publication numbers",
                "Current assignees",
                "Earliest priority date",
                "IPC - International classification",
                "Claims",
                "Advantages / Previous drawbacks",
            ],
            [
                "77654321",
                "Lens",
                "A lens.",
                "US11759832B2\nCN112576945A",
                "SONY\nCANON",
                "2016-12-05",
                "G02B-007/04\nH02K-041/03",
                "1. A lens.\n2. The lens of claim 1.",
                "Better",
            ],
        )
    )
    assert _numbers(orbit) == [("grant", "US", "11759832")]
    assert (orbit.biblio.family_id, orbit.biblio.ipc) == ("77654321", ("G02B 7/04", "H02K 41/03"))
    assert _claims(orbit) == [(1, (), "A lens."), (2, (1,), "The lens of claim 1.")]
    assert dict(orbit.biblio.supplied)["Advantages / Previous drawbacks"] == "Better"


def test_uspto_public_search_lists_are_read() -> None:
    header = ["Result #", "Document/Patent number", "Display", "Title", "Inventor name", "Publication date", "Pages"]
    document = one_of(csv_of(header, ["1", "US-20180158710-A1", "", "Lens", "Doe; John", "2018-06-07", "12"]))
    assert document.number is not None
    assert document.number.compact == "US20180158710A1"


@pytest.mark.parametrize(
    ("kind", "own"), [("A", "KR1020130094992A"), ("B1", "KR101314187B1"), ("", None), ("공개", None)]
)
def test_the_kind_of_document_tells_which_of_its_numbers_is_the_rows_own(kind: str, own: str | None) -> None:
    header = ["국가", "문헌종류코드", "발명의 명칭", "출원번호", "공개번호", "등록번호"]
    document = one_of(csv_of(header, ["KR", kind, "렌즈", "10-2012-0016332", "10-2013-0094992", "10-1314187"]))
    assert (document.number and document.number.compact) == own


def test_a_kind_in_its_own_column_belongs_to_the_number() -> None:
    document = one_of(csv_of(["Publication Number", "Kind Code", "Title"], ["AU2007202956", "B2", "Polymorph"]))
    assert document.number is not None
    assert (document.number.role, document.number.kind) == (Role.grant, "B2")


# ---- headers


def test_a_header_in_two_rows_is_read_as_one() -> None:
    data = xlsx_of(
        [
            ["번호", "발명의 명칭", "출원", "", "등록", ""],
            ["", "", "번호", "일자", "번호", "일자"],
            ["1", "렌즈", "10-2012-0016332", "2012.02.17", "10-1314187", "2013.09.26"],
        ]
    )
    document = one_of(data)
    assert _numbers(document) == [("grant", "KR", "101314187"), ("application", "KR", "1020120016332")]
    assert document.biblio.grant_date == date(2013, 9, 26)


def test_a_column_without_a_name_is_called_by_the_groups_above_it() -> None:
    data = csv_of(
        ["서지", "", "분류", ""],
        ["", "", "볼", "와이어"],
        ["출원번호", "발명의 명칭", "", ""],
        ["10-2012-0016332", "렌즈", "X", "O"],
    )
    assert one_of(data).biblio.supplied == (("분류 / 볼", "X"), ("분류 / 와이어", "O"))


def test_a_header_repeated_in_the_middle_is_no_record_and_another_one_begins_another_table() -> None:
    data = csv_of(
        ["출원번호", "발명의 명칭", "요약"],
        ["10-2012-0016332", "렌즈", "움직인다."],
        ["출원 번호", "발명의명칭", "요 약"],
        ["10-2012-0016333", "코일", "감긴다."],
        [],
        ["발명의 명칭", "등록번호", "출원인"],
        ["자석", "10-1314187", "가나"],
        ["합계 3건", "", ""],
    )
    items = items_of(data)
    assert codes_of(items) == ["read", "read", "read", "row-is-a-note"]
    last = items[2]
    assert isinstance(last, Document)
    assert (last.biblio.title, _numbers(last)) == ("자석", [("grant", "KR", "101314187")])


def test_columns_of_the_same_name_are_all_kept() -> None:
    document = one_of(csv_of(["출원번호", "제목", "family size", "family size"], ["10-2012-0016332", "렌즈", "3", "1"]))
    assert document.biblio.supplied == (("family size", "3"), ("family size", "1"))


def test_an_empty_cell_is_filled_from_the_next_column_of_the_field() -> None:
    header = ["출원번호", "발명의 명칭", "출원인(제2언어)", "출원인"]
    with_both, with_one = documents_of(
        csv_of(header, ["10-2012-0016332", "렌즈", "GANA", "가나"], ["10-2012-0016333", "코일", "GANA", ""])
    )
    assert [p.name for p in with_both.biblio.applicants] == ["가나"]
    assert with_both.biblio.supplied == (("출원인(제2언어)", "GANA"),)
    assert [p.name for p in with_one.biblio.applicants] == ["GANA"]


def test_ten_thousand_columns_are_read() -> None:
    header = ["출원번호", "발명의 명칭", *(f"열 {n}" for n in range(10_000))]
    document = one_of(csv_of(header, ["10-2012-0016332", "렌즈", *[""] * 9_999, "끝"]))
    assert document.biblio.supplied == (("열 9999", "끝"),)


@pytest.mark.parametrize(
    ("above", "heading", "path"),
    [
        (["검색일", "2024.05.01"], "상태", "a.csv"),
        (["조회일자: 2024-05-01", ""], "상태", "a.csv"),
        (["", ""], "상태정보 (2024.05.01 기준)", "a.csv"),
        (["", ""], "상태", "KIPRIS_20240501.csv"),
    ],
)
def test_the_day_a_status_was_true_is_read_where_the_export_names_it(above: list[str], heading: str, path: str) -> None:
    data = csv_of(above, ["출원번호", "발명의 명칭", heading], ["10-2012-0016332", "렌즈", "공개/심사중"])
    status = one_of(data, path).biblio.status
    assert status is not None
    assert (status.name, status.written, status.as_of) == ("공개", "공개/심사중", date(2024, 5, 1))
