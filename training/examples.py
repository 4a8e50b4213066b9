"""What the reader is trained on, and how it is packed: small arrays that travel to whatever trains.

In: ``Example`` values (texts and character spans).  Out: one ``.npz``: ``tokens`` uint16, all sequences end to end;
``rows`` int32 [n, 6]: start in tokens, question tokens, passage tokens, known heads (bits), source, group; ``weights``
float32 [n]; ``labels`` int32 [m, 4]: row, head, first and last token, counted in the passage.  Head 0 answers the
question, head i + 1 reads field i.  A head that is known and has no label says "not here".
Passages longer than a window become several windows that overlap; a span must lie whole in one of them.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from training.lines import replaced

MAX_QUESTION, MAX_PASSAGE, STRIDE = 64, 300, 128
QUESTION = 0
NO_GROUP = -1
_BATCH = 512
_EMPTY_WINDOWS = 1.5  # of a long document, on average
Labelled = tuple[int, int, int]  # head, start, end: in characters, or in tokens with the end included


@dataclass(frozen=True, slots=True)
class Example:
    """One passage with what is known of it.

    spans: (head, start, end) in characters of the passage; known: the heads that were looked for.  source: which set it
    is from, for the ablations.  group: one question put to several passages, which compete; NO_GROUP for none.
    """

    question: str
    passage: str
    spans: tuple[Labelled, ...]
    source: int
    known: tuple[int, ...] = (QUESTION,)
    weight: float = 1.0
    group: int = NO_GROUP


@dataclass(frozen=True, slots=True)
class Arrays:
    """A packed set as its file holds it."""

    tokens: NDArray[Any]
    rows: NDArray[Any]
    weights: NDArray[np.float32]
    labels: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a passage, in tokens, with the spans that lie whole in it."""

    start: int
    end: int
    spans: tuple[Labelled, ...]


@dataclass(slots=True)
class _Packed:
    """Windows on their way into arrays."""

    tokens: list[NDArray[np.uint16]] = field(default_factory=list)
    rows: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    labels: list[tuple[int, int, int, int]] = field(default_factory=list)
    n_tokens: int = 0
    n_lost: int = 0

    def add(self, example: Example, question: Sequence[int], passage: Sequence[int], window: Window) -> None:
        tokens = [*question, *passage[window.start : window.end]]
        n_passage, known = len(tokens) - len(question), sum(1 << head for head in example.known)
        self.labels.extend((len(self.rows), *span) for span in window.spans)
        self.rows.append((self.n_tokens, len(question), n_passage, known, example.source, example.group))
        self.weights.append(example.weight)
        self.tokens.append(np.array(tokens, dtype=np.uint16))
        self.n_tokens += len(tokens)


def pack(examples: Iterable[Example], tokenizer: Tokenizer, out: Path, *, seed: int = 0) -> dict[str, int]:
    """Writes the arrays and says how many windows, tokens and lost spans there are."""
    packed = _Packed()
    rng = random.Random(seed)
    left = iter(examples)
    while batch := list(islice(left, _BATCH)):
        questions = tokenizer.encode_batch([one.question for one in batch], add_special_tokens=False)
        passages = tokenizer.encode_batch([one.passage for one in batch], add_special_tokens=False)
        for example, question, passage in zip(batch, questions, passages, strict=True):
            _add(packed, example, question.ids[:MAX_QUESTION], passage, rng)
    with replaced(out) as unfinished:
        np.savez_compressed(
            unfinished,
            tokens=np.concatenate(packed.tokens),
            rows=np.array(packed.rows, dtype=np.int32),
            weights=np.array(packed.weights, dtype=np.float32),
            labels=np.array(packed.labels, dtype=np.int32).reshape(-1, 4),
        )
    return {"windows": len(packed.rows), "tokens": packed.n_tokens, "lost": packed.n_lost}


def _add(packed: _Packed, example: Example, question: Sequence[int], passage: Encoding, rng: random.Random) -> None:
    spans = [(head, *tokens_of(passage.offsets, start, end)) for head, start, end in example.spans]
    found = [span for span in spans if span[1] <= span[2]]
    is_placed = False
    for window in windows(len(passage.ids), found, rng):
        is_placed = is_placed or bool(window.spans)
        packed.add(example, question, passage.ids, window)
    packed.n_lost += bool(example.spans) and not is_placed


def windows(n_tokens: int, spans: Sequence[Labelled], rng: random.Random) -> Iterator[Window]:
    """The windows of a passage that are worth training on.

    Left out is one that cuts a span and holds none whole, for nobody can say what its answer is, and, where there is an
    answer, most of those without it.
    """
    starts = window_starts(n_tokens)
    for start in starts:
        end = min(start + MAX_PASSAGE, n_tokens)
        inside = tuple(
            (head, first - start, last - start) for head, first, last in spans if start <= first and last < end
        )
        is_cut = not inside and any(first < end and last >= start for _, first, last in spans)
        is_surplus = bool(spans) and not inside and rng.random() > _EMPTY_WINDOWS / len(starts)
        if not is_cut and not is_surplus:
            yield Window(start, end, inside)


def window_starts(n_tokens: int) -> list[int]:
    """Where windows begin.

    >>> window_starts(10), window_starts(301), window_starts(700)
    ([0], [0, 128], [0, 128, 256, 384, 512])
    """
    if n_tokens <= MAX_PASSAGE:
        return [0]
    return list(range(0, n_tokens - MAX_PASSAGE + STRIDE, STRIDE))


def tokens_of(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """First and last token of a character span.

    >>> tokens_of([(0, 2), (2, 5), (5, 6)], 3, 6)
    (1, 2)
    """
    ends, starts = [right for _, right in offsets], [left for left, _ in offsets]
    return bisect_right(ends, start), bisect_left(starts, end) - 1


def load(path: Path) -> Arrays:
    """A packed set; rows of files written before groups were known get none."""
    with np.load(path) as packed:
        rows, labels = packed["rows"].astype(np.int64), packed["labels"].astype(np.int64)
        tokens, weights = packed["tokens"].astype(np.int32), packed["weights"]
    if rows.shape[1] == 5:
        rows = np.pad(rows, ((0, 0), (0, 1)), constant_values=NO_GROUP)
    return Arrays(tokens, rows, weights, labels)


def join(sets: Sequence[Arrays]) -> Arrays:
    """Several sets as one; a set named twice counts twice.  Groups of different sets stay apart."""
    rows, labels = [], []
    n_tokens = n_rows = n_groups = 0
    for one in sets:
        row, label = one.rows.copy(), one.labels.copy()
        row[:, 0] += n_tokens
        row[:, 5] = np.where(row[:, 5] == NO_GROUP, NO_GROUP, row[:, 5] + n_groups)
        label[:, 0] += n_rows
        rows.append(row)
        labels.append(label)
        n_tokens += len(one.tokens)
        n_rows += len(row)
        n_groups = max(n_groups, int(row[:, 5].max()) + 1)
    tokens, weights = (np.concatenate([getattr(one, name) for one in sets]) for name in ("tokens", "weights"))
    return Arrays(tokens, np.concatenate(rows), weights, np.concatenate(labels))
