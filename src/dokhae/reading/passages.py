"""A text -> passages of whole sentences, sized for a model.

In: a ``Text`` and a token counter.  Out: passages in order; each lies within one section; a single sentence longer
than the limit is split at white space, so nothing is ever truncated silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dokhae.reading.sentences import sentences, trim
from dokhae.types import Passage, Section, Span, Text

DEFAULT_MAX_TOKENS = 256


def estimate_tokens(text: str) -> int:
    """Tokens a multilingual subword model needs, estimated: 0.6 for each wide character, 0.25 for each other.

    Source: 1,200 Korean characters are about 708 tokens of multilingual-e5; English runs at some 4 characters a token.
    """
    wide = sum(char > "\u2e7f" for char in text)
    return int(wide * 0.6 + (len(text) - wide) * 0.25) + 1


def split(
    text: Text, *, max_tokens: int = DEFAULT_MAX_TOKENS, count: Callable[[str], int] = estimate_tokens
) -> Iterator[Passage]:
    """Passages of every section of ``text``, each at most ``max_tokens`` by ``count``."""
    for section in text.sections:
        yield from split_section(text, section, max_tokens=max_tokens, count=count)


def split_section(
    text: Text, section: Section, *, max_tokens: int = DEFAULT_MAX_TOKENS, count: Callable[[str], int] = estimate_tokens
) -> Iterator[Passage]:
    """Passages of one section, drawn as they are needed."""
    held: Span | None = None
    n_held = 0
    for piece, n_piece in _pieces(text.text, section.span, max_tokens, count):
        longer = piece if held is None else Span(held.start, piece.end)
        if held is not None and n_held + n_piece > max_tokens:
            yield from _passages(text, held, section, max_tokens, count)
            longer, n_held = piece, 0
        held, n_held = longer, n_held + n_piece
    if held is not None:
        yield from _passages(text, held, section, max_tokens, count)


def _pieces(text: str, span: Span, max_tokens: int, count: Callable[[str], int]) -> Iterator[tuple[Span, int]]:
    """Sentences, or parts of one too long, each with its tokens: every sentence is counted once."""
    for sentence in sentences(text, span):
        n_tokens = count(text[sentence.start : sentence.end])
        if n_tokens <= max_tokens:
            yield sentence, n_tokens
        else:
            for part in _halves(text, sentence, max_tokens, count):
                yield part, count(text[part.start : part.end])


def _passages(
    text: Text, span: Span, section: Section, max_tokens: int, count: Callable[[str], int]
) -> Iterator[Passage]:
    """``span`` as one passage; as several where its sentences together have more tokens than one by one."""
    for part in _halves(text.text, span, max_tokens, count):
        yield _passage(text, part, section)


def _halves(text: str, span: Span, max_tokens: int, count: Callable[[str], int]) -> Iterator[Span]:
    """``span`` in parts that fit, cut at the white space nearest the middle, or hard where there is none."""
    if len(span) <= 1 or count(text[span.start : span.end]) <= max_tokens:
        if span:
            yield span
        return
    middle = (span.start + span.end) // 2
    space = text.rfind(" ", span.start + 1, middle)
    cut = space if space > span.start else middle
    yield from _halves(text, trim(text, Span(span.start, cut)), max_tokens, count)
    yield from _halves(text, trim(text, Span(cut, span.end)), max_tokens, count)


def _passage(text: Text, span: Span, section: Section) -> Passage:
    return Passage(text.quote(span), span, section)
