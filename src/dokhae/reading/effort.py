"""How much of a patent is read for a question: nearly all that is worth a look, or what many patents can afford.

``ONE`` reads a few long passages of the one patent that was asked; ``MANY`` fewer and much shorter ones of each: as
good at telling which of many patents answer, for a sixth of the tokens (docs/benchmarks.md).  What a passage is worth
and how sure an answer is was fitted for each (``selection_*.toml``, ``calibration_*.toml``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """n_read: passages of a patent, None for all of them; max_tokens: of each.  name: of what was fitted for it."""

    name: str
    n_read: int | None
    max_tokens: int


ONE = Effort("one", 12, 256)
MANY = Effort("many", 5, 100)
EFFORTS = {effort.name: effort for effort in (ONE, MANY)}
