"""Trains the reader.

    python -m training.reader --pruned PRUNED.npz --train A.npz B.npz --dev D.npz --out FOLDER [--epochs 3] [--seconds N]

In: packed windows.  Out: ``reader.pt`` (float16 weights), ``log.jsonl`` (loss and figures as they come).  The word
vectors are frozen.  One learning rate up and down (warm-up, then linear to zero), AdamW, bfloat16.  With ``--seconds``
the passes are cut to what fits that time, measured on the first steps.  A checkpoint is written every few minutes; the
same command goes on from it.  With ``--grouped`` the passages a question was put to compete: one softmax over all of them, each
token's score taken against its passage's null (Clark and Gardner 2018, shared normalisation), beside the loss of each
passage alone; that is a second stage, begun from the weights of the first (``--start``).  Figures: start/end both right and token F1 where there is an answer, "not here" said
where there is none, by source.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.net import Reader, base_body, word_table
from training.windows import Batch, Windows

WARM_UP = 0.06
_MEASURED_STEPS = 30
_CHECKPOINT_S = 240
_LOG_EVERY = 200
_FAR = -1e4


def main() -> None:
    """Trains and measures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pruned", type=Path, required=True)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--start", type=Path, help="weights to start from instead of the base")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--seconds", type=float, help="cut the passes to this time")
    parser.add_argument("--grouped", action="store_true", help="whole questions, their passages competing")
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    run.train()
    run.measure()
    torch.save({name: value.half().cpu() for name, value in run.net.state_dict().items()}, options.out / "reader.pt")


class Run:
    """One training, from its options."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.words = word_table(options.pruned).to(self.device)
        self.net = Reader()
        self.net.body = base_body(options.pruned)
        nn.init.normal_(self.net.spans.weight, std=0.02)
        if options.start:
            self.net.load_state_dict({k: v.float() for k, v in torch.load(options.start).items()})
        self.net.to(self.device)
        self.optimizer = torch.optim.AdamW(
            grouped(self.net), lr=options.rate, betas=(0.9, 0.98), eps=1e-6, fused=self.device == "cuda"
        )
        self.step = 0

    def train(self) -> None:
        """All passes, or what fits the time."""
        data = Windows(self.options.train, self.device)
        rng = np.random.default_rng(self.options.seed)
        order = data.whole_groups if self.options.grouped else data.order
        batches = [one for _ in range(int(np.ceil(self.options.epochs))) for one in order(self.options.batch, rng)]
        n_steps = int(len(batches) * self.options.epochs / np.ceil(self.options.epochs))
        self.say(windows=len(data), steps=n_steps, device=self.device)
        first = self.resume()
        self.net.train()
        started = saved = time.monotonic()
        total = torch.zeros((), device=self.device)
        for self.step in range(first, n_steps):
            if self.step >= n_steps:
                break
            total += self.one(data.batch(batches[self.step]), self.step / n_steps)
            n_done = self.step - first + 1
            if n_done == _MEASURED_STEPS:
                started = time.monotonic()
                total.item()
            if n_done == 3 * _MEASURED_STEPS and self.options.seconds:
                total.item()
                each_s = (time.monotonic() - started) / (2 * _MEASURED_STEPS)
                n_steps = min(n_steps, int(self.options.seconds / each_s))
                self.say(step_s=round(each_s, 4), steps=n_steps)
            if n_done % _LOG_EVERY == 0:
                self.say(step=self.step, loss=round(float(total) / _LOG_EVERY, 4))
                total.zero_()
            if self.step >= n_steps - 1:
                break
            if time.monotonic() - saved > _CHECKPOINT_S:
                self.save()
                saved = time.monotonic()
        self.say(trained_s=round(time.monotonic() - started, 1), step=self.step)

    def one(self, batch: Batch, done: float) -> Tensor:
        """One step; the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.options.rate * min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) + 1e-8
        loss = self.loss(batch)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    def loss(self, batch: Batch) -> Tensor:
        """Cross-entropy of every known pointer against its targets."""
        logits = self.logits(batch)
        likely = torch.log_softmax(logits, dim=1)
        each = -(batch.targets * likely).sum(1) * batch.weights
        alone = each.sum() / batch.weights.sum().clamp(min=1e-6)
        return alone + competing(batch, logits) if self.options.grouped else alone

    def logits(self, batch: Batch) -> Tensor:
        """float32 [batch, tokens, 2 * heads], nothing outside passage and null."""
        with torch.autocast(self.device, dtype=torch.bfloat16):
            found = self.net(self.words[batch.ids], batch.mask)
        allowed = batch.is_passage.clone()
        allowed[:, 0] = True
        scores: Tensor = found.float().masked_fill(~allowed[:, :, None], _FAR)
        return scores

    @torch.no_grad()
    def measure(self) -> None:
        """Prints the figures of every dev file."""
        self.net.eval()
        for path in self.options.dev:
            data = Windows([path], self.device)
            figures: dict[int, list[Any]] = defaultdict(list)
            for chosen in data.in_order(256):
                batch = data.batch(chosen)
                for source, one in zip(batch.sources.tolist(), judged(batch, self.logits(batch)), strict=True):
                    figures[source].append(one)
            for source, found in sorted(figures.items()):
                self.say(dev=path.stem, source=source, **summary(found))

    def say(self, **figures: Any) -> None:
        """A line for people and for the log."""
        print(json.dumps(figures), flush=True)
        with (self.options.out / "log.jsonl").open("a", encoding="utf8") as log:
            log.write(json.dumps(figures) + "\n")

    def save(self) -> None:
        """A checkpoint, replaced whole."""
        state = {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step + 1}
        torch.save(state, self.options.out / "checkpoint.new")
        (self.options.out / "checkpoint.new").replace(self.options.out / "checkpoint.pt")

    def resume(self) -> int:
        """The step to go on with."""
        path = self.options.out / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])


def competing(batch: Batch, logits: Tensor) -> Tensor:
    """Cross-entropy of the right tokens among those of all passages their question was put to."""
    margins = (logits - logits[:, :1])[:, 1:, :2]  # [batch, tokens, 2], against the null
    right = batch.targets[:, 1:, :2] > 0
    every = torch.logsumexp(margins, dim=1)
    good = torch.logsumexp(margins.masked_fill(~right, 2 * _FAR), dim=1)
    _, place = torch.unique(batch.groups, return_inverse=True)
    n = int(place.max()) + 1
    highest = margins.detach().amax().clamp(max=80.0)
    total = torch.zeros(n, 2, device=logits.device).index_add(0, place, (every - highest).exp())
    hit = torch.zeros(n, 2, device=logits.device).index_add(0, place, (good - highest).exp())
    answered = torch.zeros(n, device=logits.device).index_add(0, place, right.any(1)[:, 0].float()) > 0
    loss = (total.clamp(min=1e-30).log() - hit.clamp(min=1e-30).log())[answered]
    return loss.mean() if len(loss) else logits.sum() * 0


def grouped(net: nn.Module) -> list[dict[str, Any]]:
    """Parameters with and without decay: norms and biases have none."""
    plain = [value for name, value in net.named_parameters() if value.ndim < 2 or "norm" in name]
    known = {id(value) for value in plain}
    return [
        {"params": [value for value in net.parameters() if id(value) not in known], "weight_decay": 0.01},
        {"params": plain, "weight_decay": 0.0},
    ]


def judged(batch: Batch, logits: Tensor) -> list[tuple[bool, bool, float, bool]]:
    """For each row of a question: has an answer, said so, token F1 of the best span, exact."""
    start, end = logits[..., 0], logits[..., 1]
    n = start.shape[1]
    both = start[:, :, None] + end[:, None, :]
    fits = torch.ones(n, n, device=logits.device).triu().tril(40).bool()
    fits[0] = False
    best, place = both.masked_fill(~fits, 2 * _FAR).flatten(1).max(1)
    said = best > start[:, 0] + end[:, 0]
    has = batch.targets[:, 1:, 0].sum(1) > 0
    found = []
    for row in range(len(place)):
        first, last = divmod(int(place[row]), n)
        golds = spans_of(batch.targets[row])
        f1 = max((overlap((first, last), gold) for gold in golds), default=0.0)
        found.append((bool(has[row]), bool(said[row]), f1, (first, last) in golds))
    return found


def spans_of(targets: Tensor) -> list[tuple[int, int]]:
    """The labelled spans of head 0, in order."""
    starts = targets[1:, 0].nonzero().flatten().tolist()
    ends = targets[1:, 1].nonzero().flatten().tolist()
    return [(first + 1, last + 1) for first, last in zip(starts, ends, strict=False)]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """F1 of two spans in tokens."""
    same = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(0.0, 2 * same / (one[1] - one[0] + other[1] - other[0] + 2))


def summary(found: list[tuple[bool, bool, float, bool]]) -> dict[str, float]:
    """Means of ``judged``."""
    answered, silent = [one for one in found if one[0]], [one for one in found if not one[0]]
    return {
        "n": len(answered),
        "exact": round(float(np.mean([one[3] for one in answered])), 4) if answered else 0.0,
        "f1": round(float(np.mean([one[2] for one in answered])), 4) if answered else 0.0,
        "found": round(float(np.mean([one[1] for one in answered])), 4) if answered else 0.0,
        "n_silent": len(silent),
        "refused": round(float(np.mean([not one[1] for one in silent])), 4) if silent else 0.0,
    }


if __name__ == "__main__":
    main()
