"""Where the list of figures ends that no heading ends.

In: the paragraphs below "Brief description of the drawings", in order.  Out: whether each is still of the list.  A
paragraph that names a figure at its start is of the list as long as the figures go up; one that comes back to the
first figure, one that speaks with reference to a figure, and a long one that names none are not.  What comes before
the first figure ("in which:") and short words between are of the list.  A legend may have several paragraphs: a
figure not listed yet takes the list up again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONG = 240
_NEAR = 120
_LEGEND_PARAGRAPHS = 2
_FIGURE = re.compile(
    r"[\W_]{0,4}(?:the |la |die )?(?:fig(?:ur(?:e[ns]?)?|s)?|abb(?:ildung(?:en)?)?|drawing|photograph|sheet|seq)\b"
    r"[.\s]{0,3}(?:nos?\.\s?)?(\d{1,3})?",
    re.I,
)
_NAMED = re.compile(r"\b(?:fig(?:ur(?:e[ns]?)?|s)?|abb(?:ildung(?:en)?)?|drawings?|dessins?|zeichnung(?:en)?)\b", re.I)
_SPEAKS_OF = re.compile(
    r"\W{0,2}(?:now )?(?:referring|reference (?:is|will)|with reference|turning|as (?:is |best |can be )?"
    r"(?:shown|seen|illustrated|depicted)|in fig(?:s|ure|ures)?\b|the following (?:is a )?"
    r"(?:detailed )?description|wie (?:aus|in) |en se référant|en référence|comme)",
    re.I,
)


def _numbers(text: str) -> list[int]:
    """Those of "FIGS. 1 to 3"; 0 where none."""
    return [0, *(int(digits) for digits in re.findall(r"\d{1,3}", text))]


@dataclass
class FigureList:
    """One list of figures as far as it was read."""

    is_left: bool = False
    _first: int = 0
    _last: int = 0
    is_begun: bool = False
    _n_after: int = 0

    def lists(self, text: str) -> bool:
        """Whether the next paragraph is of the list."""
        figure = _FIGURE.match(text)
        number = int(figure[1] or 0) if figure else 0
        if figure and self._takes(number):
            self.is_left, self.is_begun, self._n_after = False, True, 0
            self._first = self._first or number
            self._last = max(self._last, *_numbers(text[: figure.end() + 20]))
        elif figure:
            self.is_left = self.is_left or (0 < number < self._last and number == self._first)
        else:
            self.is_left = self.is_left or (self.is_begun and self._ends(text))
        self._n_after += self.is_left
        return not self.is_left

    def _takes(self, number: int) -> bool:
        """Whether a figure is the next of the list, also behind a legend of several paragraphs."""
        return not self.is_begun or (number > self._last and self._n_after <= _LEGEND_PARAGRAPHS)

    @staticmethod
    def _ends(text: str) -> bool:
        if _SPEAKS_OF.match(text):
            return True
        return len(text) > _LONG and _NAMED.search(text[:_NEAR]) is None
