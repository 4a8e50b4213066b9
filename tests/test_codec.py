"""What a study and our own format keep of a document: everything, whatever field types.py gains."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.library.codec import pack_record, pack_text, unpack_record, unpack_text
from dokhae.library.identity import Record
from dokhae.parse.dokhae_jsonl import from_json, to_json
from dokhae.types import (
    Biblio,
    Box,
    Claim,
    ClaimCategory,
    ClaimForm,
    Defect,
    Document,
    Number,
    Paragraph,
    Party,
    Role,
    Section,
    SectionKind,
    Source,
    Span,
    Status,
    Text,
)

# every field has another value than its default: one that is forgotten comes back changed
NUMBER = Number("KR", Role.grant, "101314187", "B1", "10-1314187")
STATUS = Status("등록", "등록결정", date(2020, 1, 2), "a.csv")
PARTY = Party("삼성전자", "KR")
TEXT = Text(
    text="0123456789" * 3,
    lang="ko",
    sections=(Section(SectionKind.abstract, "en", Span(1, 9), "[요약]"),),
    claims=(
        Claim(2, Span(10, 19), "ko", (1,), ClaimForm.independent_by_reference, ClaimCategory.composition, deleted=True),
    ),
    paragraphs=(Paragraph(Span(1, 9), "0012"),),
    layout=(Box(Span(1, 9), 3, 1.5, 2.5, 3.5, 4.5),),
    parser="pdf",
    parser_version="7",
    abstract_is_cut=True,
    claims_are_partial=True,
    is_ocr=True,
)
BIBLIO = Biblio(
    titles=(("ko", "렌즈"), ("en", "Lens")),
    application_date=date(2012, 1, 2),
    publication_date=date(2013, 1, 2),
    grant_date=date(2014, 1, 2),
    priority_date=date(2011, 1, 2),
    applicants=(PARTY,),
    owners=(PARTY,),
    inventors=(PARTY,),
    agents=(PARTY,),
    ipc=("G02B 7/02",),
    cpc=("G02B 7/023",),
    cites=("US 8123456 B2",),
    status=STATUS,
    statuses=(STATUS, Status("공개", "공개")),
    family_id="F0001",
    printed_claims=0,
    supplied=(("비고", "x"),),
)
DOCUMENT = Document(
    source=Source("a.zip", "0" * 64, "b.pdf", 4, "pdf"),
    number=NUMBER,
    numbers=(NUMBER, Number("KR", Role.application, "1020120016332")),
    biblio=BIBLIO,
    texts=(TEXT,),
    defects=(Defect.of("cell-cut", field="title", length=3),),
    category="utility_model",
)


def test_the_sample_has_no_field_at_its_default() -> None:
    made = [DOCUMENT, NUMBER, STATUS, PARTY, TEXT, BIBLIO, *TEXT.sections, *TEXT.claims, *TEXT.paragraphs]
    for one in made:
        assert is_dataclass(one)
        assert [f.name for f in fields(one) if getattr(one, f.name) == f.default] == []


def test_a_study_keeps_every_field_of_a_text_and_of_a_record() -> None:
    assert unpack_text(*pack_text(TEXT)) == TEXT
    assert unpack_record(pack_record(Record.of(DOCUMENT))) == Record.of(DOCUMENT)


def test_our_own_format_keeps_every_field_of_a_document() -> None:
    assert from_json(to_json(DOCUMENT)) == DOCUMENT


@given(st.builds(Biblio), st.from_type(Biblio))
@settings(max_examples=50, deadline=None)
def test_any_bibliographic_data_comes_back(empty: Biblio, full: Biblio) -> None:
    for biblio in (empty, full):
        made = replace(DOCUMENT, biblio=biblio)
        assert unpack_record(pack_record(Record.of(made))) == Record.of(made)
        assert from_json(to_json(made)) == made
