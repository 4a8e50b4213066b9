"""Blocks: a text as a page shows it, section by section, paragraph by paragraph, claim by claim.

In: a ``Text``.  Out: stretches of blocks that together hold every character of it that is not white space, a heading
or the printed number of a claim.  Never searches for an offset.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dokhae.types import Claim, Section, Span, Text

_CLAIM_NUMBER = re.compile(r"\s*\d+\s*[.)]\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, claim or other piece.  label: the printed paragraph number."""

    span: Span
    label: str = ""
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section and its blocks, in order.  section: None for what stands outside the sections (bare headings)."""

    section: Section | None
    blocks: tuple[Block, ...]


def stretches(text: Text) -> Iterator[Stretch]:
    """All of the text, in order."""
    at = 0
    pieces = _pieces(text)
    for section in text.sections:
        yield from _outside(text, Span(at, section.span.start), section.heading)
        first = bisect_left(pieces, section.span.start, key=_start)
        last = bisect_right(pieces, section.span.end, key=_start)  # a deleted claim may be empty and stand at the end
        inside = [piece for piece in pieces[first:last] if piece.span.end <= section.span.end]
        yield Stretch(section, tuple(_blocks(text, section.span, inside)))
        at = section.span.end
    yield from _outside(text, Span(at, len(text.text)), "")


def _start(block: Block) -> int:
    return block.span.start


def _pieces(text: Text) -> list[Block]:
    """Paragraphs and claims by position; a claim goes before the paragraph it is printed as."""
    claims = [Block(claim.span, claim=claim) for claim in text.claims]
    paragraphs = [Block(paragraph.span, paragraph.label) for paragraph in text.paragraphs]
    return sorted(claims + paragraphs, key=lambda block: (block.span.start, block.claim is None))


def _blocks(text: Text, span: Span, pieces: Sequence[Block]) -> Iterator[Block]:
    at = span.start
    for piece in pieces:
        if piece.span.start < at:
            continue
        before = Span(at, piece.span.start)
        if not (piece.claim and _CLAIM_NUMBER.fullmatch(text.quote(before))):
            yield from _trimmed(text, before)
        yield piece
        at = piece.span.end
    yield from _trimmed(text, Span(at, max(at, span.end)))


def _outside(text: Text, span: Span, heading: str) -> Iterator[Stretch]:
    """What stands before a section, without the heading of that section."""
    words = text.quote(span).rstrip()
    words = words.removesuffix(heading)
    if words.strip():
        yield Stretch(None, tuple(_trimmed(text, Span(span.start, span.start + len(words)))))


def _trimmed(text: Text, span: Span) -> Iterator[Block]:
    words = text.quote(span)
    if words.strip():
        start = span.start + len(words) - len(words.lstrip())
        yield Block(Span(start, start + len(words.strip())))
