"""US patents as lines with page, column and line number (read by OCR from the printed page) -> documents.

In: a list of JSON objects, one a printed line, in reading order (``text``, ``page``, ``column``, ``lineNumber``, ``x``,
``y``, ``width``, ``height``).  Out: one ``Document``: title, headings, paragraphs told by their indents, claims, and
where each line of the description stands on its page.  Words broken at line ends are joined by evidence (wrapped.py),
the numbers printed in the margin are left out.  The lines do not say which patent they are of: the number is taken from
the name of the file, with a remark.
Source: the files of tonyrowles/patent-cite-tool; 37 CFR 1.52, layout of US grants.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings_inline import opens_section
from dokhae.parse.json_values import Value, values
from dokhae.parse.numbers import read_number
from dokhae.parse.plain.claims import claims_in
from dokhae.parse.uspto.wrapped import Words, joined
from dokhae.parse.xml.claims import write_claims
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.types import Biblio, Box, Defect, Document, Number, Rejected, Role, SectionKind, Source, Span, Text

MAX_LINES = 200_000
_LANG = "en"
_Edges = dict[tuple[int, int], tuple[float, float]]  # page and column -> left and right edge
_KEYS = (b'"lineNumber"', b'"column"', b'"hasWrapHyphen"')
_INDENT = (4.0, 24.0)  # points by which the first line of a paragraph, or a step of a claim, is set in
_MARGIN_NUMBER = re.compile(r"\s(\d{1,2})$")
_BLANK_BEFORE_MARK = re.compile(r"(?<=\w) ([,;:.])(?=\s|$)")
_NO_WORDS = re.compile(r"[\W\dk_]{0,30}$")  # the row of stars that ends a patent, as OCR sees it
_CLAIMS_WORDS = r"what (?:is|i|we)\b.{0,80}|(?:i|we) claim\b.{0,40}|the invention claimed is\b.{0,20}|claims"
_CLAIMS_START = re.compile(rf"\W{{0,3}}\d{{0,5}}\W{{0,3}}(?:{_CLAIMS_WORDS})\W{{0,3}}\d{{0,4}}$", re.I)
_FIRST_CLAIM = re.compile(r"\W{0,2}1\s?[.,]\s?\S")
_NEXT_CLAIM = re.compile(r"\W{0,2}\d{1,3}\s{0,2}[.,:)]\s{0,2}[A-Z]")
_CAPITALS = re.compile(r"(?=.*[A-Z]{5})[A-Z][A-Z ,/&()-]{4,100}")
_UNFINISHED = re.compile(r"\b(?:OF|THE|TO|AND|FOR|A|AN|PREFERRED)$", re.I)
_NUMBERED = re.compile(r"\d{1,2}\.\s")
_ENDS_STEP = re.compile(r"[;:]$|; ?(?:and|or)$")
_ABSTRACT = re.compile(r"(?:\(?5?7?\)?\s*)ABSTRACT$")
_TOTAL = re.compile(r"^(\d{1,3})\s+Claims?,\s+(?:No|\d+)\s+Drawing")
_NAME = re.compile(r"(?<![A-Za-z0-9])(US(?:RE|PP|D|H|T)?\d{4,8})(?:([ABESP]\d?))?(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int
    column: int
    number: int
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width


class UsLines:
    name = "us-lines"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and all(key in head for key in _KEYS)

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name, item=0)
        lines: list[_Line] = []
        defects: dict[Defect, None] = {}
        for value in values(stream, source):
            if isinstance(value, Rejected):
                yield replace(value, source=source)
                return
            defects.update(dict.fromkeys(value.defects))
            if line := _line(value):
                lines.append(line)
            if len(lines) > MAX_LINES:
                yield Rejected.of(source, "patent-too-large", limit_mb=64)
                return
        if lines:
            yield _document(lines, source, self, tuple(defects))
        else:
            yield Rejected.of(source, "record-empty")


def _line(value: Value) -> _Line | None:
    record: Any = value.value
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return None
    page, column, number = (_int(record.get(key)) for key in ("page", "column", "lineNumber"))
    x, y, width, height = (_float(record.get(key)) for key in ("x", "y", "width", "height"))
    return _Line(record["text"].strip(), page, column, number, x, y, width, height)


def _float(value: object) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6
    return float(value) if is_number else 0.0  # type: ignore[arg-type]


def _int(value: object) -> int:
    return int(_float(value))


def _document(lines: Sequence[_Line], source: Source, parser: UsLines, defects: tuple[Defect, ...]) -> Document:
    front, body = _pages(lines)
    number = _number(source)
    title, body = _title(body)
    printed = next((int(found[1]) for line in front if (found := _TOTAL.match(line.text))), None)
    text, odd = _text(title, front, body, parser)
    own = Defect.of("number-from-file-name", written=number.written) if number else Defect.of("number-missing")
    return Document(
        source=source,
        number=number,
        numbers=(number,) if number else (),
        biblio=Biblio(titles=((_LANG, title),) if title else (), printed_claims=printed),
        texts=(text,),
        defects=(*defects, own, *odd, *total_defect(printed, text.claims), Defect.of("text-from-ocr")),
    )


def _number(source: Source) -> Number | None:
    name = PurePosixPath((source.member or source.path).replace("\\", "/")).name
    found = _NAME.search(name)
    return read_number(found[0], office="US", role=Role.publication) if found else None


def _pages(lines: Sequence[_Line]) -> tuple[list[_Line], list[_Line]]:
    """The lines before the numbered columns (front page, drawings), and those of the longest run of columns."""
    first_column: dict[int, int] = {}
    for line in lines:
        first_column[line.page] = min(line.column, first_column.get(line.page, line.column))
    best: list[int] = []
    run: list[int] = []
    for page in sorted(first_column):
        if run and first_column[page] - first_column[run[-1]] != 2 * (page - run[-1]):
            run = []
        run = [*run, page]
        best = run if len(run) >= len(best) else best
    in_body = set(best)
    return [line for line in lines if line.page not in in_body], [
        _cleaned(line) for line in lines if line.page in in_body
    ]


def _cleaned(line: _Line) -> _Line:
    return replace(line, text=_BLANK_BEFORE_MARK.sub(r"\1", line.text))


def _title(body: Sequence[_Line]) -> tuple[str, list[_Line]]:
    """The title: the lines in capitals that stand above everything else in the first column."""
    n = 0
    while n < min(len(body), 8) and body[n].text.isupper() and not opens_section(body[n].text):
        n += 1
    while n and _goes_on_as_heading(body, n):
        n -= 1
    return " ".join(line.text for line in body[:n]), list(body[n:])


def _goes_on_as_heading(body: Sequence[_Line], n: int) -> bool:
    """Whether the last line taken is the first half of a heading ("CROSS REFERENCE TO RELATED | APPLICATIONS")."""
    return n < len(body) and opens_section(f"{body[n - 1].text} {body[n].text}")


def _text(
    title: str, front: Sequence[_Line], body: Sequence[_Line], parser: UsLines
) -> tuple[Text, tuple[Defect, ...]]:
    words = Words.of(line.text for line in (*front, *body))
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=_LANG)
    builder.section(SectionKind.title, "", _LANG)
    builder.paragraph(title)
    _write_front(front, builder, words)
    start = _claims_start(body)
    writer = DescriptionWriter(builder, _LANG, headings_in_paragraphs=False)
    for paragraph, is_heading in _paragraphs(body[:start]):
        _write(paragraph, writer, words, is_heading=is_heading)
    if start < len(body):
        builder.section(SectionKind.claims, body[start].text.strip("0123456789 "), _LANG)
        steps = (joined(step, words, hyphens_are_lost=True)[0] for step in _steps(body[start + 1 :], _edges(body)))
        write_claims(builder, claims_in(steps), _LANG)
    made, defects = builder.finish()
    resolved, odd = resolve(made.claims, made.text)
    return replace(made, claims=resolved, is_ocr=True), defects + odd


def _write_front(front: Sequence[_Line], builder: TextBuilder, words: Words) -> None:
    """The abstract of the front page; the other lines of the pages before the columns stay as they are."""
    start = next((n for n, line in enumerate(front) if _ABSTRACT.match(line.text)), None)
    end = start
    if start is not None:
        end = next((n for n in range(start, len(front)) if _TOTAL.match(front[n].text)), start)
        builder.section(SectionKind.abstract, front[start].text, _LANG)
        builder.paragraph(joined([line.text for line in front[start + 1 : end]], words, hyphens_are_lost=True)[0])
    rest = [*front[:start], *front[end:]] if start is not None else front
    builder.section(SectionKind.other, "", _LANG)
    for line in rest:
        builder.paragraph(line.text)


def _claims_start(body: Sequence[_Line]) -> int:
    """Where the line stands that opens the claims; the length of ``body`` where none does."""
    found = len(body)
    for n, line in enumerate(body[:-1]):
        follows = (body[k].text for k in range(n + 1, min(n + 4, len(body))))
        if _CLAIMS_START.match(line.text[:160]) and any(_FIRST_CLAIM.match(text) for text in follows):
            found = n
    return found


def _steps(lines: Sequence[_Line], edges: _Edges) -> Iterator[list[str]]:
    """The lines of each claim, and in it of each step: in claims every line may be set in, so punctuation tells."""
    held: list[str] = []
    for line in lines:
        text = _without_margin_number(line, edges[line.page, line.column][1]).text
        if not text or _NO_WORDS.match(text):
            continue
        if held and (_NEXT_CLAIM.match(text) or _ENDS_STEP.search(held[-1])):
            yield held
            held = []
        held.append(text)
    if held:
        yield held


def _paragraphs(lines: Sequence[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """The lines of each paragraph or heading, and which it is; a paragraph goes on over columns and pages."""
    edges = _edges(lines)
    held: list[_Line] = []
    was_heading = False
    for line in lines:
        left, right = edges[line.page, line.column]
        mended = _without_margin_number(line, right)
        if not mended.text or _NO_WORDS.match(mended.text):
            continue
        indent = line.x - left
        is_heading = _looks_like_heading(mended.text, indent, after_heading=was_heading)
        starts_anew = _is_next_heading(held, mended) if is_heading else _INDENT[0] <= indent <= _INDENT[1]
        if held and (is_heading != was_heading or starts_anew):
            yield held, was_heading
            held = []
        held.append(mended)
        was_heading = is_heading
    if held:
        yield held, was_heading


def _is_next_heading(held: Sequence[_Line], line: _Line) -> bool:
    """Whether a heading is the next one, not the second half of the one before it ("… OF THE | INVENTION")."""
    return bool(held) and opens_section(line.text) and not _UNFINISHED.search(held[-1].text)


def _looks_like_heading(text: str, indent: float, *, after_heading: bool) -> bool:
    """A heading is of a known kind, or words in capitals, in the middle of the column; formulas are no words."""
    is_centred = indent > _INDENT[1]
    if text.isupper():
        n_words = len(text.split())
        return opens_section(text) or (
            is_centred and bool(_CAPITALS.fullmatch(text)) and (n_words > 1 or after_heading)
        )
    return opens_section(text) and (bool(_NUMBERED.match(text)) or (is_centred and text[0].isupper()))


def _edges(lines: Sequence[_Line]) -> _Edges:
    """Left and right edge of each column: where most of its lines begin and end."""
    starts: dict[tuple[int, int], Counter[int]] = {}
    ends: dict[tuple[int, int], Counter[int]] = {}
    for line in lines:
        starts.setdefault((line.page, line.column), Counter())[round(line.x / 2)] += 1
        ends.setdefault((line.page, line.column), Counter())[round(line.right / 2)] += 1
    return {key: (starts[key].most_common(1)[0][0] * 2.0, ends[key].most_common(1)[0][0] * 2.0) for key in starts}


def _without_margin_number(line: _Line, right: float) -> _Line:
    """Every fifth line carries its number between the columns; OCR takes it for the end of the line."""
    found = _MARGIN_NUMBER.search(line.text)
    if not found or line.right < right + 4:
        return line
    number = int(found[1])
    is_margin = number % 5 == 0 and 0 < number <= 70 and abs(number - line.number) <= 3
    return replace(line, text=line.text[: found.start()]) if is_margin else line


def _write(paragraph: Sequence[_Line], writer: DescriptionWriter, words: Words, *, is_heading: bool) -> None:
    text, spans = joined([line.text for line in paragraph], words, hyphens_are_lost=True)
    if is_heading:
        writer.heading(text)
        return
    writer.paragraph(text)
    start = writer.builder.length - len(text) - 1
    for line, span in zip(paragraph, spans, strict=True):
        placed = span.within(Span(start, start + len(text)))
        writer.builder.place(Box(placed, line.page, line.x, line.y, line.right, line.y + line.height))
