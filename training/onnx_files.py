"""Weights -> the model folders of the product: ONNX in float32 and int8.

    python -m training.onnx_files reader WEIGHTS.pt OUT    (or encoder)

In: weights of ``training.reader`` or ``training.encoder``.  Out: ``OUT/model.fp32.onnx`` and ``OUT/model.onnx`` (int8:
the weights of every matrix a scale a row, activations quantised as they come).  Inputs ``word_vectors`` and
``attention_mask``; output ``logits`` or ``vectors`` (training/net.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.net import WIDTH, Encoder, Reader

OUTPUTS = {"reader": "logits", "encoder": "vectors"}
_OPSET = 17


def main(kind: str, weights: Path, out: Path) -> None:
    """Exports and quantises."""
    out.mkdir(parents=True, exist_ok=True)
    net = Reader() if kind == "reader" else Encoder()
    net.load_state_dict({name: value.float() for name, value in torch.load(weights, map_location="cpu").items()})
    net.eval()
    whole, prepared = out / "model.fp32.onnx", out / "model.prepared.onnx"
    axes = {"word_vectors": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}}
    torch.onnx.export(
        net,
        (torch.randn(2, 16, WIDTH), torch.ones(2, 16, dtype=torch.int64)),
        str(whole),
        input_names=["word_vectors", "attention_mask"],
        output_names=[OUTPUTS[kind]],
        dynamic_axes=axes | {OUTPUTS[kind]: {0: "batch", 1: "tokens"} if kind == "reader" else {0: "batch"}},
        opset_version=_OPSET,
        dynamo=False,
    )
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(out / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8)
    prepared.unlink()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
