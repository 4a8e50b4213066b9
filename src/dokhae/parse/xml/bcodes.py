"""Bibliographic data in B-codes (ST.32: ``SDOBI`` with B110, B140, B210 ...) -> numbers and ``Biblio``.

In: the root element of an EPO publication-server or Korean document.  Out: every number, the document's own first, and
the ``Biblio``.  What has no field of its own (opposition, correction, remarks, divisionals filed later) is kept as
supplied.  Source: WIPO ST.9 and ST.32; EPO, DTD ep-patent-document v1.0 to v1.5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from dokhae.parse.numbers import read_number
from dokhae.parse.xml.biblio import children, date_of, ipc_symbol, ipc_symbols, number_of, text_at, unique
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Biblio, Number, Party, Role

# as DOCDB writes PCT applications: EP2007050881, in older files JP0107711
_PCT = re.compile(r"([A-Z]{2})((?:19|20)\d{2}(?=\d{6}$)|\d{2}(?=\d{5}$))(\d+)")
# 7C 07C  29/44   A: edition, then the symbol with its section apart
_OLD_IPC = re.compile(r"^[^A-H]{0,6}([A-H])\s*(\d\d)\s*([A-Z])\s*(\d{1,4})\s*/\s*(\d{2,6})")
_CITED = re.compile(r"\s*([A-Z]{2})\s*-\s*([A-Z]\d?)?\s*-?\s*([A-Z]{0,2}[\d /.]+)$")
_US_SERIAL = re.compile(r"(\d{6})\s?P?")
_GRANTED = ("B", "C", "Y")


def titles_of(sdobi: etree._Element) -> tuple[tuple[str, str], ...]:
    """The titles by language in the order printed; B541 names the language of the B542 behind it."""
    found, lang = [], ""
    for element in children(sdobi, "B500", "B540"):
        for part in element:
            if tag_of(part) == "B541":
                lang = line_of(part).lower()
            elif tag_of(part) == "B542" and line_of(part):
                found.append((lang, line_of(part)))
    return tuple(found)


def numbers_of(root: etree._Element, sdobi: etree._Element) -> tuple[Number, ...]:
    return unique(number for number in _numbers(root, sdobi) if number is not None)


def biblio_of(root: etree._Element, sdobi: etree._Element, *, first: str) -> Biblio:
    """The ``Biblio``; titles in the language ``first`` come first."""
    owners = _parties(sdobi, "B730", "B731")
    is_grant = _own_role(root, sdobi) is Role.grant
    own = date_of(text_at(sdobi, "B100", "B140", "date") or root.get("date-publ") or "")
    published = date_of(text_at(sdobi, "B400", "B430", "date"))
    priorities = (date_of(text_at(day, "date") or line_of(day)) for day in children(sdobi, "B300", "B320"))
    return Biblio(
        titles=tuple(sorted(titles_of(sdobi), key=lambda title: title[0] != first)),
        application_date=_day(sdobi, "B200", "B220"),
        publication_date=published if is_grant else own or published,
        grant_date=(_day(sdobi, "B400", "B450") or own) if is_grant else None,
        priority_date=min((day for day in priorities if day), default=None),
        applicants=_parties(sdobi, "B710", "B711") or owners,
        owners=owners,
        inventors=_parties(sdobi, "B720", "B721"),
        agents=_parties(sdobi, "B740", "B741"),
        ipc=_ipc(sdobi),
        cpc=ipc_symbols(e.text or "" for e in sdobi.iter("{*}text") if _stands_in(e, "classification-cpc")),
        cites=tuple(_cites(sdobi)),
        supplied=tuple(_supplied(sdobi)),
    )


def _own_role(root: etree._Element, sdobi: etree._Element) -> Role:
    kind = text_at(sdobi, "B100", "B130") or root.get("kind") or ""
    return Role.grant if kind.startswith(_GRANTED) else Role.publication


def _numbers(root: etree._Element, sdobi: etree._Element) -> Iterator[Number | None]:
    office = text_at(sdobi, "B100", "B190") or root.get("country") or ""
    kind = text_at(sdobi, "B100", "B130") or root.get("kind") or ""
    own = text_at(sdobi, "B100", "B110") or root.get("doc-number") or ""
    yield number_of(office, _own_role(root, sdobi), own, kind=kind)
    yield number_of(office, Role.application, text_at(sdobi, "B200", "B210"))
    yield from _pct(sdobi)
    yield from _priorities(sdobi)
    for parent in children(sdobi, "B600", "B620", "parent", "pdoc"):
        yield number_of(office, Role.parent, text_at(parent, "dnum", "anum"))
        published = number_of(office, Role.publication, text_at(parent, "dnum", "pnum"))
        yield published and replace(published, role=Role.parent)


def _pct(sdobi: etree._Element) -> Iterator[Number | None]:
    filed = _PCT.fullmatch(text_at(sdobi, "B800", "B860", "B861", "dnum", "anum"))
    if filed:
        yield number_of("WO", Role.pct, f"PCT/{filed[1]}{filed[2]}/{filed[3]}")
    published = number_of("WO", Role.publication, text_at(sdobi, "B800", "B870", "B871", "dnum", "pnum"))
    # not a publication of this office: kept as the PCT number it is
    yield published and replace(published, role=Role.pct)


def _priorities(sdobi: etree._Element) -> Iterator[Number | None]:
    """B310, B320, B330 follow one another, once for each priority."""
    written, year = "", ""
    for part in (part for group in children(sdobi, "B300") for part in group):
        if tag_of(part) == "B310":
            written, year = line_of(part), ""
        elif tag_of(part) == "B320":
            year = (text_at(part, "date") or line_of(part))[:4]
        elif tag_of(part) == "B330":
            office = text_at(part, "ctry") or line_of(part)
            if pct := _PCT.fullmatch(written) if office == "WO" else None:
                yield number_of("WO", Role.priority, f"PCT/{pct[1]}{pct[2]}/{pct[3]}")
            elif office == "US" and year and (serial := _US_SERIAL.fullmatch(written)):
                # the series is not printed: the form DOCDB's serial and year are kept in
                yield Number(office, Role.priority, f"{year}{serial[1]}", None, written)
            else:
                yield number_of(office, Role.priority, written, year=year)


def _day(sdobi: etree._Element, *path: str) -> date | None:
    return date_of(text_at(sdobi, *path, "date") or text_at(sdobi, *path))


def _parties(sdobi: etree._Element, group: str, tag: str) -> tuple[Party, ...]:
    return unique(party for element in children(sdobi, "B700", group, tag) if (party := _party(element)))


def _party(element: etree._Element) -> Party | None:
    name = text_at(element, "snm") or text_at(element, "onm")
    given = text_at(element, "fnm")
    country = text_at(element, "adr", "ctry").upper()
    whole = f"{name}, {given}" if name and given else name
    return Party(whole, country if re.fullmatch("[A-Z]{2}", country) else "") if whole else None


def _ipc(sdobi: etree._Element) -> tuple[str, ...]:
    current = ipc_symbols(
        e.text or "" for e in sdobi.iter("{*}text") if _stands_in(e, "classification-ipcr") and e.text
    )
    old = [_old_symbol(e) for tag in ("B511", "B512", "B513") for e in children(sdobi, "B500", "B510", tag)]
    return unique(symbol for symbol in (*current, *old) if symbol)


def _old_symbol(element: etree._Element) -> str:
    match = _OLD_IPC.match(element.text or "")
    return f"{match[1]}{match[2]}{match[3]} {int(match[4])}/{match[5]}" if match else ipc_symbol(element.text or "")


def _stands_in(element: etree._Element, tag: str) -> bool:
    return tag_of(element.getparent()) == tag  # type: ignore[arg-type]  # a text element has a parent


def _cites(sdobi: etree._Element) -> Iterator[str]:
    """The documents of the search report; as written where the number is of no known shape."""
    for element in children(sdobi, "B500", "B560", "B561"):
        written = text_at(element, "text") or line_of(element)
        match = _CITED.match(written)
        number = match and read_number(f"{match[1]} {match[3].strip()}", office=match[1], kind=match[2])
        if written:
            yield number.compact if number else written


def _supplied(sdobi: etree._Element) -> Iterator[tuple[str, str]]:
    single = (
        ("published_as", ("B100", "B120", "B121")),
        ("published_as", ("B100", "B120", "B121EP")),
        ("search_report_date", ("B800", "B880", "date")),
        ("correction_date", ("B100", "B150", "B154", "date")),
    )
    for name, path in single:
        if value := text_at(sdobi, *path):
            yield name, value
    own, mentioned = _day(sdobi, "B100", "B140"), _day(sdobi, "B400", "B450")
    if own and mentioned and own != mentioned:  # a B2 or B9 appears long after the grant it amends
        yield "document_date", own.isoformat()
    for remark in sdobi.iter("{*}B052EP", "{*}B053EP", "{*}B155"):
        if line_of(remark):
            yield "remark", line_of(remark)
    for cited in children(sdobi, "B500", "B560", "B562"):
        yield "cited_literature", line_of(cited)
    for opposed in children(sdobi, "B700", "B780", "B781"):
        yield "opponent", " ".join(filter(None, (text_at(opposed, "snm"), text_at(opposed, "date"))))
    for later in children(sdobi, "B600", "B620EP", "parent", "cdoc"):
        yield "divisional", " ".join(filter(None, (text_at(later, "dnum", "anum"), text_at(later, "dnum", "pnum"))))
    states = [line_of(state) for state in children(sdobi, "B800", "B840", "ctry")]
    if states:
        yield "designated_states", " ".join(states)
