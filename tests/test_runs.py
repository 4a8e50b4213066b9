"""The card of a run: what it counts, that it is kept, and that nothing it meets fails the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from dokhae.apps import cli
from dokhae.config import Config
from dokhae.reading import learned
from dokhae.study import Run, Study, name_of, runs
from dokhae.study.results import Confidence
from dokhae.types import Answer, AnswerStatus, Candidate, Evidence, Span
from dokhae.version import VERSION
from tests.test_study import BATTERY, LENS, write

CRITERIA = '[[rule]]\nid = "lens"\nverdict = "valid"\nwords = "카메라"\n'
TREE = '[[class]]\nlevel1 = "광학"\nkeywords = ["카메라"]\n'
CARD = Run("2026-01-02T03:04:05+00:00", "read", VERSION, texts_read=3, answers={"effect": {"answered": 3}}, seconds=2.0)


def answer(score: float, made_by: str = "fields 1234", status: AnswerStatus = AnswerStatus.answered) -> Answer:
    evidence = Evidence("d" * 64, Span(0, 4), "lens", "[0001]")
    return Answer("effect", status, (Candidate(evidence, score),), made_by=made_by)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    files = tmp_path / "in"
    files.mkdir()
    write(files / "both.jsonl", [LENS, BATTERY])
    (files / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    with Study.create(tmp_path / "s.study", workers=0) as made:
        made.add([files])
        yield made


def test_low_confidence_counts_the_answers_given_with_a_probability_below_one_half() -> None:
    answers = [
        answer(0.49),
        answer(0.5),
        answer(0.9),
        answer(0.1, status=AnswerStatus.withheld),
        answer(0.2, "cues uncalibrated"),
        answer(0.9, "fields 1234 uncalibrated"),
        answer(0.1, "review Kim"),
        Answer("effect", AnswerStatus.not_stated, made_by="fields 1234"),
    ]
    assert runs.confidence(answers) == Confidence(rated=3, low=1, unrated=2)
    assert sum(map(runs.confidence, ([one] for one in answers)), Confidence()) == runs.confidence(answers)


def test_a_run_of_reading_leaves_its_card(study: Study) -> None:
    done = study.read(["standing"])
    (card,) = study.runs()
    assert card == done.run
    assert (card.command, card.version) == ("read", VERSION)
    assert (card.texts_read, card.texts_kept, card.texts_failed) == (2, 0, 0)
    assert card.answers == {field: dict(counts) for field, counts in done.statuses.items()}
    assert card.rejected == {"pdf-broken": 1}
    n_answered = sum(counts.get("answered", 0) for counts in card.answers.values())
    assert (card.low_confidence, card.without_probability) == (0, n_answered)  # cues alone
    assert card.settings == {
        "read.fields": ["standing"],
        "read.model": "none",
        "engine.workers": 0,
        "engine.time_limit_s": 120.0,
    }
    assert list(card.digests) == ["cues"]
    assert card.seconds == round(done.seconds, 3)


def test_every_kind_of_run_leaves_one_line(study: Study, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(CRITERIA, "utf8")
    (tmp_path / "tree.toml").write_text(TREE, "utf8")
    study.read()
    study.ask_all("How is the lens moved?", name="drive")
    study.screen(tmp_path / "my.toml")
    study.classify(tmp_path / "tree.toml")
    read, asked, screened, classed = study.runs()
    assert [one.command for one in study.runs()] == ["read", "ask --all", "screen", "classify"]
    assert read.settings["read.fields"] == ["standing", "rnd"]
    assert (asked.settings["question"], asked.settings["column"]) == ("How is the lens moved?", "drive")
    assert list(asked.answers) == ["drive"]
    assert (screened.settings["criteria"], screened.answers) == ("my.toml", {"screen": {"valid": 1, "open": 1}})
    assert (classed.settings["tree"], classed.answers) == ("tree.toml", {"class": {"광학": 1, "unclassed": 1}})
    assert {screened.low_confidence, classed.low_confidence} == {None}
    assert (list(screened.digests), list(classed.digests)) == (["criteria"], ["tree"])


def test_analyze_is_named_as_what_ran_and_runs_again_with_what_was_kept(tmp_path: Path) -> None:
    named = [write(tmp_path / "in.jsonl", [LENS])]
    for _ in range(2):
        Study.analyze(named, tmp_path / "s.study", workers=0)
    with Study.open(tmp_path / "s.study") as study:
        first, second = study.runs()
    assert (first.command, first.texts_read, first.texts_kept) == ("analyze", 1, 0)
    assert (second.command, second.texts_read, second.texts_kept, second.texts_per_s) == ("analyze", 0, 1, None)
    assert second.answers == first.answers


def test_the_model_and_what_judges_it_stand_in_the_card(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOKHAE_MODEL", "built-in")
    card = study.ask_all("How is the lens moved?", name="drive").read.run
    assert card is not None
    assert card.settings["read.model"] == "built-in"
    assert list(card.digests) == ["reader", "combination", "calibration", "selection", "among", "cues", "vectors"]
    made_by = next(
        one.made_by for patent in study.patents() for one in study.show(name_of(patent)).answers if one.candidates
    )
    assert made_by.split()[1] == card.digests["reader"][:8]
    assert card.digests["calibration"] in made_by
    assert card.digests["selection"] in made_by


def test_a_run_stopped_half_way_leaves_no_card_and_the_next_one_says_what_was_kept(study: Study) -> None:
    def stop(done: int, total: int | None, /) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study.read(progress=stop)
    assert study.runs() == ()
    study.read()
    (card,) = study.runs()
    assert (card.texts_read, card.texts_kept) == (1, 1)


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = [CARD, replace(CARD, settings={"question": "어디에\n쓰나? \udc80"}), replace(CARD, low_confidence=1)]
    for card in written:
        runs.append(tmp_path / "runs.jsonl", card)
    assert runs.load(tmp_path / "runs.jsonl") == tuple(written)
    assert json.loads((tmp_path / "runs.jsonl").read_text("utf8").splitlines()[0])["texts_per_s"] == 1.5


@pytest.mark.parametrize(
    "damaged",
    [
        b'{"began": "2026',
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"[" * 5000,
        b'{"began": "2026"}',
        json.dumps({**asdict(CARD), "seconds": "long"}).encode(),
        json.dumps({**asdict(CARD), "answers": {"effect": 3}}).encode(),
        json.dumps({**asdict(CARD), "rejected": {"pdf-broken": "one"}}).encode(),
    ],
)
def test_a_damaged_line_is_passed_over_and_spoils_no_other(damaged: bytes, tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    runs.append(path, CARD)
    with path.open("ab") as file:
        file.write(damaged)  # cut short: no end of line
    runs.append(path, CARD)
    assert runs.load(path) == (CARD, CARD)


def test_what_a_later_version_adds_to_a_card_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text(json.dumps({**asdict(CARD), "weather": "fine"}) + "\n", "utf8")
    assert runs.load(path) == (CARD,)


def test_a_card_that_cannot_be_written_does_not_fail_the_run(study: Study) -> None:
    (study.path / "runs.jsonl").mkdir()  # as good as a full disk: it opens for nobody
    done = study.read()
    assert done.run is not None
    assert done.run.texts_read == 2
    assert study.runs() == ()


def test_a_study_that_was_never_read_has_no_runs(study: Study) -> None:
    assert study.runs() == ()


def test_digests_follow_the_setting_that_chooses_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(runs.digests("none", learned.shipped())) == ["cues"]
    monkeypatch.setenv("DOKHAE_MODEL", "built-in")
    assert "reader" in runs.digests(Config().read.model, learned.shipped())


@pytest.mark.parametrize(("lang", "said"), [("en", "Low confidence: of 0"), ("ko", "낮은 신뢰도: 확률이 있는 답 0건")])
def test_read_and_ask_say_how_sure_they_are(
    study: Study, lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study.close()
    assert cli.main(["--lang", lang, "read", str(study.path), "--workers", "0", "-q"]) == 0
    assert said in capsys.readouterr().out
    assert cli.main(["--lang", lang, "ask", str(study.path), "What moves?", "--all"]) == 0
    assert said in capsys.readouterr().err


def test_show_runs_lists_them_as_table_json_and_csv(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    study.read()
    study.close()
    shown = {}
    for form in ("--table", "--json", "--csv"):
        assert cli.main(["show", str(study.path), "runs", form]) == 0
        shown[form] = capsys.readouterr().out
    (card,) = runs.load(study.path / "runs.jsonl")
    assert json.loads(shown["--json"]) == [{**asdict(card), "texts_per_s": card.texts_per_s}]
    assert shown["--csv"].startswith("began,command,version,texts_read,texts_kept,texts_failed,answers,low_confidence,")
    assert "not stated" in shown["--table"]
    assert "cues" not in shown["--table"]
