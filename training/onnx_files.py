"""Weights -> the bodies of the product: ONNX in float32 and int8.

    python -m training.onnx_files --kind reader --weights WEIGHTS.pt --out OUT    (or encoder)

In: weights of ``training.reader`` or ``training.encoder``.  Out: ``OUT/model.fp32.onnx`` and ``OUT/model.onnx`` (int8:
the weights of every matrix a scale a row, activations quantised as they come).  Inputs ``word_vectors`` and
``attention_mask``; output ``logits`` or ``vectors`` (training/net.py).
"""

from __future__ import annotations

from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training import options
from training.course import load_weights
from training.lines import replaced
from training.net import WIDTH, Encoder, Reader

OUTPUTS = {"reader": "logits", "encoder": "vectors"}
_OPSET = 17
_EXAMPLE = (2, 16)  # texts, tokens


def main() -> None:
    """Exports and quantises."""
    parser = options.parser(__doc__, "weights", "out")
    parser.add_argument("--kind", choices=tuple(OUTPUTS), required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    export(given.kind, given.weights, given.out / "model.fp32.onnx")
    quantise(given.out / "model.fp32.onnx", given.out / "model.onnx")


def export(kind: str, weights: Path, out: Path) -> None:
    """The network as it is trained, in float32; any number of texts and tokens goes in."""
    net = Reader() if kind == "reader" else Encoder()
    net.load_state_dict(load_weights(weights))
    net.eval()
    free = {0: "batch", 1: "tokens"}
    axes = {"word_vectors": free, "attention_mask": free, OUTPUTS[kind]: free if kind == "reader" else {0: "batch"}}
    torch.onnx.export(
        net,
        (torch.randn(*_EXAMPLE, WIDTH), torch.ones(*_EXAMPLE, dtype=torch.int64)),
        str(out),
        input_names=["word_vectors", "attention_mask"],
        output_names=[OUTPUTS[kind]],
        dynamic_axes=axes,
        opset_version=_OPSET,
        dynamo=False,
    )


def quantise(whole: Path, out: Path) -> None:
    """Int8 matrices, a scale a row."""
    prepared = whole.with_name("model.prepared.onnx")
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    with replaced(out) as unfinished:
        quantize_dynamic(str(prepared), str(unfinished), per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()


if __name__ == "__main__":
    main()
