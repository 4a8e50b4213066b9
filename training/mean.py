"""The mean of weights that began alike: often better than each (model soups, Wortsman et al. 2022).

    python -m training.mean --weights A.pt B.pt --out OUT.pt

In: weights of one network, trained apart from the same start.  Out: their mean, float16.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training import options
from training.course import load_weights
from training.lines import replaced


def main() -> None:
    """Averages."""
    parser = options.parser(__doc__, "out")
    parser.add_argument("--weights", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with replaced(given.out) as unfinished:
        torch.save(mean([load_weights(path) for path in given.weights]), unfinished)


def mean(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of every tensor, taken in float32.  Raises ValueError where the names differ."""
    if any(state.keys() != states[0].keys() for state in states):
        raise ValueError("the weights are not of one network")
    return {name: torch.stack([state[name] for state in states]).mean(0).half() for name in states[0]}


if __name__ == "__main__":
    main()
