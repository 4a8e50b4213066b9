"""Tiny models built on the spot, in the layouts of real ones: small enough for a test, whole enough to run.

In: a folder.  Out: tokenizer, word table, readers and encoders in it.  The graphs are hand-made and deterministic, so
that a test can say which words must come out: a token's score depends on what it and its neighbours are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH = 8
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
WORDS = ("▁lens", "▁sensor", "▁moves", "▁1.5", "▁mm", "▁렌즈", "가", "▁구동부", "▁the", "▁what")
FIELDS = ("problem", "solution")
_LETTERS = (*"abcdefghijklmnopqrstuvwxyz0123456789.,()-?:λμ가나다라마바사é", "▁")
PIECES = (*SPECIAL, *WORDS, *_LETTERS)


def tokenizer() -> Tokenizer:
    """Unigram pieces with the special tokens, pairs and blanks of XLM-R; NFKC in place of its table."""
    made = Tokenizer(models.Unigram([(piece, -float(n)) for n, piece in enumerate(PIECES)], unk_id=3))
    made.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace("\n", " "), normalizers.Replace("\x01", ""), _fold()]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    made.add_special_tokens(list(SPECIAL))
    return made


def _fold() -> normalizers.Normalizer:
    from tokenizers import Regex

    return normalizers.Replace(Regex(" {2,}"), " ")


def piece(name: str) -> int:
    return PIECES.index(name)


def write_words(folder: Path, *, n_pieces: int = len(PIECES)) -> Path:
    """The shared table: each piece a row of its own, drawn with a fixed seed."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    rng = np.random.default_rng(7)
    np.save(folder / "table.npy", rng.integers(-127, 128, (n_pieces, WIDTH), dtype=np.int8))
    np.save(folder / "scales.npy", np.linspace(0.005, 0.01, n_pieces, dtype=np.float32))
    return write_card(folder, kind="words")


def vectors(folder: Path) -> NDArray[np.float32]:
    table = np.load(folder / "table.npy").astype(np.float32)
    scaled: NDArray[np.float32] = table * np.load(folder / "scales.npy")[:, None]
    return scaled


def write_reader(folder: Path, *, columns: NDArray[np.float32] | None = None) -> Path:
    """A built-in reader beside ``words``: logits = word vectors @ columns, [width, 2 + 2 * fields]."""
    if columns is None:
        rng = np.random.default_rng(3)
        columns = rng.standard_normal((WIDTH, 2 + 2 * len(FIELDS))).astype(np.float32) * 4
    return _write_body(folder, "reader", "logits", columns, fields=list(FIELDS), max_question_tokens=16)


def make_int8(folder: Path) -> Path:
    """The built-in model in ``folder`` with int8 products, its activations scaled by all that runs at once."""
    from onnxruntime.quantization import quantize_dynamic

    path = folder / "model.onnx"
    quantize_dynamic(str(path), str(path))
    return write_card(folder, kind="reader", words="words", max_tokens=48, fields=list(FIELDS))


def write_encoder(folder: Path, *, dim: int = 4) -> Path:
    """A built-in encoder beside ``words``: the mean over the mask of word vectors @ matrix."""
    matrix = np.random.default_rng(5).standard_normal((WIDTH, dim)).astype(np.float32)
    prefixes = {"query": "query: ", "passage": "passage: "}
    return _write_body(folder, "encoder", "vectors", matrix, prefixes=prefixes)


def write_static(folder: Path, *, dim: int = 4, own_table: bool = False) -> Path:
    """Static vectors beside ``words``: its table projected, or with ``own_table`` a row a piece of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(11)
    if own_table:
        table = rng.integers(-127, 128, (len(PIECES), dim), dtype=np.int8)
        np.savez(folder / "project.npz", table=table, scales=np.linspace(0.01, 0.001, len(PIECES)).astype(np.float16))
        return write_card(folder, kind="static", words="words")
    matrix = rng.standard_normal((WIDTH, dim)).astype(np.float16)
    weights = np.linspace(1, 0.1, len(PIECES)).astype(np.float16)
    np.savez(folder / "project.npz", matrix=matrix, weights=weights)
    return write_card(folder, kind="static", words="words")


def write_set(folder: Path) -> Path:
    """All four parts of a built-in set."""
    write_words(folder / "words")
    write_reader(folder / "reader")
    write_encoder(folder / "encoder")
    write_static(folder / "static")
    return folder


def write_plugged_in(folder: Path, *, kind: str = "reader", nested: bool = False) -> Path:
    """Somebody else's model: ids in, no card."""
    path = folder / "onnx" / "model.onnx" if nested else folder / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "max_position_embeddings": 64}))
    rng = np.random.default_rng(9)
    table = rng.standard_normal((len(PIECES), 2 if kind == "reader" else 4)).astype(np.float32) * 3
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    if kind == "reader":
        nodes += [
            helper.make_node("Split", ["rows", "ones"], ["start", "end"], axis=2),
            helper.make_node("Squeeze", ["start", "axis"], ["start_logits"]),
            helper.make_node("Squeeze", ["end", "axis"], ["end_logits"]),
        ]
        outputs: dict[str, Sequence[str | int]] = {"start_logits": ("b", "n"), "end_logits": ("b", "n")}
    else:
        nodes += [helper.make_node("Identity", ["rows"], ["last_hidden_state"])]
        outputs = {"last_hidden_state": ("b", "n", 4)}
    constants: dict[str, NDArray[Any]] = {
        "table": table,
        "axis": np.array([2], np.int64),
        "ones": np.array([1, 1], np.int64),
    }
    _save(path, nodes, {"input_ids": ("b", "n"), "attention_mask": ("b", "n")}, outputs, constants)
    return folder


def product() -> bytes:
    """The model by which ``session.products_overflow`` tries its CPU."""
    matrix = numpy_helper.from_array(np.full((64, 16), 127, np.int8), "matrix")
    left = helper.make_tensor_value_info("left", TensorProto.UINT8, ["n", 64])
    found = helper.make_tensor_value_info("found", TensorProto.INT32, ["n", 16])
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["left", "matrix"], ["found"])], "product", [left], [found], [matrix]
    )
    made: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    ).SerializeToString()
    return made


def write_card(folder: Path, *, kind: str, **more: Any) -> Path:
    """A card over every file now in ``folder``."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "card.toml")
    lines = [f'name = "tiny-{kind}"', 'version = "1"', f'kind = "{kind}"', 'licence = "MIT"', 'base = "none"']
    lines += ['data = [{ name = "made up", licence = "MIT", n = 3 }]']
    lines += [f"{key} = {_toml(value)}" for key, value in more.items()]
    lines += ["figures = { f1 = 0.5 }", "[files]"]
    lines += [f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"' for name in names]
    (folder / "card.toml").write_text("\n".join(lines) + "\n", encoding="utf8")
    return folder


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {json.dumps(one)}" for key, one in value.items()) + " }"
    return json.dumps(value)


def _write_body(folder: Path, kind: str, output: str, matrix: NDArray[np.float32], **card: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    of_tokens = [helper.make_node("MatMul", ["word_vectors", "matrix"], ["projected"])]
    if kind == "reader":
        nodes = [*of_tokens, helper.make_node("Identity", ["projected"], [output])]
        outputs: dict[str, Sequence[str | int]] = {output: ("b", "n", matrix.shape[1])}
    else:
        nodes = [*of_tokens, *_masked_mean(output)]
        outputs = {output: ("b", matrix.shape[1])}
    constants: dict[str, NDArray[Any]] = {
        "matrix": matrix,
        "last": np.array([2], np.int64),
        "tokens": np.array([1], np.int64),
    }
    inputs: dict[str, Sequence[str | int]] = {"word_vectors": ("b", "n", WIDTH), "attention_mask": ("b", "n")}
    _save(folder / "model.onnx", nodes, inputs, outputs, constants)
    return write_card(folder, kind=kind, words="words", max_tokens=48, **card)


def _masked_mean(output: str) -> list[Any]:
    return [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["projected", "mask3"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "tokens"], ["sums"], keepdims=0),
        helper.make_node("ReduceSum", ["mask3", "tokens"], ["counts"], keepdims=0),
        helper.make_node("Div", ["sums", "counts"], [output]),
    ]


def _save(
    path: Path,
    nodes: Sequence[Any],
    inputs: dict[str, Any],
    outputs: dict[str, Any],
    constants: dict[str, NDArray[Any]],
) -> None:
    used = {name for node in nodes for name in node.input}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [_value(name, shape, of_ids=name != "word_vectors") for name, shape in inputs.items()],
        [_value(name, shape, of_ids=False) for name, shape in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in constants.items() if name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _value(name: str, shape: Sequence[str | int], *, of_ids: bool) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.INT64 if of_ids else TensorProto.FLOAT, list(shape))
