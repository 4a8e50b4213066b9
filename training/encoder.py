"""Trains the encoder.

    python -m training.encoder --pruned PRUNED.npz --pairs A.npz B.npz --out FOLDER [--epochs 2] [--seconds N]

In: packed pairs.  Out: ``encoder.pt`` (float16 weights) and ``log.jsonl``.  Contrastive: in a batch every other passage
is a wrong one (InfoNCE both ways, temperature 0.02); half of the batches hold pairs of one group (a class, an article),
so that the wrong ones are near.  So that general ability stays, the vectors are held close to those of the base model.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.net import Encoder, base_body, word_table
from training.reader import WARM_UP, grouped

TEMPERATURE = 0.02
CLOSENESS = 0.15
_BEGIN, _PAD, _END = 0, 1, 2


def main() -> None:
    """Trains."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pruned", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--batch", type=int, default=768)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    net = train(options)
    torch.save({name: value.half().cpu() for name, value in net.state_dict().items()}, options.out / "encoder.pt")


class Pairs:
    """Packed pairs on a device."""

    def __init__(self, files: Sequence[Path], device: str) -> None:
        tokens, rows = [], []
        n_tokens = 0
        for path in files:
            with np.load(path) as packed:
                row = packed["rows"].astype(np.int64)
                tokens.append(packed["tokens"].astype(np.int32))
            row[:, 0] += n_tokens
            row[:, 2] += n_tokens
            rows.append(row)
            n_tokens += len(tokens[-1])
        self.device = device
        self.rows = np.concatenate(rows)
        self._tokens = torch.from_numpy(np.concatenate(tokens)).to(device)

    def batches(self, size: int, rng: np.random.Generator) -> list[Any]:
        """Rows of every batch of one pass: half by chance, half by group."""
        order = rng.permutation(len(self.rows))
        is_grouped = (self.rows[order, 4] >= 0) & (rng.random(len(order)) < 0.7)
        free, near = order[~is_grouped], order[is_grouped]
        near = near[np.argsort(self.rows[near, 4] * 1_000_003 % 999_983, kind="stable")]
        found = [one[at : at + size] for one in (free, near) for at in range(0, len(one), size)]
        return [found[at] for at in rng.permutation(len(found)) if len(found[at]) > 8]

    def ids(self, chosen: Any, side: int) -> Tensor:
        """ids [n, tokens] of the queries (0) or passages (1) of rows."""
        rows = torch.from_numpy(self.rows[chosen]).to(self.device)
        start, n = rows[:, 2 * side], rows[:, 2 * side + 1]
        at = torch.arange(int(n.max()) + 2, device=self.device)[None, :]
        ids = self._tokens[(start[:, None] + at - 1).clamp(0, len(self._tokens) - 1)].long()
        ids = torch.where(at == 0, _BEGIN, ids)
        ids = torch.where(at == n[:, None] + 1, _END, ids)
        return torch.where(at > n[:, None] + 1, _PAD, ids)


def train(options: argparse.Namespace) -> Encoder:
    """All passes, or what fits the time."""
    torch.manual_seed(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    words = word_table(options.pruned).to(device)
    net, base = Encoder(), Encoder()
    net.body, base.body = base_body(options.pruned), base_body(options.pruned)
    net.to(device).train()
    base.to(device).eval()
    data = Pairs(options.pairs, device)
    rng = np.random.default_rng(options.seed)
    batches = [one for _ in range(int(np.ceil(options.epochs))) for one in data.batches(options.batch, rng)]
    n_steps = int(len(batches) * options.epochs / np.ceil(options.epochs))
    optimizer = torch.optim.AdamW(grouped(net), lr=options.rate, betas=(0.9, 0.98), eps=1e-6, fused=device == "cuda")
    say(options.out, pairs=len(data.rows), steps=n_steps, device=device)
    started = time.monotonic()
    for step in range(n_steps):
        if step == 20 and options.seconds:
            n_steps = min(n_steps, int(options.seconds / ((time.monotonic() - started) / 20)))
            say(options.out, steps=n_steps)
        if step >= n_steps:
            break
        done = step / n_steps
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(done / WARM_UP, (1 - done) / (1 - WARM_UP)) + 1e-8
        loss, close = step_loss(net, base, words, data, batches[step])
        (loss + CLOSENESS * close).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 20 == 0:
            say(options.out, step=step, loss=round(loss.item(), 4), close=round(close.item(), 4))
    return net


def step_loss(net: Encoder, base: Encoder, words: Tensor, data: Pairs, chosen: Any) -> tuple[Tensor, Tensor]:
    """Contrastive loss of one batch, and how far its vectors are from the base model's."""
    sides, close = [], torch.zeros((), device=words.device)
    for side in (0, 1):
        ids = data.ids(chosen, side)
        vectors = encoded(net, words, ids)
        with torch.no_grad():
            before = encoded(base, words, ids[:128])
        close = close + (1 - (vectors[:128] * before).sum(1)).mean() / 2
        sides.append(vectors)
    scores = sides[0] @ sides[1].T / TEMPERATURE
    labels = torch.arange(len(chosen), device=words.device)
    # The same passage twice in a batch is no wrong answer
    same = data.ids(chosen, 1)
    twin = (same[:, None, :32] == same[None, :, :32]).all(2) & ~torch.eye(len(chosen), device=words.device).bool()
    scores = scores.masked_fill(twin, -1e4)
    return (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2, close


def encoded(net: Encoder, words: Tensor, ids: Tensor) -> Tensor:
    """Unit vectors float32 [n, 384]."""
    with torch.autocast(ids.device.type, dtype=torch.bfloat16):
        found = net(words[ids], (ids != _PAD).long())
    return functional.normalize(found.float(), dim=1)


def say(out: Path, **figures: Any) -> None:
    """A line for people and for the log."""
    print(json.dumps(figures), flush=True)
    with (out / "log.jsonl").open("a", encoding="utf8") as log:
        log.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
