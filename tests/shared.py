"""Where the real files are, for tests that need them."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared_data() -> Path:
    """The folder of real patent files beside the checkout; skips the test where it is absent."""
    for above in Path(__file__).resolve().parents:
        data = above / "shared" / "data"
        if data.is_dir():
            return data
    pytest.skip("the folder shared/data with real patent files is not beside this checkout")
