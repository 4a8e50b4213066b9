"""Cards of models: what is missing, changed or exchanged is said with its name, and nothing is read with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dokhae.errors import InputError, MissingExtra
from dokhae.models import catalog
from dokhae.models.card import read_card, sha256_of
from tests import tiny_models


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_models.write_set(tmp_path / "weights")
    monkeypatch.setattr(catalog, "WEIGHTS", folder)
    return folder


def refused(load: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        load()
    return caught.value


def test_the_built_in_models_load_by_nothing_by_name_and_by_path(weights: Path) -> None:
    digests = {catalog.load_reader(name).digest for name in (None, "reader", "tiny-reader", weights / "reader")}
    assert len(digests) == 1
    assert (catalog.has_reader(), catalog.has_encoder(), catalog.has_static()) == (True, True, True)
    assert [card.kind for card in catalog.installed()] == ["reader", "encoder", "static"]


def test_without_weights_everything_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "WEIGHTS", tmp_path / "none")
    assert (catalog.has_reader(), catalog.installed()) == (False, ())
    for load in (catalog.load_reader, catalog.load_encoder, catalog.load_static):
        assert refused(load).code == "model-none"


def test_a_changed_byte_is_named_with_both_digests(weights: Path) -> None:
    path = weights / "reader" / "model.onnx"
    expected = read_card(weights / "reader").files["model.onnx"]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    error = refused(catalog.load_reader)
    assert error.code == "model-changed"
    assert error.values == {"file": str(path), "found": sha256_of(path), "expected": expected}
    assert str(path) in str(error)
    assert expected in str(error)


def test_exchanged_word_vectors_are_noticed_by_both_bodies_and_static_vectors(weights: Path) -> None:
    np.save(weights / "words" / "table.npy", np.zeros((3, 8), np.int8))
    for load in (catalog.load_reader, catalog.load_encoder, catalog.load_static):
        error = refused(load)
        assert (error.code, error.values["file"]) == ("model-changed", str(weights / "words" / "table.npy"))


def test_exchanged_bodies_are_noticed(weights: Path) -> None:
    shutil.copy(weights / "encoder" / "model.onnx", weights / "reader" / "model.onnx")
    assert refused(catalog.load_reader).code == "model-changed"


def test_a_model_of_other_words_has_another_digest(weights: Path) -> None:
    before = catalog.load_reader().digest
    tiny_models.write_words(weights / "words", n_pieces=len(tiny_models.PIECES) + 5)
    assert catalog.load_reader().digest != before


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("reader/model.onnx", "model.onnx"),
        ("words/table.npy", "table.npy"),
        ("words/tokenizer.json", "tokenizer.json"),
        ("words/card.toml", "card.toml"),
        ("words", "card.toml"),
    ],
)
def test_a_missing_part_is_named(weights: Path, part: str, named: str) -> None:
    path = weights / part
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    error = refused(catalog.load_reader)
    assert (error.code, error.values["part"]) == ("model-part-missing", named)


@pytest.mark.parametrize("part", ["model.onnx", "tokenizer.json"])
def test_a_missing_part_of_a_plugged_in_model_is_named(tmp_path: Path, part: str) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine")
    (folder / part).unlink()
    error = refused(lambda: catalog.load_reader(folder))
    assert (error.code, error.values["part"]) == ("model-part-missing", part)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('kind = "reader"', "name must be a string"),
        ('name = "x"\nkind = "poem"\n[files]\n', "kind must be one of"),
        ('name = "x"\nkind = "reader"', "files must be a table"),
        ('name = "x"\nkind = "reader"\n[files]\n"a" = "1"', "files must be a table of file = sha256"),
        ('name = "x"\nkind = "reader"\nmax_tokens = "many"', "max_tokens must be a whole number"),
        ('name = "x"\nkind = "reader"\ndata = ["SQuAD"]', "data must be a list of"),
        ("name = ", "Invalid value"),
    ],
)
def test_a_wrong_card_is_said_with_the_key(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "card.toml").write_text(line)
    error = refused(lambda: catalog.load_reader(tmp_path))
    assert error.code == "model-card-wrong"
    assert problem in str(error)


def test_an_encoder_is_no_reader(weights: Path) -> None:
    error = refused(lambda: catalog.load_reader(weights / "encoder"))
    assert (error.code, error.values["found"], error.values["wanted"]) == ("model-kind", "encoder", "reader")


def test_a_plugged_in_encoder_gives_no_answers(tmp_path: Path) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine", kind="encoder")
    error = refused(lambda: catalog.load_reader(folder))
    assert error.code == "model-shape"
    assert "start_logits + end_logits" in str(error)


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert refused(lambda: catalog.load_reader(tmp_path / "none")).code == "model-missing"


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07" * 50])
def test_what_is_no_onnx_is_said(tmp_path: Path, content: bytes) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine")
    (folder / "model.onnx").write_bytes(content)
    error = refused(lambda: catalog.load_reader(folder))
    assert (error.code, error.values["file"]) == ("model-unreadable", str(folder / "model.onnx"))


def test_a_body_that_wants_word_vectors_needs_them_named(weights: Path) -> None:
    (weights / "reader" / "card.toml").unlink()
    shutil.copy(weights / "words" / "tokenizer.json", weights / "reader")
    reader = catalog.load_reader(weights / "reader")
    assert refused(lambda: reader.read([("what", "lens")])).code == "model-shape"


def test_a_body_of_another_width_is_said(weights: Path) -> None:
    columns = np.ones((tiny_models.WIDTH, 4), np.float32)
    tiny_models.write_reader(weights / "reader", columns=columns)
    reader = catalog.load_reader()
    error = refused(lambda: reader.read([("what", "lens")]))
    assert (error.code, error.values["found"], error.values["wanted"]) == ("model-shape", "4 logits a token", "6")


def test_numbers_that_are_none_are_said(weights: Path) -> None:
    columns = np.full((tiny_models.WIDTH, 6), np.nan, np.float32)
    tiny_models.write_reader(weights / "reader", columns=columns)
    reader = catalog.load_reader()
    assert refused(lambda: reader.read([("what", "lens")])).values["wanted"] == "finite numbers"


def test_a_table_too_short_for_its_tokenizer_is_said(weights: Path) -> None:
    tiny_models.write_words(weights / "words", n_pieces=10)
    error = refused(catalog.load_reader)
    assert (error.code, error.values["rows"]) == ("model-vocabulary", "10")


def test_static_vectors_of_another_table_are_said(weights: Path) -> None:
    tiny_models.write_words(weights / "words", n_pieces=len(tiny_models.PIECES) + 5)
    assert refused(catalog.load_static).code == "model-shape"


def test_a_static_table_with_too_few_rows_is_said(weights: Path) -> None:
    np.savez(weights / "static" / "project.npz", table=np.zeros((3, 4), np.int8), scales=np.ones(3, np.float16))
    tiny_models.write_card(weights / "static", kind="static", words="words")
    error = refused(catalog.load_static)
    assert (error.code, error.values["found"]) == ("model-shape", "table int8 [3, 4], scales float16 [3]")


def test_static_vectors_without_weights_are_said(weights: Path) -> None:
    np.savez(weights / "static" / "project.npz", matrix=np.zeros((3, 4), np.float16))
    tiny_models.write_card(weights / "static", kind="static", words="words")
    assert refused(catalog.load_static).code == "model-unreadable"


def test_nothing_in_a_table_is_executed(weights: Path) -> None:
    np.save(weights / "words" / "table.npy", np.array([{}], dtype=object), allow_pickle=True)
    tiny_models.write_card(weights / "words", kind="words")
    assert refused(catalog.load_reader).code == "model-unreadable"


def test_a_library_that_does_not_load_is_said(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    def fail() -> None:
        with catalog._libraries():
            raise ImportError("DLL load failed")

    with pytest.raises(MissingExtra, match="Visual C"):
        fail()


def test_a_file_is_read_once_while_it_stays_the_same(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = read_card(weights / "reader")
    card.verify()
    monkeypatch.setattr("hashlib.sha256", lambda *_: pytest.fail("a file was read again"))
    card.verify()
