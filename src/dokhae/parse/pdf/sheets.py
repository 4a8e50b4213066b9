"""The pages of one PDF, each from its text layer or, where that is missing, from OCR.

In: an open ``Pdf``.  Out: its lines, in the order of the file or of the columns.  Never reads what a line says, and
runs OCR on no page it was not asked to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dokhae.parse.pdf import ocr
from dokhae.parse.pdf.layout import arrange
from dokhae.parse.pdf.pages import Line, Pdf, Word

# a font without a table of its letters: private-use characters, replacement characters, "(cid:12)"
_GARBAGE = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]|[\x00-\x08\x0e-\x1f]")
_MOST_GARBAGE = 0.3
_MIN_CHARS = 20


class Sheets:
    """The pages of one document, from 1."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._lines: dict[int, list[Line]] = {}
        self._read: dict[int, list[Word]] = {}

    def __len__(self) -> int:
        return len(self._pdf)

    @property
    def read_by_ocr(self) -> tuple[int, ...]:
        """The pages on which OCR found words."""
        return tuple(sorted(number for number, words in self._read.items() if words))

    def lines(self) -> list[Line]:
        """All lines: of a text layer in the order of the file, of OCR in the order of the columns."""
        return [line for number in self.numbers() for line in self.lines_of(number)]

    def arranged(self) -> list[Line]:
        """All lines in the order of the columns, found from where the words stand."""
        return [line for number in self.numbers() for line in self._arranged(number)]

    def numbers(self) -> range:
        return range(1, len(self) + 1)

    def lines_of(self, number: int) -> list[Line]:
        """The lines of one page: what OCR read beside a text layer comes first."""
        return [*self._recognised(number), *self._layer(number)]

    def is_scan(self) -> bool:
        """Whether the text layer is too poor to be that of a document."""
        return self.n_chars() < _MIN_CHARS * max(len(self), 1)

    def n_chars(self) -> int:
        return sum(len(line.text) for line in self.lines())

    def blank(self) -> tuple[int, ...]:
        """The pages without a word that OCR has not tried."""
        return tuple(n for n in self.numbers() if n not in self._read and not self._layer(n))

    def recognise(self, numbers: Iterable[int], tesseract: ocr.Tesseract) -> None:
        """Reads these pages by OCR; where a text layer has words, it is believed."""
        for number in numbers:
            words = tesseract.words(self._pdf.picture(number, dots_per_inch=tesseract.dots_per_inch))
            layer = self._layer(number)
            self._read[number] = [word for word in words if not any(_is_on(word, line) for line in layer)]

    def _layer(self, number: int) -> list[Line]:
        if number not in self._lines:
            found = self._pdf.lines(number)
            self._lines[number] = [] if is_garbage("".join(line.text for line in found)) else found
        return self._lines[number]

    def _recognised(self, number: int) -> list[Line]:
        return arrange(self._read.get(number, ()), page=number, width=self._pdf.size(number)[0])

    def _arranged(self, number: int) -> list[Line]:
        words = [*self._read.get(number, ()), *(self._pdf.words(number) if self._layer(number) else ())]
        return arrange(words, page=number, width=self._pdf.size(number)[0])


def _is_on(word: Word, line: Line) -> bool:
    """Whether a word stands where a line of the text layer does."""
    centre = (word.left + word.right) / 2
    return line.left - line.size < centre < line.right + line.size and line.bottom - 2 < word.middle < line.top + 2


def is_garbage(text: str) -> bool:
    """Whether a text layer says nothing, because its font does not tell which letters it draws.

    >>> is_garbage("(cid:12)(cid:7) (cid:31)"), is_garbage("\\ue012\\ue013\\ue014"), is_garbage("A lens.")
    (True, True, False)
    """
    n_garbage = sum(len(found) for found in _GARBAGE.findall(text))
    return n_garbage > _MOST_GARBAGE * max(len("".join(text.split())), 1)
