"""Static token vectors: a look-up table instead of a network, for scoring every passage of every patent.

In: texts.  Out: ``encode``: float32 [n, dim], unit length: the mean of the rows of their tokens, each as long as its
piece tells much.  ``match``: how well each text matches a question, token by token.  ``pieces``: texts taken apart for
many questions, to be kept.  No context, any length.
``project.npz`` holds the rows as a table of their own (``table`` int8 [pieces, dim], ``scales`` float [pieces]) or as
a projection of the shared word vectors (``matrix`` [width, dim], ``weights`` [pieces]); they are computed on loading.
Sources of the method: Tulkens & van Dongen 2024 (model2vec); Khattab & Zaharia 2020 (ColBERT), without its network.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.models.card import Card, part
from dokhae.models.encoder import Role, unit
from dokhae.models.tokens import Tokens
from dokhae.models.words import WordVectors, shape

PROJECT = "project.npz"
_OWN, _PROJECTED = ("table", "scales"), ("matrix", "weights")
_NO_LIMIT = 2**31 - 1
# tokens summed at once: their rows (half a megabyte) stay in the cache; with 16,384 it takes 1.7 times as long
_CHUNK_TOKENS = 512
_MATCHED_TOKENS = 16_384
_CHUNK_PIECES = 4_096
_SHORT, _LONG = "<u2", "<u4"
_HEAD_BYTES = 16
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Pieces:
    """Token ids of texts given in parts.

    ids: [tokens]; lengths: how many of them each part has, [parts]; counts: how many parts each text has, [texts].
    """

    ids: NDArray[np.integer[Any]]
    lengths: NDArray[np.integer[Any]]
    counts: NDArray[np.integer[Any]]

    @property
    def packed(self) -> bytes:
        """Two bytes an id where they suffice."""
        form = _SHORT if not len(self.ids) or int(self.ids.max()) <= np.iinfo(_SHORT).max else _LONG
        head = [np.dtype(form).itemsize, len(self.ids), len(self.lengths), len(self.counts)]
        numbers = np.concatenate([head, self.lengths, self.counts]).astype(_LONG)
        return numbers.tobytes() + self.ids.astype(form).tobytes()

    @staticmethod
    def unpacked(packed: bytes) -> Pieces:
        """What was packed.  Raises ValueError where it is nothing of the kind."""
        width, n_ids, n_parts, n_texts = (int(one) for one in np.frombuffer(packed, _LONG, 4))
        rest = np.frombuffer(packed, _LONG, n_parts + n_texts, offset=_HEAD_BYTES)
        form = _SHORT if width == np.dtype(_SHORT).itemsize else _LONG
        ids = np.frombuffer(packed, form, n_ids, offset=_HEAD_BYTES + rest.nbytes)
        return Pieces(ids, rest[:n_parts].astype(np.int64), rest[n_parts:].astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and what its tokens were compared with so far."""

    question: str
    directions: NDArray[np.float32]  # [asked, dim]
    weights: NDArray[np.float32]  # [asked]
    table: NDArray[np.float32]  # [pieces, asked]
    is_known: NDArray[np.bool_]  # [pieces]


class StaticEncoder:
    """The static vectors of ``card``; an ``Encoder`` that knows no roles and no longest text."""

    def __init__(self, card: Card) -> None:
        if card.words is None:
            raise InputError("model-card-wrong", file=card.folder, problem="words must name a folder")
        self.card = card
        self.digest = card.digest
        self.max_tokens = _NO_LIMIT
        self._tokens = Tokens(card.tokenizer)
        self._rows = _rows(card, WordVectors(card.words))  # [n_pieces, dim]
        if len(self._rows) < self._tokens.n_pieces:
            counts = {"pieces": self._tokens.n_pieces, "rows": len(self._rows)}
            raise InputError("model-vocabulary", folder=card.words, **counts)
        lengths = np.linalg.norm(self._rows, axis=1)  # [n_pieces]
        self._lengths = np.asarray(np.where(lengths > 0, lengths, 1), np.float32)
        self.dim = int(self._rows.shape[1])
        self._asked: _Asked | None = None

    @property
    def device(self) -> str:
        return "CPU"

    def count(self, text: str) -> int:
        """Tokens of ``text``."""
        return len(self._ids([text])[0])

    def room(self, role: Role = "passage") -> int:
        """Tokens a text may have: any number."""
        return self.max_tokens

    def encode(self, texts: Sequence[str], role: Role = "passage") -> NDArray[np.float32]:
        """A vector for each text, [n, dim]; of noughts where a text has no token."""
        ids = self._ids(texts)
        sums = np.zeros((len(texts), self.dim), np.float32)
        for first, last in _chunks([len(one) for one in ids], _CHUNK_TOKENS):
            held = [n for n in range(first, last) if len(ids[n])]
            if held:
                starts = np.cumsum([0, *(len(ids[n]) for n in held[:-1])])
                sums[held] = np.add.reduceat(self._rows[np.concatenate([ids[n] for n in held])], starts, axis=0)
        return unit(sums)

    def match(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text matches ``question``, [n], at most 1: the best cosine of each token of the question.

        The mean over the question's tokens, weighted by the lengths of their rows; the order of words counts nothing.
        A text without tokens matches -1; to a question without tokens all texts are alike, 0.
        """
        return self.match_in_parts(question, self.pieces([[text] for text in texts]))[:, 0]

    def pieces(self, texts: Sequence[Sequence[str]]) -> Pieces:
        """Texts given in parts, taken apart once for any number of questions."""
        ids = self._ids([part for parts in texts for part in parts])
        lengths = np.array([len(one) for one in ids], np.int64)
        joined = np.concatenate(ids) if ids else np.zeros(0, np.int64)
        return Pieces(joined, lengths, np.array([len(parts) for parts in texts], np.int64))

    def unpacked(self, pieces: bytes) -> Pieces:
        """``Pieces`` that were packed.  Raises ValueError where they are none."""
        return Pieces.unpacked(pieces)

    def match_in_parts(self, question: str, pieces: Pieces, reach: Sequence[int] = ()) -> NDArray[np.float32]:
        """As ``match``, of texts given in parts: of each text as a whole, of its best part, and of the whole with so
        many parts before and after it as each of ``reach`` says.

        float32 [n, 2 + len(reach)].  Of a question put to many texts each piece is compared once; of a text numbers
        are looked up.
        """
        weights, table = self._compared(question, pieces.ids)
        if not len(weights):
            return np.zeros((len(pieces.counts), 2 + len(reach)), np.float32)
        best = _best(table, pieces)  # [parts, tokens asked]
        part = _highest((best * weights).sum(axis=1, keepdims=True), pieces.counts)[:, 0]
        whole, *wider = ((_highest(best, pieces.counts, by) * weights).sum(axis=1) for by in (0, *reach))
        return np.stack([whole, part, *wider], axis=1)

    def _compared(
        self, question: str, ids: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How much each token of the question weighs [asked], and a table [pieces, asked] of its cosines with ``ids``.

        The table of the last question is kept, and filled as texts ask for more of it.
        """
        if self._asked is None or self._asked.question != question:
            (asked,) = self._ids([question])
            weights = np.asarray(self._lengths[asked] / max(self._lengths[asked].sum(), _TINY), np.float32)
            table = np.zeros((len(self._rows), len(asked)), np.float32)
            self._asked = _Asked(question, self._directions(asked), weights, table, np.zeros(len(self._rows), bool))
        asked_of = self._asked
        wanted = np.zeros(len(self._rows), bool)
        wanted[ids] = True
        new = np.flatnonzero(wanted & ~asked_of.is_known)
        if len(new):
            # einsum and not @: a product's last digit does not depend on how many there are
            asked_of.table[new] = np.einsum("pd,ad->pa", self._directions(new), asked_of.directions)
            asked_of.is_known[new] = True
        return asked_of.weights, asked_of.table

    def _ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Pieces of each text in small letters: in capitals, as offices print titles, words fall into other pieces."""
        return [np.array(found, np.int64) for found in self._tokens.plain_ids([text.lower() for text in texts])]

    def _directions(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Rows at unit length."""
        return np.asarray(self._rows[ids] / self._lengths[ids, None])


def _rows(card: Card, words: WordVectors) -> NDArray[np.float32]:
    """A row a piece, float32 [n_pieces, dim].  Raises InputError ``model-unreadable`` or ``model-shape``."""
    path = part(card.folder, PROJECT)
    try:
        with np.load(path, allow_pickle=False) as stored:
            names = _OWN if _OWN[0] in stored else _PROJECTED
            first, second = (stored[name] for name in names)
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError("model-unreadable", file=path, reason=str(error)) from error
    first_rows = words.n_pieces if names is _OWN else words.width
    if first.ndim != 2 or len(first) != first_rows or second.size != words.n_pieces:
        found = f"{names[0]} {shape(first)}, {names[1]} {shape(second)}"
        wanted = f"{names[0]} [{first_rows}, n], {names[1]} [{words.n_pieces}]"
        raise InputError("model-shape", file=path, found=found, wanted=wanted)
    first, weights = first.astype(np.float32), second.astype(np.float32).reshape(-1, 1)
    return np.asarray(first * weights) if names is _OWN else _projected(words, first, weights)


def _projected(words: WordVectors, matrix: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The shared word vectors, projected and weighted."""
    rows = np.empty((words.n_pieces, matrix.shape[1]), np.float32)
    for low in range(0, words.n_pieces, _CHUNK_PIECES):
        ids = np.arange(low, min(low + _CHUNK_PIECES, words.n_pieces))
        rows[ids] = (words.rows(ids) @ matrix) * weights[ids]
    return rows


def _best(table: NDArray[np.float32], pieces: Pieces) -> NDArray[np.float32]:
    """The best row of each part by column, a few parts at a time: a text may have millions of tokens."""
    borders = np.cumsum([0, *pieces.lengths])
    found = [
        _highest(table[pieces.ids[borders[first] : borders[last]]], pieces.lengths[first:last])
        for first, last in _chunks(pieces.lengths.tolist(), _MATCHED_TOKENS)
    ]
    return np.concatenate(found)


def _highest(rows: NDArray[np.float32], counts: NDArray[np.integer[Any]], reach: int = 0) -> NDArray[np.float32]:
    """The highest values of consecutive groups of rows, [groups, columns]; -1 for a group without rows.

    reach: rows before and after a group that count as its own.
    """
    found = np.full((len(counts), rows.shape[1]), -1, np.float32)
    ends = np.cumsum(counts)
    starts, ends = np.maximum(ends - counts - reach, 0), np.minimum(ends + reach, len(rows))
    held = np.flatnonzero(ends > starts)
    if len(held):
        # borders of one group after the other; what reduceat makes of the stretches between them is left out
        borders = np.stack([starts[held], ends[held]], axis=1).ravel()
        padded = np.concatenate([rows, np.full((1, rows.shape[1]), -1, np.float32)])
        found[held] = np.maximum.reduceat(padded, borders, axis=0)[::2]
    return found


def _chunks(lengths: Sequence[int], n_tokens: int) -> list[tuple[int, int]]:
    """Ranges of texts of together about ``n_tokens`` tokens."""
    borders, held = [0], 0
    for n, length in enumerate(lengths):
        if held and held + length > n_tokens:
            borders.append(n)
            held = 0
        held += length
    return list(zip(borders, [*borders[1:], len(lengths)], strict=True))
