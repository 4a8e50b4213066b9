"""Packed windows on the device that trains: batches of like length, made by indexing alone.

In: the ``.npz`` of ``training.examples``.  Out: ``Batch`` tensors: ids [batch, tokens] with the specials of XLM-R
(<s> question </s></s> passage </s>), mask, targets [batch, tokens, 2 * heads] (each column of a known head sums to 1
over the tokens; position 0 says "not here") and weights [batch, 2 * heads].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.fields import FIELDS

N_HEADS = 1 + len(FIELDS)
N_EXTRA = 4
_BEGIN, _PAD, _END = 0, 1, 2
_ROUND = 32
_FIELD_WEIGHT = 0.3


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
        tokens, rows, weights, labels = [], [], [], []
        n_tokens = n_rows = n_groups = 0
        for path in files:
            with np.load(path) as packed:
                row, label = packed["rows"].astype(np.int64), packed["labels"].astype(np.int64)
                row = row if row.shape[1] == 6 else np.pad(row, ((0, 0), (0, 1)), constant_values=-1)
                tokens.append(packed["tokens"].astype(np.int32))
                weights.append(packed["weights"])
            row[:, 0] += n_tokens
            row[:, 5] = np.where(row[:, 5] < 0, -1, row[:, 5] + n_groups)
            label[:, 0] += n_rows
            n_groups = max(n_groups, int(row[:, 5].max()) + 1)
            rows.append(row)
            labels.append(label)
            n_tokens += len(tokens[-1])
            n_rows += len(row)
        self.device = device
        self.lengths = np.concatenate(rows)[:, 1:3].sum(1) + N_EXTRA
        self.groups = np.concatenate(rows)[:, 5]
        self._labels = np.concatenate(labels)
        order = np.argsort(self._labels[:, 0], kind="stable")
        self._labels = self._labels[order]
        self._first = np.searchsorted(self._labels[:, 0], np.arange(n_rows + 1))
        self._tokens = torch.from_numpy(np.concatenate(tokens)).to(device)
        self._rows = torch.from_numpy(np.concatenate(rows)).to(device)
        self._weights = torch.from_numpy(np.concatenate(weights)).to(device)

    def __len__(self) -> int:
        return len(self.lengths)

    def order(self, size: int, rng: np.random.Generator) -> list[Any]:
        """Rows of every batch of one pass: by chance, but of like length within a batch."""
        shuffled = rng.permutation(len(self))
        batches = []
        for start in range(0, len(shuffled), size * 64):
            chunk = shuffled[start : start + size * 64]
            chunk = chunk[np.argsort(self.lengths[chunk], kind="stable")]
            batches.extend(chunk[at : at + size] for at in range(0, len(chunk), size))
        return [batches[at] for at in rng.permutation(len(batches))]

    def whole_groups(self, size: int, rng: np.random.Generator) -> list[Any]:
        """Rows of every batch of one pass, no group cut in two."""
        _, first, counts = np.unique(self.groups, return_index=True, return_counts=True)
        batches: list[Any] = []
        held: list[Any] = []
        for at in rng.permutation(len(first)):
            held.append(np.arange(first[at], first[at] + counts[at]))
            if sum(map(len, held)) >= size:
                batches.append(np.concatenate(held))
                held = []
        return batches

    def in_order(self, size: int) -> Iterator[Any]:
        """Rows by length, for measuring."""
        by_length = np.argsort(self.lengths, kind="stable")
        yield from (by_length[at : at + size] for at in range(0, len(by_length), size))

    def batch(self, chosen: Any) -> Batch:
        """The tensors of the rows ``chosen``."""
        length = int(-(-self.lengths[chosen].max() // _ROUND) * _ROUND)
        rows = self._rows[torch.from_numpy(chosen).to(self.device)]
        start, n_question, n_passage, known, source, group = rows.unbind(1)
        at = torch.arange(length, device=self.device)[None, :]
        passage_from = (n_question + 3)[:, None]
        end = passage_from + n_passage[:, None]
        is_question = (at >= 1) & (at <= n_question[:, None])
        is_passage = (at >= passage_from) & (at < end)
        place = start[:, None] + at - torch.where(is_question, 1, 3)
        ids = self._tokens[place.clamp(0, len(self._tokens) - 1)].long()
        ids = torch.where(is_question | is_passage, ids, torch.where(at == 0, _BEGIN, _END))
        mask = at <= end
        ids = torch.where(mask, ids, _PAD)
        targets, has = self._targets(chosen, n_question, length)
        is_known = (known[:, None] >> torch.arange(N_HEADS, device=self.device)) & 1
        null = (is_known.bool() & ~has).repeat_interleave(2, 1)
        targets[:, 0] += null.to(targets.dtype)
        scale = torch.full((N_HEADS,), _FIELD_WEIGHT, device=self.device)
        scale[0] = 1.0
        weights = is_known * scale * self._weights[torch.from_numpy(chosen).to(self.device)][:, None]
        return Batch(ids, mask, targets, weights.repeat_interleave(2, 1), source, group, is_passage)

    def _targets(self, chosen: Any, n_question: Tensor, length: int) -> tuple[Tensor, Tensor]:
        held = [self._labels[self._first[row] : self._first[row + 1]] for row in chosen]
        counts = np.array([len(one) for one in held])
        labels = np.concatenate(held) if counts.sum() else np.zeros((0, 4), dtype=np.int64)
        row = torch.from_numpy(np.repeat(np.arange(len(chosen)), counts)).to(self.device)
        head, first, last = torch.from_numpy(labels[:, 1:]).to(self.device).unbind(1)
        n_same = torch.zeros((len(chosen), N_HEADS), device=self.device)
        n_same.index_put_((row, head), torch.ones_like(head, dtype=n_same.dtype), accumulate=True)
        targets = torch.zeros((len(chosen), length, 2 * N_HEADS), device=self.device)
        share, shift = 1 / n_same[row, head], n_question[row] + 3
        targets.index_put_((row, first + shift, 2 * head), share, accumulate=True)
        targets.index_put_((row, last + shift, 2 * head + 1), share, accumulate=True)
        return targets, n_same > 0
