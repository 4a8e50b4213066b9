"""Japanese gazette PDFs: small ones made here in the office's setting, and the real ones where they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from dokhae.parse.pdf import GazettePdf
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Defect, Document, SectionKind, Source
from tests.shared import shared_data

_SIZE, _PITCH, _MARGIN, _PER_LINE = 9.8, 14.6, 58.7, 40
FRONT = (
    "(57)【要約】　（修正有）",
    "【課題】ガスを処理する装置を提供する。",
    "【解決手段】バーナーと管を備える。",
    "【選択図】図１",
)
CLAIMS = (
    "【特許請求の範囲】",
    "【請求項１】",
    "廃ガスを燃焼させるバーナーと、",
    "前記バーナーを囲む管と、を備えることを特徴とする廃ガス処理装置。",
    "【請求項２】",
    "請求項１に記載の廃ガス処理装置において、前記管は鋼からなることを特徴とする廃ガス処理装置。",
)
BODY = (
    "【発明の詳細な説明】",
    "【技術分野】",
    "【０００１】",
    "　本発明は、半導体製造工程で発生する廃ガスを燃焼させて処理する廃ガス処理装置に関するものであり、特に管に関する。",
    "【先行技術文献】",
    "【特許文献】",
    "【０００２】",
    "【特許文献１】特開２００７−１６２９５９号公報",
    "【図面の簡単な説明】",
    "【０００３】",
    "【図１】装置の図である。",
    "【発明を実施するための形態】",
    "【０００４】",
    "　以下、実施例を説明する。",
    "【符号の説明】",
    "【０００５】",
    "１　管",
)
TAIL = (
    "【図１】 【図２】",
    "【手続補正書】",
    "【補正の内容】",
    "【特許請求の範囲】",
    "【請求項１】",
    "バーナーと管と弁とを備える廃ガス処理装置。",
)
CONTINUED = (
    "フロントページの続き",
    "(72)発明者　キム　スン　ホ",
    "　　　　　　大韓民国キュンギ−ド、オサン−シ",
    "(72)発明者　佐藤　健",
    "　　　　　　東京都千代田区",
    "Ｆターム(参考) 3K078 AA04 BA20",
)


def gazette(*pages: Sequence[str], head: str = "JP 2014-81188 A 2014.5.8") -> bytes:
    """A PDF of these pages, each line broken after forty letters, with the line counts of the right margin."""
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number, lines in enumerate(pages, 1):
        canvas.setFont("HeiseiMin-W3", _SIZE)
        canvas.drawString(400, 800.3, f"({number}) {head}" if number > 1 else head)
        y = 773.4
        for line in lines:
            for start in range(0, max(len(line), 1), _PER_LINE):
                canvas.drawString(_MARGIN, y, line[start : start + _PER_LINE])
                y -= _PITCH
        for count in range(1, 6):
            canvas.drawString(545.8, 773.4 - count * 10 * _PITCH, str(count * 10))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> Document:
    with in_force(ParseSettings(Ocr.off)):
        (made,) = GazettePdf().read(BytesIO(data), Source("a.pdf"))
    assert isinstance(made, Document), made
    return made


@pytest.fixture(scope="module")
def made() -> Document:
    return read(gazette(FRONT, (*CLAIMS, *BODY), TAIL, CONTINUED))


def section(made: Document, kind: SectionKind) -> str:
    text = made.texts[0]
    return "\n".join(text.quote(found.span) for found in text.of_kind(kind))


def test_number_kind_and_date_come_from_the_head_of_the_pages(made: Document) -> None:
    assert made.source.format == "jp-pdf"
    assert made.number is not None
    assert made.number.compact == "JP2014081188A"
    assert made.biblio.publication_date == date(2014, 5, 8)


@pytest.mark.parametrize(
    ("head", "compact", "category"),
    [
        ("JP 5481244 B2 2014.4.23", "JP5481244B2", "invention"),
        ("JP 3187654 U 2013.12.12", "JP3187654U", "utility_model"),
        ("JP 2011-501429 A 2011.1.6", "JP2011501429A", "invention"),
    ],
)
def test_grants_and_utility_models_are_told_by_their_kind(head: str, compact: str, category: str) -> None:
    made = read(gazette(FRONT, (*CLAIMS, *BODY), head=head))
    assert made.number is not None
    assert (made.number.compact, made.category) == (compact, category)


def test_lines_are_joined_without_a_space_and_line_counts_are_no_text(made: Document) -> None:
    assert section(made, SectionKind.field) == BODY[3].strip()
    assert "10" not in made.texts[0].text


def test_claims_are_told_by_their_heads_and_an_amendment_is_never_a_claim(made: Document) -> None:
    assert [claim.number for claim in made.texts[0].claims] == [1, 2]
    assert made.texts[0].quote(made.texts[0].claims[1].span) == CLAIMS[-1]
    assert "弁" in section(made, SectionKind.amendment)


def test_japanese_headings_open_their_sections_and_drawings_give_no_text(made: Document) -> None:
    kinds = [found.kind.value for found in made.texts[0].sections]
    assert kinds == [
        *(
            "abstract",
            "claims",
            "field",
            "prior_art_documents",
            "drawings",
            "embodiments",
            "reference_signs",
            "amendment",
        ),
    ]
    assert section(made, SectionKind.drawings) == "【図１】装置の図である。"
    assert "【図２】" not in made.texts[0].text
    assert {found.lang for found in made.texts[0].sections} == {"ja"}


def test_paragraph_numbers_stay_with_their_paragraphs(made: Document) -> None:
    labels = {paragraph.label: made.texts[0].quote(paragraph.span) for paragraph in made.texts[0].paragraphs}
    assert labels["0004"] == "以下、実施例を説明する。"


def test_the_front_page_goes_on_at_the_end(made: Document) -> None:
    assert [(p.name, p.country) for p in made.biblio.inventors] == [("キム スン ホ", "KR"), ("佐藤 健", "JP")]
    assert dict(made.biblio.supplied)["Fターム"] == "3K078 AA04 BA20"
    assert "東京都" not in made.texts[0].text


def test_a_front_page_that_is_a_picture_is_said_so(made: Document) -> None:
    assert made.defects == (Defect.of("pdf-front-is-picture"),)
    assert (
        section(made, SectionKind.abstract)
        == "【課題】ガスを処理する装置を提供する。\n【解決手段】バーナーと管を備える。"
    )


def test_a_front_page_with_text_gives_title_numbers_parties_and_the_printed_total() -> None:
    front = (
        *(
            "(19)日本国特許庁(JP)",
            "(21)出願番号　特願2012-271970(P2012-271970)",
            "(22)出願日　平成24年12月13日(2012.12.13)",
        ),
        *(
            "(31)優先権主張番号　10-2012-0114895",
            "(32)優先日　平成24年10月16日(2012.10.16)",
            "(33)優先権主張国　韓国(KR)",
        ),
        *(
            "(71)出願人　505456193",
            "グローバル　スタンダード",
            "大韓民国　キュンギード",
            "(54)【発明の名称】廃ガス処理装置",
        ),
        "請求項の数 3 ＯＬ （全 15 頁）",
        *FRONT,
    )
    made = read(gazette(front, (*CLAIMS, *BODY)))
    assert made.biblio.title == "廃ガス処理装置"
    assert {(n.office, n.role.value, n.digits) for n in made.numbers} >= {
        ("JP", "application", "2012271970"),
        ("KR", "priority", "1020120114895"),
    }
    assert (made.biblio.application_date, made.biblio.priority_date) == (date(2012, 12, 13), date(2012, 10, 16))
    assert [(p.name, p.country) for p in made.biblio.applicants] == [("グローバル スタンダード", "KR")]
    assert made.defects == (Defect.of("claim-total-differs", printed=3, found=2),)


def test_the_printed_total_may_count_the_claims_as_amended() -> None:
    front = ("(54)【発明の名称】廃ガス処理装置", "請求項の数 1 ＯＬ （全 15 頁）", *FRONT)
    made = read(gazette(front, (*CLAIMS, *BODY), TAIL))
    assert len(made.texts[0].claims) == 2
    assert made.defects == ()


@pytest.mark.parametrize(
    ("name", "number", "n_claims", "n_inventors"),
    [
        ("CO_Nox_개별_제어_방식을_이용한_저공해_연소방법_일본_", "JP2014081188A", 7, 5),
        ("반도체_제조_장비의_온도_조절_시스템_일본_", "JP2011501429A", 6, 9),
        ("선회류_예혼합_저공해_연소장치_일본_", "JP2013195054A", 6, 5),
        ("통합형_반도체_폐가스_정화장치_일본_", "JP2017048999A", 3, 5),
        ("폐가스_정화처리_장치_일본_", "JP2007162959A", 13, 1),
    ],
)
def test_the_real_gazettes_are_read_whole(name: str, number: str, n_claims: int, n_inventors: int) -> None:
    made = read((shared_data() / "patents" / "kr_pdf" / f"{name}.pdf").read_bytes())
    assert made.number is not None
    assert (made.number.compact, len(made.texts[0].claims), len(made.biblio.inventors)) == (
        number,
        n_claims,
        n_inventors,
    )
    kinds = {found.kind.value for found in made.texts[0].sections}
    assert kinds >= {
        "abstract",
        "claims",
        "field",
        "background",
        "problem",
        "solution",
        "effect",
        "drawings",
        "embodiments",
    }
    assert " " not in made.texts[0].quote(made.texts[0].claims[0].span).replace("\n", "")
