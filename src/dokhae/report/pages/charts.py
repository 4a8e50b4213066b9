"""Charts: a ``Matrix`` as SVG, drawn by hand: stacked columns, stacked bars, a grid of shaded cells.

In: matrices.  Out: inline SVG whose colours are classes of report.css, and for each clickable shape ``data-cells``,
ordinals into ``Charts.cells``, the lists of patents behind it.  Never text without escaping.
Colours: Okabe and Ito 2008, told apart by colour-blind readers.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence

from dokhae.insight import Matrix
from dokhae.report.labels import label
from dokhae.report.pages.markup import both, h, say

WIDTH = 640
LABEL_WIDTH = 176
LABEL_UNITS = 26
OFFICES = ("KR", "US", "EP", "WO", "JP", "CN")
_HATCH = (
    '<defs><pattern id="hatch-{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch" width="2.4" height="6"/></pattern></defs>'
)
_CLICKABLE = '<g class="cell" tabindex="0" role="button" data-cells="'


class Charts:
    """Draws matrices and collects the patents behind every shape, in the order of drawing."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.cells: list[tuple[int, ...]] = []

    def draw(self, matrix: Matrix) -> str:
        """A figure: title, unit and n, the drawing, its rule."""
        drawing = {
            "year_country": self._columns,
            "applicants": self._bars,
            "status": self._bars,
            "applicant_year": self._grid,
            "ipc_year": self._grid,
        }[matrix.id]
        body = "".join(drawing(matrix)) if matrix.n else say("ui.no_data", self.lang, tag="p", class_="empty")
        return (
            f'<figure id="chart-{h(matrix.id)}">{self._caption(matrix)}{body}'
            f"{say(f'rule.{matrix.rule}', self.lang, tag='p', class_='rule')}</figure>"
        )

    def _caption(self, matrix: Matrix) -> str:
        def counted(lang: str) -> str:
            said = f"{label('ui.unit', lang)}: {label(f'unit.{matrix.unit}', lang)} · n = {matrix.n:,}"
            if matrix.left_out:
                said += f" · {label('ui.left_out', lang, n=f'{matrix.left_out:,}')}"
            if matrix.more:
                said += f" · {label('ui.more', lang, n=f'{matrix.more:,}')}"
            return f"{said} · {label('ui.as_of', lang)} {matrix.as_of.isoformat()}"

        title = say(f"picture.{matrix.id}", self.lang, tag="b")
        return f"<figcaption>{title}{both(counted, self.lang, class_='unit')}</figcaption>"

    def _columns(self, matrix: Matrix) -> Iterator[str]:
        """Years upright, offices stacked in them, unpublished years hatched."""
        height, left, base = 268, 44, 232
        totals = {c: sum(matrix.count(r, c) for r in matrix.rows) for c in matrix.columns}
        top = _ceiling(max(totals.values()))
        step = (WIDTH - left) / len(matrix.columns)
        yield self._open(matrix, height)
        for k in range(5):
            y = base - (base - 20) * k / 4
            yield f'<line class="rule" x1="{left}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="axis end" x="{left - 6}" y="{y + 4:.1f}">{top * k / 4:,.0f}</text>'
        for i, year in enumerate(matrix.columns):
            x, y = left + i * step + step * 0.12, float(base)
            for row in matrix.rows:
                tall = (base - 20) * matrix.count(row, year) / top
                if tall:
                    y -= tall
                    box = f'x="{x:.1f}" y="{y:.2f}" width="{step * 0.76:.1f}" height="{tall:.2f}"'
                    yield self._cell(matrix, row, year, f'<rect class="{_office_class(row)}" {box}/>', box)
            if totals[year] and (step > 15 or i % 2 == 0):
                said = _counted(totals[year])
                yield f'<text class="count mid" x="{x + step * 0.38:.1f}" y="{y - 4:.1f}">{said}</text>'
            if step > 28 or i % 2 == (len(matrix.columns) - 1) % 2:
                yield f'<text class="axis mid" x="{x + step * 0.38:.1f}" y="{base + 16}">{h(year)}</text>'
        yield "</svg>"
        yield self._legend(matrix.rows, hatched=bool(matrix.unpublished))

    def _bars(self, matrix: Matrix) -> Iterator[str]:
        """Rows as bars, their columns (offices) stacked in them."""
        line, top = 22, max(sum(matrix.count(r, c) for c in matrix.columns) for r in matrix.rows)
        room = WIDTH - LABEL_WIDTH - (84 if matrix.id == "status" else 44)
        yield self._open(matrix, line * len(matrix.rows) + 6)
        for i, row in enumerate(matrix.rows):
            x, y = float(LABEL_WIDTH), i * line + 3
            shapes = []
            for column in matrix.columns:
                wide = room * matrix.count(row, column) / top
                if wide:
                    box = f'x="{x:.1f}" y="{y}" width="{max(wide, 1):.2f}" height="{line - 6}"'
                    shape = f'<rect class="{_office_class(column)}" {box}/>'
                    shapes.append(self._cell(matrix, row, column, shape, box))
                    x += wide
            yield self._row_label(matrix, row, y + line - 10)
            yield from shapes
            total = matrix.row_total(row)
            share = f" ({total / matrix.n:.0%})" if matrix.id == "status" else ""
            yield f'<text class="count" x="{x + 6:.1f}" y="{y + line - 10}">{_counted(total)}{share}</text>'
        yield "</svg>"
        yield self._legend(matrix.columns, hatched=False)

    def _grid(self, matrix: Matrix) -> Iterator[str]:
        """Rows by years, darker where there is more, the number in every cell."""
        line, wide = 22, (WIDTH - LABEL_WIDTH - 12) / len(matrix.columns)
        most = max(matrix.count(*cell) for cell in matrix.cells)
        yield self._open(matrix, line * len(matrix.rows) + 24)
        for j, year in enumerate(matrix.columns):
            if wide > 28 or j % 2 == (len(matrix.columns) - 1) % 2:
                yield f'<text class="axis mid" x="{LABEL_WIDTH + (j + 0.5) * wide:.1f}" y="13">{h(year)}</text>'
        for i, row in enumerate(matrix.rows):
            y = i * line + 20
            yield self._row_label(matrix, row, y + 15)
            for j, year in enumerate(matrix.columns):
                x, n = LABEL_WIDTH + j * wide, matrix.count(row, year)
                box = f'x="{x + 0.5:.1f}" y="{y}" width="{wide - 1:.1f}" height="{line - 1}"'
                if not n:
                    yield f'<rect class="h0" {box}/>{self._hatched(matrix, year, box)}'
                    continue
                shade = _shade(n, most)
                late = " late" if year in matrix.unpublished else ""
                number = f'<text class="in{shade}{late} mid" x="{x + wide / 2:.1f}" y="{y + 15}">{_counted(n)}</text>'
                yield self._cell(matrix, row, year, f'<rect class="h{shade}" {box}/>', box, after=number)
        yield "</svg>"
        yield self._shades(hatched=bool(matrix.unpublished))

    def _open(self, matrix: Matrix, height: int) -> str:
        name = h(label(f"picture.{matrix.id}", self.lang))
        hatch = _HATCH.replace("{id}", matrix.id)
        return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{name}">{hatch}'

    def _cell(self, matrix: Matrix, row: str, column: str, shape: str, box: str, *, after: str = "") -> str:
        """One clickable shape; its tooltip says what is counted."""
        name = self._name(matrix, row)
        title = f"{h(name)} · {h(self._name(matrix, column))}: {_counted(matrix.count(row, column))}"
        hatch = self._hatched(matrix, column, box)
        at = self._keep(matrix.cells[row, column])
        return f'{_CLICKABLE}{at}"><title>{title}</title>{shape}{hatch}{after}</g>'

    def _hatched(self, matrix: Matrix, column: str, box: str) -> str:
        return f'<rect fill="url(#hatch-{matrix.id})" {box}/>' if column in matrix.unpublished else ""

    def _row_label(self, matrix: Matrix, row: str, y: float) -> str:
        """The row's name, cut to its room; a click on it takes the whole row."""
        ids = dict.fromkeys(id_ for column in matrix.columns for id_ in matrix.cells.get((row, column), ()))
        at, name = self._keep(tuple(ids)), self._name(matrix, row)
        place = f'class="axis end" x="{LABEL_WIDTH - 8}" y="{y}"'
        text = f"<text {place}>{h(_fitting(name))}</text>"
        if matrix.id == "status":
            text = f"<text {place}>{say(_status_key(row), self.lang, tag='tspan')}</text>"
        return f'{_CLICKABLE}{at}"><title>{h(name)}</title>{text}</g>'

    def _name(self, matrix: Matrix, value: str) -> str:
        is_status = matrix.id == "status" and value in matrix.rows
        return label(_status_key(value), self.lang) if is_status else value

    def _keep(self, ids: tuple[int, ...]) -> int:
        self.cells.append(ids)
        return len(self.cells) - 1

    def _legend(self, offices: Sequence[str], *, hatched: bool) -> str:
        items = "".join(f'<li><i class="{_office_class(office)}"></i>{h(office)}</li>' for office in offices)
        return f'<ul class="legend">{items}{self._hatch_key(hatched)}</ul>'

    def _shades(self, *, hatched: bool) -> str:
        boxes = "".join(f'<i class="h{shade}"></i>' for shade in range(1, 6))
        few, many = (say(f"ui.{name}", self.lang) for name in ("fewer", "many"))
        return f'<ul class="legend"><li>{few} {boxes} {many}</li>{self._hatch_key(hatched)}</ul>'

    def _hatch_key(self, hatched: bool) -> str:
        return f'<li><i class="hatchkey"></i>{say("ui.unpublished", self.lang)}</li>' if hatched else ""


def _counted(n: float) -> str:
    """A count as it is printed: whole, or with one decimal where joint filings count by their shares.

    >>> _counted(1329), _counted(12.0), _counted(2.33)
    ('1,329', '12', '2.3')
    """
    return f"{n:,.0f}" if float(n).is_integer() else f"{n:,.1f}"


def _status_key(status: str) -> str:
    return f"legal.{'unknown' if status == '?' else status}"


def _office_class(office: str) -> str:
    return f"o-{office}" if office in OFFICES else "o-other"


def _ceiling(most: float) -> int:
    """The end of an axis whose quarters are whole, round numbers.

    >>> [_ceiling(n) for n in (1, 7, 23, 255, 1329)]
    [4, 8, 28, 280, 1600]
    """
    scale = 1
    while True:
        for mantissa in (4, 8, 12, 16, 20, 28):
            if mantissa * scale >= most:
                return mantissa * scale
        scale *= 10


def _shade(n: float, most: float) -> int:
    """1..5, by square root: small numbers stay apart beside a big one."""
    return max(1, min(5, round(5 * math.sqrt(n / most))))


def _fitting(name: str) -> str:
    """A name cut to the room of a label; Hangul and Han take two units, capitals more than one."""
    used = 0.0
    for i, character in enumerate(name):
        wide = unicodedata.east_asian_width(character) in "WF"
        used += 2 if wide else 1.35 if character.isupper() else 1
        if used > LABEL_UNITS:
            return name[:i].rstrip() + "…"
    return name
