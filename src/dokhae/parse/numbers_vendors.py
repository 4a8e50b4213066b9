"""Numbers as databases reshape them (Thomson, DOCDB, The Lens) -> ``Number``, where that can be undone.

In: a number that ``numbers.read_number`` does not know.  Out: its reading, or None.  Only what one rule turns back into
one number: "US1996653037A" leaves the series of the application open and stays unread.
Source: the exports of the sample data; WIPO ST.13 for Chinese, ST.10/C for Japanese years.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dokhae.parse.numbers import OFFICES, read_number
from dokhae.types import Number, Role

_FILED = (Role.application, Role.priority, Role.parent, Role.pct)
_OFFICE_FIRST = re.compile(r"([A-Z]{2})\s?([A-Z]{1,2}\d{4}.*)$")
_DAY_LAST = re.compile(r"(?<=\s[A-Z])\s(?:18|19|20)\d{6}$")


def read_vendors_number(written: str, *, office: str | None, role: Role | None, kind: str | None) -> Number | None:
    """The number behind a vendor's spelling.

    >>> read_vendors_number("WO1998US23231A", office=None, role=Role.application, kind=None).digits
    'US1998023231'
    >>> read_vendors_number("KR2014042398A", office=None, role=Role.publication, kind=None).compact
    'KR1020140042398A'
    """
    text = " ".join(written.upper().split())
    for pattern, roles, respell in _SPELLINGS:
        match = pattern.fullmatch(text)
        if match and (role in roles or not roles) and (respelt := respell(match)):
            found = read_number(respelt, role=role, kind=kind)
            return found and replace(found, written=written)
    match = _OFFICE_FIRST.match(_DAY_LAST.sub("", text))
    # "IT BO2013…" is of Bologna, not of Bolivia
    if match and match[1] in OFFICES and match[2][:2] not in OFFICES and office in (None, match[1]):
        found = read_number(match[2], office=match[1], role=role, kind=kind)
        return found and replace(found, written=written)
    return None


def _pct(match: re.Match[str]) -> str:
    return f"PCT/{match['office']}{match['year']}/{match['serial'].zfill(6)}"


def _european(match: re.Match[str]) -> str:
    return f"EP{match['year'][2:]}{match['serial'].zfill(6)}"


def _korean(match: re.Match[str]) -> str:
    if int(match["year"]) > datetime.now(UTC).year:
        return ""
    type_ = "20" if match["kind"][0] in "UY" else "10"
    return f"KR {type_}-{match['year']}-{match['serial'].zfill(7)} {match['kind']}"


def _japanese(match: re.Match[str]) -> str:
    year = int(match["year"])
    western = year if year > 99 else year + (1925 if year >= 46 else 1988)
    if western >= 2000:
        return f"JP{western}-{match['serial']}"
    era, n = ("S", western - 1925) if western <= 1988 else ("H", western - 1988)
    return f"JP{era}{n:02}-{match['serial']}"


def _chinese(match: re.Match[str]) -> str:
    """With its check digit, which tells that it is an application: 89103458 -> 89103458.1."""
    digits = match["digits"]
    n = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 10), strict=True)) % 11
    return f"CN{digits}.{'X' if n == 10 else n}"


def _chinese_docdb(match: re.Match[str]) -> str:
    return f"CN{match['year']}{match['type']}0{match['serial']}"


_Spelling = tuple[re.Pattern[str], tuple[Role, ...], Callable[[re.Match[str]], str]]
# what it looks like, in which roles (empty: any), the office's own spelling
_SPELLINGS: tuple[_Spelling, ...] = (
    (re.compile(r"WO(?P<year>(?:19|20)\d\d)(?P<office>[A-Z]{2})(?P<serial>\d{1,6})[AW]?"), _FILED, _pct),
    (re.compile(r"(?P<office>IB) ?(?P<year>(?:19|20)\d\d)(?P<serial>\d{6}) ?W?"), _FILED, _pct),
    (re.compile(r"EP(?P<year>(?:19|20)\d\d)(?P<serial>\d{5})A?"), _FILED, _european),
    (re.compile(r"EP(?P<year>(?:19|20)\d\d)0(?P<serial>\d{6})"), _FILED, _european),
    # nine digits are a grant, unless they begin with a year no type of right begins with
    (re.compile(r"KR(?P<year>19\d\d)(?P<serial>\d{5,6})(?P<kind>[ABUY]\d?)"), (), _korean),
    (re.compile(r"KR(?P<year>20\d\d)(?P<serial>\d{6})(?P<kind>[ABUY]\d?)"), (), _korean),
    (re.compile(r"JP(?P<year>\d\d)(?P<serial>\d{6})"), (Role.publication,), _japanese),
    (re.compile(r"JP(?P<year>(?:19|20)\d\d)0(?P<serial>\d{6})"), _FILED, _japanese),
    (re.compile(r"CN ?(?P<digits>\d{8}) [AU]"), _FILED, _chinese),
    (re.compile(r"CN(?P<year>20\d\d)(?P<type>[1-389])(?P<serial>\d{6})"), _FILED, _chinese_docdb),
)
