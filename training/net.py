"""The network, plain PyTorch: a 12-layer BERT body over frozen word vectors, and the two heads that read and encode.

In: word vectors float32 [batch, tokens, 384] and a mask [batch, tokens].  Out of ``Reader``: logits
[batch, tokens, 2 + 2 * fields], start and end of the answer and of each standing field, after the last layer and, for a
reading that costs less, after those in ``EXITS``.  Out of ``Encoder``: mean-pooled vectors [batch, 384], not
normalised.  The same modules are trained, and exported to ONNX as they are.
Layout: Devlin et al. 2019 (post-layer-norm); start/end pointers with a null at position 0 as in SQuAD 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.base import matrix
from training.fields import FIELDS

WIDTH, N_LAYERS, N_HEADS, INNER, MAX_POSITIONS = 384, 12, 12, 1536, 512
EXITS = (4, 6, 8)  # layers after which the reader may stop (deep supervision: Xin et al. 2020, DeeBERT)
_EPSILON = 1e-12
_SCALE = (WIDTH // N_HEADS) ** -0.5
# Names of the base file -> names of ``Layer``
_LAYER = {
    "q": "query", "k": "key", "v": "value", "ao": "attended", "aln": "after_attention", "fi": "inner", "fo": "outer",
    "oln": "after_inner",
}  # fmt: skip


class Layer(nn.Module):
    """Self-attention and a feed-forward part, each followed by a norm of its sum with the input."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.after_attention = nn.LayerNorm(WIDTH, _EPSILON)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.after_inner = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        batch, tokens, _ = hidden.shape
        query, key, value = (
            one.reshape(batch, tokens, N_HEADS, WIDTH // N_HEADS).transpose(1, 2)
            for one in self._projected(hidden).chunk(3, dim=-1)
        )
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias, scale=_SCALE)
        found = self.attended(found.transpose(1, 2).reshape(batch, tokens, WIDTH))
        hidden = self.after_attention(hidden + self.dropout(found))
        return self.after_inner(hidden + self.dropout(self.outer(functional.gelu(self.inner(hidden)))))

    def _projected(self, hidden: Tensor) -> Tensor:
        """Query, key and value of one product, [batch, tokens, 3 * 384]: an int8 model scales its input once."""
        three = (self.query, self.key, self.value)
        weight, bias = (torch.cat([getattr(one, name) for one in three]) for name in ("weight", "bias"))
        return functional.linear(hidden, weight, bias)


class Body(nn.Module):
    """Word vectors -> hidden states [batch, tokens, 384]."""

    def __init__(self, n_layers: int = N_LAYERS) -> None:
        super().__init__()
        self.positions = nn.Embedding(MAX_POSITIONS, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(n_layers))

    def forward(self, word_vectors: Tensor, mask: Tensor) -> Tensor:
        return self.states(word_vectors, mask, (len(self.layers),))[0]

    def states(self, word_vectors: Tensor, mask: Tensor, wanted: Sequence[int]) -> list[Tensor]:
        """The hidden states after the layers ``wanted``, counted from 1, ascending."""
        at = torch.arange(word_vectors.shape[1], device=word_vectors.device)
        hidden = self.dropout(self.norm(word_vectors + self.positions(at) + self.segment))
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        found = []
        for n, layer in enumerate(self.layers[: wanted[-1]], start=1):
            hidden = layer(hidden, bias)
            if n in wanted:
                found.append(hidden)
        return found


class Reader(nn.Module):
    """The body with pointers, for the question and for each standing field, after its last layer and each exit."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()
        self.spans = nn.Linear(WIDTH, 2 + 2 * len(FIELDS))
        self.early = nn.ModuleList(nn.Linear(WIDTH, 2 + 2 * len(FIELDS)) for _ in EXITS)

    def forward(self, word_vectors: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """The logits of the last layer, then those of every exit."""
        *early, last = self.body.states(word_vectors, attention_mask, (*EXITS, N_LAYERS))
        return self.spans(last), *(head(hidden) for head, hidden in zip(self.early, early, strict=True))


class Encoder(nn.Module):
    """The body with the mean over its tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.body = Body()

    def forward(self, word_vectors: Tensor, attention_mask: Tensor) -> Tensor:
        hidden = self.body(word_vectors, attention_mask)
        weights = attention_mask[:, :, None].to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1)


def word_table(pruned: Path) -> Tensor:
    """The word vectors of the pruned base, float32 [pieces, 384], as the int8 table of the product holds them."""
    with np.load(pruned) as weights:
        return torch.from_numpy(dequantised(*quantised(matrix(weights["emb.word"], WIDTH))))


def quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """float32 [n, d] -> int8 [n, d] and a scale a row, float32 [n]."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    return np.round(table / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def dequantised(table: NDArray[np.int8], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of ``quantised``, float32 [n, d]."""
    floats: NDArray[np.float32] = table.astype(np.float32) * scales[:, None]
    return floats


def base_body(pruned: Path) -> Body:
    """The base model's body."""
    body = Body()
    with np.load(pruned) as weights:
        state = {
            "positions.weight": weights["emb.pos"].reshape(MAX_POSITIONS, WIDTH),
            "segment": weights["emb.type"][:WIDTH],
            "norm.weight": weights["emb.ln.w"],
            "norm.bias": weights["emb.ln.b"],
        }
        for at in range(N_LAYERS):
            state |= _layer_state(weights, at)
    body.load_state_dict({name: torch.from_numpy(np.array(values)) for name, values in state.items()})
    return body


def _layer_state(weights: Mapping[str, NDArray[Any]], at: int) -> dict[str, NDArray[Any]]:
    state = {}
    for short, long in _LAYER.items():
        for end, name in (("w", "weight"), ("b", "bias")):
            values = weights[f"l{at}.{short}.{end}"]
            columns = INNER if short == "fo" else WIDTH
            state[f"layers.{at}.{long}.{name}"] = matrix(values, columns) if values.ndim == 2 else values
    return state
