"""European patents and published applications (EPO) as PDF -> one ``Document``.

In: the pages.  Out: the document: one text in the language of the description with the claims of that language, and a
text of claims alone for each other language.  Two columns with line counts between them, paragraphs [0001].
Source: patents.md; WIPO ST.9, EPO front pages (A1, B1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.langs import language_of
from dokhae.parse.numbers import read_number
from dokhae.parse.pdf.inid import Fields, read_classes, read_date, read_fields
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.pdf.western import Hyphens, Setting, read_body
from dokhae.parse.pdf.writer import Heading, Paragraph, Part, Writer
from dokhae.types import Biblio, Defect, Document, Number, Party, Role, SectionKind, Source, Text

FORMAT = "ep-pdf"
VERSION = "2"
_OWN = re.compile(r"EP\s?(\d\s?\d{3}\s?\d{3})\s?([AB]\d)?")
_HEAD = re.compile(
    r"EP\s?\d\s?\d{3}\s?\d{3}\s?[AB]\d(?:\s*\d{1,3})?|\d{1,3}|\d{1,3}\s+EP\s?\d\s?\d{3}\s?\d{3}\s?[AB]\d(?:\s+\d{1,3})?"
)
_CITED_PAGE = re.compile(r"REFERENCES CITED IN THE DESCRIPTION|Cited references", re.I)
_REPORT = re.compile(r"EUROPEAN SEARCH REPORT|EUROPÄISCHER RECHERCHENBERICHT|RAPPORT DE RECHERCHE", re.I)
_CLAIM_LANGUAGES = {"claims": "en", "patentansprüche": "de", "ansprüche": "de", "revendications": "fr"}
_PRINTER = re.compile(r"Printed by Jouve|Jouve, 75001|Note: Within nine months", re.I)
_MIN_BODY_CHARS = 120
_BULLETS = ("•", "·", "∙")
_NAMES = tuple(
    (code, re.compile(pattern, re.I))
    for code, pattern in (
        ("45", r"Date of publication and mention[^:]*:?\s*"),
        ("43", r"Date of publication(?: of application)?\s?:?\s*"),
        ("21", r"Application number\s?:?\s*"),
        ("22", r"Date of filing\s?:?\s*"),
        ("51", r"Int\.? ?Cl\.?:?\s*"),
        ("84", r"Designated (?:Contracting|Extension) States\s?:?\s*"),
        ("30", r"Priority\s?:\s*"),
        ("71", r"Applicants?\s?:\s*"),
        ("73", r"Proprietors?\s?:\s*"),
        ("72", r"Inventors?\s?:\s*"),
        ("74", r"Representatives?\s?:\s*"),
        ("56", r"References cited\s?:\s*"),
        ("86", r"International application number\s?:?\s*"),
        ("87", r"International publication number\s?:?\s*"),
        ("57", r"Abstract\s?:?\s*"),
    )
)
_PRIORITY = re.compile(r"(\d{2}\.\d{2}\.\d{4})\s+([A-Z]{2})\s+(\d[\d/.-]+)")


@dataclass(frozen=True, slots=True)
class _Pages:
    front: list[Line]
    body: list[Line]
    report: list[Line]


def read(sheets: Sheets, source: Source) -> Document:
    """The document of one European gazette."""
    pages = _sorted_pages(sheets)
    fields = read_fields(pages.front, _NAMES)
    number = _own(pages)
    lang = language_of("".join(line.text for line in pages.body[:200])) or "en"
    titles = _titles(fields, lang)
    made = list(_texts(fields, pages, lang))
    texts, defects = [], []
    for text, odd in made:
        claims, oddities = resolve(text.claims, text.text)
        texts.append(replace(text, claims=claims))
        defects += [*odd, *oddities]
    return Document(
        source=replace(source, format=FORMAT),
        number=number,
        numbers=tuple(dict.fromkeys(n for n in (number, *_others(fields)) if n is not None)),
        biblio=_biblio(fields, titles, number),
        texts=tuple(texts),
        defects=tuple(dict.fromkeys(defects)),
    )


def _sorted_pages(sheets: Sheets) -> _Pages:
    front: list[Line] = []
    body: list[Line] = []
    report: list[Line] = []
    by_page: dict[int, list[Line]] = {}
    for line in sheets.arranged():
        by_page.setdefault(line.page, []).append(line)
    for number, lines in by_page.items():
        words = "\n".join(line.text for line in lines)
        kept = [line for line in lines if not _HEAD.fullmatch(line.text) and not _PRINTER.search(line.text)]
        if number == 1:
            front += lines
        elif _REPORT.search(words):
            report += kept
        elif len(words) >= _MIN_BODY_CHARS:
            body += kept
    return _Pages(front, body, report)


def _own(pages: _Pages) -> Number | None:
    found = Counter((re.sub(r"\s", "", n), kind) for line in pages.front for n, kind in _OWN.findall(line.text) if kind)
    if not found:
        return None
    (digits, kind), _ = found.most_common(1)[0]
    role = Role.grant if kind.startswith("B") else Role.publication
    return read_number(f"EP {digits} {kind}", office="EP", role=role, kind=kind)


def _titles(fields: Fields, lang: str) -> tuple[tuple[str, str], ...]:
    """The titles of (54): that of the language of proceedings first, then the others in the order de, en, fr."""
    lines = fields.of("54")
    bulleted = any(line.text.startswith(_BULLETS) for line in lines)
    if not bulleted and len(lines) % 3 == 0:
        runs = [lines[at : at + len(lines) // 3] for at in range(0, len(lines), max(len(lines) // 3, 1))]
    else:
        runs = []
        for line in lines:
            if line.text.startswith(_BULLETS) or not runs:
                runs.append([])
            runs[-1].append(replace(line, text=line.text.lstrip("•·∙ ")))
    languages = [lang, *(one for one in ("de", "en", "fr") if one != lang)]
    return tuple((one, Hyphens(run).join(run).text) for one, run in zip(languages, runs, strict=False))


def _others(fields: Fields) -> Iterator[Number | None]:
    if found := re.search(r"\d{8}(?:\.\d)?", fields.text("21")):
        yield read_number(found[0], office="EP", role=Role.application)
    for _, office, written in _PRIORITY.findall(fields.flow("30")):
        yield read_number(written, office=office, role=Role.priority)
    for found in re.finditer(r"PCT/[A-Z]{2}\d{4}/\d{5,6}", fields.text("86")):
        yield read_number(found[0], role=Role.pct)
    for found in re.finditer(r"WO\s?\d{4}/\d{5,6}", fields.text("87")):
        yield read_number(found[0], role=Role.publication)


def _biblio(fields: Fields, titles: tuple[tuple[str, str], ...], number: Number | None) -> Biblio:
    is_grant = number is not None and number.role is Role.grant
    owners = tuple(_parties(fields.of("73")))
    priorities = [read_date(written) for written, _, _ in _PRIORITY.findall(fields.flow("30"))]
    cited = re.findall(r"\b([A-Z]{2}-[A-Z]\d?-? ?[\d /]{5,15})", fields.text("56"))
    return Biblio(
        titles=titles,
        application_date=read_date(fields.text("22")),
        publication_date=read_date(fields.text("43")),
        grant_date=read_date(fields.text("45")) if is_grant else None,
        priority_date=min((day for day in priorities if day), default=None),
        applicants=tuple(_parties(fields.of("71"))) or owners,
        owners=owners,
        inventors=tuple(_parties(fields.of("72"))),
        agents=tuple(_parties(fields.of("74"))),
        ipc=read_classes(fields.text("51")),
        cites=tuple(" ".join(one.split()) for one in cited),
    )


def _parties(lines: Sequence[Line]) -> Iterator[Party]:
    """An entry starts with the name and ends with the country: ``• Miller, Anna / 80331 München (DE)``."""
    name = ""
    for line in lines:
        text = line.text.lstrip("•·∙ ").strip()
        country = re.search(r"\(([A-Z]{2})\)$", text)
        name = name or re.split(r",\s(?=\d)|;", text)[0].strip(" ,")
        if country:
            yield Party(re.sub(r"\s*\([A-Z]{2}\)$", "", name), country[1])
            name = ""
    if name:
        yield Party(name)


def _texts(fields: Fields, pages: _Pages, lang: str) -> Iterator[tuple[Text, tuple[Defect, ...]]]:
    ends = Hyphens([*pages.front, *pages.body])
    body = [line for line in pages.body if not _CITED_PAGE.search(line.text)]
    by_language = _split(list(read_body(body, Setting(body))), lang)
    writer = Writer(TextBuilder(parser=FORMAT, parser_version=VERSION, lang=lang), ends, lang=lang)
    titles = fields.of("54")
    n_titles = len(titles) // 3 if titles and len(titles) % 3 == 0 else len(titles)
    for kind, lines in ((SectionKind.title, titles[:n_titles]), (SectionKind.abstract, fields.of("57"))):
        writer.section(kind)
        if lines:
            writer.paragraph(Paragraph(tuple(replace(line, text=line.text.lstrip("•·∙ ")) for line in lines)))
    for part in by_language.pop(lang, []):
        writer.write(part)
    if pages.report:
        writer.section(SectionKind.support, "EUROPEAN SEARCH REPORT")
        for line in pages.report:
            writer.paragraph(Paragraph((line,)))
    yield writer.finish()
    for other, parts in by_language.items():
        writer = Writer(TextBuilder(parser=FORMAT, parser_version=VERSION, lang=other), ends, lang=other)
        for part in parts:
            writer.write(part)
        yield writer.finish()


def _split(parts: Sequence[Part], lang: str) -> dict[str, list[Part]]:
    """The parts of each language: claims in another language than the description stand by themselves."""
    of: dict[str, list[Part]] = {lang: []}
    now = lang
    for part in parts:
        if isinstance(part, Heading):
            now = _CLAIM_LANGUAGES.get(part.text.strip().lower(), lang)
        of.setdefault(now, []).append(part)
    return of
