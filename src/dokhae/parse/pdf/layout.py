"""The words of one page -> its lines in reading order: column by column, what runs over both columns in between.

In: words with their boxes (of a text layer whose order means nothing, or of OCR).  Out: ``Line``s.  Numbers that only
count the lines (5, 10, 15 between the columns or in the margin) are left out.  Never reads what a line says.

A gutter is a stretch about the middle of the page that almost no word touches while words stand on both sides of it.
Rows are words whose middles lie within half a letter of each other: baselines differ in scans, columns are not aligned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from dokhae.parse.pdf.pages import LABEL, Line, Word
from dokhae.parse.pdf.spacing import log_odds

_COUNT = re.compile(r"(?:[1-9]?[05]|100)")
_CODE = re.compile(r"[(\[]\d\d[)\]]")
_HANGUL = re.compile(r"[가-힣]")
_JAPANESE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_MIDDLE = (0.36, 0.64)  # where a gutter may lie, in widths of the page
_MIN_GUTTER = 6.0  # points
_MIN_WORDS_A_SIDE = 8
_MOST_TOUCHING = 0.06  # of the rows: titles and lines of a head run over the gutter
_COVERED = 0.6  # of the gutter by words: the row runs over it
_SAME_ROW = 0.5  # of the height of the letters
_MARGIN_COUNTS = 3
_BAND_GAP = 1.2  # in heights of the letters
_TALLEST = 1.3  # in usual heights: what is taller is no letter, and draws no other row to its own
# OCR makes a word of every Korean syllable where print is wide.  Whether a space stood between two: what Korean patents
# write (spacing.py) and the gap between their boxes, in heights of the letters; 98 % right on three rendered pages.
_GENERAL, _GAP_WEIGHT, _USUAL_GAP = 0.6, 10.0, 0.3


@dataclass(frozen=True, slots=True)
class _Gutter:
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def arrange(words: Sequence[Word], *, page: int, width: float) -> list[Line]:
    """The lines of one page, top to bottom, the left column before the right one."""
    words = _without_counts(words)
    if _gutter(words, width) is not None:
        return _columns(words, page, width)
    # a front page: data in two columns over a title and an abstract as wide as the page
    return [line for band in _bands(words) for line in _columns(band, page, width)]


def _columns(words: Sequence[Word], page: int, width: float) -> list[Line]:
    gutter = _gutter(words, width)
    if gutter is None:
        return [_line(row, page, 0) for row in _rows(words)]
    over, beside = _over(words, gutter)
    lines: list[Line] = []
    top = float("inf")
    for row in [*_rows(over), None]:
        bottom = row[0].middle if row else float("-inf")
        band = [word for word in beside if bottom < word.middle <= top]
        for column, side in enumerate(_sides(band, gutter), 1):
            lines += [_line(one, page, column) for one in _rows(side)]
        if row:
            lines.append(_line(row, page, 0))
        top = bottom
    return lines


def _bands(words: Sequence[Word]) -> list[list[Word]]:
    """``words`` cut where nothing stands for about two lines from one edge of the page to the other."""
    bands: list[list[Word]] = []
    bottom = float("inf")
    gap = _BAND_GAP * median(word.height for word in words) if words else 0.0
    for word in sorted(words, key=lambda one: -one.top):
        if not bands or bottom - word.top > gap:
            bands.append([])
        bands[-1].append(word)
        bottom = min(bottom, word.bottom) if len(bands[-1]) > 1 else word.bottom
    return bands


def _sides(words: Sequence[Word], gutter: _Gutter) -> tuple[list[Word], list[Word]]:
    left = [word for word in words if (word.left + word.right) / 2 < gutter.middle]
    return left, [word for word in words if (word.left + word.right) / 2 >= gutter.middle]


def _without_counts(words: Sequence[Word]) -> list[Word]:
    """``words`` without the numbers that count lines: 5, 10, 15 ... down the page, one above the other."""
    counts = [word for word in words if _COUNT.fullmatch(word.text)]
    dropped: set[int] = set()
    for word in counts:
        stack = [other for other in counts if abs(_centre(other) - _centre(word)) < max(word.height, other.height)]
        stack.sort(key=lambda one: -one.middle)
        values = [int(one.text) for one in stack]
        if len(stack) >= _MARGIN_COUNTS and all(a < b for a, b in pairwise(values)):
            dropped |= {id(one) for one in stack}
    return [word for word in words if id(word) not in dropped]


def _centre(word: Word) -> float:
    return (word.left + word.right) / 2


def _gutter(words: Sequence[Word], width: float) -> _Gutter | None:
    """The widest stretch about the middle that almost no word touches, with words on both sides."""
    first, last = int(_MIDDLE[0] * width), int(_MIDDLE[1] * width)
    if last - first < _MIN_GUTTER or not words:
        return None
    touching = [0] * (last - first + 2)
    for word in words:
        start, end = max(int(word.left), first), min(int(word.right), last)
        if start <= end:
            touching[start - first] += 1
            touching[end + 1 - first] -= 1
    for index in range(1, len(touching)):
        touching[index] += touching[index - 1]
    n_rows = len({round(word.middle / max(word.height, 4.0)) for word in words})
    most = max(1, round(_MOST_TOUCHING * n_rows))
    stretches = _stretches([n <= most for n in touching[:-1]], first)
    best = max(stretches, key=lambda gutter: gutter.right - gutter.left, default=None)
    if best is None or best.right - best.left < _MIN_GUTTER:
        return None
    left, right = _sides(words, best)
    if not left or not right:
        return None
    if any(_CODE.fullmatch(row[0].text) for row in _rows(right)):
        return best  # a field of a front page stands to the right, however short
    is_text = min(len(left), len(right)) >= _MIN_WORDS_A_SIDE
    # words to the left of the gutter and nothing but a page number to its right is one column
    return best if is_text and min(len(_rows(left)), len(_rows(right))) >= _MARGIN_COUNTS else None


def _stretches(is_free: Sequence[bool], first: int) -> Iterator[_Gutter]:
    start: int | None = None
    for index, free in enumerate([*is_free, False]):
        if free and start is None:
            start = index
        elif not free and start is not None:
            yield _Gutter(first + start, first + index)
            start = None


def _over(words: Sequence[Word], gutter: _Gutter) -> tuple[list[Word], list[Word]]:
    """The words of rows that run over the gutter, and all others."""
    touching = [word for word in words if word.left < gutter.right and word.right > gutter.left]
    over: set[int] = set()
    for word in touching:
        row = [w for w in words if abs(w.middle - word.middle) < _SAME_ROW * max(w.height, word.height)]
        covered = sum(max(0.0, min(w.right, gutter.right) - max(w.left, gutter.left)) for w in row)
        if covered >= _COVERED * (gutter.right - gutter.left):
            over |= {id(one) for one in row}
    return [w for w in words if id(w) in over], [w for w in words if id(w) not in over]


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words grouped into rows, top to bottom, each from left to right."""
    rows: list[list[Word]] = []
    tallest = _TALLEST * median(word.height for word in words) if words else 0.0
    for word in sorted(words, key=lambda one: -one.middle):
        row = rows[-1] if rows else None
        near = _SAME_ROW * min(max(_height(row), word.height), tallest) if row else 0.0
        if row and abs(_middle(row) - word.middle) < near:
            row.append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _middle(row: Sequence[Word]) -> float:
    return sum(word.middle for word in row[-8:]) / len(row[-8:])


def _height(row: Sequence[Word]) -> float:
    return median(word.height for word in row[-8:])


def _once(row: Sequence[Word]) -> list[Word]:
    """A row without what OCR read twice at one place."""
    kept = list(row[:1])
    for word in row[1:]:
        overlap = min(word.right, kept[-1].right) - word.left
        if overlap < 0.5 * (word.right - word.left) or word.text != kept[-1].text:
            kept.append(word)
    return kept


def _space(before: Word, word: Word) -> str:
    left, right = before.text[-1], word.text[0]
    if _JAPANESE.match(left) and _JAPANESE.match(right):
        return ""
    if not (_HANGUL.match(left) and _HANGUL.match(right)):
        return " "
    gap = (word.left - before.right) / max(before.height, word.height)
    return " " if _GENERAL * log_odds(before.text, word.text) + _GAP_WEIGHT * (gap - _USUAL_GAP) > 0 else ""


def _line(row: Sequence[Word], page: int, column: int) -> Line:
    row = _once(row)
    text = row[0].text + "".join(_space(a, b) + b.text for a, b in pairwise(row))
    label = LABEL.match(text)
    rest = text[label.end() :] if label else text
    n_label = label[0].count(" ") if label and rest else 0
    size = round(median(word.height for word in row), 1)
    return Line(
        page=page,
        text=rest or text,
        left=round(row[min(n_label, len(row) - 1)].left, 1),
        right=round(row[-1].right, 1),
        baseline=round(median(word.bottom for word in row) + 0.2 * size, 1),
        size=size,
        label=(label[1] or label[2]) if label and rest else "",
        column=column,
    )
