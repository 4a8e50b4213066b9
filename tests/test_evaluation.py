"""Measuring models: the figures of the official scripts, on files made by hand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.models import Reading, Scored
from dokhae.models.evaluation import reading, retrieval, squad
from dokhae.models.evaluation.intervals import mean
from dokhae.models.evaluation.windows import windows
from dokhae.models.evaluation.wording import english, english_words, exact, f1, korean, korean_characters, pairs
from dokhae.types import Span


def quiet(done: int, total: int) -> None:
    """No progress."""


def count(text: str) -> int:
    return len(text.split())


class WordReader:
    """Answers with the first word of the text that stands in ``knows``, with its score; counts words."""

    digest, max_tokens = "fake", 8

    def __init__(self, knows: dict[str, float]) -> None:
        self._knows = knows

    def read(self, asked: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._reading(text) for _, text in asked]

    def _reading(self, text: str) -> Reading:
        assert count(text) <= self.max_tokens
        found = [
            Scored(Span(text.index(word), text.index(word) + len(word)), score)
            for word, score in self._knows.items()
            if word in text
        ]
        best = tuple(sorted(found, key=lambda one: -one.score)[:1])
        return Reading(best, 1 - best[0].score if best else 1.0)

    def count(self, text: str) -> int:
        return count(text)

    def room(self, question: str = "") -> int:
        return self.max_tokens - 1


def squad_file(path: Path, *articles: tuple[str, list[tuple[str, list[str]]]], packed: bool = False) -> Path:
    data = [
        {
            "paragraphs": [
                {
                    "context": context,
                    "qas": [
                        {
                            "id": str(n),
                            "question": question,
                            "answers": [{"text": text, "answer_start": max(context.find(text), 0)} for text in answers],
                            "is_impossible": not answers,
                        }
                        for n, (question, answers) in enumerate(asked)
                    ],
                }
            ]
        }
        for context, asked in articles
    ]
    raw = json.dumps({"data": data}).encode()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    return path


def figures_of(path: Path, knows: dict[str, float]) -> dict[str, float]:
    questions = squad.load(path)
    answered = reading.answer(WordReader(knows), questions, quiet)
    return {one.name: one.value for one in reading.figures(answered, reading.measure_for(questions))}


@pytest.mark.parametrize("packed", [False, True])
def test_where_all_have_an_answer_the_best_span_counts_whatever_its_score(tmp_path: Path, packed: bool) -> None:
    path = squad_file(
        tmp_path / "squad",
        ("The lens moves.", [("What moves?", ["The lens", "lens"])]),
        ("A coil drives it.", [("What drives it?", ["a red coil"])]),
        packed=packed,
    )
    found = figures_of(path, {"lens": 0.9, "coil": 0.2})
    assert found == pytest.approx(
        {"exact": 0.5, "f1_en": (1 + 2 / 3) / 2, "f1_pairs": (1 + 2 / 3) / 2, "refused_wrongly": 0.5}
    )


def test_refusing_what_has_no_answer_is_right(tmp_path: Path) -> None:
    path = squad_file(
        tmp_path / "squad",
        ("The lens moves.", [("What moves?", ["lens"]), ("Who made it?", [])]),
        ("A coil drives it.", [("What drives it?", ["coil"]), ("When?", [])]),
    )
    found = figures_of(path, {"lens": 0.9, "coil": 0.4})
    assert (found["has_answer_f1"], found["no_answer_refused"], found["refused_wrongly"]) == (0.5, 0.5, 0.5)
    assert found["f1_en"] == 0.5


def test_the_best_threshold_is_the_best_of_all() -> None:
    rng = np.random.default_rng(3)
    answered = [
        reading.Answered(
            squad.Question(str(n), "q", "c", ("lens",) if rng.random() < 0.6 else (), n),
            str(rng.choice(["lens", "coil"])),
            round(float(rng.random()), 1),
        )
        for n in range(200)
    ]
    threshold, best = reading.best_threshold(answered, reading.ENGLISH)

    def f1_at(cut: float) -> float:
        return float(np.mean([reading._grade(one, reading.ENGLISH, cut)[1] for one in answered]))

    assert best == pytest.approx(max(f1_at(cut) for cut in np.linspace(0, 1.01, 102)))
    assert f1_at(threshold) == pytest.approx(best)


def test_a_long_text_is_read_in_windows_and_the_best_of_all_is_the_answer(tmp_path: Path) -> None:
    context = "one " * 20 + "lens " + "two " * 20 + "coil"
    path = squad_file(tmp_path / "squad", (context, [("What?", ["coil"])]))
    assert figures_of(path, {"lens": 0.3, "coil": 0.8})["exact"] == 1


def test_most_questions_decide_the_language(tmp_path: Path) -> None:
    path = squad_file(
        tmp_path / "k",
        ("렌즈가 이동한다.", [("무엇이 이동하는가?", ["렌즈"]), ("What?", ["렌즈"]), ("왜?", ["렌즈가"])]),
    )
    assert reading.measure_for(squad.load(path)) is reading.KOREAN
    assert figures_of(path, {"렌즈": 0.9})["f1_ko"] == pytest.approx((1 + 1 + 0.8) / 3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("The Lens.", "lens", 1.0), ("a lens drive", "lens", 2 / 3), ("", "lens", 0.0), ("", "", 1.0), ("x y", "z", 0.0)],
)
def test_english_f1_is_that_of_the_squad_script(one: str, other: str, expected: float) -> None:
    assert f1(one, other, english_words) == pytest.approx(expected)
    assert exact(one, other, english) == float(expected == 1)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("《렌즈》", "렌즈", 1.0), ("렌즈 구동부", "렌즈구동부", 1.0), ("렌즈를", "렌즈", 0.8), ("", "렌즈", 0.0)],
)
def test_korean_f1_is_that_of_the_korquad_script(one: str, other: str, expected: float) -> None:
    assert f1(one, other, korean_characters) == pytest.approx(expected)


def test_korean_exact_match_keeps_blanks_between_words() -> None:
    assert exact("렌즈 구동부", "렌즈구동부", korean) == 0


def test_pairs_keep_signs_that_belong_to_numbers() -> None:
    assert pairs("1.5 mm") == ["1.5", "mm"]
    assert pairs("-3.") == ["-3"]
    assert f1("두께 1.5", "두께 15", pairs) < 1


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"nonsense", "/"),
        (b"[]", "/"),
        (b'{"data": 3}', "/"),
        (b'{"data": [{}]}', "data[0]"),
        (b'{"data": [{"paragraphs": [{"qas": []}]}]}', "data[0].paragraphs[0]"),
        (b'{"data": [{"paragraphs": [{"context": "c", "qas": [{"id": 1}]}]}]}', "data[0].paragraphs[0].qas[0]"),
        (b'{"data": [{"paragraphs": [{"context": "c", "qas": [{"question": "q", "answers": [{}]}]}]}]}', "qas[0]"),
        (b"\x1f\x8bbroken", "/"),
        (b"\xff\xfe\x00", "/"),
    ],
)
def test_a_file_of_another_form_is_said_with_the_place(tmp_path: Path, content: bytes, place: str) -> None:
    path = tmp_path / "squad.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        squad.load(path)
    assert caught.value.code == "evaluation-file"
    assert caught.value.values["place"].endswith(place)


def test_a_file_without_questions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        squad.load(squad_file(tmp_path / "squad"))
    assert caught.value.code == "evaluation-empty"


def test_a_limit_spreads_over_the_file() -> None:
    assert squad.evenly(list(range(10)), 3) == [0, 3, 6]
    assert squad.evenly([1, 2], 5) == [1, 2]


@given(st.text("ab \n", max_size=60), st.integers(1, 9), st.integers(0, 9))
def test_windows_hold_every_word_and_never_more_than_fits(text: str, room: int, overlap: int) -> None:
    found = list(windows(text, count, room=room, overlap=overlap))
    assert all(count(text[span.start : span.end]) <= room for span in found)
    covered = {i for span in found for i in range(span.start, span.end)}
    assert all(i in covered for i, char in enumerate(text) if not char.isspace())
    assert [span.start for span in found] == sorted({span.start for span in found})


def test_a_word_longer_than_a_window_is_cut_within() -> None:
    found = list(windows("a" * 50, len, room=8, overlap=2))
    assert all(len(span) <= 8 for span in found)
    assert {i for span in found for i in range(span.start, span.end)} == set(range(50))


class TableEncoder:
    """Vectors by hand; texts not in the table are the mean of their words."""

    def __init__(self, table: dict[str, list[float]]) -> None:
        self._table = table

    def encode(self, texts: Sequence[str], role: str) -> NDArray[np.float32]:
        return np.array([self._table[text] for text in texts], np.float32)

    def count(self, text: str) -> int:
        return count(text)

    def room(self, role: str) -> int:
        return 3


def test_recall_and_ndcg_in_both_directions() -> None:
    table = {"q1": [1.0, 0.0], "q2": [0.0, 1.0], "p1": [1.0, 0.1], "p2": [0.9, 0.5]}
    given_pairs = [("q1", "p1"), ("q2", "p2")]
    found = {one.name: one.value for one in retrieval.figures(TableEncoder(table), given_pairs, quiet)}
    assert (found["query_recall@1"], found["query_ndcg@10"]) == (1.0, 1.0)
    assert found["passage_recall@1"] == 0.5
    assert found["passage_ndcg@10"] == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_an_encoder_for_which_all_texts_are_alike_finds_nothing() -> None:
    table = {name: [1.0, 0.0] for name in ("a", "b", "c", "A", "B", "C")}
    found = list(retrieval.figures(TableEncoder(table), [("a", "A"), ("b", "B"), ("c", "C")], quiet))
    assert found[0].value == 0


def test_equal_texts_are_one_and_a_query_may_have_several_passages() -> None:
    ranks = retrieval.ranks_of(
        np.array([[1, 0]], np.float32), np.array([[1, 0], [0.5, 0], [0.7, 0]], np.float32), [[0, 1]]
    )
    assert ranks == [[1, 3]]
    assert retrieval.ndcg(ranks[0], 10) == pytest.approx((1 + 0.5) / (1 + 1 / np.log2(3)))


def test_a_long_text_is_the_mean_of_its_windows() -> None:
    table = {"a b c": [1.0, 0.0], "d e": [0.0, 1.0], "q": [1.0, 0.0], "other": [0.9, -0.5]}
    found = retrieval.vectors_of(TableEncoder(table), ["a b c d e"], "passage", lambda _: None)
    assert found[0] == pytest.approx([2**-0.5, 2**-0.5])


@pytest.mark.parametrize("packed", [False, True])
def test_pairs_are_read_from_json_lines_and_tabs(tmp_path: Path, packed: bool) -> None:
    raw = '{"query": "렌즈", "passage": "lens\u2028drive"}\nq\tp\r\n\n'.encode()
    path = tmp_path / "pairs"
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert retrieval.load(path) == [("렌즈", "lens\u2028drive"), ("q", "p")]


@pytest.mark.parametrize("line", ["only one", '{"query": "a"}', '{"query": "a", "passage": " "}', "{broken", "a\tb\tc"])
def test_a_line_that_is_no_pair_is_said_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs"
    path.write_text("q\tp\n" + line + "\n", encoding="utf8")
    with pytest.raises(InputError) as caught:
        retrieval.load(path)
    assert caught.value.values["place"] == "2"


def test_intervals_hold_the_mean_and_draw_groups_whole() -> None:
    values = [1.0] * 50 + [0.0] * 50
    alone = mean("f1", values, list(range(100)))
    together = mean("f1", values, [n // 10 for n in range(100)])
    for one in (alone, together):
        assert one.low is not None
        assert one.high is not None
        assert one.low < one.value < one.high
    assert width(together) > width(alone)
    assert mean("f1", values, list(range(100))) == alone


def width(figure: Any) -> float:
    return float(figure.high - figure.low)
