"""A patent as plain text or markdown (copied from a viewer, or converted) -> document.

In: lines.  Out: one ``Document``: numbers and fields of the front page where they are marked (INID codes or names),
sections by headings of every office, bare or in any bracket, paragraph numbers, claims with dependencies.  Wrapped
lines are joined by evidence.  A text that is no patent (plain_front.is_patent) is not claimed: notes, logs and source
code stay what they are.
Source: headings.toml; WIPO ST.9 (INID codes).
"""

from __future__ import annotations

import re
from calendar import month_abbr
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import BinaryIO

from dokhae.parse import HEAD_BYTES
from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.encodings import Decoded, decode_text
from dokhae.parse.files.archives import read_up_to
from dokhae.parse.plain.claims import claims_in, opens_claim
from dokhae.parse.plain.front import field_of, heading_in, is_patent, number_line, plain_line
from dokhae.parse.records import document_of
from dokhae.parse.uspto.wrapped import Words, join
from dokhae.parse.xml.claims import write_claims
from dokhae.types import Biblio, Defect, Document, Number, Rejected, SectionKind, Source, Text

MAX_FILE_BYTES = 64 * 2**20
_BINARY = re.compile(rb"^(?:%PDF|PK\x03\x04|\x1f\x8b|\xd0\xcf\x11\xe0|\x89PNG|\xff\xd8\xff|GIF8|[\s\xef\xbb\xbf]*[<{])")
_LABEL = re.compile(r"(?:[\[【［<〔]\s?(?:0\d{3,4}|[０][０-９]{3,4})\s?[\]】］>〕]|<\d{1,4}>)\s*")
_FURNITURE = re.compile(r"[-–—\s]*(?:page )?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?[-–—\s]*$|[*\s]{1,20}$|[-=_]{4,}$", re.I)
_ENGLISH_DATE = re.compile(r"\b([A-Z][a-z]{2})[a-z]{0,6}\.? (\d{1,2}), (\d{4})\b")
_MONTHS = {name: n for n, name in enumerate(month_abbr)}
_DAY = re.compile(r"(\d{4})\s?[-./년年]\s?(\d{1,2})\s?[-./월月]\s?(\d{1,2})\s?[일日]?")
_KIND = re.compile(r"\(([ABUYS]\d?)\)")
_NUMBERED = re.compile(r"\d{1,3}\s?[.)]\s+[A-Z가-힣]")
_WRAPPED_CHARS = (45, 110)
_PARTIES = frozenset({"applicants", "owners", "inventors", "agents"})
# headings inside an abstract are its parts, not sections of the description
_STAYS_IN_ABSTRACT = frozenset(
    {SectionKind.problem, SectionKind.solution, SectionKind.effect, SectionKind.reference_signs}
)


class PlainText:
    name = "plain-text"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        if _BINARY.match(head):
            return False
        decoded = _decoded_head(head)
        if decoded is None or decoded.count("\0") * 100 > len(decoded):
            return False
        lines = decoded.split("\n")
        # the last line may be cut
        return is_patent(lines[:-1] if len(lines) > 1 and len(head) >= HEAD_BYTES else lines)

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name, item=0)
        data = read_up_to(stream, MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            yield Rejected.of(source, "patent-too-large", limit_mb=MAX_FILE_BYTES // 2**20)
            return
        decoded = decode_text(data)
        if decoded is None:
            yield Rejected.of(source, "wrong-encoding", line=1)
            return
        yield self._document(decoded, source)

    def _document(self, decoded: Decoded, source: Source) -> Document | Rejected:
        content = _sorted(decoded.utf8.decode("utf8", "replace").replace("\r\n", "\n").replace("\r", "\n"))
        cells = _cells(content)
        known = document_of(cells, source, parser=(self.name, self.version))
        if isinstance(known, Rejected) and known.code != "record-empty":
            return known
        text, defects = _text(content, cells.get("title", ""), self)
        odd = [*_encoding_defects(decoded), *defects]
        if isinstance(known, Rejected):
            known = Document(source, None, (), Biblio(), ())
        if known.number is None:
            odd.append(Defect.of("number-missing"))
        number, numbers = _as_printed(known, cells.get("kind"))
        data = known.biblio
        return replace(
            known,
            number=number,
            numbers=numbers,
            biblio=replace(data, applicants=data.applicants or data.owners),
            texts=(text,),
            defects=tuple(dict.fromkeys((*known.defects, *odd))),
        )


@dataclass
class _Section:
    kind: SectionKind
    heading: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass
class _Content:
    """The lines of a text, sorted: fields of the front page, and sections in order."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    sections: list[_Section] = field(default_factory=lambda: [_Section(SectionKind.other)])

    @property
    def last(self) -> _Section:
        return self.sections[-1]


def _decoded_head(head: bytes) -> str | None:
    """The text of the first bytes, of which the last may be half a character."""
    for n_cut in range(4):
        decoded = decode_text(head[: len(head) - n_cut])
        if decoded is not None and (n_cut == 3 or not decoded.n_replaced):
            return decoded.utf8.decode("utf8").replace("\r\n", "\n").replace("\r", "\n")
    return None


def _encoding_defects(decoded: Decoded) -> Iterator[Defect]:
    if decoded.guessed:
        yield Defect.of("encoding-guessed", declared=decoded.declared or "-", used=decoded.used)
    if decoded.n_replaced:
        yield Defect.of("characters-replaced", count=decoded.n_replaced)


def _sorted(text: str) -> _Content:
    content = _Content()
    in_front, open_field = True, ""
    for raw in text.split("\n"):
        line = plain_line(raw) if len(raw) <= 4000 else " ".join(raw.split())
        if not line or _FURNITURE.match(line):
            content.last.lines.append("")
            open_field = ""
            continue
        is_title = content.last.kind is SectionKind.other and "title" not in content.fields
        if is_title and not in_front and (named := field_of(line)) and named[0] == "title" and named[1]:
            content.fields["title"] = [named[1]]
            continue
        if (heading := heading_in(line)) and not _stays_inside(content, heading[1]):
            in_front = in_front and heading[1] in (None, SectionKind.abstract)
            open_field = ""
            _open(content, *heading)
            continue
        if content.last.kind is not SectionKind.claims and opens_claim(line):
            content.sections.append(_Section(SectionKind.claims))
            in_front = False
        if in_front and content.last.kind in (SectionKind.other, SectionKind.abstract):
            open_field = _front_line(content, line, open_field)
            if open_field or line in content.fields.get("seen", ()):
                continue
        content.last.lines.append(line)
    return content


def _stays_inside(content: _Content, kind: SectionKind | None) -> bool:
    """Whether a heading is a part of the abstract that is open, or opens what is open already."""
    return content.last.kind is SectionKind.abstract and kind in _STAYS_IN_ABSTRACT


def _open(content: _Content, heading: str, kind: SectionKind | None, rest: str) -> None:
    if kind is None:  # a container: kept as the heading of nothing
        content.sections.append(_Section(SectionKind.other, heading))
    else:
        content.sections.append(_Section(kind, heading))
    if rest:
        content.last.lines.append(rest)


def _front_line(content: _Content, line: str, open_field: str) -> str:
    """Keeps a line of the front page under its field; the field that goes on in the next line, "" for none."""
    seen = content.fields.setdefault("seen", [])
    if number := number_line(line):
        found, title = number
        content.fields.setdefault("number", []).append(found.written.strip())
        if title:
            content.fields.setdefault("title", []).append(title)
        seen.append(line)
        return ""
    named = field_of(line)
    if named is None:
        if open_field:
            content.fields.setdefault(open_field, []).append(line)
            seen.append(line)
        return open_field if open_field in ("title",) else ""
    name, value = named
    seen.append(line)
    if name == "abstract":
        content.sections.append(_Section(SectionKind.abstract, line if not value else ""))
        if value and heading_in(value) is None:
            content.last.lines.append(value)
        return ""
    if name and value:
        content.fields.setdefault(name, []).append(value)
    return name if name == "title" or (name and not value) else ""


def _cells(content: _Content) -> dict[str, str]:
    """The fields of the front page as the cells of a record."""
    fields = content.fields
    cells = {name: " ".join(values) for name, values in fields.items() if name not in ("seen", "number", *_PARTIES)}
    cells |= {name: "; ".join(values) for name, values in fields.items() if name in _PARTIES}
    for name in cells:
        if name.endswith("_date"):
            cells[name] = _day(cells[name])
        elif name.endswith("_number"):
            cells[name] = fields[name][0]
    numbers = list(dict.fromkeys(fields.get("number", ())))
    if numbers:
        cells["number"] = numbers[0]
    if kind := _KIND.search(cells.get("document_type", "")):
        cells["kind"] = kind[1]
    if "title" not in cells and (title := _first_words(content)):
        cells["title"] = title
    return {name: value for name, value in cells.items() if value}


def _as_printed(known: Document, kind: str | None) -> tuple[Number | None, tuple[Number, ...]]:
    """The document's own number with the kind of (12) and without the words before it, and all numbers with it."""
    own = known.number
    if own is None:
        return None, known.numbers
    written = re.sub(r"^[^\dA-Z特実]+", "", own.written)
    printed = replace(own, kind=own.kind or kind, written=written or own.written)
    return printed, tuple(printed if number == own else number for number in known.numbers)


def _day(written: str) -> str:
    """The first day of a cell as 2015-09-29; the cell itself where none is read."""
    english = _ENGLISH_DATE.search(written)
    if english and english[1] in _MONTHS:
        return f"{english[3]}-{_MONTHS[english[1]]:02}-{int(english[2]):02}"
    found = _DAY.search(written)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else written


def _first_words(content: _Content) -> str:
    """The title where nothing marks it: the one line that stands before the first heading."""
    first = content.sections[0]
    lines = [line for line in first.lines if line]
    if first.heading or len(lines) != 1 or len(lines[0]) > 300 or lines[0].endswith("."):
        return ""
    first.lines.clear()
    return lines[0]


def _text(content: _Content, title: str, parser: PlainText) -> tuple[Text, tuple[Defect, ...]]:
    lines = [line for section in content.sections for line in section.lines]
    is_wrapped = _is_wrapped(lines)
    words = Words.of(lines)
    builder = TextBuilder(parser=parser.name, parser_version=parser.version)
    builder.section(SectionKind.title)
    builder.paragraph(title)
    for section in content.sections:
        builder.section(section.kind, section.heading)
        if section.kind is SectionKind.claims:
            write_claims(builder, claims_in(_claim_lines(section.lines, words, is_wrapped=is_wrapped)), "")
            continue
        for label, paragraph in _paragraphs(section.lines, is_wrapped=is_wrapped):
            builder.paragraph(join(paragraph, words), label)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved), defects + odd


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether paragraphs were cut into lines: most are as long as the longest, or sentences go on in the next one."""
    pairs = [(a, b) for a, b in pairwise(lines) if a and b]
    goes_on = sum(len(a) >= _WRAPPED_CHARS[0] and b[0].islower() for a, b in pairs)
    longest = max(map(len, lines), default=0)
    if goes_on >= 2 and goes_on * 3 > len(pairs) and longest <= _WRAPPED_CHARS[1]:
        return True
    lengths = [len(line) for line in lines if len(line) > 25]
    if len(lengths) < 6 or max(lengths) > _WRAPPED_CHARS[1] + 20:
        return False
    return _WRAPPED_CHARS[0] <= median(lengths) <= _WRAPPED_CHARS[1]


def _paragraphs(lines: Sequence[str], *, is_wrapped: bool) -> Iterator[tuple[str, list[str]]]:
    """Paragraphs with their printed numbers."""
    label = ""
    held: list[str] = []
    for line in lines:
        found = _LABEL.match(line)
        is_last = bool(held) and len(held[-1]) < _WRAPPED_CHARS[0] and held[-1].endswith((".", "다.", "。", ":"))
        if held and (not line or found or not is_wrapped or is_last):
            yield label, held
            label, held = "", []
        if found:
            digits = re.sub(r"\D", "", found[0])
            label, line = str(int(digits)).zfill(4), line[found.end() :]  # noqa: PLW2901
        if line:
            held.append(line)
    if held:
        yield label, held


def _ends_step(line: str) -> bool:
    """Whether the step of a claim ends with this line: by its mark, or because the line was left unfilled."""
    return line.endswith((";", ":", "；")) or len(line) < _WRAPPED_CHARS[0]


def _claim_lines(lines: Sequence[str], words: Words, *, is_wrapped: bool) -> Iterator[str]:
    """The lines of the claims, wrapped ones joined up to the next claim or step."""
    held: list[str] = []
    for line in lines:
        begins = opens_claim(line) or _NUMBERED.match(line)
        if held and (not is_wrapped or not line or begins or _ends_step(held[-1])):
            yield join(held, words)
            held = []
        if line:
            held.append(line)
    if held:
        yield join(held, words)
