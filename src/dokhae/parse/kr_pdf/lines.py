"""Lines of one paragraph -> its text: what was printed apart only for lack of room is put together again.

In: the lines of a paragraph, and all lines of the document as evidence.  Out: the text and where each line stands in
it.  Never changes a character: between two lines it puts one space or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dokhae.parse.kr_pdf.body import Measure
from dokhae.parse.kr_pdf.pages import Line
from dokhae.types import Span


@dataclass(frozen=True, slots=True)
class Joined:
    """One text; ``places``: the span each line has in it."""

    text: str
    places: tuple[tuple[Span, Line], ...]


class LineEnds:
    """Decides for each line end of one document whether a space was lost there."""

    def __init__(self, lines: Sequence[Line], measure: Measure) -> None:
        self._measure = measure
        self._words: Counter[str] = Counter()
        for line in lines:
            self._words.update(line.text.split(" ")[1:-1])

    def join(self, lines: Sequence[Line]) -> Joined:
        pieces: list[str] = []
        places: list[tuple[Span, Line]] = []
        length = 0
        for index, line in enumerate(lines):
            if index and self.is_space(lines[index - 1], line):
                pieces.append(" ")
                length += 1
            places.append((Span(length, length + len(line.text)), line))
            pieces.append(line.text)
            length += len(line.text)
        return Joined("".join(pieces), tuple(places))

    def is_space(self, before: Line, after: Line) -> bool:
        if not self._measure.is_full(before) or before.slack > before.size:
            return True
        left, right = before.text.rsplit(" ", 1)[-1], after.text.split(" ", 1)[0]
        if left[-1] in ",;:.":
            return True
        return self._words[left + right] < self._words[left] * self._words[right] ** 0.5
