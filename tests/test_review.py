"""Reviewing: the dialogue in both languages, a person's word against the machine's, reviews from hand to hand."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.apps import cli
from dokhae.apps.keys import Keys
from dokhae.errors import InputError, StudyBusy, StudyError
from dokhae.library.anchoring import moved
from dokhae.library.reviews import Review, Standing, Verdict
from dokhae.study import Study
from dokhae.study.reviewing import Due, places
from dokhae.types import Answer, AnswerStatus, Document, SectionKind, Span
from tests.build import document, text
from tests.test_study import LENS, write

Console = pytest.CaptureFixture[str]
Type = Callable[..., int]

NUMBER = "KR101234567B1"
EFFECT = "본 발명에 따르면 렌즈의 흔들림을 15초 이내에 줄일 수 있다."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A study of one patent, read by cues."""
    write(tmp_path / "lens.jsonl", [LENS])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "lens.jsonl"])
        study.read()
    return tmp_path / "a.study"


@pytest.fixture
def study(path: Path) -> Iterator[Study]:
    with Study.open(path, workers=0) as opened:
        yield opened


@pytest.fixture
def typing(path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Runs ``dokhae review`` with keys from a pipe: typing("a\\nq", "--lang", "ko")."""

    def run(keys: str, *options: str) -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(keys))
        return cli.main(["review", str(path), "--below", "1", "--by", "Kim", *options])

    return run


def due(study: Study, field: str, number: str = NUMBER) -> Due:
    """The answer of one field of one patent, waiting for a look."""
    reviews = study.reviews()
    found = (reviews.due(one) for one in reviews.waiting([field], below=1.01))
    return next(one for one in found if one.patent.number and one.patent.number.compact == number)


def said(study: Study) -> dict[str, Review]:
    return dict(study.show(NUMBER).reviews)


# -- the dialogue


def test_a_screen_shows_the_patent_the_field_and_the_words_in_their_place(typing: Type, capsys: Console) -> None:
    assert typing("q", "--field", "effect", "--limit", "1") == cli.DONE
    shown = capsys.readouterr()
    assert "[1/1]" in shown.out
    assert ">> " in shown.out
    assert "a right   r wrong   n the text does not say" in shown.out
    assert "0 reviewed, 1 left" in shown.err


def test_the_dialogue_speaks_korean(typing: Type, capsys: Console) -> None:
    assert typing("ㅁ\nq", "--field", "effect", "--lang", "ko") == cli.DONE
    shown = capsys.readouterr()
    assert "a 맞음   r 틀림   n 본문에 없음" in shown.out
    assert "맞음: " in shown.out
    assert "1건 검토" in shown.err


def test_what_was_reviewed_is_not_shown_again_and_what_was_skipped_is(typing: Type, capsys: Console) -> None:
    fields = ("--field", "problem", "--field", "effect")
    typing("a s q", *fields)
    capsys.readouterr()
    typing("q", *fields)
    assert "[1/1]" in capsys.readouterr().out


def test_the_end_of_the_input_ends_the_sitting(typing: Type, path: Path) -> None:
    assert typing("a", "--field", "problem") == cli.DONE
    with Study.open(path) as study:
        assert [one.verdict for one in said(study).values()] == [Verdict.accept]


def test_an_undone_decision_is_as_if_it_was_never_made(typing: Type, path: Path, capsys: Console) -> None:
    with Study.open(path) as study:
        before = study.show(NUMBER).answers
    typing("r u q", "--field", "effect", "--field", "problem")
    assert "Undone." in capsys.readouterr().out
    with Study.open(path) as study:
        assert said(study) == {}
        assert study.show(NUMBER).answers == before


def test_there_is_nothing_to_undo_at_first(typing: Type, capsys: Console) -> None:
    typing("u q", "--field", "effect")
    assert "Nothing to undo" in capsys.readouterr().out


def test_any_other_key_shows_the_keys_again(typing: Type, capsys: Console) -> None:
    typing("x\x1b[A q", "--field", "effect", "--limit", "1")
    assert capsys.readouterr().out.count("q quit") > 1


def test_words_typed_with_other_white_space_are_found_in_the_text(typing: Type, path: Path) -> None:
    typing("c\n렌즈의흔들림을 15초   이내에\nq", "--field", "effect")
    with Study.open(path) as study:
        (review,) = said(study).values()
        assert review.quotes == ("렌즈의 흔들림을 15초 이내에",)
        assert study.text(NUMBER).quote(review.spans[0]) == review.quotes[0]


def test_words_that_stand_nowhere_may_be_tried_again(typing: Type, path: Path, capsys: Console) -> None:
    typing("c\n없는 말\n15초 이내\nq", "--field", "effect")
    assert "do not stand in the text: 없는 말" in capsys.readouterr().out
    with Study.open(path) as study:
        assert said(study)["effect"].quotes == ("15초 이내",)


def test_an_empty_line_goes_back_to_the_keys(typing: Type, path: Path) -> None:
    typing("c\n없는 말\n\na q", "--field", "effect")
    with Study.open(path) as study:
        assert said(study)["effect"].verdict is Verdict.accept


def test_of_several_places_the_one_meant_is_asked_for(typing: Type, path: Path, capsys: Console) -> None:
    typing("c\n렌즈의 흔들림을\n2\nq", "--field", "effect")
    assert "stand in 2 places" in capsys.readouterr().out
    with Study.open(path) as study:
        (span,) = said(study)["effect"].spans
        assert study.text(NUMBER).quote(span) == "렌즈의 흔들림을"


def test_several_parts_are_typed_with_semicolons(typing: Type, path: Path) -> None:
    typing("c\n코일; 자석\n1\n1\nq", "--field", "parts")
    with Study.open(path) as study:
        assert said(study)["parts"].quotes == ("코일", "자석")
        parts = next(one for one in study.show(NUMBER).answers if one.field == "parts")
        assert [one.evidence.quote for one in parts.candidates] == ["코일", "자석"]


def test_a_runner_up_is_taken_by_its_number(path: Path, typing: Type) -> None:
    with Study.open(path) as study:
        second = due(study, "effect").answer.candidates[1].evidence
    typing("1 q", "--field", "effect")
    with Study.open(path) as study:
        assert (said(study)["effect"].verdict, said(study)["effect"].spans) == (Verdict.correct, (second.span,))


def test_a_line_after_a_key_may_follow_on_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("c first\n\nsecond"))
    keys = Keys()
    assert (keys.key(), keys.line(), keys.line(), keys.line(), keys.line()) == ("c", "first", "", "second", None)


class Terminal(io.StringIO):
    """A terminal, as far as keys need one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "key"),
    [("A", "a"), ("ㅁ", "a"), ("ㅂ", "q"), ("àH", "àh"), ("\x00H", "\x00h"), ("\x04", None), ("\x1a", None)],
)
def test_a_key_of_a_terminal_is_taken_as_it_comes(typed: str, key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.getchar", lambda: typed)
    assert Keys().key() == key


def test_control_c_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.getchar", lambda: "\x03")
    with pytest.raises(KeyboardInterrupt):
        Keys().key()


# -- what needs a look


def test_withheld_answers_come_first_then_the_least_likely(study: Study) -> None:
    reviews = study.reviews()
    found = [reviews.due(one) for one in reviews.waiting(below=1.01)]
    order = [one.answer.status is not AnswerStatus.withheld for one in found]
    assert order == sorted(order)
    given = [int(one.answer.score * 10) for one in found if one.answer.status is AnswerStatus.answered]
    assert given == sorted(given)


def test_answers_that_are_likely_enough_need_no_look(study: Study) -> None:
    reviews = study.reviews()
    likely = [reviews.due(one).answer for one in reviews.waiting(below=0.6)]
    assert all(one.score < 0.6 or one.status is AnswerStatus.withheld for one in likely)


def test_a_field_nobody_reads_is_named_with_those_that_are(typing: Type, capsys: Console) -> None:
    assert typing("", "--field", "colour") == cli.FAILED
    assert "colour: no such field is read in this study. It reads: problem," in capsys.readouterr().err


# -- a person's word


def test_an_accepted_answer_is_shown_as_reviewed(study: Study) -> None:
    one = due(study, "effect")
    study.reviews().say(one, "accept", [p.span for p in one.passages], "Kim")
    shown = next(answer for answer in study.show(NUMBER).answers if answer.field == "effect")
    assert (shown.reviewer, shown.status, shown.best) == ("Kim", AnswerStatus.answered, one.passages[0])


def test_a_wrong_answer_is_withheld_and_one_that_is_not_in_the_text_is_not_stated(study: Study) -> None:
    effect, problem = due(study, "effect"), due(study, "problem")
    study.reviews().say(effect, "reject", [p.span for p in effect.passages], "Kim")
    study.reviews().say(problem, "reject", (), "Kim")
    answers = {one.field: one for one in study.show(NUMBER).answers}
    assert (answers["effect"].status, answers["problem"].status) == (AnswerStatus.withheld, AnswerStatus.not_stated)
    assert effect.passages[0].span not in [one.evidence.span for one in answers["effect"].candidates]
    assert answers["problem"].candidates == ()


def test_asking_for_a_field_gives_what_the_person_said(study: Study) -> None:
    one = due(study, "effect")
    (span,) = places(one.text, "15초 이내")
    study.reviews().say(one, "correct", [span], "Kim")
    answer = study.ask("효과는?", of=NUMBER)
    assert answer.best is not None
    assert (answer.best.quote, answer.reviewer) == ("15초 이내", "Kim")


def test_reading_again_with_other_fields_keeps_what_was_said(study: Study) -> None:
    one = due(study, "effect")
    study.reviews().say(one, "correct", places(one.text, "15초 이내"), "Kim")
    study.read(["standing"])
    assert said(study)["effect"].quotes == ("15초 이내",)
    best = next(answer for answer in study.show(NUMBER).answers if answer.field == "effect").best
    assert best is not None
    assert best.quote == "15초 이내"


def test_exports_and_the_report_mark_what_was_reviewed(study: Study, tmp_path: Path) -> None:
    one = due(study, "effect")
    study.reviews().say(one, "correct", places(one.text, "15초 이내"), "김검토")
    study.export("csv", tmp_path / "a.csv", lang="ko")
    study.export("jsonl", tmp_path / "a.jsonl")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"))))
    lens = next(row for row in rows if row["국가"] == "KR")
    assert (lens["효과"], lens["검토자"], lens["의견"]) == ("15초 이내", "김검토", "효과: 고침")
    records = map(json.loads, (tmp_path / "a.jsonl").read_text("utf8").splitlines())
    record = next(record for record in records if record["number"] == NUMBER)
    assert record["reviews"]["effect"]["by"] == "김검토"
    assert record["answers"]["effect"][0]["quote"] == "15초 이내"
    pages = study.report(tmp_path / "report").parent
    assert any("김검토" in file.read_text("utf8") for file in pages.rglob("*.js"))


def test_what_was_reviewed_is_not_among_what_needs_a_check(study: Study) -> None:
    for name in ("problem", "solution", "effect"):
        study.reviews().say(due(study, name), "reject", (), "Kim")
    row = next(row for row in study._rows() if row.patent.number and row.patent.number.compact == NUMBER)
    from dokhae.insight import checks_of

    assert checks_of(row) == ()


def test_a_later_word_counts(study: Study) -> None:
    one = due(study, "effect")
    study.reviews().say(one, "reject", (), "Kim")
    study.reviews().say(one, "accept", [p.span for p in one.passages], "Lee")
    assert (said(study)["effect"].by, said(study)["effect"].verdict) == ("Lee", Verdict.accept)


def test_a_study_with_reviews_is_sound_and_their_quotes_are_verified(study: Study) -> None:
    n_quotes = study.check().quotes
    one = due(study, "effect")
    study.reviews().say(one, "accept", [p.span for p in one.passages], "Kim")
    checked = study.check()
    assert (checked.findings, checked.quotes) == ((), n_quotes + 1)


# -- a better text takes the place of the reviewed one


def replaced(path: Path, by: Document) -> Study:
    write(path.parent / "lens.jsonl", [by])
    study = Study.open(path, workers=0)
    study.add([path.parent / "lens.jsonl"])
    return study


def reviewed(path: Path, words: str) -> None:
    with Study.open(path, workers=0) as study:
        one = due(study, "effect")
        study.reviews().say(one, "correct", places(one.text, words)[:1], "Kim")


def lens(effect: str) -> Document:
    return document(
        "KR10-1234567 B1",
        title="카메라 모듈",
        problem="종래의 카메라 모듈은 흔들린다. 본 발명의 목적은 15초 이내에 이를 막는 것이다.",
        effect=effect,
        claims=["코일과 자석을 포함하는 카메라 모듈."],
    )


def test_a_review_moves_with_words_that_stand_once_in_the_same_kind_of_section(path: Path) -> None:
    reviewed(path, "15초 이내")
    with replaced(path, lens("더 나은 본문에서는 흔들림을 15초 이내에 줄인다.")) as study:
        review = said(study)["effect"]
        assert (review.standing, review.quotes) == (Standing.moved, ("15초 이내",))
        assert study.text(NUMBER).quote(review.spans[0]) == "15초 이내"
        answer = next(one for one in study.show(NUMBER).answers if one.field == "effect")
        assert answer.best is not None
        assert (answer.best.section, answer.reviewer) == (SectionKind.effect, "Kim")
        assert study.check().findings == ()


@pytest.mark.parametrize("effect", ["15초 이내에, 곧 15초 이내에 줄인다.", "흔들림을 빨리 줄인다."])
def test_a_review_whose_words_stand_twice_or_nowhere_is_listed_for_a_look(
    path: Path, effect: str, typing: Type, capsys: Console
) -> None:
    reviewed(path, "15초 이내")
    with replaced(path, lens(effect)):
        pass
    cli.main(["show", str(path), NUMBER])
    assert "not found in the newer text: look again" in capsys.readouterr().out
    with Study.open(path, workers=0) as study:
        study.read()
        assert said(study)["effect"].standing is Standing.lost
        answer = next(one for one in study.show(NUMBER).answers if one.field == "effect")
        assert answer.reviewer is None
        assert [finding.code for finding in study.check().findings] == ["review-lost"]
        assert due(study, "effect").lost is not None
    cli.main(["show", str(path), NUMBER])
    assert "not found in the newer text: look again" in capsys.readouterr().out
    typing("a q", "--field", "effect")
    assert "Kim reviewed this in an earlier text" in capsys.readouterr().out
    with Study.open(path) as opened:
        assert opened.check().findings == ()


def test_that_a_text_does_not_say_something_is_not_said_of_a_better_text(path: Path) -> None:
    with Study.open(path, workers=0) as study:
        study.reviews().say(due(study, "effect"), "reject", (), "Kim")
    with replaced(path, lens("흔들림을 줄인다.")) as study:
        assert said(study)["effect"].standing is Standing.lost


def test_a_review_does_not_move_onto_half_a_character() -> None:
    old, new = text(effect="가는 cafe 이다."), text(effect="가는 cafe\u0301 이다.")
    (span,) = places(old, "cafe")
    review = Review(old.digest, "effect", Verdict.correct, "Kim", "2026", (span,), ("cafe",))
    assert moved(review, old, new).standing is Standing.lost


def test_the_old_text_stays_while_a_review_points_to_it_and_comes_back_with_the_file(path: Path) -> None:
    reviewed(path, "15초 이내")
    with replaced(path, lens("흔들림을 빨리 줄인다.")):
        pass
    with replaced(path, LENS) as study:
        assert said(study)["effect"].standing is Standing.here


# -- from hand to hand


def test_reviews_go_from_one_study_to_another(path: Path, tmp_path: Path, capsys: Console) -> None:
    reviewed(path, "15초 이내")
    file = tmp_path / "reviews.jsonl"
    assert cli.main(["review", str(path), "--export", str(file)]) == cli.DONE
    with Study.create(tmp_path / "b.study", workers=0) as other:
        other.add([tmp_path / "lens.jsonl"])
    argv = ["review", str(tmp_path / "b.study"), "--import", str(file)]
    assert (cli.main(argv), cli.main(argv)) == (cli.DONE, cli.DONE)
    told = capsys.readouterr().out
    assert "1 reviews taken over, 0 known already" in told
    assert "0 reviews taken over, 1 known already" in told
    with Study.open(tmp_path / "b.study") as other, Study.open(path) as study:
        assert said(other) == said(study)


def test_reviews_of_another_text_of_the_patent_are_placed_by_their_words(path: Path, tmp_path: Path) -> None:
    reviewed(path, "15초 이내")
    with Study.open(path) as study:
        study.reviews(to_write=False).export(tmp_path / "r.jsonl")
    write(tmp_path / "better.jsonl", [lens("흔들림을 15초 이내에 줄인다.")])
    with Study.create(tmp_path / "b.study", workers=0) as other:
        other.add([tmp_path / "better.jsonl"])
        assert other.reviews().import_from(tmp_path / "r.jsonl").taken == 1
        review = said(other)["effect"]
        assert (review.standing, other.text(NUMBER).quote(review.spans[0])) == (Standing.moved, "15초 이내")


def test_lines_that_cannot_be_taken_over_are_named_and_the_rest_goes_on(
    path: Path, tmp_path: Path, capsys: Console
) -> None:
    reviewed(path, "15초 이내")
    with Study.open(path, workers=0) as study:
        study.reviews(to_write=False).export(tmp_path / "r.jsonl")
    good = json.loads((tmp_path / "r.jsonl").read_text("utf8"))
    passage = good["passages"][0]
    lines = [
        good | {"at": "2030-01-01T00:00:00+00:00"},
        good | {"number": "KR10-7777777", "digest": "0" * 32},
        good | {"digest": "0" * 32, "passages": [passage | {"quote": "어디에도 없는 말"}]},
        good | {"verdict": "maybe"},
        good | {"passages": [passage | {"start": -1}]},
        good | {"at": "yesterday"},
        {name: value for name, value in good.items() if name != "field"},
        [1],
    ]
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\nno json\n"
    (tmp_path / "bad.jsonl").write_text(written, "utf8")
    assert cli.main(["review", str(path), "--import", str(tmp_path / "bad.jsonl")]) == cli.FAILED
    told = capsys.readouterr()
    assert "1 reviews taken over, 0 known already" in told.out
    assert [f"line {n}:" in told.err for n in range(2, 10)] == [True] * 8


def test_a_file_of_reviews_that_is_no_text_is_named(path: Path, tmp_path: Path, capsys: Console) -> None:
    (tmp_path / "r.jsonl").write_bytes(b"\xff\xfe\x00")
    assert cli.main(["review", str(path), "--import", str(tmp_path / "r.jsonl")]) == cli.FAILED
    assert "r.jsonl, line 0:" in capsys.readouterr().err


@settings(max_examples=40, deadline=None)
@given(words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), data=st.data())
def test_an_imported_quote_is_the_text_at_its_span(
    words: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("naughty")
    strange = document("KR10-1234567 B1", effect=f"효과는 {words.replace(chr(10), ' ')} 이다.")
    start = data.draw(st.integers(0, len(strange.texts[0].text) - 1))
    end = data.draw(st.integers(start + 1, len(strange.texts[0].text)))
    with Study.create(folder / "a.study", workers=0) as one, Study.create(folder / "b.study", workers=0) as other:
        one._writer().add([strange])
        other._writer().add([strange])
        shown = one.show(NUMBER)
        effect = next(field for field in one.fields() if field.id == "effect")
        seen = Due(shown.patent, shown.text, effect, Answer("effect", AnswerStatus.withheld))
        one.reviews().say(seen, "correct", [Span(start, end)], "Kim\u2028\u0000")
        one.reviews().export(folder / "r.jsonl")
        assert other.reviews().import_from(folder / "r.jsonl").left_out == ()
        (review,) = other.show(NUMBER).reviews.values()
        assert review.quotes == tuple(other.text(NUMBER).quote(span) for span in review.spans)
        assert other.show(NUMBER).reviews == one.show(NUMBER).reviews


@given(st.text(max_size=60), st.text(min_size=1, max_size=4))
def test_words_are_found_whatever_the_white_space(content: str, sought: str) -> None:
    made = replace(text(effect="x"), text=content)
    found = places(made, sought)
    bare = "".join(sought.split())
    assert all("".join(made.quote(span).split()) == bare for span in found)
    assert bool(found) == (bool(bare) and bare in "".join(content.split()))


# -- studies as they may be


def test_a_study_without_answers_has_nothing_to_review(tmp_path: Path, capsys: Console) -> None:
    with Study.create(tmp_path / "empty.study", workers=0):
        pass
    assert cli.main(["review", str(tmp_path / "empty.study")]) == cli.DONE
    assert "Nothing in" in capsys.readouterr().err


def test_a_busy_study_says_so_before_anybody_has_said_anything(path: Path, typing: Type, capsys: Console) -> None:
    with Study.create(path):
        assert typing("a") == cli.FAILED
        told = capsys.readouterr()
        assert told.out == ""
        assert "another process is writing to this study" in told.err
        with Study.open(path) as reader, pytest.raises(StudyBusy):
            reader.reviews()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may write anything can write here too")
def test_a_study_that_cannot_be_written_says_so(path: Path) -> None:
    (path / "study.lock").chmod(0o400)
    path.chmod(0o500)
    try:
        with Study.open(path) as study, pytest.raises(StudyError) as raised:
            study.reviews()
    finally:
        path.chmod(0o700)
    assert raised.value.code == "study-not-writable"


def test_a_study_whose_lock_cannot_be_written_says_so(path: Path) -> None:
    (path / "study.lock").unlink()
    (path / "study.lock").mkdir()
    with Study.open(path) as study, pytest.raises(StudyError) as raised:
        study.reviews()
    assert raised.value.code == "study-not-writable"


def test_reviews_can_be_exported_while_another_process_writes(path: Path, tmp_path: Path) -> None:
    reviewed(path, "15초 이내")
    with Study.create(path):
        assert cli.main(["review", str(path), "--export", str(tmp_path / "r.jsonl")]) == cli.DONE
    assert len((tmp_path / "r.jsonl").read_text("utf8").splitlines()) == 1


def test_one_thing_is_done_at_a_time(path: Path, capsys: Console) -> None:
    assert cli.main(["review", str(path), "--learn", "--forget"]) == cli.WRONG_USE
    assert "choose one of --learn" in capsys.readouterr().err


def test_an_interrupted_sitting_keeps_what_was_said(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console
) -> None:
    typed = iter(["a"])

    def key(self: Keys) -> str:
        found = next(typed, None)
        if found is None:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Keys, "key", key)
    assert cli.main(["review", str(path), "--below", "1", "--by", "Kim"]) == cli.INTERRUPTED
    assert "Everything stored so far is kept" in capsys.readouterr().err
    with Study.open(path) as study:
        assert len(study._store.reviews()) == 1


def test_a_field_that_is_not_read_here_is_an_error_of_its_own(study: Study) -> None:
    with pytest.raises(InputError):
        study.reviews(to_write=False).waiting(["colour"])
