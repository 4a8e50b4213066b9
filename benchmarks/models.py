"""Tokens and windows a second of a 12-layer, 384-wide body: onnxruntime, OpenVINO, PyTorch, Hugging Face transformers.

    python benchmarks/models.py                          # random weights of the size of ours, the same for all
    python benchmarks/models.py --onnx reader/model.onnx # a body of ours: onnxruntime and OpenVINO only
    python benchmarks/models.py --threads 2 --seconds 5

In: nothing, or an ONNX body (word_vectors, attention_mask).  Out: a table on standard output; what is not installed
is skipped and said so.  Each contender runs in a process of its own.  A window is 256 tokens.  With "avx2", oneDNN
(PyTorch, OpenVINO) is held to AVX2 by ONEDNN_MAX_CPU_ISA; onnxruntime's kernels choose by the CPU alone and have no
such switch: for its AVX2 figure run this on a machine without AVX-512.  Last, how int8 scores move with the batch.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WINDOW = 256
# batch x tokens: one window, as the product runs; batches as others do; a short query
SIZES = ((1, WINDOW), (8, WINDOW), (32, 128), (1, 32))
WIDTH = 384

Arrays = dict[str, NDArray[Any]]
Run = Callable[[Arrays], Any]


@dataclass(frozen=True, slots=True)
class Contender:
    """needs: packages.  file: which body, "fp32" or "int8".  isa: what oneDNN may use, "" = all there is."""

    name: str
    needs: tuple[str, ...]
    file: str
    isa: str = ""

    @property
    def says(self) -> str:
        return f"{self.name} {self.file}{' avx2' if self.isa else ''}"


CONTENDERS = (
    Contender("onnxruntime", ("onnxruntime",), "fp32"),
    Contender("onnxruntime", ("onnxruntime",), "int8"),
    Contender("openvino f32", ("openvino",), "fp32"),
    Contender("openvino f32", ("openvino",), "int8"),
    Contender("openvino f32", ("openvino",), "fp32", isa="AVX2"),
    Contender("openvino bf16", ("openvino",), "fp32"),
    Contender("transformers f32", ("torch", "transformers"), "fp32"),
    Contender("transformers bf16", ("torch", "transformers"), "fp32"),
    Contender("transformers f32", ("torch", "transformers"), "fp32", isa="AVX2"),
    Contender("torch f32", ("torch",), "fp32"),
)


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    if options.run is not None:
        print(json.dumps(list(_time(CONTENDERS[options.run], Path(options.folder), options))))
        return 0
    print(f"{_cpu()}, {options.threads} threads, {platform.python_version()}; tokens/s, best of the runs")
    print("| contender | " + " | ".join(f"{n} × {length}" for n, length in SIZES) + " | windows/s |")
    print("|---" * (len(SIZES) + 2) + "|")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        given = _prepare(folder, options.onnx)
        for n, contender in enumerate(CONTENDERS):
            missing = [name for name in contender.needs if find_spec(name) is None]
            if missing or contender.file not in given:
                print(f"| {contender.says} | skipped: {', '.join(missing) or 'not this file'} |")
                continue
            print(f"| {contender.says} | " + " | ".join(_start(n, folder, options)) + " |", flush=True)
        if "int8" in given:
            print(_moved(folder / "int8.onnx", options.threads))
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--onnx", type=Path, help="a body of ours in place of random weights")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each size of each contender (default 3)")
    parser.add_argument("--run", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _prepare(folder: Path, given: Path | None) -> set[str]:
    """Writes the bodies into ``folder`` and says which there are."""
    if given is not None:
        kind = "int8" if b"DynamicQuantizeLinear" in given.read_bytes() else "fp32"
        (folder / f"{kind}.onnx").write_bytes(given.read_bytes())
        return {kind}
    from bodies import Shape, weights_of, write, write_int8

    weights = weights_of(Shape())
    np.savez(folder / "weights.npz", **weights)  # type: ignore[arg-type]
    write_int8(folder / "int8.onnx", write(folder / "fp32.onnx", Shape(), weights))
    return {"fp32", "int8"}


def _start(n: int, folder: Path, options: argparse.Namespace) -> Iterator[str]:
    """The cells of a contender, run in a process of its own."""
    contender = CONTENDERS[n]
    isa = {"ONEDNN_MAX_CPU_ISA": contender.isa, "DNNL_MAX_CPU_ISA": contender.isa} if contender.isa else {}
    command = [sys.executable, __file__, "--run", str(n), "--folder", str(folder)]
    command += ["--threads", str(options.threads), "--seconds", str(options.seconds)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **isa}, check=False)
    if done.returncode:
        yield f"failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
        return
    rates = json.loads(done.stdout.splitlines()[-1])
    yield from (f"{rate:,.0f}" for rate in rates)
    yield f"{rates[0] / WINDOW:.1f}"


def _time(contender: Contender, folder: Path, options: argparse.Namespace) -> Iterator[float]:
    """Tokens a second for each size: the best run, for others on the machine only ever slow it down."""
    run = _RUNNERS[contender.name.split()[0]](contender, folder, options.threads)
    for n, length in SIZES:
        feeds = _feeds([length] * n)
        run(feeds)
        best, until = float("inf"), time.monotonic() + options.seconds
        while time.monotonic() < until:
            started = time.perf_counter()
            run(feeds)
            best = min(best, time.perf_counter() - started)
        yield n * length / best


def _feeds(lengths: Sequence[int], seed: int = 1) -> Arrays:
    """Random word vectors, each row of its own length; what lies beyond it is noughts and masked."""
    rng = np.random.default_rng(seed)
    vectors = np.zeros((len(lengths), max(lengths), WIDTH), np.float32)
    mask = np.zeros((len(lengths), max(lengths)), np.int64)
    for row, length in enumerate(lengths):
        vectors[row, :length] = rng.standard_normal((length, WIDTH))
        mask[row, :length] = 1
    return {"word_vectors": vectors, "attention_mask": mask}


def _onnxruntime(contender: Contender, folder: Path, threads: int) -> Run:
    from dokhae.models.session import Session
    from dokhae.models.settings import ModelSettings

    return Session(folder / f"{contender.file}.onnx", ModelSettings("cpu", threads)).run


def _openvino(contender: Contender, folder: Path, threads: int) -> Run:
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    precision = contender.name.split()[1]
    hints = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    model = openvino.Core().compile_model(str(folder / f"{contender.file}.onnx"), "CPU", hints)
    run: Run = model
    return run


def _transformers(contender: Contender, folder: Path, threads: int) -> Run:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import torch
    from transformers import BertConfig, BertModel

    from bodies import Shape

    torch.set_num_threads(threads)
    shape = Shape()
    config = BertConfig(
        vocab_size=8,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
    )
    model = BertModel(config, add_pooling_layer=False).eval()
    stored = np.load(folder / "weights.npz")
    model.load_state_dict({name: torch.from_numpy(stored[name]) for name in stored.files}, strict=False)
    model = model.to(torch.bfloat16 if contender.name.endswith("bf16") else torch.float32)

    def run(feeds: Arrays) -> Any:
        with torch.inference_mode():
            vectors = torch.from_numpy(feeds["word_vectors"]).to(model.dtype)
            return model(inputs_embeds=vectors, attention_mask=torch.from_numpy(feeds["attention_mask"]))

    return run


def _torch(contender: Contender, folder: Path, threads: int) -> Run:
    """PyTorch's own fused encoder layers, of the same size: its best case without transformers."""
    import torch

    from bodies import Shape

    torch.set_num_threads(threads)
    shape = Shape()
    layer = torch.nn.TransformerEncoderLayer(shape.width, shape.heads, shape.inner, activation="gelu", batch_first=True)
    model = torch.nn.TransformerEncoder(layer, shape.layers).eval()

    def run(feeds: Arrays) -> Any:
        with torch.inference_mode():
            return model(torch.from_numpy(feeds["word_vectors"]))

    return run


_RUNNERS: dict[str, Callable[[Contender, Path, int], Run]] = {
    "onnxruntime": _onnxruntime,
    "openvino": _openvino,
    "transformers": _transformers,
    "torch": _torch,
}


def _moved(path: Path, threads: int) -> str:
    """How much the scores of a window change with its neighbours in a padded batch."""
    run = _onnxruntime(Contender("onnxruntime", (), "int8"), path.parent, threads)
    rng = np.random.default_rng(2)
    lengths = [int(n) for n in rng.integers(40, WINDOW, 16)]
    together = _feeds(lengths)
    scores = run(together)["logits"]
    moved, flipped, spread = [], 0, []
    for row, length in enumerate(lengths):
        alone = run({name: array[row : row + 1, :length] for name, array in together.items()})["logits"][0]
        moved.append(np.abs(scores[row, :length] - alone))
        spread.append(alone.std())
        flipped += int((scores[row, :length].argmax(axis=0) != alone.argmax(axis=0)).sum())
    largest, mean = max(float(one.max()) for one in moved), float(np.mean([one.mean() for one in moved]))
    n = len(lengths) * scores.shape[2]
    return (
        f"\nint8, {len(lengths)} windows of 40 to {WINDOW} tokens in one batch against each alone: scores move by "
        f"{mean:.4f} in the mean, {largest:.3f} at most (their spread is {np.mean(spread):.2f}); "
        f"the best token is another one in {flipped} of {n} columns."
    )


def _cpu() -> str:
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        lines = Path("/proc/cpuinfo").read_text("utf8").splitlines()
        facts = dict(line.split(":", 1) for line in lines if ":" in line)
        facts = {key.strip(): value.strip() for key, value in facts.items()}
        name = facts.get("model name", name)
        flags = set(facts.get("flags", "").split())
        known = [
            flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "amx_bf16") if flag in flags
        ]
        name += f" ({', '.join(known)})"
    return name


if __name__ == "__main__":
    sys.exit(main())
