"""Names of parts in Korean text: runs of tokens that end in a particle, a reference sign or a list mark.

In: a text and a span.  Out: spans of names, without particles ("분사노즐은" -> "분사노즐") and reference signs.
No morphological analysis: particles and modifiers are lists (``cues/words.toml``), so a claim takes microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokhae.reading.words import endings, words
from dokhae.types import Span

MAX_WORDS = 4
_TOKEN = re.compile(r"[가-힣A-Za-z0-9\-/·+]+(?:\s?\([A-Za-z][A-Za-z .\-]{1,30}\))?")
_SIGN = re.compile(r"\s?\([0-9]{1,5}[a-zA-Z']{0,2}(?:\s?[,~-]\s?[0-9]{1,5}[a-zA-Z']{0,2})*\)")
_LIST_MARKS = (";", ",", ":")
_EMPTY_HEADS = ("것", "점", "특징", "수", "있어서", "발명", "고안", "항", "내", "외", "중")


def names(text: str, stretch: Span) -> Iterator[Span]:
    """Names of ``text[stretch]`` in order.

    >>> t = "상기 분사 노즐은 본체(10)에 설치된 유입구와 연결된다"
    >>> [t[s.start:s.end] for s in names(t, Span(0, len(t)))]
    ['분사 노즐', '본체', '유입구']
    """
    run: list[Span] = []
    for token in _TOKEN.finditer(text, stretch.start, stretch.end):
        gap = text[run[-1].end : token.start()] if run else ""
        if gap.strip() or len(gap) > 2:
            run = []
        if not _can_be_in_name(text, token):
            run = []
            continue
        end, ends_name = _name_end(text, token)
        if end > token.start():
            run.append(Span(token.start(), end))
        if ends_name or end < token.end():
            if run and len(run) <= MAX_WORDS and not _is_worthless(text[run[0].start : run[-1].end]):
                yield Span(run[0].start, run[-1].end)
            run = []


def _can_be_in_name(text: str, token: re.Match[str]) -> bool:
    """A token with a reference sign always can; a bare particle or a modifier ("설치된", "포함하고") never."""
    word = token.group()
    if _SIGN.match(text, token.end()):
        return True
    return not endings("ko", "modifiers").search(word) and not endings("ko", "particles").fullmatch(word)


def _name_end(text: str, token: re.Match[str]) -> tuple[int, bool]:
    """Where the name part of a token ends, and whether a mark after the token ends the name."""
    word = token.group()
    is_marked = _is_marked(text, token.end())
    has_sign = bool(_SIGN.match(text, token.end()))
    if has_sign or endings("ko", "keep").search(word):
        return token.end(), is_marked
    particle = endings("ko", "particles").search(word)
    if particle is None or particle.start() < 1:
        return token.end(), is_marked
    return token.start() + particle.start(), is_marked


def _is_marked(text: str, at: int) -> bool:
    return bool(_SIGN.match(text, at)) or text[at : at + 1] in _LIST_MARKS


def _is_worthless(name: str) -> bool:
    is_empty = len(name) < 2 or name in words("ko", "worthless") or not re.search("[가-힣]", name)
    return is_empty or name.rsplit(maxsplit=1)[-1] in _EMPTY_HEADS
