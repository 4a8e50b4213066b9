"""Matrices and what flows into them, scaled against each other so that int8 holds both.

In: a float model and sequences of token ids as a sample.  Out: the same model, the same numbers, easier to quantise.
A few channels of a BERT's activations are ten to fifty times as large as the others; one scale for all leaves those
others a handful of steps.  Each channel is divided by its size to the power ALPHA, and its row of the matrix multiplied
by as much (SmoothQuant, Xiao et al. 2022).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper

ALPHA = 0.7
_LEAST = 1e-4
Floats = NDArray[np.float32]
Feeds = Mapping[str, NDArray[Any]]


def smooth(path: Path, sample: Sequence[Feeds]) -> None:
    """Rewrites the model at ``path``; every product by a constant matrix is smoothed."""
    largest = activations(path, sample)
    model = onnx.load(str(path))
    constants = {one.name: one for one in model.graph.initializer}
    products = defaultdict(list)
    for node in model.graph.node:
        if _is_product(node, constants):
            products[node.input[0]].append(node)
    scales = {}
    for name, nodes in products.items():
        matrices = {node.input[1]: numpy_helper.to_array(constants[node.input[1]]) for node in nodes}
        rows = np.max([np.abs(matrix).max(1) for matrix in matrices.values()], axis=0)
        scales[name] = scale_of(largest[name], rows)
        for weight, matrix in matrices.items():
            constants[weight].CopyFrom(numpy_helper.from_array(matrix * scales[name][:, None], weight))
    _divide(model, scales, {node.name for nodes in products.values() for node in nodes})
    onnx.save(model, str(path))


def scale_of(largest: Floats, rows: Floats) -> Floats:
    """What each channel is divided by; its geometric mean is 1.

    >>> [f"{one:.2f}" for one in scale_of(np.array([1, 16], "f4"), np.array([1, 1], "f4"))]
    ['0.38', '2.64']
    """
    scale = np.maximum(largest, _LEAST) ** ALPHA / np.maximum(rows, _LEAST) ** (1 - ALPHA)
    even: Floats = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    return even


def activations(path: Path, sample: Sequence[Feeds]) -> dict[str, Floats]:
    """The largest absolute value of each channel of everything that is multiplied by a constant matrix."""
    model = onnx.load(str(path))
    constants = {one.name for one in model.graph.initializer}
    names = list(dict.fromkeys(node.input[0] for node in model.graph.node if _is_product(node, constants)))
    model.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found: dict[str, Floats] = {}
    for feeds in sample:
        for name, values in zip(names, session.run(names, dict(feeds)), strict=True):
            largest = np.abs(values).reshape(-1, values.shape[-1]).max(0)
            found[name] = np.maximum(found.get(name, largest), largest)
    return found


def _is_product(node: Any, constants: Any) -> bool:
    return bool(node.op_type == "MatMul" and node.input[1] in constants)


def _divide(model: Any, scales: Mapping[str, Floats], products: set[str]) -> None:
    """Puts a division before every product named."""
    nodes: list[Any] = []
    done: set[str] = set()
    for node in model.graph.node:
        if node.name in products:
            name = node.input[0]
            if name not in done:
                done.add(name)
                model.graph.initializer.append(numpy_helper.from_array(1 / scales[name], f"{name}/by"))
                nodes.append(helper.make_node("Mul", [name, f"{name}/by"], [f"{name}/smooth"], name=f"{name}/smooth"))
            node.input[0] = f"{name}/smooth"
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
