"""Patent numbers: every spelling people and offices use -> ``Number``, and back to one readable form.

In: a number as written, with whatever is known about it (office, role, kind).  Out: the likeliest ``Number``, or all
readings where the spelling allows several (``candidates``).  Never guesses a kind that is not written or implied by
the words around the number (特開 is an A, 특허공고 a B); never repairs a number a spreadsheet has damaged.

Canonical digits by office:
    KR  application and publication 13 digits (type, year, serial), grant 9 (type, serial); type: 10 patent, 20 utility
        model
    US  grant without leading zeros, letters kept ("11759832", "D785495", "RE44566"); publication year + 7 digits;
        application 8 digits (series + 6), leading zero kept: 08/123,456 is not patent 8,123,456
    EP  publication and grant 7 digits; application 8, without the check digit
    WO  year + 6 digits; PCT application: receiving office + year + 6 digits ("KR2024013277")
    JP  year + 6 digits, or the era letter, 2 digits and 6 ("H08173756") before 2000; grant as printed
    CN  application 12 or 8 digits, without the check digit ("ZL" and the grant's application number are the same)
    DE  as written, applications without the check digit;  TW  the letter of a grant stays in front ("I456789")
    others as written, without separators
Source: patents.md section 1; WIPO ST.6, ST.13, ST.16; the files of the sample data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dokhae.types import Number, Role

_CODES = """
    AL AM AR AT AU BA BE BG BO BR BY CA CH CL CN CO CR CS CU CY CZ DD DE DK DO DZ EA EC EE EG EP ES FI FR GB GC GE
    GR GT HK HN HR HU ID IE IL IN IR IS IT JO JP KE KR KZ LT LU LV MA MC MD ME MK MN MO MT MX MY NI NL NO NZ OA PA
    PE PH PL PT RO RS RU SA SE SG SI SK SM SU SV TH TJ TN TR TT TW UA US UY UZ VE VN WO YU ZA ZM ZW
"""
OFFICES = frozenset(_CODES.split())
_OFFICE_WORDS = {
    "대한민국": "KR", "한국": "KR", "국내": "KR", "미국": "US", "일본": "JP", "중국": "CN", "유럽": "EP", "국제": "WO",
    "독일": "DE", "프랑스": "FR", "영국": "GB", "대만": "TW", "日本": "JP", "韓国": "KR", "米国": "US",
    "国際公開": "WO", "国际公开": "WO", "美国": "US", "欧洲": "EP", "德国": "DE", "韩国": "KR", "中国": "CN",
    "台湾": "TW", "臺灣": "TW",
}  # fmt: skip
_US_PREFIXES = ("PP", "RE", "AI", "RX", "D", "H", "T", "X")
_KOREAN_WORDS = re.compile("특허|실용신안|공고|공개|출원|등록|^[특실]\\s*\\d")
_DAMAGED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+?\d{1,2}", re.I)
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d]")
# Japanese numbers as Koreans write them: 특개평8-173756, 일본공개특허 특개2014-81188
_KOREAN_JAPANESE = {"특개": "特開", "특표": "特表", "특공": "特公", "특원": "特願", "실개": "実開", "실공": "実公"}
_KOREAN_ERAS = {"평": "平", "소": "昭", "령": "令"}
_KIND_INSIDE = re.compile(r"([A-Z]{2})\s?-([ABCUY]\d?)-(?=\d)")  # KR-B1-101314187, JP-A-8-173756
_SPACED_DASH = re.compile(r"(?<=\d)\s{0,3}-\s{0,3}(?=\d)")
_DATED = re.compile(r"(?<=\d )([A-Z]\d?) (?:19|20)\d{6}$")  # a priority with its date: US 67948400 A 20001004
# DOCDB names US applications by serial and year (67948400 A: 679,484 of 2000), Japanese ones too until 1999
_DOCDB = re.compile(r"(US|JP)\s?(\d{1,6})(\d\d)\s?[APU]$")
_US_YEAR_FIRST = re.compile(r"US\s?((?:19|20)\d\d)(\d{6,7})\s?[AP]?\d?$")  # US20020406478P: 406,478 of 2002
_DE_CHECKED = re.compile(r"((?:\d{12})|(?:\d{8}))\.\d")
_PCT = re.compile(r"PCT[\s/-]*([A-Z]{2})[\s/-]*(\d{4}|\d{2})[\s/-]*(\d{5,6})\b")
_KIND = re.compile(r"(?<=[\d\s)_-])\(?([A-Z][0-9]?)\)?$")
_PREFIXED = re.compile(r"([A-Z]{2})(?=[\s\-_./:]*(?:PATENT|PAT|NO|APPL|PUB|(?:PP|RE|AI|WO|ZL|[DHTXSRIM])?[\s.]*\d))")
_ROLE_FIRST = re.compile(r"(APPLICATION|PUBLICATION|GRANT|PATENT)\s+([A-Z]{2})(?=[\s-]?\d)")  # application KR10-2013-…
_ENGLISH_ROLES = (
    (re.compile(r"\bPUB(?:LICATION|L)?\b"), Role.publication),
    (re.compile(r"\bAPPL(?:ICATION|N)?\b|\bSER(?:IAL)?\b"), Role.application),
    (re.compile(r"\bPAT(?:ENT)?S?\b|\bGRANT\b"), Role.grant),
)
# a word of a Japanese number -> its role and, where the word names one document type, the kind of that type
_JAPANESE = {
    "特開": (Role.publication, "A"), "特表": (Role.publication, "A"), "再公表": (Role.publication, "A1"),
    "再表": (Role.publication, "A1"), "特公": (Role.publication, "B2"), "特願": (Role.application, None),
    "実開": (Role.publication, "U"), "実公": (Role.publication, "Y2"), "実願": (Role.application, "U"),
    "実登": (Role.grant, None), "実用新案登録": (Role.grant, None), "特許": (Role.grant, None),
}  # fmt: skip
_ERAS = {"平": "H", "昭": "S", "令": "R", "H": "H", "S": "S", "R": "R"}
_ERA_YEAR_0 = {"H": 1988, "S": 1925, "R": 2018}
_FIRST_YEAR = 1946
_ALSO_ACCEPTED = {Role.publication: (Role.grant,), Role.application: (Role.pct,)}
# office and length of its digits -> how show() cuts them
_SHAPES = {
    ("KR", 13): (r"(..)(....)(.*)", r"KR\1-\2-\3"),
    ("KR", 9): (r"(..)(.*)", r"KR\1-\2"),
    ("US", 11): (r"(....)(.*)", r"US\1/\2"),
    ("US", 8): (r"(..)(.*)", r"US\1/\2"),
    ("WO", 10): (r"(....)(.*)", r"WO\1/\2"),
    ("WO", 12): (r"(......)(.*)", r"PCT/\1/\2"),
    ("JP", 9): (r"(...)(.*)", r"JP\1-\2"),
    ("JP", 10): (r"(....)(.*)", r"JP\1-\2"),
    ("JP", 12): (r"(......)(.*)", r"JP\1/\2"),
}
# what a bare number looks like -> the offices that write so, likeliest first
_BARE = (
    (r"(?:PP|RE|D)\s?\d+", ("US",)),
    (r"\d{1,2},\d{3},\d{3}|\d\d/\d{3}[,\s]?\d{3}|\d{4}/\d{7}", ("US",)),
    (r".*[平昭令].*", ("JP",)),
    (r"[1234]0[\s-]\d.*|[1234]0\d{11}|\d{4}-\d{7}", ("KR",)),
    (r"[12]0\d{7}", ("KR", "CN")),
    (r"\d{6,8}", ("KR", "US", "EP", "JP")),
    (r"(?:19|20)\d{9}", ("US", "KR")),
    (r"(?:19|20)\d{8}", ("WO", "JP", "US")),
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A written number taken apart.

    body: digits, their separators and prefixes, office and words removed.  role: as the words around it say.
    is_gazette_style: written as old Korean gazettes write publication numbers (특2003-0031883).
    """

    body: str
    kind: str | None
    role: Role | None = None
    is_utility_model: bool = False
    is_gazette_style: bool = False

    @property
    def groups(self) -> list[str]:
        return re.findall(r"\d+", self.body)

    @property
    def joined(self) -> str:
        return "".join(self.groups)


@dataclass(frozen=True, slots=True)
class _Reading:
    role: Role
    digits: str
    kind: str | None


def office_of(written: str) -> str | None:
    """The office a cell names, by its code or its country in Korean; None where it names none.

    >>> office_of("대한민국"), office_of("KR"), office_of("Korea")
    ('KR', 'KR', None)
    """
    code = written.strip().upper()[:2]
    if code in OFFICES and not written.strip()[2:3].isalpha():
        return code
    return next((office for word, office in _OFFICE_WORDS.items() if word in written), None)


def damaged(written: str) -> bool:
    """Whether a spreadsheet has turned the number into a rounded one.

    >>> damaged("4.914e+12"), damaged("1.01477E+12"), damaged("10-1910347")
    (True, True, False)
    """
    return bool(_DAMAGED.fullmatch(written.strip()))


def is_national_phase(number: Number) -> bool:
    """Whether a Korean number tells that the application came in through the PCT: its serial is 7,000,001 or more.

    >>> [is_national_phase(Number("KR", Role.application, d)) for d in ("1020127001234", "1020120016332")]
    [True, False]
    """
    return number.office == "KR" and len(number.digits) == 13 and number.digits[6] == "7"


def read_number(
    written: str, *, office: str | None = None, role: Role | None = None, kind: str | None = None
) -> Number | None:
    """The likeliest reading of ``written``; None where it is no number, a damaged one, or may be of several offices.

    office: where it comes from, if the spelling does not say.  role: as the column or element names it; a reading of
    another role does not count, but a granted patent found as "publication" is read as the grant it is.
    kind: given beside the number; it wins over a written one.

    >>> read_number("10-1910347", office="KR").compact, read_number("US 2018/0158710 A1").compact
    ('KR101910347', 'US20180158710A1')
    """
    found = _all(written, office, kind, role)
    if len({number.office for number in found}) != 1:
        return None
    return found[0] if role is None else _in_role(found, role)


def candidates(written: str, *, office: str | None = None) -> tuple[Number, ...]:
    """Every reading of ``written``, likeliest first; empty where it is no number.

    >>> [(n.role.value, n.digits) for n in candidates("KR-10-2013-0094992")]
    [('application', '1020130094992'), ('publication', '1020130094992')]
    """
    return _all(written, office, None)


def show(number: Number) -> str:
    """One readable form per office, which ``read_number`` reads back.

    KR10-2012-0016332 · KR10-1910347 (a Korean grant's kind is left out: the number tells it) · US11759832B2 ·
    US2018/0158710A1 · US12/345678 · WO2025/053589A1 · PCT/KR2024/013277 · JP2014-081188A · JPH08-173756A · EP1116605B1
    """
    if number.office == "US" and number.role is Role.grant:
        return number.compact
    pattern, shape = _SHAPES.get((number.office, len(number.digits)), ("", ""))
    if not pattern:
        return number.compact
    is_kr_grant = number.office == "KR" and number.role is Role.grant
    return re.sub(pattern, shape, number.digits) + ("" if is_kr_grant else number.kind or "")


def _in_role(found: tuple[Number, ...], role: Role) -> Number | None:
    if role in (Role.priority, Role.parent):  # a role an application plays for another one
        best = next((n for n in found if n.role in (Role.application, Role.pct)), found[0] if found else None)
        return best and Number(best.office, role, best.digits, best.kind, best.written)
    accepted = (role, *_ALSO_ACCEPTED.get(role, ()))
    return next((n for wanted in accepted for n in found if n.role is wanted), None)


def _all(written: str, office: str | None, kind: str | None, role: Role | None = None) -> tuple[Number, ...]:
    """Readings of all offices that may be meant, of the office named if one is named."""
    text = _normalise(written)
    if damaged(text) or not any(c.isdigit() for c in text):
        return ()
    if (pct := _PCT.search(text)) and pct[3].strip("0"):
        digits = f"{pct[1]}{_western_year(pct[2])}{pct[3].zfill(6)}"
        return (Number("WO", Role.pct, digits, None, written),)
    if role is Role.priority and (filed := _as_docdb(text, office)):
        right = "U" if filed[0] == "JP" and text.endswith("U") else None
        return (Number(filed[0], Role.application, filed[1], right, written),)
    named, rest = _take_office(text)
    if named is None and office is None:
        named = "JP" if any(word in rest for word in _JAPANESE) else "KR" if _KOREAN_WORDS.search(rest) else None
    parts = _take_words(rest, kind)
    # what a column says about a number goes before what its kind suggests; "publication" may be of a grant
    if role is not None and role is not Role.publication:
        parts = replace(parts, role=Role.application if role in (Role.priority, Role.parent) else role)
    if parts.kind == "W" and named and _is_year(parts.joined[:4]):  # as vendors write PCT: US 2012/061234 W
        serial = parts.joined[4:].lstrip("0").zfill(6)
        return (Number("WO", Role.pct, named + parts.joined[:4] + serial, None, written),)
    made: dict[tuple[str, Role, str], Number] = {}
    known = named or office
    for tried in (known,) if known else _likely_offices(parts):
        for reading in _READERS.get(tried, _read_other)(parts):
            if _is_blank(tried, reading):
                continue
            key = (tried, reading.role, reading.digits)
            made.setdefault(key, Number(tried, reading.role, reading.digits, kind or reading.kind, written))
    return tuple(made.values())


def _is_blank(office: str, reading: _Reading) -> bool:
    """Whether its serial is noughts: they fill a column that has no number, and would join strangers."""
    if office == "US" and reading.role is Role.grant:
        return not reading.digits.strip("0")  # 10,000,000 is a patent
    pattern, _ = _SHAPES.get((office, len(reading.digits)), (r"(.*)", ""))
    found = re.fullmatch(pattern, reading.digits)
    return found is None or not found[found.re.groups].strip("0")


def _normalise(written: str) -> str:
    text = unicodedata.normalize("NFKC", written).upper()
    text = _DASHES.sub("-", text).strip().strip("*\"'").strip().rstrip(",;.")
    text = re.sub(r"\.(PDF|XML|TXT|ZIP)$", "", text)
    text = _SPACED_DASH.sub("-", text)
    text = _in_japanese(_kind_behind(text))
    if re.match(r"EP\d{4}/\d{6}$", text):  # as vendors write PCT/EP2013/062345
        text = f"PCT/{text}"
    text = _DATED.sub(r"\1", text)
    return re.sub(r"^(\d{7,})\.0$", r"\1", text)  # a whole number that passed through a spreadsheet


def _as_docdb(text: str, office: str | None) -> tuple[str, str] | None:
    """Office and digits of a priority as DOCDB and its vendors write it; None for any other spelling.

    The series of a US number cannot be told from its year: year and serial are kept (families.py finds the series).
    """
    if office and not re.match(r"[A-Z]{2}\s?\d", text):
        text = office + text
    if found := _DOCDB.fullmatch(text):
        country, serial, year = found[1], found[2], int(_western_year(found[3]))
        if country == "US":
            return country, f"{year}{serial.zfill(6)}"
        if year < 2000 and len(serial) >= 3:
            era, first = ("H", 1988) if year > 1988 else ("S", 1925)
            return country, f"{era}{year - first:02}{serial.zfill(6)}"
    if found := _US_YEAR_FIRST.fullmatch(text):
        return "US", f"{found[1]}{found[2][-6:]}"
    return None


def _kind_behind(text: str) -> str:
    """``KR-B1-101314187`` as ``KR 101314187 B1``."""
    found = _KIND_INSIDE.match(text)
    return f"{found[1]} {text[found.end() :]} {found[2]}" if found else text


def _in_japanese(text: str) -> str:
    """A Japanese number with its words in Hangul, with the words Japan prints; any other text as it is."""
    for word, printed in _KOREAN_JAPANESE.items():
        found = re.search(rf"{word}\s?([평소령]?)\s?(?=\d)", text)
        if found and (found[1] or word == "특개" or "일본" in text or text.startswith("JP")):
            before = text[: found.start()].replace("일본", "")
            before = re.sub("공개특허공보|공개특허|특허공보|특허", "", before)
            return f"{before}{printed}{_KOREAN_ERAS.get(found[1], '')}{text[found.end() :]}"
    return text


def _take_office(text: str) -> tuple[str | None, str]:
    text = re.sub(r"^U\.\s?S\.", "US", text)
    if re.match(r"ZL\s?\d", text):  # how China writes the number of a granted patent: that of its application
        return "CN", text
    match = _PREFIXED.match(text)
    if match and match[1] in OFFICES:
        return match[1], text[2:]
    if re.match(r"IT\s?[A-Z]{2}\s?\d{8}", text):  # Italy counts by province: ITLI20050005
        return "IT", text[2:]
    match = _ROLE_FIRST.match(text)
    if match and match[2] in OFFICES:
        return match[2], f"{match[1]} {text[match.end() :]}"
    for word, office in _OFFICE_WORDS.items():
        if word in text:
            return office, text.replace(word, "", 1)
    return None, text


def _take_words(text: str, kind: str | None) -> _Parts:
    """Role, kind and type as the words around the digits tell them."""
    role, is_utility_model = None, "실용" in text or bool(re.match(r"실\s*\d", text))
    for word, (its_role, its_kind) in _JAPANESE.items():
        if word in text:
            era = re.search(r"[平昭令].*", text)
            body = era[0] if era else text.partition(word)[2]
            return _Parts(*_split_kind(body, kind or its_kind), its_role, is_utility_model=word.startswith("実"))
    if "공고" in text:
        role, kind = Role.publication, kind or ("Y" if is_utility_model else "B")
    elif "공개" in text or "특표" in text:
        role = Role.publication
    elif "출원" in text:
        role = Role.application
    elif "등록" in text:
        role = Role.grant
    else:
        role = next((its_role for pattern, its_role in _ENGLISH_ROLES if pattern.search(text)), None)
    body = re.sub(r"[가-힣()（）:#]+", " ", text)
    body = re.sub(
        r"\b(?:PAT|PATENT|PATENTS|APPL|APPLN|APPLICATION|PUB|PUBL|PUBLICATION|GRANT|SER|SERIAL|NO|NOS)\b\.?", " ", body
    )
    body, kind = _split_kind(body, kind)
    is_utility_model = is_utility_model or bool(kind and kind[0] in "UY")
    return _Parts(body, kind, role, is_utility_model, is_gazette_style=bool(re.match(r"[특실]\s*\d", text)))


def _split_kind(body: str, kind: str | None) -> tuple[str, str | None]:
    body = body.strip(" -_.")
    if match := _KIND.search(body):
        body, kind = body[: match.start()], kind or match[1]
    return body.strip(" -_"), kind


def _likely_offices(parts: _Parts) -> tuple[str, ...]:
    """Which offices a bare number may come from; one office where its shape tells it."""
    return next((offices for shape, offices in _BARE if re.fullmatch(shape, parts.body)), ())


# one reader per office: parts -> readings, likeliest first


def _read_kr(parts: _Parts) -> Iterator[_Reading]:
    groups, joined, kind = parts.groups, parts.joined, parts.kind
    utility = "20" if parts.is_utility_model else "10"
    typed = groups[0] in {"10", "20", "30", "40"} if groups else False
    if len(groups) == 3 and typed and _is_year(groups[1]):
        yield from _kr_filed(groups[0], groups[1], groups[2], parts)
    elif len(groups) == 2 and len(groups[1]) <= 7 and not typed and len(groups[0]) in (2, 4):
        yield from _kr_filed(utility, str(_western_year(groups[0])), groups[1], parts)
    elif typed and len(groups[1:]) in (1, 2) and len(groups[1]) <= 7 and groups[2:] in ([], ["0000"]):
        yield _Reading(Role.grant, groups[0] + groups[1].zfill(7), kind)
    elif len(joined) == 13:
        yield from _kr_thirteen(joined, parts)
    elif len(joined) == 11 and _is_year(joined[:4]):
        yield from _kr_filed(utility, joined[:4], joined[4:], parts)
    elif len(joined) == 9 and joined[:2] in {"10", "20", "30", "40"}:
        yield _Reading(Role.grant, joined, kind)
    elif len(joined) == 9 and joined[:2] >= "46":  # examined publications of the 20th century: 96 0001234 B1
        yield from _kr_filed(utility, f"19{joined[:2]}", joined[2:], parts)
    elif len(groups) == 1 and 5 <= len(joined) <= 7:
        yield _Reading(Role.grant, utility + joined.zfill(7), kind)


def _kr_thirteen(joined: str, parts: _Parts) -> Iterator[_Reading]:
    """Thirteen digits are type, year, serial, or a grant number followed by four zeros."""
    year, serial = joined[2:6], int(joined[6:])
    # serials: patents up to some 300,000 a year, national phases of PCT applications from 7,000,001
    is_filed = _is_year(year) and (serial < 1_000_000 or serial >= 5_000_000)
    if is_filed and int(year) <= datetime.now(UTC).year:
        yield from _kr_filed(joined[:2], year, joined[6:], parts)
    if joined.endswith("0000"):
        yield _Reading(Role.grant, joined[:9], parts.kind)


def _kr_filed(type_: str, year: str, serial: str, parts: _Parts) -> Iterator[_Reading]:
    if not _is_year(year):
        return
    digits = type_ + year + serial.zfill(7)
    both = (Role.publication, Role.application) if parts.is_gazette_style else (Role.application, Role.publication)
    for role in _roles(parts, published="ABUY", both=both):
        yield _Reading(role, digits, parts.kind)


def _read_us(parts: _Parts) -> Iterator[_Reading]:
    joined, kind = parts.joined, parts.kind
    prefix = next((p for p in _US_PREFIXES if re.match(rf"{p}[\s.]*\d", parts.body)), "")
    if not prefix and kind:
        prefix = {"S": "D", "E": "RE", "P": "PP", "H": "H"}.get(kind[0], "") if len(joined) <= 8 else ""
        prefix = "" if kind in {"P1", "P4", "P9"} else prefix  # published applications of plant patents
    if prefix:
        yield _Reading(Role.grant, prefix + joined.lstrip("0"), kind)
    elif len(joined) == 12 and _is_year(joined[:4]):  # as vendors write applications: year, series, serial
        yield _Reading(Role.application, joined[4:], None)
    elif len(joined) in (10, 11) and _is_year(joined[:4]):
        yield _Reading(Role.publication, joined[:4] + joined[4:].zfill(7), kind)
    elif re.match(r"\d{2}/", parts.body) and len(joined) <= 8:
        yield _Reading(Role.application, joined[:2] + joined[2:].zfill(6), None)
    elif len(joined) <= 8:
        both = {
            Role.grant: _Reading(Role.grant, joined.lstrip("0"), kind),
            Role.application: _Reading(Role.application, joined.zfill(8), None),
        }
        if parts.role in both:
            yield both[parts.role]
        else:
            yield both[Role.grant]
            if len(joined) == 8 and not (kind and kind[0] == "B"):
                yield both[Role.application]


def _read_wo(parts: _Parts) -> Iterator[_Reading]:
    groups, joined = parts.groups, parts.joined
    if len(groups) == 2 and len(groups[0]) in (2, 4):
        year, serial = groups
    elif len(joined) in (9, 10) and _is_year(joined[:4]):
        year, serial = joined[:4], joined[4:]
    elif len(joined) in (7, 8):
        year, serial = joined[:2], joined[2:]
    else:
        return
    if len(serial) <= 6 and _is_year(str(_western_year(year))):
        yield _Reading(Role.publication, f"{_western_year(year)}{serial.zfill(6)}", parts.kind)


def _read_ep(parts: _Parts) -> Iterator[_Reading]:
    filed = re.fullmatch(r"(\d{8})(?:\.\d)?", parts.body.replace(" ", ""))
    if filed:
        yield _Reading(Role.application, filed[1], None)
    elif parts.role is Role.application and len(parts.joined) == 10 and _is_year(parts.joined[:4]):
        yield _Reading(Role.application, parts.joined[2:], None)
    elif len(parts.joined) <= 7 and "." not in parts.body:
        digits = parts.joined.zfill(7)
        if parts.role is Role.application:
            yield _Reading(Role.application, parts.joined.zfill(8), None)
        for role in _roles(parts, published="A", granted="B", both=(Role.publication, Role.grant)):
            yield _Reading(role, digits, parts.kind)


def _read_jp(parts: _Parts) -> Iterator[_Reading]:
    digits = _jp_filed(parts)
    if digits is not None:
        for role in _roles(parts, published="ABUYX"):
            yield _Reading(role, digits, parts.kind)
    elif len(parts.groups) >= 1 and 5 <= len(parts.joined) <= 7:
        yield _Reading(Role.grant, parts.joined.lstrip("0"), parts.kind)


def _jp_filed(parts: _Parts) -> str | None:
    """Year (or era and year) and six digits; None for the running number of a granted patent."""
    groups, joined = parts.groups, parts.joined
    era = next((letter for c, letter in _ERAS.items() if c in parts.body), "")
    if parts.body.startswith("WO") and len(joined) == 10:
        return f"WO{joined}"
    if len(groups) == 2 and len(groups[1]) <= 6 and len(groups[0]) in (1, 2, 4):
        year, serial = groups
        if parts.kind == "A1" and len(year) == 4 and not era:  # 再公表: the WO number stands for the publication
            return f"WO{year}{serial.zfill(6)}"
    elif len(groups) == 1 and len(joined) in (9, 10) and _is_year(joined[:4]):
        year, serial = joined[:4], joined[4:]
    elif len(groups) == 1 and len(joined) == 7 and _era_has(era, joined[:2]):  # JPS6025636A: two digits and five
        year, serial = joined[:2], joined[2:]
    elif len(groups) == 1 and len(joined) in (7, 8) and (era or (len(joined) == 8 and parts.kind)):
        year, serial = joined[:-6], joined[-6:]
    else:
        return None
    serial = serial.zfill(6)
    if len(year) == 4:
        return year + serial if _is_year(year) else None
    # published applications begin in Showa 46; Heisei 12 is 2000, when the office turned to western years
    era = era or ("S" if int(year) >= 46 else "H")
    western = _ERA_YEAR_0[era] + int(year)
    return f"{western}{serial}" if western >= 2000 else f"{era}{year.zfill(2)}{serial}"


def _era_has(era: str, year: str) -> bool:
    """Whether applications were published in that year of the era: Showa 46 to 64, Heisei 1 to 12."""
    return (era == "S" and "46" <= year <= "64") or (era == "H" and "01" <= year <= "12")


def _read_cn(parts: _Parts) -> Iterator[_Reading]:
    filed = re.fullmatch(r"(?:ZL)?(\d{12}|\d{8})\.?[\dX]?", parts.body.replace(" ", ""))
    if filed and (len(filed[1]) == 12 or "." in parts.body):
        yield _Reading(Role.application, filed[1], None)
        return
    digits = parts.joined
    if (
        len(digits) == 10 and "1985" <= digits[:4] <= "2003"
    ):  # as vendors write the eight digits of old ones: 1991 108668
        digits = digits[2:]
        if parts.role is Role.application:
            yield _Reading(Role.application, digits, None)
    if 7 <= len(digits) <= 9:
        for role in _roles(parts, published="A", granted="BCUYS", both=(Role.publication, Role.grant)):
            yield _Reading(role, digits, parts.kind)


def _read_de(parts: _Parts) -> Iterator[_Reading]:
    filed = _DE_CHECKED.fullmatch(parts.body.replace(" ", ""))
    if filed:
        yield _Reading(Role.application, filed[1], None)
    else:
        yield from _read_other(parts)


def _read_tw(parts: _Parts) -> Iterator[_Reading]:
    """Grants carry a letter (I invention, M utility model, D design); publications begin with the western year."""
    joined = parts.joined
    granted = re.fullmatch(r"([IMD])\s?(\d{6})", parts.body)
    if granted:
        yield _Reading(Role.grant, granted[1] + granted[2], parts.kind)
    elif len(joined) == 9 and _is_year(joined[:4]):
        for role in _roles(parts, published="A", granted="BU", both=(Role.publication, Role.application)):
            yield _Reading(role, joined, parts.kind)
    else:
        yield from _read_other(parts)


def _read_other(parts: _Parts) -> Iterator[_Reading]:
    digits = re.sub(r"[^0-9A-Z]", "", parts.body)
    if len(parts.joined) >= 4 and len(digits) <= 16:
        both = (Role.publication, Role.grant, Role.application)
        for role in _roles(parts, published="AU", granted="BCEYTS", both=both):
            yield _Reading(role, digits, parts.kind)


_READERS: dict[str, Callable[[_Parts], Iterator[_Reading]]] = {
    "KR": _read_kr, "US": _read_us, "WO": _read_wo, "EP": _read_ep, "JP": _read_jp, "CN": _read_cn,
    "DE": _read_de, "TW": _read_tw,
}  # fmt: skip


def _roles(
    parts: _Parts,
    *,
    published: str,
    granted: str = "",
    both: tuple[Role, ...] = (Role.application, Role.publication),
) -> tuple[Role, ...]:
    """The roles a number may play: what its words say, else what its kind says, else all of ``both``."""
    if parts.role in both:
        return (parts.role,)
    letter = parts.kind[0] if parts.kind else ""
    if letter and letter in granted:
        return (Role.grant,)
    if letter and letter in published:
        return (Role.publication,)
    return both


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdigit() and _FIRST_YEAR <= int(digits) <= datetime.now(UTC).year + 1


def _western_year(digits: str) -> int:
    """Two digits belong to 1946-2045: no office that writes them so is older."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return 1900 + year if year >= 46 else 2000 + year
