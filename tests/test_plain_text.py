"""Patents as plain text and markdown, made by hand (tests/plain_patents.py)."""

from __future__ import annotations

import io
import time
from datetime import date
from pathlib import Path

import pytest

from dokhae.parse import HEAD_BYTES, recognise
from dokhae.parse.files import units
from dokhae.parse.plain.claims import claims_in
from dokhae.types import Document, Party, Rejected, SectionKind, Source
from tests.plain_patents import ENGLISH, JAPANESE, KOREAN
from tests.shared import shared_data


def one(data: bytes | str) -> Document:
    data = data.encode() if isinstance(data, str) else data
    parser = recognise(data[:HEAD_BYTES])
    assert parser is not None
    assert parser.name == "plain-text"
    (found,) = parser.read(io.BytesIO(data), Source("a.txt"))
    assert isinstance(found, Document)
    return found


def sections(document: Document) -> list[tuple[SectionKind, str]]:
    text = document.texts[0]
    return [(section.kind, text.quote(section.span)) for section in text.sections]


def test_a_korean_gazette_copied_as_text_is_read() -> None:
    document = one(KOREAN)
    assert [(n.role.value, n.compact) for n in document.numbers] == [
        ("grant", "KR101234567B1"),
        ("application", "KR1020120016332"),
    ]
    data = document.biblio
    assert (data.title, data.application_date, data.grant_date) == (
        "렌즈 구동 장치",
        date(2012, 2, 16),
        date(2013, 2, 20),
    )
    assert (data.applicants, data.inventors) == ((Party("(주)보기광학"),), (Party("김하나"),))
    assert [kind for kind, _ in sections(document)] == [
        SectionKind.title,
        SectionKind.other,
        SectionKind.abstract,
        SectionKind.claims,
        SectionKind.field,
        SectionKind.problem,
        SectionKind.effect,
    ]
    text = document.texts[0]
    assert [(c.number, c.depends_on, c.deleted) for c in text.claims] == [
        (1, (), False),
        (2, (1,), False),
        (3, (), True),
    ]
    assert [p.label for p in text.paragraphs if p.label] == ["0001", "0002", "0003", "0004"]
    assert "- 3 -" not in text.text


def test_a_japanese_publication_copied_as_text_is_read() -> None:
    document = one(JAPANESE)
    assert document.number is not None
    assert document.number.compact == "JP2014081188A"
    assert document.biblio.title == "電池"
    assert (SectionKind.abstract, "【課題】寿命を延ばす。\n【解決手段】正極を厚くする。") in sections(document)
    assert (SectionKind.problem, "寿命を延ばす。") in sections(document)
    assert len(document.texts[0].claims) == 2


def test_a_us_patent_in_markdown_is_read_and_its_wrapped_lines_are_joined() -> None:
    document = one(ENGLISH)
    assert document.number is not None
    assert document.number.compact == "US9145216B2"
    assert (document.biblio.application_date, document.biblio.grant_date) == (date(2014, 1, 22), date(2015, 9, 29))
    assert document.biblio.inventors == (Party("Hana Kim"), Party("Ben Ito"))
    found = dict(sections(document))
    assert "found out how to hold them with a coil that is light" in found[SectionKind.background]
    text = document.texts[0]
    assert [text.quote(c.span) for c in text.claims] == [
        "A lens drive comprising:\na coil; and\na magnet.",
        "The lens drive of claim 1, wherein the coil is copper.",
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(KOREAN, "cp949"), (KOREAN, "utf-16"), (KOREAN, "utf-8-sig"), (JAPANESE, "cp932"), (ENGLISH, "utf-16-le")],
)
def test_every_encoding_of_the_three_gives_the_same_text(text: str, encoding: str) -> None:
    assert one(text.encode(encoding)).texts[0].text == one(text).texts[0].text


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(ends: str) -> None:
    assert one(KOREAN.replace("\n", ends)).texts[0].text == one(KOREAN).texts[0].text


@pytest.mark.parametrize("brackets", ["【{}】", "[{}]", "<{}>", "**{}**", "## {}", "{}"])
def test_headings_stand_in_any_bracket(brackets: str) -> None:
    text = KOREAN
    for heading in ("기술분야", "해결하려는 과제", "발명의 효과"):
        text = text.replace(f"\n{heading}\n", f"\n{brackets.format(heading)}\n")
    assert [kind for kind, _ in sections(one(text))][-3:] == [
        SectionKind.field,
        SectionKind.problem,
        SectionKind.effect,
    ]


def test_a_text_without_a_number_says_so() -> None:
    claims = "CLAIMS\n\n1. A lens drive comprising a coil.\n\n2. The lens drive of claim 1, of copper.\n"
    assert [d.code for d in one(claims).defects] == ["number-missing"]


NOTES = [
    "# Notes\n\nSee US9145216B2 for the lens.\n\n## Summary\n\nIt is good.\n\n## Examples\n\nNone.\n",
    "# Patent reader\n\n## Background\n\nIt reads US patents.\n\n## Claims\n\n1. Fast\n2. Small\n",
    "US9145216B2\nUS9145217B2\nUS9145218B2\n",
    "2024-01-01 INFO read US9145216B2\n2024-01-01 INFO claims of claim 1\n",
    "def claims(text):\n    return 'What is claimed is:'\n\n# US9145216B2\nclass Claim: pass\n",
    "요약\n\n특허 10-1234567을 검토했다.\n\n배경기술\n\n없음.\n",
    '{"title": "US9145216B2", "claims": "1. A lens. 2. The lens of claim 1."}',
    "1. Identity\n2. Headings\n3. Claims: \"제1항에 있어서\" and the like\n",
    "number,title\nUS9145216B2,Lens\n",
]  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_notes_logs_lists_and_source_code_are_not_claimed(note: str) -> None:
    parser = recognise(note.encode())
    assert parser is None or parser.name != "plain-text"


def test_no_text_of_this_repository_or_of_the_sample_sets_is_taken_for_a_patent() -> None:
    root = Path(__file__).resolve().parents[1]
    files = [
        file for folder in ("docs", "src", "tests", "examples", "benchmarks") for file in (root / folder).rglob("*")
    ]
    for file in (*root.glob("*.md"), *files):
        if file.is_file() and file.suffix in {".md", ".txt", ".py", ".toml", ".html", ".js"}:
            parser = recognise(file.read_bytes()[:HEAD_BYTES])
            assert parser is None or parser.name not in {"plain-text", "google-patents", "greenbook"}, file


def test_no_note_in_the_real_sets_is_taken_for_a_patent() -> None:
    taken = []
    for unit in units.find(
        [shared_data() / "patents" / name for name in ("us_samples.zip", "us_cite_tool.zip", "exports.zip")]
    ):
        if isinstance(unit, units.Unit) and unit.member.endswith((".txt", ".md")):
            taken += [got.source.format for got in units.read(unit) if isinstance(got, Document)]
    assert "plain-text" not in taken


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (["1. A lens.", "2. step", "2. The lens of claim 1."], [1, 2]),
        (["1) A lens.", "3) A car."], [1, 3]),
        (["1. A lens.", "9. A car."], [1]),
        (["【請求項１】", "レンズ。", "【請求項２】レンズ。"], [1, 2]),
        (["[청구항 1]", "렌즈.", "청구항 2", "장치."], [1, 2]),
        (["Claim 1: A lens.", "Claim 2: A car."], [1, 2]),
        (["1-3. (canceled)", "4. A car."], [1, 2, 3, 4]),
        (["5. A lens."], []),
        ([], []),
    ],
)
def test_numbers_open_claims_only_in_their_order(lines: list[str], numbers: list[int]) -> None:
    assert [claim.number for claim in claims_in(lines)] == numbers


def test_nul_surrogates_and_mixed_encodings_are_replaced_and_told() -> None:
    data = KOREAN.encode() * 3 + "흔들림".encode("cp949") + b"\xed\xa0\x80 \x00 end\n"
    document = one(data)
    document.texts[0].text.encode()
    assert "characters-replaced" in [d.code for d in document.defects]


def test_a_file_of_one_long_line_is_read_or_refused_quickly() -> None:
    started = time.monotonic()
    one(KOREAN + "x" * 8_000_000)
    one(KOREAN + " " * 4_000_000 + "\n")
    one(KOREAN + "[0001] " * 300_000)
    one(KOREAN + "1. A " * 300_000)
    assert time.monotonic() - started < 20


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokhae.parse.plain.text.MAX_FILE_BYTES", 100)
    parser = recognise(KOREAN.encode())
    assert parser is not None
    (found,) = parser.read(io.BytesIO(KOREAN.encode()), Source("a.txt"))
    assert isinstance(found, Rejected)
    assert found.code == "patent-too-large"


def test_us_text_lines_are_still_read_by_their_own_format() -> None:
    line = b'{"title": "LENS", "abstract": "A lens.", "number": "09145216", "description": "SUMMARY"}\n'
    parser = recognise(line)
    assert parser is not None
    assert parser.name == "us-text"
