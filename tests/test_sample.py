"""The sample: what it writes is read back by the parsers without a defect, and its truth is true."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.errors import InputError, MissingExtra
from dokhae.parse import HEAD_BYTES, recognise
from dokhae.sample import FORMATS, Summary, write
from dokhae.sample.compose import compose
from dokhae.sample.content import DOMAINS, LANGUAGES, domains, phrases, units, words
from dokhae.sample.korean import joined, sentence, with_particle
from dokhae.sample.plan import plans
from dokhae.sample.typeset import lines
from dokhae.types import Document, Rejected, Role, SectionKind, Source

XML = ("uspto-xml", "patent-document", "kipris-xml", "table")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write(tmp_path_factory.mktemp("sample") / "out", count=40, seed=3)


@pytest.fixture(scope="module")
def read(made: Summary) -> list[Document | Rejected]:
    return [one for path in good_files(made.folder) for one in read_file(path)]


@pytest.fixture(scope="module")
def truth(made: Summary) -> list[dict[str, Any]]:
    return [json.loads(line) for line in made.truth.read_text("utf8").splitlines()]


def good_files(folder: Path) -> list[Path]:
    found = sorted(path for path in (folder / "patents").rglob("*") if path.is_file())
    return [path for path in found if path.parent.name != "broken"]


def read_file(path: Path) -> Iterator[Document | Rejected]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                yield from read_bytes(archive.read(member), f"{path.name}!/{member}")
    else:
        yield from read_bytes(path.read_bytes(), path.name)


def read_bytes(content: bytes, name: str) -> Iterator[Document | Rejected]:
    parser = recognise(content[:HEAD_BYTES])
    assert parser is not None, name
    yield from parser.read(io.BytesIO(content), Source(name))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def by_id(documents: list[Document | Rejected]) -> dict[str, Document]:
    """Documents by the digits of the number that the truth calls them by."""
    found = {}
    for document in documents:
        assert isinstance(document, Document)
        application = document.of_role(Role.application)
        number = document.number or application
        assert number is not None
        found[number.digits] = document
    return found


def digits(number: str) -> str:
    return re.sub(r"\D", "", re.sub(r"-[AB]\d?$", "", number))


# -- the files ------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(made: Summary, tmp_path: Path) -> None:
    again = write(tmp_path / "again", count=40, seed=3)
    first = {p.relative_to(made.folder): p.read_bytes() for p in made.folder.rglob("*") if p.is_file()}
    second = {p.relative_to(again.folder): p.read_bytes() for p in again.folder.rglob("*") if p.is_file()}
    assert first == second


def test_another_seed_gives_other_patents() -> None:
    first, second = ([compose(plan).abstract for plan in plans(5, seed, FORMATS)] for seed in (1, 2))
    assert not set(first) & set(second)


def test_every_good_file_is_read_without_rejection_or_defect(read: list[Document | Rejected]) -> None:
    assert [one for one in read if isinstance(one, Rejected)] == []
    assert [one.defects for one in read if isinstance(one, Document) and one.defects] == []


def test_the_summary_counts_what_was_written(
    made: Summary, read: list[Document | Rejected], truth: list[dict[str, Any]]
) -> None:
    assert made.n_patents == len(truth) == 40
    assert len(read) == made.n_patents + made.joined
    assert Counter(one["format"] for one in truth) == made.patents
    assert sum(made.files.values()) == len(good_files(made.folder))


def test_every_format_is_there(made: Summary) -> None:
    assert set(made.patents) == set(FORMATS)


def test_some_records_are_of_applications_whose_gazette_lies_beside(read: list[Document | Rejected]) -> None:
    documents = [one for one in read if isinstance(one, Document)]
    applications = Counter(d.of_role(Role.application) and d.of_role(Role.application).digits for d in documents)  # type: ignore[union-attr]
    joined_twice = [number for number, times in applications.items() if times == 2]
    assert len(joined_twice) == len(read) - 40 > 0


def test_gazettes_of_both_layouts_have_their_sections(read: list[Document | Rejected]) -> None:
    gazettes = [one for one in read if isinstance(one, Document) and one.source.format == "kr-pdf"]
    wanted = {
        SectionKind.field, SectionKind.background, SectionKind.problem, SectionKind.solution, SectionKind.effect,
        SectionKind.drawings, SectionKind.embodiments, SectionKind.reference_signs, SectionKind.claims,
    }  # fmt: skip
    assert all(wanted <= {section.kind for section in gazette.texts[0].sections} for gazette in gazettes)
    first_headings = {gazette.texts[0].of_kind(SectionKind.claims)[0].heading for gazette in gazettes}
    assert first_headings == {"청구범위", "특허청구의 범위"}


def test_half_of_the_us_patents_have_no_helpful_headings(read: list[Document | Rejected]) -> None:
    grants = [one for one in read if isinstance(one, Document) and one.source.format == "uspto-xml"]
    bare = [grant for grant in grants if not grant.texts[0].of_kind(SectionKind.problem)]
    assert len(bare) >= len(grants) / 3


def test_every_broken_file_is_rejected_with_its_reason(made: Summary) -> None:
    codes = {}
    for path in (made.folder / "patents" / "broken").iterdir():
        if (path.suffix == ".pdf" and path.stat().st_size) or path.suffix == ".xml":
            codes[path.name] = [one.code for one in read_file(path) if isinstance(one, Rejected)]
    assert codes == {
        "damaged.pdf": ["pdf-broken"],
        "password.pdf": ["pdf-encrypted"],
        "scan.pdf": ["no-text-layer"],
        "truncated.xml": ["xml-broken"],
    }
    with zipfile.ZipFile(made.folder / "patents" / "broken" / "outside.zip") as archive:
        assert archive.namelist() == ["../outside.xml"]


# -- the truth ------------------------------------------------------------------------------------------------------


def test_every_quote_of_the_truth_stands_in_the_text_that_is_read(
    read: list[Document | Rejected], truth: list[dict[str, Any]]
) -> None:
    documents = by_id(read)
    for one in truth:
        text = squeezed(documents[digits(one["id"])].texts[0].text)
        quotes = [q for name in ("problem", "solution", "effect", "field", "parts") for q in one[name]]
        quotes += [answer for question in one["qa"] for answer in question["answers"]]
        assert [quote for quote in quotes if squeezed(quote) not in text] == []


def test_every_number_of_the_truth_stands_where_it_says(
    read: list[Document | Rejected], truth: list[dict[str, Any]]
) -> None:
    documents = by_id(read)
    for one in truth:
        text = documents[digits(one["id"])].texts[0]
        places = {
            "claims": [claim.span for claim in text.claims],
            "abstract": [section.span for section in text.of_kind(SectionKind.abstract)],
            "description": [section.span for section in text.sections if section.kind is not SectionKind.claims],
        }
        for quantity in one["quantities"]:
            place = squeezed(" ".join(text.quote(span) for span in places[quantity["where"]]))
            assert squeezed(quantity["quote"]) in place
            assert quantity["low"] is None or quantity["high"] is None or quantity["low"] <= quantity["high"]


def test_claims_depend_on_what_the_truth_says(read: list[Document | Rejected], truth: list[dict[str, Any]]) -> None:
    documents = by_id(read)
    for one in truth:
        claims = documents[digits(one["id"])].texts[0].claims
        assert {c.number: list(c.depends_on) for c in claims if not c.deleted} == {
            c["n"]: c["depends_on"] for c in one["claims"]
        }


def test_a_deleted_claim_keeps_its_number_and_nothing_depends_on_it(read: list[Document | Rejected]) -> None:
    gazettes = [one.texts[0].claims for one in read if isinstance(one, Document) and one.source.format == "kr-pdf"]
    deleted = [(claims, claim.number) for claims in gazettes for claim in claims if claim.deleted]
    assert deleted
    assert all(number not in claim.depends_on for claims, number in deleted for claim in claims)


def test_questions_are_asked_in_both_languages_and_some_have_no_answer(truth: list[dict[str, Any]]) -> None:
    asked = Counter((q["q_lang"] == one["lang"], bool(q["answers"])) for one in truth for q in one["qa"])
    assert set(asked) == {(True, True), (False, True), (True, False), (False, False)}


def test_patents_do_not_read_like_one_template() -> None:
    drafts = [compose(plan) for plan in plans(120, 5, ("kr-pdf",))]
    assert len({draft.abstract for draft in drafts}) > 110
    assert len({draft.claims[0].text for draft in drafts}) > 80
    assert len({draft.truth.problem[0] for draft in drafts}) > 60
    assert len({draft.plan.filed.year for draft in drafts}) > 12
    assert len({draft.plan.applicant.en for draft in drafts}) > 12


def test_no_number_is_one_that_an_office_has_issued() -> None:
    made = list(plans(200, 5, FORMATS))
    assert len({plan.application for plan in made}) == len(
        {(plan.form, plan.grant) for plan in made if plan.grant}
    ) + sum(not plan.grant for plan in made)
    assert all(re.fullmatch(r"10-20\d\d-09\d{5}", plan.application) for plan in made if plan.lang == "ko")
    assert all(plan.grant.startswith("10-3") for plan in made if plan.lang == "ko" and plan.grant)


# -- the content files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_know_the_same_mechanisms_parts_and_questions(domain: str) -> None:
    facts = next(d for d in domains() if d.id == domain)
    for mechanism in facts.mechanisms:
        ko, en = (words(domain, lang)[mechanism.id] for lang in LANGUAGES)
        assert ko.parts.keys() == en.parts.keys() == {e.part for e in ko.elements} == {e.part for e in en.elements}
        assert ko.ask.keys() == en.ask.keys() <= mechanism.values.keys()
        assert len(ko.features) == len(en.features)
        assert len(ko.aims) == len(en.aims) == 2
        assert not ko.parts.keys() & mechanism.values.keys()
        assert all(value.unit in units() for value in mechanism.values.values())


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_korean_clause_ends_as_the_grammar_expects(domain: str) -> None:
    ending = re.compile(r"(?:는|인)$")
    for mechanism in words(domain, "ko").values():
        assert all(ending.search(clause) for clause in (mechanism.mark, *mechanism.features))
        assert all(gain.endswith("수") for aim in mechanism.aims for gain in aim.gains)
        assert mechanism.result.endswith(("감소", "향상", "증가", "단축"))


def test_every_korean_sentence_can_be_written_to_a_korean_spreadsheet() -> None:
    drafts = [compose(plan, full_text=False) for plan in plans(150, 11, ("table",))]
    assert all(draft.abstract.encode("cp949") for draft in drafts)


def test_patterns_of_both_languages_fill_the_same_slots() -> None:
    assert phrases("ko").keys() == phrases("en").keys()


@pytest.mark.parametrize(
    ("word", "particle", "said"),
    [
        ("코일", "은", "코일은"),
        ("캐리어(120)", "을", "캐리어(120)를"),
        ("요크", "과의", "요크와의"),
        ("볼", "로", "볼로"),
        ("하우징", "로", "하우징으로"),
        ("20㎛", "로", "20㎛로"),
        ("3㎫", "로", "3㎫로"),
        ("유리", "에", "유리에"),
    ],
)
def test_a_particle_follows_the_sound_of_its_noun(word: str, particle: str, said: str) -> None:
    assert with_particle(word, particle) == said


def test_a_clause_becomes_a_sentence_in_each_of_its_moods() -> None:
    assert sentence("자리를 붙잡는") == "자리를 붙잡는다."
    assert sentence("어디에도 연결되지 않는", may=True) == "어디에도 연결되지 않을 수 있다."
    assert sentence("홈이 있는") == "홈이 있다."
    assert joined("홈을 갖는") == "홈을 갖고,"


@given(st.text(alphabet="가힣볼 a1(),.㎛", max_size=120), st.integers(3, 30))
def test_breaking_lines_loses_nothing_but_white_space(text: str, width: int) -> None:
    broken = list(lines(text, width, len))
    assert squeezed("".join(broken)) == squeezed(text)
    assert all(line == line.strip() and line for line in broken)


# -- what cannot be done --------------------------------------------------------------------------------------------


def test_a_folder_that_holds_a_sample_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patents").mkdir()
    with pytest.raises(InputError) as refused:
        write(tmp_path, count=1)
    assert str(refused.value) == (
        f"{tmp_path} already holds a sample (patents/ or truth.jsonl). Delete it, or choose another folder with --out."
    )


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_a_count_out_of_range_is_refused(tmp_path: Path, count: int) -> None:
    with pytest.raises(InputError) as refused:
        write(tmp_path / "out", count=count)
    assert str(refused.value) == f"--count {count} is out of range. Give a number of patents from 1 to 10000."
    assert not (tmp_path / "out").exists()


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write(tmp_path / "out", count=1, formats=("docx",))
    assert str(refused.value) == (
        "no such sample format: docx. Choose from: kr-pdf, uspto-xml, patent-document, kipris-xml, table."
    )


def test_without_reportlab_only_the_pdfs_are_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab", None)
    with pytest.raises(MissingExtra) as missing:
        write(tmp_path / "all", count=1)
    assert str(missing.value) == (
        "writing sample PDFs needs reportlab. Install it with: pip install dokhae[sample] - "
        "or leave kr-pdf out of the formats."
    )
    assert write(tmp_path / "xml", count=12, formats=XML).n_patents == 12
