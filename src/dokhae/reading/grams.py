"""Texts as sets of small units, to see how much two of them share.

In: strings.  Out: sets: pairs of characters for Hangul, Han and Kana, lower-cased words without the commonest ones
for Latin script; numbers and reference signs are left out, so that a claim and its restatement meet.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from dokhae.reading.words import words

_WORD = re.compile(r"[가-힣]+|[一-龥ぁ-んァ-ヶ]+|[a-z][a-z\-]+")


@lru_cache(maxsize=2048)  # every field weighs the same sentences of one text
def grams(text: str) -> frozenset[str]:
    """The units of ``text``.

    >>> sorted(grams("The lens drive of claim 1")), sorted(grams("렌즈 구동부(10)"))
    (['claim', 'drive', 'lens'], ['구동', '동부', '렌즈'])
    """
    found: set[str] = set()
    for word in _WORD.findall(text.lower()):
        if word[0].isascii():
            if word not in words("common", "en") and len(word) > 2:
                found.add(word)
        elif len(word) == 1:
            found.add(word)
        else:
            found.update(map("".join, itertools.pairwise(word)))
    return frozenset(found) - words("common", "ko")


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """F1 of two sets of units, 0..1."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))
