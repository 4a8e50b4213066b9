"""Weights -> the bodies of the product: ONNX in float32 and int8.

    python -m training.onnx_files --kind reader --weights WEIGHTS.pt --pruned PRUNED.npz --sample PACKED.npz --out OUT
        [--exit 6]

In: weights of ``training.reader`` or ``training.encoder``, the word vectors, and a packed set of which the sizes of
activations are learned.  Out: ``OUT/model.fp32.onnx`` and ``OUT/model.onnx`` (int8: the weights of every matrix a scale
a row, smoothed (``training.smoothing``), activations quantised as they come).  Inputs ``word_vectors`` and
``attention_mask``; output ``logits`` or ``vectors`` (training/net.py), of a reader also ``early``: the logits after
the layers of ``--exit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from training import options
from training.course import load_weights
from training.lines import replaced
from training.net import EXITS, WIDTH, Encoder, Reader, word_table
from training.smoothing import Feeds, smooth
from training.windows import BEGIN, END

OUTPUTS = {"reader": ("logits", "early"), "encoder": ("vectors",)}
_OPSET = 17
_EXAMPLE = (2, 16)  # texts, tokens
_N_STRETCHES, _STRETCH = 64, 254  # tokens, of the sample


def main() -> None:
    """Exports and quantises."""
    parser = options.parser(__doc__, "weights", "pruned", "sample", "out")
    parser.add_argument("--kind", choices=tuple(OUTPUTS), required=True)
    parser.add_argument("--exit", type=int, choices=EXITS, default=EXITS[0], help="layers of the early logits")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    export(given.kind, given.weights, given.out / "model.fp32.onnx", given.exit)
    quantise(given.out / "model.fp32.onnx", sample_of(given.sample, given.pruned), given.out / "model.onnx")


class Exported(nn.Module):
    """A reader with the outputs the product knows."""

    def __init__(self, net: Reader, at: int) -> None:
        super().__init__()
        self.net, self._exit = net, 1 + EXITS.index(at)

    def forward(self, word_vectors: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        found = self.net(word_vectors, attention_mask)
        return found[0], found[self._exit]


def export(kind: str, weights: Path, out: Path, at: int = EXITS[0]) -> None:
    """The network as it is trained, in float32; any number of texts and tokens goes in."""
    net = Reader() if kind == "reader" else Encoder()
    net.load_state_dict(load_weights(weights))
    net.eval()
    free = {0: "batch", 1: "tokens"}
    axes = dict.fromkeys(("word_vectors", "attention_mask"), free)
    axes |= dict.fromkeys(OUTPUTS[kind], free if kind == "reader" else {0: "batch"})
    torch.onnx.export(
        Exported(net, at) if isinstance(net, Reader) else net,
        (torch.randn(*_EXAMPLE, WIDTH), torch.ones(*_EXAMPLE, dtype=torch.int64)),
        str(out),
        input_names=["word_vectors", "attention_mask"],
        output_names=list(OUTPUTS[kind]),
        dynamic_axes=axes,
        opset_version=_OPSET,
        dynamo=False,
    )


def sample_of(packed: Path, pruned: Path) -> Sequence[Feeds]:
    """Some stretches of a packed set, as the body takes them."""
    words = word_table(pruned).numpy()
    with np.load(packed) as found:
        tokens = found["tokens"].astype(np.int64)
    starts = np.random.default_rng(0).integers(0, max(1, len(tokens) - _STRETCH), _N_STRETCHES)
    feeds = []
    for start in starts:
        ids = np.array([[BEGIN, *tokens[start : start + _STRETCH], END]])
        feeds.append({"word_vectors": words[ids], "attention_mask": np.ones(ids.shape, np.int64)})
    return feeds


def quantise(whole: Path, sample: Sequence[Feeds], out: Path) -> None:
    """Int8 matrices, a scale a row; positions stay as they are, for one scale would have to do for all of them."""
    prepared = whole.with_name("model.prepared.onnx")
    quant_pre_process(str(whole), str(prepared), skip_symbolic_shape=True)
    smooth(prepared, sample)
    with replaced(out) as unfinished:
        quantize_dynamic(
            str(prepared),
            str(unfinished),
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
    prepared.unlink()


if __name__ == "__main__":
    main()
