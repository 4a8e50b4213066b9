"""Small US, EP and WO gazettes as PDF, with the traps of the real ones: the file draws the two columns line by line in
turn, so its order means nothing; numbers between the columns count the lines; words are broken at line ends.

In: the lines of each page.  Out: PDF bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

_FONT, _SIZE, _PITCH = "Times-Roman", 9.0, 10.4
_TURNS = {0: (0, 0, 0), 90: (792, 0, 90), 180: (612, 792, 180), 270: (0, 612, -90)}
_LEFT, _RIGHT, _WIDE, _TOP, _INDENT = 60.0, 325.0, 60.0, 700.0, 12.0


@dataclass(frozen=True)
class Page:
    """One page.  head: lines above the columns, each (x, text).  A line starts with two blanks where it is indented.

    wide: lines over the whole page, below the columns where there are any.  An empty line is a gap.
    """

    head: Sequence[tuple[float, str]] = ()
    left: Sequence[str] = ()
    right: Sequence[str] = ()
    wide: Sequence[str] = ()
    counts: bool = False
    rotation: int = 0  # clockwise, as the file says it; the page reads upright all the same


def pdf(*pages: Page) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792))
    for page in pages:
        canvas.setPageRotation(page.rotation)
        x, y, angle = _TURNS[page.rotation]
        canvas.translate(x, y)
        canvas.rotate(angle)
        _draw_page(canvas, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_page(canvas: Canvas, page: Page) -> None:
    for index, (x, text) in enumerate(page.head):
        _draw(canvas, text, x, 760.0 - 12 * (index // 2))
    for index in range(max(len(page.left), len(page.right))):
        y = _TOP - index * _PITCH
        for x, column in ((_RIGHT, page.right), (_LEFT, page.left)):
            if index < len(column):
                _draw_line(canvas, column[index], x, y)
        if page.counts and (index + 1) % 5 == 0:
            _draw(canvas, str(index + 1), 306 if index < 8 else 304, y)
    y = _TOP - (max(len(page.left), len(page.right)) + 3) * _PITCH
    for index, line in enumerate(page.wide):
        _draw_line(canvas, line, _WIDE, y - index * _PITCH)


def _draw_line(canvas: Canvas, line: str, x: float, y: float) -> None:
    indent = len(line) - len(line.lstrip(" "))
    _draw(canvas, line.strip(), x + _INDENT * (indent // 2), y)


def _draw(canvas: Canvas, text: str, x: float, y: float) -> None:
    canvas.setFont(_FONT, _SIZE)
    canvas.drawString(x, y, text)
