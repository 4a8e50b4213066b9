"""A question to every application: a column of its own, asked once, gone on with, corrected for how rare it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.library.cuts import Cuts
from dokhae.reading import columns, cutting, rarity
from dokhae.study import Study
from dokhae.types import AnswerStatus, Text
from tests.test_study import BATTERY, LENS, write

QUESTION = "How is the lens moved?"
CHANCES = st.lists(st.floats(0, 1), max_size=60)
SHARES = st.floats(0.01, 0.99)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with Study.create(tmp_path / "s.study", workers=0) as made:
        made.add([write(tmp_path / "in.jsonl", [LENS])])
        made.read()
        yield made


def test_every_application_answers_and_the_answers_are_a_column(study: Study) -> None:
    done = study.ask_all(QUESTION, name="drive")
    assert (done.read.read, done.read.failed, done.column.id) == (1, 0, "drive")
    assert [field.id for field in study.columns()] == ["drive"]
    assert "drive" in {field.id for field in study.fields()}
    patent = next(study.patents())
    assert "drive" in {answer.field for answer in study.show(patent.number.compact if patent.number else "").answers}


def test_the_same_question_is_asked_once_and_later_patents_alone(study: Study, tmp_path: Path) -> None:
    study.ask_all(QUESTION)
    assert study.ask_all(QUESTION).read.read == 0
    study.add([write(tmp_path / "more.jsonl", [BATTERY])])
    read = study.read()
    assert sum(read.statuses[study.columns()[0].id].values()) == 2
    assert study.ask_all(f"  {QUESTION} ").read.read == 0


def test_a_new_column_leaves_the_standing_fields_as_they_are(study: Study) -> None:
    patent = next(study.patents())
    name = patent.number.compact if patent.number else ""
    before = {answer.field: answer for answer in study.show(name).answers}
    study.ask_all(QUESTION, name="drive")
    after = {answer.field: answer for answer in study.show(name).answers}
    assert {field: after[field] for field in before} == before
    assert study.read().read == 0


def test_a_column_keeps_its_question(study: Study) -> None:
    study.ask_all(QUESTION, name="drive")
    with pytest.raises(InputError, match="another question"):
        study.ask_all("What is it made of?", name="drive")
    with pytest.raises(InputError, match="question is empty"):
        study.ask_all(" \n")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_command_says_what_came_of_it(study: Study, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    study.close()
    assert cli.main(["--lang", lang, "ask", str(study.path), QUESTION, "--all", "--name", "drive"]) == 0
    out, err = capsys.readouterr()
    assert ("맞을 것으로 기대되는 답" if lang == "ko" else "answers expected to be right") in out
    assert "drive" in err
    assert cli.main(["ask", str(study.path), "What else?", "--all", "--name", "drive"]) == 1


def test_a_text_is_cut_for_the_first_question_and_for_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOKHAE_MODEL", "built-in")
    made: list[str] = []
    cut = cutting.cut

    def counted(text: Text, **given: Any) -> cutting.Cut:
        made.append(text.digest)
        return cut(text, **given)

    monkeypatch.setattr(cutting, "cut", counted)
    with Study.create(tmp_path / "s.study", workers=0) as study:
        study.add([write(tmp_path / "in.jsonl", [LENS])])
        first = study.ask_all(QUESTION, name="drive")
        study.ask_all("What does the lens weigh?", name="weight")
        assert len(made) == 1
        (study.path / "derived" / "cuts.db").write_bytes(b"no database")
        study.forget_column("drive")
        again = study.ask_all(QUESTION, name="drive")
        assert len(made) == 2
        assert [reply.answer for reply, _ in again.best] == [reply.answer for reply, _ in first.best]


def test_cuts_of_another_key_and_of_texts_that_are_gone_are_dropped(tmp_path: Path) -> None:
    with closing(Cuts(tmp_path / "derived" / "cuts.db", "old")) as cuts:
        cuts.put([("a", b"1"), ("b", b"2")])
        assert (cuts.get("a"), cuts.get("c")) == (b"1", None)
        cuts.keep_only(["a"])
        assert (cuts.get("a"), cuts.get("b")) == (b"1", None)
    with closing(Cuts(tmp_path / "derived" / "cuts.db", "new")) as cuts:
        assert cuts.get("a") is None
        cuts.keep_only(["a"])
    with closing(Cuts(tmp_path / "derived" / "cuts.db", "old")) as cuts:
        assert cuts.get("a") is None


@given(wording=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda one: one.strip()))
def test_any_wording_survives_the_file(wording: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("columns") / "columns.toml"
    made = columns.asked(path, wording)
    columns.keep(path, made)
    columns.keep(path, made)
    assert columns.of(path) == (made,)
    assert columns.asked(path, wording) == made


@given(chances=CHANCES)
def test_the_share_that_answers_lies_within_bounds_and_grows_with_the_chances(chances: list[float]) -> None:
    low, high = (rarity.share(some, rarity.shipped()) for some in (chances, [*chances, 1.0]))
    assert 0 < low <= high < 1


@pytest.mark.parametrize("answering", [0, 30, 150, 270])
def test_the_share_is_found_again_where_chances_are_as_they_were_when_it_was_fitted(answering: int) -> None:
    among = rarity.shipped()
    chances = _reaching(among.right, answering, among.at) + _reaching(among.wrong, 300 - answering, among.at)
    assert rarity.share(chances, among) == pytest.approx(max(answering / 300, 0.01), abs=0.02)


def _reaching(shares: Sequence[float], n: int, at: Sequence[float]) -> list[float]:
    """``n`` probabilities of which these shares reach those ``at``."""
    return [max((one for one, share in zip(at, shares, strict=True) if k < share * n), default=0.0) for k in range(n)]


@given(chances=CHANCES, prior=SHARES, share=SHARES)
def test_corrected_probabilities_keep_their_order_and_their_bounds(
    chances: list[float], prior: float, share: float
) -> None:
    found = [rarity.shifted(one, prior, share) for one in sorted(chances)]
    assert all(0 <= one <= 1 for one in found)
    assert all(low <= high + 1e-12 for low, high in itertools.pairwise(found))


@given(chance=st.floats(0, 1), prior=SHARES, share=SHARES)
def test_a_rarer_answer_is_less_likely_and_the_same_share_changes_nothing(
    chance: float, prior: float, share: float
) -> None:
    assert rarity.shifted(chance, prior, prior) == pytest.approx(chance)
    assert (rarity.shifted(chance, prior, share) <= chance + 1e-12) or share > prior


def test_what_is_withheld_is_not_counted_as_expected(study: Study) -> None:
    done = study.ask_all(QUESTION)
    statuses = done.read.statuses[done.column.id]
    assert 0 <= done.expected <= statuses[AnswerStatus.answered]
    assert len(done.best) == statuses[AnswerStatus.answered]
