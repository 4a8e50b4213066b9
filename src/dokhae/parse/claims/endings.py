"""What a claim claims where the thing claimed ends the sentence (Korean, Japanese): its last words -> category.

In: the words of one claim and the word endings of one language.  Out: a category.  Never looks beyond the last
``_LOOKED_AT_CHARS`` characters: a run of blanks of any length is read once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokhae.types import ClaimCategory

_TAIL = re.compile(r"(?:\s|[.,;:。．、]|\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])+$")
_LOOKED_AT_CHARS = 200


def category_by_ending(text: str, heads: Sequence[tuple[ClaimCategory, tuple[str, ...]]]) -> ClaimCategory:
    """The category of the first of ``heads`` the claim ends with, reference signs and stops left aside.

    >>> category_by_ending("光を検出する方法(S1)。", [(ClaimCategory.method, ("方法",))])
    <ClaimCategory.method: 'method'>
    """
    words = _TAIL.sub("", text.rstrip()[-_LOOKED_AT_CHARS:])
    if not words:
        return ClaimCategory.other
    return next((kind for kind, endings in heads if words.endswith(endings)), ClaimCategory.apparatus)
