"""Lists of claim numbers in Latin script: "1, 2 or 5 to 7" -> numbers, and where the list ends.

In: the words after "claim(s)" / "Anspruch" / "revendication" and the words that mean "to" and "or" there.  Out: the
numbers named by themselves and the ranges.  Never reads on into the rest of the claim: "claim 1, 5 mm thick" names
claim 1 only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A further number belongs to the list only if what follows it may follow a list: no unit, no noun.
_NUMBER = re.compile(r"\s*(\d{1,3})(?![\d%°]|[.,]\d)")
_COMMA = re.compile(r"\s*[,;/]\s*")


@dataclass(frozen=True, slots=True)
class ListWords:
    """How one language writes lists.  to: between the ends of a range; join: before a further number; noun: "claims";
    after: what may follow a number that stands after a mere comma."""

    to: re.Pattern[str]
    join: re.Pattern[str]
    noun: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Named:
    single: tuple[int, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    def expand(self, n: int, known: Sequence[int]) -> set[int]:
        spread = {k for low, high in self.ranges for k in known if low <= k <= high and k != n}
        return spread | set(self.single)


def read_list(text: str, at: int, words: ListWords) -> Named:
    """The claim numbers that stand in ``text`` from ``at`` on."""
    single: list[int] = []
    ranges: list[tuple[int, int]] = []
    match = _NUMBER.match(text, at)
    while match:
        low, at = int(match.group(1)), match.end()
        to = words.to.match(text, at)
        end = _range_end(text, to.end(), words) if to else None
        if end and int(end.group(1)) > low:
            ranges.append((low, int(end.group(1))))
            at = end.end()
        elif to and (single or ranges):
            break  # "claims 1 and 2 and 90-0 % by weight"
        else:
            single.append(low)
        match = _next_number(text, at, words)
    return Named(tuple(single), tuple(ranges))


def _range_end(text: str, at: int, words: ListWords) -> re.Match[str] | None:
    noun = words.noun.match(text, at)
    return _NUMBER.match(text, noun.end() if noun else at)


def _next_number(text: str, at: int, words: ListWords) -> re.Match[str] | None:
    joined = words.join.match(text, at)
    start = joined or _COMMA.match(text, at)
    if not start:
        return None
    noun = words.noun.match(text, start.end())
    number = _NUMBER.match(text, noun.end() if noun else start.end())
    if number and (noun or words.after.match(text, number.end())):
        return number
    return None
