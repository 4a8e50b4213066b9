"""Korean gazettes as PDF with a text layer (KIPO, 2007 to today) -> one ``Document`` each.

In: a PDF.  Out: its document, or ``Rejected`` (a scan, another office's gazette, encrypted, broken).  Never runs OCR
and never reads drawings.  What is printed apart on the page stands in the text in this order: title, abstract, then the
body as printed.  pages.py reads the PDF, front.py the first page, body.py groups the rest, lines.py joins line ends.
Source: patents.md, Korean gazette PDF; 37 gazettes of 2007-2025.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings import squeeze
from dokhae.parse.kr_pdf.body import ClaimHead, Heading, Measure, Paragraph, read_body
from dokhae.parse.kr_pdf.front import Front, read_front
from dokhae.parse.kr_pdf.lines import LineEnds
from dokhae.parse.kr_pdf.pages import Line, Pdf, PdfBrokenError, PdfEncryptedError
from dokhae.types import Box, Defect, Document, Rejected, SectionKind, Source, Span, Text

_FIRST_HEADINGS = ("명세서", "청구범위", "청구의범위", "특허청구의범위", "특허청구범위")
_UTILITY_MODEL_CLAIMS = ("실용신안등록청구범위", "실용신안등록청구의범위")
_MIN_CHARS_PER_PAGE = 20
# First page or running head -> office.  Order matters: a PCT front page also names the office it was filed with.
_OFFICES = (
    ("KR", re.compile(r"대한민국특허청|(?:등록|공개|공고)(?:특허|실용신안|디자인)\s*(?:공보|[\d특실-])")),
    ("JP", re.compile(r"日本国特許庁|公開特許公報|特許公報|^JP\s?[\d-]+\s|【特許請求の範囲】|【課題】", re.M)),
    ("WO", re.compile(r"PATENT COOPERATION TREATY|\bPCT\b|World Intellectual Property", re.I)),
    ("US", re.compile(r"United States Patent|Patent Application Publication", re.I)),
    ("EP", re.compile(r"European Patent|Europäisches Patentamt", re.I)),
    ("CN", re.compile(r"国家知识产权局|发明专利|实用新型专利")),
)


class KrPdf:
    """Parser of Korean gazette PDFs; other PDFs are claimed too, and rejected with the reason."""

    name = "kr-pdf"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        return b"%PDF-" in head[:1024]

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name)
        try:
            with Pdf(stream.read()) as pdf:
                n_pages = len(pdf)
                heads = pdf.running_heads()
                lines = list(pdf.lines())
        except PdfEncryptedError:
            yield Rejected.of(source, "pdf-encrypted")
            return
        except PdfBrokenError as error:
            yield Rejected.of(source, "pdf-broken", reason=error)
            return
        rejected = self._rejection(source, lines, heads, n_pages)
        yield rejected or self._document(source, lines)

    def _rejection(self, source: Source, lines: Sequence[Line], heads: Sequence[str], n_pages: int) -> Rejected | None:
        if sum(len(line.text) for line in lines) < _MIN_CHARS_PER_PAGE * max(n_pages, 1):
            return Rejected.of(source, "no-text-layer", pages=n_pages)
        office = _office("\n".join([*heads, *(line.text for line in lines if line.page <= 2)]))
        if office == "KR":
            return None
        return Rejected.of(source, "pdf-office-not-yet", office=office or "?")

    def _document(self, source: Source, lines: Sequence[Line]) -> Document:
        first = _first_of_body(lines)
        measure = Measure(lines[first:] or lines)
        ends = LineEnds(lines, measure)
        front = read_front(lines[:first], ends)
        text, defects = self._text(front, lines[first:], measure, ends)
        claims, oddities = resolve(text.claims, text.text)
        text = replace(text, claims=claims)
        return Document(
            source=source,
            number=front.number,
            numbers=front.numbers,
            biblio=front.biblio,
            texts=(text,),
            defects=(*defects, *oddities, *total_defect(front.biblio.printed_claims, claims)),
            category=front.category,
        )

    def _text(
        self, front: Front, body: Sequence[Line], measure: Measure, ends: LineEnds
    ) -> tuple[Text, tuple[Defect, ...]]:
        writer = _Writer(TextBuilder(parser=self.name, parser_version=self.version, lang="ko"), ends)
        writer.section(SectionKind.title)
        writer.paragraph(Paragraph(front.title))
        writer.section(SectionKind.abstract)
        for run in front.abstract:
            writer.paragraph(Paragraph(run))
        for part in read_body(body, measure):
            if isinstance(part, Heading):
                writer.heading(part)
            elif isinstance(part, ClaimHead):
                writer.claim_head(part.number)
            else:
                writer.paragraph(part)
        return writer.finish()


class _Writer:
    """Writes headings, claims and paragraphs into a TextBuilder, line by line with their boxes."""

    def __init__(self, builder: TextBuilder, ends: LineEnds) -> None:
        self._builder = builder
        self._ends = ends
        self._kind = SectionKind.other
        self._claim: int | None = None
        self._claim_lines: list[Paragraph] = []

    def section(self, kind: SectionKind, heading: str = "") -> None:
        self._end_claim()
        self._kind = kind
        self._builder.section(kind, heading)

    def heading(self, heading: Heading) -> None:
        self.section(heading.kind or SectionKind.other, heading.text)

    def claim_head(self, number: int) -> None:
        self._end_claim()
        if self._kind is not SectionKind.claims:
            self.section(SectionKind.claims)
        self._claim = number

    def paragraph(self, paragraph: Paragraph) -> None:
        if self._claim is not None:
            self._claim_lines.append(paragraph)
            return
        joined = self._ends.join(paragraph.lines)
        self._place(self._builder.paragraph(joined.text, paragraph.label), joined.places)

    def finish(self) -> tuple[Text, tuple[Defect, ...]]:
        self._end_claim()
        return self._builder.finish()

    def _end_claim(self) -> None:
        """Writes the claim whose lines have been collected; its paragraphs stay lines of their own."""
        if self._claim is None:
            return
        number, self._claim = self._claim, None
        paragraphs, self._claim_lines = self._claim_lines, []
        text = ""
        places: list[tuple[Span, Line]] = []
        for paragraph in paragraphs:
            joined = self._ends.join(paragraph.lines)
            outer = Span(len(text), len(text) + len(joined.text))
            places += [(span.within(outer), line) for span, line in joined.places]
            text += joined.text + "\n"
        if squeeze(text) == "삭제":
            self._builder.claim(number, "", deleted=True, lang="ko")
            return
        self._place(self._builder.claim(number, text, lang="ko"), tuple(places))

    def _place(self, outer: Span, places: Sequence[tuple[Span, Line]]) -> None:
        for span, line in places:
            if span.end <= len(outer):
                box = (line.page, line.left, line.bottom, line.right, line.top)
                self._builder.place(Box(span.within(outer), *box))


def _office(text: str) -> str | None:
    return next((office for office, sign in _OFFICES if sign.search(text)), None)


def _first_of_body(lines: Sequence[Line]) -> int:
    """Index of the first line after the front page."""
    headings = (*_FIRST_HEADINGS, *_UTILITY_MODEL_CLAIMS)
    return next((index for index, line in enumerate(lines) if squeeze(line.text) in headings), len(lines))
