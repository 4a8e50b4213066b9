"""Korean gazettes as PDF with a text layer, laid out as the office prints them (2009-2014 and since 2015).

In: a ``Draft``.  Out: a PDF file, the same bytes for the same draft.  Uses the Korean fonts every PDF reader brings
along (HYSMyeongJo, HYGothic): no font is embedded or shipped.  Source: front pages and bodies of 37 real gazettes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from dokhae.sample.compose import Draft
from dokhae.sample.plan import Person, Plan
from dokhae.sample.typeset import lines

_PAGE = (595.32, 841.92)
_LEFT, _RIGHT, _TOP, _BOTTOM = 65.0, 528.0, 776.0, 62.0
_LABEL_X, _COLUMN_X = 10.0, 308.0
_TEXT, _BOLD = "HYSMyeongJo-Medium", "HYGothic-Medium"
_MAGENTA, _BLUE, _BLACK = (0.9, 0.0, 0.5), (0.0, 0.0, 0.9), (0.0, 0.0, 0.0)
_LEADING, _GAP = 14.3, 4.5
_ENTRY, _WITHIN_ENTRY = 13.4, 11.3
_INVENTORS_IN_FRONT = 2
_NEW_LAYOUT_FROM, _FULL_HEADINGS_FROM = 2015, 2011


def write_gazette(draft: Draft, path: Path) -> None:
    """The gazette of ``draft``: front page, claims and description in the order of its year, drawings."""
    for font in (_TEXT, _BOLD):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    _Gazette(draft, path).write()


@lru_cache(maxsize=100_000)
def _width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def _day(day: date) -> str:
    return f"{day.year}년{day.month:02}월{day.day:02}일"


class _Sheet:
    """Pages with the running head and number of a gazette; ``y`` is where the next line goes."""

    def __init__(self, path: Path, head: str) -> None:
        # invariant: no time stamp, so that the same draft gives the same bytes
        self.canvas = Canvas(str(path), pagesize=_PAGE, invariant=1, pageCompression=1)
        self.head, self.page, self.y = head, 1, _TOP

    def put(self, text: str, x: float, y: float, *, font: str = _TEXT, size: float = 9.2, spread: float = 0.0) -> None:
        """One line at a place; spread: extra points between its characters."""
        piece = self.canvas.beginText(x, y)
        piece.setFont(font, size)
        piece.setCharSpace(spread)
        piece.textOut(text)
        self.canvas.drawText(piece)

    def colour(self, colour: tuple[float, float, float]) -> None:
        self.canvas.setFillColorRGB(*colour)

    def rule(self, y: float) -> None:
        self.canvas.line(_LEFT - 2, y, _RIGHT + 8, y)

    def turn(self) -> None:
        """Ends the page: running head, page number, next page."""
        self.put(self.head, _RIGHT - _width(self.head, _BOLD, 9.5), 799, font=_BOLD, size=9.5)
        number = f"- {self.page} -"
        self.put(number, _PAGE[0] / 2 - _width(number, _BOLD, 9.5) / 2, 35, font=_BOLD, size=9.5)
        self.canvas.showPage()
        self.page, self.y = self.page + 1, _TOP

    def need(self, height: float) -> None:
        if self.y - height < _BOTTOM:
            self.turn()

    def heading(self, text: str) -> None:
        self.need(40)
        self.y -= 8
        self.colour(_MAGENTA)
        self.put(text, _LEFT, self.y, font=_BOLD, size=10.5)
        self.colour(_BLACK)
        self.y -= 20

    def paragraph(self, text: str, *, label: str = "", indent: float = 0.0, bold: bool = False) -> None:
        """A justified paragraph; label stands in the margin of its first line."""
        font = _BOLD if bold else _TEXT
        whole = list(lines(text, _RIGHT - _LEFT, lambda piece: _width(piece, font, 9.2), indent=indent))
        for n, line in enumerate(whole):
            self.need(_LEADING)
            shift = indent if n == 0 else 0.0
            if label and n == 0:
                self.put(f"[{label}]", _LABEL_X, self.y)
            slack = _RIGHT - _LEFT - shift - _width(line, font, 9.2)
            spread = slack / max(len(line) - 1, 1) if n < len(whole) - 1 else 0.0
            self.put(line, _LEFT + shift, self.y, font=font, spread=max(spread, 0.0))
            self.y -= _LEADING
        self.y -= _GAP


@dataclass(frozen=True)
class _Row:
    """A line of the front page's columns.  goes_on: the entry of the line above, printed closer to it."""

    indent: float
    text: str
    value: str = ""
    bold: bool = False
    goes_on: bool = False


class _Gazette:
    def __init__(self, draft: Draft, path: Path) -> None:
        self.draft, self.plan = draft, draft.plan
        self.granted = self.plan.granted is not None
        self.year = self.plan.gazette_day.year
        self.number = self.plan.grant if self.granted else self.plan.publication
        self.sheet = _Sheet(path, f"{'등록특허' if self.granted else '공개특허'} {self.number}")
        self.rng: Random = self.plan.rng("gazette")
        self.indent = self.rng.choice((0.0, 0.0, 36.0))
        self.label = 0

    def write(self) -> None:
        self._front()
        for part in self._order():
            getattr(self, f"_{part}")()
        self._figures()
        self.sheet.canvas.save()

    def _order(self) -> tuple[str, ...]:
        body = ("technical", "invention", "figures_list", "embodiments", "sign_list")
        if self.year >= _NEW_LAYOUT_FROM:
            return ("specification", "claims", "description", *body)
        if self.year >= _FULL_HEADINGS_FROM:
            return ("claims", "specification", *body)
        # until 2010 the list of drawings stood behind the embodiments
        return (
            "claims",
            "specification",
            "description",
            "technical",
            "invention",
            "embodiments",
            "figures_list",
            "sign_list",
        )

    # -- front page ---------------------------------------------------------------------------------------------

    def _front(self) -> None:
        sheet = self.sheet
        self._masthead()
        left, right = list(self._left_column()), list(self._right_column())
        low = min(self._column(left, _LEFT), self._column(right, _COLUMN_X)) - 20
        live = sum(not claim.deleted for claim in self.draft.claims)
        sheet.put(f"전체 청구항 수 : 총  {live}  항", _LEFT, low)
        if self.granted:
            sheet.put(f"심사관 :     {self.plan.examiner[0]}", _RIGHT - 70, low)
        sheet.rule(low - 6)
        label = "(54) 발명의 명칭 " if self.year >= _FULL_HEADINGS_FROM else "(54) "
        sheet.put(label, _LEFT, low - 18)
        sheet.put(self.draft.title, _LEFT + _width(label, _TEXT, 9.2), low - 18, font=_BOLD)
        sheet.rule(low - 24)
        sheet.colour(_MAGENTA)
        sheet.put("(57) 요 약", _LEFT, low - 42, font=_BOLD, size=10.5)
        sheet.colour(_BLACK)
        sheet.y = low - 62
        sheet.paragraph(self.draft.abstract, indent=36.0)
        sheet.put("대 표 도 - 도1", _LEFT, sheet.y - 4, font=_BOLD, size=10)
        self._figure(sheet.y - 24, max(sheet.y - 220, 70))
        sheet.turn()
        self._overleaf()

    def _masthead(self) -> None:
        sheet, plan = self.sheet, self.plan
        kind = "등록특허공보(B1)" if self.granted else "공개특허공보(A)"
        sheet.rule(767)
        sheet.colour(_BLUE)
        sheet.put("(19) 대한민국특허청(KR)", 118, 748, font=_BOLD, size=13)
        sheet.put(f"(12) {kind}", 118, 726, font=_BOLD, size=13)
        sheet.colour(_BLACK)
        if plan.granted is not None:
            rows = [
                ("(45) 공고일자", _day(plan.gazette_day)),
                ("(11) 등록번호", plan.grant),
                ("(24) 등록일자", _day(plan.granted)),
            ]
        else:
            rows = [("(11) 공개번호", plan.publication), ("(43) 공개일자", _day(plan.gazette_day))]
        for n, (name, value) in enumerate(rows):
            sheet.put(name, 304, 752 - 14.5 * n, font=_BOLD, size=10)
            sheet.put(value, 384, 752 - 14.5 * n, font=_BOLD, size=10)
        sheet.rule(717)

    def _column(self, rows: Sequence[_Row], x: float, y: float = 703.0) -> float:
        """Prints rows from ``y`` downwards; returns where they end."""
        for row in rows:
            y += _ENTRY - _WITHIN_ENTRY if row.goes_on else 0.0
            self.sheet.put(row.text, x + row.indent, y, font=_BOLD if row.bold else _TEXT)
            if row.value:
                self.sheet.put(row.value, x + 90, y, font=_BOLD)
            y -= _ENTRY
        return y

    def _left_column(self) -> Iterator[_Row]:
        plan = self.plan
        yield _Row(0, "(51) 국제특허분류(Int. Cl.)" if self.year >= _FULL_HEADINGS_FROM else "(51) Int. Cl.")
        for first in range(0, len(plan.ipc), 2):
            yield _Row(20, "  ".join(f"{symbol} (2006.01)" for symbol in plan.ipc[first : first + 2]))
        if self.year >= _NEW_LAYOUT_FROM:
            yield _Row(0, "(52) CPC특허분류")
            for symbol in plan.ipc[:2]:
                yield _Row(20, f"{symbol} (2013.01)")
        yield _Row(0, "(21) 출원번호", plan.application)
        yield _Row(0, "(22) 출원일자", _day(plan.filed))
        yield _Row(20, "심사청구일자", _day(plan.filed))
        if self.granted and plan.published:
            yield _Row(0, "(65) 공개번호", plan.publication)
            yield _Row(0, "(43) 공개일자", _day(plan.published))
        if self.granted:
            yield _Row(0, "(56) 선행기술조사문헌")
            for cited in self._cited():
                yield _Row(20, f"{cited}*")
            yield _Row(20, "*는 심사관에 의하여 인용된 문헌")

    def _right_column(self) -> Iterator[_Row]:
        plan = self.plan
        yield _Row(0, "(73) 특허권자" if self.granted else "(71) 출원인")
        yield _Row(20, plan.applicant_name, bold=True)
        yield from _wrapped(plan.applicant.address)
        yield _Row(0, "(72) 발명자")
        for person in plan.inventors[:_INVENTORS_IN_FRONT]:
            yield from _inventor(person)
        if len(plan.inventors) > _INVENTORS_IN_FRONT:
            yield _Row(20, "(뒷면에 계속)")
        yield _Row(0, "(74) 대리인")
        yield _Row(20, plan.agent[0], bold=True)

    def _overleaf(self) -> None:
        """The inventors the front page had no room for, on a page of their own."""
        rest = self.plan.inventors[_INVENTORS_IN_FRONT:]
        if not rest:
            return
        rows = [_Row(0, "(72) 발명자"), *(row for person in rest for row in _inventor(person))]
        self.sheet.rule(self._column(rows, _LEFT, _TOP))
        self.sheet.turn()

    def _cited(self) -> list[str]:
        rng = self.plan.rng("cited")
        years = [rng.randint(self.plan.filed.year - 8, self.plan.filed.year - 1) for _ in range(rng.randint(1, 3))]
        return [f"KR10{year}{rng.randint(900_000, 999_999):07} A" for year in years]

    # -- body ---------------------------------------------------------------------------------------------------

    def _specification(self) -> None:
        self.sheet.heading("명 세 서")

    def _description(self) -> None:
        self.sheet.heading("발명의 설명" if self.year >= _NEW_LAYOUT_FROM else "발명의 상세한 설명")

    def _claims(self) -> None:
        self.sheet.heading("청구범위" if self.year >= _NEW_LAYOUT_FROM else "특허청구의 범위")
        for claim in self.draft.claims:
            self.sheet.need(2 * _LEADING)
            self.sheet.paragraph(f"청구항 {claim.number}", bold=True)
            for line in (claim.text or "삭제").split("\n"):
                self.sheet.paragraph(line, indent=self.indent)
            self.sheet.y -= 8

    def _technical(self) -> None:
        self._section("기 술 분 야", self.draft.sections["field"])
        self._section("배 경 기 술", self.draft.sections["background"])
        if self.year >= _NEW_LAYOUT_FROM and self.rng.random() < 0.6:
            self.sheet.heading("선행기술문헌")
            numbers = [f"{c[2:4]}-{c[4:8]}-{c[8:15]}" for c in self._cited()]
            listed = [f"(특허문헌 {n:04}) 대한민국 공개특허공보 제{number}호" for n, number in enumerate(numbers, 1)]
            self._section("특허문헌", listed, one_label=True)

    def _invention(self) -> None:
        old = self.year < _FULL_HEADINGS_FROM
        self.sheet.heading("발명의 내용")
        self._section("해결하고자하는 과제" if old else "해결하려는 과제", self.draft.sections["problem"])
        self._section("과제 해결수단" if old else "과제의 해결 수단", self.draft.sections["solution"])
        self._section("효 과" if old else "발명의 효과", self.draft.sections["effect"])

    def _embodiments(self) -> None:
        old = self.year < _FULL_HEADINGS_FROM
        heading = "발명의 실시를 위한 구체적인 내용" if old else "발명을 실시하기 위한 구체적인 내용"
        self._section(heading, self.draft.sections["embodiments"])

    def _figures_list(self) -> None:
        self._section("도면의 간단한 설명", self.draft.sections["drawings"], one_label=True)

    def _sign_list(self) -> None:
        heading = "부호의 설명" if self.year >= _FULL_HEADINGS_FROM else "도면의 주요 부분에 대한 부호의 설명"
        self._section(heading, [f"{sign} : {name}" for sign, name in self.draft.signs], one_label=True)

    def _section(self, heading: str, paragraphs: Sequence[str], *, one_label: bool = False) -> None:
        """one_label: the paragraphs are lines under a single paragraph number."""
        self.sheet.heading(heading)
        for n, text in enumerate(paragraphs):
            numbered = n == 0 or not one_label
            self.label += numbered
            self.sheet.paragraph(text, label=f"{self.label:04}" if numbered else "", indent=self.indent)

    # -- drawings -----------------------------------------------------------------------------------------------

    def _figures(self) -> None:
        self.sheet.heading("도면")
        for n in range(1, len(self.draft.sections["drawings"]) + 1):
            self.sheet.need(260)
            self.sheet.heading(f"도면{n}")
            self._figure(self.sheet.y, self.sheet.y - 210)
            self.sheet.y -= 220
        self.sheet.turn()

    def _figure(self, top: float, bottom: float) -> None:
        """A drawing without words: nested boxes and leaders, as real ones are pictures and add no text."""
        canvas, depth = self.sheet.canvas, len(self.draft.signs)
        width, height = 260.0, top - bottom
        for n in range(depth):
            inset = n * min(width, height) / (2.4 * depth)
            canvas.rect(_LEFT + 100 + inset, bottom + inset * 0.8, width - 2 * inset, height - 1.6 * inset)
            x, y = _LEFT + 100 + width - inset, top - inset * 0.8 - 6
            canvas.line(x, y, _LEFT + 400, y + self.rng.uniform(-8, 8))


def _inventor(person: Person) -> Iterator[_Row]:
    yield _Row(20, person.ko, bold=True)
    yield from _wrapped(person.address)


def _wrapped(address: str) -> Iterator[_Row]:
    wrapped = lines(address, 195.0, lambda piece: _width(piece, _TEXT, 9.2))
    for n, line in enumerate(wrapped):
        yield _Row(20, line, goes_on=n > 0)


def file_name(plan: Plan) -> str:
    """KR-10-3180123-B1.pdf for a grant, KR-10-2019-0900123-A.pdf for a publication."""
    number, kind = (plan.grant, "B1") if plan.granted else (plan.publication, "A")
    return f"KR-{number}-{kind}.pdf"
