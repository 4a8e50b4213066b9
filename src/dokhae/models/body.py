"""Sequences of token ids -> what a model says of each: one way to run readers and encoders, built in or plugged in.

In: ``Sequence``s.  Out: for each, in the order given, its rows of every output, padding taken away.  A built-in body
takes word vectors, looked up here in the shared table; any other takes the ids.  Knows nothing of answers or vectors.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.models.batches import plan
from dokhae.models.card import Card
from dokhae.models.session import Arrays, Device, Session
from dokhae.models.settings import ModelSettings
from dokhae.models.tokens import Sequence, Tokens
from dokhae.models.words import WordVectors

# outputs that have a row for each text, not for each token
_OF_TEXTS = ("vectors", "sentence_embedding", "pooler_output")


class Body:
    """The model of ``card``, loaded with its tokenizer.  wanted: the outputs it must give, any one of these sets."""

    def __init__(self, card: Card, settings: ModelSettings, wanted: Many[tuple[str, ...]]) -> None:
        self.card = card
        self.tokens = Tokens(card.tokenizer)
        self._words = None if card.words is None else WordVectors(card.words)
        if self._words is not None and self._words.n_pieces < self.tokens.n_pieces:
            counts = {"pieces": self.tokens.n_pieces, "rows": self._words.n_pieces}
            raise InputError("model-vocabulary", folder=card.words, **counts)
        self._session = Session(card.model, settings)
        self._batch_tokens = settings.batch_tokens
        self.outputs = self._outputs(wanted)

    @property
    def device(self) -> Device:
        return self._session.device

    def run(self, sequences: Many[Sequence]) -> list[dict[str, NDArray[np.float32]]]:
        """The outputs of each sequence: [tokens, …], or [width] for outputs of whole texts."""
        lengths = [len(sequence) for sequence in sequences]
        at_once = 1 if self.device.is_cpu else self._batch_tokens
        found: list[dict[str, NDArray[np.float32]]] = [{} for _ in sequences]
        for batch in plan(lengths, max_tokens=at_once):
            outputs = self._session.run(self._feeds([sequences[i] for i in batch]), self.outputs)
            for name in self.outputs:
                rows = self._rows(name, outputs[name], len(batch), lengths[batch[0]])
                for index, row in zip(batch, rows, strict=True):
                    found[index][name] = row if name in _OF_TEXTS else row[: lengths[index]]
        return found

    def _feeds(self, batch: Many[Sequence]) -> Arrays:
        shape = (len(batch), max(map(len, batch)))
        ids = np.full(shape, self.tokens.padding_id, np.int64)  # [batch, tokens]
        types, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, sequence in enumerate(batch):
            ids[row, : len(sequence)] = sequence.ids
            types[row, : len(sequence)] = sequence.types
            mask[row, : len(sequence)] = 1
        if self._words is not None:
            return {"word_vectors": self._words.rows(ids), "attention_mask": mask}
        return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}

    def _outputs(self, wanted: Many[tuple[str, ...]]) -> tuple[str, ...]:
        there = self._session.outputs
        for names in wanted:
            if all(name in there for name in names):
                return names
        choices = " / ".join(" + ".join(names) for names in wanted)
        raise InputError("model-shape", file=self.card.model, found=", ".join(there), wanted=choices)

    def _rows(self, name: str, output: NDArray[Any], n: int, length: int) -> NDArray[np.float32]:
        """``output`` as float32, if it has a row a text (and a token) and holds numbers."""
        is_fit = output.shape[:1] == (n,) if name in _OF_TEXTS else output.shape[:2] == (n, length)
        if not is_fit:
            wanted = f"{name} [{n}, …]" if name in _OF_TEXTS else f"{name} [{n}, {length}, …]"
            raise InputError("model-shape", file=self.card.model, found=f"{name} {list(output.shape)}", wanted=wanted)
        rows: NDArray[np.float32] = output.astype(np.float32)
        if not np.isfinite(rows).all():
            raise InputError("model-shape", file=self.card.model, found=f"{name} NaN/∞", wanted="finite numbers")
        return rows
