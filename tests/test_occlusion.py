"""Which words carried an answer: leaving out the heaviest must hurt more than leaving out any others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.models import Reading, Scored, SpanReader, catalog, in_use
from dokhae.reading.comprehension import log_odds
from dokhae.reading.occlusion import N_WORDS, Answered, left_out, odds, tried_words, weights, without, words
from dokhae.types import Span
from tests.test_comprehension import Finds

PASSAGE = "The damper of the camera is made of silicone rubber, (because it) absorbs every shock of a fall."
WORTH = {"damper": 3.0, "made": 2.0, "shock": 0.5, "fall": -1.0}


class Weighs(Finds):
    """A reader whose log-odds of any span are the sum of what the words it sees are worth."""

    def __init__(self) -> None:
        super().__init__("")

    def margins(self, pairs: Sequence[tuple[str, str]], spans: Sequence[Span], *, field: str = "") -> list[float]:
        self.given.extend(pairs)
        return [sum(worth for word, worth in WORTH.items() if word in passage) for _, passage in pairs]


def answered(quote: str = "silicone rubber", question: str = "What is it made of?", passage: str = PASSAGE) -> Answered:
    at = passage.index(quote)
    return Answered(question, passage, Span(at, at + len(quote)))


def test_the_heaviest_word_is_the_one_the_answer_leans_on_most() -> None:
    found = weights(answered(), Weighs())
    assert [(one.word, one.fall) for one in found[:3]] == [("damper", 3.0), ("made", 2.0), ("shock", 0.5)]
    assert (found[-1].word, found[-1].fall) == ("fall", -1.0)


@pytest.mark.parametrize("seed", range(20))
def test_leaving_out_the_heaviest_words_hurts_more_than_leaving_out_random_ones(seed: int) -> None:
    of, reader = answered(), Weighs()
    found = weights(of, reader)
    at_random = random.Random(seed).sample(found[3:], 3)
    whole, heaviest, others = odds(reader, [of, left_out(of, found[:3]), left_out(of, at_random)])
    assert whole - heaviest > whole - others


def test_the_words_of_the_answer_are_never_left_out() -> None:
    reader = Weighs()
    weights(answered(), reader)
    assert len(reader.given) > 10
    assert all("silicone rubber" in passage for _, passage in reader.given)


def test_a_word_is_the_text_at_its_span_without_punctuation() -> None:
    of = answered()
    for one in tried_words(of):
        text = of.question if one.is_asked else of.passage
        assert text[one.span.start : one.span.end] == one.word
    assert {"because", "it"} <= {one.word for one in tried_words(of)}


def test_so_many_words_are_tried_at_most_and_the_nearest() -> None:
    many = " ".join(f"w{n}" for n in range(400))
    tried = tried_words(answered("w200", "one two three", many))
    assert len(tried) == N_WORDS
    own = [int(one.word[1:]) for one in tried if not one.is_asked]
    assert own == [*range(171, 200), *range(201, 229)]


def test_a_question_of_one_word_stays_whole() -> None:
    assert not any(one.is_asked for one in tried_words(answered(question="Material?")))


def test_an_answer_that_is_the_whole_passage_has_no_words_around_it() -> None:
    assert weights(answered("polymer", "Material?", "polymer"), Weighs()) == []


def test_a_reader_that_tells_candidates_alone_is_asked_for_the_one_that_meets_the_span() -> None:
    assert odds(Finds("silicone", 0.8), [answered()]) == [pytest.approx(log_odds(0.8))]
    assert odds(Finds("polymer", 0.8), [answered()]) == [pytest.approx(log_odds(0.001))]


def test_a_candidate_elsewhere_is_not_the_answer() -> None:
    class Twice(Finds):
        def _reading(self, passage: str) -> Reading:
            return Reading((Scored(Span(0, 3), 0.9), Scored(Span(36, 40), 0.2)), 0.1)

    assert odds(Twice(""), [answered()]) == [pytest.approx(log_odds(0.2))]


@given(st.text(st.sampled_from("가\u11a8a\u0301𝑥㎛ \n\t.-=<b>\u200d👩\u202e1"), max_size=60))
def test_blanks_leave_every_offset_where_it_was(naughty: str) -> None:
    spans = words(naughty)
    left = without(naughty, spans)
    assert len(left) == len(naughty)
    assert all(left[one.start : one.end].isspace() for one in spans)
    assert not any(char.isalnum() for char in left)


@pytest.mark.skipif(not catalog.has_reader(), reason="the weights are not in this checkout")
class TestTheShippedReader:
    """A slice with the real weights."""

    @pytest.fixture
    def reader(self) -> SpanReader:
        found = in_use.reader(in_use.BUILT_IN)
        assert found is not None
        return found

    def test_it_tells_of_a_given_span_what_it_tells_of_its_candidate(self, reader: SpanReader) -> None:
        of = answered()
        [reading] = reader.read([(of.question, of.passage)])
        best = reading.candidates[0]
        [told] = odds(reader, [replace(of, span=best.span)])
        assert told == pytest.approx(log_odds(best.score), abs=0.01)

    def test_without_the_heaviest_words_the_answer_is_less_likely(self, reader: SpanReader) -> None:
        of = answered(question="What is the damper made of?")
        found = weights(of, reader, n=12)
        whole, left = odds(reader, [of, left_out(of, found[:2])])
        assert left < whole - 1
