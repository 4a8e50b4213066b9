"""Packed windows on the device that trains: batches of like length, made by indexing alone.

In: the ``.npz`` of ``training.examples``.  Out: ``Batch`` tensors: ids [batch, tokens] with the specials of XLM-R
(<s> question </s></s> passage </s>), mask, targets [batch, tokens, 2 * heads] (each column of a known head sums to 1
over the tokens; position 0 says "not here") and weights [batch, 2 * heads].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.examples import NO_GROUP, join, load
from training.fields import FIELDS

N_HEADS = 1 + len(FIELDS)
N_EXTRA = 4
BEGIN, PAD, END = 0, 1, 2
_BETWEEN = 3  # specials before the passage
_ROUND = 32
_POOL = 64  # batches whose rows are sorted by length together
_FIELD_WEIGHT = 0.3
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step.  sources, groups: int [batch]."""

    ids: Tensor
    mask: Tensor
    targets: Tensor
    weights: Tensor
    sources: Tensor
    groups: Tensor
    is_passage: Tensor


class Windows:
    """Several packed files as one set, on a device."""

    def __init__(self, files: Sequence[Path], device: str) -> None:
        packed = join([load(path) for path in files])
        self.device = device
        self.lengths: Rows = packed.rows[:, 1:3].sum(1) + N_EXTRA
        self.groups: Rows = packed.rows[:, 5]
        order = np.argsort(packed.labels[:, 0], kind="stable")
        self._labels = packed.labels[order]
        self._first = np.searchsorted(self._labels[:, 0], np.arange(len(packed.rows) + 1))
        self._tokens = torch.from_numpy(packed.tokens).to(device)
        self._rows = torch.from_numpy(packed.rows).to(device)
        self._weights = torch.from_numpy(packed.weights).to(device)
        self._head_weights = torch.full((N_HEADS,), _FIELD_WEIGHT, device=device)
        self._head_weights[0] = 1.0

    def __len__(self) -> int:
        return len(self.lengths)

    def batches(self, size: int, rng: np.random.Generator) -> list[Rows]:
        """Rows of every batch of one pass, by chance: windows of no group by like length, the rest in whole groups."""
        is_alone = self.groups == NO_GROUP
        found = [*self._by_length(np.flatnonzero(is_alone), size, rng)]
        found += self._whole_groups(np.flatnonzero(~is_alone), size, rng)
        return [found[at] for at in rng.permutation(len(found))]

    def _by_length(self, rows: Rows, size: int, rng: np.random.Generator) -> Iterator[Rows]:
        shuffled = rng.permutation(rows)
        for start in range(0, len(shuffled), size * _POOL):
            chunk = shuffled[start : start + size * _POOL]
            chunk = chunk[np.argsort(self.lengths[chunk], kind="stable")]
            yield from (chunk[at : at + size] for at in range(0, len(chunk), size))

    def _whole_groups(self, rows: Rows, size: int, rng: np.random.Generator) -> Iterator[Rows]:
        """No group is cut in two; what is left over at the end is no batch."""
        by_group = rows[np.argsort(self.groups[rows], kind="stable")]
        _, first, counts = np.unique(self.groups[by_group], return_index=True, return_counts=True)
        held: list[Rows] = []
        for at in rng.permutation(len(first)):
            held.append(by_group[first[at] : first[at] + counts[at]])
            if sum(map(len, held)) >= size:
                yield np.concatenate(held)
                held = []

    def in_order(self, size: int) -> Iterator[Rows]:
        """Rows by length, for measuring."""
        by_length = np.argsort(self.lengths, kind="stable")
        yield from (by_length[at : at + size] for at in range(0, len(by_length), size))

    def batch(self, chosen: Rows) -> Batch:
        """The tensors of the rows ``chosen``."""
        length = int(-(-self.lengths[chosen].max() // _ROUND) * _ROUND)
        rows = self._rows[torch.from_numpy(chosen).to(self.device)]
        _, n_question, _, known, sources, groups = rows.unbind(1)
        ids, mask, is_passage = self._ids(rows, length)
        targets, has = self._targets(chosen, n_question, length)
        is_known = (known[:, None] >> torch.arange(N_HEADS, device=self.device)) & 1  # [batch, heads]
        null = (is_known.bool() & ~has).repeat_interleave(2, 1)
        targets[:, 0] += null.to(targets.dtype)
        weights = is_known * self._head_weights * self._weights[torch.from_numpy(chosen).to(self.device)][:, None]
        return Batch(ids, mask, targets, weights.repeat_interleave(2, 1), sources, groups, is_passage)

    def _ids(self, rows: Tensor, length: int) -> tuple[Tensor, Tensor, Tensor]:
        """ids, mask and where the passage is, each [batch, length]."""
        start, n_question, n_passage = (column[:, None] for column in rows[:, :3].unbind(1))
        at = torch.arange(length, device=self.device)[None, :]
        end = n_question + _BETWEEN + n_passage
        is_question = (at >= 1) & (at <= n_question)
        is_passage = (at >= n_question + _BETWEEN) & (at < end)
        place = start + at - torch.where(is_question, 1, _BETWEEN)
        ids = self._tokens[place.clamp(0, len(self._tokens) - 1)].long()
        ids = torch.where(is_question | is_passage, ids, torch.where(at == 0, BEGIN, END))
        mask = at <= end
        return torch.where(mask, ids, PAD), mask, is_passage

    def _targets(self, chosen: Rows, n_question: Tensor, length: int) -> tuple[Tensor, Tensor]:
        """Shares of every span, [batch, length, 2 * heads], and which heads have one, [batch, heads]."""
        held = [self._labels[self._first[row] : self._first[row + 1]] for row in chosen]
        counts = np.array([len(one) for one in held])
        labels = np.concatenate(held) if counts.sum() else np.zeros((0, 4), dtype=np.int64)
        row = torch.from_numpy(np.repeat(np.arange(len(chosen)), counts)).to(self.device)
        head, first, last = torch.from_numpy(labels[:, 1:]).to(self.device).unbind(1)
        n_same = torch.zeros((len(chosen), N_HEADS), device=self.device)
        n_same.index_put_((row, head), torch.ones_like(head, dtype=n_same.dtype), accumulate=True)
        targets = torch.zeros((len(chosen), length, 2 * N_HEADS), device=self.device)
        share, shift = 1 / n_same[row, head], n_question[row] + _BETWEEN
        targets.index_put_((row, first + shift, 2 * head), share, accumulate=True)
        targets.index_put_((row, last + shift, 2 * head + 1), share, accumulate=True)
        return targets, n_same > 0
