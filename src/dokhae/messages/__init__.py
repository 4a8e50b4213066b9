"""Every sentence the product says, in English and Korean: ``say(code, lang, values)``.

In: a code and its values.  Out: one line of text.  The sentences are data: ``<room>.toml`` beside this file, one
table a code with the keys ``en`` and ``ko``; the placeholders of both must agree (tests/test_messages.py).
A code that has no entry is shown as itself with its values: a missing translation never hides an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "ko")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All codes with their sentences by language.  Raises ValueError where two rooms claim one code."""
    entries: dict[str, dict[str, str]] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        for code, sentences in tomllib.loads(path.read_text("utf8")).items():
            if code in entries:
                raise ValueError(f"{path.name}: {code!r} stands in another file of messages/ already")
            entries[code] = sentences
    return entries


def say(code: str, lang: str, values: Mapping[str, str]) -> str:
    """The sentence of ``code`` in ``lang`` (English where that language lacks it), placeholders filled.

    >>> say("path-missing", "en", {"path": "a.pdf"}).startswith("a.pdf")
    True
    """
    sentences = catalogue().get(code)
    if sentences is None:
        return f"{code}: " + ", ".join(f"{name}={value}" for name, value in values.items())
    return (sentences.get(lang) or sentences["en"]).format_map(_Lenient(values))


def in_general(code: str, lang: str) -> str:
    """The sentence of ``code`` where it stands for many cases: each value left open as "…"."""
    sentences = catalogue().get(code)
    if sentences is None:
        return code
    return _PLACEHOLDER.sub("…", sentences.get(lang) or sentences["en"])


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"
