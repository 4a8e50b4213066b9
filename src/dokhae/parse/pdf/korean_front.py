"""The front page of a Korean gazette -> bibliographic data, numbers, title and abstract.

In: the lines before the first heading of the description or claims, in reading order (the columns one after the other;
what "(뒷면에 계속)" puts on page 2 comes under its code again).  Out: a ``Front``.  Never guesses a kind: it is the one
printed in (12).  Codes: WIPO ST.9; patents.md, Korean gazette PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from dokhae.parse.headings import squeeze
from dokhae.parse.numbers import read_number
from dokhae.parse.pdf.line_ends import LineEnds
from dokhae.parse.pdf.pages import Line, after_prefix
from dokhae.types import Biblio, Number, Party, Role

_CODE = re.compile(r"\((\d\d)\)\s*")
_CONTINUED = "(뒷면에계속)"
_NAME_OF_FIELD = re.compile(
    r"(?:국제특허분류|CPC\s*특허분류|선행기술조사문헌|특허권자|실용신안권자|출원인|발명자|고안자|대리인"
    r"|발명의\s*명칭|고안의\s*명칭)(?:\s+|$|(?=\())"
)
_DATE = re.compile(r"(\d{4})[년.]\s*(\d{1,2})[월.]\s*(\d{1,2})일?")
_KR_NUMBER = re.compile(r"(?:[특실]\s?)?\d{2,4}-\d[\d-]{3,}")
_CLASS = re.compile(r"([A-HY]\d\d[A-Z])\s*(\d{1,4}/\d{1,6})")
_KIND = re.compile(r"(\S*공보)\s*\(([A-Z]\d?)\)")
_PROJECT = re.compile(
    r"(과제고유번호|과제번호|부처명|과제관리\(전문\)기관명|연구관리전문기관|연구사업명|연구과제명|기\s*여\s*율"
    r"|주관기관|과제수행기관명|연구기간)\s+"
)
_PRIORITY = re.compile(r"(?P<number>\S*\d\S*)\s+(?P<date>\d{4}년\d{1,2}월\d{1,2}일)\s*.*?\((?P<office>[A-Z]{2})\)")
_PROVINCE = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충청?[남북]|전라?[남북]|경상?[남북]|충청|전라|경상|전북|제주)\S*\s"
)
_COUNTRIES = {
    "일본": "JP", "미국": "US", "독일": "DE", "중국": "CN", "중화인민공화국": "CN", "대만": "TW", "타이완": "TW",
    "프랑스": "FR", "영국": "GB", "스위스": "CH", "네덜란드": "NL", "스웨덴": "SE", "핀란드": "FI", "이탈리아": "IT",
    "캐나다": "CA", "이스라엘": "IL", "오스트리아": "AT", "벨기에": "BE", "덴마크": "DK", "노르웨이": "NO",
    "호주": "AU", "오스트레일리아": "AU", "싱가포르": "SG", "인도": "IN", "홍콩": "HK", "스페인": "ES",
}  # fmt: skip
_CATEGORIES = {"실용신안": "utility_model", "디자인": "design", "의장": "design"}
# In sizes of the letters: lines of one entry (a long address) stand closer than this, entries wider.
_SAME_ENTRY = 1.3
# ... and lines of one paragraph of the abstract closer than this (1.4-1.7 seen; paragraphs 2.0 and more).
_NEW_PARAGRAPH = 1.8


@dataclass(frozen=True)
class Front:
    """What the front page says.  title, abstract: their lines, one tuple a paragraph."""

    title: tuple[Line, ...]
    abstract: tuple[tuple[Line, ...], ...]
    biblio: Biblio
    numbers: tuple[Number, ...]
    number: Number | None
    category: str


@dataclass
class _Fields:
    """The lines of each code; "abstract", "project", "notes" for what is printed without a code."""

    lines: dict[str, list[Line]] = field(default_factory=dict)

    def add(self, key: str, line: Line | None) -> None:
        if line is not None:
            self.lines.setdefault(key, []).append(line)

    def of(self, *keys: str) -> list[Line]:
        return [line for key in keys for line in self.lines.get(key, ())]

    def text(self, *keys: str) -> str:
        return "\n".join(line.text for line in self.of(*keys))


def read_front(lines: Sequence[Line], ends: LineEnds) -> Front:
    """The front page of one gazette."""
    fields = _fields(lines)
    numbers = tuple(_numbers(fields))
    own = next((number for number in numbers if _is_own(number, fields)), None)
    title = tuple(fields.of("54"))
    return Front(
        title=title,
        abstract=tuple(_paragraphs(fields.of("57"))),
        biblio=_biblio(fields, ends.join(title).text, ends),
        numbers=numbers,
        number=own,
        category=next((name for word, name in _CATEGORIES.items() if word in fields.text("12")), "invention"),
    )


def _is_own(number: Number, fields: _Fields) -> bool:
    return number.role in (Role.grant, Role.publication) and number.written in fields.text("11", "10")


def _fields(lines: Sequence[Line]) -> _Fields:
    fields = _Fields()
    key = continued = ""
    page = 1
    for line in lines:
        if line.page != page and continued == "57":
            # the rest of an abstract opens page 2 without a code
            key, continued = "57", ""
        page = line.page
        if "".join(line.text.split()) == _CONTINUED:
            continued = key
        elif code := _CODE.match(line.text):
            key = code[1]
            fields.add(key, _without_name(after_prefix(line, code.end())))
        else:
            opened = _opened_without_code(line)
            if opened in ("notes", "57"):
                fields.add("notes", line)
            key = opened if opened not in (None, "notes") else key
            if opened is None:
                fields.add(key, line)
    return fields


def _opened_without_code(line: Line) -> str | None:
    """The key a line without a code opens; "notes": complete in itself; None: it belongs to the field before."""
    squeezed = squeeze(line.text)
    if squeezed.startswith(("심사청구일자", "전체청구항수", "심사관", "는심사관에의하여", "심사관에의하여")):
        return "notes"
    if squeezed == "요약":
        return "57"
    if squeezed.startswith(("대표도", "색인어")):
        return "drawing"
    return "project" if squeezed == "이발명을지원한국가연구개발사업" else None


def _without_name(line: Line | None) -> Line | None:
    if line is None:
        return None
    if squeeze(line.text) == "요약":
        return None
    name = _NAME_OF_FIELD.match(line.text)
    return after_prefix(line, name.end()) if name else line


def _numbers(fields: _Fields) -> Iterator[Number]:
    kind = found[2] if (found := _KIND.search(fields.text("12"))) else None
    heading = fields.text("11", "10")
    own = Role.grant if "등록번호" in heading else Role.publication
    yield from _read(_KR_NUMBER.findall(heading)[:1], own, office="KR", kind=kind)
    for code, role in (("21", Role.application), ("65", Role.publication), ("62", Role.parent)):
        yield from _read(_KR_NUMBER.findall(fields.text(code)), role, office="KR")
    for priority in _PRIORITY.finditer(fields.text("30")):
        yield from _read([priority["number"]], Role.priority, office=priority["office"])
    yield from _read(re.findall(r"PCT/[A-Z]{2}\d{4}/\d{5,6}", fields.text("86")), Role.pct)
    yield from _read(re.findall(r"WO\s*\d{4}/\d{6}", fields.text("87")), Role.publication)


def _read(found: Sequence[str], role: Role, *, office: str | None = None, kind: str | None = None) -> Iterator[Number]:
    for written in found:
        number = read_number(written, office=office, role=role, kind=kind)
        if number is not None:
            yield number


def _biblio(fields: _Fields, title: str, ends: LineEnds) -> Biblio:
    is_publication = "공개" in fields.text("12")
    cited = _cited(fields)
    owners = tuple(_parties(fields.of("73"), ends))
    priorities = [_date(found["date"]) for found in _PRIORITY.finditer(fields.text("30"))]
    total = re.search(r"전체\s*청구항\s*수\s*:\s*총\s*(\d{1,4})\s*항", fields.text("notes"))
    return Biblio(
        titles=(("ko", title),) if title else (),
        application_date=_date(fields.text("22")),
        publication_date=_date(fields.text("43")),
        grant_date=None if is_publication else _date(fields.text("24")),
        priority_date=min((day for day in priorities if day), default=None),
        applicants=tuple(_parties(fields.of("71"), ends)) or owners,
        owners=owners,
        inventors=tuple(_parties(fields.of("72"), ends)),
        agents=tuple(Party(name) for name in re.split(r"\s*[,\n]\s*", fields.text("74")) if name),
        ipc=_classes(fields.text("51")),
        cpc=_classes(fields.text("52")),
        cites=tuple(document.rstrip("*").rstrip() for document in cited),
        printed_claims=int(total[1]) if total else None,
        supplied=tuple(_supplied(fields, cited, ends)),
    )


def _supplied(fields: _Fields, cited: Sequence[str], ends: LineEnds) -> Iterator[tuple[str, str]]:
    notes = fields.text("notes")
    if examiner := re.search(r"심사관\s*:\s*(.+)", notes):
        yield "심사관", examiner[1].strip()
    if requested := _date_after("심사청구일자", notes):
        yield "심사청구일자", requested.isoformat()
    if announced := _date(fields.text("45")):
        yield "공고일자", announced.isoformat()
    by_examiner = [document.rstrip("*").rstrip() for document in cited if document.endswith("*")]
    if by_examiner:
        yield "심사관 인용", "; ".join(by_examiner)
    entry: list[Line] = []
    for line in [*fields.of("project"), None]:
        if entry and (line is None or _PROJECT.match(line.text)):
            text = ends.join(entry, to_margin=False).text
            name = _PROJECT.match(text)
            if name:
                yield f"국가연구개발사업 {''.join(name[1].split())}", text[name.end() :]
            entry = []
        if line is not None:
            entry.append(line)


def _cited(fields: _Fields) -> list[str]:
    """The documents of (56) as printed; "*" at the end: cited by the examiner."""
    text = re.sub(r"\s+\*", "*", fields.text("56"))
    # a document number may break over a line: only a line that starts with an office or a word opens a new one
    text = re.sub(r"\n(?=\d)", " ", text)
    return [document.strip() for document in re.split(r",(?!\d{3})|\n", text) if re.search(r"\d", document)]


def _classes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{found[1]} {found[2]}" for found in _CLASS.finditer(text)))


def _parties(lines: Sequence[Line], ends: LineEnds) -> Iterator[Party]:
    """Names with their country: an entry is a name, the entry below it the address."""
    name = ""
    for entry in _entries(lines):
        text = ends.join(entry, to_margin=False).text
        country = _country(text) if name else ""
        if country or (name and re.search(r"\d", text)):
            yield Party(name, country)
            name = ""
            continue
        if name:
            yield Party(name)
        name = text
    if name:
        yield Party(name)


def _entries(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    entry: list[Line] = []
    for line in lines:
        if entry and not 0 < entry[-1].baseline - line.baseline < _SAME_ENTRY * line.size:
            yield tuple(entry)
            entry = []
        entry.append(line)
    if entry:
        yield tuple(entry)


def _country(address: str) -> str:
    if _PROVINCE.match(address):
        return "KR"
    return next((code for name, code in _COUNTRIES.items() if address.startswith(name)), "")


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """The paragraphs of the abstract: set further apart than its lines."""
    run: list[Line] = []
    for line in lines:
        if run and run[-1].page == line.page and run[-1].baseline - line.baseline > _NEW_PARAGRAPH * line.size:
            yield tuple(run)
            run = []
        run.append(line)
    if run:
        yield tuple(run)


def _date(text: str) -> date | None:
    found = _DATE.search(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _date_after(word: str, text: str) -> date | None:
    _, found, rest = text.partition(word)
    return _date(rest[:20]) if found else None
