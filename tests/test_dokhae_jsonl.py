"""Our own JSON lines: what goes in comes out, and a bad line costs only itself."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.parse.build import TextBuilder
from dokhae.parse.dokhae_jsonl import DokhaeJsonl, from_json, to_json, to_line
from dokhae.parse.jsonl import Line, lines
from dokhae.types import (
    Biblio,
    Box,
    Defect,
    Document,
    Number,
    Party,
    Rejected,
    Role,
    SectionKind,
    Source,
    Status,
)
from tests.build import document

NAUGHTY = [
    "A film of 3.5 μm.",
    "𝑥 = 4",
    "CO₂ at −5 °C",
    "a\u0301 b",
    "line-\nbreak",
    "\u202eevil",
    "청구항",
    '"\\/',
    "\u2028",
]


def _document(*paragraphs: str) -> Document:
    builder = TextBuilder(parser="test", parser_version="3")
    builder.section(SectionKind.abstract, "요약")
    for at, paragraph in enumerate(paragraphs):
        span = builder.paragraph(paragraph, label=f"{at:04}")
        builder.place(Box(span, at + 1, 1.5, 2.0, 300.25, 14.125))
    builder.section(SectionKind.claims, "청구범위")
    builder.claim(1, "렌즈.")
    builder.claim(2, "", deleted=True)
    text, defects = builder.finish(abstract_is_cut=True)
    number = Number("KR", Role.grant, "101910347", "B1", "10-1910347")
    return Document(
        source=Source("a.pdf", "ab" * 32, "in.zip!/a.pdf", 4, "kr-pdf"),
        number=number,
        numbers=(number, Number("KR", Role.application, "1020120016332")),
        biblio=Biblio(
            titles=(("ko", "렌즈"), ("en", "Lens")),
            application_date=date(2012, 2, 17),
            applicants=(Party("가나", "KR"), Party("다라")),
            ipc=("H04N 5/225",),
            status=Status("등록", "등록(연차료납부)", date(2024, 1, 2)),
            printed_claims=0,
            supplied=(("비고", "x"), ("비고", "y")),
        ),
        texts=(text,),
        defects=(*defects, Defect.of("unknown-entity", entity="xyz")),
        category="utility_model",
    )


def _read(*lines: bytes) -> list[Document | Rejected]:
    return list(DokhaeJsonl().read(io.BytesIO(b"".join(lines)), Source("a.jsonl", "cd")))


def _codes(items: list[Document | Rejected]) -> list[str]:
    return [item.code if isinstance(item, Rejected) else "read" for item in items]


@pytest.mark.parametrize("paragraph", NAUGHTY)
def test_a_document_comes_back_equal(paragraph: str) -> None:
    document = _document(paragraph, "둘째")
    assert from_json(json.loads(to_line(document))) == document
    assert document.texts[0].digest == from_json(to_json(document)).texts[0].digest


@given(st.lists(st.text(), max_size=4), st.text(), st.text())
def test_any_text_comes_back_equal(paragraphs: list[str], title: str, value: str) -> None:
    document = _document(*paragraphs)
    biblio = Biblio(titles=(("", title),), supplied=((value, title),), family_id=value)
    document = Document(document.source, None, (), biblio, document.texts, document.defects)
    assert from_json(json.loads(to_line(document))) == document


def test_a_file_names_itself_as_the_source_and_counts_its_lines() -> None:
    assert DokhaeJsonl().claims_file(to_line(_document("x")))
    items = _read(to_line(_document("x")), b"\n", to_line(_document("y")))
    assert [(i.source.path, i.source.sha256, i.source.item) for i in items] == [
        ("a.jsonl", "cd", 0),
        ("a.jsonl", "cd", 2),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"dokhae": "document", "version": 1, \n', "line-broken"),
        (b"[1, 2]\n", "line-broken"),
        (b"\xff\xfe\n", "line-broken"),
        (b"[" * 100_000 + b"\n", "line-broken"),
        (b'{"title": "x"}\n', "line-not-a-document"),
        (b'{"dokhae": "document", "version": 1}\n', "line-not-a-document"),
        (b'{"dokhae": "document", "version": 2}\n', "version-newer"),
    ],
)
def test_a_bad_line_costs_only_itself(line: bytes, code: str) -> None:
    good = to_line(_document("x"))
    items = _read(good, line, good)
    assert _codes(items) == ["read", code, "read"]
    assert items[1].source.item == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["texts", 0, "sections", 0, 3], 10_000),
        (["texts", 0, "sections", 0, 2], -1),
        (["texts", 0, "sections", 0, 0], "poem"),
        (["texts", 0, "claims", 0, 1], "7"),
        (["texts", 0, "text"], 5),
        (["numbers", 0, 1], "king"),
        (["biblio", "application_date"], "soon"),
        (["biblio", "titles"], [["ko"]]),
    ],
)
def test_a_line_whose_values_do_not_fit_is_no_document(path: list[Any], value: Any) -> None:
    record = to_json(_document("x"))
    at: Any = record
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert _codes(_read(json.dumps(record).encode())) == ["line-not-a-document"]


def test_unpaired_surrogates_and_nul_are_replaced_with_a_defect() -> None:
    line = to_line(_document("qq")).replace(b"qq", b"\\ud800\\u0000")
    (document,) = _read(line)
    assert isinstance(document, Document)
    assert "\ufffd\ufffd" in document.texts[0].text
    assert Defect.of("characters-replaced", count=2) in document.defects


@pytest.mark.parametrize("n_deep", [600, 100_000])
def test_a_line_nested_too_deep_costs_no_other_line(n_deep: int) -> None:
    deep = b'{"a": ' + b"[" * n_deep + b'"\\ud800"' + b"]" * n_deep + b"}\n"
    first, second = lines(io.BytesIO(deep + b'{"b": 2}\n'), Source("a.jsonl"))
    assert isinstance(first, Rejected)
    assert (first.code, dict(first.values)) == ("line-broken", {"reason": "too deep or too large a number"})
    assert isinstance(second, Line)


def test_a_line_without_a_text_is_rejected() -> None:
    record = to_json(_document("렌즈가 흔들린다."))
    del record["texts"]
    assert _codes(_read(json.dumps(record).encode())) == ["line-not-a-document"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("biblio", []),
        ("numbers", []),
        ("number", ["US", "grant", "", None, ""]),
        ("number", ["usa", "grant", "7654321", None, ""]),
        ("category", "inv"),
        ("texts", [{"text": "abcdef", "sections": [["problem", "en", 3, 6, ""], ["claims", "en", 0, 2, ""]]}]),
        ("texts", [{"text": "abcdef", "paragraphs": [[0, 4, ""], [3, 6, ""]]}]),
    ],
)
def test_a_line_that_does_not_hold_together_is_no_document(key: str, value: object) -> None:
    record = to_json(document("US 7654321 B2", problem="Lenses shake.")) | {key: value}
    [found] = DokhaeJsonl().read(io.BytesIO(json.dumps(record).encode()), Source("a.jsonl"))
    assert isinstance(found, Rejected)
    assert found.code == "line-not-a-document"
