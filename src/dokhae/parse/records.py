"""A bibliographic record, field by field -> ``Document``: what KIPRIS XML and table exports have in common.

In: a mapping from our field names (columns.toml) to cells as written.  Out: one ``Document`` with title, abstract and
claims as its text, or ``Rejected`` where nothing identifies the patent.  A cell that cannot be read becomes a
``Defect`` that quotes it; a vendor's own summaries stay in ``Biblio.supplied`` and are never text.
Source: patents.md sections 1 and 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from dokhae.parse.build import TextBuilder, fit
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.dates import Orders, date_of
from dokhae.parse.langs import language_of
from dokhae.parse.names import country_of, party_of, people, split_applicants
from dokhae.parse.numbers import damaged, read_number
from dokhae.parse.numbers_vendors import read_vendors_number
from dokhae.parse.table.claims_cell import CellClaims, claims_of
from dokhae.types import Biblio, Defect, Document, Number, Party, Rejected, Role, SectionKind, Source, Status, Text

# field -> the role its numbers play; in the order that decides which number names a document
NUMBER_FIELDS: dict[str, Role | None] = {
    "number": Role.publication,
    "grant_number": Role.grant,
    "publication_number": Role.publication,
    "announcement_number": Role.publication,
    "application_number": Role.application,
    "parent_number": Role.parent,
    "priority_number": Role.priority,
    "pct_number": Role.pct,
    "pct_publication_number": Role.publication,
    "mixed_number": None,
}
DATE_FIELDS = frozenset({"application_date", "publication_date", "grant_date", "priority_date", "status_date"})
# numbers of other offices than the record's, and any number of them
_OF_OTHERS = frozenset({"priority_number", "parent_number"})
# what offices and vendors call a status -> the name it is counted by; the first word found in the cell decides
_STATUS_WORDS = (
    ("INACTIVE", "소멸"), ("NOT IN FORCE", "소멸"), ("FEE RELATED", "소멸"), ("특허결정", "등록"), ("등록결정", "등록"),
    ("거절", "거절"), ("취하", "취하"), ("포기", "포기"), ("무효", "무효"), ("만료", "만료"), ("소멸", "소멸"),
    ("등록", "등록"), ("공개", "공개"), ("심사", "공개"), ("출원", "공개"),
    ("REJECT", "거절"), ("REFUS", "거절"), ("WITHDRAW", "취하"), ("ABANDON", "포기"), ("REVOK", "무효"),
    ("INVALID", "무효"), ("EXPIRE", "만료"), ("LAPSE", "소멸"), ("CEASE", "소멸"), ("GRANT", "등록"),
    ("ACTIVE", "등록"), ("REGISTER", "등록"), ("PATENTED", "등록"), ("IN FORCE", "등록"), ("PENDING", "공개"),
    ("PUBLI", "공개"), ("EXAMIN", "공개"), ("FILED", "공개"), ("APPLICATION", "공개"),
    ("有效", "등록"), ("授权", "등록"), ("失效", "소멸"), ("审中", "공개"), ("驳回", "거절"), ("撤回", "취하"),
)  # fmt: skip
_CLASS = re.compile(r"\b([A-HY]\d\d[A-Z])(?:[\s-]*0*(\d{1,4})\s*/\s*(\d{2,6}))?(?![0-9A-Za-z])")
_CUT = re.compile(r"[.…\s]*\(\s*이하\s*생략\s*\)\s*$")
_CUT_WITHIN_CHARS = 200  # of the end: a longer run of blanks would be searched from each of its blanks
# as Thomson prints classes: H04N0005225, C07D41700; five digits only where they cannot be "A61K 31/192" run together
_COMPACT_CLASS = re.compile(r"\b([A-HY]\d\d[A-Z])(?:(\d{4})(\d{2,6})|(0\d\d)(\d\d)|(\d{3})(00))(?!\d)")
# a priority with its day, at WIPO with its office behind: "대한민국 1020110012345 (2011.02.11)", "[… 2004-10-01T… ES]"
_DAY_BESIDE = re.compile(
    r"\s*\(?(?P<day>\d{4}[-.]\d\d[-.]\d\d|\d\d\.\d\d\.\d{4})(?:T[\d:.]+Z?)?\)?\s*(?P<office>[A-Z]{2})?\]?$"
)
_DAY_WITHIN_CHARS = 80
# EP 20120626 12173640.9
_DAY_BEFORE = re.compile(
    r"^\[?(?P<office>[A-Z]{2}) (?P<day>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])) (?P<number>\d{4}\S*?)\]?$"
)
_DAY_BEHIND = re.compile(r"\s[A-Z]\d?\s(?P<day>(?:19|20)\d{6})$")  # at The Lens: US 61550506 P 20111024
_COMMA_BEFORE_NUMBER = re.compile(r",\s+(?=\[?[A-Z]{2}[\s-]?\d|\d\d-\d|\d\d/\d{3}|\d{3},\d{3}\s|\d{6})")
_EXCEL_CELL_CHARS = 32_767  # the most a cell of a workbook holds
_CLAIM_FIELDS = ("claims", "independent_claims", "first_claim")
_ODD_ONLY_IN_WHOLE_SETS = frozenset({"claim-numbers-missing", "claim-refers-to-missing"})
_NO_TEXT = frozenset({"", "내용 없음.", "내용 없음", "내용없음", "-", "N/A", "null", "None"})
_TYPES = {"20": "utility_model", "30": "design"}


@dataclass(frozen=True, slots=True)
class Habits:
    """How a source writes.

    blanks_may_join, commas_join: whether several names may stand in a cell with nothing but blanks, or with commas,
    between them.  date_orders: by field, the orders of its days.  status_as_of: when its statuses were true, if a row
    does not say so itself.
    """

    blanks_may_join: bool = False
    commas_join: bool = False
    date_orders: Mapping[str, Orders] = field(default_factory=dict)
    status_as_of: date | None = None


@dataclass
class _Reading:
    """What has been read of one record so far.  unused: cells that a field could not take whole, kept as supplied."""

    cells: Mapping[str, str]
    office: str | None
    habits: Habits
    defects: list[Defect] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def note(self, code: str, **values: object) -> None:
        self.defects.append(Defect.of(code, **values))


def document_of(
    cells: Mapping[str, str],
    source: Source,
    *,
    parser: tuple[str, str],
    supplied: tuple[tuple[str, str], ...] = (),
    habits: Habits | None = None,
) -> Document | Rejected:
    """The document of one record.

    cells: by our field names; several numbers or names in one cell as the source joins them.  parser: name, version.
    supplied: (heading, value) of everything that has no field of its own, kept as it came.
    """
    fitting = {name: fit(value) for name, value in cells.items()}
    fitting_supplied = [(fit(name), fit(value)) for name, value in supplied]
    cells = {name: value for name, (value, _) in fitting.items()}
    supplied = tuple((name, value) for (name, _), (value, _) in fitting_supplied)
    n_replaced = sum(n for _, n in fitting.values()) + sum(n + m for (_, n), (_, m) in fitting_supplied)
    reading = _Reading(cells, country_of(cells.get("country", "")) or None, habits or Habits())
    if n_replaced:
        reading.note("characters-replaced", count=n_replaced)
    numbers, broken = _numbers(reading)
    titles = _titles(reading)
    if broken and not numbers:
        return Rejected.of(source, "number-damaged", written=broken[0])
    if not numbers and not titles:
        return Rejected.of(source, "record-empty")
    text = _text(reading, titles, parser)
    own = _own_number(numbers, reading)
    return Document(
        source=source,
        number=own,
        numbers=tuple(own if own and own.digits == n.digits and own.role is n.role else n for n in numbers),
        biblio=_biblio(reading, titles, supplied),
        texts=(text,),
        defects=tuple(reading.defects),
        category=_category(numbers, reading),
    )


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
    whole = beside if dots and _CLASS.search(beside) else written
    found = _CLASS.findall(_COMPACT_CLASS.sub(_with_slash, whole))
    symbols = (f"{sub} {group}/{rest}" if group else sub for sub, group, rest in found)
    return tuple(dict.fromkeys(symbols))


def _with_slash(match: re.Match[str]) -> str:
    subclass, group, rest = filter(None, match.groups())
    return f"{subclass} {int(group)}/{rest}"


def titles_of(title: str, title_en: str = "") -> tuple[tuple[str, str], ...]:
    """Titles by language; an English one that stands in brackets behind a Korean one is a title of its own.

    >>> titles_of("포토 디텍터 및 그 제조 방법(Photodetector and manufacturing method thereof)")
    (('ko', '포토 디텍터 및 그 제조 방법'), ('en', 'Photodetector and manufacturing method thereof'))
    """
    title, title_en = " ".join(title.split()), " ".join(title_en.split())
    if " | " in title:
        return _by_language((*title.split(" | "), title_en))
    opened = _last_bracket(title)
    if opened is not None and not title_en:
        before, inside = title[:opened].strip(), title[opened + 1 : -1].strip()
        # "표시 장치(LCD)" names no second title
        if language_of(before) == "ko" and language_of(inside) == "en" and len(inside.split()) >= 2:
            title, title_en = before, inside
    return _by_language((title, title_en))


def _by_language(titles: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The first title of each language."""
    found: dict[str, str] = {}
    for title in filter(None, map(str.strip, titles)):
        found.setdefault(language_of(title) or "", title)
    return tuple(found.items())


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


def _titles(reading: _Reading) -> tuple[tuple[str, str], ...]:
    """The titles; one that the vendor has worded only where the source has no other."""
    by_vendor = reading.get("title_by_vendor")
    titles = titles_of(reading.get("title"), reading.get("title_en"))
    if titles and by_vendor:
        reading.unused.append(("title_by_vendor", by_vendor))
    return titles or titles_of(by_vendor)


def pieces_of(cell: str) -> list[str]:
    """What a cell holds, one each, as exports join several: by |, ; or line ends."""
    return [piece for piece in map(str.strip, re.split(r"[|;\n]", cell)) if piece]


def _numbers(reading: _Reading) -> tuple[tuple[Number, ...], list[str]]:
    """Every number of the record, and the cells a spreadsheet has damaged."""
    numbers: dict[tuple[str, Role, str], Number] = {}
    broken: list[str] = []
    for name, role in NUMBER_FIELDS.items():
        if not reading.get(name):
            continue
        found: list[Number] = []
        for written, office in _written_numbers(name, reading):
            if damaged(written):
                broken.append(written)
                reading.note("number-damaged", written=written)
                continue
            kind = reading.get("kind") or None if name in {"number", "mixed_number"} and not found else None
            read = read_number(written, office=office, role=role, kind=kind)
            read = read or read_vendors_number(written, office=office, role=role, kind=kind)
            if read is None:
                reading.note("number-unreadable", field=name, written=written)
            else:
                found.append(read)
        if found and role not in (Role.priority, Role.pct):
            reading.office = reading.office or found[0].office
        for number in _of_one_patent(name, found, reading):
            numbers.setdefault((number.office, number.role, number.digits), number)
    return tuple(numbers.values()), broken


def _written_numbers(name: str, reading: _Reading) -> Iterable[tuple[str, str | None]]:
    """(number as written, its office if known) of a cell; a priority without the day and the office beside it."""
    pieces = pieces_of(reading.get(name))
    if name in _OF_OTHERS or len(pieces) == 1:
        pieces = [part for piece in pieces for part in _COMMA_BEFORE_NUMBER.split(piece)]
    if name == "pct_publication_number":
        return [(piece, "WO") for piece in pieces]
    if name in {"pct_number", "parent_number"}:
        return [(piece, None if name == "pct_number" else reading.office) for piece in pieces]
    if name != "priority_number":
        return [(piece, reading.office) for piece in pieces]
    offices = [country_of(piece) or None for piece in pieces_of(reading.get("priority_country"))]
    if len(offices) != len(pieces):
        offices = [offices[0] if len(set(offices)) == 1 else None] * len(pieces)
    written = []
    for piece, office in zip(pieces, offices, strict=True):
        if before := _DAY_BEFORE.match(piece):
            written.append((before["number"], before["office"]))
            continue
        beside = _day_beside(piece)
        number = piece[: beside.start()] if beside else piece
        written.append((number.strip().lstrip("[(") or piece, (beside and beside["office"]) or office))
    return written


def _day_beside(piece: str) -> re.Match[str] | None:
    """The day at the end of a piece, found within its last characters: a long run of blanks is searched once."""
    return _DAY_BESIDE.search(piece, max(0, len(piece) - _DAY_WITHIN_CHARS))


def _of_one_patent(name: str, found: list[Number], reading: _Reading) -> list[Number]:
    """The numbers of a cell that are this patent's.

    A cell that lists a family ("US2018158710A1, US11759832B2, JP…") names its patent first; another is the same
    patent's only as the grant of the publication named first, in the same office.  Priorities are all kept.
    """
    if name in _OF_OTHERS or len(found) < 2:
        return found
    kept = found[:1]
    if {n.office for n in found} == {found[0].office}:
        roles = {found[0].role}
        for number in found[1:]:
            if number.role not in roles:
                roles.add(number.role)
                kept.append(number)
    if len(kept) < len(found):
        reading.unused.append((name, reading.get(name)))
    return kept


def _own_number(numbers: tuple[Number, ...], reading: _Reading) -> Number | None:
    """The number of this very document, if the record is of a document: a column, or the kind of document, names it."""
    if reading.get("number"):
        return next((n for n in numbers if n.role in (Role.grant, Role.publication) and n.written), None)
    kind = reading.get("kind").upper()
    if not re.fullmatch(r"[A-Z]\d?", kind):
        return None
    role = {"A": Role.publication, "B": Role.grant, "Y": Role.grant}.get(kind[0])
    of_office = (n for n in numbers if n.role is role and n.office == reading.office)
    own = next(of_office, None)
    return replace(own, kind=own.kind or kind) if own else None


def _category(numbers: tuple[Number, ...], reading: _Reading) -> str:
    own = [n for n in numbers if n.role not in (Role.priority, Role.parent, Role.pct)]
    korean = next((n for n in own if n.office == "KR"), None)
    if korean is not None:
        return _TYPES.get(korean.digits[:2], "invention")
    granted = next((n.digits for n in own if n.office == "US" and n.role is Role.grant), "")
    written = reading.get("document_type").upper()
    if granted.startswith("PP") or "PLANT" in written:
        return "plant"
    if granted.startswith("D") or "디자인" in written or "DESIGN" in written:
        return "design"
    return "utility_model" if "실용" in written or "UTILITY MODEL" in written else "invention"


def _text(reading: _Reading, titles: tuple[tuple[str, str], ...], parser: tuple[str, str]) -> Text:
    name, version = parser
    abstract = reading.get("abstract")
    whole, is_cut = _without_cut_mark(abstract)
    is_cut = _is_cut_by_excel("abstract", abstract, reading) or is_cut
    builder = TextBuilder(parser=name, parser_version=version)
    for lang, title in titles:
        builder.section(SectionKind.title, lang=lang)
        builder.paragraph(title)
    for body in (whole, reading.get("abstract_en")):
        if body not in _NO_TEXT:
            builder.section(SectionKind.abstract)
            builder.paragraph(body)
    found, is_partial = _claims(reading)
    if found:
        builder.section(SectionKind.claims)
        for claim in found.claims:
            builder.claim(claim.number, claim.text, deleted=claim.is_deleted)
    text, defects = builder.finish(abstract_is_cut=is_cut)
    reading.defects.extend(defects)
    if not found:
        return text
    claims, oddities = resolve(text.claims, text.text)
    # of a part of the claims nothing can be missing
    tellable = [d for d in oddities if not is_partial or d.code not in _ODD_ONLY_IN_WHOLE_SETS]
    reading.defects.extend(tellable if found.is_numbered else ())
    if not is_partial:
        reading.defects.extend(total_defect(_printed_claims(reading), claims))
    return replace(text, claims=claims, claims_are_partial=is_partial)


def _claims(reading: _Reading) -> tuple[CellClaims | None, bool]:
    """The claims of the fullest of the three columns, and whether they are only a part of the patent's."""
    name = next((name for name in _CLAIM_FIELDS if reading.get(name)), None)
    if name is None:
        return None, False
    reading.unused.extend(
        (other, reading.get(other)) for other in _CLAIM_FIELDS if other != name and reading.get(other)
    )
    written = reading.get(name)
    found = claims_of(written)
    is_cut = _is_cut_by_excel(name, written, reading)
    return found, name != "claims" or is_cut or (not found.is_numbered and _printed_claims(reading) != 1)


def _is_cut_by_excel(name: str, written: str, reading: _Reading) -> bool:
    is_cut = _EXCEL_CELL_CHARS - 2 <= len(written) <= _EXCEL_CELL_CHARS
    if is_cut:
        reading.note("cell-cut", field=name, length=len(written))
    return is_cut


def _printed_claims(reading: _Reading) -> int | None:
    match = re.fullmatch(r"(\d{1,4})(?:\s*(?:항|개))?", reading.get("n_claims"))
    return int(match[1]) if match and int(match[1]) else None


def _without_cut_mark(abstract: str) -> tuple[str, bool]:
    """The abstract without the mark by which KIPRIS cuts it short, and whether there was one.

    >>> _without_cut_mark("렌즈를 구비한다...(이하 생략)"), _without_cut_mark("렌즈.")
    (('렌즈를 구비한다', True), ('렌즈.', False))
    """
    start = max(0, len(abstract) - _CUT_WITHIN_CHARS)
    match = _CUT.search(abstract[start:])
    return (abstract[: start + match.start()], True) if match else (abstract, False)


def _biblio(reading: _Reading, titles: tuple[tuple[str, str], ...], supplied: tuple[tuple[str, str], ...]) -> Biblio:
    published = _date(reading, "publication_date")
    status_date = _date(reading, "status_date") or reading.habits.status_as_of
    ipc, cpc = (classes_of(f"{reading.get(f'{name}_main')} | {reading.get(name)}") for name in ("ipc", "cpc"))
    biblio = Biblio(
        titles=titles,
        application_date=_date(reading, "application_date", last_year=published.year if published else None),
        publication_date=published,
        grant_date=_date(reading, "grant_date"),
        priority_date=_priority_date(reading, published),
        applicants=_applicants(reading, "applicants", "applicant_countries"),
        owners=_applicants(reading, "owners"),
        inventors=_people(reading, "inventors", "inventor_countries"),
        agents=_people(reading, "agents"),
        ipc=ipc,
        cpc=cpc,
        cites=tuple(dict.fromkeys(pieces_of(reading.get("cites")))),
        status=status_of(reading.get("status"), status_date),
        family_id=reading.get("family_id"),
        printed_claims=_printed_claims(reading),
    )
    filed = biblio.application_date
    if filed and published and filed > published:
        reading.note("dates-out-of-order", filed=filed, published=published)
    return replace(biblio, supplied=(*supplied, *reading.unused))


def _date(reading: _Reading, name: str, *, last_year: int | None = None) -> date | None:
    """The day of a cell, the earliest of several; where the number is one of several too, the first, as it is."""
    written = pieces_of(reading.get(name))
    if not written:
        return None
    year = reading.get("publication_year")
    told = int(year) if re.fullmatch(r"\d{4}", year) else None
    # one year more, to see where a date and its year differ: an old export of The Lens calls 1991-12-31 "31/12/92"
    last_year = last_year or (told + 1 if told else None)
    try:
        days = [date_of(piece, reading.habits.date_orders.get(name), last_year=last_year) for piece in written]
        if name == "publication_date" and told and all(day and day.year != told for day in days):
            raise ValueError(f"{days} not in {told}")
    except ValueError:
        reading.note("date-unreadable", field=name, written=reading.get(name))
        return None
    if len(days) > 1 and len(days) == len(pieces_of(reading.get("number"))):
        return days[0]
    return min((day for day in days if day), default=None)


def _priority_date(reading: _Reading, published: date | None) -> date | None:
    """The earliest priority: of its own column, else of the days beside the numbers."""
    if reading.get("priority_date"):
        return _date(reading, "priority_date", last_year=published.year if published else None)
    days = []
    for piece in pieces_of(reading.get("priority_number")):
        for part in _COMMA_BEFORE_NUMBER.split(piece):
            if match := _DAY_BEFORE.match(part) or _day_beside(part) or _DAY_BEHIND.search(part):
                with suppress(ValueError):
                    days.append(date_of(match["day"]))
    return min((day for day in days if day), default=None)


def _applicants(reading: _Reading, name: str, countries: str = "") -> tuple[Party, ...]:
    habits = reading.habits
    if not reading.get(name):
        return ()
    names, is_sure = split_applicants(
        reading.get(name), blanks_may_join=habits.blanks_may_join, commas_join=habits.commas_join
    )
    if not is_sure:
        reading.note("applicants-unsplit", written=reading.get(name))
    return _with_countries(names, reading, countries)


def _people(reading: _Reading, name: str, countries: str = "") -> tuple[Party, ...]:
    if not reading.get(name):
        return ()
    return _with_countries(people(reading.get(name), commas_join=reading.habits.commas_join), reading, countries)


def _with_countries(names: tuple[str, ...], reading: _Reading, countries: str) -> tuple[Party, ...]:
    """Parties with the countries of the column beside, where it has one for each, or one for all."""
    parties = tuple(map(party_of, names))
    cell = reading.get(countries) if countries else ""
    if not cell:
        return parties
    codes = [country_of(piece) for piece in re.split(r"[|;,\n]", cell) if piece.strip()]
    if len(codes) != len(parties):
        if len(set(codes)) != 1:
            reading.unused.append((countries, cell))
            return parties
        codes = codes[:1] * len(parties)
    return tuple(replace(p, country=p.country or code) for p, code in zip(parties, codes, strict=True))
