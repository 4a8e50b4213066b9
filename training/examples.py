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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

MAX_QUESTION, MAX_PASSAGE, STRIDE = 64, 300, 128
QUESTION = 0
_BATCH = 512
_EMPTY_WINDOWS = 1.5  # of a long document, on average


@dataclass(frozen=True, slots=True)
class Example:
    """One passage with what is known of it.

    spans: (head, start, end) in characters of the passage; known: the heads that were looked for.  source: which set it
    is from, for the ablations.  group: one question put to several passages, which compete; -1 for none.
    """

    question: str
    passage: str
    spans: tuple[tuple[int, int, int], ...]
    source: int
    known: tuple[int, ...] = (QUESTION,)
    weight: float = 1.0
    group: int = -1


@dataclass(slots=True)
class Packed:
    """Windows on their way into arrays."""

    tokens: list[np.ndarray[Any, Any]]
    rows: list[tuple[int, int, int, int, int, int]]
    weights: list[float]
    labels: list[tuple[int, int, int, int]]
    n_tokens: int = 0
    n_lost: int = 0


def pack(examples: Iterable[Example], tokenizer: Tokenizer, out: Path, *, seed: int = 0) -> dict[str, int]:
    """Writes the arrays and says how many windows, tokens and lost spans there are."""
    packed = Packed([], [], [], [])
    rng = random.Random(seed)
    for batch in batches(examples, _BATCH):
        questions = tokenizer.encode_batch([one.question for one in batch], add_special_tokens=False)
        passages = tokenizer.encode_batch([one.passage for one in batch], add_special_tokens=False)
        for example, question, passage in zip(batch, questions, passages, strict=True):
            _add(packed, example, question.ids[:MAX_QUESTION], passage, rng)
    np.savez_compressed(
        out,
        tokens=np.concatenate(packed.tokens),
        rows=np.array(packed.rows, dtype=np.int32),
        weights=np.array(packed.weights, dtype=np.float32),
        labels=np.array(packed.labels, dtype=np.int32).reshape(-1, 4),
    )
    return {"windows": len(packed.rows), "tokens": packed.n_tokens, "lost": packed.n_lost}


def batches(items: Iterable[Example], size: int) -> Iterator[list[Example]]:
    """Lists of at most ``size``."""
    held: list[Example] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _add(packed: Packed, example: Example, question: Sequence[int], passage: Encoding, rng: random.Random) -> None:
    spans = [(head, *tokens_of(passage.offsets, start, end)) for head, start, end in example.spans]
    found = [(head, first, last) for head, first, last in spans if first <= last]
    placed = set()
    starts = window_starts(len(passage.ids))
    for start in starts:
        end = min(start + MAX_PASSAGE, len(passage.ids))
        inside = [(head, first - start, last - start) for head, first, last in found if start <= first and last < end]
        cut = any(first < end and last >= start for _, first, last in found) and not inside
        placed.update(inside)
        is_empty_extra = bool(found) and not inside and rng.random() > _EMPTY_WINDOWS / len(starts)
        if cut or is_empty_extra:
            continue
        _append(packed, example, np.array([*question, *passage.ids[start:end]], dtype=np.uint16), len(question), inside)
    packed.n_lost += bool(example.spans) and not placed


def _append(
    packed: Packed, example: Example, tokens: np.ndarray[Any, Any], n_question: int, spans: list[tuple[int, int, int]]
) -> None:
    row = len(packed.rows)
    known = sum(1 << head for head in example.known)
    packed.rows.append((packed.n_tokens, n_question, len(tokens) - n_question, known, example.source, example.group))
    packed.weights.append(example.weight)
    packed.labels.extend((row, *span) for span in spans)
    packed.tokens.append(tokens)
    packed.n_tokens += len(tokens)


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
