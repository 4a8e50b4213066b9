"""Korean gazette PDFs: what the parser makes of small gazettes made here, and of the real ones where they are."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from dokhae.messages import say
from dokhae.parse.pdf import GazettePdf
from dokhae.parse.pdf.gazette import office_of
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import ClaimForm, Defect, Document, Number, Rejected, Role, Section, SectionKind, Source, Text
from tests.kr_gazette import H, P, gazette
from tests.shared import shared_data

FRONT: tuple[str | H | P, ...] = (
    "(19) 대한민국특허청(KR)",
    "(12) 등록특허공보(B1)",
    "(45) 공고일자 2013년10월04일",
    "(11) 등록번호 10-1234567",
    "(24) 등록일자 2013년09월26일",
    "(51) 국제특허분류(Int. Cl.)",
    "H01L 21/02 (2006.01) B01D 53/78 (2006.01)",
    "(52) CPC특허분류",
    "B01D 2258/0216 (2013.01)",
    "(21) 출원번호 10-2012-0016332",
    "(22) 출원일자 2012년02월17일",
    "심사청구일자 2012년02월17일",
    "(65) 공개번호 10-2013-0094992",
    "(43) 공개일자 2013년08월27일",
    "(56) 선행기술조사문헌",
    "KR1019990057563 A*",
    "JP09152119 A",
    "(뒷면에 계속)",
    "(73) 특허권자",
    "주식회사 가나다",
    "경기도 화성시 동탄산단6길 15-13",
    "마바 코포레이션",
    "미국 캘리포니아주 팔로알토 1번가",
    "(72) 발명자",
    "홍길동",
    "서울특별시 강남구 1로 2",
    "(74) 대리인",
    "특허법인 라마, 김대리",
    "전체 청구항 수 : 총 3 항 심사관 : 이심사",
    "(54) 발명의 명칭 가스 스크러버",
    "(57) 요 약",
    P("폐가스를 태우는 스크러버가 개시된다."),
    H("대 표 도 - 도1"),
)
CLAIMS: tuple[str | H | P, ...] = (
    H("청구범위"),
    "청구항 1",
    P("버너(10)를 포함하는 가스 스크러버."),
    "청구항 2",
    P("삭제"),
    "청구항 3",
    P("제1항 내지 제2항 중 어느 한 항에 있어서,"),
    P("상기 버너(10)는 제1 노즐을 가지는 가스 스크러버."),
    "청구항 4",
    P("제1항의 가스 스크러버를 사용하는 가스 처리 방법."),
)
BODY: tuple[str | H | P, ...] = (
    H("발명의 설명"),
    H("기 술 분 야"),
    P("본 발명은 반도체 제조 공정에서 배출되는 유해 가스를 처리하기 위한 가스 스크러버에 관한 것이다. " * 4, "[0001]"),
    H("발명의 내용"),
    H("해결하려는 과제"),
    P("막힘을 방지하고자 한다.", "[0002]"),
    P("또한 세정을 줄이고자 한다.", "[0003]"),
)


def parse(data: bytes) -> Document | Rejected:
    with in_force(ParseSettings(Ocr.off)):
        (result,) = GazettePdf().read(BytesIO(data), Source("a.pdf"))
    return result


def document(*pages: tuple[str | H | P, ...]) -> Document:
    result = parse(gazette(*pages))
    assert isinstance(result, Document)
    return result


def text(*pages: tuple[str | H | P, ...]) -> Text:
    return document(*pages).texts[0]


def section(of: Text, kind: SectionKind) -> str:
    (found,) = of.of_kind(kind)
    return of.quote(found.span)


def test_a_grant_carries_its_three_numbers_and_is_known_by_the_grant_number() -> None:
    made = document(FRONT, CLAIMS)
    assert made.number == Number("KR", Role.grant, "101234567", "B1", "10-1234567")
    assert made.of_role(Role.application) == Number("KR", Role.application, "1020120016332", None, "10-2012-0016332")
    assert made.of_role(Role.publication) == Number("KR", Role.publication, "1020130094992", None, "10-2013-0094992")


def test_a_publication_is_known_by_its_publication_number_and_kind() -> None:
    front = ("(19) 대한민국특허청(KR)", "(12) 공개특허공보(A)", "(11) 공개번호 10-2025-0101605", "(54) 발명의 명칭 관")
    number = document(front, CLAIMS).number
    assert number is not None
    assert number.compact == "KR1020250101605A"


def test_a_kind_that_is_not_printed_is_not_guessed() -> None:
    made = document(("(19) 대한민국특허청(KR)", "(11) 등록번호 10-1234567", "(54) 발명의 명칭 관"), CLAIMS)
    assert [number.kind for number in made.numbers] == [None]


@pytest.mark.parametrize(
    ("title", "printed", "compact", "category"),
    [
        ("(12) 공개특허공보(A)", "(11) 공개번호 특2003-0031883", "KR1020030031883A", "invention"),
        ("(12) 등록실용신안공보(Y1)", "(11) 등록번호 20-0290326", "KR200290326Y1", "utility_model"),
        ("(12) 공개실용신안공보(U)", "(11) 공개번호 20-2010-0000299", "KR2020100000299U", "utility_model"),
    ],
)
def test_older_and_utility_model_numbers_are_read(title: str, printed: str, compact: str, category: str) -> None:
    made = document(("(19) 대한민국특허청(KR)", title, printed, "(54) 고안의 명칭 관"), CLAIMS)
    assert made.number is not None
    assert (made.number.compact, made.category, made.biblio.title) == (compact, category, "관")


def test_the_front_page_gives_dates_classes_parties_and_citations() -> None:
    biblio = document(FRONT, CLAIMS).biblio
    assert biblio.title == "가스 스크러버"
    assert (biblio.application_date, biblio.publication_date) == (date(2012, 2, 17), date(2013, 8, 27))
    assert biblio.grant_date == date(2013, 9, 26)
    assert (biblio.ipc, biblio.cpc) == (("H01L 21/02", "B01D 53/78"), ("B01D 2258/0216",))
    assert [(party.name, party.country) for party in biblio.owners] == [
        ("주식회사 가나다", "KR"),
        ("마바 코포레이션", "US"),
    ]
    assert biblio.applicants == biblio.owners
    assert [party.name for party in biblio.inventors] == ["홍길동"]
    assert [party.name for party in biblio.agents] == ["특허법인 라마", "김대리"]
    assert biblio.cites == ("KR1019990057563 A", "JP09152119 A")
    assert dict(biblio.supplied)["심사관 인용"] == "KR1019990057563 A"
    assert dict(biblio.supplied)["심사관"] == "이심사"


def test_what_goes_on_over_the_page_joins_its_field() -> None:
    overleaf = ("(56) 선행기술조사문헌", "US20130082034 A1*", "(72) 발명자", "성춘향", "전북 남원시 1길 1")
    biblio = document(FRONT, overleaf, CLAIMS).biblio
    assert biblio.cites == ("KR1019990057563 A", "JP09152119 A", "US20130082034 A1")
    assert [party.name for party in biblio.inventors] == ["홍길동", "성춘향"]


def test_an_abstract_goes_on_at_the_top_of_page_2() -> None:
    first = (*FRONT[:-2], P("폐가스를 태우는"), "(뒷면에 계속)", H("대 표 도 - 도1"))
    made = text(first, (P("스크러버가 개시된다."), "(52) CPC특허분류", "B01D 53/00 (2013.01)"), CLAIMS)
    assert section(made, SectionKind.abstract) == "폐가스를 태우는 스크러버가 개시된다."


def test_priority_parent_and_pct_numbers_are_kept_in_their_roles() -> None:
    more = (
        "(30) 우선권주장",
        "JP-P-2010-123456 2010년05월28일 일본(JP)",
        "12/345,678 2009년01월05일 미국(US)",
        "(62) 원출원 특허 10-2017-0113706",
        "(86) 국제출원번호 PCT/JP2011/061234",
        "(87) 국제공개번호 WO 2011/148912",
    )
    made = document((*FRONT[:11], *more, *FRONT[11:]), CLAIMS)
    assert {(number.office, number.role.value, number.digits) for number in made.numbers} >= {
        ("US", "priority", "12345678"),
        ("KR", "parent", "1020170113706"),
        ("WO", "pct", "JP2011061234"),
        ("WO", "publication", "2011148912"),
    }
    assert made.biblio.priority_date == date(2009, 1, 5)
    assert made.number is not None
    assert made.number.digits == "101234567"


def test_a_project_of_the_state_is_supplied_data() -> None:
    project = ("이 발명을 지원한 국가연구개발사업", "과제고유번호 S2525348", "부처명 환경부", "기 여 율 1/1")
    supplied = dict(document(FRONT, project, CLAIMS).biblio.supplied)
    assert supplied["국가연구개발사업 과제고유번호"] == "S2525348"
    assert supplied["국가연구개발사업 기여율"] == "1/1"


def test_sections_follow_the_headings_and_labels_stay_with_their_paragraphs() -> None:
    made = text(FRONT, (*CLAIMS, *BODY))
    kinds = [found.kind for found in made.sections]
    assert kinds == [*(SectionKind(k) for k in ("title", "abstract", "claims", "field", "problem"))]
    assert section(made, SectionKind.problem) == "막힘을 방지하고자 한다.\n또한 세정을 줄이고자 한다."
    labels = {made.quote(paragraph.span): paragraph.label for paragraph in made.paragraphs if paragraph.label}
    assert labels["또한 세정을 줄이고자 한다."] == "0003"


def test_a_paragraph_number_beside_nothing_is_dropped() -> None:
    made = text(FRONT, (*CLAIMS, *BODY, "[0004]", P("따라서 막힘이 없다.", "[0005]")))
    assert "[0004]" not in made.text
    assert made.paragraphs[-1].label == "0005"


def test_words_of_one_letter_are_read_on_a_machine_without_the_font() -> None:
    made = text(FRONT, (*CLAIMS, H("발명의 설명"), H("기 술 분 야"), P("본 발명은 관 및 그 제조 방법이다.", "[0001]")))
    assert section(made, SectionKind.field) == "본 발명은 관 및 그 제조 방법이다."


def test_page_furniture_is_never_text() -> None:
    made = text(FRONT, (*CLAIMS, *BODY))
    assert "- 2 -" not in made.text
    assert "등록특허" not in made.text


def test_claims_have_their_paragraphs_and_dependencies_and_deleted_ones_keep_their_number() -> None:
    made = text(FRONT, (*CLAIMS, *BODY))
    shown = [(claim.number, claim.depends_on, claim.deleted) for claim in made.claims]
    assert shown == [(1, (), False), (2, (), True), (3, (1,), False), (4, (1,), False)]
    assert made.claims[3].form is ClaimForm.independent_by_reference
    assert made.quote(made.claims[2].span).count("\n") == 1
    assert made.quote(made.claims[1].span) == ""


def test_a_printed_total_that_differs_from_the_claims_is_a_defect() -> None:
    made = document(FRONT, (*CLAIMS[:-2], *BODY))
    assert Defect.of("claim-total-differs", printed=3, found=2) in made.defects
    assert document(FRONT, (*CLAIMS, *BODY)).defects == ()


def test_an_examiners_amendment_is_never_a_claim() -> None:
    tail = (
        H("도면"),
        H("도면1"),
        "【심사관 직권보정사항】",
        "【직권보정 1】",
        "【변경후】",
        "청구항 1",
        P("버너를 가지는 관."),
    )
    made = text(FRONT, (*CLAIMS, *BODY, *tail))
    assert [claim.number for claim in made.claims] == [1, 2, 3, 4]
    assert section(made, SectionKind.amendment).split("\n")[-1] == "버너를 가지는 관."


def test_drawings_give_no_text() -> None:
    made = text(FRONT, (*CLAIMS, *BODY, H("도면"), H("도면1"), "100", H("도면2a")))
    assert made.text.endswith("줄이고자 한다.\n")


@pytest.mark.parametrize("heading", [H("표 1"), "[표 1]", "【표 1】"])
def test_a_table_is_a_section_of_its_own_and_the_text_goes_on_below(heading: str | H) -> None:
    table = (heading, P("가스", "[0004]"), "400 99.6", "800 99.1", P("위와 같이 제거된다.", "[0005]"))
    made = text(FRONT, (*CLAIMS, *BODY, *table))
    assert section(made, SectionKind.table) == "가스\n400 99.6\n800 99.1"
    last = made.sections[-1]
    assert (last.kind, made.quote(last.span)) == (SectionKind.problem, "위와 같이 제거된다.")


def test_layouts_of_2007_have_the_description_before_the_claims() -> None:
    old = (
        *(
            "(19) 대한민국특허청(KR)",
            "(12) 등록특허공보(B1)",
            "(11) 등록번호 10-0719225",
            "(54) 발명의 명칭 칠러",
            H("요약"),
        ),
        *(P("온도를 조절한다."), H("대표도"), "도2", H("색인어"), "칠러, 온도", H("명세서"), H("발명의 상세한 설명")),
        *(H("발명의 목적"), H("발명이 속하는 기술 및 그 분야의 종래기술"), P("칠러에 관한 것이다.", "<10>")),
        *(H("발명의 구성 및 작용"), P("밸브를 둔다.", "<11>"), H("특허청구의 범위"), "청구항 1", P("칠러.")),
    )
    made = text(old)
    assert [found.kind.value for found in made.sections] == ["title", "abstract", "field", "solution", "claims"]
    assert section(made, SectionKind.abstract) == "온도를 조절한다."
    assert [paragraph.label for paragraph in made.paragraphs if paragraph.label] == ["10", "11"]


def test_every_line_of_the_text_knows_its_page_and_box() -> None:
    made = text(FRONT, (*CLAIMS, *BODY))
    box = next(box for box in made.layout if made.quote(box.span) == "막힘을 방지하고자 한다.")
    assert box.page == 2
    assert 60 < box.left < box.right < 540
    assert 6 < box.top - box.bottom < 12


def test_sections_do_not_overlap() -> None:
    made = text(FRONT, (*CLAIMS, *BODY))
    ends = [0, *(found.span.end for found in made.sections)]
    assert all(end <= found.span.start for end, found in zip(ends, made.sections, strict=False))


def test_a_scan_is_rejected_with_what_to_install() -> None:
    rejected = parse(_blank_pdf())
    assert isinstance(rejected, Rejected)
    assert rejected.code == "no-text-layer"
    assert say(rejected.code, "en", dict(rejected.values)) == (
        "This PDF is a scan without text (1 pages): there are no words in it to read. Install the free program "
        "tesseract with the languages kor, eng and jpn, and add the file again. Windows: the installer of UB Mannheim, "
        "with Korean and Japanese ticked. macOS: brew install tesseract tesseract-lang. Linux: apt install "
        "tesseract-ocr tesseract-ocr-kor tesseract-ocr-jpn. Or get the gazette as PDF with text, or as XML."
    )


def test_a_gazette_of_an_office_not_read_is_known_by_name() -> None:
    assert office_of("(19)中华人民共和国国家知识产权局\n(12)发明专利申请") == "CN"


def test_an_encrypted_pdf_is_rejected() -> None:
    rejected = parse(gazette(FRONT, password="secret"))
    assert isinstance(rejected, Rejected)
    assert say(rejected.code, "en", {}) == (
        "The PDF needs a password. Save it without one (print to PDF, or remove the password in your viewer) "
        "and add it again."
    )


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7\nnothing here", gazette(FRONT)[:400]])
def test_a_broken_pdf_is_rejected(data: bytes) -> None:
    rejected = parse(data)
    assert isinstance(rejected, Rejected)
    assert rejected.code == "pdf-broken"
    assert say(rejected.code, "ko", dict(rejected.values)).startswith("PDF가 손상되어 열 수 없습니다(")
    assert ".)" not in say(rejected.code, "en", dict(rejected.values))  # the library's own full stop stays outside


def test_pdfs_are_recognised_by_content() -> None:
    assert GazettePdf().claims_file(b"\xef\xbb\xbf%PDF-1.4 ...")
    assert not GazettePdf().claims_file(b"<?xml version='1.0'?>")


@pytest.mark.parametrize("name", ["KR-10-2013-0104911", "KR-10-2020-0084585"])
def test_a_real_gazette_agrees_with_its_printed_total(name: str) -> None:
    path = shared_data() / "patents" / "kr_pdf" / f"{name}.pdf"
    with path.open("rb") as stream:
        (made,) = GazettePdf().read(stream, Source(str(path)))
    assert isinstance(made, Document)
    assert made.defects == ()
    assert sum(not claim.deleted for claim in made.texts[0].claims) == made.biblio.printed_claims
    assert _kinds(made.texts[0].sections) >= {"title", "abstract", "claims", "field", "problem", "solution", "effect"}


def _kinds(sections: tuple[Section, ...]) -> set[str]:
    return {found.kind.value for found in sections}


def _blank_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
