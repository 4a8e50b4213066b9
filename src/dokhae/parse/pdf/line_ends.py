"""Lines of one paragraph -> its text: what was printed apart only for lack of room is put together again.

In: the lines of a paragraph, and all lines of the document as evidence.  Out: the text and where each line stands in
it.  Never changes a character: between two lines it puts one space or nothing.

A gazette breaks its lines at any syllable, so a line end hides whether a space stood there.  Three witnesses vote, in
log-odds of a space: how the same document writes the syllables around the place inside its lines; what Korean patents
write (spacing.py); and the room the line had left.  Weights: logistic regression on places inside lines of 8 gazettes
that the spacing table had not seen, where the truth is printed (99.0 % right without the third witness).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from dokhae.parse.pdf.korean_body import Measure
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.spacing import log_odds
from dokhae.parse.pdf.writer import Joined
from dokhae.types import Span

_LETTER = re.compile(r"[가-힣A-Za-z]")
_BIAS, _GENERAL = 0.26, 0.77
# characters left and right of the place, weight of what the document writes there
_WINDOWS = ((2, 2, 1.24), (1, 3, 1.24), (2, 1, 0.62))
# A letter is 0.99 em wide: a line broken inside a word had less room left than that, before a space up to 1.5 em.
# Of 866 sure joins 1 % had more, of 133 sure spaces 35 %.
_WIDE_ROOM_EM, _WIDE_ROOM, _NARROW_ROOM = 1.03, 3.6, -0.4
_EVIDENCE_CHARS = 3_000_000  # some 2,000 pages: what comes behind them tells nothing new


class _Insides:
    """How often a stretch stands inside the lines: counted once a length, so that long gazettes take linear time."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._text = "\n".join(line.text for line in lines)[:_EVIDENCE_CHARS]
        self._counts: dict[int, Counter[str]] = {}

    def count(self, stretch: str) -> int:
        length = len(stretch)
        if length not in self._counts:
            text = self._text
            self._counts[length] = Counter(text[at : at + length] for at in range(len(text) - length + 1))
        return self._counts[length][stretch]


class LineEnds:
    """Decides for each line end of one document whether a space stood there."""

    def __init__(self, lines: Sequence[Line], measure: Measure) -> None:
        self._measure = measure
        self._insides = _Insides(lines)

    def join(self, lines: Sequence[Line], *, to_margin: bool = True) -> Joined:
        """The text of ``lines``; to_margin: they are set as wide as the body, so the room they left means something."""
        pieces: list[str] = []
        places: list[tuple[Span, Line]] = []
        length = 0
        for index, line in enumerate(lines):
            if index and self.is_space(lines[index - 1], line, to_margin=to_margin):
                pieces.append(" ")
                length += 1
            places.append((Span(length, length + len(line.text)), line))
            pieces.append(line.text)
            length += len(line.text)
        return Joined("".join(pieces), tuple(places))

    def is_space(self, before: Line, after: Line, *, to_margin: bool = True) -> bool:
        """Whether a space stood where ``before`` ends and ``after`` goes on."""
        left, right = before.text, after.text
        odds = _BIAS + _GENERAL * log_odds(left, right) + self._document(left, right)
        return odds + (self._room(before, right) if to_margin else 0.0) > 0

    def _document(self, left: str, right: str) -> float:
        total = 0.0
        for n_left, n_right, weight in _WINDOWS:
            a, b = left[-n_left:], right[:n_right]
            spaced, joined = self._insides.count(f"{a} {b}"), self._insides.count(a + b)
            total += weight * math.log((spaced + 0.5) / (joined + 0.5))
        return total

    def _room(self, line: Line, right: str) -> float:
        if not _LETTER.match(right):
            # "(Mn)," moves down whole: the room it left says nothing
            return 0.0
        if line.slack > _WIDE_ROOM_EM * line.size or not self._measure.is_full(line):
            return _WIDE_ROOM
        return _NARROW_ROOM
