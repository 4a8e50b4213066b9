"""A bibliographic record, field by field -> ``Document``: what KIPRIS XML and table exports have in common.

In: a mapping from our field names (columns.toml) to cells as written.  Out: one ``Document`` with title and abstract as
its text, or ``Rejected`` where nothing identifies the patent.  A cell that cannot be read becomes a ``Defect`` that
quotes it; a vendor's own summaries stay in ``Biblio.supplied`` and are never text.
Source: patents.md sections 1 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dokhae.parse.build import TextBuilder, fit
from dokhae.parse.langs import language_of
from dokhae.parse.names import people, split_applicants
from dokhae.parse.numbers import damaged, office_of, read_number
from dokhae.types import Biblio, Defect, Document, Number, Party, Rejected, Role, SectionKind, Source, Status, Text

# field -> the role its numbers play; in the order that decides which number names a document
NUMBER_FIELDS: dict[str, Role | None] = {
    "number": Role.publication,
    "grant_number": Role.grant,
    "publication_number": Role.publication,
    "announcement_number": Role.publication,
    "application_number": Role.application,
    "priority_number": Role.priority,
    "pct_number": Role.pct,
    "mixed_number": None,
}
_DATE_FIELDS = ("application_date", "publication_date", "grant_date", "priority_date")
# what offices and vendors call a status -> the name it is counted by; the first word found in the cell decides
_STATUS_WORDS = (
    ("거절", "거절"), ("취하", "취하"), ("포기", "포기"), ("무효", "무효"), ("만료", "만료"), ("소멸", "소멸"),
    ("등록", "등록"), ("공개", "공개"), ("심사", "공개"), ("출원", "공개"),
    ("REJECT", "거절"), ("REFUS", "거절"), ("WITHDRAW", "취하"), ("ABANDON", "포기"), ("REVOK", "무효"),
    ("INVALID", "무효"), ("EXPIRE", "만료"), ("LAPSE", "소멸"), ("CEASE", "소멸"), ("GRANT", "등록"),
    ("ACTIVE", "등록"), ("REGISTER", "등록"), ("PENDING", "공개"), ("PUBLI", "공개"), ("APPLICATION", "공개"),
)  # fmt: skip
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})$")
# with separators, or all eight digits: "2013-12" and "201312" name no day
_DATE = re.compile(r"(\d{4})(?:\s*[-./년]\s*|\s+)(\d{1,2})(?:\s*[-./월]\s*|\s+)(\d{1,2})(?:\s*일?|[T ].*)$")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ].*)?$")
_NO_DATE = re.compile(r"[\s0./-]*$")
_CLASS = re.compile(r"\b([A-HY]\d\d[A-Z])(?:[\s-]*0*(\d{1,4})\s*/\s*(\d{2,6}))?(?![0-9A-Za-z])")
_CUT = re.compile(r"[.…\s]*\(\s*이하\s*생략\s*\)\s*$")
_CUT_WITHIN_CHARS = 200  # of the end: a longer run of blanks would be searched from each of its blanks
_CLAIM_START = re.compile(r"^[^\S\n]*(?:\[?청구항\s*)?(\d{1,3})\s*[.\]:)][^\S\n]*", re.M)
_NO_TEXT = frozenset({"", "내용 없음.", "내용 없음", "내용없음", "-", "N/A", "null", "None"})
_TYPES = {"20": "utility_model", "30": "design"}


@dataclass
class _Reading:
    """What has been read of one record so far."""

    cells: Mapping[str, str]
    office: str | None
    blanks_may_join: bool
    defects: list[Defect] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.cells.get(name, "").strip()


def document_of(
    cells: Mapping[str, str],
    source: Source,
    *,
    parser: tuple[str, str],
    supplied: tuple[tuple[str, str], ...] = (),
    blanks_may_join: bool = False,
) -> Document | Rejected:
    """The document of one record.

    cells: by our field names; several numbers or names in one cell as the source joins them.  parser: name, version.
    supplied: (heading, value) of everything that has no field of its own, kept as it came.  blanks_may_join: whether
    the source may write several applicants with nothing but blanks between them.
    """
    fitting = {name: fit(value) for name, value in cells.items()}
    fitting_supplied = [(name, fit(value)) for name, value in supplied]
    cells = {name: value for name, (value, _) in fitting.items()}
    supplied = tuple((name, value) for name, (value, _) in fitting_supplied)
    n_replaced = sum(n for _, n in fitting.values()) + sum(n for _, (_, n) in fitting_supplied)
    reading = _Reading(cells, office_of(cells.get("country", "")), blanks_may_join)
    if n_replaced:
        reading.defects.append(Defect.of("characters-replaced", count=n_replaced))
    numbers, broken = _numbers(reading)
    titles = titles_of(reading.get("title"), reading.get("title_en"))
    if broken and not numbers:
        return Rejected.of(source, "number-damaged", written=broken[0])
    if not numbers and not titles:
        return Rejected.of(source, "record-empty")
    text = _text(reading, titles, parser)
    return Document(
        source=source,
        number=_own_number(numbers, reading),
        numbers=numbers,
        biblio=_biblio(reading, titles, supplied),
        texts=(text,),
        defects=tuple(reading.defects),
        category=_category(numbers, reading),
    )


def date_of(written: str) -> date | None:
    """The day; None where there is none.  Raises ValueError where something else stands there.

    >>> date_of(" 2016.12.28"), date_of("20131014"), date_of("")
    (datetime.date(2016, 12, 28), datetime.date(2013, 10, 14), None)
    """
    if _NO_DATE.match(written):
        return None
    if match := _EIGHT_DIGITS.match(written.strip()) or _DATE.match(written.strip()):
        return date(*map(int, match.groups()))
    if match := _DAY_FIRST.match(written.strip()):
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12:
            return date(int(match[4]), second, first)
        if second > 12:
            return date(int(match[4]), first, second)
    raise ValueError(f"no date, or one that can be read two ways: {written!r}")  # 04/05/2013


def status_of(written: str, as_of: date | None = None) -> Status | None:
    """The status under the name it is counted by; as written where nobody knows it; None where none is given.

    >>> status_of("등록 (연차료납부)").name, status_of("공개/심사중").name, status_of("Active").name
    ('등록', '공개', '등록')
    """
    written = written.strip()
    if not written:
        return None
    upper = written.upper()
    if upper in {"INACTIVE", "DEAD"}:
        return Status("소멸", written, as_of)
    name = next((name for word, name in _STATUS_WORDS if word in upper), written)
    return Status(name, written, as_of)


def classes_of(written: str) -> tuple[str, ...]:
    """IPC or CPC symbols in order, written one way.

    A cell that ends in "...." is cut: the full list beside it in the same cell counts.

    >>> classes_of("['A61K 36/03 A61P 25/20  .... ', 'A61K 36/03|A61P 25/20|A61Q 19/00']")
    ('A61K 36/03', 'A61P 25/20', 'A61Q 19/00')
    """
    _, dots, beside = written.rpartition("....")
    found = _CLASS.findall(beside) or _CLASS.findall(written) if dots else _CLASS.findall(written)
    symbols = (f"{sub} {group}/{rest}" if group else sub for sub, group, rest in found)
    return tuple(dict.fromkeys(symbols))


def titles_of(title: str, title_en: str = "") -> tuple[tuple[str, str], ...]:
    """Titles by language; an English one that stands in brackets behind a Korean one is a title of its own.

    >>> titles_of("포토 디텍터 및 그 제조 방법(Photodetector and manufacturing method thereof)")
    (('ko', '포토 디텍터 및 그 제조 방법'), ('en', 'Photodetector and manufacturing method thereof'))
    """
    title, title_en = " ".join(title.split()), " ".join(title_en.split())
    opened = _last_bracket(title)
    if opened is not None and not title_en:
        before, inside = title[:opened].strip(), title[opened + 1 : -1].strip()
        # "표시 장치(LCD)" names no second title
        if language_of(before) == "ko" and language_of(inside) == "en" and len(inside.split()) >= 2:
            title, title_en = before, inside
    found = [(language_of(text) or "", text) for text in (title, title_en) if text]
    return tuple(dict(reversed(found)).items())[::-1] if len(found) > 1 and found[0][0] == found[1][0] else tuple(found)


def _last_bracket(title: str) -> int | None:
    """Where the bracket opens that the last character closes."""
    depth = 0
    if not title.endswith(")"):
        return None
    for at in range(len(title) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(title[at], 0)
        if depth == 0:
            return at
    return None


def _numbers(reading: _Reading) -> tuple[tuple[Number, ...], list[str]]:
    """Every number of the record, and the cells a spreadsheet has damaged."""
    numbers: dict[tuple[str, Role, str], Number] = {}
    broken: list[str] = []
    for name, role in NUMBER_FIELDS.items():
        for written in filter(None, map(str.strip, re.split(r"[|;\n]", reading.get(name)))):
            if damaged(written):
                broken.append(written)
                reading.defects.append(Defect.of("number-damaged", written=written))
                continue
            office = None if role in (Role.priority, Role.pct) else reading.office
            read = read_number(
                written, office=office, role=role, kind=reading.get("kind") or None if not role else None
            )
            if read is None:
                reading.defects.append(Defect.of("number-unreadable", field=name, written=written))
                continue
            reading.office = reading.office or read.office
            numbers.setdefault((read.office, read.role, read.digits), read)
    return tuple(numbers.values()), broken


def _own_number(numbers: tuple[Number, ...], reading: _Reading) -> Number | None:
    """The number of this very document, if the record is of a document: then a column names it."""
    if not reading.get("number"):
        return None
    return next((n for n in numbers if n.role in (Role.grant, Role.publication)), None)


def _category(numbers: tuple[Number, ...], reading: _Reading) -> str:
    korean = next((n for n in numbers if n.office == "KR"), None)
    if korean is not None:
        return _TYPES.get(korean.digits[:2], "invention")
    written = reading.get("document_type").upper()
    if "실용" in written or "UTILITY MODEL" in written:
        return "utility_model"
    return "design" if "디자인" in written or "DESIGN" in written else "invention"


def _text(reading: _Reading, titles: tuple[tuple[str, str], ...], parser: tuple[str, str]) -> Text:
    name, version = parser
    abstract = reading.get("abstract")
    whole, is_cut = _without_cut_mark(abstract)
    builder = TextBuilder(parser=name, parser_version=version)
    for lang, title in titles:
        builder.section(SectionKind.title, lang=lang)
        builder.paragraph(title)
    for body in (whole, reading.get("abstract_en")):
        if body not in _NO_TEXT:
            builder.section(SectionKind.abstract)
            builder.paragraph(body)
    if claims := reading.get("claims"):
        builder.section(SectionKind.claims)
        for number, claim in _claims(claims):
            builder.claim(number, claim)
    text, defects = builder.finish(abstract_is_cut=is_cut)
    reading.defects.extend(defects)
    return text


def _without_cut_mark(abstract: str) -> tuple[str, bool]:
    """The abstract without the mark by which KIPRIS cuts it short, and whether there was one.

    >>> _without_cut_mark("렌즈를 구비한다...(이하 생략)"), _without_cut_mark("렌즈.")
    (('렌즈를 구비한다', True), ('렌즈.', False))
    """
    start = max(0, len(abstract) - _CUT_WITHIN_CHARS)
    match = _CUT.search(abstract[start:])
    return (abstract[: start + match.start()], True) if match else (abstract, False)


def _claims(written: str) -> list[tuple[int, str]]:
    """Numbered claims of a cell; a cell without numbers holds the first one."""
    starts = list(_CLAIM_START.finditer(written))
    if not starts or starts[0].start() > 0:
        return [(1, written)]
    ends = [start.start() for start in starts[1:]] + [len(written)]
    return [(int(s[1]), written[s.end() : end].strip()) for s, end in zip(starts, ends, strict=True)]


def _biblio(reading: _Reading, titles: tuple[tuple[str, str], ...], supplied: tuple[tuple[str, str], ...]) -> Biblio:
    dates = {name: _date(reading, name) for name in _DATE_FIELDS}
    main = classes_of(reading.get("ipc_main"))
    return Biblio(
        titles=titles,
        application_date=dates["application_date"],
        publication_date=dates["publication_date"],
        grant_date=dates["grant_date"],
        priority_date=dates["priority_date"],
        applicants=_applicants(reading, "applicants"),
        owners=_applicants(reading, "owners"),
        inventors=tuple(Party(name) for name in people(reading.get("inventors"))),
        agents=tuple(Party(name) for name in people(reading.get("agents"))),
        ipc=tuple(dict.fromkeys(main + classes_of(reading.get("ipc")))),
        cpc=classes_of(reading.get("cpc")),
        cites=tuple(filter(None, (c.strip() for c in re.split(r"[|;\n]", reading.get("cites"))))),
        status=status_of(reading.get("status"), _date(reading, "status_date")),
        family_id=reading.get("family_id"),
        supplied=supplied,
    )


def _date(reading: _Reading, name: str) -> date | None:
    """The day of a cell, the earliest of several."""
    try:
        days = [date_of(piece) for piece in re.split(r"[|;]", reading.get(name))]
        return min((day for day in days if day), default=None)
    except ValueError:
        reading.defects.append(Defect.of("date-unreadable", field=name, written=reading.get(name)))
        return None


def _applicants(reading: _Reading, name: str) -> tuple[Party, ...]:
    names, is_sure = split_applicants(reading.get(name), blanks_may_join=reading.blanks_may_join)
    if not is_sure:
        reading.defects.append(Defect.of("applicants-unsplit", written=reading.get(name)))
    return tuple(Party(one) for one in names)
