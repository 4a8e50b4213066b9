"""Reading a text: answers with their exact words, or an honest reason why not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.errors import InputError
from dokhae.reading import ask
from dokhae.reading.cascade import read_text
from dokhae.reading.cues import LANGUAGES, boilerplate, cues_of, weights_of
from dokhae.reading.fields import SCHEMAS, load
from dokhae.reading.places import cite
from dokhae.reading.reply import Ways, reply
from dokhae.types import Answer, AnswerStatus, Span, Text
from tests.build import text

STANDING = load()
NAUGHTY = [
    "A film of 3.5 μm.",
    "𝑥 = 4 이다.",
    "CO₂ at −5 °C",
    "a\u0301 b",
    "line-\nbreak",
    "=1+1",
    "<b>문제점이 있다.</b>",
    "가\u11a8",
]

KOREAN = text(
    title="카메라 모듈",
    abstract="본 발명은 렌즈 구동부를 포함하는 카메라 모듈에 관한 것이다.",
    background="종래의 카메라 모듈은 충격이 가해지면 렌즈가 흔들리는 문제점이 있었다.",
    problem="본 발명의 목적은 렌즈의 흔들림을 방지하는 카메라 모듈을 제공하는 것이다.\n"
    "본 발명의 과제는 이상에서 언급한 과제로 제한되지 않는다.",
    solution="상기 목적을 달성하기 위하여, 하우징과 상기 하우징에 결합된 댐퍼를 포함하는 것을 특징으로 한다.",
    effect="본 발명에 따르면 렌즈의 흔들림을 방지할 수 있는 효과가 있다.",
    claims=["하우징(10); 및 상기 하우징에 결합된 댐퍼(20)를 포함하는 카메라 모듈.", ""],
)
ENGLISH = text(
    title="Camera module",
    field="The present invention relates to a camera module for a mobile phone.",
    background="In the conventional module the lens is easily damaged by shock, which is a serious drawback.",
    solution="It is an object of the invention to provide a camera module that withstands shock. "
    "This object is achieved by a housing comprising a damper, wherein the damper carries the lens barrel.",
    embodiments="Because the damper absorbs shock, the lens can be protected and it is possible to reduce the size.",
    claims=["A camera module comprising a housing and a damper, wherein the damper carries a lens barrel."],
)


def answers(of: Text, *, category: str = "invention") -> dict[str, Answer]:
    return {answer.field: answer for answer in read_text(of, STANDING, category=category)}


def best(answer: Answer) -> str:
    assert answer.best is not None, answer.status
    return answer.best.quote


def test_each_standing_field_of_a_korean_patent_is_answered_from_its_own_section() -> None:
    found = answers(KOREAN)
    assert best(found["problem"]).startswith("본 발명의 목적은 렌즈의 흔들림을 방지하는")
    assert "댐퍼를 포함하는 것을 특징으로" in best(found["solution"])
    assert "방지할 수 있는 효과" in best(found["effect"])
    assert "카메라 모듈" in best(found["field"])
    assert {"하우징", "댐퍼"} <= {c.evidence.quote for c in found["parts"].candidates}


def test_an_english_patent_without_telling_headings_is_read_by_its_cues() -> None:
    found = answers(ENGLISH)
    assert "serious drawback" in best(found["problem"])
    assert "damper carries the lens barrel" in best(found["solution"])
    assert "it is possible to reduce the size" in best(found["effect"])
    assert best(found["field"]) == "a camera module for a mobile phone"


def test_boilerplate_is_never_an_answer() -> None:
    assert not any("제한되지" in c.evidence.quote for a in answers(KOREAN).values() for c in a.candidates)


@given(st.lists(st.sampled_from(NAUGHTY) | st.text(max_size=60), min_size=1, max_size=6))
def test_every_quote_is_the_text_at_its_span(lines: list[str]) -> None:
    made = text(title=lines[0], abstract="\n".join(lines), problem="\n".join(lines), claims=lines)
    for answer in (*answers(made).values(), ask.answer(made, "온도는 얼마인가? how long?")):
        for candidate in answer.candidates:
            evidence = candidate.evidence
            assert evidence.quote == made.text[evidence.span.start : evidence.span.end]
            assert evidence.quote == evidence.quote.strip()
            assert 0.0 <= candidate.score <= 1.0


def test_a_field_whose_sections_are_missing_has_no_source_text_and_is_never_not_stated() -> None:
    abstract_only = text(title="카메라 모듈", abstract="본 발명은 카메라 모듈에 관한 것이다.")
    (key_feature,) = [a for a in read_text(abstract_only, load("rnd")) if a.field == "key_feature"]
    assert key_feature.status is AnswerStatus.no_source_text
    assert {a.status for a in read_text(text(title="카메라"), STANDING)} <= {
        AnswerStatus.no_source_text,
        AnswerStatus.answered,
    }


def test_what_is_there_and_silent_is_not_stated() -> None:
    silent = text(title="Ring", abstract="A ring 10 is round and has a rim 12 around it.")
    assert answers(silent)["effect"].status in (AnswerStatus.not_stated, AnswerStatus.withheld)
    assert answers(silent)["effect"].best is None


def test_a_language_we_do_not_read_is_said_so() -> None:
    german = text(
        title="Kamera",
        background="Die Aufgabe der Erfindung ist es, eine Kamera mit einem Objektiv und einer Feder zu schaffen.",
    )
    assert answers(german)["problem"].status is AnswerStatus.language_not_read


def test_a_design_patent_is_not_applicable() -> None:
    assert {a.status for a in answers(ENGLISH, category="design").values()} == {AnswerStatus.not_applicable}


@pytest.mark.parametrize(
    ("made", "span", "place"),
    [
        (KOREAN, Span(KOREAN.claims[0].span.start, KOREAN.claims[0].span.start + 3), "claim 1"),
        (KOREAN, KOREAN.sections[1].span, "abstract"),
    ],
)
def test_evidence_names_its_place(made: Text, span: Span, place: str) -> None:
    assert cite(made, span).place == place


def test_evidence_never_cuts_a_combining_mark_from_its_letter() -> None:
    made = text(problem="cafe\u0301 x")
    assert cite(made, Span(0, 4)).quote == "cafe\u0301"


def test_a_span_outside_the_text_is_a_bug_and_says_so() -> None:
    with pytest.raises(ValueError, match="outside"):
        cite(KOREAN, Span(0, len(KOREAN.text) + 1))


def test_a_claim_text_without_end_is_read_in_bounded_time() -> None:
    endless = text(abstract="렌즈를 이동시키고, " * 20_000, claims=["a lens and " * 20_000])
    started = time.process_time()
    answers(endless)
    assert time.process_time() - started < 20  # a hang is minutes; no timing claim


def test_a_question_finds_the_sentence_that_shares_its_rare_words() -> None:
    found = ask.answer(KOREAN, "충격이 가해지면 렌즈는 어떻게 되는가?")
    assert found.status is AnswerStatus.answered
    assert "흔들리는 문제점" in best(found)


def test_a_question_about_something_else_is_not_stated() -> None:
    assert ask.answer(KOREAN, "전해질의 이온 전도도는?").status is AnswerStatus.not_stated


def test_an_empty_question_is_refused() -> None:
    with pytest.raises(InputError) as error:
        ask.answer(KOREAN, "  ")
    assert str(error.value) == "The question is empty. Write what you want to know, in Korean or English."


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_field_of_a_built_in_schema_has_cues_and_weights(schema: str) -> None:
    for field in load(schema):
        if field.reader == "cues":
            assert weights_of(field.cues).sections, field.id
            assert all(cues_of(field.cues, lang) for lang in LANGUAGES), field.id
            assert set(field.sections) & set(weights_of(field.cues).sections), field.id
    assert all(boilerplate(lang) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("content", "code", "line", "key"),
    [
        ('[a]\nsections = ["claims"]', "fields-missing", 1, "ko / en"),
        ('[a]\nko = "?"\nen = "?"\nsektions = ["claims"]', "fields-key", 4, "'sektions'"),
        ('[a]\nko = "?"\nwants = "poem"', "fields-value", 3, "wants"),
        ('[b]\nko = "?"\n[a]\nko = "?"\nreader = "llm"', "fields-value", 5, "reader"),
        ('[a]\nko = "?"\nen = "?"\nsections = ["claims"]\nreader = "cues"', "fields-value", 5, "reader"),
        ('[a]\nko = "?"\nsections = ["claim"]', "fields-value", 3, "sections"),
        ('[a]\nko = "?"\nof = "efect"\nwants = "choice"\nchoices = ["x", "y"]', "fields-value", 3, "of"),
        ('[a]\nko = "?"\nwants = "choice"', "fields-missing", 3, "choices"),
        ('[a]\nko = "?"\nwants = "choice"\nchoices = [1, 2]', "fields-value", 4, "choices"),
        ("[a]\nko = 3", "fields-value", 2, "ko"),
    ],
)
def test_a_schema_with_a_mistake_names_file_line_field_and_mistake(
    tmp_path: Path, content: str, code: str, line: int, key: str
) -> None:
    path = tmp_path / "my.toml"
    path.write_text(content, "utf8")
    with pytest.raises(InputError) as error:
        load(path)
    values = error.value.values
    assert (error.value.code, values["file"], values["line"], values["field"]) == (code, str(path), str(line), "a")
    assert values["key"] == key
    assert error.value.in_language("ko") != str(error.value)


def test_one_wording_stands_for_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[a]\nko = "냉각은?"\n', "utf8")
    [field] = load(path)
    assert (field.wording("en"), field.reader, field.wants) == ("냉각은?", "question", "span")


def test_definitions_of_the_built_in_fields_are_what_older_studies_were_read_with() -> None:
    digests = {field.id: field.digest for field in load()}
    assert (digests["problem"], digests["parts"]) == ("6eec8c9b787e64b5", "8d54e12b3d5c1bdc")


def test_a_field_of_the_users_own_is_put_to_the_text_as_a_question(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(
        '[damper]\nko = "댐퍼는 어디에 결합되는가?"\nen = "Where is the damper?"\nsections = ["solution"]\n',
        "utf-8-sig",
    )
    (found,) = read_text(KOREAN, load(path))
    assert found.status is AnswerStatus.answered
    assert "하우징에 결합된 댐퍼" in best(found)


def test_claims_in_several_languages_are_read_in_theirs() -> None:
    made = text(
        title="Kamera",
        claims=[
            "Kamera, die ein Gehäuse und einen Dämpfer und eine Feder hat",
            "A camera comprising a housing and the damper",
        ],
    )
    (parts,) = [a for a in read_text(made, STANDING) if a.field == "parts"]
    assert "housing" in {c.evidence.quote for c in parts.candidates}


@pytest.mark.parametrize("endless", ["언급" * 30_000, "문제점을해결" * 10_000, "상기 목적을 " * 20_000])
def test_repeated_phrases_do_not_hang_the_reader(endless: str) -> None:
    started = time.process_time()
    answers(text(abstract=endless, solution=endless))
    assert time.process_time() - started < 20  # a hang is minutes; no timing claim


def test_evidence_never_cuts_a_decomposed_hangul_syllable() -> None:
    made = text(problem="\u1112\u1161\u11ab x")
    assert cite(made, Span(0, 1)).quote == "\u1112\u1161\u11ab"


@pytest.mark.parametrize(
    "question", ["효과는?", "효과", "effect", "What is the effect?", "효과는 무엇인가?", "어떤 유리한 효과를 얻는가?"]
)
def test_a_question_that_names_a_field_is_answered_as_that_field(question: str) -> None:
    assert reply(KOREAN, question, Ways(STANDING)) == answers(KOREAN)["effect"]


def test_the_verb_alone_is_no_sign_of_an_answer() -> None:
    assert ask.answer(KOREAN, "발열을 어떻게 방지하는가?").status is AnswerStatus.not_stated
