"""Full-text XML of KIPO, JPO and CNIPA, and XML nobody knows that has their shape."""

from __future__ import annotations

import io
from datetime import date

import pytest

from dokhae.parse import recognise
from dokhae.parse.offices.national import OfficeXml
from dokhae.types import ClaimForm, Document, Party, Rejected, Role, SectionKind, Source
from tests import office_files as files


def read(xml: str | bytes) -> list[Document | Rejected]:
    data = xml.encode() if isinstance(xml, str) else xml
    return list(OfficeXml().read(io.BytesIO(data), Source("gazette.xml")))


def document(xml: str | bytes) -> Document:
    [found] = read(xml)
    assert isinstance(found, Document), found
    return found


def kinds(found: Document) -> list[str]:
    return [section.kind.value for section in found.texts[0].sections]


def section(found: Document, kind: SectionKind) -> str:
    text = found.texts[0]
    return "\n".join(text.quote(one.span) for one in text.of_kind(kind))


def numbers(found: Document) -> list[tuple[str, str, str]]:
    return [(number.role.value, number.office, number.digits) for number in found.numbers]


@pytest.mark.parametrize("xml", files.ALL)
def test_each_is_recognised_by_its_content(xml: str) -> None:
    parser = recognise(xml.encode()[:8192])
    assert parser is not None
    assert parser.name == "office-xml"


@pytest.mark.parametrize("xml", files.ALL)
def test_claims_read_back_at_their_spans(xml: str) -> None:
    text = document(xml).texts[0]
    for claim in text.claims:
        assert text.text[: claim.span.start].endswith(f"{claim.number}. ")


@pytest.mark.parametrize(
    "other", ["<rss><channel><description>News</description></channel></rss>", "<svg/>", "<html/>"]
)
def test_xml_that_holds_no_patent_is_left_to_others(other: str) -> None:
    assert not OfficeXml().claims_file(other.encode())


def test_a_japanese_gazette_gives_its_sections_by_element_and_heading() -> None:
    assert kinds(document(files.JP_ST36)) == [
        *("title", "abstract", "field", "background", "prior_art_documents", "problem", "solution", "effect"),
        *("drawings", "embodiments", "examples", "industrial", "reference_signs", "claims", "amendment"),
    ]


def test_a_japanese_gazette_gives_its_bibliographic_data() -> None:
    found = document(files.JP_ST36)
    assert found.number is not None
    assert found.number.compact == "JP2012123456A"
    assert numbers(found)[1:] == [("application", "JP", "2010275001"), ("priority", "KR", "1020090123456")]
    biblio = found.biblio
    assert (biblio.application_date, biblio.publication_date) == (date(2010, 12, 9), date(2012, 6, 28))
    assert biblio.priority_date == date(2009, 12, 11)
    assert biblio.applicants == (Party("架空光学株式会社"),)
    assert biblio.ipc == ("G02B 7/04", "H04N 5/225")
    assert biblio.supplied == (("fi", "G02B 7/04 E"), ("theme_code", "2H044"))
    assert biblio.printed_claims == 3


def test_japanese_claims_know_what_they_refer_to() -> None:
    claims = document(files.JP_ST36).texts[0].claims
    assert [claim.depends_on for claim in claims] == [(), (1,), (1, 2)]
    assert claims[2].form is ClaimForm.independent_by_reference


def test_amended_claims_are_no_claims() -> None:
    found = document(files.JP_ST36)
    assert section(found, SectionKind.amendment) == "1. 補正後のレンズ駆動装置。"
    assert len(found.texts[0].claims) == 3
    assert not found.defects


def test_paragraph_numbers_are_kept_as_printed() -> None:
    text = document(files.JP_ST36).texts[0]
    assert [p.label for p in text.paragraphs if p.label] == [f"{n:04}" for n in range(1, 12)]


def test_a_japanese_grant_in_st96_reads_as_one_in_st36() -> None:
    found = document(files.JP_ST96)
    assert found.number is not None
    assert (found.number.compact, found.number.role) == ("JP7123456B2", Role.grant)
    assert (found.biblio.grant_date, found.biblio.publication_date) == (date(2022, 8, 15), date(2022, 8, 23))
    assert kinds(found) == ["title", "field", "problem", "solution", "embodiments", "claims"]
    assert found.texts[0].claims[1].depends_on == (1,)
    assert "一辺は５²ｍｍ" in section(found, SectionKind.embodiments)
    assert not found.defects  # the printed total of claims holds


def test_a_title_in_kanji_alone_is_japanese_in_a_japanese_patent() -> None:
    found = document(files.JP_ST96)
    assert found.biblio.titles == (("ja", "撮像装置"),)
    assert {one.lang for one in found.texts[0].sections} == {"ja"}


def test_a_korean_draft_has_no_number_and_both_titles() -> None:
    found = document(files.KIPO)
    assert (found.number, found.numbers) == (None, ())
    assert found.biblio.titles == (("ko", "렌즈 구동 장치"), ("en", "LENS DRIVING DEVICE"))
    assert section(found, SectionKind.prior_art_documents) == "공개특허공보 제10-2009-0012345호\n광학 핸드북"
    assert section(found, SectionKind.table) == "두께\t10㎛"
    assert section(found, SectionKind.abstract) == "응답이 빠른 렌즈 구동 장치이다."


def test_a_deleted_claim_keeps_its_number_without_words() -> None:
    claims = document(files.KIPO).texts[0].claims
    assert [(claim.number, claim.deleted, len(claim.span) > 0) for claim in claims] == [
        (1, False, True),
        (2, True, False),
        (3, False, True),
    ]


def test_korean_b_codes_and_text_without_paragraphs_are_read() -> None:
    found = document(files.KR_BCODES)
    assert numbers(found) == [("grant", "KR", "101234567"), ("application", "KR", "1020120016332")]
    assert found.biblio.grant_date == date(2013, 3, 5)
    assert found.biblio.owners == (Party("가상기술 주식회사", "KR"),)
    assert section(found, SectionKind.field) == "기술분야가 문단 없이 적혀 있다."


def test_a_korean_publication_in_st96_is_read() -> None:
    found = document(files.ST96)
    assert numbers(found) == [
        ("publication", "KR", "1020230012345"),
        ("application", "KR", "1020210098765"),
        ("priority", "JP", "2020123456"),
    ]
    assert found.number is not None
    assert found.number.kind == "A"
    biblio = found.biblio
    assert (biblio.publication_date, biblio.application_date) == (date(2023, 1, 25), date(2021, 7, 15))
    assert biblio.priority_date == date(2020, 7, 16)
    assert biblio.titles == (("ko", "카메라 모듈"), ("en", "CAMERA MODULE"))
    assert (biblio.applicants, biblio.ipc) == ((Party("주식회사 가상광학", "KR"),), ("H04N 23/54",))
    assert kinds(found) == [
        *("title", "abstract", "field", "problem", "solution", "effect", "reference_signs", "claims"),
    ]
    assert found.texts[0].claims[1].depends_on == (1,)


def test_chinese_documents_of_both_schemas_are_read() -> None:
    old, new = document(files.CN_ST36), document(files.CN_BUSINESS)
    assert numbers(old) == [("publication", "CN", "101234567"), ("application", "CN", "200710001234")]
    assert numbers(new) == [("grant", "CN", "104751825"), ("application", "CN", "201510163325")]
    assert kinds(old) == ["title", "abstract", "field", "background", "solution", "embodiments", "claims"]
    assert kinds(new) == ["title", "abstract", "field", "background", "drawings", "embodiments", "claims"]
    assert [c.depends_on for c in (*old.texts[0].claims, *new.texts[0].claims)] == [(), (1,), (), (1,)]
    assert (new.biblio.applicants, new.biblio.inventors) == ((Party("虚构科技有限公司"),), (Party("张三"),))
    assert {one.lang for one in old.texts[0].sections} == {"zh"}


def test_an_unknown_root_is_read_and_marked() -> None:
    found = document(files.UNKNOWN_ROOT)
    assert [d.code for d in found.defects] == ["xml-read-generically", "claim-refers-to-itself"]
    assert kinds(found) == ["title", "field", "claims"]


def test_an_unknown_root_without_a_patent_is_rejected_by_name() -> None:
    [found] = read("<my-export><bibliographic-data/></my-export>")
    assert isinstance(found, Rejected)
    assert (found.code, dict(found.values)) == ("format-not-yet", {"root": "my-export"})


def test_several_patents_under_one_root_are_one_document_each() -> None:
    body = files.CN_BUSINESS.partition("?>")[2]
    found = read(f"<bag>{body}{body.replace('104751825', '104751826')}</bag>")
    assert [d.number.digits for d in found if isinstance(d, Document) and d.number] == ["104751825", "104751826"]
    assert [d.source.item for d in found] == [0, 1]


@pytest.mark.parametrize("part", ["description", "claims", "abstract", "bibliographic-data"])
def test_a_missing_part_costs_no_other(part: str) -> None:
    start = files.JP_ST36.index(f"<{part}")
    end = files.JP_ST36.index(f"</{part}>") + len(part) + 3
    found = document(files.JP_ST36[:start] + files.JP_ST36[end:])
    assert found.texts[0].sections
    assert found.texts[0].lang == "ja"


@pytest.mark.parametrize(
    ("declared", "written", "used"),
    [
        ("EUC-JP", "euc_jp", ""),
        ("Shift_JIS", "cp932", ""),
        ("UTF-8", "euc_jp", "euc_jp"),
        ("UTF-8", "cp932", "cp932"),
        ("EUC-JP", "cp932", "cp932"),
        ("Shift_JIS", "utf-8", "utf-8"),
    ],
)
def test_japanese_in_an_encoding_declared_wrongly_is_read(declared: str, written: str, used: str) -> None:
    xml = files.JP_ST36.replace('encoding="UTF-8"', f'encoding="{declared}"')
    found = document(xml.encode(written))
    assert found.texts[0].text == document(files.JP_ST36).texts[0].text
    assert [dict(d.values)["used"] for d in found.defects if d.code == "encoding-guessed"] == ([used] if used else [])


@pytest.mark.parametrize(("xml", "written"), [(files.CN_ST36, "gb18030"), (files.KIPO, "cp949")])
def test_chinese_and_korean_declared_as_utf8_are_read(xml: str, written: str) -> None:
    found = document(xml.encode(written))
    assert found.texts[0].text == document(xml).texts[0].text
    assert [d.code for d in found.defects] == ["encoding-guessed"]


def test_two_encodings_in_one_file_do_not_lose_the_neighbour() -> None:
    found = read(files.CN_ST36.encode("gb18030") + b"\n" + files.JP_ST36.encode())
    assert [d.texts[0].lang for d in found if isinstance(d, Document)] == ["zh", "ja"]


def test_a_broken_document_is_told_and_the_next_is_read() -> None:
    found = read(files.JP_ST36[:900] + "\n" + files.KIPO)
    assert isinstance(found[0], Rejected)
    assert isinstance(found[1], Document)


def test_a_bare_ampersand_costs_no_patent() -> None:
    found = document(
        files.KR_BCODES.replace("버너를", "버너 & 노즐 < 10개를").replace("기술분야가", "<실시예 1> 기술분야가")
    )
    assert [d.code for d in found.defects] == ["markup-mended"]
    assert "버너 & 노즐 < 10개를 포함하는 스크러버." in found.texts[0].text
