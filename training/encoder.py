"""Trains the encoder.

    python -m training.encoder --pruned PRUNED.npz --pairs A.npz B.npz --out FOLDER [--epochs 2]

In: packed pairs; a set named twice counts twice.  Out: ``encoder.pt`` (float16 weights) and ``log.jsonl`` (how it runs
and goes on: ``training.course``).  Contrastive: in a batch every other passage is a wrong one (InfoNCE both ways,
temperature 0.02); most pairs of a group (a class, an article) share their batches, so that the wrong ones are near.
So that general ability stays, the vectors are held close to those of the base model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training import course, options
from training.course import Course
from training.net import Encoder, base_body, word_table
from training.windows import BEGIN, END, PAD, Rows

WEIGHTS = "encoder.pt"
TEMPERATURE = 0.02
CLOSENESS = 0.15
N_CLOSE = 128  # pairs of a batch held close
_NEAR_SHARE = 0.7  # of the pairs with a group
_LEAST = 8
_COMPARED = 32  # tokens; passages alike in these are one
_NEVER = -1e4


def main() -> None:
    """Trains."""
    parser = options.parser(__doc__, "pruned", "out")
    parser.add_argument("--pairs", type=Path, nargs="+", required=True)
    course.add_options(parser, epochs=2, batch=768, rate=1e-4)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    plan = course.plan_of(given, given.pairs)
    torch.manual_seed(plan.seed)
    encoding = Encoding(given.pruned)
    data = Pairs(given.pairs, encoding.device)
    running = Course(encoding.net, plan, given.out)
    rng = np.random.default_rng(plan.seed)
    batches = list(chain.from_iterable(data.batches(plan.batch, rng) for _ in range(plan.n_passes)))
    running.run(batches, lambda chosen: encoding.losses(data.ids(chosen, 0), data.ids(chosen, 1)))
    running.finish(given.out / WEIGHTS)


class Pairs:
    """Packed pairs on a device."""

    def __init__(self, files: Sequence[Path], device: str) -> None:
        tokens, rows = [], []
        n_tokens = 0
        for path in files:
            with np.load(path) as packed:
                row = packed["rows"].astype(np.int64)
                tokens.append(packed["tokens"].astype(np.int32))
            row[:, [0, 2]] += n_tokens
            rows.append(row)
            n_tokens += len(tokens[-1])
        self.device = device
        self.rows: Rows = np.concatenate(rows)
        self._tokens = torch.from_numpy(np.concatenate(tokens)).to(device)

    def batches(self, size: int, rng: np.random.Generator) -> list[Rows]:
        """Rows of every batch of one pass: by chance, and group by group."""
        order = rng.permutation(len(self.rows))
        is_near = (self.rows[order, 4] >= 0) & (rng.random(len(order)) < _NEAR_SHARE)
        free, near = order[~is_near], order[is_near]
        near = near[np.argsort(_scattered(self.rows[near, 4]), kind="stable")]
        found = [one[at : at + size] for one in (free, near) for at in range(0, len(one), size)]
        return [found[at] for at in rng.permutation(len(found)) if len(found[at]) > _LEAST]

    def ids(self, chosen: Rows, side: int) -> Tensor:
        """ids [n, tokens] of the queries (0) or passages (1) of rows."""
        rows = torch.from_numpy(self.rows[chosen]).to(self.device)
        start, n = rows[:, 2 * side, None], rows[:, 2 * side + 1, None]
        at = torch.arange(int(n.max()) + 2, device=self.device)[None, :]
        ids = self._tokens[(start + at - 1).clamp(0, len(self._tokens) - 1)].long()
        ids = torch.where(at == 0, BEGIN, ids)
        ids = torch.where(at == n + 1, END, ids)
        return torch.where(at > n + 1, PAD, ids)


def _scattered(groups: Rows) -> Rows:
    """The groups in an order that has nothing to do with their numbers."""
    return groups * 1_000_003 % 999_983


class Encoding:
    """The encoder in training beside the base model, and their word vectors."""

    def __init__(self, pruned: Path) -> None:
        self.device = course.device()
        self._words = word_table(pruned).to(self.device)
        self.net, self._base = Encoder(), Encoder()
        self.net.body, self._base.body = base_body(pruned), base_body(pruned)
        self.net.to(self.device)
        self._base.to(self.device).eval()

    def losses(self, queries: Tensor, passages: Tensor) -> Mapping[str, Tensor]:
        """Of one batch: contrast, and how far its vectors are from the base model's."""
        vectors = [self._vectors(self.net, ids) for ids in (queries, passages)]
        close = sum(self._distance(ids, found) for ids, found in zip((queries, passages), vectors, strict=True)) / 2
        contrast = contrastive(*vectors, is_same=same_start(passages) | same_start(queries))
        return {"loss": contrast + CLOSENESS * close, "contrast": contrast, "close": close}

    def _distance(self, ids: Tensor, vectors: Tensor) -> Tensor:
        """1 - cosine to the base model's vectors, in the mean over the first texts."""
        with torch.no_grad():
            before = self._vectors(self._base, ids[:N_CLOSE])
        return (1 - (vectors[:N_CLOSE] * before).sum(1)).mean()

    def _vectors(self, net: Encoder, ids: Tensor) -> Tensor:
        """Unit vectors float32 [n, 384]."""
        with course.precision(self.device):
            found = net(self._words[ids], (ids != PAD).long())
        return functional.normalize(found.float(), dim=1)


def contrastive(queries: Tensor, passages: Tensor, *, is_same: Tensor) -> Tensor:
    """InfoNCE both ways over unit vectors [n, d].  is_same [n, n]: pairs that are no wrong answers to each other."""
    scores = (queries @ passages.T / TEMPERATURE).masked_fill(is_same, _NEVER)
    labels = torch.arange(len(queries), device=queries.device)
    both: Tensor = (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2
    return both


def same_start(ids: Tensor) -> Tensor:
    """Which texts of ids [n, tokens] begin alike, [n, n], none with itself."""
    start = ids[:, :_COMPARED]
    alike: Tensor = (start[:, None] == start[None, :]).all(2)
    return alike & ~torch.eye(len(ids), device=ids.device).bool()


if __name__ == "__main__":
    main()
