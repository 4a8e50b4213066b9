"""What every Reader, FieldReader and Encoder must do, as tests: subclass and give a fixture ``made``.

    class TestMyReader(ReaderConformance):
        @pytest.fixture
        def made(self): ...

In: a model.  Out: failed assertions.  Imports no test framework.
"""
# ruff: noqa: S101

from __future__ import annotations

import math

import numpy as np

from dokhae.errors import InputError
from dokhae.models import Encoder, FieldReader, Reader, Reading, SpanReader
from dokhae.types import Span

_TEXT = "The lens moves by 1.5 mm. 렌즈가 이동한다."
_NAUGHTY = ("", " ", "5㎛ e\u0301", "👨‍👩‍👧 ｶﾞ", "\u1112\u1161\u11ab", "\x01\x02 a", "</s>", "\ud800", "a\r\nb")


class ReaderConformance:
    """Tests of the ``Reader`` protocol."""

    def test_each_pair_has_a_reading_in_its_place(self, made: Reader) -> None:
        pairs = [("what moves", _TEXT), ("what moves", ""), ("무엇", _TEXT)]
        readings = made.read(pairs)
        assert readings == [made.read([pair])[0] for pair in pairs]
        assert made.read([]) == []

    def test_candidates_are_best_first_and_do_not_overlap(self, made: Reader) -> None:
        for text in (_TEXT, *_NAUGHTY):
            (reading,) = made.read([("what moves", text)])
            _check(reading, text)

    def test_the_null_score_is_what_the_best_candidate_lacks(self, made: Reader) -> None:
        for text in (_TEXT, ""):
            (reading,) = made.read([("what moves", text)])
            best = reading.candidates[0].score if reading.candidates else 0.0
            assert abs(reading.null_score + best - 1) < 1e-9

    def test_the_same_pair_reads_the_same(self, made: Reader) -> None:
        assert made.read([("what", _TEXT)]) == made.read([("what", _TEXT)])

    def test_what_fits_is_read_and_what_does_not_is_refused(self, made: Reader) -> None:
        question = "what"
        n_words = made.room(question) // made.count("a")
        while made.count("a " * n_words) > made.room(question):
            n_words -= 1
        assert made.read([(question, "a " * n_words)])
        assert _refusal(made, question, "a " * (made.max_tokens + 1)) == "text-too-long"


class SpanReaderConformance:
    """Tests of the ``SpanReader`` protocol."""

    def test_it_is_as_sure_of_the_best_candidate_as_when_it_found_it(self, made: SpanReader) -> None:
        for text in (_TEXT, *_NAUGHTY):
            (reading,) = made.read([("what moves", text)])
            best = [one.span for one in reading.candidates[:1]]
            odds = made.margins([("what moves", text)] * len(best), best)
            told = [1 / (1 + math.exp(-one)) for one in odds]
            assert np.allclose(told, [one.score for one in reading.candidates[:1]], atol=1e-4)

    def test_a_text_that_holds_nothing_surely_holds_no_answer(self, made: SpanReader) -> None:
        assert all(odds < 0 for odds in made.margins([("what", ""), ("what", " ")], [Span(0, 0), Span(0, 1)]))


class FieldReaderConformance:
    """Tests of the ``FieldReader`` protocol."""

    def test_each_text_has_a_reading_of_each_field(self, made: FieldReader) -> None:
        texts = [("", _TEXT), *(("effect: lens", text) for text in _NAUGHTY)]
        for (_, text), fields in zip(texts, made.read_fields(texts), strict=True):
            assert tuple(fields) == made.fields
            for reading in fields.values():
                _check(reading, text)

    def test_a_text_is_read_the_same_beside_others(self, made: FieldReader) -> None:
        assert made.read_fields([("", _TEXT), ("effect", "a")])[0] == made.read_fields([("", _TEXT)])[0]


class EncoderConformance:
    """Tests of the ``Encoder`` protocol."""

    def test_vectors_have_unit_length_and_their_place(self, made: Encoder) -> None:
        texts = [_TEXT, "lens", "렌즈 구동부"]
        vectors = made.encode(texts, "passage")
        assert (vectors.dtype, vectors.shape) == (np.float32, (3, made.dim))
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        for text, vector in zip(texts, vectors, strict=True):
            assert np.allclose(made.encode([text], "passage")[0], vector, atol=1e-5)

    def test_no_texts_have_no_vectors(self, made: Encoder) -> None:
        assert made.encode([], "query").shape == (0, made.dim)

    def test_naughty_texts_have_finite_vectors(self, made: Encoder) -> None:
        assert np.isfinite(made.encode(_NAUGHTY, "query")).all()


def _refusal(made: Reader, question: str, text: str) -> str:
    """The code of the error that ``text`` is refused with, "" where it is read."""
    try:
        made.read([(question, text)])
    except InputError as error:
        return error.code
    return ""


def _check(reading: Reading, text: str) -> None:
    spans = [candidate.span for candidate in reading.candidates]
    scores = [candidate.score for candidate in reading.candidates]
    assert all(span and Span(0, len(text)).covers(span) for span in spans)
    assert all(not a.overlaps(b) for n, a in enumerate(spans) for b in spans[:n])
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in (*scores, reading.null_score))
