"""Bibliographic data of MAREC and EPO full-text documents -> numbers and ``Biblio``.

In: the root element.  Out: every number, the document's own first, and the ``Biblio``.  A party stands up to three
times (as printed, transcribed, as the EPO standardised it): the printed form is kept, the country taken from any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from dokhae.parse.xml.biblio import (
    child,
    children,
    date_of,
    ipc_symbol,
    ipc_symbols,
    number_of,
    parties_of,
    text_at,
    unique,
)
from dokhae.parse.xml.text import line_of
from dokhae.types import Biblio, Number, Party, Role

_PCT_SERIAL = re.compile(r"(\d{4}(?=\d{6}$)|\d{2}(?=\d{5}$))(\d+)")
_FORMATS = ("original", "intermediate", "epo", "docdb")


def titles_of(root: etree._Element) -> tuple[tuple[str, str], ...]:
    found = children(root, "bibliographic-data", "technical-data", "invention-title")
    return tuple(((title.get("lang") or "").lower(), line_of(title)) for title in found if line_of(title))


def numbers_of(root: etree._Element) -> tuple[Number, ...]:
    return unique(number for number in _numbers(child(root, "bibliographic-data")) if number is not None)


def biblio_of(root: etree._Element, *, first: str) -> Biblio:
    """The ``Biblio``; titles in the language ``first`` come first."""
    biblio = child(root, "bibliographic-data")
    technical = child(biblio, "technical-data")
    published = date_of(text_at(biblio, "publication-reference", "document-id", "date"))
    is_grant = _own_role(biblio) is Role.grant
    owners = _parties(biblio, "assignees", "assignee")
    priorities = (
        date_of(text_at(p, "date")) for p in children(biblio, "priority-claims", "priority-claim", "document-id")
    )
    return Biblio(
        titles=tuple(sorted(titles_of(root), key=lambda title: title[0] != first)),
        application_date=date_of(text_at(biblio, "application-reference", "document-id", "date")),
        publication_date=None if is_grant else published,
        grant_date=published if is_grant else None,
        priority_date=min((day for day in priorities if day), default=None),
        applicants=_parties(biblio, "applicants", "applicant") or owners,
        owners=owners,
        inventors=_parties(biblio, "inventors", "inventor"),
        agents=_parties(biblio, "agents", "agent"),
        ipc=_ipc(technical),
        cites=_cites(technical),
        family_id=root.get("family-id") or "",
    )


def _own_role(biblio: etree._Element | None) -> Role:
    kind = text_at(biblio, "publication-reference", "document-id", "kind")
    office = text_at(biblio, "publication-reference", "document-id", "country")
    # "A" alone was the kind of a US grant before 2001
    return Role.grant if kind.startswith(("B", "C")) or (office, kind) == ("US", "A") else Role.publication


def _numbers(biblio: etree._Element | None) -> Iterator[Number | None]:
    yield _number(child(biblio, "publication-reference", "document-id"), _own_role(biblio))
    applied = child(biblio, "application-reference", "document-id")
    # kind "W": filed as a PCT application at that office
    yield _number(applied, Role.pct if text_at(applied, "kind") == "W" else Role.application)
    for filed in children(biblio, "international-convention-data", "pct-or-regional-filing-data", "document-id"):
        yield _number(filed, Role.pct)
    for claimed in children(biblio, "priority-claims", "priority-claim", "document-id"):
        if claimed.get("format") != "original":  # the same number again, without its year
            yield _number(claimed, Role.priority)
    for parent in children(biblio, "related-documents", "relation", "parent-doc", "document-id"):
        yield _number(parent, Role.parent)


def _number(document: etree._Element | None, role: Role) -> Number | None:
    country, written = text_at(document, "country"), text_at(document, "doc-number")
    if role is Role.pct and (filed := _PCT_SERIAL.fullmatch(written)):
        # as DOCDB writes it: year and serial of the receiving office
        return number_of("WO", role, f"PCT/{country}{filed[1]}/{filed[2]}")
    kind, year = text_at(document, "kind"), text_at(document, "date")[:4]
    return number_of(country, role, written, kind=kind, year=year)


def _parties(biblio: etree._Element | None, group: str, tag: str) -> tuple[Party, ...]:
    by_format = {name: _in_format(biblio, group, tag, name) for name in _FORMATS}
    best = next((parties for parties in by_format.values() if parties), ())
    known = next((p for p in by_format.values() if len(p) == len(best) and all(party.country for party in p)), best)
    return tuple(Party(party.name, party.country or twin.country) for party, twin in zip(best, known, strict=True))


def _in_format(biblio: etree._Element | None, group: str, tag: str, name: str) -> tuple[Party, ...]:
    return parties_of(e for e in children(biblio, "parties", group, tag) if (e.get("format") or "original") == name)


def _ipc(technical: etree._Element | None) -> tuple[str, ...]:
    current = ipc_symbols(e.text or "" for e in children(technical, "classifications-ipcr", "classification-ipcr"))
    old = [
        ipc_symbol(e.text or "")
        for tag in ("main-classification", "further-classification")
        for e in children(technical, "classification-ipc", tag)
    ]
    return unique(symbol for symbol in (*current, *old) if symbol)


def _cites(technical: etree._Element | None) -> tuple[str, ...]:
    documents = children(technical, "citations", "patent-citations", "patcit", "document-id")
    numbers = (_number(document, Role.publication) for document in documents)
    return unique(number.compact for number in numbers if number is not None)
