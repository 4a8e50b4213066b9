"""Bibliographic data of EPO exchange documents (DOCDB, as OPS serves it) -> numbers and ``Biblio``.

In: a ``bibliographic-data`` element of an exchange or register document, or the element that stands for a document.
Out: every number, the document's own first, and the ``Biblio``.  A reference stands up to three times (docdb, epodoc,
original): docdb counts, epodoc where there is none.  A name is taken as printed, its country from the EPO's form.
Source: EPO, Open Patent Services 3.2 (exchange-documents, register); DOCDB user manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from dokhae.parse.xml.biblio import child, children, class_from_parts, date_of, ipc_symbols, number_of, text_at, unique
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Biblio, Number, Party, Role

_FORMS = ("docdb", "epodoc", "original", "")
_EPODOC = re.compile(r"([A-Z]{2})(\d{4})(\d{7})$")
_EPODOC_PCT = re.compile(r"WO((?:19|20)\d{2})([A-Z]{2})(\d{1,6})$")
_DOCDB_PCT = re.compile(r"(\d{4}(?=\d{6}$)|\d{2}(?=\d{5}$))(\d+)$")
_KNOWN_FORMS = frozenset({"EP", "JP", "US", "KR", "CN", "WO"})
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")


def titles_of(biblio: etree._Element | None) -> tuple[tuple[str, str], ...]:
    found = children(biblio, "invention-title")
    return tuple(((title.get("lang") or "").lower(), line_of(title)) for title in found if line_of(title))


def numbers_of(document: etree._Element, biblio: etree._Element | None) -> tuple[Number, ...]:
    """document: the element whose attributes name it, used where the data give no publication number."""
    found = [number for number in _numbers(biblio) if number is not None]
    named = number_of(
        document.get("country") or "",
        role_of(document.get("country") or "", document.get("kind") or ""),
        document.get("doc-number") or "",
        kind=document.get("kind") or "",
    )
    if named and not any(n.role in (Role.publication, Role.grant) for n in found):
        found.insert(0, named)
    return unique(found)


def biblio_of(document: etree._Element, biblio: etree._Element | None, *, first: str) -> Biblio:
    """The ``Biblio``; titles in the language ``first`` come first."""
    published = [(_kind(best), date_of(text_at(best, "date"))) for best in _best_of(biblio, "publication-reference")]
    granted = [day for (office, kind), day in published if day and role_of(office, kind) is Role.grant]
    laid_open = [day for (office, kind), day in published if day and role_of(office, kind) is not Role.grant]
    applied = next(iter(_best_of(biblio, "application-reference")), None)
    return Biblio(
        titles=tuple(sorted(titles_of(biblio), key=lambda title: title[0] != first)),
        application_date=date_of(text_at(applied, "date") or _date_beside(biblio, "application-reference")),
        publication_date=min(laid_open, default=None),
        grant_date=min(granted, default=None),
        priority_date=min(_priority_days(biblio), default=None),
        applicants=_parties(biblio, "applicants", "applicant"),
        inventors=_parties(biblio, "inventors", "inventor"),
        agents=_parties(biblio, "agents", "agent"),
        ipc=_ipc(biblio),
        cpc=_cpc(biblio),
        cites=_cites(biblio),
        family_id=document.get("family-id") or "",
    )


def role_of(office: str, kind: str) -> Role:
    # "A" alone was the kind of a US grant before 2001
    is_grant = kind.startswith(("B", "C", "Y", "E")) or (office, kind) == ("US", "A")
    return Role.grant if is_grant else Role.publication


def _kind(document_id: etree._Element) -> tuple[str, str]:
    return text_at(document_id, "country"), text_at(document_id, "kind")


def _best_of(biblio: etree._Element | None, tag: str) -> Iterator[etree._Element]:
    """Of each reference its document-id in the best form."""
    for reference in children(biblio, tag):
        best = _best(reference)
        if best is not None:
            yield best


def _best(reference: etree._Element) -> etree._Element | None:
    by_form: dict[str, etree._Element] = {}
    for element in children(reference, "document-id"):
        by_form.setdefault(element.get("document-id-type") or "", element)
    return next((by_form[form] for form in _FORMS if form in by_form), None)


def _date_beside(biblio: etree._Element | None, tag: str) -> str:
    dates = (text_at(element, "date") for element in children(biblio, tag, "document-id"))
    return next(filter(None, dates), "")


def _numbers(biblio: etree._Element | None) -> Iterator[Number | None]:
    for best in _best_of(biblio, "publication-reference"):
        yield number_from(best, role_of(*_kind(best)))
    for best in _best_of(biblio, "application-reference"):
        is_pct = text_at(best, "kind") == "W" or text_at(best, "country") == "WO"
        yield number_from(best, Role.pct if is_pct else Role.application)
    for claim in children(biblio, "priority-claims", "priority-claim"):
        yield _claimed(claim)


def _claimed(claim: etree._Element) -> Number | None:
    """A priority: as printed where its office's form of an EPODOC number is not known."""
    best = _best(claim)
    if best is None:  # the register gives its numbers without a document-id
        return number_from(claim, Role.priority)
    written = text_at(best, "doc-number")
    originals = (e for e in children(claim, "document-id") if e.get("document-id-type") == "original")
    printed = text_at(next(originals, None), "doc-number")
    if printed and _EPODOC.match(written) and written[:2] not in _KNOWN_FORMS:
        return number_of(written[:2], Role.priority, printed)
    return number_from(best, Role.priority)


def number_from(element: etree._Element, role: Role) -> Number | None:
    """The number of a document-id, in whichever form it stands."""
    office, written = text_at(element, "country"), text_at(element, "doc-number")
    kind, year = text_at(element, "kind"), text_at(element, "date")[:4]
    if pct := _EPODOC_PCT.match(written):
        found = number_of("WO", role, f"PCT/{pct[2]}{pct[1]}/{pct[3].zfill(6)}")
        return found and replace(found, written=written)
    if office and kind == "W" and (docdb := _DOCDB_PCT.match(written)):
        found = number_of("WO", role, f"PCT/{office}{docdb[1]}/{docdb[2]}")
        return found and replace(found, written=written)
    if not office and (epodoc := _EPODOC.match(written)) and role not in (Role.publication, Role.grant):
        return _from_epodoc(epodoc, role)
    office = office or written[:2]
    return number_of(office, role, written, kind=kind, year=year)


def _from_epodoc(found: re.Match[str], role: Role) -> Number | None:
    """EPODOC writes filings as country, year and seven digits; each office's own form has fewer.

    EP19990203729 -> 99203729, JP20000273711 -> 2000273711, US20040567890 -> 2004567890.
    """
    office, year, serial = found.groups()
    own = {"EP": f"{year[2:]}{serial[-6:]}", "JP": f"{year}{serial[-6:]}", "US": f"{year}{serial[-6:]}"}
    if office in own and serial.startswith("0"):
        return Number(office, role, own[office], None, found[0])
    return number_of(office, role, found[0].removeprefix(office) if office == "KR" else found[0])


def _priority_days(biblio: etree._Element | None) -> Iterator[date]:
    for claim in children(biblio, "priority-claims", "priority-claim"):
        days = (date_of(line_of(e)) for e in claim.iter(etree.Element) if tag_of(e) == "date")
        day = next(filter(None, days), None)
        if day:
            yield day


def _parties(biblio: etree._Element | None, group: str, tag: str) -> tuple[Party, ...]:
    """One party a sequence number: the name as printed, the country from the EPO's form of it."""
    names: dict[str, str] = {}
    countries: dict[str, str] = {}
    for place, element in enumerate(_current(biblio, group, tag)):
        key = element.get("sequence") or f"#{place}"
        form = element.get("data-format") or ""
        written = _name(element)
        country = _COUNTRY.search(written)
        name = _COUNTRY.sub("", written).strip(" ,")
        if name and (form == "original" or key not in names):
            names[key] = name
        code = country[1] if country else text_at(element, "addressbook", "address", "country").upper()
        if re.fullmatch("[A-Z]{2}", code):
            countries.setdefault(key, code)
    return unique(Party(name, countries.get(key, "")) for key, name in names.items())


def _current(biblio: etree._Element | None, group: str, tag: str) -> list[etree._Element]:
    """The parties of the newest entry: the register keeps older ones behind it."""
    groups = list(children(biblio, "parties", group))
    return list(children(groups[0], tag)) if groups else []


def _name(element: etree._Element) -> str:
    for path in ((f"{tag_of(element)}-name", "name"), ("addressbook", "name"), ("addressbook", "orgname"), ("name",)):
        if text := text_at(element, *path):
            return text
    return ""


def _ipc(biblio: etree._Element | None) -> tuple[str, ...]:
    current = [text_at(e, "text") for e in children(biblio, "classifications-ipcr", "classification-ipcr")]
    old = [e.text or "" for e in children(biblio, "classification-ipc", "text")]
    return unique((*ipc_symbols(current), *ipc_symbols(old)))


def _cpc(biblio: etree._Element | None) -> tuple[str, ...]:
    symbols = (
        class_from_parts(element)
        for element in children(biblio, "patent-classifications", "patent-classification")
        if (scheme := child(element, "classification-scheme")) is None or (scheme.get("scheme") or "").startswith("CPC")
    )
    return unique(symbol for symbol in symbols if symbol)


def _cites(biblio: etree._Element | None) -> tuple[str, ...]:
    cited = (_best(document) for document in children(biblio, "references-cited", "citation", "patcit"))
    numbers = (number_from(best, role_of(*_kind(best))) for best in cited if best is not None)
    return unique(number.compact for number in numbers if number is not None)
