"""Sentences and passages: nothing lost, nothing invented, offsets carried."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.reading.passages import split
from dokhae.reading.sentences import sentences
from dokhae.types import Span
from tests.build import text

CHARACTERS = [*"다.。!?aB1 \n\t()°℃㎛μ", "a\u0301", "𝑥", "\u200b", "\ufffd", "한", "가\u11a8"]
NAUGHTY = st.lists(st.sampled_from(CHARACTERS), max_size=200).map("".join)


def cut(whole: str) -> list[str]:
    return [whole[s.start : s.end] for s in sentences(whole, Span(0, len(whole)))]


@given(NAUGHTY)
def test_sentences_lose_nothing_but_white_space_and_stand_in_order(whole: str) -> None:
    spans = list(sentences(whole, Span(0, len(whole))))
    assert "".join("".join(whole[s.start : s.end] for s in spans).split()) == "".join(whole.split())
    assert all(one.end <= other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("whole", "n"),
    [
        ("The lens 10 of FIG. 3 moves. It stops.", 2),
        ("A film of 3.5 μm. Smith et al. found it.", 2),
        ("렌즈가 이동한다.그 후 정지한다.", 2),
        ("1. A camera module.", 1),
        ("e.g. a coil. Inc. is no end", 2),
        ("レンズが動く。止まる。", 2),
        ("镜头移动。停止。", 2),
        ("no end at all", 1),
        ("", 0),
    ],
)
def test_a_stop_ends_a_sentence_unless_an_abbreviation_or_a_number_owns_it(whole: str, n: int) -> None:
    assert len(cut(whole)) == n


@given(NAUGHTY)
def test_passages_read_back_and_fit(words: str) -> None:
    made = text(title="제목", problem=words, effect=words)
    for passage in split(made, max_tokens=12, count=len):
        assert made.quote(passage.span) == passage.text
        assert passage.section.span.covers(passage.span)
        assert len(passage.text) <= 12


def test_a_sentence_longer_than_a_passage_is_split_not_cut() -> None:
    made = text(embodiments="lens " * 300)
    pieces = [p.text for p in split(made, max_tokens=40)]
    assert len(pieces) > 1
    assert " ".join(pieces).split() == made.text.split()
