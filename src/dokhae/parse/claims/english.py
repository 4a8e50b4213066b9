"""English claims: the claims one refers to, and what it claims.

In: the words of one claim.  Out: claim numbers, a category.  Conventions of USPTO, EPO and PCT claims (37 CFR 1.75,
EPO Guidelines F-IV 3).  Never looks at another claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokhae.parse.claims.numbers import ListWords, read_list
from dokhae.types import ClaimCategory

_NOUN = re.compile(r"\b[Cc](?:laim|LAIM)(?:s|S|\(s\))?\s*(?:[Nn]os?\.\s*)?(?=\d)", re.A)
_LIST = ListWords(
    to=re.compile(r"\s*(?:-|–|—|−|~|to|through|thru|until|up to|and up to|to and including)\s*(?=\d|claim)", re.I),
    join=re.compile(
        r"\s*[,;]?\s*(?:and/or|and|or|&)\s*(?:(?:also )?(?:any one of|one of|any of|in|to|of|according to)\s+)?", re.I
    ),
    noun=re.compile(r"\s*(?:the\s+)?claims?\s*(?=\d)", re.I),
    after=re.compile(
        r"\s*(?:$|[,;:.)\]-]|–|(?:and|or|to|through|wherein|where|which|in|further|char\w*|compris\w*|hav\w*|includ\w*|"
        r"consist\w*|for|with|when|whereby|above|that|said|the|an?|is|are|as|by|of|further\w*|also|further|so|on|at|"
        r"respectively|inclusive|used|made|obtain\w*|produc\w*|contain\w*|using|being|can|may|mention\w*|under|having|wherein)\b)",
        re.I,
    ),
)
_PRECEDING = re.compile(
    r"\b(?:any|one|each|all|either|according to the|of the|in the|to the|as in|claims?)\b[^.;:]{0,40}?"
    r"\b(?:preceding|previous|foregoing|above|aforementioned|aforesaid|prior|preceeding|precedent)\s+"
    r"(?:apparatus |method |device |product |system |process )?claims?\b(?!\s*\d)",
    re.I,
)
_BACKWARD = re.compile(r"\bclaims?\s+(?:above|before|hereinabove)\b", re.I)

_HEAD_ENDS = re.compile(
    r"\b(?:comprising|comprises?|including|includes?|consisting|wherein|whereby|which|that|having|has|for|of|to|in|on|"
    r"with|by|according|as|using|characteri[sz]ed|containing|from|being|under|used|capable|adapted|configured|when|"
    r"between|at|where|made|produced|obtained|obtainable|prepared|operable|defined|recited|claimed|operating|per|"
    r"improving|useful|suitable|effective|allowing|enabling|providing|encoded|storing|stored|embodying|embodied|bearing|formed|performed|executed|implemented|is|are)\b|[,:;(]",
    re.I,
)
_ARTICLE = re.compile(r"^\W*(?:(?:an?|the|one or more|at least one|improved|new)\s+)*", re.I)
_USE = re.compile(r"^\W*(?:the\s+)?use\b", re.I)
_METHOD = re.compile(r"\b(?:method|process|procedure|technique)s?$", re.I)
_MEDIUM = re.compile(
    r"\b(?:medium|media|computer program|program product|software|storage device|memory storing|article of manufacture|"
    r"program|carrier medium)s?$",
    re.I,
)
_SYSTEM = re.compile(r"\b(?:sub)?systems?$", re.I)
_COMPOSITION = re.compile(
    r"\b(?:compositions?|compounds?|formulations?|mixtures?|polymers?|copolymers?|co-polymers?|terpolymers?|alloys?|"
    r"drinks?|beverages?|resins?|solutions?|emulsions?|dispersions?|powders?|pigments?|dyes?|inks?|paints?|coatings?|"
    r"adhesives?|fertili[sz]ers?|detergents?|medicaments?|vaccines?|antibod(?:y|ies)|proteins?|peptides?|polypeptides?|"
    r"nucleic acids?|dna|vectors?|salts?|acids?|esters?|oils?|foods?|extracts?|gels?|pastes?|slurr(?:y|ies)|glass|"
    r"ceramics?|steels?|cements?|concretes?|materials?|agents?|additives?|nanocomposites?|composites?|elastomers?|rubbers?|"
    r"plastics?|lubricants?|fuels?|silica|catalysts?|preparations?|blends?|gum|gums|cells? line|plants?|seeds?)$",
    re.I,
)
_DESIGN = re.compile(r"\bornamental design\b", re.I)
_BY_WORDS = ((_METHOD, ClaimCategory.method), (_MEDIUM, ClaimCategory.medium), (_SYSTEM, ClaimCategory.system))


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """The claims that claim ``n`` refers to, ascending (what ``known`` does: see ``dokhae.parse.claims``).

    >>> references("The drink of any one of Claims 1 - 4, 5 % by weight", 9, range(1, 10))
    (1, 2, 3, 4)
    >>> references("A device according to any preceding claim", 4, [1, 3, 4])
    (1, 3)
    """
    named: set[int] = set()
    for match in _NOUN.finditer(text):
        named |= read_list(text, match.end(), _LIST).expand(n, known)
    if not named and (_PRECEDING.search(text) or _BACKWARD.search(text)):
        named |= {number for number in known if number < n}
    return tuple(sorted(named))


def category(text: str) -> ClaimCategory:
    """What the claim claims, by the head of its first noun phrase.

    >>> category("A method of making a lens"), category("An ink-jet apparatus, comprising"), category("Use of X")
    (<ClaimCategory.method: 'method'>, <ClaimCategory.apparatus: 'apparatus'>, <ClaimCategory.use: 'use'>)
    """
    if _DESIGN.search(text):
        return ClaimCategory.other
    if _USE.search(text):
        return ClaimCategory.use
    opening = _ARTICLE.sub("", text, count=1)
    end = _HEAD_ENDS.search(opening)
    head = " ".join((opening[: end.start()] if end else opening[:80]).split())
    for pattern, found in _BY_WORDS:
        if pattern.search(head):
            return found
    if _COMPOSITION.search(head):
        return ClaimCategory.composition
    # "The product of claim 1": its parent tells
    return ClaimCategory.other if _NOUN.search(text) or _PRECEDING.search(text) else ClaimCategory.apparatus
