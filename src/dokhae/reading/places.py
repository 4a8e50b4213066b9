"""Span -> Evidence: the exact quote and the place a reader is shown: [0012], claim 1, abstract, p. 3.

In: a ``Text`` and a span of it.  Out: ``Evidence`` whose quote is text[span], never anything else.
"""

from __future__ import annotations

from bisect import bisect_right

from dokhae.graphemes import on_borders
from dokhae.types import Evidence, SectionKind, Span, Text


def cite(text: Text, span: Span) -> Evidence:
    """Evidence for ``span``, widened to grapheme borders.

    Raises ValueError for a span outside the text: offsets are carried, so a wrong one is a bug.
    """
    if span.end > len(text.text):
        raise ValueError(f"{span} lies outside a text of {len(text.text)} code points")
    span = on_borders(text.text, span)
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
