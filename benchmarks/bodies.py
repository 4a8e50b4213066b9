"""A BERT body of the size of ours with random weights, for the libraries that can run one: the same weights for all.

In: a shape and a seed.  Out: weights by their names in Hugging Face's BertModel; an ONNX graph of them, fp32 or
int8.  Used by models.py beside it; speed does not depend on what the weights are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    layers: int = 12
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    columns: int = 12


def weights_of(shape: Shape, seed: int = 7) -> dict[str, NDArray[np.float32]]:
    """Random weights, small enough that twelve layers stay in range."""
    rng = np.random.default_rng(seed)

    def drawn(*size: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.05, size).astype(np.float32)

    made = {
        "embeddings.position_embeddings.weight": drawn(shape.positions, shape.width),
        "embeddings.token_type_embeddings.weight": np.zeros((2, shape.width), np.float32),
        "embeddings.LayerNorm.weight": np.ones(shape.width, np.float32),
        "embeddings.LayerNorm.bias": np.zeros(shape.width, np.float32),
    }
    sizes = {
        "attention.self.query": (shape.width, shape.width),
        "attention.self.key": (shape.width, shape.width),
        "attention.self.value": (shape.width, shape.width),
        "attention.output.dense": (shape.width, shape.width),
        "intermediate.dense": (shape.inner, shape.width),
        "output.dense": (shape.width, shape.inner),
    }
    for layer in range(shape.layers):
        at = f"encoder.layer.{layer}."
        for name, size in sizes.items():
            made[f"{at}{name}.weight"], made[f"{at}{name}.bias"] = drawn(*size), drawn(size[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            made[f"{at}{name}.weight"] = np.ones(shape.width, np.float32)
            made[f"{at}{name}.bias"] = np.zeros(shape.width, np.float32)
    made["head.weight"] = rng.normal(0, 0.5, (shape.columns, shape.width)).astype(np.float32)
    return made


def write(path: Path, shape: Shape, weights: Weights) -> Path:
    """The graph: word_vectors, attention_mask -> logits."""
    graph = _Graph(shape, weights)
    onnx.save(graph.model(), str(path))
    return path


def write_int8(path: Path, source: Path) -> Path:
    """The same with int8 products: a scale for each output channel of a matrix, activations scaled as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    options = {"MatMulConstBOnly": True}
    kinds = ["MatMul"]
    quantize_dynamic(
        str(source), str(path), kinds, per_channel=True, weight_type=QuantType.QInt8, extra_options=options
    )
    return path


class _Graph:
    """Nodes and constants as they come; each method adds some and says the name of what they give."""

    def __init__(self, shape: Shape, weights: Weights) -> None:
        self._shape = shape
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def model(self) -> Any:
        shape = self._shape
        bias = self._mask_bias()
        hidden = self._embeddings()
        for layer in range(shape.layers):
            hidden = self._layer(f"encoder.layer.{layer}.", hidden, bias)
        logits = self._node("MatMul", hidden, self._constant("head", self._weights["head.weight"].T))
        self._nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        inputs = [
            helper.make_tensor_value_info("word_vectors", TensorProto.FLOAT, ["batch", "tokens", shape.width]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"]),
        ]
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "tokens", shape.columns])]
        graph = helper.make_graph(self._nodes, "body", inputs, outputs, self._constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def _mask_bias(self) -> str:
        mask = self._node("Cast", "attention_mask", to=TensorProto.FLOAT)
        spread = self._node("Unsqueeze", mask, self._constant("axes", np.array([1, 2], np.int64)))
        hidden = self._node("Sub", self._constant("one", np.float32(1)), spread)
        return self._node("Mul", hidden, self._constant("far", np.float32(-10_000)))

    def _embeddings(self) -> str:
        length = self._node("Slice", self._node("Shape", "word_vectors"), *self._range(1, 2))
        whole = self._constant("positions", self._weights["embeddings.position_embeddings.weight"])
        zero = self._constant("zero", np.array([0], np.int64))
        positions = self._node("Slice", whole, zero, length, zero)
        return self._norm("embeddings.LayerNorm", self._node("Add", "word_vectors", positions))

    def _layer(self, at: str, hidden: str, bias: str) -> str:
        size = self._shape.width // self._shape.heads
        query, key, value = (
            self._heads(self._linear(f"{at}attention.self.{name}", hidden), turned=name == "key")
            for name in ("query", "key", "value")
        )
        scaled = self._node("Mul", self._node("MatMul", query, key), self._constant("scale", np.float32(size**-0.5)))
        weights = self._node("Softmax", self._node("Add", scaled, bias), axis=-1)
        mixed = self._node("Transpose", self._node("MatMul", weights, value), perm=[0, 2, 1, 3])
        joined = self._node("Reshape", mixed, self._constant("joined", np.array([0, 0, self._shape.width], np.int64)))
        attended = self._linear(f"{at}attention.output.dense", joined)
        hidden = self._norm(f"{at}attention.output.LayerNorm", self._node("Add", attended, hidden))
        inner = self._node("Gelu", self._linear(f"{at}intermediate.dense", hidden))
        return self._norm(f"{at}output.LayerNorm", self._node("Add", self._linear(f"{at}output.dense", inner), hidden))

    def _heads(self, projected: str, *, turned: bool) -> str:
        size = self._shape.width // self._shape.heads
        shape = self._constant("heads", np.array([0, 0, self._shape.heads, size], np.int64))
        return self._node(
            "Transpose", self._node("Reshape", projected, shape), perm=[0, 2, 3, 1] if turned else [0, 2, 1, 3]
        )

    def _linear(self, name: str, given: str) -> str:
        product = self._node("MatMul", given, self._constant(name, self._weights[f"{name}.weight"].T))
        return self._node("Add", product, self._constant(f"{name}.bias", self._weights[f"{name}.bias"]))

    def _norm(self, name: str, given: str) -> str:
        parts = (self._constant(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self._node("LayerNormalization", given, *parts, axis=-1, epsilon=1e-12)

    def _range(self, start: int, end: int) -> tuple[str, str]:
        return tuple(self._constant(f"at{n}", np.array([n], np.int64)) for n in (start, end))  # type: ignore[return-value]

    def _constant(self, name: str, value: Any) -> str:
        if not any(one.name == name for one in self._constants):
            self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _node(self, kind: str, *given: str, **attributes: Any) -> str:
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(given), [name], name=name, **attributes))
        return name
