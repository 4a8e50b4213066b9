"""Bibliographic elements shared by the XML formats: numbers, dates, parties, classes.

In: elements of ST.36 and its relatives (``document-id``, ``addressbook``, ``classification-ipcr``).  Out: ``Number``,
``date``, ``Party``, class symbols.  Never guesses: what does not fit is None or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import unescape
from typing import TypeVar

from lxml import etree

from dokhae.parse.numbers import read_number
from dokhae.parse.xml.text import line_of
from dokhae.types import Defect, Number, Party, Role

T = TypeVar("T")

_COUNT = re.compile("[0-9]{1,6}")
_NOT_SERIAL = re.compile(r"[^0-9A-Z]")
_US_DOCDB = re.compile(r"(\d{5,6})(\d\d)")
_FILED = frozenset({Role.application, Role.priority, Role.parent})
_IPC_SLASH = re.compile(r"^\s*([A-H]\d\d[A-Z])\s*0*(\d{1,4})\s*/\s*(\d{2,6})")
_IPC_COLUMNS = re.compile(r"^([A-H]\d\d[A-Z])([ \d]{2}\d)(\d{2,6})")
_IPC_CLOSED_UP = re.compile(r"^([A-H]\d\d[A-Z]) (\d)(\d\d)$")  # its columns lost a blank: "E03C 104"
_IPC_POSITION = re.compile(r"/\d{2,6}\s+\d{8}[AC]F")


def children(element: etree._Element | None, *tags: str) -> Iterator[etree._Element]:
    """Elements below ``element`` along the path ``tags``, in document order, whatever their namespace."""
    if element is None:
        return
    if not tags:
        yield element
        return
    for child in element.iterchildren(f"{{*}}{tags[0]}"):
        yield from children(child, *tags[1:])


def child(element: etree._Element | None, *tags: str) -> etree._Element | None:
    return next(children(element, *tags), None)


def text_at(element: etree._Element | None, *tags: str) -> str:
    """The text of the first element along ``tags`` on one line, "" where there is none."""
    return line_of(child(element, *tags))


def date_of(written: str) -> date | None:
    """20050104 -> a date; None for a month or a year alone (19460800).

    >>> date_of("20050104"), date_of("19460800")
    (datetime.date(2005, 1, 4), None)
    """
    digits = re.sub(r"\D", "", written)
    if len(digits) != 8:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def date_defects(**written: str) -> tuple[Defect, ...]:
    """A defect for each date of the document itself that names no day (20020231); none where nothing is written."""
    return tuple(
        Defect.of("date-unreadable", field=field, written=day)
        for field, day in written.items()
        if day and date_of(day) is None
    )


def count_of(written: str) -> int | None:
    """A printed total; None where none is written, or no number."""
    return int(written) if _COUNT.fullmatch(written) else None


def number_of(office: str, role: Role, written: str, *, kind: str = "", year: str = "") -> Number | None:
    """The number in its office's canonical digits; None where nothing is written.

    kind: of publications and grants only ("00" is how USPTO files say that it is not known).  year: of the date beside
    the number; DOCDB writes US application numbers as serial and year, without the series.

    >>> number_of("US", Role.grant, "D0456589", kind="S1").compact, number_of("WO", Role.pct, "PCTEP01/03690").digits
    ('USD456589S1', 'EP2001003690')
    >>> number_of("US", Role.application, "18173002", year="2002").digits
    '2002181730'
    """
    office, written, kind = office.strip().upper(), written.strip(), kind.strip().strip("0")
    if not written or not re.fullmatch("[A-Z]{2}", office):
        return None
    if office == "US" and year and role in _FILED and (docdb := _US_DOCDB.fullmatch(written)) and docdb[2] == year[2:4]:
        # the series cannot be told from the year alone: never pass it off as a number of another series
        return Number(office, role, year[:4] + docdb[1].zfill(6), None, written)
    known_kind = None if role in _FILED or role is Role.pct or not kind else kind
    found = read_number(written, office=office, role=role, kind=known_kind)
    if found is not None:
        return found
    serial = _NOT_SERIAL.sub("", written.upper()).removeprefix(office)
    return Number(office, role, serial, known_kind, written) if serial.strip("0") else None


def party_of(element: etree._Element) -> Party | None:
    """A party as written, given name first where the parts are told apart."""
    book = child(element, "addressbook")
    book = element if book is None else book
    parts = (text_at(book, part) for part in ("first-name", "middle-name", "last-name", "suffix"))
    person = " ".join(filter(None, parts))
    name = text_at(book, "orgname") or text_at(book, "name") or person
    country = (text_at(book, "address", "country") or text_at(element, "residence", "country")).upper()
    if not name:
        return None
    # "Johnson &amp;amp; Son": a name speaks of no markup
    return Party(unescape(name), country if re.fullmatch("[A-Z]{2}", country) else "")


def parties_of(elements: Iterable[etree._Element]) -> tuple[Party, ...]:
    return unique(party for element in elements if (party := party_of(element)))


def ipc_symbol(written: str) -> str:
    """An IPC symbol as "H04N 5/225" from any column layout, "" where it is none.

    >>> ipc_symbol("H01Q   1/27        20060101CFI20010522BHEP"), ipc_symbol("B60R 2234"), ipc_symbol("G06F015/16")
    ('H01Q 1/27', 'B60R 22/34', 'G06F 15/16')
    """
    match = _IPC_SLASH.match(written) or _IPC_COLUMNS.match(written) or _IPC_CLOSED_UP.match(written.strip())
    return f"{match.group(1)} {int(match.group(2))}/{match.group(3)}" if match else ""


def ipc_symbols(written: Iterable[str]) -> tuple[str, ...]:
    """The symbols of ``written``, the one marked first ("F") in front, doubles left out."""
    ordered = sorted(written, key=lambda symbol: not _IPC_POSITION.search(symbol))
    return unique(symbol for text in ordered if (symbol := ipc_symbol(text)))


def class_from_parts(element: etree._Element) -> str:
    """An IPC or CPC symbol whose parts stand in elements of their own."""
    parts = [text_at(element, part) for part in ("section", "class", "subclass", "main-group", "subgroup")]
    return "{}{}{} {}/{}".format(*parts) if all(parts) else ""


def unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
