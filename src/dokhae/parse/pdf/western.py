"""The body of gazettes set in Latin letters (US, EP, WO) -> headings, claims and paragraphs; and their line ends.

In: lines in reading order, front page and drawings already left out.  Out: ``Part``s; and ``Hyphens``, which joins the
lines of a paragraph.  Never reads bibliographic data.  Paragraphs are told by their numbers, indents and distances,
claims by the next number at the start of a paragraph, headings by headings.toml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from dokhae.parse.headings import is_container, kind_of
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.writer import ClaimHead, Heading, Joined, Paragraph, Part
from dokhae.types import SectionKind, Span

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_CLAIM = re.compile(r"(?P<number>\d{1,3}|[lI])(?:\s?[.)]\s+(?=\S)|\s?,\s+(?=[A-Z]))")
_FIRST_CLAIM = re.compile(r"[1lI]\s?[.,]\s+(?:An?|The|In|Process|Method|Apparatus)\b")
_REFERS = re.compile(r"\bclaims? 1\b", re.I)
_END = re.compile(r"(?:[^\w\s\d]\s?){3,}")  # "* * * * *", as OCR reads it too
_NOT_HEADING_END = re.compile(r"[.;,]$")
_HEADING_CHARS = 90
# In line pitches, in sizes of the letters, and as a part of the width of the column.
_NEW_PARAGRAPH, _INDENT, _SHORT = 1.45, 0.8, 0.12
_MOST_MISSING = 3  # claims whose numbers could not be read, before the next that can


class Hyphens:
    """Joins the lines of a paragraph: with a space, or, after a hyphen, as the document writes that word elsewhere."""

    def __init__(self, lines: Sequence[Line]) -> None:
        insides = " ".join(_BROKEN.sub("", line.text) for line in lines)
        self._words = Counter(word.lower() for word in _WORD.findall(insides))

    def join(self, lines: Sequence[Line], *, to_margin: bool = True) -> Joined:
        pieces: list[str] = []
        places: list[tuple[Span, Line]] = []
        length = 0
        for index, line in enumerate(lines):
            following = lines[index + 1].text if index + 1 < len(lines) else ""
            text, glue = self._ended(line.text, following)
            places.append((Span(length, length + len(text)), line))
            pieces += [text, glue]
            length += len(text) + len(glue)
        return Joined("".join(pieces), tuple(places))

    def _ended(self, text: str, following: str) -> tuple[str, str]:
        """A line as it stands in the text, and what stands between it and the next."""
        broken, goes_on = _BROKEN.search(text), _GOES_ON.match(following)
        if not following:
            return text, ""
        if broken is None or goes_on is None:
            return text, "" if text.endswith("-") else " "
        left, right = broken[1], goes_on[0]
        if right[0].isupper() and not left.isupper():
            return text, ""  # Al-Cu, non-Newtonian
        return (text, "") if self._keeps_hyphen(left.lower(), right.lower()) else (text[: broken.end(1)], "")

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        joined, hyphened = self._words[left + right], self._words[f"{left}-{right}"]
        if joined or hyphened:
            return hyphened > joined
        return self._words[left] > 0 and self._words[right] > 0 and len(left) > 2


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    right: float


class Setting:
    """How the lines of one document are set: the edges of each column of each page, and the pitch of its lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        groups: dict[tuple[int, int], list[Line]] = {}
        for line in lines:
            groups.setdefault((line.page, line.column), []).append(line)
        self._columns = {key: _edges(group) for key, group in groups.items()}
        below = [a.baseline - b.baseline for a, b in pairwise(lines) if (a.page, a.column) == (b.page, b.column)]
        self.pitch = median([distance for distance in below if distance > 0] or [12.0])

    def starts(self, before: Line | None, line: Line) -> bool:
        """Whether a paragraph starts with ``line``."""
        if before is None or line.label:
            return True
        column = self._columns[line.page, line.column]
        is_short = self.is_short(before)
        is_ended = before.text[-1:] in ".;:"
        is_indented = line.left > column.left + _INDENT * line.size
        if (before.page, before.column) == (line.page, line.column):
            if before.baseline - line.baseline > _NEW_PARAGRAPH * self.pitch:
                return True
            was_indented = before.left > column.left + _INDENT * before.size
            if is_indented and not was_indented:
                return is_short or is_ended
        return (is_indented and (is_short or is_ended)) or (is_short and is_ended)

    def is_short(self, line: Line) -> bool:
        column = self._columns[line.page, line.column]
        return line.right < column.right - _SHORT * (column.right - column.left)

    def is_centred(self, line: Line) -> bool:
        column = self._columns[line.page, line.column]
        left, right = line.left - column.left, column.right - line.right
        return left > 2 * line.size and abs(left - right) < 3 * line.size


def _edges(lines: Sequence[Line]) -> _Column:
    lefts = sorted(line.left for line in lines)
    rights = sorted(line.right for line in lines)
    return _Column(lefts[len(lefts) // 6], rights[len(rights) * 3 // 4])


@dataclass
class _State:
    """Where the reading stands.  opens_claim: what stands before a claim, its number in group 1."""

    opens_claim: re.Pattern[str]
    kind: SectionKind | None = None
    claim: int = 0
    is_over: bool = False
    before: Line | None = None
    run: list[Line] = field(default_factory=list)

    def take(self) -> Iterator[Paragraph]:
        if self.run:
            yield Paragraph(tuple(self.run), self.run[0].label)
        self.run = []


def read_body(
    lines: Sequence[Line],
    setting: Setting,
    *,
    first: SectionKind = SectionKind.other,
    claim: re.Pattern[str] | None = None,
) -> Iterator[Part]:
    """What the lines hold, in order.

    first: the section of text before any heading.  claim: what opens a claim, where it is not its mere number.
    """
    state = _State(claim or _CLAIM)
    index, unheaded = 0, _unheaded_claims(lines)
    while index < len(lines):
        line = lines[index]
        starts = setting.starts(state.before, line)
        if index == unheaded:
            yield from state.take()
            yield from _enter(state, Heading("", SectionKind.claims), first)
        heading, n_lines = _heading(lines, index, starts, setting)
        if heading is not None:
            yield from state.take()
            yield from _enter(state, heading, first)
        elif _END.fullmatch(line.text) and state.kind is SectionKind.claims:
            state.is_over = True
        elif not state.is_over:
            if state.kind is None:
                yield from _enter(state, Heading("", first), first)
            yield from _go_on(state, line, starts)
        state.before = lines[index + n_lines - 1]
        index += n_lines
    yield from state.take()


def _unheaded_claims(lines: Sequence[Line]) -> int | None:
    """Where the claims begin in a document that prints no heading over them; None where it prints one."""
    if any(_opens(line.text) and kind_of(line.text) is SectionKind.claims for line in lines):
        return None
    firsts = [index for index, line in enumerate(lines) if _FIRST_CLAIM.match(line.text)]
    if not firsts or not any(_REFERS.search(line.text) for line in lines[firsts[-1] :]):
        return None
    return firsts[-1]


def _enter(state: _State, heading: Heading, first: SectionKind) -> Iterator[Part]:
    kind = heading.kind or first
    state.is_over = False
    state.claim = 0
    state.kind = kind
    yield replace(heading, kind=kind)


def _go_on(state: _State, line: Line, starts: bool) -> Iterator[Part]:
    found = state.opens_claim.match(line.text) if state.kind is SectionKind.claims else None
    number = _claim_number(found[1], state.claim, starts) if found else None
    if found is not None and number is not None:
        yield from state.take()
        yield ClaimHead(number)
        state.claim = number
        line = replace(line, text=line.text[found.end() :], label="")
    elif starts:
        yield from state.take()
    if line.text:
        state.run.append(line)


def _claim_number(digits: str, last: int, starts: bool) -> int | None:
    """The number of a claim: the next one, or, at the start of a paragraph, one soon after; None where it is neither.

    >>> _claim_number("2", 1, False), _claim_number("5", 1, False), _claim_number("l", 0, False)
    (2, None, 1)
    """
    number = 1 if digits in ("l", "I") else int(digits)
    if number == last + 1 or (starts and last < number <= last + 1 + _MOST_MISSING):
        return number
    return None


def _heading(lines: Sequence[Line], index: int, starts: bool, setting: Setting) -> tuple[Heading | None, int]:
    """The heading that starts here and how many lines it takes (1 where there is none)."""
    line = lines[index]
    if line.label or not (starts or setting.is_centred(line) or line.text.isupper()):
        return None, 1
    for n_lines in (3, 2, 1):
        run = lines[index : index + n_lines]
        text = " ".join(one.text for one in run)
        is_one = len(run) == n_lines and all(one.text.isupper() for one in run)
        if (n_lines == 1 or is_one) and _opens(text):
            return Heading(text, kind_of(text)), n_lines
    return None, 1


def _opens(text: str) -> bool:
    if len(text) > _HEADING_CHARS or _NOT_HEADING_END.search(text) or not text[:1].isalpha() or text[:1].islower():
        return False
    return kind_of(text) is not None or is_container(text)
