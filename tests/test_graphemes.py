"""Grapheme borders: what a reader sees as one character is never cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.graphemes import clusters, is_border, on_borders
from dokhae.types import Span

WHOLE = {
    "a letter with a mark": "e\u0301",
    "two marks": "a\u0323\u0302",
    "a family": "👨‍👩‍👧",
    "a skin tone": "👍🏽",
    "a flag": "🇰🇷",
    "Hangul in parts": "\u1112\u1161\u11ab",
    "a syllable with its final": "하\u11ab",
    "halfwidth kana with a voice mark": "ｶﾞ",
    "a line end of Windows": "\r\n",
    "an emoji with its variation": "❤\ufe0f",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_nothing_a_reader_sees_as_one_is_cut(text: str) -> None:
    assert [i for i in range(1, len(text)) if is_border(text, i)] == []
    assert list(clusters(text, Span(0, len(text)))) == [Span(0, len(text))]


@pytest.mark.parametrize("text", ["ab", "렌즈", "5㎛", "👍👍", "\n\u0301", "가나"])
def test_letters_side_by_side_are_apart(text: str) -> None:
    assert all(is_border(text, i) for i in range(len(text) + 1))


def test_flags_are_pairs_from_the_left() -> None:
    assert [len(span) for span in clusters("🇰🇷🇺🇸🇯", Span(0, 5))] == [2, 2, 1]
    assert [i for i in range(6) if is_border("🇰🇷🇺🇸🇯", i)] == [0, 2, 4, 5]


NAUGHTY = st.text(st.sampled_from("ae1 \n\r\u0301\u0323👨👩🏽\u200d\ufe0f🇰🇷\u1112\u1161\u11ab하ｶﾞ\u0e33㎛"), max_size=30)


@given(NAUGHTY)
def test_one_pass_and_single_looks_agree(text: str) -> None:
    borders = [span.start for span in clusters(text, Span(0, len(text)))]
    assert borders == [i for i in range(len(text)) if is_border(text, i)]


@given(NAUGHTY, st.data())
def test_a_grown_span_covers_the_given_one_and_ends_on_borders(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    grown = on_borders(text, span)
    assert grown.covers(span)
    assert grown == span if not span else is_border(text, grown.start) and is_border(text, grown.end)
