"""International applications (WIPO, PCT) as PDF -> one ``Document``.

In: the pages.  Out: the document, in the language it was published in.  The first pages are bibliographic (two columns,
title and abstract in two or three languages), then come description, claims, drawings ("1/8") and the search report,
each line as wide as the page.  The number is the one most pages print in their head.  Source: patents.md; a PCT
publication of 2025.
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
from dokhae.parse.pdf.inid import Fields, close_lines, read_classes, read_date, read_fields, read_kind
from dokhae.parse.pdf.japanese import JapaneseEnds
from dokhae.parse.pdf.korean_body import Measure
from dokhae.parse.pdf.line_ends import LineEnds
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.sheets import Sheets
from dokhae.parse.pdf.western import Hyphens, Setting, read_body
from dokhae.parse.pdf.writer import Ends, Paragraph, Writer
from dokhae.types import Biblio, Defect, Document, Number, Party, Role, SectionKind, Source, Text

FORMAT = "wo-pdf"
VERSION = "2"
_OWN = re.compile(r"WO\s?((?:19|20)\d\d/\d{5,6})(?:\s?(A[1-9lI]))?")
_PCT = re.compile(r"PCT/[A-Z]{2}\d{4}/\d{5,6}")
_HEAD_WORD = re.compile(r"WO|(?:WO)?\d{4}/\d{5,6}|PCT/[A-Z]{2}\d{4}/\d{5,6}|[-–—]?\d{1,4}[-–—]?|[-–—]|A\d")
_SPOILT_HEAD = re.compile(r"^.{0,6}(?:19|20)\d\d/\d{5,6}\b|/\w{2,4}20\d\d/\d{5,6}$")
_LONGEST_HEAD = 45
_REPORT = re.compile(
    r"INTERNATIONAL SEARCH REPORT|국\s?제\s?조\s?사\s?보\s?고\s?서|国際調査報告|国际检索报告|PCT/ISA/2\d\d", re.I
)
_SHEET = re.compile(r"\d{1,3}\s?/\s?\d{1,3}")
_LABEL = re.compile(r"\[(?:(\d{1,4})\]\s*|(\d{1,3})1\s+)")  # OCR reads "[21 " for "[2]"
_CLAIMS = {
    "ko": re.compile(r"[\[【(]\s*청\s?구\s?항\s*(\d{1,4})\s*[\]】)]\s*"),
    "ja": re.compile(r"[\[【]\s*請求項\s*([0-9０-９]{1,4})\s*[\]】]\s*"),
}
_TITLE_AGAIN = re.compile(r"(?:발명의\s*명칭|発明の名称|Title of (?:the )?invention)\s*[:：]", re.I)
_DRAWINGS = re.compile(r"[\[【]?\s*(?:도\s*\d+[a-z]?|図\s*\d+|Fig\.?\s?\d+)\s*[\]】]?", re.I)
_BODY_OPENS = re.compile(
    r"\s*(?:명\s*세\s*서|明\s*細\s*書|说\s*明\s*书|DESCRIPTION|SPECIFICATION|BESCHREIBUNG|Description|Specification)\s*"
)
_MIN_BODY_CHARS, _MIN_WORDS = 60, 10
_LETTERS = 0.6
_CONTINUED = re.compile(r"[\[(]\s*(?:다음\s?쪽\s?계속|Continued on next page|続葉有)", re.I)
_REAL_WORD = re.compile(r"[^\W\d_]{2,}")
_FRONT_PAGES = 4
_MOST_TITLES = 3
_NAMES = tuple(
    # OCR puts spaces between the syllables of a name
    (code, re.compile(re.sub(r"(?<=[가-힣])(?=[가-힣])", r"\\s?", pattern), re.I))
    for code, pattern in (
        ("10", r"(?:International Publication Number|국제공개번호|国際公開番号)\s?:?\s*"),
        ("43", r"(?:International Publication Date|국제공개일|国際公開日)\s?:?\s*"),
        ("51", r"(?:International Patent Classification\d?|국제특허분류|国際特許分類)\s?:?\s*"),
        ("21", r"(?:International Application Number|국제출원번호|国際出願番号)\s?:?\s*"),
        ("22", r"(?:International Filing Date|국제출원일|国際出願日)\s?:?\s*"),
        ("25", r"(?:Filing Language|출원언어|国際出願の言語)\s?:?\s*"),
        ("26", r"(?:Publication Language|공개언어|国際公開の言語)\s?:?\s*"),
        ("30", r"(?:Priority Data|우선권정보|優先権データ)\s?:?\s*"),
        ("71", r"(?:Applicants?(?: \(for[^)]*\))?|출원인|出願人)\s?[:;]\s*"),
        ("72", r"(?:Inventors?(?:; and)?|발명자|発明者)\s?[:;]\s*"),
        ("74", r"(?:Agents?|대리인|代理人)\s?[:;]\s*"),
        ("81", r"(?:Designated States|지정국|指定国)"),
        ("84", r"(?:Designated States \(unless otherwise indicated, for every kind of regional)"),
        ("54", r"(?:Title(?: of the invention)?|발명의 명칭|発明の名称)\s?[:：]\s*"),
        ("57", r"(?:Abstract|요약서?|要約)\s?[:;：]\s*"),
        ("N", r"(?:Published|공개|公開)\s?:\s*$"),
    )
)
_PRIORITY = re.compile(r"(?P<number>[A-Z]*\d[\d/.,-]{4,}\d)\s+(?P<date>\d.{6,45}?)\s+(?P<office>[A-Z]{2})\b")
_PARTY = re.compile(
    r"(?P<name>[^;\[\]]{2,80}?)\s?(?:\[(?P<nation>[A-Z]{2})(?:/[A-Z]{2})?\])?\s*[;:]\s*[^;]{3,200}?\((?P<place>[A-Z]{2})\)\W*"
)
_LATIN_NAME = re.compile(r"^(?P<own>[^()]*[가-힣ぁ-ヿ一-鿿][^()]*)\s*\((?P<latin>[^)]*)\)$")


@dataclass(frozen=True, slots=True)
class _Pages:
    front: list[Line]
    body: list[Line]
    report: list[Line]
    heads: list[str]


def read(sheets: Sheets, source: Source) -> Document:
    """The document of one international publication."""
    pages = _sorted_pages(sheets)
    fields = read_fields(pages.front, _NAMES)
    lang = language_of("".join(line.text for line in pages.body)) or "en"
    number = _own(pages)
    text, defects = _text(fields, pages, lang)
    claims, oddities = resolve(text.claims, text.text)
    numbers = (number, *_others(fields, pages))
    return Document(
        source=replace(source, format=FORMAT),
        number=number,
        numbers=tuple(dict.fromkeys(n for n in numbers if n is not None)),
        biblio=_biblio(fields, lang),
        texts=(replace(text, claims=claims),),
        defects=(*defects, *oddities),
    )


def _sorted_pages(sheets: Sheets) -> _Pages:
    front: list[Line] = []
    body: list[Line] = []
    report: list[Line] = []
    heads: list[str] = []
    by_page: dict[int, list[Line]] = {}
    for line in sheets.arranged():
        by_page.setdefault(line.page, []).append(line)
    is_front, is_report = True, False
    for number, lines in by_page.items():
        words = "\n".join(line.text for line in lines)
        heads.append("\n".join(line.text for line in lines[:4]))
        is_front = is_front and (number == 1 or (number <= _FRONT_PAGES and not _opens_body(lines)))
        is_report = is_report or (not is_front and bool(body) and _REPORT.search(words) is not None)
        kept = [line for line in lines if not _is_head(line.text)]
        if is_front:
            front += lines if number == 1 else kept
        elif is_report:
            report += kept
        elif not _is_drawing(lines, words):
            body += [_labelled(line) for line in kept]
    return _Pages(front, body, report, heads)


def _is_head(text: str) -> bool:
    """Whether a line holds nothing but the numbers and the page number printed over every page."""
    if all(_HEAD_WORD.fullmatch(word) for word in text.split()):
        return True
    return len(text) < _LONGEST_HEAD and _SPOILT_HEAD.search(text) is not None  # as OCR reads it


def _opens_body(lines: Sequence[Line]) -> bool:
    return any(line.label or _BODY_OPENS.fullmatch(line.text) or _LABEL.match(line.text) for line in lines)


def _is_drawing(lines: Sequence[Line], words: str) -> bool:
    head = [line.text for line in lines[:4]]
    is_sheet = any(_SHEET.fullmatch(text) for text in head) or _DRAWINGS.match(words.split("\n", 3)[-1]) is not None
    n_words = len(_REAL_WORD.findall(words))
    return len(words) < _MIN_BODY_CHARS or n_words < _MIN_WORDS or (is_sheet and len(words) < 1200)


def _labelled(line: Line) -> Line:
    found = None if line.label else _LABEL.match(line.text)
    if found is None or found.end() == len(line.text):
        return line
    return replace(line, text=line.text[found.end() :], label=found[1] or found[2])


def _own(pages: _Pages) -> Number | None:
    texts = [*pages.heads, *(line.text for line in pages.front)]
    found = [match for text in texts for match in _OWN.finditer(text)]
    if not found:
        return None
    written = Counter(match[1] for match in found).most_common(1)[0][0]
    kinds = Counter(read_kind(match[2]) for match in found if match[2] and match[1] == written)
    kind = kinds.most_common(1)[0][0] if kinds else None
    return read_number(f"WO {written} {kind or ''}".strip(), office="WO", role=Role.publication, kind=kind)


def _others(fields: Fields, pages: _Pages) -> Iterator[Number | None]:
    texts = "\n".join([*pages.heads, fields.text("21")])
    if found := Counter(_PCT.findall(texts)).most_common(1):
        yield read_number(found[0][0], role=Role.pct)
    for priority in _PRIORITY.finditer(fields.flow("30")):
        yield read_number(priority["number"], office=priority["office"], role=Role.priority)


def _biblio(fields: Fields, lang: str) -> Biblio:
    priorities = [read_date(found["date"]) for found in _PRIORITY.finditer(fields.flow("30"))]
    titles = _by_language(_title_lines(fields))
    return Biblio(
        titles=tuple(sorted(((one, text) for one, text in titles), key=lambda pair: pair[0] != lang)),
        application_date=read_date(fields.text("22")),
        publication_date=read_date(fields.text("43")),
        priority_date=min((day for day in priorities if day), default=None),
        applicants=tuple(_parties(fields.flow("71"))),
        inventors=tuple(_parties(fields.flow("72"))),
        agents=tuple(_parties(fields.flow("74"))),
        ipc=read_classes(fields.text("51")),
    )


def _title_lines(fields: Fields) -> list[Line]:
    """The lines of (54), one run a language, each without the drawing that may stand below it."""
    runs: list[list[Line]] = []
    for line in fields.of("54"):
        lang = language_of(line.text)
        if not runs or (lang and lang != language_of(runs[-1][0].text) and len(runs) < _MOST_TITLES):
            runs.append([])
        runs[-1].append(line)
    return [line for run in runs for line in close_lines(run)]


def _by_language(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The lines of (54) or (57) as one text a language, in the order printed."""
    texts: dict[str, list[Line]] = {}
    before = ""
    for line in lines:
        lang = language_of(line.text) or before
        before = lang or before
        texts.setdefault(before, []).append(line)
    return [(lang, _ends(lang, run).join(run, to_margin=False).text) for lang, run in texts.items() if lang]


def _parties(text: str) -> Iterator[Party]:
    """``Name [KR/KR]; address (KR). Name; address (KR).``  A name in two scripts keeps its own one."""
    for found in _PARTY.finditer(text):
        name = " ".join(found["name"].strip(" .,;:").split())
        both = _LATIN_NAME.match(name)
        yield Party(both["own"].strip() if both else name, found["nation"] or found["place"])


def _is_prose(text: str) -> bool:
    """Whether a line is mostly letters: not a list of states, "[continued]", or what OCR made of one."""
    letters = sum(len(word) for word in _REAL_WORD.findall(text))
    return letters >= _LETTERS * len("".join(text.split())) and _CONTINUED.search(text) is None


def _ends(lang: str, lines: Sequence[Line]) -> Ends:
    if lang == "ko":
        return LineEnds(lines, Measure(lines))
    return JapaneseEnds() if lang in ("ja", "zh") else Hyphens(lines)


def _text(fields: Fields, pages: _Pages, lang: str) -> tuple[Text, tuple[Defect, ...]]:
    ends = _ends(lang, pages.body or pages.front)
    writer = Writer(TextBuilder(parser=FORMAT, parser_version=VERSION, lang=lang), ends, lang=lang)
    for kind, code in ((SectionKind.title, "54"), (SectionKind.abstract, "57")):
        writer.section(kind)
        lines = _title_lines(fields) if kind is SectionKind.title else fields.of(code)
        own = [line for line in lines if (language_of(line.text) or lang) == lang and _is_prose(line.text)] or lines
        if own:
            writer.paragraph(Paragraph(tuple(own)))
    body = [line for line in pages.body if not _TITLE_AGAIN.match(line.text)]
    for part in read_body(body, Setting(body), claim=_CLAIMS.get(lang)):
        writer.write(part)
    if pages.report:
        writer.section(SectionKind.support, "INTERNATIONAL SEARCH REPORT")
        for line in pages.report:
            writer.paragraph(Paragraph((line,)))
    return writer.finish()
