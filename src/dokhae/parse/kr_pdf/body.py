"""The lines after the front page -> headings, claim numbers and paragraphs, in the order printed.

In: ``Line``s in reading order.  Out: ``Heading``, ``ClaimHead`` and ``Paragraph`` (a run of lines).  Never joins the
lines of a paragraph into text (lines.py does) and never reads what a paragraph says.  Drawing pages give nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dokhae.parse.headings import is_container, kind_of, squeeze
from dokhae.parse.kr_pdf.pages import Line, after_prefix
from dokhae.types import SectionKind

_LABEL = re.compile(r"(?:\[(\d{4,5})\]|<(\d{1,4})>)(?=\s|$)\s*")
_CLAIM = re.compile(r"【?\s*청구항\s*(\d+)\s*】?")
_AMENDMENT = re.compile(r"【\s*(?:심사관\s*)?직권보정사항\s*】")
_TABLE = re.compile(r"표\s*\d+")
_BRACKETED = re.compile(r"【[^】]*】|\[[^\]\d]*\]|<[^>\d]*>|\*+[^*]+\*+")
_HEADING_CHARS = 40
# In pitches of the document: lines of one paragraph are 1 apart (1.35 where a subscript pushes), paragraphs 1.42 and more.
_SAME_PARAGRAPH, _SAME_IF_FULL = 1.15, 1.38
_FULL_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed and the section it opens; kind None: it only groups others, or is not known."""

    text: str
    kind: SectionKind | None
    line: Line


@dataclass(frozen=True, slots=True)
class ClaimHead:
    """「청구항 3」: what follows is claim 3."""

    number: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The lines of one paragraph; label: its printed number."""

    lines: tuple[Line, ...]
    label: str = ""


class Measure:
    """How the lines of one gazette are set: what most of them have."""

    def __init__(self, lines: Sequence[Line]) -> None:
        pairs = zip(lines, lines[1:], strict=False)
        self.size = _most_common((line.size for line in lines), default=9.0)
        self.margin = _most_common((round(line.right) for line in lines if line.size == self.size), default=532)
        self.pitch = _most_common(
            (round(a.baseline - b.baseline, 1) for a, b in pairs if a.page == b.page and a.baseline > b.baseline),
            default=14.2,
        )
        self.is_coloured = any(line.is_coloured for line in lines)

    def is_full(self, line: Line) -> bool:
        """Whether the line reaches the right margin, so that its paragraph may go on in the next one."""
        return line.right >= self.margin - _FULL_GAP

    def continues(self, before: Line, line: Line) -> bool:
        """Whether ``line`` goes on with the paragraph ``before`` belongs to."""
        if before.page != line.page:
            return self.is_full(before)
        limit = _SAME_IF_FULL if self.is_full(before) else _SAME_PARAGRAPH
        return -self.pitch < before.baseline - line.baseline <= limit * self.pitch


def read_body(lines: Sequence[Line], measure: Measure) -> Iterator[Heading | ClaimHead | Paragraph]:
    """What the lines hold, in order.  A heading inside an amendment notice is text of that notice."""
    run: list[Line] = []
    label = ""
    in_drawings = in_amendment = False
    for line in lines:
        opened = None if in_amendment else _opened(line, measure)
        if opened is not None:
            yield from _paragraph(run, label)
            run, label = [], ""
            in_amendment = isinstance(opened, Heading) and opened.kind is SectionKind.amendment
            in_drawings = not in_amendment and (in_drawings or squeeze(line.text) == "도면")
            if not in_drawings:
                yield opened
            continue
        if in_drawings:
            continue
        number, rest = _split_label(line)
        if number or (run and not measure.continues(run[-1], line)):
            yield from _paragraph(run, label)
            run, label = [], number
        if rest is not None:
            run.append(rest)
    yield from _paragraph(run, label)


def _opened(line: Line, measure: Measure) -> Heading | ClaimHead | None:
    text = line.text
    if claim := _CLAIM.fullmatch(text):
        return ClaimHead(int(claim[1]))
    if _AMENDMENT.fullmatch(text):
        return Heading(text, SectionKind.amendment, line)
    if not _is_heading(line, measure):
        return None
    kind = SectionKind.table if _TABLE.fullmatch(text) else kind_of(text)
    return Heading(text, kind, line)


def _is_heading(line: Line, measure: Measure) -> bool:
    """Coloured; or, in brackets or a gazette without colours, a known heading standing alone."""
    if line.is_coloured:
        return True
    if len(line.text) > _HEADING_CHARS or not (kind_of(line.text) or is_container(line.text)):
        return False
    return not measure.is_coloured or _BRACKETED.fullmatch(line.text) is not None


def _split_label(line: Line) -> tuple[str, Line | None]:
    """The paragraph number a line starts with and the rest of the line (None where nothing is left)."""
    found = _LABEL.match(line.text)
    if found is None:
        return "", line
    return found[1] or found[2], after_prefix(line, found.end())


def _paragraph(run: list[Line], label: str) -> Iterator[Paragraph]:
    if run:
        yield Paragraph(tuple(run), label)


def _most_common(values: Iterable[float], *, default: float) -> float:
    counts = Counter(values).most_common(1)
    return counts[0][0] if counts else default
