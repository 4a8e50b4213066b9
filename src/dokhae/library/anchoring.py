"""A review of a text that was replaced -> the same review of the text that took its place.

In: a ``Review``, the old ``Text`` and the new one.  Out: a ``Review`` of the new text, moved or lost.  This is the one
place where an offset is found again by searching, and only where nothing can go wrong: the exact words stand once in
sections of the same kind, on borders of characters.  "Not stated" is lost: a better text may say more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dokhae.graphemes import is_border
from dokhae.library.reviews import Review, Standing
from dokhae.types import SectionKind, Span, Text


def moved(review: Review, old: Text, new: Text) -> Review:
    """``review`` as said of ``new``: all of its passages found again, or none."""
    kinds = [old.kind_at(span.start) for span in review.spans]
    spans = found_again(new, review.quotes, kinds) if review.holds and review.quotes else None
    standing = Standing.lost if spans is None else Standing.moved
    return replace(review, text=new.digest, spans=spans or (), standing=standing)


def found_again(text: Text, quotes: Iterable[str], kinds: Iterable[SectionKind]) -> tuple[Span, ...] | None:
    """Where each quote stands in sections of its kind; None where one of them does not stand there exactly once."""
    found = []
    for quote, kind in zip(quotes, kinds, strict=True):
        spans = [span for section in text.of_kind(kind) for span in _all_of(text, quote, section.span)]
        if len(spans) != 1:
            return None
        found += spans
    return tuple(found)


def _all_of(text: Text, quote: str, within: Span) -> list[Span]:
    spans = []
    at = text.text.find(quote, within.start, within.end)
    while at >= 0 and quote:
        if is_border(text.text, at) and is_border(text.text, at + len(quote)):
            spans.append(Span(at, at + len(quote)))
        at = text.text.find(quote, at + 1, within.end)
    return spans
