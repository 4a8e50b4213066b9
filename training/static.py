"""Static token vectors: a row a piece, learned so that sums of rows and their single likenesses find what belongs.

    python -m training.static --cache CACHE --models WEIGHTS --out FOLDER [--dim 128] [--steps 600] [--corpus CORPUS]

In: the cache of ``training.static_texts`` and the shared word vectors.  Out: ``project.npz``: ``table`` int8 [pieces,
dim] and ``scales`` float16 [pieces].  The rows begin as the word vectors without their mean, reduced by PCA, as long as
SIF says (Arora et al. 2017).  They are used in two ways, as in ``dokhae.models.static``, and learn for both:
as sums: pairs that mean the same (InfoNCE both ways), and how like the encoder finds any two texts (its softmax, KL);
as matches (each token of a question with its likest token of a passage; Khattab & Zaharia 2020, ColBERT): the passages
of a patent that answer a question among others of the patent, and pairs.
With ``--corpus`` the selection of passages is measured on the part "dev" as they learn.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from dokhae.models.words import WordVectors
from training import options
from training.net import quantised

SIF = 1e-3
PAIR_TEMPERATURE, OWN_TEMPERATURE, TEACHER_TEMPERATURE, MATCH_TEMPERATURE = 0.05, 0.08, 0.03, 0.05
N_PAIRS, N_ALIKE, N_MATCHES, N_PATENTS, N_PASSAGES = 384, 256, 64, 8, 28
MATCHED = (24, 96)  # tokens of a pair, in matches
KEPT = 0.85  # of the tokens of a text, in training
_NEVER = -1e4
_NONE: Any = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Mix:
    """How much each lesson counts."""

    pairs: float = 0.5
    alike: float = 0.5
    asked: float = 1.0
    matches: float = 1.0
    near: float = 0.05


class Lessons:
    """The cache, as tensors."""

    def __init__(self, cache: Path, seed: int) -> None:
        with np.load(cache / "texts.npz") as packed:
            self.tokens, self.starts = packed["tokens"].astype(np.int64), packed["starts"]
            self.pairs = packed["pairs"].astype(np.int64)
            passages, more, asked, answers = (packed[name] for name in ("passages", "more", "asked", "answers"))
        with np.load(cache / "vectors.npz") as packed:
            self.encoded = packed["encoded"]
            self.vectors = torch.from_numpy(packed["vectors"].astype(np.float32))
        self.asked_of, self.answers_of = _grouped(asked), _grouped(answers[:, ::-1])
        self.passages_of = _grouped(np.concatenate([passages, more]))
        self.rng = np.random.default_rng(seed)

    def bags(self, texts: Any, *, longest: int = 256) -> tuple[Tensor, Tensor]:
        """Ids of the texts one after the other, and where each begins; some are left out by chance."""
        counts = np.minimum(self.starts[texts + 1] - self.starts[texts], longest)
        firsts = np.cumsum(counts) - counts
        at = np.arange(counts.sum()) + np.repeat(self.starts[texts] - firsts, counts)
        chosen = self.rng.random(len(at)) < KEPT
        offsets = np.concatenate([[0], np.cumsum(chosen)])[firsts]
        return torch.from_numpy(self.tokens[at[chosen]]), torch.from_numpy(offsets)


class Static(nn.Module):
    """A row a piece; bags of ids -> unit vectors [n, dim]; two lists of bags -> how well each matches each."""

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.rows = nn.Parameter(rows.clone())
        self.register_buffer("began", rows)

    def forward(self, bags: tuple[Tensor, Tensor]) -> Tensor:
        return functional.normalize(functional.embedding_bag(bags[0], self.rows, bags[1], mode="sum"), dim=1)

    def match(self, asked: tuple[Tensor, Tensor], read: tuple[Tensor, Tensor]) -> Tensor:
        """[asked, read]: the mean of the best likeness of each token asked, weighted by the length of its row."""
        rows, (read_ids, is_read) = self.rows[asked[0]], _padded(read)
        lengths = rows.norm(dim=1)
        likeness = functional.normalize(rows, dim=1) @ functional.normalize(self.rows[read_ids], dim=2).flatten(0, 1).T
        best = likeness.view(len(rows), *read_ids.shape).masked_fill(~is_read, -1).amax(2)  # [tokens asked, read]
        of = torch.repeat_interleave(torch.arange(len(asked[1])), _counts(asked))
        sums = torch.zeros(len(asked[1]), len(read_ids)).index_add(0, of, best * lengths[:, None])
        weights = torch.zeros(len(asked[1])).index_add(0, of, lengths)
        return sums / (weights[:, None] + 1e-6)


def _counts(bags: tuple[Tensor, Tensor]) -> Tensor:
    """How many ids each bag has."""
    return torch.diff(bags[1], append=torch.tensor([len(bags[0])]))


def _padded(bags: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """ids [n, longest] and which of them are there."""
    counts = _counts(bags)
    at = torch.arange(max(1, int(counts.max())))[None, :]
    is_there = at < counts[:, None]
    return bags[0][(bags[1][:, None] + at).clamp(max=len(bags[0]) - 1)], is_there


def main() -> None:
    """Learns and writes."""
    parser = options.parser(__doc__, "cache", "out", "models")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--dim", type=int, default=128)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rate", type=float, default=0.002)
    parser.add_argument("--mix", default="{}", help='JSON, e.g. {"asked": 2}')
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    lessons = Lessons(given.cache, given.seed)
    words = WordVectors(given.models / "words")
    rows = first_rows(words.rows(np.arange(words.n_pieces)), lessons.tokens, given.dim)
    net = train(lessons, Static(rows), given)
    write(net, given.out / "project.npz")


def first_rows(pieces: Any, tokens: Any, dim: int) -> Tensor:
    """Vectors of the pieces, reduced and weighted: [pieces, dim]; tokens: how often each is used."""
    centred = pieces - pieces.mean(0)
    counts = np.bincount(tokens, minlength=len(pieces))
    used = centred[counts > 0]
    _, vectors = np.linalg.eigh(used.T @ used)
    reduced = centred @ vectors[:, ::-1][:, :dim]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-6
    weights = SIF / (SIF + (counts + 1) / counts.sum())
    return torch.from_numpy((reduced * weights[:, None]).astype(np.float32))


def train(lessons: Lessons, net: Static, given: argparse.Namespace) -> Static:
    """All steps; the rate rises for a twentieth of them, then falls to nought."""
    mix = Mix(**json.loads(given.mix))
    optimizer = torch.optim.Adam(net.parameters(), lr=given.rate, betas=(0.9, 0.99))
    watch = Watch(given)
    started = time.monotonic()
    for step in range(given.steps + 1):
        done = step / given.steps
        if step % max(1, given.steps // 5) == 0:
            say(given.out, step=step, s=round(time.monotonic() - started), **watch.figures(net))
        if step == given.steps:
            break
        for group in optimizer.param_groups:
            group["lr"] = given.rate * min(done * 20, (1 - done) / 0.95) + 1e-6
        losses = {name: lesson(lessons, net) for name, lesson in LESSONS.items() if getattr(mix, name)}
        total = sum((getattr(mix, name) * loss for name, loss in losses.items()), torch.zeros(()))
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        optimizer.step()
        if step % 50 == 0:
            say(given.out, step=step, **{name: round(loss.item(), 4) for name, loss in losses.items()})
    return net


def pairs_loss(lessons: Lessons, net: Static) -> Tensor:
    """InfoNCE both ways over pairs by chance."""
    chosen = lessons.pairs[lessons.rng.integers(0, len(lessons.pairs), N_PAIRS)]
    one, other = (net(lessons.bags(chosen[:, side])) for side in (0, 1))
    scores = _without_twins(one @ other.T / PAIR_TEMPERATURE, chosen)
    labels = torch.arange(len(chosen))
    return (functional.cross_entropy(scores, labels) + functional.cross_entropy(scores.T, labels)) / 2


def alike_loss(lessons: Lessons, net: Static) -> Tensor:
    """KL of the likeness of any two texts, as the encoder has it, and ours."""
    rows = lessons.rng.choice(len(lessons.encoded), N_ALIKE, replace=False)
    ours, theirs = net(lessons.bags(lessons.encoded[rows])), lessons.vectors[torch.from_numpy(rows)]
    return _divergence(ours @ ours.T, theirs @ theirs.T, torch.eye(len(rows)).bool())


def asked_loss(lessons: Lessons, net: Static) -> Tensor:
    """Answering passages matched to their question, among others of the same patent."""
    losses = []
    for patent in lessons.rng.choice(list(lessons.asked_of), N_PATENTS, replace=False):
        asked, passages = lessons.asked_of[patent], lessons.passages_of[patent]
        answering = [lessons.answers_of.get(one, _NONE) for one in asked]
        drawn = lessons.rng.permutation(passages)[:N_PASSAGES]
        read = np.unique(np.concatenate([drawn, *answering]))
        right = torch.from_numpy(np.stack([np.isin(read, own) for own in answering]))
        has = right.any(1)
        if has.any() and len(read) > 1:
            scores = net.match(lessons.bags(asked), lessons.bags(read)) / MATCH_TEMPERATURE
            held = torch.logsumexp(scores.masked_fill(~right, _NEVER), 1)
            losses.append((torch.logsumexp(scores, 1) - held)[has])
    return torch.cat(losses).mean()


def matches_loss(lessons: Lessons, net: Static) -> Tensor:
    """Pairs by chance, matched."""
    chosen = lessons.pairs[lessons.rng.integers(0, len(lessons.pairs), N_MATCHES)]
    asked, read = (lessons.bags(chosen[:, side], longest=MATCHED[side]) for side in (0, 1))
    scores = net.match(asked, read) / MATCH_TEMPERATURE
    return functional.cross_entropy(_without_twins(scores, chosen), torch.arange(len(chosen)))


def _without_twins(scores: Tensor, chosen: Any) -> Tensor:
    """The same text twice in a batch is no wrong answer."""
    same = (chosen[:, None, :] == chosen[None, :, :]).any(2) & ~np.eye(len(chosen), dtype=bool)
    return scores.masked_fill(torch.from_numpy(same), _NEVER)


def near_loss(lessons: Lessons, net: Static) -> Tensor:
    """How far the rows are from where they began, squared."""
    found: Tensor = ((net.rows - net.began) ** 2).sum(1).mean()
    return found


LESSONS: dict[str, Callable[[Lessons, Static], Tensor]] = {
    "pairs": pairs_loss,
    "alike": alike_loss,
    "asked": asked_loss,
    "matches": matches_loss,
    "near": near_loss,
}


def _divergence(ours: Tensor, theirs: Tensor, hidden: Tensor) -> Tensor:
    """Mean KL of rows, ``hidden`` left out."""
    wanted = functional.softmax((theirs / TEACHER_TEMPERATURE).masked_fill(hidden, _NEVER), 1)
    got = functional.log_softmax((ours / OWN_TEMPERATURE).masked_fill(hidden, _NEVER), 1)
    return functional.kl_div(got, wanted, reduction="batchmean")


def write(net: Static, path: Path) -> None:
    """The table as the product holds it: int8 with a scale a row."""
    table, scales = quantised(net.rows.detach().numpy())
    np.savez(path, table=table, scales=scales.astype(np.float16))


class Watch:
    """Selection and retrieval on the part "dev", as the rows learn; nothing where no corpus is given."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._held: Any = None
        if given.corpus:
            from training.static_watch import Held

            self._held = Held(given.corpus, given.models)

    def figures(self, net: Static) -> dict[str, float]:
        return self._held.figures(net.rows.detach().numpy()) if self._held else {}


def say(out: Path, **figures: Any) -> None:
    """A line for people and for the log."""
    print(json.dumps(figures), flush=True)
    with (out / "log.jsonl").open("a", encoding="utf8") as log:
        log.write(json.dumps(figures) + "\n")


def _grouped(rows: Any) -> dict[int, Any]:
    """[value, key] -> values by key, each once."""
    found: dict[int, list[int]] = {}
    for value, key in rows.tolist():
        found.setdefault(key, []).append(value)
    return {key: np.array(list(dict.fromkeys(values))) for key, values in found.items()}


if __name__ == "__main__":
    main()
