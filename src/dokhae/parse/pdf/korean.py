"""Korean gazettes (KIPO, 2007 to today) -> one ``Document``.

In: the lines of the pages.  Out: the document.  Never reads drawings.  What is printed apart on the page stands in the
text in this order: title, abstract, then the body as printed.  korean_front.py reads the first page, korean_body.py
groups the rest, line_ends.py joins lines.  Source: patents.md, Korean gazette PDF; 37 gazettes of 2007-2025.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings import squeeze
from dokhae.parse.pdf.korean_body import Measure, read_body
from dokhae.parse.pdf.korean_front import Front, read_front
from dokhae.parse.pdf.line_ends import LineEnds
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.pdf.writer import Writer
from dokhae.types import Defect, Document, Source, Text

FORMAT = "kr-pdf"
VERSION = "3"
# page numbers and running heads ("등록특허 10-1314187")
_FURNITURE = re.compile(r"- ?\d+ ?-|(?:등록|공개|공고)(?:특허|실용신안|디자인) ?(?:특)?\d\d-?[\d-]+")
_FIRST_HEADINGS = frozenset(
    {
        "명세서",
        "청구범위",
        "청구의범위",
        "특허청구의범위",
        "특허청구범위",
        "실용신안등록청구범위",
        "실용신안등록청구의범위",
    }
)


def read(sheets: Sheets, source: Source) -> Document:
    """The document of one Korean gazette."""
    lines = [line for line in sheets.lines() if not _FURNITURE.fullmatch(line.text)]
    first = next((index for index, line in enumerate(lines) if squeeze(line.text) in _FIRST_HEADINGS), len(lines))
    measure = Measure(lines[first:] or lines)
    ends = LineEnds(lines, measure)
    front = read_front(lines[:first], ends)
    text, defects = _text(front, lines[first:], measure, ends)
    claims, oddities = resolve(text.claims, text.text)
    return Document(
        source=replace(source, format=FORMAT),
        number=front.number,
        numbers=front.numbers,
        biblio=front.biblio,
        texts=(replace(text, claims=claims),),
        defects=(*defects, *oddities, *total_defect(front.biblio.printed_claims, claims)),
        category=front.category,
    )


def _text(front: Front, body: Sequence[Line], measure: Measure, ends: LineEnds) -> tuple[Text, tuple[Defect, ...]]:
    writer = Writer(TextBuilder(parser=FORMAT, parser_version=VERSION, lang="ko"), ends, lang="ko")
    return writer.write_all(front.title, front.abstract, read_body(body, measure))
