"""A text -> windows a model can read, overlapping, so that no answer is cut in two.

In: a text and a token counter.  Out: spans in order that cover every word.  Cut between words; a word longer than a
window is cut within.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dokhae.types import Span

_WORD = re.compile(r"\S+")

Count = Callable[[str], int]


def windows(text: str, count: Count, *, room: int, overlap: int = 128) -> Iterator[Span]:
    """Spans of ``text`` of at most ``room`` tokens; neighbours share about ``overlap`` tokens.

    >>> list(windows("a b c d", lambda text: len(text.split()), room=2, overlap=1))
    [Span(start=0, end=3), Span(start=2, end=5), Span(start=4, end=7)]
    """
    if count(text) <= room:
        yield Span(0, len(text))
        return
    words = [piece for match in _WORD.finditer(text) for piece in _fitting(text, Span(*match.span()), count, room)]
    costs = [count(text[word.start : word.end]) for word in words]
    first = 0
    while first < len(words):
        last = _last_fitting(text, words, costs, (first, room), count)
        yield Span(words[first].start, words[last].end)
        if last == len(words) - 1:
            return
        first = max(first + 1, _back(costs, last + 1, min(overlap, room // 2)))


def _last_fitting(text: str, words: list[Span], costs: list[int], at: tuple[int, int], count: Count) -> int:
    """The last word of the window that begins at word ``first``."""
    first, room = at
    last, used = first, costs[first]
    while last + 1 < len(words) and used + costs[last + 1] <= room:
        last += 1
        used += costs[last]
    # words need not cost the same alone and together
    while last > first and count(text[words[first].start : words[last].end]) > room:
        last -= 1
    return last


def _back(costs: list[int], after: int, overlap: int) -> int:
    """The word at which the next window begins: ``overlap`` tokens before ``after``."""
    used = 0
    while after > 0 and used + costs[after - 1] <= overlap:
        after -= 1
        used += costs[after]
    return after


def _fitting(text: str, span: Span, count: Count, room: int) -> Iterator[Span]:
    if len(span) <= 1 or count(text[span.start : span.end]) <= room:
        yield span
        return
    middle = (span.start + span.end) // 2
    yield from _fitting(text, Span(span.start, middle), count, room)
    yield from _fitting(text, Span(middle, span.end), count, room)
