"""Names of parts in English text: the words after a determiner, up to the first word that cannot be in a name.

In: a text and a span.  Out: spans of names ("said mobile plate is" -> "mobile plate").  No tagger: the words that end
a name are a list (``cues/words.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokhae.reading.words import words
from dokhae.types import Span

MAX_WORDS = 5
_DETERMINER = re.compile(
    r"\b(?:said|the|an?|at least (?:one|two|a)|one or more|(?:a )?plurality of|two|three|each|another|respective"
    r"|multiple)\s+(?=[A-Za-z])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9\-]*(?:'s)?")
_ORDINALS = ("first", "second", "third", "about")


def names(text: str, stretch: Span) -> Iterator[Span]:
    """Names of ``text[stretch]`` in order.

    >>> t = "a mobile plate provided with an orifice, said mobile plate being closed"
    >>> [t[s.start:s.end] for s in names(t, Span(0, len(t)))]
    ['mobile plate', 'orifice', 'mobile plate']
    """
    for determiner in _DETERMINER.finditer(text, stretch.start, stretch.end):
        run = _words_after(text, determiner.end(), stretch.end)
        while run and run[0].group().lower() in words("en", "leading"):
            run = run[1:]
        while run and _cannot_end(run[-1].group().lower()):
            run = run[:-1]
        if not run:
            continue
        name = text[run[0].start() : run[-1].end()]
        if len(name) > 2 and name.lower() not in words("en", "worthless"):
            yield Span(run[0].start(), run[-1].end())


def _words_after(text: str, start: int, end: int) -> list[re.Match[str]]:
    run: list[re.Match[str]] = []
    while len(run) < MAX_WORDS:
        word = _WORD.match(text, start, end)
        if word is None or word.group().lower() in words("en", "stop"):
            break
        run.append(word)
        if text[word.end() : word.end() + 1] != " ":
            break
        start = word.end() + 1
    return run


def _cannot_end(word: str) -> bool:
    return (word.endswith(("ed", "ly")) and len(word) > 4) or word in _ORDINALS
