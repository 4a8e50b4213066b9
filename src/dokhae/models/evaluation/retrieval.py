"""How well an encoder finds: recall@1, 5, 10 and nDCG@10, from each side of pairs of texts to the other.

In: an encoder and pairs that belong together.  Out: figures in both directions.  All texts of the other side compete;
equal texts are one.  A text longer than the model reads is the mean of its windows, nothing of it is dropped.
Ties count against the model: of equal similarities the right text is ranked last.  Source: Järvelin & Kekäläinen 2002.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.models.encoder import unit
from dokhae.models.evaluation import Figure
from dokhae.models.evaluation.intervals import mean
from dokhae.models.evaluation.reading import Progress
from dokhae.models.evaluation.squad import evenly
from dokhae.models.evaluation.windows import windows

Role = Literal["query", "passage"]

_CUTS = (1, 5, 10)
_ROWS = 512
_TEXTS_AT_ONCE = 256
_GZIP = b"\x1f\x8b"


class Measured(Protocol):
    """An encoder that says how much it reads."""

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]: ...

    def count(self, text: str) -> int: ...

    def room(self, role: Role) -> int: ...


def load(path: Path, *, limit: int | None = None) -> list[tuple[str, str]]:
    """Pairs from JSON lines ({"query": …, "passage": …}) or lines with one tab; gzip or not.

    Raises InputError ``evaluation-file`` or ``evaluation-empty``.
    """
    try:
        raw = path.read_bytes()
        content = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8-sig")
    except (ValueError, EOFError, gzip.BadGzipFile) as error:
        raise InputError("evaluation-file", file=path, place="/", problem=error) from error
    # not splitlines: a text may hold other line separators
    lines = [(n, line.rstrip("\r")) for n, line in enumerate(content.split("\n"), start=1) if line.strip()]
    if not lines:
        raise InputError("evaluation-empty", file=path)
    return evenly([_pair(path, n, line) for n, line in lines], limit)


def figures(encoder: Measured, given: Sequence[tuple[str, str]], progress: Progress) -> Iterator[Figure]:
    """Recall and nDCG from queries to passages, then from passages to queries."""
    n_texts = sum(len(set(side)) for side in zip(*given, strict=True)) * 2
    done = 0
    for name, found in (("query", list(given)), ("passage", [(b, a) for a, b in given])):
        queries, passages = (list(dict.fromkeys(side)) for side in zip(*found, strict=True))
        vectors: list[NDArray[np.float32]] = []
        sides: tuple[tuple[list[str], Role], ...] = ((queries, "query"), (passages, "passage"))
        for texts, role in sides:
            vectors.append(vectors_of(encoder, texts, role, _from(done, n_texts, progress)))
            done += len(texts)
        ranks = ranks_of(vectors[0], vectors[1], _relevant(found, queries, passages))
        groups = list(range(len(queries)))
        for k in _CUTS:
            yield mean(f"{name}_recall@{k}", [float(own[0] <= k) for own in ranks], groups)
        yield mean(f"{name}_ndcg@10", [ndcg(own, 10) for own in ranks], groups)


def ranks_of(
    queries: NDArray[np.float32], passages: NDArray[np.float32], relevant: Sequence[Sequence[int]]
) -> list[list[int]]:
    """For each query the ranks of its passages, from 1, ascending."""
    ranks: list[list[int]] = []
    for low in range(0, len(queries), _ROWS):
        for n, row in enumerate(queries[low : low + _ROWS] @ passages.T, start=low):  # [n_passages]
            own = np.asarray(relevant[n])
            others = np.delete(row, own)
            # a right passage is never put back by another right one that is no better
            own_scores = np.sort(row[own])[::-1]
            ranks.append([int((others >= score).sum()) + place for place, score in enumerate(own_scores, start=1)])
    return ranks


def ndcg(ranks: Sequence[int], cut: int) -> float:
    """Gain of the right passages by their ranks, against all of them in front.

    >>> ndcg([1], 10), round(ndcg([2], 10), 2), ndcg([11], 10)
    (1.0, 0.63, 0.0)
    """
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= cut)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(len(ranks), cut) + 1))


def vectors_of(
    encoder: Measured, texts: Sequence[str], role: Role, progress: Callable[[int], None]
) -> NDArray[np.float32]:
    """A vector for each text, however long, [n, dim]: the mean of its windows."""
    room = encoder.room(role)
    found: list[NDArray[np.float32]] = []
    for low in range(0, len(texts), _TEXTS_AT_ONCE):
        chunk = texts[low : low + _TEXTS_AT_ONCE]
        pieces = [[text[w.start : w.end] for w in windows(text, encoder.count, room=room, overlap=0)] for text in chunk]
        vectors = encoder.encode([piece for own in pieces for piece in own], role)
        starts = np.cumsum([0, *(len(own) for own in pieces[:-1])])
        found.append(unit(np.add.reduceat(vectors, starts, axis=0)))
        progress(low + len(chunk))
    return np.concatenate(found)


def _from(before: int, total: int, progress: Progress) -> Callable[[int], None]:
    return lambda done: progress(before + done, total)


def _relevant(given: Sequence[tuple[str, str]], queries: list[str], passages: list[str]) -> list[list[int]]:
    places = {text: n for n, text in enumerate(passages)}
    own: dict[str, set[int]] = {query: set() for query in queries}
    for query, passage in given:
        own[query].add(places[passage])
    return [sorted(own[query]) for query in queries]


def _pair(path: Path, n: int, line: str) -> tuple[str, str]:
    found: tuple[object, object] = (None, None)
    if line.lstrip().startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise InputError("evaluation-file", file=path, place=n, problem=error) from error
        found = (entry.get("query"), entry.get("passage"))
    elif line.count("\t") == 1:
        query, _, passage = line.partition("\t")
        found = (query, passage)
    match found:
        case (str(query), str(passage)) if query.strip() and passage.strip():
            return query, passage
        case _:
            raise InputError("evaluation-file", file=path, place=n, problem='{"query": "…", "passage": "…"}')
