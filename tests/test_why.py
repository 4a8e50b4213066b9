"""Why an answer is what it is: passages, candidates, words and threshold, in Python, on the command line, on a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dokhae.apps import cli
from dokhae.models import Reading
from dokhae.reading import cascade, combination, comprehension, learned, why
from dokhae.reading.calibration import Features
from dokhae.reading.comprehension import answer
from dokhae.reading.effort import ONE
from dokhae.reading.fields import load
from dokhae.reading.judging import Limits
from dokhae.reading.reply import Ways
from dokhae.reading.thresholds import limits_of
from dokhae.report.pages.patent import PatentPage
from dokhae.report.spell import because, reason
from dokhae.study import Study
from dokhae.types import REVIEW, Answer, AnswerStatus, Span
from tests.build import document, text
from tests.rows import row
from tests.test_comprehension import PATENT, ByLetters, Finds, by

QUESTION = "What is the damper made of?"
Console = pytest.CaptureFixture[str]


class Marks(Finds):
    """A reader that marks the same words for every standing field and tells how sure it is of a span."""

    fields = ("problem", "solution", "effect", "field", "parts", "application")

    def read_fields(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Reading]]:
        return [dict.fromkeys(self.fields, self._reading(passage)) for _, passage in texts]

    def margins(self, pairs: Sequence[tuple[str, str]], spans: Sequence[Span], *, field: str = "") -> list[float]:
        return [float(sum(map(str.isalpha, passage))) for _, passage in pairs]


def ways(word: str, **changes: Any) -> Ways:
    return Ways(load(), by(word, **changes))


def test_the_explanation_explains_the_answer_that_is_given() -> None:
    given = ways("silicone rubber")
    assert given.by is not None
    found = why.why(PATENT, QUESTION, given)
    assert found.answer == answer(PATENT, QUESTION, given.by)
    assert found.limits == given.by.calibration.limits


def test_every_passage_that_could_answer_is_told_with_its_reasons_and_whether_it_was_read() -> None:
    found = why.why(PATENT, QUESTION, ways("silicone", vectors=ByLetters(), effort=replace(ONE, n_read=2)))
    assert [one.was_read for one in found.considered] == [True, True, *[False] * (len(found.considered) - 2)]
    assert len(found.considered) > 2
    for one in found.considered:
        assert one.passage.quote == PATENT.quote(one.passage.span)
        assert one.worth == pytest.approx(sum(weight for _, weight in one.reasons))


def test_a_passage_of_claims_is_named_by_its_first_claim() -> None:
    found = why.why(PATENT, QUESTION, ways("silicone"))
    assert "claim 1" in {one.passage.place for one in found.considered}


def test_words_are_those_of_question_and_passage() -> None:
    found = why.why(PATENT, QUESTION, ways("silicone rubber"))
    assert found.around is not None
    for one in found.words:
        own = QUESTION if one.is_asked else found.around.quote
        assert own[one.span.start : one.span.end] == one.word
    assert [one.fall for one in found.words] == sorted((one.fall for one in found.words), reverse=True)


def test_where_nothing_was_found_the_passages_are_told_all_the_same() -> None:
    found = why.why(PATENT, "What does it cost?", ways("dollars"))
    assert (found.answer.status, found.words) == (AnswerStatus.not_stated, ())
    assert found.considered


def test_a_text_nobody_reads_has_nothing_to_explain() -> None:
    foreign = replace(PATENT, sections=tuple(replace(section, lang="de") for section in PATENT.sections))
    found = why.why(foreign, QUESTION, ways("silicone"))
    assert (found.answer.status, found.considered) == (AnswerStatus.language_not_read, ())


def test_without_a_model_the_candidates_say_it_all() -> None:
    found = why.why(PATENT, "Which polycarbonate barrel is moulded?", Ways(load()))
    assert found.answer.candidates[0].reasons
    assert (found.considered, found.words) == ((), ())


def test_a_field_by_cues_alone_shows_what_cues_found() -> None:
    found = why.why(PATENT, "problem", Ways(load()))
    assert found.by_cues == found.answer.candidates
    assert found.limits == cascade.LIMITS
    assert (found.by_model, dict(found.weights)) == ((), {})


def test_a_field_by_cues_and_model_shows_both_and_how_they_were_judged() -> None:
    patent = text(title="Damper", abstract="The damper is soft, so that shocks can be absorbed. It is made of rubber.")
    given = Ways(load(), by("shocks can be absorbed", reader=Marks("shocks can be absorbed")))
    found = why.why(patent, "effect", given)
    table = combination.shipped().table(patent, "effect")
    assert table is not None
    assert table.with_model
    assert (found.limits, found.weights) == (table.limits, table.weights)
    assert found.by_cues
    assert [one.evidence.quote for one in found.by_model] == ["shocks can be absorbed"]
    assert [one.passage.place for one in found.considered if one.was_read]
    assert {one.word for one in found.words} >= {"damper", "rubber"}
    assert not any(one.is_asked for one in found.words)


def test_a_reader_that_marks_fields_but_weighs_no_span_tells_no_words() -> None:
    class Plain(Marks):
        margins: Any = property()

    patent = text(title="Damper", abstract="The damper is soft, so that shocks can be absorbed. It is made of rubber.")
    found = why.why(patent, "effect", Ways(load(), by("shocks", reader=Plain("shocks can be absorbed"))))
    assert (len(found.by_model), found.words) == (1, ())


@pytest.mark.parametrize("field", load(), ids=lambda field: field.id)
def test_the_thresholds_of_a_stored_answer_are_those_it_met(field: Any) -> None:
    given = Ways(load(), by("silicone", reader=Marks("silicone")))
    found = why.why_field(PATENT, field, given)
    assert limits_of(field, found.answer, learned.shipped()) == found.limits


def test_the_thresholds_of_what_made_it_elsewhere_are_not_known() -> None:
    effect = next(field for field in load() if field.id == "effect")
    for made_by in ("fields 01234567 89abcdef0123", f"{REVIEW}kim"):
        assert limits_of(effect, Answer("effect", AnswerStatus.answered, made_by=made_by), learned.shipped()) is None


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.6, "Answered: 0.60 reaches the threshold 0.50."),
        (0.3, "Withheld: 0.30 is below the threshold 0.50, yet from 0.20 on something came close."),
        (0.1, "Not stated: the best candidate has 0.10, below 0.20,"),
    ],
)
def test_the_threshold_stands_beside_the_probability(score: float, said: str) -> None:
    found = answer(PATENT, QUESTION, by("silicone", score))
    assert because(found, Limits(0.5, 0.2), "en").startswith(said)
    assert f"{score:.2f}" in because(found, Limits(0.5, 0.2), "ko")


def test_what_was_not_read_says_so_instead() -> None:
    assert "not in the source" in because(Answer("effect", AnswerStatus.no_source_text), None, "en")
    assert "Reviewed by kim" in because(Answer("effect", AnswerStatus.answered, made_by=f"{REVIEW}kim"), None, "en")
    assert "nothing that was read holds a candidate" in because(Answer("effect", AnswerStatus.not_stated), None, "en")


def test_every_part_of_a_shipped_score_has_a_name_in_korean() -> None:
    names = set(Features.__dataclass_fields__) | {"whole", "sentence", "around", "kind"}
    assert not [name for name in names if reason(name, "ko") == name]


# -- the doors


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study whose questions are read by ``Finds``."""
    monkeypatch.setattr(comprehension, "in_force", lambda setting, effort=ONE, threads=None: by("실리콘 고무", 0.7))
    path = tmp_path / "a.study"
    with Study.create(path, workers=0) as made:
        problem = "종래의 댐퍼는 충격에 약하다는 문제점이 있다."
        made._writer().add(
            [document("KR10-1234567 B1", background=problem, embodiments="댐퍼는 실리콘 고무로 만든다.")]
        )
        made.catch_up()
        made.read()
    return path


def run(capsys: Console, *arguments: object) -> str:
    assert cli.main(list(map(str, arguments))) == cli.DONE
    return capsys.readouterr().out


def test_ask_why_tells_passages_candidates_words_and_threshold(study: Path, capsys: Console) -> None:
    out = run(capsys, "ask", study, "댐퍼의 재질은?", "--of", "10-1234567", "--why")
    assert "Answered: 0.70 reaches the threshold 0.50." in out
    assert "passages could answer" in out
    assert "“실리콘 고무”" in out
    assert "margin +0.85" in out


def test_ask_why_speaks_korean(study: Path, capsys: Console) -> None:
    out = run(capsys, "ask", study, "댐퍼의 재질은?", "--of", "10-1234567", "--why", "--lang", "ko")
    assert "점수 0.70이(가) 기준 0.50 이상이므로 답합니다." in out
    assert "모델의 확신 +0.85" in out


def test_ask_why_as_rows_has_numbers_and_english_names(study: Path, capsys: Console) -> None:
    [found] = json.loads(run(capsys, "ask", study, "댐퍼의 재질은?", "--of", "10-1234567", "--why", "--json"))
    assert (found["threshold"], found["withheld_from"]) == (0.5, 0.2)
    assert found["candidates"][0]["reasons"] == found["why"] == {"margin": 0.847}
    assert {one["of"] for one in found["words"]} == {"question", "passage"}
    assert all(one["read"] for one in found["passages"])


def test_show_why_explains_one_field_or_all_that_were_read(study: Path, capsys: Console) -> None:
    one = run(capsys, "show", study, "10-1234567", "--why", "--field", "problem")
    assert "Found by cues:" in one
    assert "문제점이 있다" in one
    rows = json.loads(run(capsys, "show", study, "10-1234567", "--why", "--json"))
    with Study.open(study) as opened:
        assert [found["field"] for found in rows] == [field.id for field in opened.fields()]
    assert "candidates" in rows[0]


@pytest.mark.parametrize("given", [["--why"], ["10-1234567", "--field", "effect"], ["rejected", "--why"]])
def test_why_without_a_patent_is_wrong_use(study: Path, given: list[str], capsys: Console) -> None:
    assert cli.main(["show", str(study), *given]) == cli.WRONG_USE
    assert "--why needs a patent" in capsys.readouterr().err


def test_a_field_that_is_not_read_is_named(study: Path, capsys: Console) -> None:
    assert cli.main(["show", str(study), "10-1234567", "--why", "--field", "nope"]) == cli.FAILED
    assert "nope: no such field" in capsys.readouterr().err


def test_an_answer_a_person_gave_is_theirs_and_an_older_one_is_said_to_be(study: Path, capsys: Console) -> None:
    with Study.open(study) as opened:
        [found] = opened.why_fields("10-1234567", ["problem"])
    assert not found.is_stale
    assert replace(found, answer=replace(found.answer, made_by="fields of old")).is_stale
    assert not replace(found, answer=replace(found.answer, made_by=f"{REVIEW}kim")).is_stale


def test_the_page_of_a_patent_says_why() -> None:
    html = PatentPage(load(), (), "en").html(row(1, problem="떨림이 크다.", answers={"problem": "떨림이 크다."}))
    assert '<details class="why">' in html
    assert "threshold" in html


def test_a_column_is_explained_as_it_was_read(study: Path) -> None:
    with Study.open(study, workers=0) as opened:
        opened.ask_all("댐퍼의 재질은?", name="material_of_damper")
        [found] = opened.why_fields("10-1234567", ["material_of_damper"])
    assert not found.is_stale
    assert found.explained.question == "댐퍼의 재질은?"
    assert found.explained.considered
