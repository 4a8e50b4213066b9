"""Trains the reader.

    python -m training.reader --pruned PRUNED.npz --train A.npz B.npz --dev D.npz --out FOLDER [--epochs 3]

In: packed windows; a set named twice counts twice.  Out: ``reader.pt`` (float16 weights), ``log.jsonl`` (losses and
figures as they come; how it runs and goes on: ``training.course``).  The word vectors are frozen.  Passages one
question was put to compete (``competing``), beside the loss of each passage alone.  Every exit learns the same.
``--start``: a later stage, begun from the weights of an earlier one.  Figures, by source and exit: ``training.judge``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training import course, options
from training.course import Course
from training.examples import NO_GROUP
from training.judge import FAR, Judged, judged, summary
from training.net import EXITS, N_LAYERS, Reader, base_body, word_table
from training.windows import Batch, Windows

WEIGHTS = "reader.pt"
EXIT_WEIGHT = 0.2
_HEAD_SPREAD = 0.02
_MEASURED_BATCH = 256
_MOST = 80.0  # exp of more overflows float32


def main() -> None:
    """Trains and measures."""
    parser = options.parser(__doc__, "pruned", "out")
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--dev", type=Path, nargs="*", default=[])
    parser.add_argument("--start", type=Path, help="weights to start from instead of the base")
    course.add_options(parser, epochs=3, batch=192, rate=2e-4)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    plan = course.plan_of(given, given.train, given.start)
    torch.manual_seed(plan.seed)
    reading = Reading(first_net(given.pruned, given.start), word_table(given.pruned))
    data = Windows(given.train, reading.device)
    running = Course(reading.net, plan, given.out)
    rng = np.random.default_rng(plan.seed)
    batches = list(chain.from_iterable(data.batches(plan.batch, rng) for _ in range(plan.n_passes)))
    running.run(batches, lambda chosen: reading.losses(data.batch(chosen)))
    running.finish(given.out / WEIGHTS)
    for name, source, layers, figures in measured(reading, given.dev):
        running.log.say(dev=name, source=source, layers=layers, **figures)


def first_net(pruned: Path, start: Path | None) -> Reader:
    """The network before its first step: the base model with new heads, or the weights ``start``."""
    net = Reader()
    net.body = base_body(pruned)
    for head in (net.spans, *net.early):
        nn.init.normal_(head.weight, std=_HEAD_SPREAD)
    if start:
        net.load_state_dict(course.load_weights(start))
    return net


class Reading:
    """A reader with its word vectors, on the device."""

    def __init__(self, net: Reader, words: Tensor) -> None:
        self.device = course.device()
        self.net, self._words = net.to(self.device), words.to(self.device)

    def losses(self, batch: Batch) -> Mapping[str, Tensor]:
        """What a step makes small; every exit beside the last layer, with less weight."""
        last, *early = ((each_alone(batch, logits), competing(batch, logits)) for logits in self.logits(batch))
        exits = sum(alone + together for alone, together in early)
        return {"loss": sum(last) + EXIT_WEIGHT * exits, "alone": last[0], "competing": last[1]}

    def logits(self, batch: Batch) -> list[Tensor]:
        """float32 [batch, tokens, 2 * heads] of the last layer and of every exit; nothing outside passage and null."""
        with course.precision(self.device):
            found = self.net(self._words[batch.ids], batch.mask)
        return [allowed(batch, one.float()) for one in found]


def allowed(batch: Batch, logits: Tensor) -> Tensor:
    """The logits, nothing outside passage and null."""
    is_allowed = batch.is_passage.clone()
    is_allowed[:, 0] = True
    return logits.masked_fill(~is_allowed[:, :, None], FAR)


def each_alone(batch: Batch, logits: Tensor) -> Tensor:
    """Cross-entropy of every known pointer against its targets, each passage for itself."""
    likely = torch.log_softmax(logits, dim=1)
    each = -(batch.targets * likely).sum(1) * batch.weights  # [batch, 2 * heads]
    return each.sum() / batch.weights.sum().clamp(min=1e-6)


def competing(batch: Batch, logits: Tensor) -> Tensor:
    """Cross-entropy of the right tokens among those of all passages their question was put to.

    Each token's score is taken against its passage's null, and one softmax runs over all passages of a question, so
    that scores compare between passages (shared normalisation, Clark and Gardner 2018).  0 for a batch without groups.
    """
    is_grouped = batch.groups != NO_GROUP
    if not is_grouped.any():
        return logits.sum() * 0
    logits, targets, groups = (one[is_grouped] for one in (logits, batch.targets, batch.groups))
    margins = (logits - logits[:, :1])[:, 1:, :2]  # [batch, tokens, 2], against the null
    right = targets[:, 1:, :2] > 0
    every = torch.logsumexp(margins, dim=1)
    good = torch.logsumexp(margins.masked_fill(~right, 2 * FAR), dim=1)
    _, place = torch.unique(groups, return_inverse=True)
    n_groups = int(place.max()) + 1
    highest = margins.detach().amax().clamp(max=_MOST)
    total, hit = (
        torch.zeros(n_groups, 2, device=logits.device).index_add(0, place, (one - highest).exp())
        for one in (every, good)
    )
    is_answered = torch.zeros(n_groups, device=logits.device).index_add(0, place, right.any(1)[:, 0].float()) > 0
    loss = (total.clamp(min=1e-30).log() - hit.clamp(min=1e-30).log())[is_answered]
    return loss.mean() if len(loss) else logits.sum() * 0


def measured(reading: Reading, files: Iterable[Path]) -> Iterable[tuple[str, int, int, dict[str, float]]]:
    """(set, source, layers, figures) of packed sets."""
    reading.net.eval()
    for path in files:
        data = Windows([path], reading.device)
        found: dict[tuple[int, int], list[Judged]] = defaultdict(list)
        for chosen in data.in_order(_MEASURED_BATCH):
            batch = data.batch(chosen)
            with torch.no_grad():
                every = reading.logits(batch)
            for layers, logits in zip((N_LAYERS, *EXITS), every, strict=True):
                rows = judged(batch.targets, logits)
                for source, one in zip(batch.sources.tolist(), rows, strict=True):
                    found[source, layers].append(one)
        yield from ((path.stem, source, layers, summary(rows)) for (source, layers), rows in sorted(found.items()))


if __name__ == "__main__":
    main()
