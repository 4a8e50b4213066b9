"""The lines after the front page -> headings, claim numbers and paragraphs, in the order printed.

In: ``Line``s in reading order.  Out: ``Heading``, ``ClaimHead`` and ``Paragraph`` (a run of lines).  Never joins the
lines of a paragraph into text (line_ends.py does) and never reads what a paragraph says.  Drawing pages give nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from dokhae.parse.headings import is_container, kind_of, squeeze
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.writer import ClaimHead, Heading, Paragraph
from dokhae.types import SectionKind

_CLAIM = re.compile(r"【?\s*청구항\s*(\d{1,4})\s*】?\.?")
_AMENDMENT = re.compile(r"【\s*(?:심사관\s*)?직권보정사항\s*】")
_TABLE = re.compile(r"표\s*\d+|[【\[<]\s*표\s*\d+\s*[】\]>]")
_BRACKETED = re.compile(r"【[^】]*】|\[\D[^\]]*\]|<\D[^>]*>|\*+[^*]+\*+")
_HEADING_CHARS = 40
# In line pitches of the document: lines of one paragraph are 1 apart (up to 1.35 where a subscript pushes them),
# paragraphs 1.42 and more.
_SAME_PARAGRAPH, _SAME_IF_FULL = 1.15, 1.38
_FULL_GAP = 3.0


class Measure:
    """How the lines of one gazette are set: what most of them have."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.size = _most_common((line.size for line in lines), default=9.0)
        self.margin = _most_common((round(line.right) for line in lines if line.size == self.size), default=532)
        below = (a.baseline - b.baseline for a, b in pairwise(lines) if a.page == b.page and self.is_full(a))
        self.pitch = median([distance for distance in below if distance > 0] or [14.2])
        self.is_coloured = any(line.is_coloured for line in lines)

    def is_full(self, line: Line) -> bool:
        """Whether the line reaches the right margin, so that its paragraph may go on in the next one."""
        return line.right >= self.margin - _FULL_GAP

    def continues(self, before: Line, line: Line) -> bool:
        """Whether ``line`` goes on with the paragraph ``before`` belongs to."""
        if line.label or line.text.startswith("【") or before.text.endswith("】"):
            return False
        if before.page != line.page:
            return self.is_full(before)
        limit = _SAME_IF_FULL if self.is_full(before) else _SAME_PARAGRAPH
        return -self.pitch < before.baseline - line.baseline <= limit * self.pitch


@dataclass
class _State:
    """Where the reading stands."""

    kind: SectionKind | None = None
    before_table: SectionKind | None = None
    in_drawings: bool = False
    run: list[Line] = field(default_factory=list)

    def take(self) -> Iterator[Paragraph]:
        """The paragraph collected so far, if any."""
        if self.run:
            yield Paragraph(tuple(self.run), self.run[0].label)
        self.run = []


def read_body(lines: Sequence[Line], measure: Measure) -> Iterator[Heading | ClaimHead | Paragraph]:
    """What the lines hold, in order.  What looks like a heading inside an amendment notice is text of that notice."""
    state = _State()
    for line in lines:
        in_amendment = state.kind is SectionKind.amendment
        opened = None if in_amendment else _opened(line, measure)
        if opened is not None:
            yield from state.take()
            yield from _enter(state, opened)
        elif not state.in_drawings:
            yield from _go_on(state, line, measure)
    yield from state.take()


def _enter(state: _State, opened: Heading | ClaimHead) -> Iterator[Heading | ClaimHead]:
    if isinstance(opened, Heading):
        is_amendment = opened.kind is SectionKind.amendment
        state.in_drawings = not is_amendment and (state.in_drawings or squeeze(opened.text) == "도면")
        if opened.kind is SectionKind.table:
            state.before_table = state.kind
        state.kind = opened.kind
    if not state.in_drawings:
        yield opened


def _go_on(state: _State, line: Line, measure: Measure) -> Iterator[Heading | Paragraph]:
    """A line that opens nothing: the next of its paragraph, a new paragraph, a row of a table or the end of one."""
    in_table = state.kind is SectionKind.table
    if in_table and line.label and state.run:
        # the first number in a table is that of the table, the next one is of the text below
        yield from state.take()
        state.kind = state.before_table
        yield Heading("", state.kind)
    elif in_table or (state.run and not measure.continues(state.run[-1], line)):
        yield from state.take()
    state.run.append(line)


def _opened(line: Line, measure: Measure) -> Heading | ClaimHead | None:
    text = line.text
    if claim := _CLAIM.fullmatch(text):
        return ClaimHead(int(claim[1]))
    if _AMENDMENT.fullmatch(text):
        return Heading(text, SectionKind.amendment)
    is_table = _TABLE.fullmatch(text) and (line.is_coloured or _BRACKETED.fullmatch(text))
    if not is_table and not _is_heading(line, measure):
        return None
    return Heading(text, SectionKind.table if is_table else kind_of(text))


def _is_heading(line: Line, measure: Measure) -> bool:
    """Coloured; or, in brackets or a gazette without colours, a known heading standing alone."""
    if line.is_coloured:
        return True
    if len(line.text) > _HEADING_CHARS or not (kind_of(line.text) or is_container(line.text)):
        return False
    return not measure.is_coloured or _BRACKETED.fullmatch(line.text) is not None


def _most_common(values: Iterable[float], *, default: float) -> float:
    counts = Counter(values).most_common(1)
    return counts[0][0] if counts else default
