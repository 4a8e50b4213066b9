"""Readers, encoders and static vectors, loaded from folders and run."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.errors import InputError, MissingExtra
from dokhae.graphemes import is_border
from dokhae.models import catalog, conformance, session
from dokhae.models.encoder import OnnxEncoder
from dokhae.models.reader import OnnxReader
from dokhae.models.settings import ModelSettings
from dokhae.models.static import StaticEncoder
from dokhae.reading.comprehension import log_odds
from dokhae.types import Span
from tests import tiny_models
from tests.tiny_models import FIELDS, WIDTH, piece

TEXT = "the lens moves 1.5 mm 렌즈가"
NAUGHTY = [
    "",
    " ",
    "\x01",
    "5㎛ e\u0301 👨‍👩‍👧",
    "ｶﾞｽ ﾊﾟ",
    "\u1112\u1161\u11ab",
    "㈜ ㎜",
    "𝑥=4",
    "</s>",
    "\ud800",
    "\u200b\ufeff",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.write_set(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def reader(folder: Path) -> OnnxReader:
    return catalog.load_reader(folder / "reader")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return catalog.load_encoder(folder / "encoder")


@pytest.fixture(scope="module")
def static(folder: Path) -> StaticEncoder:
    return catalog.load_static(folder / "static")


class TestBuiltInReader(conformance.ReaderConformance, conformance.SpanReaderConformance):
    @pytest.fixture
    def made(self, reader: OnnxReader) -> OnnxReader:
        return reader


class TestFieldReader(conformance.FieldReaderConformance):
    @pytest.fixture
    def made(self, reader: OnnxReader) -> OnnxReader:
        return reader


class TestPluggedInReader(conformance.ReaderConformance, conformance.SpanReaderConformance):
    @pytest.fixture
    def made(self, tmp_path: Path) -> OnnxReader:
        return catalog.load_reader(tiny_models.write_plugged_in(tmp_path / "mine"))


def test_how_sure_a_reader_is_of_a_span_of_a_field_is_what_it_says_of_its_candidate(reader: OnnxReader) -> None:
    text = "The lens moves by 1.5 mm. The coil stops the lens."
    [readings] = reader.read_fields([("effect: lens", text)])
    for field, reading in readings.items():
        [odds] = reader.margins([("effect: lens", text)], [reading.candidates[0].span], field=field)
        assert log_odds(reading.candidates[0].score) == pytest.approx(odds, abs=1e-3)


class TestBuiltInEncoder(conformance.EncoderConformance):
    @pytest.fixture
    def made(self, encoder: OnnxEncoder) -> OnnxEncoder:
        return encoder


class TestPluggedInEncoder(conformance.EncoderConformance):
    @pytest.fixture
    def made(self, tmp_path: Path) -> OnnxEncoder:
        return catalog.load_encoder(tiny_models.write_plugged_in(tmp_path / "mine", kind="encoder", nested=True))


class TestStaticVectorsWithATable(conformance.EncoderConformance):
    @pytest.fixture
    def made(self, tmp_path: Path) -> StaticEncoder:
        tiny_models.write_words(tmp_path / "words")
        return catalog.load_static(tiny_models.write_static(tmp_path / "static", own_table=True))


class TestStaticVectors(conformance.EncoderConformance):
    @pytest.fixture
    def made(self, static: StaticEncoder) -> StaticEncoder:
        return static


def lenses(n: int) -> str:
    return " ".join(["lens"] * n)


def pointing_at(folder: Path, words: dict[str, float], *, null: float) -> Path:
    """A reader for which the pieces of ``words`` start and end an answer with these scores, "<s>" with ``null``."""
    tiny_models.write_words(folder / "words")
    rows = tiny_models.vectors(folder / "words")
    wanted = {piece(name): score for name, score in words.items()} | {piece("<s>"): null}
    ids = list(wanted)
    column = np.linalg.lstsq(rows[ids], np.array([wanted[n] for n in ids], np.float32), rcond=None)[0]
    columns = np.repeat(column[:, None], 2 + 2 * len(FIELDS), axis=1).astype(np.float32)
    return tiny_models.write_reader(folder / "reader", columns=columns)


def test_the_span_the_logits_point_at_is_found_with_its_probability(tmp_path: Path) -> None:
    folder = pointing_at(tmp_path, {"▁sensor": 6.0, "▁lens": 2.0, "▁the": -6.0, "▁moves": -6.0}, null=3.0)
    (reading,) = catalog.load_reader(folder).read([("what", "the lens moves the sensor")])
    best, second = reading.candidates[:2]
    quote = "the lens moves the sensor"
    assert [quote[one.span.start : one.span.end] for one in (best, second)] == ["sensor", "lens"]
    assert best.score == pytest.approx(1 / (1 + np.exp(-(12 - 6))), abs=1e-3)
    assert second.score == pytest.approx(1 / (1 + np.exp(-(4 - 6))), abs=1e-3)
    assert reading.null_score == 1 - best.score


def test_a_long_field_may_be_longer_than_an_answer(reader: OnnxReader) -> None:
    limits = reader._limits
    assert limits.answer_tokens < limits.field_tokens


@pytest.mark.parametrize("text", ["", " \n ", "\u3000"])
def test_a_text_without_words_answers_nothing(reader: OnnxReader, text: str) -> None:
    assert [(r.candidates, r.null_score) for r in reader.read([("what", text)])] == [((), 1.0)]
    assert [{r.candidates for r in one.values()} for one in reader.read_fields([("", text)])] == [{()}]


@pytest.mark.parametrize("question", ["", "  ", "\n"])
def test_an_empty_question_is_an_error(reader: OnnxReader, question: str) -> None:
    with pytest.raises(InputError) as caught:
        reader.read([("what", TEXT), (question, TEXT)])
    assert caught.value.code == "question-empty"


def test_too_long_is_an_error_that_says_how_long_and_never_a_cut(reader: OnnxReader, encoder: OnnxEncoder) -> None:
    room = reader.room("what")
    fits, longer = lenses(room), lenses(room + 1)
    assert reader.read([("what", fits)])
    with pytest.raises(InputError) as caught:
        reader.read([("what", longer)])
    assert caught.value.values == {"length": str(reader.max_tokens + 1), "limit": str(reader.max_tokens)}
    assert encoder.encode([lenses(encoder.room("passage"))], "passage").shape == (1, encoder.dim)
    with pytest.raises(InputError) as caught:
        encoder.encode([lenses(encoder.room("query") + 1)], "query")
    assert caught.value.code == "text-too-long"


def test_a_long_question_is_an_error(reader: OnnxReader) -> None:
    with pytest.raises(InputError) as caught:
        reader.read([(lenses(17), TEXT)])
    assert (caught.value.code, caught.value.values) == ("question-too-long", {"length": "17", "limit": "16"})


def test_a_million_characters_are_refused_by_the_reader_and_taken_by_static_vectors(
    reader: OnnxReader, static: StaticEncoder
) -> None:
    text = lenses(200_000)
    with pytest.raises(InputError, match="200"):
        reader.read([("what", text)])
    assert np.allclose(static.encode([text]), static.encode(["lens"]), atol=1e-5)


PIECES = ["lens", "㎛", "e\u0301", "👨‍👩‍👧", "ｶﾞ", "\u1112\u1161\u11ab", " ", "\x01", "1.5"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(deadline=None, max_examples=60)
def test_quotes_are_whole_characters_of_the_text(reader: OnnxReader, pieces: list[str]) -> None:
    text = "".join(pieces)
    if reader.count(text) > reader.room("what"):
        return
    (reading,) = reader.read([("what", text)])
    for candidate in reading.candidates:
        span = candidate.span
        assert Span(0, len(text)).covers(span)
        assert is_border(text, span.start)
        assert is_border(text, span.end)
        assert text[span.start : span.end] == text[span.start : span.end].strip()


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_texts_are_read_and_encoded(
    reader: OnnxReader, encoder: OnnxEncoder, static: StaticEncoder, text: str
) -> None:
    assert len(reader.read([("what", text), (text or "x", TEXT)] if text.strip() else [("what", text)])) >= 1
    assert len(reader.read_fields([("effect", text)])) == 1
    assert np.isfinite(encoder.encode([text], "passage")).all()
    assert np.isfinite(static.encode([text])).all()


def test_numbers_do_not_depend_on_what_else_is_read(reader: OnnxReader, encoder: OnnxEncoder) -> None:
    others = [("what", "sensor " * n) for n in range(1, 20)]
    alone = reader.read([("the", TEXT)])[0]
    assert reader.read([*others, ("the", TEXT)])[-1] == alone
    vectors = encoder.encode([TEXT, *(text for _, text in others)], "passage")
    assert (vectors[0] == encoder.encode([TEXT], "passage")[0]).all()


def test_batches_of_a_graphics_card_give_what_single_texts_give(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["lens", "the lens moves 1.5 mm", "렌즈가", ""]
    alone = catalog.load_encoder(folder / "encoder").encode(texts, "passage")
    padded = catalog.load_encoder(folder / "encoder", ModelSettings(batch_tokens=64))
    monkeypatch.setattr("dokhae.models.body.Body.device", _NO_CPU)
    assert np.allclose(padded.encode(texts, "passage"), alone, atol=1e-6)
    pairs = [("what", text) for text in texts]
    together = catalog.load_reader(folder / "reader", ModelSettings(batch_tokens=64)).read(pairs)
    monkeypatch.undo()
    for one, other in zip(together, catalog.load_reader(folder / "reader").read(pairs), strict=True):
        assert [c.span for c in one.candidates] == [c.span for c in other.candidates]
        assert one.null_score == pytest.approx(other.null_score, abs=1e-5)


def test_an_int8_model_reads_a_text_the_same_whatever_stands_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_models.make_int8(tiny_models.write_set(tmp_path) / "reader")
    pairs = [("what", "lens"), ("what", "sensor moves 1.5 mm"), ("the", TEXT), ("the", "the 렌즈가 the 구동부")]
    reader = catalog.load_reader(folder)
    alone = [reader.read([pair])[0] for pair in pairs]
    assert reader.read(pairs) == alone
    monkeypatch.setattr("dokhae.models.body.Body.device", _NO_CPU)
    assert reader.read(pairs) != alone  # in a padded batch it would not: this is what running alone is for


def test_int8_models_stay_on_the_cpu_and_others_take_what_is_there(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    int8 = tiny_models.make_int8(tiny_models.write_set(tmp_path) / "reader") / "model.onnx"
    monkeypatch.setattr(session, "installed", lambda: (session.CUDA, session.CPU))
    assert session.device_for(int8, "auto") is session.CPU
    assert session.device_for(folder / "reader" / "model.onnx", "auto") is session.CUDA
    assert session.device_for(int8, "cuda") is session.CUDA


class _NoCpu:
    is_cpu, says = False, "test"


_NO_CPU = _NoCpu()


def test_prefixes_of_the_card_go_before_the_text(encoder: OnnxEncoder, folder: Path) -> None:
    assert not np.allclose(encoder.encode(["lens"], "query"), encoder.encode(["lens"], "passage"))
    rows = tiny_models.vectors(folder / "words")
    ids = encoder._body.tokens.single("query: lens").ids
    matrix = np.random.default_rng(5).standard_normal((WIDTH, 4)).astype(np.float32)
    expected = (rows[ids] @ matrix).mean(axis=0)
    assert np.allclose(encoder.encode(["lens"], "query")[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_static_vectors_are_the_weighted_mean_of_projected_rows(static: StaticEncoder, folder: Path) -> None:
    rows = tiny_models.vectors(folder / "words")
    with np.load(folder / "static" / "project.npz") as stored:
        matrix, weights = stored["matrix"].astype(np.float32), stored["weights"].astype(np.float32)
    ids = static._tokens.plain_ids(["the lens moves"])[0]
    expected = sum(weights[n] * (rows[n] @ matrix) for n in ids)
    assert np.allclose(static.encode(["the lens moves"])[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_static_vectors_with_a_table_of_their_own_are_the_mean_of_its_rows(tmp_path: Path) -> None:
    tiny_models.write_words(tmp_path / "words")
    static = catalog.load_static(tiny_models.write_static(tmp_path / "static", own_table=True, dim=6))
    with np.load(tmp_path / "static" / "project.npz") as stored:
        rows = stored["table"].astype(np.float32) * stored["scales"].astype(np.float32)[:, None]
    expected = rows[static._tokens.plain_ids(["the lens moves"])[0]].sum(axis=0)
    assert static.dim == 6
    assert np.allclose(static.encode(["the lens moves"])[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_a_match_is_the_weighted_mean_of_the_best_cosines_of_the_tokens_asked(static: StaticEncoder) -> None:
    question, text = "the lens", "렌즈 구동부 moves 1.5 mm"
    asked, read = (static._rows[ids] for ids in static._tokens.plain_ids([question, text]))
    lengths = np.linalg.norm(asked, axis=1)
    cosines = asked @ read.T / lengths[:, None] / np.linalg.norm(read, axis=1)
    expected = (cosines.max(axis=1) * lengths).sum() / lengths.sum()
    assert static.match(question, [text])[0] == pytest.approx(expected, abs=1e-5)


def test_a_text_that_holds_the_question_matches_it_wholly(static: StaticEncoder) -> None:
    found = static.match("the lens", ["mm 렌즈 lens the", "렌즈", ""])
    assert found[0] == pytest.approx(1, abs=1e-5)
    assert found[0] > found[1] > found[2] == pytest.approx(-1)


def test_capitals_are_small_letters_to_static_vectors(static: StaticEncoder) -> None:
    assert (static.encode(["THE LENS"]) == static.encode(["the lens"])).all()
    assert static.match("LENS", ["the Lens"])[0] == pytest.approx(1, abs=1e-5)


def test_a_text_in_parts_matches_as_a_whole_and_by_its_best_part(static: StaticEncoder) -> None:
    texts = [["mm 렌즈", "lens the", ""], ["the sensor moves"], ["렌즈"]]
    pieces = static.pieces(texts)
    found = static.match_in_parts("the lens moves", pieces)
    whole = static.match("the lens moves", [" ".join(parts) for parts in texts])
    best = [static.match("the lens moves", parts).max() for parts in texts]
    assert found.shape == (3, 2)
    assert np.allclose(found, np.stack([whole, best], axis=1), atol=1e-6)
    assert (static.match_in_parts("the lens moves", static.unpacked(pieces.packed)) == found).all()
    assert static.match_in_parts("", pieces).tolist() == [[0, 0]] * 3
    assert static.match_in_parts("lens", static.pieces([])).shape == (0, 2)


def test_nothing_asked_matches_all_texts_alike(static: StaticEncoder) -> None:
    assert static.match("", ["lens", ""]).tolist() == [0, 0]
    assert static.match("lens", []).shape == (0,)


def test_a_match_is_the_same_whatever_stands_beside_it(static: StaticEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["lens " * n + "mm 구동부" for n in range(30)]
    alone = [static.match("the 렌즈", [text])[0] for text in texts]
    assert static.match("the 렌즈", texts).tolist() == alone
    monkeypatch.setattr("dokhae.models.static._MATCHED_TOKENS", 7)
    assert static.match("the 렌즈", texts).tolist() == alone


@given(texts=st.lists(st.text(max_size=40) | st.sampled_from(NAUGHTY), max_size=5), question=st.text(max_size=20))
def test_a_match_lies_between_minus_one_and_one(static: StaticEncoder, texts: list[str], question: str) -> None:
    found = static.match(question, texts)
    assert found.shape == (len(texts),)
    assert ((found >= -1 - 1e-5) & (found <= 1 + 1e-5)).all()


def test_a_text_without_tokens_has_a_static_vector_of_noughts(static: StaticEncoder) -> None:
    found = static.encode(["", "lens"])
    assert not found[0].any()
    assert np.linalg.norm(found[1]) == pytest.approx(1)


def test_many_texts_of_many_tokens_are_summed_in_chunks(static: StaticEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["lens " * n + "mm" for n in range(30)]
    whole = static.encode(texts)
    monkeypatch.setattr("dokhae.models.static._CHUNK_TOKENS", 7)
    assert np.allclose(static.encode(texts), whole, atol=1e-6)


def test_a_plugged_in_model_reads_as_much_as_its_files_say(tmp_path: Path) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine")
    assert catalog.load_reader(folder).max_tokens == 64
    (folder / "config.json").write_text('{"model_type": "xlm-roberta", "max_position_embeddings": 66}')
    assert catalog.load_reader(folder).max_tokens == 64
    (folder / "config.json").unlink()
    assert catalog.load_reader(folder).max_tokens == 512


def test_pooling_by_the_first_token_where_the_folder_says_so(tmp_path: Path) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine", kind="encoder")
    mean = catalog.load_encoder(folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    first = catalog.load_encoder(folder)
    assert first.digest != mean.digest
    vectors = first.encode(["lens", "the sensor moves"], "query")
    assert np.allclose(vectors[0], vectors[1])  # "<s>" is the same in both
    assert not np.allclose(*mean.encode(["lens", "the sensor moves"], "query"))


def test_a_device_that_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(MissingExtra, match="cuda"):
        catalog.load_reader(folder / "reader", ModelSettings(device="cuda"))


def test_the_model_of_one_product_is_the_one_made_here() -> None:
    shipped = onnx.load_from_string(files("dokhae.models").joinpath("product.onnx").read_bytes())
    assert shipped.graph == onnx.load_from_string(tiny_models.product()).graph


def test_where_products_overflow_they_are_made_exact(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = catalog.load_reader(folder / "reader").read([("what", TEXT)])
    monkeypatch.setattr("dokhae.models.session.products_overflow", lambda: True)
    assert catalog.load_reader(folder / "reader").read([("what", TEXT)]) == exact


def test_threads_do_not_change_the_numbers(folder: Path) -> None:
    one, two = (catalog.load_reader(folder / "reader", ModelSettings(threads=n)) for n in (1, 2))
    assert one.read([("what", TEXT)]) == two.read([("what", TEXT)])
