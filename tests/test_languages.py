"""German, French, Chinese and Japanese texts: kept, found by search, and reading says that it did not read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokhae.reading.ask import answer
from dokhae.reading.cascade import read_text
from dokhae.reading.fields import load
from dokhae.study import Study, name_of
from dokhae.types import AnswerStatus, Text
from tests import office_files
from tests.build import text

GERMAN = "Die Erfindung betrifft eine Linse, die in einem Rahmen gehalten wird und bei der der Rahmen rund ist. " * 4


def statuses(made: Text) -> dict[str, AnswerStatus]:
    return {answer.field: answer.status for answer in read_text(made, load())}


@pytest.mark.parametrize(
    "words",
    [
        GERMAN,
        "L'invention concerne une lentille tenue dans un cadre, et le cadre est rond pour que la lumière passe. " * 4,
        "本发明的目的是提供一种响应快的镜头驱动装置。" * 8,
        "応答が遅いという課題がある。コイルに電流を流す。" * 8,
    ],
)
def test_a_problem_in_another_language_is_not_read(words: str) -> None:
    made = text(title="", problem=words)
    assert statuses(made)["problem"] is AnswerStatus.language_not_read
    assert answer(made, "What problem is solved?").status is AnswerStatus.language_not_read


def test_where_most_is_german_an_english_abstract_without_an_answer_says_nothing() -> None:
    made = text(title="", abstract="A lens is shown in figure 1.", background=GERMAN, embodiments=GERMAN)
    assert [section.lang for section in made.sections] == ["en", "de", "de"]
    assert statuses(made)["problem"] is AnswerStatus.language_not_read
    assert answer(made, "How hot does the furnace get?").status is AnswerStatus.language_not_read


def test_an_english_abstract_of_a_german_patent_is_read() -> None:
    problem = "It is an object of the invention to solve the problem that known lenses shake when the camera moves."
    made = text(title="", abstract=problem, embodiments=GERMAN)
    found = next(answer for answer in read_text(made, load()) if answer.field == "problem")
    assert found.status is AnswerStatus.answered
    assert found.best is not None
    assert found.best.quote in problem


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    files = folder / "files"
    files.mkdir()
    for name in ("JP_ST36", "CN_ST36", "CN_BUSINESS"):
        (files / f"{name}.xml").write_text(getattr(office_files, name), encoding="utf-8")
    Study.analyze([files], folder / "a.study", workers=0)
    return folder / "a.study"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("レンズ駆動", "JP2012123456A"),
        ("磁石", "JP2012123456A"),
        ("镜头驱动", "CN101234567A"),
        ("面板", "CN104751825B"),
    ],
)
def test_search_finds_japanese_and_chinese_words(analyzed: Path, query: str, found: str) -> None:
    with Study.open(analyzed) as study:
        assert [name_of(match.patent) for match in study.search(query).best] == [found]


@pytest.mark.parametrize("number", ["JP2012123456A", "CN101234567A", "CN104751825B"])
def test_every_answer_of_an_analysed_patent_says_the_language_is_not_read(analyzed: Path, number: str) -> None:
    with Study.open(analyzed) as study:
        found = {answer.status for answer in study.show(number).answers}
    assert found <= {AnswerStatus.language_not_read, AnswerStatus.no_source_text}
    assert AnswerStatus.language_not_read in found
