"""Text -> terms, with the place of every term in the text as given.

In: any string.  Out: terms as the index holds them (before stemming) and their spans.  Never changes the text: folding
(NFKC, then case) happens on a copy whose offsets map back.

    Latin, Greek, Cyrillic   words, digits allowed after the first letter: sio2, cf4        "10mm" -> 10 mm
    numbers                  1,100 -> 1100   0.5 -> 0.5   1.2.3 -> 1.2.3;  % and °c are terms of their own
    Hangul, Han, Kana        one term a character: it and its neighbour;  폐가스 처리 -> 폐가 가스 스_처 처리 리

A neighbour across white space is marked by "_", so a search can tell 가스 from "평가 스크린", or ignore white space
where it is told to; the last character of a run stands alone.  Words never contain "_".
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dokhae.types import Span

MAX_WORD_CHARS = 64
GAP = "_"

_CJK = "\u1100-\u11ff\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_TERM = re.compile(
    rf"[{_CJK}](?:\s*[{_CJK}])*"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)*"
    rf"|°?[^\W\d_{_CJK}][^\W_{_CJK}]{{0,{MAX_WORD_CHARS - 1}}}|%"
)
_HAS_CJK = re.compile(rf"[{_CJK}]")
_CJK_CHAR = re.compile(rf"[{_CJK}]")
# Characters that fold alone, one to one; the character before a stretch of others may compose with it.
_FOLDS_ODDLY = re.compile(r".?[^\x00-\x7f\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Terms of one string, in order; ``starts[i]:ends[i]`` is the place of ``terms[i]`` in it."""

    terms: list[str]
    starts: list[int]
    ends: list[int]

    def span(self, first: int, last: int) -> Span:
        """The stretch from term ``first`` to term ``last``."""
        return Span(self.starts[first], self.ends[last])


def terms(text: str) -> str:
    """The terms of ``text`` joined by blanks: what the index is fed with.

    >>> terms("폐가스 처리: 1,100℃, SiO₂ film")
    '폐가 가스 스_처 처리 리 1100 °c sio2 film'
    """
    folded = fold(text)
    found = _TERM.findall(folded)
    if not _HAS_CJK.search(folded):
        # a comma inside a term can only be one between thousands
        return " ".join(found).replace(",", "")
    return " ".join(_pairs(term) if _CJK_CHAR.match(term) else term.replace(",", "") for term in found)


def tokens(text: str) -> Tokens:
    """The same terms as ``terms`` gives, with their places in ``text``."""
    folded = Folded.of(text)
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TERM.finditer(folded.text):
        for term, start, end in _placed(match):
            found.append(term)
            starts.append(start)
            ends.append(end)
    return Tokens(found, folded.back(starts), folded.back(ends, upper=True))


def is_cjk(term: str) -> bool:
    return _CJK_CHAR.match(term) is not None


def fold(text: str) -> str:
    """NFKC and case folded; may be longer or shorter than ``text``."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _pairs(run: str) -> str:
    words = run.split()
    out: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        out += map("".join, pairwise(word))
        out.append(word[-1] + (GAP + following[0] if following else ""))
    return " ".join(out)


def _placed(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    term, start = match[0], match.start()
    if not is_cjk(term):
        yield term.replace(",", ""), start, match.end()
        return
    places = [start + at for at, char in enumerate(term) if not char.isspace()]
    for pair, place in zip(_pairs(term).split(" "), places, strict=True):
        yield pair, place, place + 1


@dataclass(frozen=True, slots=True)
class Folded:
    """``fold(text)`` and, for stretches that changed length, where they began: (folded start, text start)."""

    text: str
    folded_at: list[int]
    text_at: list[int]
    same_length: bool

    @classmethod
    def of(cls, text: str) -> Folded:
        whole = fold(text)
        if text.isascii() or (len(whole) == len(text) and not _FOLDS_ODDLY.search(text)):
            return cls(whole, [], [], True)
        pieces, folded_at, text_at, length = [], [], [], 0
        for start, end in _clusters(text):
            folded_at.append(length)
            text_at.append(start)
            pieces.append(fold(text[start:end]))
            length += len(pieces[-1])
        folded_at.append(length)
        text_at.append(len(text))
        return cls("".join(pieces), folded_at, text_at, False)

    def back(self, offsets: list[int], *, upper: bool = False) -> list[int]:
        """``offsets`` of the folded text as offsets of the text; upper: ends, moved outward in a changed cluster."""
        if self.same_length:
            return offsets
        return [self._back(offset, upper) for offset in offsets]

    def _back(self, offset: int, upper: bool) -> int:
        at = bisect_right(self.folded_at, offset) - 1
        inside = offset - self.folded_at[at]
        if not inside or at + 1 == len(self.folded_at):
            return self.text_at[at]
        folded, plain = (places[at + 1] - places[at] for places in (self.folded_at, self.text_at))
        if folded == plain:
            return self.text_at[at] + inside
        return self.text_at[at + 1] if upper else self.text_at[at]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Consecutive stretches of ``text`` that fold independently: plain ones whole, others character by character."""
    done = 0
    for odd in _FOLDS_ODDLY.finditer(text):
        if odd.start() > done:
            yield done, odd.start()
        start = odd.start()
        for at in range(start + 1, odd.end()):
            if not _joins_left(text[at]):
                yield start, at
                start = at
        yield start, odd.end()
        done = odd.end()
    if done < len(text):
        yield done, len(text)


@lru_cache(maxsize=4096)
def _joins_left(char: str) -> bool:
    """Whether ``char`` may compose with what stands before it: marks, medial and final jamo, half-width voicing."""
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"
