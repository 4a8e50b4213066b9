"""French claims (EP, WO): the claims one refers to, and what it claims.

In: the words of one claim.  Out: claim numbers, a category.  Never looks at another claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokhae.parse.claims.grammar import Grammar
from dokhae.parse.claims.numbers import ListWords
from dokhae.types import ClaimCategory

_NOUN = re.compile(r"\b[Rr]evendications?\s*(?:n[°o]s?\s*)?(?=\d)")
_LIST = ListWords(
    to=re.compile(r"\s*(?:-|–|—|à)\s*(?=\d)"),
    join=re.compile(r"\s*,?\s*(?:et/ou|et|ou|ainsi que)\s*(?:selon\s+)?(?:l'une (?:quelconque )?des\s+|la\s+|les\s+)?"),
    noun=re.compile(r"\s*[Rr]evendications?\s*(?=\d)"),
    after=re.compile(r"\s*(?:$|[,;:.)\]-]|–|(?:et|ou|à|caractéris\w*|dans|pour|comprenant|compos\w*|où|en|ainsi)\b)"),
)
_PRECEDING = re.compile(
    r"\brevendications?\s+(?:précédente|antérieure)s?\b|\bprécédentes\s+revendications\b(?!\s*\d)", re.I
)
_HEAD = re.compile(r"^\W*(?:(?:un|une|le|la|l['’])\s*)?(\w+)", re.I)
_BY_WORDS = (
    (re.compile(r"^utilisation$", re.I), ClaimCategory.use),
    (re.compile(r"^(?:procédé|méthode)s?$", re.I), ClaimCategory.method),
    (re.compile(r"^(?:programme|support|produit programme)$", re.I), ClaimCategory.medium),
    (re.compile(r"^(?:système|installation)s?$", re.I), ClaimCategory.system),
    (
        re.compile(r"^(?:composition|composé|mélange|solution|polymère|copolymère|alliage)s?$", re.I),
        ClaimCategory.composition,
    ),
)
_GRAMMAR = Grammar(_NOUN, _LIST, _PRECEDING, _HEAD, _BY_WORDS)


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """The claims that claim ``n`` refers to, ascending.

    >>> references("Dispositif selon l'une des revendications 1 à 3, caractérisé en ce que", 4, [1, 2, 3, 4])
    (1, 2, 3)
    """
    return _GRAMMAR.references(text, n, known)


def category(text: str) -> ClaimCategory:
    """What the claim claims, by its first noun; ``other`` where it refers and leaves that open."""
    return _GRAMMAR.category(text)
