"""How likely a space is between two stretches of Korean, from the syllables around the place.

In: the text left and right of a place.  Out: the log-odds of a space there.  Knows no document; the weights of the
syllable contexts are counts-made data (line_ends.toml, which says from what and how).  Never splits words: it judges
one place at a time.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_DIGIT, _LATIN = re.compile(r"\d"), re.compile(r"[A-Za-z]")
# how many characters of the left and the right side one context holds
_SHAPES = ((1, 0), (2, 0), (3, 0), (4, 0), (0, 1), (0, 2), (0, 3), (1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3))


def contexts(left: str, right: str) -> Iterator[str]:
    """The syllable contexts of one place, "left|right", digits and Latin letters as classes.

    >>> list(contexts("가스", "3개"))[:3], list(contexts("가스", "3개"))[-3:]
    (['스|', '가스|', ' 가스|'], ['가스|0개', ' 가스|0', '스|0개 '])
    """
    left, right = _folded(left[-4:]).rjust(4), _folded(right[:3]).ljust(3)
    for n_left, n_right in _SHAPES:
        yield f"{left[4 - n_left :]}|{right[:n_right]}"


def log_odds(left: str, right: str) -> float:
    """Natural logarithm of P(space) / P(no space) between ``left`` and ``right``."""
    weights = _weights()
    return sum(weights.get(context, 0.0) for context in contexts(left, right))


def _folded(text: str) -> str:
    return _LATIN.sub("a", _DIGIT.sub("0", text))


@cache
def _weights() -> dict[str, float]:
    table = tomllib.loads(files(__package__).joinpath("line_ends.toml").read_text("utf8"))
    scale = float(table["scale"])
    entries = (line.rpartition("\t") for line in table["weights"].strip("\n").split("\n"))
    return {context: int(weight) / scale for context, _, weight in entries}
