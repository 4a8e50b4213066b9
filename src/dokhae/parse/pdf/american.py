"""US patents and published applications (USPTO) as PDF -> one ``Document``.

In: the pages.  Out: the document.  Two columns with line counts between them; the first pages are bibliographic, then
drawing sheets ("Sheet 1 of 5"), then the description and "What is claimed is:".  The number is the one most pages
print in their head: OCR may misread one of them.  Source: patents.md; a grant and an application of 2018-2023.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.numbers import read_number
from dokhae.parse.pdf.inid import Fields, close_lines, read_classes, read_date, read_fields, read_kind, read_parties
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.pdf.western import Hyphens, Setting, read_body
from dokhae.parse.pdf.writer import Paragraph, Writer
from dokhae.types import Biblio, Defect, Document, Number, Role, SectionKind, Source, Text

FORMAT = "us-pdf"
VERSION = "2"
_OWN = re.compile(
    r"\bU?\.?S\.?\s?((?:D|RE|PP|H|T)?\s?\d{1,3}(?:[,.]\s?\d{3}){1,2}|(?:19|20)\d\d\s?/\s?\d{7})\s?([A-Z][1-9lI]?)\b"
)
_OWN_BARE = re.compile(r"(?:Patent Number|Patent No\.?):?\s*((?:D|RE|PP|Des\.?|H|T)?\s?\d{1,3}(?:,\d{3}){1,2})")
_SHEET = re.compile(r"Sheet\s*\w+\s+of\s+\w+|^Patent Application Publication\b|^U\.? ?S\.? Patent\b", re.I | re.M)
_PAGE_2 = re.compile(r"\bPage\s\d{1,2}\b")
_HEAD = re.compile(
    r"(?:\d{1,3}\s)?(?:U\.?S\.?\s?[\dDREPHT,./ ]+\s?[A-Z][\dlI]?)?\s*"
    r"(?:[A-Z][a-z]{2}\.? \d{1,2}, \d{4})?\s*\d{0,3}(?:\s+\d{1,3})?"
)
_N_HEAD_LINES = 4
_MIN_BODY_CHARS, _LETTERS = 250, 0.5
_REAL_WORD = re.compile(r"[^\W\d_]{3,}")
_CERTIFICATE = re.compile(r"CERTIFICATE OF CORRECTION|CERTIFICATE OF EXAMINATION", re.I)
_TOTALS = re.compile(r"(\d{1,3}|[lI])\s+Claims?\s*,?\s*(?:\d+|No|[lI])?\s*Drawing", re.I)
_NAMES = tuple(
    (code, re.compile(pattern, re.I))
    for code, pattern in (
        ("10", r"(?:Patent No\.?|Pub\. ?No\.?|Patent Number)\s?:?\s*"),
        ("45", r"Date of Patent\s?:?\s*"),
        ("43", r"Pub\. ?Date\s?:?\s*"),
        ("75", r"Inventors?\s?:\s*"),
        ("71", r"Applicants?\s?:\s*"),
        ("73", r"Assignees?\s?:\s*"),
        ("*", r"Notice\s?:\s*"),
        ("21", r"Appl\. ?No\.?\s?:?\s*"),
        ("22", r"Filed\s?:\s*"),
        ("86", r"PCT (?:Filed|No\.?)\s?:?\s*"),
        ("87", r"PCT Pub\. ?No\.?\s?:?\s*"),
        ("65", r"Prior Publication Data"),
        ("60", r"Related U\.? ?S\.? Application Data"),
        ("30", r"Foreign Application Priority Data"),
        ("51", r"Int\. ?Cl\.?"),
        ("52", r"U\. ?S\. ?Cl\.?|CPC ?\.{2,}"),
        ("58", r"Field of (?:Classification )?Search"),
        ("56", r"References Cited"),
        ("X", r"Primary Examiner\s*[—–-]*\s*"),
        ("X2", r"Assistant Examiner\s*[—–-]*\s*"),
        ("74", r"(?:Attorney, Agent,? or Firm|Attorney Agent)\s*[—–-]*\s*"),
        ("57", r"ABSTRACT\s*$"),
        ("N", r"Publication Classification|Related U\.S\."),
    )
)
_ONE_LINE = frozenset({"10", "11", "12", "19", "43", "45"})
_CITED_US = re.compile(
    r"\b((?:D|RE|PP)?\d{1,2},?\d{3},\d{3}|(?:19|20)\d\d/\d{7})\s?([A-Z]\d?)?\s*\*?\s*\d{1,2}/(?:19|20)\d\d"
)
_CITED_FOREIGN = re.compile(r"^([A-Z]{2})\s+([A-Z]?[\d/-]{5,})(?:\s?([A-Z][\dlI]?))?\s*\*?\s*\d{1,2}/(?:19|20)\d\d")
_PRIORITY = re.compile(r"\(([A-Z]{2})\)\s*[\W\w]{0,40}?(?<![\d-])(\S*\d[\d/.-]{4,}\d)")
_CATEGORIES = {"D": "design", "PP": "plant"}


@dataclass(frozen=True, slots=True)
class _Pages:
    front: list[Line]
    body: list[Line]
    certificate: list[Line]
    heads: list[str]


def read(sheets: Sheets, source: Source) -> Document:
    """The document of one US gazette."""
    pages = _sorted_pages(sheets)
    fields = read_fields(pages.front, _NAMES, one_line=_ONE_LINE)
    number = _own(pages)
    title = close_lines(fields.of("54"))
    ends = Hyphens([*pages.front, *pages.body])
    biblio = _biblio(fields, ends.join(title).text, number)
    text, defects = _text(title, fields, pages, ends)
    claims, oddities = resolve(text.claims, text.text)
    return Document(
        source=replace(source, format=FORMAT),
        number=number,
        numbers=tuple(dict.fromkeys(n for n in (number, *_others(fields)) if n is not None)),
        biblio=biblio,
        texts=(replace(text, claims=claims),),
        defects=(*defects, *oddities, *total_defect(biblio.printed_claims, claims)),
        category=_category(number),
    )


def _sorted_pages(sheets: Sheets) -> _Pages:
    """The pages by what they are for: bibliographic data come first, then drawing sheets, then the text."""
    front: list[Line] = []
    body: list[Line] = []
    certificate: list[Line] = []
    heads: list[str] = []
    by_page: dict[int, list[Line]] = {}
    for line in sheets.arranged():
        by_page.setdefault(line.page, []).append(line)
    for number, lines in by_page.items():
        head = "\n".join(line.text for line in lines[:_N_HEAD_LINES])
        heads.append(head)
        if number == 1 or (not body and _PAGE_2.search(head)):
            front += lines
        elif _CERTIFICATE.search(head):
            certificate += lines
        elif not _SHEET.search(head) and _is_text(lines):
            body += _without_head(lines)
    return _Pages(front, body, certificate, heads)


def _is_text(lines: Sequence[Line]) -> bool:
    """Whether a page holds sentences, and not what OCR makes of a drawing."""
    text = " ".join(line.text for line in lines)
    n_letters = sum(len(word) for word in _REAL_WORD.findall(text))
    return len(text) >= _MIN_BODY_CHARS and n_letters >= _LETTERS * len("".join(text.split()))


def _without_head(lines: Sequence[Line]) -> Iterator[Line]:
    top = max(line.baseline for line in lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    for line in lines:
        if line.baseline < top - 8 * size or not _HEAD.fullmatch(line.text):
            yield line


def _own(pages: _Pages) -> Number | None:
    """The number most pages print."""
    first = "\n".join(line.text for line in pages.front[:30])
    printed = _OWN.findall("\n".join([first, *pages.heads]))
    found = Counter((re.sub(r"\s", "", n).replace(".", ","), read_kind(kind)) for n, kind in printed)
    if found:
        (written, kind), _ = found.most_common(1)[0]
    else:
        bare = _OWN_BARE.search(first)
        if bare is None:
            return None
        written, kind = bare[1].replace("Des.", "D"), ""
    role = Role.publication if "/" in written else Role.grant
    return read_number(f"US {written} {kind}".strip(), office="US", role=role, kind=kind or None)


def _category(number: Number | None) -> str:
    digits = number.digits if number else ""
    return next((name for prefix, name in _CATEGORIES.items() if digits.startswith(prefix)), "invention")


def _others(fields: Fields) -> Iterator[Number | None]:
    if found := re.search(r"\d\d\s?/\s?\d{3}[,.]\s?\d{3}", fields.text("21")):
        yield read_number(re.sub(r"\s", "", found[0]).replace(".", ","), office="US", role=Role.application)
    for found in re.finditer(r"US\s?((?:19|20)\d\d/\d{7})\s?(A[\dlI])", fields.text("65")):
        kind = read_kind(found[2])
        yield read_number(f"US {found[1]} {kind}", office="US", role=Role.publication, kind=kind)
    for office, written in _PRIORITY.findall(fields.flow("30")):
        yield read_number(written, office=office, role=Role.priority)
    for found in re.finditer(r"PCT/[A-Z]{2}\d{4}/\d{5,6}", fields.text("86", "60", "87")):
        yield read_number(found[0], role=Role.pct)
    for found in re.finditer(r"WO\s?\d{4}/\d{5,6}", fields.text("87")):
        yield read_number(found[0], role=Role.publication)
    parents = re.finditer(r"application No\.\s*(\d\d/\d{3},\d{3})", fields.flow("60", "62", "63"), re.I)
    for found in parents:
        yield read_number(found[1], office="US", role=Role.parent)


def _biblio(fields: Fields, title: str, number: Number | None) -> Biblio:
    is_grant = number is not None and number.role is Role.grant
    total = _TOTALS.search(fields.text(*fields.lines))
    owners = read_parties(fields.flow("73"))
    priority = read_date(fields.text("30"))
    inventors = fields.flow("72") or fields.flow("75") or fields.flow("76")
    classes = re.sub(r"(?<=[A-Z])\n(?=\d{1,4}/)", " ", fields.text("52"))
    return Biblio(
        titles=(("en", title),) if title else (),
        application_date=read_date(fields.text("22")),
        publication_date=read_date(fields.text("65" if is_grant else "43")),
        grant_date=read_date(fields.text("45")) if is_grant else None,
        priority_date=priority,
        applicants=read_parties(fields.flow("71")) or owners,
        owners=owners,
        inventors=read_parties(inventors),
        ipc=read_classes(fields.text("51")),
        cpc=read_classes(classes.replace("\n", " ")),
        cites=tuple(_cites(fields)),
        printed_claims=(1 if total[1] in "lI" else int(total[1])) if total else None,
        supplied=tuple(_supplied(fields)),
    )


def _cites(fields: Fields) -> Iterator[str]:
    for line in fields.of("56"):
        if foreign := _CITED_FOREIGN.match(line.text):
            yield f"{foreign[1]} {foreign[2]} {read_kind(foreign[3] or '')}".strip()
        else:
            yield from (f"US {number} {kind}".strip() for number, kind in _CITED_US.findall(line.text))


def _supplied(fields: Fields) -> Iterator[tuple[str, str]]:
    if examiner := fields.text("X").split("\n")[0].strip():
        yield "Primary Examiner", examiner
    if agent := fields.flow("74").strip():
        yield "Attorney, Agent, or Firm", agent
    if found := re.search(r"by\s+(\d[\d,]*)\s+days", fields.flow("*")):
        yield "Term adjustment (days)", found[1]


def _text(title: tuple[Line, ...], fields: Fields, pages: _Pages, ends: Hyphens) -> tuple[Text, tuple[Defect, ...]]:
    writer = Writer(TextBuilder(parser=FORMAT, parser_version=VERSION, lang="en"), ends, lang="en")
    writer.section(SectionKind.title)
    writer.paragraph(Paragraph(title))
    writer.section(SectionKind.abstract)
    for paragraph in _abstract(fields.of("57")):
        writer.paragraph(paragraph)
    body = _without_title(pages.body, ends.join(title).text)
    for part in read_body(body, Setting(body)):
        writer.write(part)
    if pages.certificate:
        writer.section(SectionKind.amendment, "CERTIFICATE OF CORRECTION")
        for line in pages.certificate:
            writer.paragraph(Paragraph((line,)))
    return writer.finish()


def _abstract(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The abstract ends where the count of claims, the drawing or a gap comes."""
    run: list[Line] = []
    for line in lines:
        if _TOTALS.search(line.text) or (run and _is_apart(run[-1], line)):
            break
        run.append(line)
    if run:
        yield Paragraph(tuple(run))


def _is_apart(before: Line, line: Line) -> bool:
    if line.column != before.column:
        return line.column < before.column
    return before.baseline - line.baseline > 2.5 * before.size


def _without_title(lines: Sequence[Line], title: str) -> list[Line]:
    """The body without the title printed again over its first column."""
    squeezed = re.sub(r"\W", "", title).upper()
    at = 0
    for n_lines in range(1, 7):
        said = re.sub(r"\W", "", "".join(line.text for line in lines[:n_lines])).upper()
        if said and squeezed.startswith(said):
            at = n_lines
    return list(lines[at:])
