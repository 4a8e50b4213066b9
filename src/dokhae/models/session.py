"""An ONNX file -> something that runs it.  The only place that imports ``onnxruntime`` (and ``openvino``).

In: a model file and ``ModelSettings``.  Out: ``Session``: inputs by name -> outputs by name.  Nothing leaves the
machine: the telemetry of both libraries is off before they load a model.  On the CPU one text runs at a time, which
costs next to nothing there (docs/models.md) and makes its numbers independent of what else is read: an int8 model
scales its activations by all that is in a batch.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from dokhae.errors import InputError, MissingExtra
from dokhae.models.settings import ModelSettings

Arrays = Mapping[str, NDArray[Any]]

onnxruntime.disable_telemetry_events()

_FAILURES = (
    failures.EPFail,
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NoModel,
    failures.NoSuchFile,
    failures.NotImplemented,
    failures.RuntimeException,
)
# The operator by which an int8 model scales its activations; graphics cards have no kernel for it.
_DYNAMIC_INT8 = b"DynamicQuantizeLinear"
# The model of one product: left (uint8 [n, 64]) by a matrix of 127s (int8 [64, 16]).
_PRODUCT = "product.onnx"
_EXACT_PRODUCTS = ("session.x64quantprecision", "1")
# onnxruntime's fused form takes 1.5 times as long on the CPU as the two steps it replaces take together
_SLOW_ON_CPU = ["SkipLayerNormFusion"]
_CHUNK_BYTES = 1 << 20
_WARNINGS_OFF = 3


@dataclass(frozen=True, slots=True)
class Device:
    """Where a model runs.  name: as in the settings.  says: for people.  is_cpu: one text at a time."""

    name: str
    says: str
    is_cpu: bool = False


CPU = Device("cpu", "CPU", is_cpu=True)
CUDA = Device("cuda", "CUDA")
OPENVINO = Device("openvino", "OpenVINO", is_cpu=True)


class Runner(Protocol):
    """A model loaded by one library."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, feeds: Arrays, wanted: Sequence[str]) -> Sequence[NDArray[Any]]: ...


class Session:
    """A model loaded.  Raises InputError ``model-unreadable``, MissingExtra ``device-missing``."""

    def __init__(self, path: Path, settings: ModelSettings) -> None:
        self.path = path
        self.device = device_for(path, settings.device)
        self._runner = _load(path, self.device, settings)
        self.inputs = self._runner.inputs
        self.outputs = self._runner.outputs

    def run(self, feeds: Arrays, wanted: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
        """The outputs ``wanted`` by name, every one where none is named.  All are computed whatever is wanted.

        Raises InputError ``model-unreadable`` where the graph does not fit its inputs.
        """
        names = tuple(wanted) or self.outputs
        given = {name: feeds[name] for name in self.inputs if name in feeds}
        lacking = [name for name in self.inputs if name not in feeds]
        if lacking:
            found, able = f"input {', '.join(lacking)}", ", ".join(feeds)
            raise InputError("model-shape", file=self.path, found=found, wanted=able)
        try:
            outputs = self._runner.run(given, names)
        except _FAILURES as error:
            raise InputError("model-unreadable", file=self.path, reason=_reason(error)) from error
        return dict(zip(names, outputs, strict=True))


def device_for(path: Path, wanted: str) -> Device:
    """Where ``path`` is to run.  Raises MissingExtra for a device that is not installed.

    "auto" takes CUDA, then OpenVINO, where installed; int8 models stay on the CPU, for which they are made.
    """
    found = {device.name: device for device in installed()}
    if wanted == "auto":
        return CPU if _is_dynamic_int8(path) else installed()[0]
    if wanted not in found:
        raise MissingExtra("device-missing", device=wanted, found=", ".join(found))
    return found[wanted]


def installed() -> tuple[Device, ...]:
    """Devices that can be used here, the first one first."""
    providers = onnxruntime.get_available_providers()
    has_openvino = "OpenVINOExecutionProvider" in providers or find_spec("openvino") is not None
    known = ((CUDA, "CUDAExecutionProvider" in providers), (OPENVINO, has_openvino), (CPU, True))
    return tuple(device for device, is_there in known if is_there)


def runtime() -> str:
    """What runs the models, with its version: ``onnxruntime 1.22.0``."""
    return f"onnxruntime {onnxruntime.__version__}"


@cache
def products_overflow() -> bool:
    """Whether int8 products overflow on this CPU unless told not to: with AVX2 or AVX-512 but no VNNI they do.

    Found by trying: 255 x 127, 64 times, with a model of one product.  Exact products everywhere would cost half the
    speed on the CPUs that need no help.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = _WARNINGS_OFF
    model = files(__package__).joinpath(_PRODUCT).read_bytes()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"left": np.full((4, 64), 255, np.uint8)})
    return bool((found != 255 * 127 * 64).any())


def _is_dynamic_int8(path: Path) -> bool:
    kept = b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if _DYNAMIC_INT8 in kept + chunk:
                return True
            kept = chunk[-len(_DYNAMIC_INT8) :]
    return False


def _load(path: Path, device: Device, settings: ModelSettings) -> Runner:
    if device is OPENVINO and "OpenVINOExecutionProvider" not in onnxruntime.get_available_providers():
        return _OpenVino(path, settings)
    return _Onnx(path, device, settings)


class _Onnx:
    """A model in onnxruntime."""

    def __init__(self, path: Path, device: Device, settings: ModelSettings) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _WARNINGS_OFF
        options.intra_op_num_threads = settings.threads or 0
        options.inter_op_num_threads = 1
        # every length would leave its own plan of memory behind
        options.enable_mem_pattern = False
        options.use_deterministic_compute = True
        # Waiting threads that spin take the processor from whoever else works on the machine
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if device.is_cpu and products_overflow():
            options.add_session_config_entry(*_EXACT_PRODUCTS)
        slow = _SLOW_ON_CPU if device.is_cpu else []
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=_providers(device), disabled_optimizers=slow
            )
        except _FAILURES as error:
            raise InputError("model-unreadable", file=path, reason=_reason(error)) from error
        self.inputs = tuple(one.name for one in self._session.get_inputs())
        self.outputs = tuple(one.name for one in self._session.get_outputs())

    def run(self, feeds: Arrays, wanted: Sequence[str]) -> Sequence[NDArray[Any]]:
        found: Sequence[NDArray[Any]] = self._session.run(list(wanted), dict(feeds))
        return found


class _OpenVino:
    """A model in OpenVINO itself, for which no build of onnxruntime is needed.

    Full precision: bfloat16, its default where the CPU has it, moves scores by more than they may differ.
    """

    def __init__(self, path: Path, settings: ModelSettings) -> None:
        # openvino reports its own import to its makers unless this package is out of reach
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
        import openvino

        hints: dict[str, Any] = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
        if settings.threads:
            hints["INFERENCE_NUM_THREADS"] = settings.threads
        try:
            self._model = openvino.Core().compile_model(str(path), "CPU", hints)
        except RuntimeError as error:
            raise InputError("model-unreadable", file=path, reason=_reason(error)) from error
        self.inputs = tuple(one.get_any_name() for one in self._model.inputs)
        self.outputs = tuple(one.get_any_name() for one in self._model.outputs)

    def run(self, feeds: Arrays, wanted: Sequence[str]) -> Sequence[NDArray[Any]]:
        found = self._model(dict(feeds))
        return [np.array(found[self.outputs.index(name)]) for name in wanted]


def _providers(device: Device) -> list[str]:
    own = {"cuda": ["CUDAExecutionProvider"], "openvino": ["OpenVINOExecutionProvider"]}
    return [*own.get(device.name, []), "CPUExecutionProvider"]


def _reason(error: Exception) -> str:
    """The line of an error that says something; OpenVINO begins with lines that name its own source."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("Exception from")), type(error).__name__)
