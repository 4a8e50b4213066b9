"""What reviews teach: little moves little, much moves much, nothing worse is kept, and all of it can be undone."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.library.reviews import Review, Verdict
from dokhae.models import catalog, in_use
from dokhae.reading import calibration, combination, learned, learning
from dokhae.reading.calibration import Calibration, Features
from dokhae.reading.combination import SpanFeatures, Table
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field, load
from dokhae.reading.judging import Judge
from dokhae.reading.learned import FREE
from dokhae.reading.learning import Case, Known, Lesson, Marks, best_threshold, learn
from dokhae.reading.view import View
from dokhae.study import Study, reading
from dokhae.study.learning import cases_of
from dokhae.types import SectionKind, Span
from tests.build import text
from tests.test_comprehension import Finds
from tests.test_standing_fields import LONG, Marker
from tests.test_study import BATTERY, LENS, write

Console = pytest.CaptureFixture[str]
needs_weights = pytest.mark.skipif(not catalog.has_reader(), reason="the built-in weights are not installed")

SHIPPED = Table(-4.0, {"cues": 1.0, "model": 0.4, "section": 0.2}, 0.3, 0.15, True)
TRUTH = replace(SHIPPED, bias=-6.5, weights={"cues": 0.2, "model": 0.9, "section": 0.6})


def cases(n: int, truth: Judge, *, seed: int = 5) -> list[Case]:
    """Reviewed patents of ten candidates each, right as often as ``truth`` says."""
    rng = random.Random(seed)
    return [_case(f"patent {at}", truth, rng) for at in range(n)]


def _case(patent: str, truth: Judge, rng: random.Random) -> Case:
    found = [SpanFeatures(0, 0, rng.uniform(0, 6), rng.uniform(0, 9), 0, 0, 0, 0, rng.uniform(-3, 3), 4, 0)
             for _ in range(10)]  # fmt: skip
    known = tuple(Known(one, rng.random() < truth.probability(one)) for one in found)
    return Case(patent, known, any(one.right for one in known))


def moved(judge: Judge, other: Judge) -> float:
    """How far two judges are apart on average, over fresh candidates."""
    fresh = [one.features for case in cases(50, SHIPPED, seed=9) for one in case.candidates]
    return sum(abs(judge.probability(one) - other.probability(one)) for one in fresh) / len(fresh)


# -- the arithmetic


def test_five_reviews_move_little_and_two_hundred_much() -> None:
    little, much = (moved(learn(SHIPPED, cases(n, TRUTH)).judge, SHIPPED) for n in (5, 200))
    assert little < 0.05
    assert much > 3 * little
    assert moved(learn(SHIPPED, cases(200, TRUTH)).judge, TRUTH) < moved(SHIPPED, TRUTH) / 2


def test_reviews_that_differ_from_the_shipped_weights_make_a_better_judge_of_patents_not_learned_from() -> None:
    lesson = learn(SHIPPED, cases(100, TRUTH))
    assert lesson.is_better
    assert lesson.before.brier is not None
    assert lesson.after.brier is not None
    assert lesson.after.brier < lesson.before.brier
    assert lesson.after.right >= lesson.before.right


def test_reviews_that_agree_with_the_shipped_weights_move_them_little() -> None:
    assert moved(learn(SHIPPED, cases(200, SHIPPED)).judge, SHIPPED) < 0.04


def test_what_few_reviews_show_is_not_kept() -> None:
    assert not learn(SHIPPED, cases(4, TRUTH)).is_better


def test_learning_twice_gives_the_same() -> None:
    assert learn(SHIPPED, cases(20, TRUTH)) == learn(SHIPPED, cases(20, TRUTH))


def test_the_figures_after_are_of_fits_without_the_patent() -> None:
    own = cases(6, TRUTH)
    lesson = learn(SHIPPED, own)
    alone = [learn(SHIPPED, [one for one in own if one is not left_out]).judge for left_out in own]
    errors = [_squared_error(judge, case) for judge, case in zip(alone, own, strict=True)]
    assert lesson.after.brier == pytest.approx(sum(errors) / len(errors), abs=1e-6)


def _squared_error(judge: Judge, case: Case) -> float:
    p, right = max((judge.probability(one.features), one.right) for one in case.candidates)
    return (p - bool(right)) ** 2


def test_candidates_nobody_judged_teach_nothing() -> None:
    unsaid = [replace(case, candidates=tuple(replace(one, right=None) for one in case.candidates))
              for case in cases(5, TRUTH)]  # fmt: skip
    lesson = learn(SHIPPED, unsaid)
    assert moved(lesson.judge, SHIPPED) == 0.0
    assert lesson.after.brier is None
    assert not lesson.is_better


def test_a_case_without_candidates_is_a_case() -> None:
    assert learn(SHIPPED, [Case("a", (), False)]).before == Marks(1, 1, 0.0)


def test_a_threshold_stays_unless_moving_it_saves_more_than_it_costs() -> None:
    wrong = learning._First(0.32, False, False)
    assert best_threshold([wrong], 0.3) == pytest.approx(0.321, abs=0.01)
    assert best_threshold([], 0.3) == 0.3
    assert best_threshold([replace(wrong, p=0.9)], 0.3) == 0.3
    assert 0.6 < best_threshold([replace(wrong, p=0.6)] * 40, 0.3) < 0.7


# -- what a review says of the candidates


def fields() -> dict[str, Field]:
    return {field.id: field for schema in ("standing", "rnd") for field in load(schema)}


def review(field: str, verdict: Verdict, *quotes: str) -> dict[str, Review]:
    spans = tuple(Span(LONG.text.index(quote), LONG.text.index(quote) + len(quote)) for quote in quotes)
    return {field: Review(LONG.digest, field, verdict, "Kim", "2026", spans, quotes)}


def taught(said: dict[str, Review], by: Comprehension) -> list[tuple[tuple[str, str], Case]]:
    return list(cases_of(View(LONG), said, tuple(fields().values()), by))


def marker() -> Comprehension:
    return Comprehension(Marker("렌즈의 흔들림을 방지"), None, calibration.shipped(MANY.name))


EFFECT = "본 발명에 따르면 렌즈의 흔들림을 방지할 수 있다."


def test_of_a_right_answer_what_is_like_it_is_right_and_of_the_rest_nothing_is_known() -> None:
    ((key, case),) = taught(review("effect", Verdict.accept, EFFECT), marker())
    assert key == ("full", "effect")
    assert case.is_stated
    assert {one.right for one in case.candidates} == {True, None}


def test_the_likeliest_is_wrong_where_other_words_were_chosen() -> None:
    ((_, case),) = taught(review("effect", Verdict.correct, "종래에는 렌즈가 흔들리는"), marker())
    assert [one.right for one in case.candidates].count(False) == 1


def test_of_a_rejected_answer_only_what_is_like_it_is_known_to_be_wrong() -> None:
    ((_, case),) = taught(review("effect", Verdict.reject, EFFECT), marker())
    assert {one.right for one in case.candidates} == {False, None}


def test_where_the_text_does_not_say_the_likeliest_candidates_are_wrong() -> None:
    ((_, case),) = taught(review("effect", Verdict.reject), marker())
    assert [one.right for one in case.candidates].count(False) == min(6, len(case.candidates))
    assert True not in [one.right for one in case.candidates]
    assert not case.is_stated


def test_the_names_of_parts_are_learned_from_as_names() -> None:
    ((key, case),) = taught(review("parts", Verdict.correct, "하우징", "댐퍼"), marker())
    assert key == ("full", "parts")
    assert sum(one.right is True for one in case.candidates) == 2


def test_a_field_of_the_users_own_teaches_free_questions() -> None:
    own = Field("housing", "하우징은 어떤가?", "What is the housing?", "하우징", "housing", (SectionKind.embodiments,),
                reader="question", cues="")  # fmt: skip
    by = Comprehension(Finds("하우징은 둥글다"), None, calibration.shipped(MANY.name))
    ((key, case),) = cases_of(View(LONG), review("housing", Verdict.correct, "하우징은 둥글다"), (own,), by)
    assert key == FREE
    assert case.candidates[0].right is True
    assert isinstance(case.candidates[0].features, Features)


def test_a_reader_that_knows_no_fields_teaches_nothing_about_them() -> None:
    by = Comprehension(Finds("렌즈"), None, calibration.shipped(MANY.name))
    assert taught(review("effect", Verdict.accept, EFFECT), by) == []


# -- the file


def lesson(judge: Judge, *, is_better: bool = True) -> Lesson:
    return Lesson(judge, 5, Marks(5, 3, 0.25), Marks(5, 4, 0.2), is_better)


def test_what_was_learned_reads_back_as_it_was(tmp_path: Path) -> None:
    table = combination.shipped().tables["full", "effect"]
    free = calibration.shipped(MANY.name)
    other = replace(table, bias=table.bias / 3, threshold=0.123)
    lessons = {
        ("full", "effect"): lesson(other),
        ("full", "problem"): lesson(SHIPPED, is_better=False),
        FREE: lesson(replace(free, bias=-1 / 7)),
    }
    file = tmp_path / "learned.toml"
    file.write_text(learned.text_of(lessons, "r" * 64), "utf8")
    found = learned.load(file, "r" * 64)
    assert found.together.tables["full", "effect"] == other
    assert found.together.tables["full", "problem"] == combination.shipped().tables["full", "problem"]
    assert isinstance(found.calibration, Calibration)
    assert replace(found.calibration, digest=free.digest) == replace(free, bias=-1 / 7)
    assert found.together.digest.startswith("learned ")


def test_without_a_file_the_shipped_weights_are_in_force(tmp_path: Path) -> None:
    assert learned.load(tmp_path / "learned.toml", "r") == learned.shipped()


def test_what_was_learned_for_another_reader_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "learned.toml"
    file.write_text(learned.text_of({("full", "effect"): lesson(SHIPPED)}, "r" * 64), "utf8")
    found = learned.load(file, "s" * 64)
    assert (found.state, found.together) == ("outdated", combination.shipped())


@pytest.mark.parametrize("content", ["reader = ", "reader = 'r'", "\ufeff[full", ""])
def test_a_file_that_is_not_as_it_was_written_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "learned.toml").write_text(content, "utf8")
    with pytest.raises(InputError) as raised:
        learned.load(tmp_path / "learned.toml", "r")
    assert raised.value.code == "learned-unreadable"


# -- a study


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write(tmp_path / "both.jsonl", [LENS, BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "both.jsonl"])
    return tmp_path / "a.study"


def test_cues_alone_have_nothing_to_learn(path: Path, capsys: Console) -> None:
    assert cli.main(["review", str(path), "--learn"]) == cli.FAILED
    assert "There is nothing to learn for: cues alone read here" in capsys.readouterr().err


def test_a_study_that_learned_nothing_has_nothing_to_forget(path: Path, capsys: Console) -> None:
    assert cli.main(["review", str(path), "--forget"]) == cli.DONE
    assert "has learned nothing so far" in capsys.readouterr().out


@pytest.fixture
def with_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DOKHAE_MODEL", "built-in")
    yield
    in_use.reader.cache_clear()


def reviewed(path: Path) -> Study:
    """Both patents read by the model, every answer said to be in no text."""
    study = Study.open(path, workers=0)
    study.read()
    reviews = study.reviews()
    for waiting in reviews.waiting(below=1.01):
        reviews.say(reviews.due(waiting), "reject", (), "Kim")
    return study


@needs_weights
@pytest.mark.usefixtures("with_model")
def test_learning_is_kept_apart_and_undone_exactly(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_is_nearer", lambda firsts, others: True)
    card = in_use.card(in_use.chosen("built-in"))
    assert card is not None
    with reviewed(path) as study:
        machine = study._store.answers(study.show("KR101234567B1").patent.text)
        asked = study.ask("What is the title of the book?", of="KR101234567B1")
        done = study.reviews().learn()
        assert done.is_kept
        assert (path / "learned.toml").exists()
        in_force = learned.load(path / "learned.toml", card.digest)
        assert reading.schema_of(study.fields(), card, in_force) != reading.schema_of(study.fields(), card)
        assert (again := study.read()).read == 2
        assert again.learned == "learned"
        other = study._store.answers(study.show("KR101234567B1").patent.text)
        assert other["effect"].made_by != machine["effect"].made_by
        assert other["effect"].score < machine["effect"].score
        assert study.reviews().forget()
        assert study.read().read == 0
        assert study._store.answers(study.show("KR101234567B1").patent.text) == machine
        assert study.ask("What is the title of the book?", of="KR101234567B1") == asked


@needs_weights
@pytest.mark.usefixtures("with_model")
def test_what_is_no_better_is_not_kept_and_the_card_says_so(path: Path, capsys: Console) -> None:
    with reviewed(path):
        pass
    assert cli.main(["review", str(path), "--learn"]) == cli.DONE
    told = capsys.readouterr().out
    assert "not kept, because it is no better" in told
    assert "Nothing kept of" in told
    assert not (path / "learned.toml").exists()
    assert cli.main(["review", str(path), "--learn", "--lang", "ko"]) == cli.DONE
    assert "나아지지 않아 쓰지 않음" in capsys.readouterr().out


@needs_weights
@pytest.mark.usefixtures("with_model")
def test_without_reviews_there_is_nothing_to_learn_from(path: Path, capsys: Console) -> None:
    assert cli.main(["review", str(path), "--learn"]) == cli.FAILED
    assert "nothing was reviewed that could be learned from" in capsys.readouterr().err


@needs_weights
@pytest.mark.usefixtures("with_model")
def test_a_study_with_a_learned_file_of_another_version_says_so_when_it_reads(path: Path, capsys: Console) -> None:
    (path / "learned.toml").write_text('reader = "another"\ntowards = "others"\n', "utf8")
    assert cli.main(["read", str(path), "--workers", "0", "-q"]) == cli.DONE
    assert "learned.toml is for another model or version" in capsys.readouterr().out


def test_learning_needs_no_pytorch() -> None:
    code = "import sys, dokhae.study.learning, dokhae.reading.regression; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_reading_loads_no_numpy_for_learning_until_something_is_learned() -> None:
    code = "import sys, dokhae.reading.learning; print('dokhae.reading.regression' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_text_of_two_fields_is_read_once_for_both() -> None:
    reader = Marker("렌즈")
    by = Comprehension(reader, None, calibration.shipped(MANY.name))
    said = review("effect", Verdict.accept, EFFECT) | review("problem", Verdict.reject)
    assert len(taught(said, by)) == 2
    assert len(reader.texts) == len(set(reader.texts))


def test_a_review_of_a_lost_text_teaches_nothing() -> None:
    from dokhae.library.reviews import Standing

    said: Sequence[Review] = [replace(one, standing=Standing.lost) for one in review("effect", Verdict.reject).values()]
    assert taught({"effect": said[0]}, marker()) == []


def test_a_short_text_teaches_the_table_of_short_texts() -> None:
    short = text(title="카메라", abstract="본 발명에 따르면 렌즈의 흔들림을 방지할 수 있다.")
    said = {"effect": Review(short.digest, "effect", Verdict.reject, "Kim", "2026")}
    ((key, _),) = cases_of(View(short), said, tuple(fields().values()), marker())
    assert key == ("short", "effect")


@needs_weights
@pytest.mark.usefixtures("with_model")
def test_screening_asks_with_what_was_learned(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_is_nearer", lambda firsts, others: True)
    with reviewed(path) as study:
        score = study._store.answers(study.show("KR101234567B1").patent.text)["effect"].score
        rules = tmp_path / "my.toml"
        rules.write_text(f'[[rule]]\nid = "e"\nverdict = "valid"\nask = "effect"\nfrom = {score - 0.001}', "utf8")
        assert study.screen(rules).decisions.verdicts.get("valid") == 1
        study.reviews().learn()
        study.read()
        assert study.screen(rules).decisions.verdicts.get("valid", 0) == 0
