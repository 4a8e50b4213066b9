"""The shipped reader as a folder that Hugging Face loads: the same weights for a library that cannot run ours.

In: the built-in reader (int8 ONNX, word vectors, tokenizer).  Out: a folder with a BertForQuestionAnswering:
config.json, model.safetensors (float32), tokenizer.json, tokenizer_config.json.  Each int8 matrix is multiplied by its
scales, and its smoothing (training/smoothing.py) folded back into it; of the logits only the two of the question are
taken.  What is left of a difference: activations are no longer rounded to int8.  ``compared`` says how much that is;
with the rounding taken out of the int8 graph the logits agreed within 0.00001.
Used by beside_haystack.py beside it.  Needs onnx and safetensors; ``compared`` torch and transformers, too.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from dokhae.models import catalog
from dokhae.models.body import Body
from dokhae.models.card import Card
from dokhae.models.settings import ModelSettings
from dokhae.models.words import WordVectors

Arrays = Mapping[str, NDArray[Any]]
State = dict[str, NDArray[Any]]

# names in training/net.py -> names in Hugging Face's BertLayer
_DENSE = {"attended": "attention.output.dense", "inner": "intermediate.dense", "outer": "output.dense"}
_NORMS = {"after_attention": "attention.output.LayerNorm", "after_inner": "output.LayerNorm"}
_SELF = ("query", "key", "value")  # side by side in one matrix
_EMBEDDED = "bert.embeddings"
_PRODUCT = re.compile(r"/net/(?:layers\.(?P<layer>\d+)/)?(?:(?P<name>\w+)/)?MatMul_quant")
_SMOOTHED = "/smooth_quantized"
_HEAD_WIDTH = 32
_SPECIAL = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Logits of the folder beside those of the int8 reader, every token of some pairs.

    mean, most: of the absolute differences.  spread: the deviation of the int8 logits themselves.
    same_best: share of starts and ends that have the same best token.  same_pieces: share of pairs cut alike.
    """

    mean: float
    most: float
    spread: float
    same_best: float
    same_pieces: float


def write(folder: Path) -> None:
    """Makes the folder of the built-in reader."""
    from safetensors.numpy import save_file

    card = catalog.card_of("reader")
    folder.mkdir(parents=True, exist_ok=True)
    state = weights_of(card)
    save_file(
        {name: np.ascontiguousarray(values, np.float32) for name, values in state.items()},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    shutil.copyfile(card.tokenizer, folder / "tokenizer.json")
    inputs = {"model_input_names": ["input_ids", "attention_mask"], "model_max_length": card.max_tokens}
    tokens = {"tokenizer_class": "PreTrainedTokenizerFast"} | _SPECIAL | inputs
    for name, content in (("config.json", _config(state)), ("tokenizer_config.json", tokens)):
        (folder / name).write_text(json.dumps(content, indent=1), "utf8")


def weights_of(card: Card) -> State:
    """The weights by their names in BertForQuestionAnswering.  card: of a reader with shared word vectors."""
    model = onnx.load(str(card.model))
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    words = WordVectors(card.tokenizer.parent)
    state: State = {
        f"{_EMBEDDED}.word_embeddings.weight": words.rows(np.arange(words.n_pieces)),
        f"{_EMBEDDED}.position_embeddings.weight": constants["net.body.positions.weight"],
        f"{_EMBEDDED}.token_type_embeddings.weight": constants["net.body.segment"][None, :],
        f"{_EMBEDDED}.LayerNorm.weight": constants["net.body.norm.weight"],
        f"{_EMBEDDED}.LayerNorm.bias": constants["net.body.norm.bias"],
    }
    readers = {name: node for node in model.graph.node for name in node.input}
    for node in model.graph.node:
        place = _PRODUCT.fullmatch(node.name) if node.op_type == "MatMulInteger" else None
        if place is None:  # the head of the first layers is one of these
            continue
        matrix, layer = _matrix(node, constants), place["layer"]
        if layer is None:
            state |= {"qa_outputs.weight": matrix.T[:2], "qa_outputs.bias": constants["net.spans.bias"][:2]}
        elif place["name"] is None:
            added = readers[f"/net/layers.{layer}/MatMul_output_0"]
            bias = next(constants[name] for name in added.input if name in constants)
            state |= _attention(layer, matrix, bias) | _norms(layer, constants)
        else:
            at = f"bert.encoder.layer.{layer}.{_DENSE[place['name']]}"
            bias = constants[f"net.body.layers.{layer}.{place['name']}.bias"]
            state |= {f"{at}.weight": matrix.T, f"{at}.bias": bias}
    return state


def compared(folder: Path, pairs: Sequence[tuple[str, str]]) -> Compared:
    """What the folder says to pairs of question and passage, beside what the built-in reader says to them."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    body = Body(catalog.card_of("reader"), ModelSettings(), (("logits",),))
    model, tokenizer = AutoModelForQuestionAnswering.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    apart, spread, same, cut_alike = [], [], [], []
    for question, text in pairs:
        sequence = body.tokens.pair(question, text)
        ours = body.run([sequence])[0]["logits"][:, :2]  # [tokens, 2]
        with torch.inference_mode():
            found = model(input_ids=torch.tensor([sequence.ids]))
        theirs = torch.stack((found.start_logits[0], found.end_logits[0]), dim=1).numpy()
        apart.append(np.abs(ours - theirs))
        spread.append(ours.std())
        same.append(ours.argmax(axis=0) == theirs.argmax(axis=0))
        cut_alike.append(tokenizer(question, text)["input_ids"] == sequence.ids)
    every = np.concatenate(apart)
    figures = every.mean(), every.max(), np.mean(spread), np.mean(same), np.mean(cut_alike)
    return Compared(*map(float, figures))


def _matrix(node: Any, constants: Arrays) -> NDArray[Any]:
    """What a product of integers multiplies by, in float, the smoothing of its input folded back: [in, out]."""
    smoothed, quantised, _, zero = node.input
    floats = constants[quantised].astype(np.float32) - constants[zero].astype(np.float32)
    floats *= constants[quantised.removesuffix("_quantized") + "_scale"]
    by = constants[smoothed.removesuffix(_SMOOTHED) + "/by"]
    return np.asarray(by[:, None] * floats)


def _attention(layer: str, matrix: NDArray[Any], bias: NDArray[Any]) -> State:
    at = f"bert.encoder.layer.{layer}.attention.self"
    weights, biases = np.split(matrix, len(_SELF), axis=1), np.split(bias, len(_SELF))
    return {f"{at}.{name}.weight": one.T for name, one in zip(_SELF, weights, strict=True)} | {
        f"{at}.{name}.bias": one for name, one in zip(_SELF, biases, strict=True)
    }


def _norms(layer: str, constants: Arrays) -> State:
    return {
        f"bert.encoder.layer.{layer}.{theirs}.{end}": constants[f"net.body.layers.{layer}.{ours}.{end}"]
        for ours, theirs in _NORMS.items()
        for end in ("weight", "bias")
    }


def _config(state: State) -> dict[str, Any]:
    n_pieces, width = state[f"{_EMBEDDED}.word_embeddings.weight"].shape
    return {
        "architectures": ["BertForQuestionAnswering"],
        "model_type": "bert",
        "vocab_size": n_pieces,
        "hidden_size": width,
        "num_hidden_layers": sum(name.endswith("intermediate.dense.weight") for name in state),
        "num_attention_heads": width // _HEAD_WIDTH,
        "intermediate_size": len(state["bert.encoder.layer.0.intermediate.dense.weight"]),
        "max_position_embeddings": len(state[f"{_EMBEDDED}.position_embeddings.weight"]),
        "type_vocab_size": 1,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
        "pad_token_id": 1,
    }
