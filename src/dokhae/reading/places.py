"""Span -> Evidence: the exact quote and the place a reader is shown: [0012], claim 1, abstract, p. 3.

In: a ``Text`` and a span of it.  Out: ``Evidence`` whose quote is text[span], never anything else.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

from dokhae.types import Evidence, SectionKind, Span, Text

_JOINERS = {0x200D, 0xFE0E, 0xFE0F}
_FIRST_JAMO_VOWEL, _LAST_JAMO_FINAL = "\u1160", "\u11ff"


def cite(text: Text, span: Span) -> Evidence:
    """Evidence for ``span``, widened to grapheme borders.

    Raises ValueError for a span outside the text: offsets are carried, so a wrong one is a bug.
    """
    if span.end > len(text.text):
        raise ValueError(f"{span} lies outside a text of {len(text.text)} code points")
    span = _on_graphemes(text.text, span)
    section = next((s for s in text.sections if s.span.covers(Span(span.start, span.start))), None)
    kind = section.kind if section else SectionKind.other
    return Evidence(text.digest, span, text.quote(span), _place(text, span, kind), kind)


def _place(text: Text, span: Span, kind: SectionKind) -> str:
    if kind is SectionKind.claims:
        claim = next((c for c in text.claims if c.span.covers(Span(span.start, span.start))), None)
        if claim is not None:
            return f"claim {claim.number}"
    if kind in (SectionKind.abstract, SectionKind.title):
        return str(kind)
    i = bisect_right(text.paragraphs, span.start, key=lambda p: p.span.start) - 1
    if i >= 0 and text.paragraphs[i].label:
        return f"[{text.paragraphs[i].label}]"
    j = bisect_right(text.layout, span.start, key=lambda box: box.span.start) - 1
    if j >= 0:
        return f"p. {text.layout[j].page}"
    return f"¶ {i + 1}" if i >= 0 else str(kind)


def _on_graphemes(text: str, span: Span) -> Span:
    """``span`` grown so that no combining mark is cut from its letter."""
    start, end = span.start, span.end
    while 0 < start < len(text) and start < end and _continues(text, start):
        start -= 1
    while 0 < end < len(text) and end > start and _continues(text, end):
        end += 1
    return Span(start, end)


def _continues(text: str, i: int) -> bool:
    """Whether the code point at ``i`` belongs to the one before it: marks, joiners, vowels and finals of Hangul."""
    char = text[i]
    is_mark = unicodedata.category(char).startswith("M") or _FIRST_JAMO_VOWEL <= char <= _LAST_JAMO_FINAL
    return is_mark or ord(char) in _JOINERS or ord(text[i - 1]) == 0x200D
