"""Pages saved from Google Patents, made by hand (tests/google_page.py)."""

from __future__ import annotations

import io
import time
from datetime import date

import pytest

from dokhae.parse import recognise
from dokhae.types import ClaimForm, Document, Party, Rejected, SectionKind, Source
from tests.google_page import INFO, SAVED, claim, page, translated


def read(data: bytes | str) -> Document | Rejected:
    data = data.encode() if isinstance(data, str) else data
    parser = recognise(data[:8192])
    assert parser is not None
    assert parser.name == "google-patents"
    (found,) = parser.read(io.BytesIO(data), Source("page.html"))
    return found


def one(data: bytes | str) -> Document:
    found = read(data)
    assert isinstance(found, Document)
    return found


def sections(document: Document, n: int = 0) -> list[tuple[SectionKind, str]]:
    text = document.texts[n]
    return [(section.kind, text.quote(section.span)) for section in text.sections]


def test_the_data_of_the_patent_are_read_and_not_those_of_the_documents_listed_below() -> None:
    document = one(page(info=INFO))
    data = document.biblio
    assert [(n.role.value, n.compact) for n in document.numbers] == [
        ("grant", "US9145216B2"),
        ("application", "US14161001"),
        ("priority", "KR1020130006789"),
    ]
    assert data.titles == (("en", "Lens drive apparatus"),)
    assert (data.application_date, data.grant_date) == (date(2014, 1, 22), date(2015, 9, 29))
    assert (data.priority_date, data.publication_date) == (date(2013, 1, 22), None)
    assert data.inventors == (Party("Hana Kim"), Party("Ben Ito"))
    assert (data.applicants, data.owners) == ((Party("Example Optics Inc"),), (Party("Holding LLC"),))
    assert (data.cpc, data.cites, data.family_id) == (("G02B 7/02",), ("US7654321B2",), "53543838")
    assert data.status is not None
    assert data.status.written == "Active"


def test_the_text_holds_sections_and_neither_menus_nor_scripts_nor_similar_documents() -> None:
    document = one(page())
    assert sections(document) == [
        (SectionKind.title, "Lens drive apparatus"),
        (SectionKind.abstract, "A coil moves a lens."),
        (SectionKind.solution, "It moves."),
        (SectionKind.claims, "1. A lens drive comprising a coil."),
    ]
    for word in ("Advanced", "Buy", "never text", "nobody asked", "Claims (", "Description"):
        assert word not in document.texts[0].text


def test_paragraph_numbers_are_labels() -> None:
    assert [p.label for p in one(page()).texts[0].paragraphs if p.label] == ["0002"]


def test_steps_of_claims_are_lines_and_dependencies_come_from_the_words() -> None:
    steps = '1. A drive comprising:<div class="claim-text">a coil; and</div><div class="claim-text">a magnet.</div>'
    document = one(page(claims=[claim(1, steps), claim(2, "2. The drive of <ref>claim 1</claim-ref>.", refers_to=1)]))
    text = document.texts[0]
    assert [text.quote(c.span) for c in text.claims] == [
        "A drive comprising:\na coil; and\na magnet.",
        "The drive of claim 1.",
    ]
    assert [c.depends_on for c in text.claims] == [(), (1,)]


def test_a_canceled_claim_keeps_its_number() -> None:
    document = one(page(claims=[claim(1, "1. (canceled)"), claim(2, "2. A drive.")]))
    assert [(c.number, c.deleted) for c in document.texts[0].claims] == [(1, True), (2, False)]


def test_where_the_language_of_claims_is_not_read_their_markup_counts() -> None:
    claims = [claim(1, "1. Linssi."), claim(2, "2. <ref>Vaatimuksen 1</claim-ref> ελληνικά", refers_to=1)]
    found = one(page(claims=claims)).texts[0].claims[1]
    assert found.form in (ClaimForm.dependent, ClaimForm.independent)


def test_a_japanese_page_is_read_with_its_headings() -> None:
    description = (
        '<div num="0001" class="description-paragraph">【技術分野】</div>'
        '<div num="0002" class="description-paragraph">本発明は<u>電池</u>に関する。</div>'
    )
    document = one(
        page(
            number="JP2017080742A",
            lang="ja",
            title="電池システム",
            abstract="電池を提供する。",
            description=description,
            claims=[claim(1, "【請求項１】正極を備える電池。")],
        )
    )
    assert document.number is not None
    assert document.number.compact == "JP2017080742A"
    assert sections(document)[2] == (SectionKind.field, "本発明は電池に関する。")
    assert document.texts[0].quote(document.texts[0].claims[0].span) == "正極を備える電池。"
    assert {section.lang for section in document.texts[0].sections} == {"ja"}


def test_a_machine_translation_is_marked_and_the_original_kept_beside_it() -> None:
    both = translated("코일이 렌즈를 움직인다.", "A coil moves the lens.")
    claims = [
        claim(1, translated("코일을 포함하는 장치.", "A device with a coil.")),
        claim(2, translated("제1항에 있어서, 구리인 장치.", "The device of claim 1, of copper."), refers_to=1),
    ]
    document = one(page(number="KR101234567B1", abstract=both, claims=claims))
    english, korean = document.texts
    assert (english.lang, korean.lang) == ("en", "ko")
    assert sections(document)[1] == (SectionKind.abstract, "A coil moves the lens.")
    assert sections(document, 1)[0] == (SectionKind.abstract, "코일이 렌즈를 움직인다.")
    assert [c.depends_on for c in korean.claims] == [(), (1,)]
    assert [d.code for d in document.defects] == ["machine-translated"]


def test_a_page_as_the_browser_saves_it_is_read() -> None:
    document = one(SAVED)
    assert document.number is not None
    assert document.number.compact == "KR101234567B1"
    assert document.numbers[1].digits == "1020120016332"
    assert document.biblio.grant_date == date(2013, 2, 20)
    assert document.biblio.inventors == (Party("김하나"),)
    assert sections(document) == [
        (SectionKind.title, "렌즈 구동 장치"),
        (SectionKind.abstract, "코일이 렌즈를 움직인다."),
        (SectionKind.problem, "흔들림을 줄인다."),
        (
            SectionKind.claims,
            "1. 코일을 포함하는 렌즈 구동 장치.\n2. 제1항에 있어서,\n상기 코일은 구리인 렌즈 구동 장치.",
        ),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_pages_in_other_encodings_are_read(encoding: str) -> None:
    declared = SAVED.replace('charset="UTF-8"', f'charset="{encoding}"' if encoding == "cp949" else 'charset="UTF-8"')
    assert one(declared.encode(encoding)).biblio.title == "렌즈 구동 장치"


def test_an_mhtml_page_is_read() -> None:
    header = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://patents.google.com/patent/KR101234567B1/ko\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----b"\r\n\r\n'
        "------b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    assert one(header + SAVED.replace("\n", "\r\n") + "\r\n------b--\r\n").biblio.title == "렌즈 구동 장치"


@pytest.mark.parametrize("text", ["A \x01 coil.", "A &#1; coil.", translated("가 &#1;", "A \x02 coil.")])
def test_control_characters_in_text_outside_of_paragraphs_are_replaced(text: str) -> None:
    document = one(page(description=f"<b>{text}</b> of it", abstract=text))
    assert "coil." in document.texts[0].text


def test_a_page_without_text_says_so() -> None:
    data = one("<html><head><title>US9145216B2 - Lens drive - Google Patents</title></head><body></body></html>")
    assert [d.code for d in data.defects] == ["page-without-text"]


def test_a_search_page_is_rejected_with_what_to_do() -> None:
    found = read("<html><head><title>Google Patents</title></head><body>Search</body></html>")
    assert isinstance(found, Rejected)
    assert found.code == "page-without-patent"


@pytest.mark.parametrize("html", ["<html><body>US9145216B2 is a patent</body></html>", "<!doctype html><p>Claims</p>"])
def test_other_pages_are_not_claimed(html: str) -> None:
    parser = recognise(html.encode())
    assert parser is None or parser.name != "google-patents"


def test_python_source_with_a_page_in_it_is_not_claimed() -> None:
    assert recognise(b'"""Tests."""\nPAGE = """' + page().encode()) is None


@pytest.mark.parametrize(
    "junk", ["<div>" * 100_000, "<span class=x>" * 100_000, "<table><tr><td>" * 30_000, "&" * 500_000]
)
def test_hostile_markup_is_read_or_refused_quickly(junk: str) -> None:
    started = time.monotonic()
    read(page(description=junk))
    assert time.monotonic() - started < 20


def test_a_page_cut_in_the_middle_keeps_what_is_there() -> None:
    whole = page(description='<div num="0001" class="description-paragraph">It moves far.</div>' * 20)
    document = one(whole[: whole.index("Claims (")])
    assert document.texts[0].of_kind(SectionKind.abstract)


def test_nul_and_mixed_bytes_are_replaced_and_told() -> None:
    data = page(abstract="A coil \x00 moves " + "lens " * 50).encode() + b"\xff"
    assert one(data).texts[0].of_kind(SectionKind.abstract)
