"""Encoder by an ONNX model: texts -> vectors of unit length.

In: texts and their role, "query" or "passage" (the model's prefixes go before them).  Out: float32 [n, dim].  Never
truncates: a text too long for the model is an error of the caller.  Pooling as the model's folder says, mean without.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.models.body import Body
from dokhae.models.card import Card
from dokhae.models.settings import ModelSettings

Role = Literal["query", "passage"]

_OUTPUTS = (("vectors",), ("sentence_embedding",), ("last_hidden_state",), ("token_embeddings",))
_POOLED = ("vectors", "sentence_embedding")


class OnnxEncoder:
    """The encoder of ``card``.  Raises InputError where its files are missing, changed or no encoder."""

    def __init__(self, card: Card, settings: ModelSettings | None = None) -> None:
        self.card = card
        self.digest = card.digest
        self.max_tokens = card.max_tokens
        self._body = Body(card, ModelSettings() if settings is None else settings, _OUTPUTS)
        self.dim = int(self._vectors(["a"]).shape[1])

    @property
    def device(self) -> str:
        return self._body.device.says

    def count(self, text: str) -> int:
        """Tokens of ``text``, without special ones and prefix."""
        return self._body.tokens.count(text)

    def room(self, role: Role = "passage") -> int:
        """Tokens a text may have."""
        prefix = self.card.prefixes.get(role, "").rstrip()  # the blank goes into the first word
        return self.max_tokens - self._body.tokens.n_special(is_pair=False) - self.count(prefix)

    def encode(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """A vector for each text, [n, dim], unit length.  Raises InputError ``text-too-long``."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        prefix = self.card.prefixes.get(role, "")
        return unit(self._vectors([prefix + text for text in texts]))

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        sequences = [self._body.tokens.single(text) for text in texts]
        for sequence in sequences:
            if len(sequence) > self.max_tokens:
                raise InputError("text-too-long", length=len(sequence), limit=self.max_tokens)
        (name,) = self._body.outputs
        return np.stack([self._pooled(name, output[name]) for output in self._body.run(sequences)])

    def _pooled(self, name: str, output: NDArray[np.float32]) -> NDArray[np.float32]:
        if name in _POOLED:
            return output
        if self.card.pooling == "cls":
            return np.asarray(output[0])
        return np.asarray(np.add.reduce(output, axis=0) / np.float32(len(output)))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows at length 1; a row of noughts stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)  # [n, 1]
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
