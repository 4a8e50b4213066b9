"""Word lists of the reading room (``cues/words.toml``), loaded once, and the form in which words are compared.

In: a list's name.  Out: its words, as a set or as a pattern of endings.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

_HANGUL = re.compile("[가-힣]")


@cache
def words(table: str, name: str) -> frozenset[str]:
    return frozenset(_list(table, name))


@cache
def endings(table: str, name: str) -> re.Pattern[str]:
    """A pattern that finds any of the words at the end of a token; the file's order decides."""
    return re.compile("(?:" + "|".join(map(re.escape, _list(table, name))) + ")$")


def folded(text: str) -> str:
    """One form for the ways a word is written: compatibility forms resolved, case folded."""
    return unicodedata.normalize("NFKC", text).casefold()


def spaceless(text: str) -> str:
    """``folded`` without white space: Korean PDF text breaks words anywhere."""
    return "".join(folded(text).split())


def is_korean(text: str) -> bool:
    """Whether a quarter or more of the letters are Hangul.

    >>> is_korean("OIS 카메라의 구동부"), is_korean("the 렌즈 driving unit")
    (True, False)
    """
    return len(_HANGUL.findall(text)) * 4 > len(text.replace(" ", ""))


def _list(table: str, name: str) -> list[str]:
    content: str = _tables()[table][name]
    return content.split()


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("cues", "words.toml").read_text("utf8"))
