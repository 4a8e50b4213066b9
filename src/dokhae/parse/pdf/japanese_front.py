"""The front page of a Japanese gazette and its continuation at the end -> bibliographic data, numbers, title, abstract.

In: the running heads, the lines before the claims, and those after フロントページの続き.  Out: a ``FrontPage``.  Codes:
WIPO ST.9; patents.md section 1.  Never guesses a kind: it is the one of the running head.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dokhae.parse.numbers import read_number
from dokhae.parse.pdf.pages import Line, after_prefix
from dokhae.parse.pdf.writer import Ends
from dokhae.types import Biblio, Number, Party, Role

_HEAD = re.compile(r"JP\s?([\dHSRWO/-]+)\s?([A-Z]\d?)\s?(\d{4})\.(\d{1,2})\.(\d{1,2})")
_CODE = re.compile(r"[(（]\s?(\d\d)\s?[)）]\s*")
_NAME = re.compile(
    r"(?:【?発明の名称】?|【?考案の名称】?|出願人|発明者|考案者|特許権者|実用新案権者|代理人|出願番号|出願日|公開日|公表日|発行日"
    r"|登録日|優先権主張番号|優先日|優先権主張国|指定国|【?要約】?|参考文献|国際出願番号|国際公開番号|国際公開日|分割の表示"
    r"|Int\.\s?Cl\.?)\s*"
)
# what OCR leaves of "(72)発明者"
_SPOILT = re.compile(r"\W{0,2}\d{0,2}\W{0,2}\s*(?P<name>\S\s?\S\s?\S\s?\S?)")
_CODES = {
    "出願番号": "21", "出願日": "22", "出願人": "71", "発明者": "72", "考案者": "72", "特許権者": "73", "代理人": "74",
    "優先権主": "31", "優先日": "32", "公開日": "43", "発明の名": "54", "【発明の": "54",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[.年]\s?(\d{1,2})[.月]\s?(\d{1,2})")
_CLASS = re.compile(r"([A-HY]\s?\d\s?\d\s?[A-Z])\s*(\d{1,4}/\d{2,6})")
_TOTAL = re.compile(r"請求項の数\s*(\d{1,4})")
_F_TERM = re.compile(r"[FＦ]ターム")
_ID = re.compile(r"\d{9}$")
_SIDE_NOTE = re.compile(r"[(（](?:修正有|修正あり)[)）]")
_ABSTRACT_PART = re.compile(r"【(?:課題|解決手段|目的|構成|効果|要約)】")
_FIGURE = re.compile(r"【選択図】|最終頁に続く")
_PLACES = {
    "大韓民国": "KR", "韓国": "KR", "アメリカ": "US", "米国": "US", "中華人民共和国": "CN",
    "中国": "CN", "台湾": "TW", "ドイツ": "DE", "フランス": "FR", "イギリス": "GB",
    "英国": "GB", "スイス": "CH", "オランダ": "NL", "イタリア": "IT", "スウェーデン": "SE",
    "フィンランド": "FI", "カナダ": "CA", "オーストリア": "AT", "ベルギー": "BE", "シンガポール": "SG",
    "イスラエル": "IL", "オーストラリア": "AU", "インド": "IN", "デンマーク": "DK",
}  # fmt: skip
_JAPAN = re.compile(r"(?:東京都|北海道|京都府|大阪府|\S{2,3}県)")
_ROLES = {"A": Role.publication, "B": Role.grant, "U": Role.grant, "Y": Role.publication}


@dataclass(frozen=True)
class FrontPage:
    """What the front page says.  title, abstract: their lines, one tuple a paragraph."""

    title: tuple[Line, ...]
    abstract: tuple[tuple[Line, ...], ...]
    biblio: Biblio
    numbers: tuple[Number, ...]
    number: Number | None
    category: str


def read_front(heads: Sequence[str], first: Sequence[Line], tail: Sequence[Line], ends: Ends) -> FrontPage:
    """The front page of one gazette."""
    head = Counter(m.groups() for text in heads if (m := _HEAD.search(_plain(text)))).most_common(1)
    number, printed_on = _own(head[0][0]) if head else (None, None)
    fields = _fields([*first, *tail])
    title = _title(fields.get("54", []))
    numbers = tuple(n for n in (number, *_others(fields)) if n is not None)
    kind = number.kind or "" if number else ""
    return FrontPage(
        title=title,
        abstract=tuple(_abstract(fields.get("57", []))),
        biblio=_biblio(fields, ends.join(title).text, kind, printed_on),
        numbers=tuple(dict.fromkeys(numbers)),
        number=number,
        category="utility_model" if kind[:1] in ("U", "Y") else "invention",
    )


def _plain(text: str) -> str:
    """``text`` with full-width digits and letters made plain: for reading, never for keeping."""
    return unicodedata.normalize("NFKC", text)


def _own(head: tuple[str, ...]) -> tuple[Number | None, date | None]:
    written, kind, *day = head
    role = _ROLES.get(kind[:1], Role.publication)
    number = read_number(f"JP {written} {kind}", office="JP", role=role, kind=kind)
    return number, _day(*day)


def _fields(lines: Sequence[Line]) -> dict[str, list[Line]]:
    fields: dict[str, list[Line]] = {}
    key = ""
    for line in lines:
        text = _plain(line.text)
        code = _CODE.match(text)
        if code:
            key = _by_name(text[code.end() :]) or code[1]
        elif spoilt := _by_name(text):
            key = spoilt
        elif _F_TERM.match(text):
            key = "F"
        elif text.startswith("【発明の名称】"):
            key = "54"
        if _TOTAL.search(text) or "最終頁に続く" in text:
            fields.setdefault("notes", []).append(line)
            continue
        rest = after_prefix(line, code.end()) if code and len(text) == len(line.text) else line
        if rest is not None:
            fields.setdefault(key, []).append(rest)
    return fields


def _by_name(text: str) -> str:
    """The code of the field whose name stands at the start of a line: OCR misreads the code, not the name."""
    found = _SPOILT.match(text)
    name = re.sub(r"\s", "", found["name"]) if found else ""
    return next((code for word, code in _CODES.items() if name.startswith(word)), "")


def _title(lines: Sequence[Line]) -> tuple[Line, ...]:
    found = []
    for line in lines:
        name = _NAME.match(line.text)
        rest = after_prefix(line, name.end()) if name else line
        if rest is not None:
            found.append(rest)
    return tuple(found)


def _abstract(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    run: list[Line] = []
    first = next((i for i, line in enumerate(lines) if "【要約】" in line.text or _ABSTRACT_PART.match(line.text)), 0)
    for line in lines[first:]:  # before it: what OCR took the drawing beside it for
        if _FIGURE.match(line.text):
            break
        text = _SIDE_NOTE.sub("", line.text)
        is_part = _ABSTRACT_PART.match(text)
        if is_part and run:
            yield tuple(run)
            run = []
        if is_part and is_part[0] == "【要約】":
            rest = (
                after_prefix(line, len(line.text) - len(text.removeprefix("【要約】").lstrip()))
                if text[4:].strip()
                else None
            )
        else:
            rest = line
        if rest is not None and _SIDE_NOTE.sub("", rest.text).strip():
            run.append(rest)
    if run:
        yield tuple(run)


def _others(fields: dict[str, list[Line]]) -> Iterator[Number | None]:
    for code, role in (("21", Role.application), ("62", Role.parent)):
        for found in re.findall(r"特願(?:平|昭)?\s?\d+-\s?\d+", _text(fields, code))[:1]:
            yield read_number(found, office="JP", role=role)
    for found in re.findall(r"特(?:開|表)(?:平|昭)?\s?\d+-\s?\d+", _text(fields, "65"))[:1]:
        yield read_number(found, office="JP", role=Role.publication, kind="A")
    for found in re.findall(r"PCT/[A-Z]{2}\d{4}/\d{5,6}", _text(fields, "86")):
        yield read_number(found, role=Role.pct)
    for found in re.findall(r"WO\s?\d{4}/\d{5,6}", _text(fields, "87")):
        yield read_number(found, role=Role.publication)
    offices = re.findall(r"\(([A-Z]{2})\)", _text(fields, "33"))
    for index, found in enumerate(re.findall(r"\S*\d[\d/,-]{5,}", _text(fields, "31"))):
        office = offices[min(index, len(offices) - 1)] if offices else None
        yield read_number(found, office=office, role=Role.priority)


def _text(fields: dict[str, list[Line]], *keys: str) -> str:
    return _plain("\n".join(line.text for key in keys for line in fields.get(key, [])))


def _biblio(fields: dict[str, list[Line]], title: str, kind: str, printed_on: date | None) -> Biblio:
    total = _TOTAL.search(_text(fields, "notes"))
    owners = tuple(_parties(fields.get("73", [])))
    is_grant = kind[:1] == "B"
    priorities = [_date(found) for found in _text(fields, "32").split("\n")]
    f_terms = " ".join(re.findall(r"\d[A-Z]\d{3}(?: [A-Z]{2}\d\d)+", _text(fields, "F").replace("\n", " ")))
    return Biblio(
        titles=(("ja", title),) if title else (),
        application_date=_date(_text(fields, "22")),
        publication_date=None if is_grant else printed_on or _date(_text(fields, "43")),
        grant_date=(_date(_text(fields, "24")) or printed_on) if is_grant else None,
        priority_date=min((day for day in priorities if day), default=None),
        applicants=tuple(_parties(fields.get("71", []))) or owners,
        owners=owners,
        inventors=tuple(_parties(fields.get("72", []))),
        agents=tuple(_parties(fields.get("74", []))),
        ipc=_classes(_text(fields, "51")),
        printed_claims=int(total[1]) if total else None,
        supplied=(("Fターム", f_terms),) if f_terms else (),
    )


def _classes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{re.sub(' ', '', found[1])} {found[2]}" for found in _CLASS.finditer(text)))


def _parties(lines: Sequence[Line]) -> Iterator[Party]:
    """An entry is opened by its name of field ("発明者"), its first lines are the name, the rest the address."""
    name, is_address, country = "", False, ""
    for line in [*lines, None]:
        opened = _NAME.match(line.text) if line else None
        if (line is None or opened) and name:
            yield Party(name, country)
            name, country = "", ""
        if line is None:
            return
        if opened:
            is_address = False
        text = line.text[opened.end() if opened else 0 :].strip()
        place = _place(text)
        is_address = is_address or bool(name and place)
        if is_address:
            country = country or place
        elif text and not _ID.match(_plain(text)):
            name = f"{name} {text}".strip().removeprefix("弁理士 ")


def _place(text: str) -> str:
    if _JAPAN.match(text):
        return "JP"
    return next((code for name, code in _PLACES.items() if text.startswith(name)), "")


def _date(text: str) -> date | None:
    found = _DATE.search(_plain(text))
    return _day(*found.groups()) if found else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
