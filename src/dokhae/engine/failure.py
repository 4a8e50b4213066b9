"""What went wrong, in one line for people.

In: an exception.  Out: its kind, its words, and the place that raised it.  Never a traceback of many lines.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath

_LONGEST_CHARS = 300


def told(error: BaseException) -> str:
    """``ValueError: bad digit (numbers.py:12)``."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    words = " ".join(str(error).split())[:_LONGEST_CHARS]
    return f"{type(error).__name__}: {words}{place}" if words else f"{type(error).__name__}{place}"
