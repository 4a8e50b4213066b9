"""Standing fields read by cues and model together: what is read, how it is weighed, and what an answer says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.apps import cli
from dokhae.engine.processes import ProcessEngine
from dokhae.engine.serial import SerialEngine
from dokhae.errors import InputError
from dokhae.library import folder
from dokhae.models import Reading, Scored, catalog, in_use
from dokhae.reading import calibration, combination, combining, marking, naming, scoring
from dokhae.reading.cascade import fields_made_by, read_text
from dokhae.reading.combination import Combination, NameFeatures, SpanFeatures, Table
from dokhae.reading.comprehension import Comprehension, in_force
from dokhae.reading.fields import load
from dokhae.reading.marking import Mark, Marking
from dokhae.reading.view import View
from dokhae.study import Study, reading
from dokhae.types import Answer, AnswerStatus, SectionKind, Span, Text
from tests import tiny_models
from tests.build import text
from tests.test_reading import ENGLISH, KOREAN, NAUGHTY
from tests.test_study import BATTERY, LENS, write

FIELDS = {field.id: field for schema in ("standing", "rnd") for field in load(schema)}
needs_weights = pytest.mark.skipif(not catalog.has_reader(), reason="the built-in weights are not installed")


class Marker:
    """A reader that marks one phrase wherever it stands, for every field, as surely as it is told."""

    digest, max_tokens = "marker", 64
    fields = tuple(FIELDS)

    def __init__(self, phrase: str, score: float = 0.99) -> None:
        self.phrase, self.score, self.texts = phrase, score, list[str]()

    def count(self, text: str) -> int:
        return len(text) // 4 + 1

    def room(self, question: str = "") -> int:
        return self.max_tokens - self.count(question)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._reading(text) for _, text in pairs]

    def read_fields(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Reading]]:
        self.texts += [text for _, text in texts]
        return [dict.fromkeys(self.fields, self._reading(text)) for _, text in texts]

    def _reading(self, text: str) -> Reading:
        at = text.find(self.phrase)
        found = (Scored(Span(at, at + len(self.phrase)), self.score),) if at >= 0 else ()
        return Reading(found, 1 - self.score if found else 1.0)


def by(reader: object) -> Comprehension:
    return Comprehension(reader, None, calibration.shipped())  # type: ignore[arg-type]


def answers(of: Text, reader: object) -> dict[str, Answer]:
    return {one.field: one for one in read_text(of, tuple(FIELDS.values()), by=by(reader))}


def table(**weights: float) -> Table:
    return Table(bias=-3.0, weights=weights, threshold=0.5, withheld_from=0.2)


LONG = text(
    title="카메라 모듈",
    abstract="렌즈를 구동하는 카메라 모듈이 개시된다.",
    background="종래에는 렌즈가 흔들리는 문제점이 있었다. " * 20,
    problem="본 발명의 목적은 렌즈의 흔들림을 방지하는 것이다.",
    solution="본 발명은 하우징과 댐퍼를 포함한다.",
    embodiments="하우징은 둥글다. 댐퍼는 네모나다. " * 60,
    effect="본 발명에 따르면 렌즈의 흔들림을 방지할 수 있다.",
    claims=["하우징과 상기 하우징에 결합된 댐퍼를 포함하는 카메라 모듈.", "제1항에 있어서, 상기 댐퍼는 고무인 모듈."],
)


# -- which passages are read


def test_a_short_text_is_read_whole() -> None:
    short = text(title="카메라", abstract="렌즈를 구동하는 카메라 모듈이 개시된다.")
    assert [one.text for one in Marking(View(short), Marker("렌즈")).passages("effect")] == [
        "카메라",
        "렌즈를 구동하는 카메라 모듈이 개시된다.",
    ]


@pytest.mark.parametrize("field", ["problem", "solution", "effect"])
def test_of_a_long_text_the_abstract_is_read_and_where_cues_point(field: str) -> None:
    read = Marking(View(LONG), Marker("렌즈")).passages(field)
    assert len(read) == marking.N_READ
    assert {"abstract", field} <= {one.section.kind for one in read}


def test_a_title_that_cues_point_at_takes_no_place_in_a_long_text() -> None:
    view = View(LONG)
    assert "title" in {LONG.kind_at(one.span.start) for one in scoring.candidates(view, "field")}
    assert "title" not in {one.section.kind for one in Marking(view, Marker("렌즈")).passages("field")}


def test_every_passage_read_fits_the_reader_and_is_the_text_at_its_span() -> None:
    reader = Marker("렌즈")
    for one in (*Marking(View(LONG), reader).passages("problem"), *Marking(View(LONG), reader).passages("effect")):
        assert reader.count(one.text) <= reader.room()
        assert LONG.quote(one.span) == one.text


def test_no_passage_is_read_twice_however_many_fields_ask() -> None:
    reader = Marker("댐퍼")
    marks = Marking(View(LONG), reader)
    read = {one.text for field in FIELDS for one in (marks.of(field), marks.passages(field))[1]}
    assert len(reader.texts) == len(set(reader.texts))
    assert set(reader.texts) == read


def test_what_is_marked_for_a_field_does_not_depend_on_what_else_is_asked() -> None:
    alone, among = Marking(View(LONG), Marker("렌즈")), Marking(View(LONG), Marker("렌즈"))
    for field in FIELDS:
        among.of(field)
    assert alone.of("effect") == among.of("effect") != ()


def test_what_no_field_needs_the_model_for_is_not_read_by_it() -> None:
    reader = Marker("댐퍼")
    read_text(LONG, (FIELDS["field"],), by=by(reader))
    assert not combination.shipped().tables["full", "field"].with_model
    assert reader.texts == []


def test_boilerplate_is_no_mark() -> None:
    phrase = "본 발명의 과제는 이상에서 언급한 과제로 제한되지 않는다"
    marks = Marking(View(KOREAN), Marker(phrase))
    assert any(phrase in one.text for one in marks.passages("problem"))
    assert not any(marks.of(field) for field in FIELDS)


def test_a_text_in_a_language_that_is_not_read_is_not_given_to_the_model() -> None:
    reader = Marker("Kamera")
    german = text(
        title="Kamera", background="Die Aufgabe der Erfindung ist es, eine Kamera mit einer Feder zu schaffen."
    )
    assert answers(german, reader)["problem"].status is AnswerStatus.language_not_read
    assert not any("Aufgabe" in read for read in reader.texts)


# -- how cues and model are weighed


def mark(of: Text, quote: str, margin: float = 5.0) -> Mark:
    start = of.text.index(quote)
    kind = next(one.kind for one in of.sections if one.span.covers(Span(start, start)))
    return Mark(Span(start, start + len(quote)), margin, kind)


def test_what_the_model_marks_can_answer_where_cues_find_nothing() -> None:
    silent = text(title="Ring", abstract="A ring 10 is round, so the shaft turns without noise and has a rim 12.")
    marked = mark(silent, "the shaft turns without noise")
    assert scoring.candidates(View(silent), "effect")[0].score < 0.5
    best = combining.candidates(View(silent), FIELDS["effect"], (marked,), table(model=0.5))[0]
    assert silent.quote(best.span) == "the shaft turns without noise"


def test_a_mark_in_a_section_that_cannot_answer_the_field_is_left_out() -> None:
    marked = mark(KOREAN, "충격이 가해지면")
    assert SectionKind.background not in FIELDS["effect"].sections
    spans = {span for span, _ in combining.described(View(KOREAN), FIELDS["effect"], (marked,))}
    assert marked.span not in spans


def test_cues_and_model_on_the_same_words_speak_for_both_borders() -> None:
    marked = mark(KOREAN, "렌즈의 흔들림을 방지하는 카메라 모듈을 제공")
    known = dict(combining.described(View(KOREAN), FIELDS["problem"], (marked,)))
    cue = next(span for span in known if span.overlaps(marked.span) and span != marked.span)
    assert (known[marked.span].of_model, known[marked.span].of_cues) == (1.0, 0.0)
    assert known[marked.span].cues > 0
    assert 0 < known[cue].model < known[marked.span].model


def test_candidates_do_not_overlap_and_come_likeliest_first() -> None:
    marked = (mark(KOREAN, "렌즈의 흔들림을 방지하는 카메라 모듈"), mark(KOREAN, "흔들리는 문제점", 1.0))
    found = combining.candidates(View(KOREAN), FIELDS["problem"], marked, table(model=0.3, cues=0.3))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert not any(one.span.overlaps(other.span) for one in found for other in found if one is not other)


def test_reasons_add_up_to_the_log_odds_without_the_bias() -> None:
    judged = table(model=0.3, cues=0.3, length=-0.1)
    (span, known), *_ = combining.described(View(KOREAN), FIELDS["problem"], ())
    found = next(one for one in combining.candidates(View(KOREAN), FIELDS["problem"], (), judged) if one.span == span)
    total = judged.bias + sum(weight for _, weight in found.reasons)
    assert judged.probability(known) == pytest.approx(found.score)
    assert total == pytest.approx(judged.bias + sum(judged.parts(known).values()), abs=0.01)


def test_a_field_kept_with_cues_keeps_their_order() -> None:
    alone = replace(table(cues=1.0), with_model=False)
    found = combining.candidates(View(KOREAN), FIELDS["problem"], (mark(KOREAN, "댐퍼"),), alone)
    assert [one.span for one in found] == [one.span for one in scoring.candidates(View(KOREAN), "problem")]


def test_a_name_the_model_marks_joins_those_of_the_claims_and_none_stands_twice() -> None:
    marked = (mark(KOREAN, "렌즈 구동부"), mark(KOREAN, "댐퍼"))
    found = naming.candidates(View(KOREAN), marked, table(model=0.5, of_cues=1.0))
    quotes = [KOREAN.quote(one.span) for one in found]
    assert {"렌즈 구동부", "하우징", "댐퍼"} <= set(quotes)
    assert len(quotes) == len(set(quotes))


def test_of_two_names_nearly_alike_the_likelier_stays() -> None:
    made = text(abstract="회전 분사노즐 어셈블리가 있고 회전 분사노즐 어셈블리부가 있다.")
    marked = (mark(made, "회전 분사노즐 어셈블리부", 6.0), mark(made, "회전 분사노즐 어셈블리", 2.0))
    found = naming.candidates(View(made), marked, table(model=0.5))
    assert made.quote(found[0].span) == "회전 분사노즐 어셈블리부"
    assert [made.quote(one.span) for one in found].count("회전 분사노즐 어셈블리") == 0


def test_every_number_of_the_shipped_combination_is_one_that_is_known() -> None:
    spans, names = (set(of.__slots__) for of in (SpanFeatures, NameFeatures))
    for (_, field), one in combination.shipped().tables.items():
        assert set(one.weights) <= (names if field == "parts" else spans)
        assert 0 < one.withheld_from < one.threshold < 1
        assert field in FIELDS


# -- what an answer says


def test_an_answer_of_the_model_names_reader_and_combination_and_a_foreign_reader_is_uncalibrated() -> None:
    found = answers(KOREAN, Marker("댐퍼"))
    assert found["problem"].made_by == f"fields marker {combination.shipped().digest} uncalibrated"
    assert fields_made_by("abcdef12345", Combination({}, "abcdef12345", "0123")) == "fields abcdef12 0123"


def test_a_field_nobody_marked_by_hand_stays_with_cues() -> None:
    assert answers(KOREAN, Marker("댐퍼"))["key_feature"].made_by == "cues uncalibrated"


def test_a_reader_that_knows_no_fields_leaves_them_to_cues(tmp_path: Path) -> None:
    plugged_in = catalog.load_reader(tiny_models.write_plugged_in(tmp_path / "mine"))
    found = read_text(KOREAN, load(), by=by(plugged_in))
    assert found == read_text(KOREAN, load())


def test_a_field_of_the_users_own_is_put_to_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[damper]\nko = "무엇이 결합되는가?"\nen = "What is joined?"\nsections = ["solution"]\n', "utf8")
    (found,) = read_text(KOREAN, load(path), by=by(Marker("상기 하우징에 결합된 댐퍼", 0.999)))
    assert found.candidates[0].evidence.quote == "상기 하우징에 결합된 댐퍼"
    assert found.made_by.startswith("reader marker")


def test_a_question_that_names_a_field_gets_what_the_table_gets() -> None:
    from dokhae.reading.reply import Ways, reply

    ways = Ways(tuple(FIELDS.values()), by(Marker("댐퍼")))
    assert reply(KOREAN, "해결과제는?", ways) == answers(KOREAN, Marker("댐퍼"))["problem"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.write_set(tmp_path_factory.mktemp("tiny")) / "reader"


@pytest.fixture(scope="module")
def tiny_by(tiny: Path) -> Comprehension:
    return by(catalog.load_reader(tiny))


@settings(deadline=None)
@given(lines=st.lists(st.sampled_from(NAUGHTY) | st.text(max_size=60), min_size=1, max_size=6))
def test_every_quote_is_the_text_at_its_span(tiny_by: Comprehension, lines: list[str]) -> None:
    made = text(title=lines[0], abstract="\n".join(lines), problem="\n".join(lines), claims=lines)
    for answer in read_text(made, tuple(FIELDS.values()), by=tiny_by):
        for candidate in answer.candidates:
            evidence = candidate.evidence
            assert evidence.quote == made.text[evidence.span.start : evidence.span.end]
            assert evidence.quote == evidence.quote.strip()
            assert 0.0 <= candidate.score <= 1.0


# -- whole studies


@pytest.fixture
def study(tmp_path: Path) -> Path:
    write(tmp_path / "both.jsonl", [LENS, BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as made:
        made.add([tmp_path / "both.jsonl"])
    return tmp_path / "a.study"


def stored(study: Path) -> list[dict[str, Answer]]:
    with folder.open_to_read(study) as store:
        return [dict(store.answers(patent.text)) for patent in store.patents()]


def test_workers_read_with_the_model_as_one_process_does(
    study: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(in_use.VARIABLE, str(tiny))
    with folder.open_to_write(study) as store:
        fields = tuple(FIELDS.values())
        alone = reading.read_all(store, fields, SerialEngine(), _quiet)
        one = stored(study)
        for engine in (ProcessEngine(2),):
            assert reading.read_all(store, fields[:-1], engine, _quiet).failed == 0
    both = stored(study)
    assert (alone.read, alone.read_by) == (2, "tiny-reader 1")
    assert [{name: one[name] for name in many} for one, many in zip(one, both, strict=True)] == both


def test_answers_of_another_model_are_read_anew(study: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for model in ("none", str(tiny), "none", str(tiny)):
        monkeypatch.setenv(in_use.VARIABLE, model)
        with Study.open(study, workers=0) as opened:
            read = opened.read()
        counts.append((read.read, read.kept, bool(read.read_by)))
        made_by = {answer.made_by for answers in stored(study) for answer in answers.values()}
        assert any("fields" in name for name in made_by) is bool(read.read_by)
    assert counts == [(2, 0, False), (2, 0, True), (0, 2, False), (0, 2, True)]


@pytest.mark.parametrize("broken", ["missing", "changed"])
def test_a_model_that_fails_is_said_before_anything_is_read(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    weights = tiny_models.write_set(tmp_path / "weights") / "reader"
    if broken == "changed":
        (weights / "model.onnx").write_bytes(b"other")
    monkeypatch.setenv(in_use.VARIABLE, str(weights if broken == "changed" else tmp_path / "nowhere"))
    with Study.open(study, workers=0) as opened, pytest.raises(InputError) as error:
        opened.read()
    assert error.value.code == {"missing": "model-missing", "changed": "model-changed"}[broken]
    assert stored(study) == [{}, {}]


def test_reading_says_what_reads(
    study: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["read", str(study), "--workers", "0", "-q"]) == cli.DONE
    assert "Read by cues alone, without a model" in capsys.readouterr().out
    monkeypatch.setenv(in_use.VARIABLE, str(tiny))
    assert cli.main(["read", str(study), "--workers", "0", "-q"]) == cli.DONE
    assert "Read by cues and the model tiny-reader 1" in capsys.readouterr().out


def _quiet(done: int, total: int | None, /) -> None:
    """No progress."""


# -- the built-in weights


@needs_weights
def test_the_built_in_combination_belongs_to_the_built_in_reader() -> None:
    assert combination.shipped().is_calibrated_for(catalog.card_of("reader").digest)


@needs_weights
@pytest.mark.parametrize(("made", "problem"), [(KOREAN, "흔들림"), (ENGLISH, "shock")])
def test_the_built_in_reader_answers_the_standing_fields(
    made: Text, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(in_use.VARIABLE, in_use.BUILT_IN)
    found = {one.field: one for one in read_text(made, load(), by=in_force(in_use.BUILT_IN, threads=1))}
    assert {one.status for one in found.values()} == {AnswerStatus.answered}
    assert problem in found["problem"].candidates[0].evidence.quote
    for answer in found.values():
        assert "uncalibrated" not in answer.made_by
        assert all(one.evidence.quote == made.quote(one.evidence.span) for one in answer.candidates)
