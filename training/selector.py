"""Fits what a passage is worth for a question (``reading/selection_*.toml``).

    python -m training.selector --corpus CORPUS --models SET --effort many --out selection_many.toml

In: hand-written questions of the part "train" on long patents, static vectors, how long passages are.  Out: the weights
of the signs of ``dokhae.reading.selecting``, such that the passages that answer stand first among all of their patent
(listwise softmax, Cao et al. 2007), and the share of questions of the part "dev" with an answering passage among the
first few.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dokhae.library import folder
from dokhae.models import catalog
from dokhae.reading import cutting, selecting
from dokhae.reading.effort import EFFORTS, Effort
from dokhae.reading.selecting import MEANING
from dokhae.reading.words import is_korean
from training import options
from training.build_reader import QUESTIONS, entries_of
from training.collection import STUDY
from training.patents import hand_written, held_by
from training.selection import FEW

SIGNS = (*MEANING, "words")
KINDS = (
    "abstract", "claims", "field", "background", "problem", "solution", "effect", "embodiments", "examples",
    "industrial", "table", "other",
)  # fmt: skip
CUTS = (1, 2, 4, 5, 8, 12)
_DECAY = 0.002
_STEPS = 80


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and all passages of its patent.  table: float32 [passages, columns]; answering: rows that answer."""

    table: Tensor
    answering: Tensor
    crosses: bool


def main() -> None:
    """Fits, measures, writes."""
    parser = options.parser(__doc__, "corpus", "models", "out")
    parser.add_argument("--effort", choices=tuple(EFFORTS), required=True)
    given = parser.parse_args()
    vectors = catalog.load_static(given.models / "static")
    learned, held = (list(ranked(given.corpus, part, vectors, EFFORTS[given.effort])) for part in ("train", "dev"))
    weights = fitted(learned)
    print(json.dumps({"questions": len(learned), "measured on": len(held)}))
    for crosses in (False, True):
        own = [one for one in held if one.crosses == crosses]
        print("across " if crosses else "same   ", len(own), {n: round(recall(own, weights, n), 3) for n in CUTS})
    given.out.write_text(written(weights), encoding="utf8")


def ranked(corpus: Path, part: str, vectors: cutting.Vectors, effort: Effort) -> Iterator[Ranked]:
    """Every answerable question of a part on a long patent, with an answering passage that is no title."""
    count = getattr(vectors, "count")  # noqa: B009 - static vectors count tokens, the protocol does not need it
    cut_of = partial(cutting.cut, max_tokens=effort.max_tokens, count=count, vectors=vectors)
    with folder.open_to_read(corpus / STUDY) as store:
        for entry in entries_of(part, held_by(store, hand_written(QUESTIONS.glob("*.jsonl")))):
            text = store.text(entry["digest"])
            among = cut_of(text)
            for asked in entry["questions"] if len(among.passages) > FEW else ():
                spans = [*asked["answers"], *asked.get("also", [])] if asked["answers"] else []
                answering = [
                    n
                    for n, one in enumerate(among.passages)
                    if any(one.span.start <= left and right <= one.span.end for left, right in spans)
                ]
                if answering:
                    alike = selecting.likeness(asked["q"], among, vectors)
                    rows = [
                        columns(signs, selecting.kind_of(one), crosses=is_korean(asked["q"]) != korean)
                        for one, korean, signs in zip(
                            among.passages, among.are_korean, selecting.signs(asked["q"], among, alike), strict=True
                        )
                    ]
                    table = torch.tensor(rows, dtype=torch.float32)
                    yield Ranked(table, torch.tensor(answering), asked["lang"] != text.lang)


def columns(signs: Mapping[str, float], kind: str, *, crosses: bool) -> list[float]:
    """Signs, signs again where languages differ, kinds."""
    own = [signs[name] for name in SIGNS]
    return [*own, *(value * crosses for value in own), *(float(kind == name) for name in KINDS)]


def fitted(learned: Sequence[Ranked]) -> Tensor:
    """Weights of the columns, by L-BFGS with a little decay."""
    weights = torch.zeros(learned[0].table.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS)

    def closure() -> Tensor:
        optimizer.zero_grad()
        losses = [
            torch.logsumexp(worth, 0) - torch.logsumexp(worth[one.answering], 0)
            for one, worth in ((one, one.table @ weights) for one in learned)
        ]
        loss = torch.stack(losses).mean() + _DECAY * (weights**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weights.detach()


def recall(held: Sequence[Ranked], weights: Tensor, n: int) -> float:
    """The share of questions with an answering passage among the ``n`` best."""
    return float(
        np.mean(
            [
                bool(set((one.table @ weights).argsort(descending=True)[:n].tolist()) & set(one.answering.tolist()))
                for one in held
            ]
        )
    )


def written(weights: Tensor) -> str:
    """The file of the room ``reading``."""
    values = iter(weights.tolist())
    content = ["# Fitted by training.selector on questions written by hand (docs/models.md): what a passage is worth."]
    for table, names in (("weights", SIGNS), ("across", SIGNS), ("kinds", KINDS)):
        content += ["", f"[{table}]", *(f"{name} = {next(values):.3f}" for name in names)]
    return "\n".join(content) + "\n"


if __name__ == "__main__":
    main()
