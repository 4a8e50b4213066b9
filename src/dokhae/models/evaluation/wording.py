"""How alike an answer and an accepted answer are.

In: two strings.  Out: 0..1.  English as the official SQuAD script counts: exact match and F1 of words, without case,
punctuation and articles.  Korean as the official KorQuAD script counts: exact match, and F1 of characters.  In both,
``pairs`` is ours: F1 of pairs of characters where there is Hangul, Kana or Han, of words elsewhere, as for patents.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

Units = Callable[[str], Sequence[str]]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_KOREAN_MARKS = re.compile(r"['\"《》<>〈〉()‘’]")
_STEM = re.compile(r"(?<=...)(?:ing|ed|es|s|ly)$")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WIDE = re.compile(r"[가-힣ぁ-んァ-ン一-龥]")
_NO_WORD = re.compile(r"[^\w%°±<>≤≥≦≧~/+\-.′″]|_")
# a point or minus stays only where it belongs to a number
_LOOSE_SIGN = re.compile(r"\.(?!\d)|(?<!\d)\.|-(?!\d)|(?<=[^\W\d])-")


def is_korean(text: str) -> bool:
    return re.search("[가-힣]", text) is not None


def english(text: str) -> str:
    """``text`` as the SQuAD script compares it.

    >>> english("The  Lens-drive, a coil.")
    'lensdrive coil'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def korean(text: str) -> str:
    """``text`` as the KorQuAD script compares it.

    >>> korean("《렌즈》 구동부.")
    '렌즈 구동부'
    """
    return " ".join(_KOREAN_MARKS.sub(" ", text).lower().translate(_PUNCTUATION).split())


def exact(one: str, other: str, normal: Callable[[str], str]) -> float:
    return float(normal(one) == normal(other))


def f1(one: str, other: str, units: Units) -> float:
    """F1 of the units of two texts, each counted as often as it stands there.

    >>> round(f1("the lens drive", "lens", english_words), 2)
    0.67
    """
    first, second = units(one), units(other)
    if not first or not second:
        return float(first == second)
    same = sum((Counter(first) & Counter(second)).values())
    return 2 * same / (len(first) + len(second))


def english_words(text: str) -> list[str]:
    return english(text).split()


def korean_characters(text: str) -> list[str]:
    return [char for char in korean(text) if char != " "]


def pairs(text: str) -> list[str]:
    """Pairs of characters, or words where there is nothing wide; white space and most marks never count.

    >>> pairs("렌즈 구동"), pairs("The lens, 1.5 mm")
    (['렌즈', '즈구', '구동'], ['lens', '1.5', 'mm'])
    """
    if _WIDE.search(text):
        squeezed = _squeeze(text)
        return ["".join(two) for two in pairwise(squeezed)] or [squeezed]
    words = map(_squeeze, unicodedata.normalize("NFKC", text).split())
    return [word for word in words if word and word not in ("a", "an", "the")]


def stems(words: Iterable[str]) -> list[str]:
    """What word search, the peer of our models, counts: English words without their endings, pairs of Hangul.

    words: in small letters.

    >>> stems(["lenses", "moving", "렌즈의", "1.5"])
    ['lens', 'mov', '렌즈', '즈의', '1.5']
    """
    found: list[str] = []
    for word in words:
        if "가" <= word[0] <= "힣":
            found += map("".join, pairwise(word)) if len(word) > 1 else [word]
        else:
            found.append(_STEM.sub("", word))
    return found


def _squeeze(text: str) -> str:
    """Letters, digits and the signs that change a meaning, case-folded."""
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("µ", "μ").casefold()
    return _LOOSE_SIGN.sub("", _NO_WORD.sub("", "".join(folded.split())))
