"""Static token vectors: a look-up table instead of a network, for scoring every passage of every patent.

In: texts.  Out: ``encode``: float32 [n, dim], unit length: the mean of the rows of their tokens, each as long as its
piece tells much.  ``match``: how well each text matches a question, token by token.  No context, any length.
``project.npz`` holds the rows as a table of their own (``table`` int8 [pieces, dim], ``scales`` float [pieces]) or as
a projection of the shared word vectors (``matrix`` [width, dim], ``weights`` [pieces]); they are computed on loading.
Sources of the method: Tulkens & van Dongen 2024 (model2vec); Khattab & Zaharia 2020 (ColBERT), without its network.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

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
        weights, best = self._matched(question, texts)
        return np.asarray((best * weights).sum(axis=1), np.float32)

    def match_in_parts(self, question: str, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """As ``match``, of texts given in parts (at least one each): of each text as a whole, and of its best part.

        float32 [n, 2], for the cost of one match.
        """
        counts = [len(parts) for parts in texts]
        if not counts:
            return np.zeros((0, 2), np.float32)
        weights, best = self._matched(question, [part for parts in texts for part in parts])
        starts = np.cumsum([0, *counts[:-1]])
        whole = (np.maximum.reduceat(best, starts, axis=0) * weights).sum(axis=1)
        return np.stack([whole, np.maximum.reduceat((best * weights).sum(axis=1), starts)], axis=1)

    def _matched(self, question: str, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """How much each token of the question weighs [asked], and its best cosine in each text [texts, asked]."""
        (asked,), ids = self._ids([question]), self._ids(texts)
        if not len(asked):
            return np.ones(1, np.float32), np.zeros((len(texts), 1), np.float32)
        found = np.full((len(texts), len(asked)), -1, np.float32)
        for first, last in _chunks([len(one) for one in ids], _MATCHED_TOKENS):
            held = [n for n in range(first, last) if len(ids[n])]
            if held:
                found[held] = self._best(asked, [ids[n] for n in held])
        return np.asarray(self._lengths[asked] / self._lengths[asked].sum(), np.float32), found

    def _ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Pieces of each text in small letters: in capitals, as offices print titles, words fall into other pieces."""
        return [np.array(found, np.int64) for found in self._tokens.plain_ids([text.lower() for text in texts])]

    def _best(self, asked: NDArray[np.int64], ids: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        """The highest cosine of each token asked with any token of each text, [texts, tokens asked]."""
        pieces, place = np.unique(np.concatenate(ids), return_inverse=True)
        # einsum and not @: a product's last digit does not depend on how many there are
        likeness = np.einsum("pd,ad->pa", self._directions(pieces), self._directions(asked))  # [pieces, tokens asked]
        starts = np.cumsum([0, *(len(one) for one in ids[:-1])])
        return np.asarray(np.maximum.reduceat(likeness[place], starts, axis=0), np.float32)

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


def _chunks(lengths: Sequence[int], n_tokens: int) -> list[tuple[int, int]]:
    """Ranges of texts of together about ``n_tokens`` tokens."""
    borders, held = [0], 0
    for n, length in enumerate(lengths):
        if held and held + length > n_tokens:
            borders.append(n)
            held = 0
        held += length
    return list(zip(borders, [*borders[1:], len(lengths)], strict=True))
