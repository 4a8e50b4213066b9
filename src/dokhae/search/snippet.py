"""Places of a query's words -> the stretch of a patent to show, with the words marked.

In: the positive words of a query and a ``Page``.  Out: ``Snippet`` and ``Reason``s.  The stretch is cut at
white space, never rewritten: ``text == field[span]``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dokhae.search import Reason, Snippet
from dokhae.search.evaluate import Page, places, searched
from dokhae.search.fields import BODY
from dokhae.search.query import Words, canonical
from dokhae.types import Span

SNIPPET_CHARS = 240
_LEAD_CHARS = 60
_CUT_CHARS = 24

# (place, which word of the query)
Marks = list[tuple[Span, int]]


def explain(words: Sequence[Words], page: Page) -> tuple[Snippet | None, tuple[Reason, ...]]:
    """The best stretch and, for each of ``words``, how often it stands in which field."""
    marks_by_field: dict[str, Marks] = {}
    reasons = []
    for number, wanted in enumerate(words):
        for field in searched(wanted):
            spans = [span for _, span in places(wanted, field, page)]
            if spans:
                reasons.append(Reason(canonical(wanted), field, len(spans)))
                marks_by_field.setdefault(field, []).extend((span, number) for span in spans)
    return _best(marks_by_field, page), tuple(reasons)


def _best(marks_by_field: dict[str, Marks], page: Page) -> Snippet | None:
    """The window with the most different words; earlier fields and places win ties, a title only without rivals."""
    windows = []
    for order, field in enumerate(("abstract", "claims", "description", "title")):
        marks = sorted(marks_by_field.get(field, ()))
        if marks:
            start, distinct = _window(marks)
            windows.append((-distinct, order, field, start))
    if windows:
        _, _, field, start = min(windows)
        return _cut(field, getattr(page.entry, field), start, sorted(marks_by_field[field]))
    first = next((name for name in (*BODY[1:], "title") if getattr(page.entry, name)), None)
    return None if first is None else _cut(first, getattr(page.entry, first), 0, [])


def _window(marks: Marks) -> tuple[int, int]:
    """Where the best window begins and how many different words it holds."""
    best_start, best_distinct = marks[0][0].start, 0
    counts: dict[int, int] = {}
    left = 0
    for span, number in marks:
        counts[number] = counts.get(number, 0) + 1
        while span.end - marks[left][0].start > SNIPPET_CHARS - _LEAD_CHARS and marks[left][0] != span:
            gone = marks[left][1]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            left += 1
        if len(counts) > best_distinct:
            best_start, best_distinct = marks[left][0].start, len(counts)
    return best_start, best_distinct


def _cut(field: str, text: str, first: int, marks: Marks) -> Snippet:
    start = _at_blank(text, max(0, first - _LEAD_CHARS), first)
    # a single place may be longer than a snippet: it is shown whole
    whole = next((span.end for span, _ in marks if span.start == first), 0)
    end = max(whole, min(len(text), start + SNIPPET_CHARS))
    if end < len(text):
        blank = max(text.rfind(" ", end - _CUT_CHARS, end), text.rfind("\n", end - _CUT_CHARS, end))
        end = blank if blank > max(start, whole) else end
    starts = [span.start for span, _ in marks]
    inside = marks[bisect_left(starts, start) :]
    shown = tuple(dict.fromkeys(span for span, _ in inside if span.end <= end))
    return Snippet(field, Span(start, end), text[start:end], shown)


def _at_blank(text: str, start: int, latest: int) -> int:
    """The first word start in ``start..latest``; ``start`` itself where white space is far."""
    if start == 0:
        return 0
    for at in range(start, min(latest, start + _CUT_CHARS)):
        if text[at - 1].isspace():
            return at
    return start
