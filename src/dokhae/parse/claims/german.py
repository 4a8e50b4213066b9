"""German claims (EP, WO, DE): the claims one refers to, and what it claims.

In: the words of one claim.  Out: claim numbers, a category.  Never looks at another claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokhae.parse.claims.grammar import Grammar
from dokhae.parse.claims.numbers import ListWords
from dokhae.types import ClaimCategory

_NOUN = re.compile(r"\b(?:Patent)?[Aa]nspr(?:u|ü|ue)ch(?:e[ns]?|es)?\s*(?:[Nn]r\.\s*)?(?=\d)")
_LIST = ListWords(
    to=re.compile(r"\s*(?:-|–|—|~|bis)\s*(?=\d)"),
    join=re.compile(r"\s*,?\s*(?:und/oder|und|oder|sowie|bzw\.)\s*(?:nach\s+|gemäß\s+)?(?:einem der\s+)?"),
    noun=re.compile(r"\s*(?:Patent)?[Aa]nspr(?:u|ü|ue)che?[ns]?\s*(?=\d)"),
    after=re.compile(
        r"\s*(?:$|[,;:.)\]-]|–|(?:und|oder|bis|sowie|bzw|dadurch|wobei|bei|in|mit|zu[rm]?|für|gekenn\w*)\b)"
    ),
)
_PRECEDING = re.compile(r"\b(?:vorher|voran|vorsteh|vorgenannt|obig)\w*\s+(?:Patent)?[Aa]nspr(?:u|ü|ue)ch\w*(?!\s*\d)")
_HEAD = re.compile(r"^\W*(?:(?:Ein|Eine|Das|Die|Der)\s+)?(?:[a-zäöüß]\w*,?\s+)*([A-ZÄÖÜ][\w-]*)")
_METHOD = re.compile(r"(?:[Vv]erfahren|[Pp]rozeß|[Pp]rozess|[Mm]ethode)$")
_SYSTEM = re.compile(r"(?:[Ss]ystem|[Aa]nlage)$")
_COMPOSITION = re.compile(
    r"(?:[Zz]usammensetzung|[Mm]ischung|[Gg]emisch|[Vv]erbindung|[Mm]asse|[Ll]ösung|[Pp]olymer|[Ll]egierung|[Mm]ittel)(?:en|e|s)?$"
)
_MEDIUM = re.compile(r"(?:[Ss]peichermedium|[Cc]omputerprogramm(?:produkt)?|[Dd]atenträger)$")
_BY_WORDS = (
    (re.compile(r"^Verwendung$"), ClaimCategory.use),
    (_METHOD, ClaimCategory.method),
    (_MEDIUM, ClaimCategory.medium),
    (_SYSTEM, ClaimCategory.system),
    (_COMPOSITION, ClaimCategory.composition),
)
_GRAMMAR = Grammar(_NOUN, _LIST, _PRECEDING, _HEAD, _BY_WORDS)


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """The claims that claim ``n`` refers to, ascending.

    >>> references("Vorrichtung nach einem der Ansprüche 1 bis 3, dadurch gekennzeichnet, dass", 4, [1, 2, 3, 4])
    (1, 2, 3)
    """
    return _GRAMMAR.references(text, n, known)


def category(text: str) -> ClaimCategory:
    """What the claim claims, by its first noun; ``other`` where it refers and leaves that open."""
    return _GRAMMAR.category(text)
