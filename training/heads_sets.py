"""The sets the heads of a reader are fitted to, and how many windows of each; None: all."""

from __future__ import annotations

from collections.abc import Mapping

SAMPLES: Mapping[str, int | None] = {"fields": None, "rivals": 3000, "squad": 1200, "korquad": 800}
HELD: Mapping[str, int | None] = {"dev-fields": None, "dev-rivals": 1200}
