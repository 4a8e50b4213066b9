"""What German and French claims share: a noun with numbers, "preceding claims", a head noun that names the category.

In: the patterns of one language.  Out: the claims a claim refers to, and its category.  Never looks at another claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dokhae.parse.claims.numbers import ListWords, read_list
from dokhae.types import ClaimCategory


@dataclass(frozen=True)
class Grammar:
    """Patterns of one language.

    noun: the word for claim before a number.  words: how a list of numbers goes on.  preceding: "any preceding claim".
    head: its first group is the noun the claim begins with.  by_words: which category that noun names, first match.
    """

    noun: re.Pattern[str]
    words: ListWords
    preceding: re.Pattern[str]
    head: re.Pattern[str]
    by_words: tuple[tuple[re.Pattern[str], ClaimCategory], ...]

    def references(self, text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
        """The claims that claim ``n`` refers to, ascending."""
        named: set[int] = set()
        for match in self.noun.finditer(text):
            named |= read_list(text, match.end(), self.words).expand(n, known)
        if not named and self.preceding.search(text):
            named |= {number for number in known if number < n}
        return tuple(sorted(named))

    def category(self, text: str) -> ClaimCategory:
        """What the claim claims, by its first noun; ``other`` where it refers and leaves that open."""
        head = self.head.match(text)
        found = next((kind for pattern, kind in self.by_words if head and pattern.search(head.group(1))), None)
        if found is not None:
            return found
        refers = self.noun.search(text) or self.preceding.search(text)
        return ClaimCategory.other if refers else ClaimCategory.apparatus
