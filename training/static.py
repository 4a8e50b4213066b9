"""Static token vectors: distils the encoder into one row a piece, which a text's vector is the weighted sum of.

    python -m training.static --cache CACHE --out FOLDER [--dim 128] [--steps 1500] [--corpus CORPUS --models WEIGHTS]

In: the cache of ``training.static_texts``.  Out: ``project.npz``: ``table`` int8 [pieces, dim] and ``scales`` float16
[pieces].  The rows begin as the encoder's vectors of the pieces alone, without their mean, reduced by PCA and weighted
by SIF (Arora et al. 2017; Tulkens & van Dongen 2024, model2vec).  Then they learn, with the sums normalised:
pairs that mean the same (InfoNCE both ways); how like the encoder finds any two texts of a batch (its softmax, by KL);
which passages of a patent answer a question, among all those of the patent and of the others in the batch.
With ``--corpus`` the selection of passages is measured on the part "dev" as it learns.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.net import quantised

SIF = 1e-3
PAIR_TEMPERATURE, OWN_TEMPERATURE, TEACHER_TEMPERATURE = 0.05, 0.08, 0.03
N_PAIRS, N_ALIKE, N_PATENTS = 768, 512, 32
KEPT = 0.85  # of the tokens of a text, in training
_ROUND = 8


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each lesson counts."""

    pairs: float = 1.0
    alike: float = 1.0
    asked: float = 1.0
    near: float = 0.02  # to where the rows began


class Lessons:
    """The cache, as tensors."""

    def __init__(self, cache: Path, seed: int) -> None:
        with np.load(cache / "texts.npz") as packed:
            self.tokens, self.starts = packed["tokens"].astype(np.int64), packed["starts"]
            self.pairs = packed["pairs"].astype(np.int64)
            self.passages, self.asked = packed["passages"].astype(np.int64), packed["asked"].astype(np.int64)
            self.answers = packed["answers"].astype(np.int64)
        with np.load(cache / "vectors.npz") as packed:
            self.encoded = packed["encoded"]
            self.vectors = torch.from_numpy(packed["vectors"].astype(np.float32))
        self.row = {int(text): row for row, text in enumerate(self.encoded)}
        self.asked_of = _grouped(self.asked)
        self.passages_of = _grouped(self.passages)
        self.answers_of = _grouped(self.answers[:, ::-1])
        self.rng = np.random.default_rng(seed)

    def bags(self, texts: Any, *, kept: float = KEPT) -> tuple[Tensor, Tensor]:
        """Ids of the texts one after the other, and where each begins; some are left out by chance."""
        counts = self.starts[texts + 1] - self.starts[texts]
        firsts = np.cumsum(counts) - counts
        at = np.arange(counts.sum()) + np.repeat(self.starts[texts] - firsts, counts)
        chosen = self.rng.random(len(at)) < kept
        offsets = np.concatenate([[0], np.cumsum(chosen)])[firsts]
        return torch.from_numpy(self.tokens[at[chosen]]), torch.from_numpy(offsets)


class Static(nn.Module):
    """A row a piece; bags of ids -> unit vectors [n, dim]."""

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows.clone())
        self.register_buffer("began", rows)

    def forward(self, bags: tuple[Tensor, Tensor]) -> Tensor:
        return functional.normalize(functional.embedding_bag(bags[0], self.rows, bags[1], mode="sum"), dim=1)


def main() -> None:
    """Learns and writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=0.01, help="in units of the rows' mean length")
    parser.add_argument("--mix", default="{}", help='JSON, e.g. {"asked": 2}')
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    lessons = Lessons(options.cache, options.seed)
    with np.load(options.cache / "pieces.npz") as packed:
        rows = first_rows(packed["vectors"].astype(np.float32), lessons.tokens, options.dim)
    net = train(lessons, Static(rows), options)
    write(net, options.out / "project.npz")


def first_rows(pieces: Any, tokens: Any, dim: int) -> Tensor:
    """Vectors of the pieces, reduced and weighted: [pieces, dim] of mean length about 1."""
    centred = pieces - pieces.mean(0)
    counts = np.bincount(tokens, minlength=len(pieces))
    used = centred[counts > 0]
    _, vectors = np.linalg.eigh(used.T @ used)
    reduced = centred @ vectors[:, ::-1][:, :dim]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-6
    weights = SIF / (SIF + (counts + 1) / counts.sum())
    return torch.from_numpy((reduced * weights[:, None]).astype(np.float32))


def train(lessons: Lessons, net: Static, options: argparse.Namespace) -> Static:
    """All steps; the rate rises for a twentieth of them, then falls to nought."""
    mix = Mix(**json.loads(options.mix))
    optimizer = torch.optim.Adam(net.parameters(), lr=options.rate, betas=(0.9, 0.99))
    watch = Watch(options)
    started = time.monotonic()
    for step in range(options.steps + 1):
        done = step / options.steps
        if step % max(1, options.steps // 5) == 0:
            say(options.out, step=step, s=round(time.monotonic() - started), **watch.figures(net))
        if step == options.steps:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(done * 20, (1 - done) / 0.95) + 1e-6
        losses = {"pairs": pairs_loss(lessons, net), "alike": alike_loss(lessons, net)}
        losses["asked"] = asked_loss(lessons, net)
        losses["near"] = ((net.rows - net.began) ** 2).sum(1).mean()
        total = sum((getattr(mix, name) * loss for name, loss in losses.items()), torch.zeros(()))
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        optimizer.step()
        if step % 100 == 0:
            say(options.out, step=step, **{name: round(loss.item(), 4) for name, loss in losses.items()})
    return net


def pairs_loss(lessons: Lessons, net: Static) -> Tensor:
    """InfoNCE both ways over pairs by chance."""
    chosen = lessons.pairs[lessons.rng.integers(0, len(lessons.pairs), N_PAIRS)]
    one, other = (net(lessons.bags(chosen[:, side])) for side in (0, 1))
    scores = one @ other.T / PAIR_TEMPERATURE
    same = torch.from_numpy((chosen[:, None, :] == chosen[None, :, :]).any(2)) & ~torch.eye(len(chosen)).bool()
    scores = scores.masked_fill(same, -1e4)
    labels = torch.arange(len(chosen))
    return (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2


def alike_loss(lessons: Lessons, net: Static) -> Tensor:
    """KL of the likeness of any two texts, as the encoder has it, and ours."""
    rows = lessons.rng.choice(len(lessons.encoded), N_ALIKE, replace=False)
    ours, theirs = net(lessons.bags(lessons.encoded[rows])), lessons.vectors[torch.from_numpy(rows)]
    return _divergence(ours @ ours.T, theirs @ theirs.T, torch.eye(len(rows)).bool())


def asked_loss(lessons: Lessons, net: Static) -> Tensor:
    """Answering passages among those of their patent, and among all of the batch; the encoder's opinion too."""
    patents = lessons.rng.choice(list(lessons.asked_of), N_PATENTS, replace=False)
    asked = np.concatenate([lessons.asked_of[one] for one in patents])
    passages = np.concatenate([lessons.passages_of[one] for one in patents])
    ours = net(lessons.bags(asked)) @ net(lessons.bags(passages)).T  # [asked, passages]
    own = (
        np.repeat(patents, [len(lessons.asked_of[one]) for one in patents])[:, None]
        == (np.repeat(patents, [len(lessons.passages_of[one]) for one in patents])[None, :])
    )
    empty: Any = np.zeros(0, np.int64)
    right = np.stack([np.isin(passages, lessons.answers_of.get(one, empty)) for one in asked]) & own
    has = torch.from_numpy(right.any(1))
    scores, right_, own_ = ours / OWN_TEMPERATURE, torch.from_numpy(right), torch.from_numpy(own)
    held = torch.logsumexp(scores.masked_fill(~right_, -1e4), 1)
    among_own = (torch.logsumexp(scores.masked_fill(~own_, -1e4), 1) - held)[has].mean()
    among_all = (torch.logsumexp(scores, 1) - held)[has].mean()
    return 2 * among_own + 0.5 * among_all + _opinion(lessons, asked, passages, ours, own_)


def _opinion(lessons: Lessons, asked: Any, passages: Any, ours: Tensor, own: Tensor) -> Tensor:
    """KL from the encoder's order of the passages of a patent, where it has read them."""
    rows, columns = ([at for at, text in enumerate(texts) if int(text) in lessons.row] for texts in (asked, passages))
    theirs = (
        lessons.vectors[[lessons.row[int(asked[at])] for at in rows]]
        @ lessons.vectors[[lessons.row[int(passages[at])] for at in columns]].T
    )
    outside = ~own[rows][:, columns]
    known = (~outside).any(1)
    return _divergence(ours[rows][:, columns][known], theirs[known], outside[known])


def _divergence(ours: Tensor, theirs: Tensor, hidden: Tensor) -> Tensor:
    """Mean KL of rows, ``hidden`` left out."""
    wanted = functional.softmax((theirs / TEACHER_TEMPERATURE).masked_fill(hidden, -1e4), 1)
    got = functional.log_softmax((ours / OWN_TEMPERATURE).masked_fill(hidden, -1e4), 1)
    return functional.kl_div(got, wanted, reduction="batchmean")


def write(net: Static, path: Path) -> None:
    """The table as the product holds it: a multiple of ``_ROUND`` columns, int8 with a scale a row."""
    table, scales = quantised(net.rows.detach().numpy())
    np.savez(path, table=table, scales=scales.astype(np.float16))


class Watch:
    """Selection and retrieval on the part "dev", as the rows learn; nothing where no corpus is given."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._held: Any = None
        if options.corpus:
            from training.static_watch import Held

            self._held = Held(options.corpus, options.models)

    def figures(self, net: Static) -> dict[str, float]:
        return self._held.figures(net.rows.detach().numpy()) if self._held else {}


def say(out: Path, **figures: Any) -> None:
    """A line for people and for the log."""
    print(json.dumps(figures), flush=True)
    with (out / "log.jsonl").open("a", encoding="utf8") as log:
        log.write(json.dumps(figures) + "\n")


def _grouped(rows: Any) -> dict[int, Any]:
    """[value, key] -> values by key, each once."""
    found: dict[int, list[int]] = {}
    for value, key in rows.tolist():
        found.setdefault(key, []).append(value)
    return {key: np.array(list(dict.fromkeys(values))) for key, values in found.items()}


if __name__ == "__main__":
    main()
