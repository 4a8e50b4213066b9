"""A question read by a model: the passages chosen, the evidence, the probability, and the doors that ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.models import Reading, Scored, catalog, in_use
from dokhae.reading import comprehension, selecting
from dokhae.reading.calibration import Calibration, Features, shipped
from dokhae.reading.comprehension import Comprehension, answer, candidates
from dokhae.reading.cutting import cut, pack, unpack
from dokhae.reading.effort import EFFORTS, MANY, ONE
from dokhae.reading.fields import load
from dokhae.reading.passages import estimate_tokens
from dokhae.reading.reply import Ways, reply
from dokhae.reading.selecting import choose
from dokhae.study import Study
from dokhae.types import AnswerStatus, SectionKind, Span, Text
from tests.build import document, text

SURE = Calibration(0.0, {"margin": 1.0}, threshold=0.5, withheld_from=0.2, digest="test")
SHORT_OF_ALL = Features(*[0.0] * len(fields(Features)))


class Finds:
    """A reader that finds ``word`` and is as sure of it as told; counts what it is given."""

    digest = "f" * 64
    max_tokens = 512

    def __init__(self, word: str, score: float = 0.9) -> None:
        self.word, self.score = word, score
        self.given: list[tuple[str, str]] = []

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        self.given.extend(pairs)
        return [self._reading(passage) for _, passage in pairs]

    def _reading(self, passage: str) -> Reading:
        at = passage.find(self.word)
        if at < 0:
            return Reading((), 1.0)
        return Reading((Scored(Span(at, at + len(self.word)), self.score),), 1 - self.score)

    def count(self, words: str) -> int:
        return estimate_tokens(words)

    def room(self, question: str = "") -> int:
        return self.max_tokens - self.count(question)


@dataclass(frozen=True)
class Lettered:
    """Texts in parts, which is all that is known of their letters."""

    texts: list[list[str]]

    @property
    def packed(self) -> bytes:
        return json.dumps(self.texts).encode()


class ByLetters:
    """Texts match a question by the letters they share."""

    digest = "letters"

    def pieces(self, texts: Sequence[Sequence[str]]) -> Lettered:
        return Lettered([list(parts) for parts in texts])

    def unpacked(self, pieces: bytes) -> Lettered:
        return Lettered(json.loads(pieces))

    def match_in_parts(self, question: str, pieces: Lettered, reach: Sequence[int]) -> Any:
        asked = set(question)
        shares = [[len(asked & set(part)) / len(asked) for part in (" ".join(parts), *parts)] for parts in pieces.texts]
        return np.array([(whole, max(parts), *[whole] * len(reach)) for whole, *parts in shares])


def by(word: str, score: float = 0.9, **changes: Any) -> Comprehension:
    return replace(Comprehension(Finds(word, score), None, SURE), **changes)


PATENT = text(
    title="Camera module",
    background="In the conventional module the lens is easily damaged by shock.",
    embodiments="The damper is made of silicone rubber.\nThe barrel is moulded of polycarbonate.",
    claims=["A camera module comprising a housing and a damper of silicone rubber."],
)


def test_the_answer_is_the_text_at_its_span_with_its_place_and_probability() -> None:
    said = answer(PATENT, "무엇으로 만드나?", by("silicone rubber"))
    assert said.status is AnswerStatus.answered
    assert said.best is not None
    assert said.best.quote == PATENT.quote(said.best.span) == "silicone rubber"
    assert said.score == pytest.approx(0.9)
    assert "uncalibrated" not in said.made_by


@pytest.mark.parametrize(
    ("score", "status"), [(0.6, AnswerStatus.answered), (0.3, AnswerStatus.withheld), (0.1, AnswerStatus.not_stated)]
)
def test_below_the_threshold_nothing_is_said_and_a_near_miss_is_told(score: float, status: AnswerStatus) -> None:
    assert answer(PATENT, "What is it made of?", by("silicone", score)).status is status


def test_where_no_passage_holds_an_answer_it_is_not_stated() -> None:
    said = answer(PATENT, "What does it cost?", by("dollars"))
    assert (said.status, said.candidates, said.score) == (AnswerStatus.not_stated, (), 0.0)


def test_a_text_in_a_language_nobody_reads_says_so() -> None:
    german = text(title="Linse", background="Die Erfindung betrifft eine Linse, welche das Licht bündelt.")
    foreign = replace(german, sections=tuple(replace(section, lang="de") for section in german.sections))
    assert answer(foreign, "What is it made of?", by("Linse")).status is AnswerStatus.language_not_read


def test_an_empty_question_is_an_error() -> None:
    with pytest.raises(InputError, match="question is empty"):
        answer(PATENT, " \n", by("x"))


def test_only_the_passages_worth_most_are_read() -> None:
    reader = Finds("damper")
    long = text(embodiments="\n".join(f"{word * 40}." for word in ("alpha ", "bravo ", "lens tilt ", "delta ")))
    chosen = by("damper", reader=reader, vectors=ByLetters(), effort=replace(ONE, n_read=1))
    candidates(long, "How is lens tilt avoided?", replace(chosen, reader=_Small(reader)))
    assert [passage[:9] for _, passage in reader.given] == ["lens tilt"]


class _Small:
    """A reader with room for one paragraph at a time."""

    def __init__(self, reader: Finds) -> None:
        self._reader = reader
        self.digest, self.max_tokens = reader.digest, 120
        self.read, self.count = reader.read, reader.count

    def room(self, question: str = "") -> int:
        return self.max_tokens


def test_passages_that_share_rare_words_and_meaning_come_first() -> None:
    among = cut(PATENT, max_tokens=256, count=estimate_tokens, vectors=ByLetters())
    first = choose("Which polycarbonate part is moulded?", among, ByLetters())[0]
    assert "polycarbonate" in first.passage.text
    assert 0 < first.words <= 1


def test_what_a_passage_is_worth_can_be_told_part_by_part() -> None:
    for vectors in (None, ByLetters()):
        among = cut(PATENT, max_tokens=256, count=estimate_tokens, vectors=vectors)
        for one in choose("Which polycarbonate part is moulded?", among, vectors):
            assert one.worth == pytest.approx(sum(weight for _, weight in one.parts))


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_shipped_selection_weighs_known_signs_and_kinds_only(effort: str) -> None:
    found = selecting.shipped(effort)
    assert {"whole", "sentence", "words"} <= found.weights.keys() <= {*selecting.MEANING, "words"}
    assert found.across.keys() <= found.weights.keys()
    assert found.kinds.keys() <= {kind.value for kind in SectionKind}


def test_every_part_of_a_score_can_be_told() -> None:
    [found] = candidates(PATENT, "What is it made of?", by("polycarbonate", 0.8))
    assert dict(found.reasons)["margin"] == pytest.approx(1.386, abs=0.001)


def test_candidates_of_a_text_do_not_overlap() -> None:
    class Twice(Finds):
        def _reading(self, passage: str) -> Reading:
            return Reading((Scored(Span(0, 6), 0.9), Scored(Span(4, 9), 0.8)), 0.1)

    spans = [one.span for one in candidates(PATENT, "What?", by("", reader=Twice("")))]
    assert not any(one.overlaps(other) for at, one in enumerate(spans) for other in spans[:at])


NAUGHTY = st.text(st.sampled_from("가\u11a8a\u0301𝑥㎛ \n\t.-=<b>\u200d👩\u202e1"), min_size=1, max_size=60)


@given(words=NAUGHTY, wanted=st.sampled_from(["가", "𝑥", "㎛", "👩", "a", "1"]))
def test_evidence_in_naughty_text_is_exact(words: str, wanted: str) -> None:
    naughty = text(abstract=words)
    for candidate in answer(naughty, "무엇?", by(wanted)).candidates:
        assert candidate.evidence.quote == naughty.text[candidate.evidence.span.start : candidate.evidence.span.end]
        assert 0 <= candidate.score <= 1


@given(words=NAUGHTY, max_tokens=st.integers(1, 30))
def test_a_cut_that_was_kept_is_the_cut_that_was_made(words: str, max_tokens: int) -> None:
    naughty = text(title=words, abstract=words, embodiments=words)
    for vectors in (None, ByLetters()):
        made = cut(naughty, max_tokens=max_tokens, count=estimate_tokens, vectors=vectors)
        assert unpack(pack(made, naughty), naughty, vectors) == made
        assert all(one.text == naughty.quote(one.span) for one in made.passages)


def test_of_many_patents_short_passages_are_read_and_a_short_text_whole() -> None:
    reads = by("damper", effort=MANY)
    long = text(title="렌즈", embodiments="\n".join(f"{'alpha ' * 40}." for _ in range(60)))
    assert max(reads.reader.count(one.text) for one in reads.cut(long).passages) <= MANY.max_tokens
    assert len(reads.cut(text(abstract="A lens. " * 60)).passages) == 1


def test_a_kept_cut_that_is_damaged_or_of_another_text_is_made_anew() -> None:
    reads = by("damper", vectors=ByLetters())
    packed = pack(reads.cut(PATENT), PATENT)
    assert reads.kept(packed, PATENT) == reads.cut(PATENT)
    assert all(reads.kept(packed[:n], PATENT) is None for n in range(len(packed)))


@given(margin=st.floats(-50, 50), other=st.floats(-50, 50))
def test_a_surer_reader_never_makes_a_lower_probability(margin: float, other: float) -> None:
    low, high = (SURE.probability(replace(SHORT_OF_ALL, margin=one)) for one in sorted((margin, other)))
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize("effort", EFFORTS)
def test_the_shipped_calibration_weighs_known_features_only(effort: str) -> None:
    found = shipped(effort)
    assert set(found.weights) <= {part.name for part in fields(Features)}
    assert 0 < found.withheld_from < found.threshold < 1


def test_a_question_that_names_a_field_is_answered_from_the_field() -> None:
    ways = Ways(load(), by("silicone"))
    assert reply(PATENT, "effect?", ways).field == "effect"
    assert reply(PATENT, "What is the damper made of?", ways).field == "question"


@pytest.fixture
def asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study whose questions are read by ``Finds``."""
    monkeypatch.setattr(comprehension, "in_force", lambda setting, n_read=12: by("실리콘 고무", 0.7))
    with Study.create(tmp_path / "a.study", workers=0) as study:
        store = study._writer()
        store.add([document("KR10-1234567 B1", embodiments="댐퍼는 실리콘 고무로 만든다.")])
        study.catch_up()
    return tmp_path / "a.study"


def test_questions_of_a_file_are_answered_line_by_line(
    asks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    asked = [("1", "KR10-1234567B1", "What is the damper made of?"), ("2", "10-9999999", "재질은 무엇으로?")]
    file.write_text("".join(json.dumps(dict(zip(("qid", "source", "q"), one, strict=True))) + "\n" for one in asked))
    assert cli.main(["ask", str(asks), "--questions", str(file), "--jsonl"]) == cli.DONE
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["qid"], first["quote"], first["score"]) == ("1", "실리콘 고무", 0.7)
    assert (second["qid"], second["quote"]) == ("2", None)
    assert "10-9999999" in second["error"]


@pytest.mark.parametrize("line", ["{", '{"qid": "1", "q": "?"}', "[]", '{"qid": 1, "source": "a", "q": "b"}'])
def test_a_damaged_line_of_questions_is_named_before_anything_is_asked(
    asks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"qid": "0", "source": "KR10-1234567B1", "q": "?"}\n' + line + "\n")
    assert cli.main(["ask", str(asks), "--questions", str(file)]) != cli.DONE
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{file}, line 2" in said.err


def test_why_shows_what_the_probability_is_made_of(asks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", str(asks), "재질은 무엇으로?", "--of", "10-1234567", "--why"]) == cli.DONE
    out = capsys.readouterr().out
    assert "70 % likely" in out
    assert "margin +0.85" in out


def test_no_model_is_in_force_where_it_is_turned_off() -> None:
    assert in_use.chosen("built-in") == in_use.NONE
    assert comprehension.in_force("built-in") is None


@pytest.mark.skipif(not catalog.has_reader(), reason="the weights are not in this checkout")
class TestTheShippedReader:
    """A slice with the real weights."""

    @pytest.fixture(autouse=True)
    def reads(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(in_use.VARIABLE, "built-in")

    def said(self, of: Text, question: str) -> str:
        by = comprehension.in_force("built-in")
        assert by is not None
        found = answer(of, question, by)
        return found.candidates[0].evidence.quote if found.candidates else ""

    def test_it_reads_english_and_is_asked_in_korean(self) -> None:
        assert "silicone rubber" in self.said(PATENT, "댐퍼는 무엇으로 만드나?")

    def test_it_reads_korean_and_is_asked_in_english(self) -> None:
        korean = text(embodiments="접착층의 두께는 10 내지 20㎛이다. 기재 필름은 폴리이미드로 이루어진다.")
        assert "10 내지 20㎛" in self.said(korean, "How thick is the adhesive layer?")

    def test_the_same_question_gets_the_same_answer(self) -> None:
        assert self.said(PATENT, "What is the damper made of?") == self.said(PATENT, "What is the damper made of?")
