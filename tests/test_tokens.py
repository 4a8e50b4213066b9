"""Offsets of tokens are exact in the original text, whatever stands in it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.errors import InputError
from dokhae.models.align import align
from dokhae.models.tokens import Tokens
from tests.tiny_models import PIECES, piece, tokenizer

NAUGHTY = (
    "ab 1.5 ㎛㎜㈜ﬁﬃé\u0301\u0323ｶﾞﾊﾟ\u1112\u1161\u11ab각\x01\u200b\u200d\ufeff\u3000Ａ①½…"
    "\n\t👨👩🏽🇰🇷𝑥²\ufdfa\u0e33\ud800가나"
)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    path = tmp_path_factory.mktemp("tokens") / "tokenizer.json"
    tokenizer().save(str(path))
    return Tokens(path)


def places(tokens: Tokens, text: str) -> list[str]:
    """What stands in ``text`` at each token; the piece that only says "a word begins" left out, blanks trimmed."""
    sequence = tokens.pair("", text)
    own = sequence.ids[sequence.first :]
    return [text[a:b].strip() for id_, (a, b) in zip(own, sequence.offsets, strict=False) if id_ != piece("▁")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("lens moves", ["lens", "moves"]),
        ("5㎛ a", ["5", "㎛", "㎛", "a"]),  # read as μ and m
        ("a\x01b", ["a", "b"]),
        ("\x01\x01ab", ["a", "b"]),  # the library alone puts these two places too early with XLM-R's table
        ("a  \n b", ["a", "b"]),
        ("e\u0301", ["e\u0301"]),
        ("① 가", ["①", "가"]),
    ],
)
def test_each_token_stands_where_its_letters_stand(tokens: Tokens, text: str, read: list[str]) -> None:
    assert places(tokens, text) == read


@given(st.text(st.sampled_from(NAUGHTY), max_size=20))
def test_offsets_rise_stay_in_the_text_and_lose_nothing(text: str) -> None:
    aligned = align(text, tokenizer().normalizer.normalize_str)
    spans = aligned.originals([(i, i + 1) for i in range(len(aligned.text))])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, char in enumerate(text) if unicodedata.category(char) in ("Lo", "Lu", "Nd"))


@given(st.text(st.sampled_from(NAUGHTY), max_size=20))
def test_each_normalised_character_comes_from_its_stretch(text: str) -> None:
    normalise = tokenizer().normalizer.normalize_str
    aligned = align(text, normalise)
    for char, (start, end) in zip(
        aligned.text, aligned.originals([(i, i + 1) for i in range(len(aligned.text))]), strict=True
    ):
        stretch = text[start:end].encode("utf8", "replace").decode("utf8").replace("?", "\ufffd")
        assert char == " " or char in normalise(stretch) or char in unicodedata.normalize("NFKC", text[start:end])


def test_a_normaliser_that_looks_around_gives_wide_spans_never_wrong_ones() -> None:
    def first_letter_capital(text: str) -> str:
        return text[:1].upper() + text[1:]

    aligned = align("ab cd", first_letter_capital)
    assert aligned.text == "Ab cd"
    assert all(end - start >= 1 for start, end in aligned.originals([(3, 5)]))
    (span,) = aligned.originals([(3, 5)])
    assert span[0] <= 3
    assert span[1] >= 5


def test_a_pair_is_put_together_as_the_model_was_trained(tokens: Tokens) -> None:
    sequence = tokens.pair("the lens", "sensor moves")
    start, end = piece("<s>"), piece("</s>")
    question, text = [piece("▁the"), piece("▁lens")], [piece("▁sensor"), piece("▁moves")]
    assert sequence.ids == [start, *question, end, end, *text, end]
    assert (sequence.first, len(sequence.offsets)) == (5, 2)
    assert tokens.pair("", "sensor").ids == [start, end, end, piece("▁sensor"), end]
    assert tokens.single("lens").ids == [start, piece("▁lens"), end]


@pytest.mark.parametrize("word", ["</s>", "<s>", "<pad>"])
def test_words_of_a_text_are_never_special_tokens(tokens: Tokens, word: str) -> None:
    text = f"lens {word} moves"
    sequence = tokens.pair(word, text)
    own = sequence.ids[sequence.first : sequence.first + len(sequence.offsets)]
    assert not {piece("<s>"), piece("</s>"), piece("<pad>")} & set(own)
    assert sequence.ids.count(piece("</s>")) == 3
    assert places(tokens, text)[-1] == "moves"


def test_half_a_surrogate_pair_is_read_as_one_unknown_character(tokens: Tokens) -> None:
    assert places(tokens, "a\ud800b")[-1] == "b"


@given(st.lists(st.sampled_from(["lens", "the", " ", "  ", "\n", "가", "㎛", "\x01", "▁", "é"]), max_size=12))
def test_words_from_memory_are_what_the_whole_text_gives(tokens: Tokens, pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = tokens.single(text).ids
    assert tokens.plain_ids([text])[0] == whole[1:-1]
    assert tokens.plain_ids([text])[0] == whole[1:-1]  # now remembered
    assert tokens.count(text) == len(whole) - 2


def test_memory_of_words_has_an_end(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokhae.models.tokens._MOST_CHARS", 20)
    for n in range(200):
        assert tokens.count(f"lens{'a' * n} the sensor") == n + 3
    assert len(tokens._known) < 10


def test_a_million_characters_are_counted(tokens: Tokens) -> None:
    assert tokens.count("lens " * 200_000) >= 200_000
    assert tokens.count("가" * 1_000_000) >= 1_000_000
    assert tokens.count("🇰" * 100_000) > 0


def test_the_settings_of_the_file_never_cut_or_pad(tmp_path: Path) -> None:
    made = tokenizer()
    made.enable_truncation(4)
    made.enable_padding(length=64)
    path = tmp_path / "tokenizer.json"
    made.save(str(path))
    assert len(Tokens(path).single("lens moves the sensor 1.5 mm")) == 8


def test_a_file_that_is_no_tokenizer_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    with pytest.raises(InputError, match="cannot be loaded") as caught:
        Tokens(path)
    assert caught.value.code == "model-unreadable"


def test_every_piece_is_counted(tokens: Tokens) -> None:
    assert tokens.n_pieces == len(PIECES)
