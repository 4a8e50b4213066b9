"""Places of a query's words -> the stretch of a patent to show, with the words marked.

In: the positive words of a query and a ``Page``.  Out: ``Snippet`` and ``Reason``s.  The stretch is cut at
white space, never rewritten: ``text == field[span]``.
"""

from __future__ import annotations

from collections.abc import Sequence

from dokhae.search import Reason, Snippet
from dokhae.search.evaluate import Page, Place, places, searched
from dokhae.search.fields import BODY
from dokhae.search.query import Words, canonical
from dokhae.types import Span

SNIPPET_CHARS = 240
_LEAD_CHARS = 60
_CUT_CHARS = 24

# (place, which word of the query)
Marks = list[tuple[Place, int]]


def explain(words: Sequence[Words], page: Page) -> tuple[Snippet | None, tuple[Reason, ...]]:
    """The best stretch and, for each of ``words``, how often it stands in which field."""
    marks_by_field: dict[str, Marks] = {}
    reasons = []
    for number, wanted in enumerate(words):
        for field in searched(wanted):
            found = list(places(wanted, field, page))
            if found:
                reasons.append(Reason(canonical(wanted), field, len(found)))
                marks_by_field.setdefault(field, []).extend((place, number) for place in found)
    return _best(marks_by_field, page), tuple(reasons)


def _best(marks_by_field: dict[str, Marks], page: Page) -> Snippet | None:
    """The window with the most different words; earlier fields and places win ties, a title only without rivals."""
    windows = []
    for order, field in enumerate(("abstract", "claims", "description", "title")):
        if marks := sorted(marks_by_field.get(field, ())):
            at, n_different = _window(marks, _window_terms(field, page))
            windows.append((-n_different, order, field, marks, at))
    if windows:
        _, _, field, marks, at = min(windows)
        return _cut(field, page, marks, at)
    first = next((name for name in (*BODY[1:], "title") if getattr(page.entry, name)), None)
    return None if first is None else _cut(first, page, [], 0)


def _window_terms(field: str, page: Page) -> int:
    """How many terms a snippet of this field holds behind its lead: a Korean term is a character, not a word."""
    tokens, _ = page.analysed(field)[0]
    return (SNIPPET_CHARS - _LEAD_CHARS) * len(tokens.terms) // len(getattr(page.entry, field))


def _window(marks: Marks, n_terms: int) -> tuple[int, int]:
    """Which mark the best window begins with, and how many different words it holds."""
    best, n_best = 0, 0
    counts: dict[int, int] = {}
    left = 0
    for place, number in marks:
        counts[number] = counts.get(number, 0) + 1
        while place.last - marks[left][0].first > n_terms and marks[left][0] != place:
            gone = marks[left][1]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            left += 1
        if len(counts) > n_best:
            best, n_best = left, len(counts)
    return best, n_best


def _cut(field: str, page: Page, marks: Marks, at: int) -> Snippet:
    """The snippet around ``marks[at]``; the beginning of the field where there are none."""
    text: str = getattr(page.entry, field)
    first = page.span(field, marks[at][0]) if marks else Span(0, 0)
    start = _at_blank(text, max(0, first.start - _LEAD_CHARS), first.start)
    # a single place may be longer than a snippet: it is shown whole
    end = max(first.end, min(len(text), start + SNIPPET_CHARS))
    if end < len(text):
        blank = max(text.rfind(" ", end - _CUT_CHARS, end), text.rfind("\n", end - _CUT_CHARS, end))
        end = blank if blank > max(start, first.end) else end
    return Snippet(field, Span(start, end), text[start:end], _shown(field, page, marks, at, Span(start, end)))


def _shown(field: str, page: Page, marks: Marks, at: int, stretch: Span) -> tuple[Span, ...]:
    """The marks that lie whole within ``stretch``, looked for to both sides of ``marks[at]``."""
    shown = []
    for side in (marks[at:], marks[:at][::-1]):
        for place, _ in side:
            span = page.span(field, place)
            if stretch.covers(span):
                shown.append(span)
            elif not stretch.overlaps(span):
                break
    return tuple(sorted(set(shown)))


def _at_blank(text: str, start: int, latest: int) -> int:
    """The first word start in ``start..latest``; ``start`` itself where white space is far."""
    if start == 0:
        return 0
    for at in range(start, min(latest, start + _CUT_CHARS)):
        if text[at - 1].isspace() and not text[at].isspace():
            return at
    return start
