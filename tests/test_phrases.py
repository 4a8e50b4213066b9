"""Cues heard in one pass: whatever a pattern finds is never left out."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.reading import cues
from dokhae.reading.cues import LANGUAGES, boilerplate, cues_of, heard
from dokhae.reading.fields import SCHEMAS, load
from dokhae.reading.phrases import Phrases
from dokhae.types import Text
from tests.test_reading import ENGLISH, KOREAN, NAUGHTY

PATTERNS = {
    lang: [
        *(
            (cue.number, cue.pattern)
            for field in {f.cues for s in SCHEMAS for f in load(s)}
            for cue in cues_of(field, lang)
        ),
        *boilerplate(lang),
    ]
    for lang in LANGUAGES
}
BLANKS = st.sampled_from([" ", "  ", "\t", "\u00a0", "\u3000", "\u2009", "\u200b", "\n", ""])
ODD = st.sampled_from(["é", "ſ", "İ", "ı", "K", "𝟙", "1", "٣", "\ud800", "한", "_", "-", "\x00", "\x85"])


def sentences(lang: str) -> st.SearchStrategy[str]:
    """Words that cues are made of, between blanks and letters of every kind."""
    written = " ".join(pattern.pattern for _, pattern in PATTERNS[lang])
    words = st.sampled_from(sorted(set(re.findall(r"[a-z]{2,}|[가-힣]+", written))))
    piece = (
        words | words.map(str.upper) | words.map(lambda word: word.replace("s", "ſ").replace("k", "K")) | BLANKS | ODD
    )
    return st.lists(piece | st.text(max_size=8) | st.sampled_from(NAUGHTY), max_size=14).map("".join)


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_every_cue_that_stands_in_a_sentence_is_heard(lang: str, data: st.DataObject) -> None:
    text = data.draw(sentences(lang))
    found = {number for number, pattern in PATTERNS[lang] if pattern.search(text)}
    assert found <= heard(text, lang)


@pytest.mark.parametrize(("lang", "of"), [("ko", KOREAN), ("en", ENGLISH)])
def test_few_cues_are_heard_that_do_not_stand_there(lang: str, of: Text) -> None:
    lines = of.text.split("\n")
    found = [{number for number, pattern in PATTERNS[lang] if pattern.search(line)} for line in lines]
    n_heard = sum(len(heard(line, lang)) for line in lines)
    assert sum(map(len, found)) > 0
    assert n_heard < 3 * sum(map(len, found))


def test_every_cue_and_every_boilerplate_phrase_has_a_number_of_its_own() -> None:
    for lang in LANGUAGES:
        numbers = [number for number, _ in PATTERNS[lang]]
        assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("letter", ["ſ", "İ", "ı", "K", "é", "\u00a0"])
def test_letters_that_are_the_same_without_case_are_heard(letter: str) -> None:
    phrases = Phrases([r"\bmakes\s?it\b"])
    for text in ("makes it", f"makes{letter}it", f"make{letter} it", f"makes {letter}t", f"ma{letter}es it"):
        stands = re.search(r"\bmakes\s?it\b", text, re.IGNORECASE) is not None
        assert stands <= (0 in phrases.possible(text))


def test_several_threads_may_listen_at_once() -> None:
    texts = [f"The invention can improve step {n} because it is {'possible ' * (n % 7)}" for n in range(400)]
    alone = [cues.heard(text, "en") for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: cues.heard(text, "en"), texts)) == alone
