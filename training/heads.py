"""Fits the heads of a reader anew on a body that stays as it is.

    python -m training.heads --weights READER.pt --pruned PRUNED.npz --packed FOLDER --out OUT.pt [--layers 8 12]

In: a reader whose body is a mean of several, so that its heads belong to none of them exactly, and packed sets.  Out:
the same weights with every head, of the last layer and of the exits, fitted to what the body now says.  The body runs
once over each window, so that a CPU does it in minutes; what it says is kept in memory, a few GB.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training import course, options
from training.course import load_weights
from training.heads_sets import HELD, SAMPLES
from training.lines import replaced
from training.net import EXITS, N_LAYERS, Reader, word_table
from training.reader import allowed, competing, each_alone
from training.windows import Batch, Rows, Windows

RATE, PASSES = 2e-3, 10
_BATCH = 24


@dataclass(frozen=True, slots=True)
class Seen:
    """A batch and what the body says of it after the exits and the last layer, float16 [batch, tokens, 384] each."""

    batch: Batch
    states: tuple[Tensor, ...]


def main() -> None:
    """Fits and says how much is gained on sets not learned from."""
    parser = options.parser(__doc__, "weights", "pruned", "packed", "out")
    parser.add_argument("--layers", type=int, nargs="+", choices=(*EXITS, N_LAYERS), default=[*EXITS, N_LAYERS])
    given = parser.parse_args()
    net = Reader()
    net.load_state_dict(load_weights(given.weights))
    net.eval().to(course.device())
    words = word_table(given.pruned).to(course.device())
    learned, held = (
        [seen for name, n in sets.items() for seen in states_of(net, words, given.packed / f"{name}.npz", n)]
        for sets in (SAMPLES, HELD)
    )
    for at, (layers, head) in enumerate(zip((*EXITS, N_LAYERS), (*net.early, net.spans), strict=True)):
        if layers not in given.layers:
            continue
        before = mean_loss(head, held, at)
        best, after = fitted(head, learned, held, at)
        head.load_state_dict(best)
        print({"layers": layers, "before": round(before, 4), "after": round(after, 4)}, flush=True)
    with replaced(given.out) as unfinished:
        torch.save({name: value.half().cpu() for name, value in net.state_dict().items()}, unfinished)


def states_of(net: Reader, words: Tensor, path: Path, n: int | None) -> Iterator[Seen]:
    """Batches of a set, whole groups together, at most about ``n`` windows."""
    data = Windows([path], course.device())
    rng = np.random.default_rng(0)
    n_seen = 0
    for chosen in data.batches(_BATCH, rng):
        if n is not None and n_seen >= n:
            return
        n_seen += len(chosen)
        yield _seen(net, words, data, chosen)


def _seen(net: Reader, words: Tensor, data: Windows, chosen: Rows) -> Seen:
    batch = data.batch(chosen)
    with torch.no_grad(), course.precision(data.device):
        states = net.body.states(words[batch.ids], batch.mask, (*EXITS, N_LAYERS))
    # Targets are mostly noughts: half the memory
    return Seen(replace(batch, targets=batch.targets.half()), tuple(one.half() for one in states))


def loss_of(head: nn.Module, seen: Seen, at: int) -> Tensor:
    """As in ``training.reader``, of one head."""
    batch = replace(seen.batch, targets=seen.batch.targets.float())
    logits = allowed(batch, head(seen.states[at].float()))
    return each_alone(batch, logits) + competing(batch, logits)


def mean_loss(head: nn.Module, held: Sequence[Seen], at: int) -> float:
    with torch.no_grad():
        return float(np.mean([loss_of(head, seen, at).item() for seen in held]))


def fitted(head: nn.Module, learned: Sequence[Seen], held: Sequence[Seen], at: int) -> tuple[dict[str, Tensor], float]:
    """The best state of a head on ``held`` while it learns, and its loss there."""
    optimizer = torch.optim.Adam(head.parameters(), lr=RATE)
    rng = np.random.default_rng(1)
    best, least = copy.deepcopy(head.state_dict()), mean_loss(head, held, at)
    for done in range(PASSES):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - done / PASSES)
        for n in rng.permutation(len(learned)):
            optimizer.zero_grad()
            loss_of(head, learned[n], at).backward()
            optimizer.step()
        if (loss := mean_loss(head, held, at)) < least:
            best, least = copy.deepcopy(head.state_dict()), loss
    return best, least


if __name__ == "__main__":
    main()
