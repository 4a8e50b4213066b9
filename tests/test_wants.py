"""What a field wants beside words: a number, yes or no, one of a list, what another answer decides."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dokhae.apps import cli
from dokhae.errors import InputError, StudyBusy, StudyError
from dokhae.library.reviews import Review, Verdict
from dokhae.models import Scored
from dokhae.reading import choosing, columns, rarity
from dokhae.reading.ask import quantity
from dokhae.reading.calibration import Calibration
from dokhae.reading.cascade import read_text
from dokhae.reading.choices import Choice, choices_of
from dokhae.reading.columns import Wanted
from dokhae.reading.fields import Field, load
from dokhae.reading.places import cite
from dokhae.reading.rarity import Among
from dokhae.reading.words import spaceless
from dokhae.study import Study, rates, reviewed
from dokhae.study.rates import Rate
from dokhae.types import Answer, AnswerStatus, Candidate, Evidence, Span
from tests.build import document, text
from tests.test_study import BATTERY, LENS, write

SIZES = (Choice("크기", ("소형", "얇", "compact")), Choice("원가", ("비용", "저렴", "cost")), Choice("기타"))
COOLING = document(
    "KR10-7777777 B1",
    title="냉각 장치",
    problem="열교환기는 사용하지 않으며, 마이크로웨이브로 필터를 1,100℃로 가열한다.",
    effect="부피를 줄일 수 있는 효과가 있다.",
    claims=["필터를 가열하는 냉각 장치."],
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study.create(tmp_path / "s.study", workers=0) as made:
        made.add([write(tmp_path / "in.jsonl", [LENS, BATTERY, COOLING])])
        made.read()
        yield made


# -- numbers


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("흔들림을 15초 이내에 줄인다", "15초 이내"),
        ("온도는 100 내지 600℃ 이다", "100 내지 600℃"),
        ("a film of about 3.5 μm is used", "about 3.5 μm"),
        ("see claim 3 of the patent", None),
        ("도 2에 도시된 바와 같이", None),
    ],
)
def test_a_quantity_is_the_number_with_its_unit_as_written(words: str, found: str | None) -> None:
    span = quantity(words, Span(0, len(words)))
    assert (span and words[span.start : span.end]) == found


def test_a_number_is_cut_out_of_its_sentence_and_what_has_none_is_no_answer() -> None:
    made = text(effect="흔들림을 15초 이내에 줄인다. 값이 싸다.")
    one, two = made.text.index("흔들림"), made.text.index("값이")
    found = [Scored(Span(two, two + 5), 0.9), Scored(Span(one, one + 4), 0.6)]
    kept = choosing.numbers(made, found)
    assert [(made.quote(each.span), each.score) for each in kept] == [("15초 이내", 0.6)]


# -- yes and no


@pytest.mark.parametrize(
    ("question", "quote", "value"),
    [
        ("열교환기를 사용하는가?", "열교환기", "no"),
        ("필터를 가열하는가?", "필터를", "yes"),
        ("열교환기를 사용하지 않는가?", "열교환기", "yes"),
    ],
)
def test_no_stands_on_the_words_that_deny(question: str, quote: str, value: str) -> None:
    made = text(problem="열교환기는 사용하지 않으며, 마이크로웨이브로 필터를 가열한다.")
    at = made.text.index(quote)
    assert choosing.yes_or_no(made, Span(at, at + len(quote)), question) == value


def test_a_sentence_about_something_else_says_neither_yes_nor_no() -> None:
    made = text(problem="열교환기를 쓴다. 렌즈가 움직인다.")
    found = [Scored(Span(at, at + 2), 0.5) for at in (made.text.index("렌즈"), made.text.index("열교"))]
    assert choosing.stating(made, found, "열교환기를 사용하는가?") == [found[1]]
    assert choosing.stating(made, found, "Is a heat exchanger used?") == found


@pytest.mark.parametrize(
    ("words", "denies"),
    [
        ("The filter works without a heat exchanger", True),
        ("not only the lens but also the sensor", False),
        ("a lead-free solder", True),
        ("렌즈뿐만 아니라 센서도 움직인다", False),
        ("별도의 배선이 필요 없다", True),
        ("The coil moves the lens", False),
    ],
)
def test_idioms_do_not_deny(words: str, denies: bool) -> None:
    assert choosing.denies(words) is denies


def test_without_evidence_nothing_is_said() -> None:
    field = Field("hx", "홀로그램을 기록하는가?", "?", "hx", "hx", load()[0].sections, "yes_no", "question")
    [answer] = read_text(text(problem="렌즈가 흔들린다."), [field])
    assert (answer.status, answer.value) == (AnswerStatus.not_stated, None)


# -- choices


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("부품이 얇아진다", "크기"),
        ("a compact module at low cost", "크기"),
        ("제조비용이 저렴하다", "원가"),
        ("해소형 말뚝", "기타"),
        ("nothing of that", "기타"),
    ],
)
def test_words_decide_between_choices(words: str, name: str) -> None:
    assert choosing.chosen(words, SIZES) == (name,)


def test_several_choices_where_the_field_wants_them() -> None:
    assert choosing.chosen("비용이 저렴하고 얇다", SIZES, several=True) == ("원가", "크기")


def test_without_words_the_likeliest_in_meaning_is_taken_if_it_is_clearly_before_the_others() -> None:
    class Vectors:
        def match(self, question: str, texts: Sequence[str]) -> Any:
            return [{"air": 0.5, "water": 0.3}.get(question, 0.0)]

    choices = (Choice("air", ("air",)), Choice("water", ("water",)))
    assert choosing.chosen("a fan blows", choices, Vectors()) == ("air",)
    assert choosing.chosen("a fan blows", (choices[0], Choice("air two", ("air",))), Vectors()) == ("other",)


@pytest.mark.parametrize(
    ("given", "code"), [(["a"], "choices-few"), (["a", " A"], "choices-twice"), ([], "choices-few")]
)
def test_a_list_of_choices_needs_two_different_names(given: list[str], code: str) -> None:
    with pytest.raises(InputError) as error:
        choices_of(given, "--choice")
    assert error.value.code == code


def test_choices_of_a_file_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text('[a]\nko = "?"\nwants = "choice"\nchoices = ["x", "x"]\n', "utf8")
    with pytest.raises(InputError, match=r"my\.toml:4 \[a\]: the choice x stands there twice"):
        load(path)


# -- columns of a study


def test_the_axis_of_effects_is_decided_by_the_effect_and_reads_nothing(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a text was read")

    monkeypatch.setattr("dokhae.study.reading.read_text", refuse)
    read = study.read(["standing", "rnd", "axes"])
    assert read.failed == 0
    answer = next(a for a in study.show("10-7777777").answers if a.field == "effect_axis")
    assert (answer.value, answer.best and "부피" in answer.best.quote) == ("소형·박형", True)


def test_values_stand_in_sheets_and_lines_beside_their_words(study: Study, tmp_path: Path) -> None:
    study.ask_all("마이크로웨이브로 필터를 가열하는 온도는 몇 ℃인가?", name="temp", wanted=Wanted("number"))
    study.ask_all("마이크로웨이브 열교환기 사용하는가?", name="hx", wanted=Wanted("yes_no"))
    study.export("xlsx", tmp_path / "a.xlsx", lang="ko")
    head, *rows = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python()
    row = next(r for r in rows if "냉각 장치" in r)
    cells = dict(zip(head, row, strict=True))
    assert cells["temp"] == "1,100℃"
    assert cells["근거문구 (temp)"] == "1,100℃"
    assert cells["hx"] in ("예", "아니오")
    study.export("jsonl", tmp_path / "a.jsonl")
    assert '"values":{"temp":"1,100℃"' in (tmp_path / "a.jsonl").read_text("utf8")
    study.report(tmp_path / "report", lang="ko")
    pages = "".join(p.read_text("utf8") for p in (tmp_path / "report" / "data").glob("*.js"))
    assert "1,100℃" in pages


def test_a_choice_is_kept_in_the_file_and_words_added_there_are_heard(study: Study) -> None:
    question = "마이크로웨이브로 필터를 가열하는 것은?"
    study.ask_all(question, name="heat", wanted=Wanted("choice", ("microwave", "burner")))
    place = study.path / "columns.toml"
    assert (study.show("10-7777777").answers[-1].field, study.show("10-7777777").answers[-1].value) == ("heat", "other")
    place.write_text(place.read_text("utf8").replace('["microwave"]', '["microwave", "마이크로웨이브"]'), "utf8")
    study.read()
    assert study.show("10-7777777").answers[-1].value == "microwave"
    assert study.ask_all(question, wanted=Wanted("choice", ("microwave", "burner"))).read.read == 0


def test_who_accepts_the_words_accepts_the_value_and_other_words_have_none() -> None:
    made = text(problem="냉각은 15초 이내에 끝난다.")
    at = made.text.index("15초")
    words, other = Span(at, at + 6), Span(at - 4, at)
    machine = Answer("t", AnswerStatus.answered, (Candidate(cite(made, words), 0.7),), "15초 이내")
    for span, value in ((words, "15초 이내"), (other, None)):
        review = Review(made.digest, "t", Verdict.accept, "kim", "2026", (span,), (made.quote(span),))
        assert reviewed.answer(machine, review, made).value == value


def test_a_column_is_forgotten_with_its_answers(study: Study) -> None:
    study.ask_all("How is the lens moved?", name="drive")
    study.ask_all("What cools the cells?", name="cool")
    study.forget_column("drive")
    assert [one.id for one in study.columns()] == ["cool"]
    assert "drive" not in {answer.field for answer in study.show("10-1234567").answers}
    with pytest.raises(InputError, match=r"no column drive here\. Columns: cool"):
        study.forget_column("drive")


@pytest.mark.parametrize("name", ["effect", "screen", "a b", ""])
def test_a_column_cannot_have_the_name_of_a_field(study: Study, name: str) -> None:
    if not name:
        return
    with pytest.raises(InputError, match="cannot name a column"):
        study.ask_all("How is the lens moved?", name=name)
    assert study.columns() == ()


def test_questions_of_a_schema_have_keys_of_their_own_and_take_over_what_was_read(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dokhae.study import reading

    mine = tmp_path / "mine.toml"
    mine.write_text('[lens]\nko = "렌즈의 흔들림을 몇 초에 줄이는가?"\nen = "?"\nsections = ["effect"]\n', "utf8")
    fields = (*load(), *load(mine))
    store = study._writer()
    joint = reading.schema_of(fields, None)
    for digest in list(store.unread(joint)):
        store.put_answers(digest, joint, read_text(store.text(digest), fields))
    monkeypatch.setattr("dokhae.study.reading.read_text", lambda *_, **__: 1 / 0)
    read = study.read(["standing", str(mine)])
    assert (read.read, read.failed) == (0, 0)
    assert sum(read.statuses["lens"].values()) == 3


# -- rarity where answers are shown


def scored(*scores: float, status: AnswerStatus = AnswerStatus.answered, made_by: str = "reader x") -> Answer:
    found = tuple(Candidate(Evidence("t", Span(0, 1), "a"), score) for score in scores)
    return Answer("q", status, found, "a", made_by)


def test_a_rare_answer_is_shown_with_the_probability_it_has_here_and_says_so() -> None:
    rate = Rate("d", "reader x", 0.02, 0.2, 100, 0.3, 0.2)
    shown = rates.corrected(scored(0.6, 0.1), rate)
    assert shown.score == pytest.approx(rarity.shifted(0.6, 0.2, 0.02))
    assert (shown.status, shown.candidates[0].reasons[-1][0]) == (AnswerStatus.not_stated, "rarity")
    assert "rarity 0.0200 of 100" in shown.made_by
    assert shown.candidates[0].score > shown.candidates[1].score


def near(score: float, alike: float) -> Answer:
    found = Candidate(Evidence("t", Span(0, 1), "a"), score, (("alike_best", -4.0 * alike),))
    return Answer("q", AnswerStatus.answered, (found,), None, "reader x")


def test_a_patent_nearer_to_the_question_than_the_others_is_likelier_to_answer_it() -> None:
    rate = Rate("d", "reader x", 0.2, 0.2, 100, 0.3, 0.2, near=0.4, near_weight=-4.0, beside=10.0, bias=-0.5)
    scores = [rates.corrected(near(0.5, alike), rate).score for alike in (0.3, 0.4, 0.5)]
    assert scores == pytest.approx([1 / (1 + math.exp(-odds)) for odds in (-1.5, -0.5, 0.5)])
    assert dict(rates.corrected(near(0.5, 0.5), rate).candidates[0].reasons)["beside"] == pytest.approx(0.5)
    assert rates.corrected(scored(0.5), rate).score == pytest.approx(0.5)


@pytest.mark.parametrize(
    "answer",
    [
        scored(0.6, made_by="cues uncalibrated"),
        scored(status=AnswerStatus.not_stated),
        scored(0.6, made_by="review kim"),
    ],
)
def test_what_is_no_probability_of_this_reader_is_left_alone(answer: Answer) -> None:
    assert rates.corrected(answer, Rate("d", "reader x", 0.02, 0.2, 100, 0.3, 0.2)) == answer


def test_rates_survive_the_file_and_a_broken_file_says_nothing(tmp_path: Path) -> None:
    place, kept = tmp_path / "derived" / "rates.toml", {"질문 1": Rate("d", "reader x", 0.02, 0.2, 100)}
    rates.save(place, kept)
    assert rates.kept(place) == kept
    place.write_text("[", "utf8")
    assert rates.kept(place) == {}


def test_the_rate_is_measured_on_what_is_stored_and_stored_scores_stay_raw(study: Study) -> None:
    store, field = study._writer(), Field("q", "?", "?", "q", "q", (), reader="question", cues="q")
    for n, patent in enumerate(store.patents()):
        evidence = Evidence(patent.text, Span(0, 1), store.text(patent.text).text[:1])
        made = Answer("q", AnswerStatus.answered, (Candidate(evidence, 0.9 if n == 0 else 0.2),), None, "reader x")
        store.put_answers(patent.text, "column q 1", [made])
    judge = Calibration(0.0, {}, 0.5, 0.4, 0.5)
    measured = rates.measured(store, [field], judge)["q"]
    assert (measured.n, measured.made_by) == (3, "reader x")
    assert 0 < measured.rate < 0.5
    shown = [rates.shown(store.answers(p.text), {"q": measured})["q"] for p in store.patents()]
    assert [answer.status for answer in shown] != [AnswerStatus.answered] * 3
    assert [store.answers(p.text)["q"].score for p in store.patents()] == [0.9, 0.2, 0.2]
    text = next(store.patents()).text
    assert store.answers(text, kind="column q") == {"q": store.answers(text)["q"]}
    assert store.answers(text, kind="column") == store.answers(text, kind="column q")
    assert store.answers(text, kind="column qq") == {}


def test_in_a_whole_set_an_answer_is_given_from_where_precision_and_coverage_are_best(study: Study) -> None:
    store, field = study._writer(), Field("q", "?", "?", "q", "q", (), reader="question", cues="q")
    judge = Calibration(0.0, {}, 0.1, 0.05, 0.5)
    measured = rates.measured(store, [field], judge, Among(0.0, 0.0, (0.5,), (0.8,), (0.05,), answered_from=0.4))["q"]
    assert measured.made_by == ""  # nothing was asked yet
    for patent in store.patents():
        evidence = Evidence(patent.text, Span(0, 1), store.text(patent.text).text[:1])
        made = Answer("q", AnswerStatus.answered, (Candidate(evidence, 0.3),), None, "reader x")
        store.put_answers(patent.text, "column q 1", [made])
    for from_, limits in ((0.4, (0.4, 0.1)), (0.0, (0.1, 0.05))):
        among = Among(0.0, 0.0, (0.5,), (0.8,), (0.05,), answered_from=from_)
        measured = rates.measured(store, [field], judge, among)["q"]
        assert (measured.threshold, measured.withheld_from) == limits


# -- the command line and what goes wrong


def test_the_command_asks_for_a_number_and_forgets_the_column(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    study.close()
    question = "마이크로웨이브로 필터를 가열하는 온도는 몇 ℃인가?"
    assert cli.main(["ask", str(study.path), question, "--all", "--number", "--name", "temp", "-q"]) == 0
    out, _ = capsys.readouterr()
    assert "1,100℃" in out
    assert "failed" in out
    assert cli.main(["show", str(study.path), "10-7777777", "--json"]) == 0
    assert '"value": "1,100℃"' in capsys.readouterr().out
    assert cli.main(["show", str(study.path), "10-7777777"]) == 0
    assert "temp: 1,100℃" in capsys.readouterr().out
    assert cli.main(["fields", str(study.path), "--json"]) == 0
    assert '"temp"' in capsys.readouterr().out
    assert cli.main(["fields", str(study.path), "--toml"]) == 0
    assert 'wants = "number"' in capsys.readouterr().out
    assert cli.main(["ask", str(study.path), "--forget", "temp"]) == 0
    assert "temp" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["?", "--all", "--number", "--yes-no"], 2, "Only one of"),
        (["?", "--number"], 2, "go with --all"),
        (["?", "--all", "--of", "1"], 2, "leave --of"),
        (["?", "--forget", "x"], 2, "stands alone"),
        ([" ", "--all"], 1, "question is empty"),
        (["?", "--all", "--choice", "a"], 1, "two names or more, and there are 1"),
        (["?", "--all", "--choice", "a,A"], 1, "stands there twice"),
    ],
)
def test_wrong_use_is_told(
    study: Study, given: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study.close()
    assert cli.main(["ask", str(study.path), *given]) == code
    assert said in capsys.readouterr().err
    assert not (study.path / "columns.toml").exists()


def test_a_study_another_writes_to_is_busy_and_its_columns_stay(study: Study) -> None:
    with Study.open(study.path) as second, pytest.raises(StudyBusy):
        second.ask_all("How is the lens moved?")
    assert study.columns() == ()


def test_others_see_what_is_stored_while_a_question_is_asked_and_ctrl_c_keeps_it(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def look(done: int, total: int | None, /) -> None:
        if done == 2:
            with Study.open(study.path) as other:
                seen.append(sum(1 for _ in other.patents()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.ask_all("How is the lens moved?", name="drive", progress=look)
    assert seen == [3]
    stored = [p for p in study.patents() if "drive" in study._store.answers(p.text)]
    assert len(stored) == 2
    assert study.ask_all("How is the lens moved?").read.read == 1


def test_a_disk_that_fills_keeps_what_was_stored_and_says_what_to_do(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dokhae.study.reading._BATCH_TEXTS", 1)
    store, n_put = study._writer(), iter(range(9))
    write_all = store._db.write

    def write(sql: str, values: Any = ()) -> int:
        if "INTO answers" in sql and next(n_put) > 0:
            from dokhae.library.database import _explained

            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            with _explained(study.path):
                raise full
        return write_all(sql, values)

    with monkeypatch.context() as patch:
        patch.setattr(store._db, "write", write)
        with pytest.raises(StudyError, match="free some space and run the same command again"):
            study.ask_all("How is the lens moved?", name="drive")
    assert sum("drive" in study._store.answers(p.text) for p in study.patents()) == 1
    assert study.ask_all("How is the lens moved?").read.read == 2


@given(
    wanted=st.sampled_from(["number", "yes_no", "choice"]),
    names=st.lists(st.text(st.characters(categories=["L"]), min_size=1), min_size=2, max_size=4, unique_by=spaceless),
)
def test_any_choice_survives_the_file(wanted: str, names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("columns") / "columns.toml"
    made = columns.asked(path, "which?", "a", Wanted(wanted, tuple(names) if wanted == "choice" else ()))
    columns.keep(path, made)
    assert columns.of(path) == (made,)
    columns.forget(path, "a")
    assert columns.of(path) == ()
