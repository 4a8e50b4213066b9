"""What reader and encoder share while they train: plan, rate, optimizer, precision, checkpoint, log.

In: a network, batches in their order, and a function that gives the losses of one.  Out: the network, trained;
``log.jsonl``.  AdamW; one learning rate up (warm-up), then linear to zero; bfloat16 where the device is fast in it.
With ``seconds`` the passes are cut to what fits that time, measured on the first steps.  A checkpoint is written every
few minutes; the same command goes on from it, and one of another plan is not taken for its own.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.lines import replaced

WARM_UP = 0.06
BETAS, EPSILON, DECAY, CLIP = (0.9, 0.98), 1e-6, 0.01, 1.0
CHECKPOINT = "checkpoint.pt"
_LEAST_RATE = 1e-8
_MEASURED_FROM, _MEASURED_TO = 30, 90  # steps; the first ones are slower
_CHECKPOINT_S = 240
_LOG_EVERY = 100
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how fast and on what.  data: names of the sets, in order; start: of the weights begun with."""

    epochs: float
    batch: int
    rate: float
    seed: int
    data: tuple[str, ...]
    start: str = ""
    seconds: float | None = None

    @property
    def n_passes(self) -> int:
        """Whole passes to lay out; the last may be cut."""
        return math.ceil(self.epochs)

    def n_steps(self, n_batches: int) -> int:
        """How many of the batches of ``n_passes`` passes are trained on."""
        return int(n_batches * self.epochs / self.n_passes)


def add_options(parser: argparse.ArgumentParser, *, epochs: float, batch: int, rate: float) -> None:
    """The options of a plan, with their defaults."""
    parser.add_argument("--epochs", type=float, default=epochs)
    parser.add_argument("--seconds", type=float, help="cut the passes to this time")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--seed", type=int, default=0)


def plan_of(given: argparse.Namespace, data: Sequence[Path], start: Path | None = None) -> Plan:
    """The plan the options ask for."""
    names = tuple(path.stem for path in data)
    begun = f"{start.parent.name}/{start.name}" if start else ""
    return Plan(given.epochs, given.batch, given.rate, given.seed, names, begun, given.seconds)


def device() -> str:
    """Where to train."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def precision(on: str) -> Any:
    """A context for the forward pass: bfloat16, except on a CPU that only imitates it."""
    is_fast = on != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(on, dtype=torch.bfloat16, enabled=is_fast)


def rate_at(done: float, highest: float) -> float:
    """The learning rate when ``done`` of the steps, 0 to 1, are behind."""
    return highest * min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) + _LEAST_RATE


def parameter_groups(net: nn.Module) -> list[dict[str, Any]]:
    """Parameters with and without decay: norms and biases have none."""
    plain = [value for name, value in net.named_parameters() if value.ndim < 2 or "norm" in name]
    known = {id(value) for value in plain}
    return [
        {"params": [value for value in net.parameters() if id(value) not in known], "weight_decay": DECAY},
        {"params": plain, "weight_decay": 0.0},
    ]


def save_weights(net: nn.Module, path: Path) -> None:
    """The weights in float16, the file replaced whole."""
    with replaced(path) as unfinished:
        torch.save({name: value.half().cpu() for name, value in net.state_dict().items()}, unfinished)


def load_weights(path: Path) -> State:
    """Weights in float32, ready for ``load_state_dict``."""
    return {name: value.float() for name, value in torch.load(path, map_location="cpu").items()}


class Log:
    """A line for people and for the file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "log.jsonl"

    def say(self, **figures: Any) -> None:
        print(json.dumps(figures), flush=True)
        with self._path.open("a", encoding="utf8") as file:
            file.write(json.dumps(figures) + "\n")


class Course:
    """One training of a network."""

    def __init__(self, net: nn.Module, plan: Plan, out: Path) -> None:
        self.net, self.plan, self.log = net, plan, Log(out)
        self.device = device()
        self._checkpoint = out / CHECKPOINT
        self._optimizer = torch.optim.AdamW(
            parameter_groups(net), lr=plan.rate, betas=BETAS, eps=EPSILON, fused=self.device == "cuda"
        )

    def run(self, batches: Sequence[Any], losses: Callable[[Any], Mapping[str, Tensor]]) -> None:
        """Trains.  losses: of one batch, by name; the one called ``loss`` is made small, the others are only said."""
        n_steps = self.plan.n_steps(len(batches))
        step = first = self._resumed()
        self.log.say(batches=len(batches), steps=n_steps, begun_at=first, device=self.device)
        pace, saved, totals = Pace(self.plan.seconds), time.monotonic(), Totals()
        self.net.train()
        while step < n_steps:
            found = losses(batches[step])
            self._step(found["loss"], rate_at(step / n_steps, self.plan.rate))
            totals.add(found)
            step += 1
            if (limit := pace.limit(step - first, found["loss"])) is not None:
                n_steps = min(n_steps, limit)
            if step % _LOG_EVERY == 0 or step == n_steps:
                self.log.say(step=step, of=n_steps, **totals.means())
            if time.monotonic() - saved > _CHECKPOINT_S:
                self._save(step)
                saved = time.monotonic()

    def finish(self, weights: Path) -> None:
        """Writes the weights; the checkpoint has done its work."""
        save_weights(self.net, weights)
        self._checkpoint.unlink(missing_ok=True)

    def _step(self, loss: Tensor, rate: float) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)

    def _save(self, step: int) -> None:
        state = {
            "plan": asdict(self.plan),
            "net": self.net.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": step,
            "chance": _chance(self.device),
        }
        with replaced(self._checkpoint) as unfinished:
            torch.save(state, unfinished)

    def _resumed(self) -> int:
        """The step to go on with."""
        if not self._checkpoint.exists():
            return 0
        state = torch.load(self._checkpoint, map_location="cpu")
        if state["plan"] != asdict(self.plan):
            self.log.say(note=f"{self._checkpoint} is of another plan and is left aside")
            return 0
        self.net.load_state_dict(state["net"])
        self._optimizer.load_state_dict(state["optimizer"])
        _set_chance(self.device, state["chance"])
        return int(state["step"])


class Pace:
    """How many steps fit a time, known once the first ones were timed."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._started_s = 0.0

    def limit(self, n_done: int, last: Tensor) -> int | None:
        """The number of steps that fit, said once.  last: something of the last step, to wait for it."""
        if self._seconds is None or n_done not in (_MEASURED_FROM, _MEASURED_TO):
            return None
        last.item()
        if n_done == _MEASURED_FROM:
            self._started_s = time.monotonic()
            return None
        each_s = (time.monotonic() - self._started_s) / (_MEASURED_TO - _MEASURED_FROM)
        return int(self._seconds / each_s)


class Totals:
    """Losses summed on the device: asking for each would hold the graphics card up."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._n = 0

    def add(self, found: Mapping[str, Tensor]) -> None:
        for name, value in found.items():
            self._sums[name] = self._sums.get(name, 0) + value.detach()
        self._n += 1

    def means(self) -> dict[str, float]:
        """Means since they were last asked for."""
        found = {name: round(float(total) / self._n, 4) for name, total in self._sums.items()}
        self._sums, self._n = {}, 0
        return found


def _chance(on: str) -> list[Tensor]:
    """The state of chance (dropout), so that a training gone on with is the one never interrupted."""
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state()] if on == "cuda" else [])]


def _set_chance(on: str, states: list[Tensor]) -> None:
    torch.set_rng_state(states[0])
    if on == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1])
