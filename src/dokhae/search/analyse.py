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
from functools import cache, lru_cache
from operator import add

from dokhae.types import Span

GAP = "_"
BLOCK_CHARS = 2000

_CJK = "\u1100-\u11ff\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
_TERM = re.compile(
    rf"[{_CJK}](?:\s*[{_CJK}])*"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)*"
    rf"|°?[^\W\d_{_CJK}][^\W_{_CJK}]*|%"
)
_CJK_CHAR = re.compile(rf"[{_CJK}]")
# Characters that fold alone, one to one; the character before a stretch of others may compose with it.
_FOLDS_ODDLY = re.compile(r".?[^\x00-\x7f\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3]+", re.DOTALL)

# The quick way through ASCII text: most words need no regex, only numbers with a point, a comma or a letter behind do.
_ODD_NUMBER = re.compile(r"[0-9](?<![a-z0-9][0-9])(?:[0-9]*[.,][0-9.,]*[a-z]?|[0-9]*[a-z])")
_POINT = "\x01"
_TO_BLANKS = str.maketrans({chr(c): " " for c in range(128) if not chr(c).isalnum() and chr(c) != "%"} | {_POINT: "."})
_ASCII_STRETCH = re.compile(r"\s[\x00-\x7f]{200,}\s")

# After such white space no term, no run and no composed character continues.
_BREAK = re.compile(r"[\x21-\x7e]\s(?=[\x21-\x7e\uac00-\ud7a3])")


def terms(text: str) -> str:
    """The terms of ``text``, white space between: what the index is fed with.

    >>> terms("폐가스 처리: 1,100℃, SiO₂ film")
    '폐가 가스 스_처 처리 리 1100 °c sio2 film'
    """
    if text.isascii():
        return _terms_of_ascii(text)
    pieces, done = [], 0
    for stretch in _ASCII_STRETCH.finditer(text):
        if not stretch[0].isspace():
            pieces += [_terms_of_any(text[done : stretch.start()]), _terms_of_ascii(stretch[0])]
            done = stretch.end()
    return " ".join([*pieces, _terms_of_any(text[done:])])


def _terms_of_ascii(text: str) -> str:
    plain = _ODD_NUMBER.sub(_split_number, text.casefold().replace(_POINT, " "))
    return plain.translate(_TO_BLANKS).replace("%", " % ")


def _split_number(found: re.Match[str]) -> str:
    return " ".join(_TERM.findall(found.string, found.start(), found.end())).replace(",", "").replace(".", _POINT)


def _terms_of_any(text: str) -> str:
    found = _TERM.findall(fold(text))
    # a comma inside a term can only be one between thousands
    return " ".join([_pairs(term) if is_cjk(term) else term for term in found]).replace(",", "")


class Tokens:
    """The terms of one text in order, and on demand their places in it.

    Places are worked out for blocks of about BLOCK_CHARS, so that a few places in a long text cost little.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks = list(_blocks(text))
        self._firsts: list[int] = []
        self.terms: list[str] = []
        for block in self._blocks:
            self._firsts.append(len(self.terms))
            self.terms += terms(text[block.start : block.end]).split()
        self._placed = cache(self._places)

    def span(self, first: int, last: int) -> Span:
        """The stretch from term ``first`` to term ``last``."""
        return Span(self._place(first).start, self._place(last).end)

    def _place(self, term: int) -> Span:
        block = bisect_right(self._firsts, term) - 1
        return self._placed(block)[term - self._firsts[block]]

    def _places(self, number: int) -> list[Span]:
        block = self._blocks[number]
        folded = Folded.of(self._text[block.start : block.end])
        found = [place for match in _TERM.finditer(folded.text) for place in _placed(match)]
        return [folded.back(place).within(block) for place in found]


def _blocks(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        found = _BREAK.search(text, start + BLOCK_CHARS)
        end = found.end() if found else len(text)
        yield Span(start, end)
        start = end


def is_cjk(term: str) -> bool:
    # the first comparison spares Latin words the regex
    return term[0] >= "\u1100" and _CJK_CHAR.match(term) is not None


def fold(text: str) -> str:
    """NFKC and case folded; may be longer or shorter than ``text``."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _pairs(run: str) -> str:
    words = run.split()
    chars = "".join(words)
    pairs = [*map(add, chars, chars[1:]), chars[-1]]
    last = -1
    for word in words[:-1]:
        last += len(word)
        pairs[last] = chars[last] + GAP + chars[last + 1]
    return " ".join(pairs)


def _placed(match: re.Match[str]) -> Iterator[Span]:
    """Where each term of ``match`` begins and ends: a run of characters gives one place a character."""
    if is_cjk(match[0]):
        yield from (Span(at, at + 1) for at, char in enumerate(match[0], match.start()) if not char.isspace())
    else:
        yield Span(*match.span())


@dataclass(frozen=True, slots=True)
class Folded:
    """``fold(text)`` and where its stretches began: (folded start, text start); none where every place is the same."""

    text: str
    folded_at: tuple[int, ...] = ()
    text_at: tuple[int, ...] = ()

    @classmethod
    def of(cls, text: str) -> Folded:
        if not _FOLDS_ODDLY.search(text):
            return cls(fold(text))
        pieces, folded_at, text_at, length = [], [], [], 0
        for start, end in _clusters(text):
            folded_at.append(length)
            text_at.append(start)
            pieces.append(fold(text[start:end]))
            length += len(pieces[-1])
        return cls("".join(pieces), (*folded_at, length), (*text_at, len(text)))

    def back(self, span: Span) -> Span:
        """``span`` of the folded text as a span of the text: outward to whole characters where they changed."""
        if not self.folded_at:
            return span
        return Span(self._back(span.start, outward=False), self._back(span.end, outward=True))

    def _back(self, offset: int, *, outward: bool) -> int:
        at = bisect_right(self.folded_at, offset) - 1
        inside = offset - self.folded_at[at]
        if not inside:
            return self.text_at[at]
        folded, plain = (places[at + 1] - places[at] for places in (self.folded_at, self.text_at))
        if folded == plain:
            return self.text_at[at] + inside
        return self.text_at[at + 1] if outward else self.text_at[at]


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
