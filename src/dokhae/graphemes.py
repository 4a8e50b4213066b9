"""Where a character as a reader sees it ends: grapheme borders.

In: a text and a place or a span.  Out: whether the place is a border; the span grown to borders.  Never edits a text.
Source: Unicode Standard Annex 29, extended grapheme clusters; Python's tables lack its Indic rule.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from dokhae.types import Span

_CONTROLS = ("Cc", "Zl", "Zp")
_JOINER = "\u200d"
_EXTENDING = "\u200c\u200d\uff9e\uff9f"
_TAGS = range(0xE0020, 0xE0080)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
_LEADING_JAMO = (range(0x1100, 0x1160), range(0xA960, 0xA97D))
_LATER_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))
_SYLLABLES = range(0xAC00, 0xD7A4)


def is_border(text: str, i: int) -> bool:
    """Whether a character may end before ``text[i]``; the ends of the text are borders.

    >>> [is_border("e\u0301a", i) for i in range(4)]
    [True, False, True, True]
    """
    if not 0 < i < len(text):
        return True
    return not _is_joined(text[i - 1], text[i]) and not _halves_flag(text, i)


def on_borders(text: str, span: Span) -> Span:
    """``span`` grown so that no mark is cut from its letter, no part from its emoji; an empty span stays.

    >>> on_borders("cafe\u0301s", Span(0, 4))
    Span(start=0, end=5)
    """
    start, end = span.start, span.end
    if start == end:
        return span
    while not is_border(text, start):
        start -= 1
    while not is_border(text, end):
        end += 1
    return Span(start, end)


def clusters(text: str, span: Span) -> Iterator[Span]:
    """The characters of ``text[span]`` as a reader sees them, in one pass.

    >>> [str(len(s)) for s in clusters("가é🇰🇷", Span(0, 5))]
    ['1', '2', '2']
    """
    start, is_half = span.start, False
    for i in range(span.start, span.end):
        is_flag = ord(text[i]) in _FLAGS
        is_second = is_flag and is_half
        is_half = is_flag and not is_second
        if i > start and not is_second and not _is_joined(text[i - 1], text[i]):
            yield Span(start, i)
            start = i
    if span:
        yield Span(start, span.end)


def _is_joined(before: str, char: str) -> bool:
    if char < "̀":
        return before == "\r" and char == "\n"
    if unicodedata.category(before) in _CONTROLS:
        return False
    return _extends(char) or _joins_pictures(before, char) or _continues_jamo(before, char)


def _extends(char: str) -> bool:
    """Marks, joiners, variation selectors, halfwidth voice marks, tags, skin tones."""
    code = ord(char)
    return unicodedata.category(char).startswith("M") or char in _EXTENDING or code in _TAGS or code in _SKIN_TONES


def _joins_pictures(before: str, char: str) -> bool:
    return before == _JOINER and unicodedata.category(char) == "So"


def _continues_jamo(before: str, char: str) -> bool:
    """Hangul in parts: vowels and finals follow what they belong to, leading consonants follow each other."""
    code, last = ord(char), ord(before)
    is_hangul_before = last in _SYLLABLES or any(last in block for block in (*_LEADING_JAMO, *_LATER_JAMO))
    if any(code in block for block in _LATER_JAMO):
        return is_hangul_before
    is_leading_before = any(last in block for block in _LEADING_JAMO)
    return is_leading_before and (code in _SYLLABLES or any(code in block for block in _LEADING_JAMO))


def _halves_flag(text: str, i: int) -> bool:
    """Whether ``i`` stands between the two letters of a flag: an odd number of flag letters ends before it."""
    if ord(text[i]) not in _FLAGS:
        return False
    start = i
    while start > 0 and ord(text[start - 1]) in _FLAGS:
        start -= 1
    return (i - start) % 2 == 1
