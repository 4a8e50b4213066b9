"""Small Korean gazettes as PDF, set as the office sets them: broken at any syllable, justified, headings red.

In: the parts of each page.  Out: PDF bytes, and ``wrapped``: the lines a text falls into, as an independent truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import Color, black
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

_FONT, _SIZE = "HYGothic-Medium", 9.0
_RED = Color(1, 0, 128 / 255)
_MARGIN, _RIGHT, _LABEL_MARGIN, _TOP, _PITCH, _PARAGRAPH = 64.2, 532.0, 9.4, 780.0, 14.2, 20.2


@dataclass(frozen=True)
class H:
    """A red heading."""

    text: str


@dataclass(frozen=True)
class P:
    """A paragraph; label: the number in the margin."""

    text: str
    label: str = ""


def gazette(*pages: Sequence[str | H | P], password: str = "", head: str = "등록특허 10-1234567") -> bytes:
    """A PDF of these pages; a plain string is a line by itself (front page, claim number, row of a table)."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595.3, 841.9), encrypt=password or None)
    for number, parts in enumerate(pages, 1):
        y = _TOP
        for part in parts:
            y = _paragraph(canvas, part, y) if isinstance(part, P) else _single(canvas, part, y)
        _draw(canvas, head, 436.4, 799.0)
        _draw(canvas, f"- {number} -", 285.4, 31.7)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def wrapped(text: str) -> list[str]:
    """``text`` in lines as wide as the body, broken at any syllable; a space at a line's end is lost."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    lines = [""]
    for char in text:
        if _width(lines[-1] + char) > _RIGHT - _MARGIN:
            lines.append("")
        if lines[-1] or char != " ":
            lines[-1] += char
    return [line.strip() for line in lines]


def _single(canvas: Canvas, part: str | H, y: float) -> float:
    is_heading = isinstance(part, H)
    _draw(canvas, part.text if isinstance(part, H) else part, _MARGIN, y - 13.5, _RED if is_heading else black)
    return y - 13.5


def _paragraph(canvas: Canvas, part: P, y: float) -> float:
    y -= _PARAGRAPH - _PITCH
    lines = wrapped(part.text)
    for index, line in enumerate(lines):
        y -= _PITCH
        if part.label and not index:
            _draw(canvas, part.label, _LABEL_MARGIN, y)
        stretch = 0.0 if index == len(lines) - 1 else (_RIGHT - _MARGIN - _width(line)) / max(line.count(" "), 1)
        x = _MARGIN
        for word in line.split(" "):
            _draw(canvas, word, x, y)
            x += _width(word + " ") + stretch
    return y


def _width(text: str) -> float:
    return float(pdfmetrics.stringWidth(text, _FONT, _SIZE))


def _draw(canvas: Canvas, text: str, x: float, y: float, colour: Color = black) -> None:
    canvas.setFont(_FONT, _SIZE)
    canvas.setFillColor(colour)
    canvas.drawString(x, y, text)
