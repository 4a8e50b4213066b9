"""Bibliographic data of USPTO grants and applications (DTD v4.0 to v4.7) -> numbers and ``Biblio``.

In: the root element.  Out: every number the document carries, its own first, and the ``Biblio``.

Whom we call applicant: before September 2012 US law made the inventors the applicants and the firm stood as assignee;
since then firms file themselves, yet many files still list the inventors.  Statistics by applicant mean the firm.  So
``applicants`` are the applicants who are not merely the inventors; failing these the assignees; failing these the
inventors.  ``owners`` are the assignees at issue, ``inventors`` always the inventors: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from dokhae.parse.xml.biblio import (
    child,
    children,
    class_from_parts,
    count_of,
    date_defects,
    date_of,
    ipc_symbol,
    number_of,
    parties_of,
    text_at,
    unique,
)
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Biblio, Defect, Number, Party, Role

_PARENTS = frozenset(
    {
        "addition",
        "continuation",
        "continuation-in-part",
        "continuing-reissue",
        "division",
        "reexamination",
        "reissue",
        "substitution",
        "us-divisional-reissue",
        "us-reexamination-reissue-merger",
        "utility-model-basis",
    }
)
_SERIAL = re.compile(r"\d{7}")
# the kind of a grant or publication -> its category; reissues (E) keep the one of what they reissue
_CATEGORY_OF_KIND = {"S": "design", "P": "plant"}


def category_from(kind: str, *, us_class: str = "", filed_as: str = "") -> str:
    """The category as the document itself tells it: by its kind, by what it was filed as, by its class.

    >>> category_from("P3"), category_from("E1", us_class="D12 92"), category_from("B2", us_class="709202")
    ('plant', 'design', 'invention')
    """
    if found := _CATEGORY_OF_KIND.get(kind[:1]):
        return found
    if found := next((name for name in ("design", "plant") if name in filed_as.lower()), None):
        return found
    if re.match(r"D\s*\d", us_class):
        return "design"
    return "plant" if us_class.upper().startswith("PLT") else "invention"


def category_of(biblio: etree._Element) -> str:
    reference = child(biblio, "application-reference")
    return category_from(
        text_at(biblio, "publication-reference", "document-id", "kind"),
        us_class=text_at(biblio, "classification-national", "main-classification"),
        filed_as="" if reference is None else reference.get("appl-type") or "",
    )


def date_defects_of(biblio: etree._Element, *, is_grant: bool) -> tuple[Defect, ...]:
    published = text_at(biblio, "publication-reference", "document-id", "date")
    filed = text_at(biblio, "application-reference", "document-id", "date")
    return date_defects(application_date=filed, **{"grant_date" if is_grant else "publication_date": published})


def numbers_of(biblio: etree._Element, *, is_grant: bool) -> tuple[Number, ...]:
    """Every number, each once; the document's own is the first."""
    own = Role.grant if is_grant else Role.publication
    return unique(number for number in _numbers(biblio, own) if number is not None)


def biblio_of(biblio: etree._Element, *, is_grant: bool) -> Biblio:
    published = date_of(text_at(biblio, "publication-reference", "document-id", "date"))
    earlier = date_of(text_at(biblio, "us-related-documents", "related-publication", "document-id", "date"))
    inventors = _inventors(biblio)
    owners = parties_of(children(biblio, "assignees", "assignee"))
    return Biblio(
        titles=(("en", text_at(biblio, "invention-title")),) if text_at(biblio, "invention-title") else (),
        application_date=date_of(text_at(biblio, "application-reference", "document-id", "date")),
        publication_date=earlier if is_grant else published,
        grant_date=published if is_grant else None,
        priority_date=min(_priority_dates(biblio), default=None),
        applicants=_applicants(biblio, inventors, owners),
        owners=owners,
        inventors=inventors,
        agents=parties_of(_parties(biblio, "agents", "agent")),
        ipc=_ipc(biblio),
        cpc=_cpc(biblio),
        cites=_cites(biblio),
        printed_claims=count_of(text_at(biblio, "number-of-claims")),
        supplied=_supplied(biblio),
    )


def _numbers(biblio: etree._Element, own: Role) -> Iterator[Number | None]:
    yield _number(child(biblio, "publication-reference", "document-id"), own)
    yield _number(child(biblio, "application-reference", "document-id"), Role.application)
    related = child(biblio, "us-related-documents")
    for document in children(related, "related-publication", "document-id"):
        yield _published(document)
    yield _number(child(biblio, "pct-or-regional-filing-data", "document-id"), Role.pct)
    published_by_wipo = _number(child(biblio, "pct-or-regional-publishing-data", "document-id"), Role.publication)
    # not a publication of this office: kept as the PCT number it is
    yield published_by_wipo and replace(published_by_wipo, role=Role.pct)
    for claimed in children(biblio, "priority-claims", "priority-claim"):
        yield _number(claimed, Role.priority)
    for document in children(related, "us-provisional-application", "document-id"):
        yield _number(document, Role.priority)
    for relation in related if related is not None else ():
        if tag_of(relation) in _PARENTS:
            parent = child(relation, "relation", "parent-doc")
            yield _number(child(parent, "document-id"), Role.parent)
            yield _number(child(parent, "parent-pct-document", "document-id"), Role.parent)


def _number(document: etree._Element | None, role: Role) -> Number | None:
    country = text_at(document, "country") or "US"
    return number_of(country, role, text_at(document, "doc-number"), kind=text_at(document, "kind"))


def _published(document: etree._Element) -> Number | None:
    """An earlier publication; in 2005 some were written without their year: 0193250 of 2004."""
    written, year = text_at(document, "doc-number"), text_at(document, "date")[:4]
    if _SERIAL.fullmatch(written) and year and text_at(document, "kind").startswith("A"):
        return number_of("US", Role.publication, year + written, kind=text_at(document, "kind"))
    return _number(document, Role.publication)


def _parent_patents(biblio: etree._Element) -> Iterator[str]:
    """The patents of parents: as parents they are known by application, whose numbers look like those of patents."""
    for relation in children(child(biblio, "us-related-documents")):
        for granted in relation.iter("parent-grant-document"):
            if number := _number(child(granted, "document-id"), Role.grant):
                yield number.compact


def _priority_dates(biblio: etree._Element) -> Iterator[date]:
    paths = (
        ("priority-claims", "priority-claim", "date"),
        ("us-related-documents", "us-provisional-application", "document-id", "date"),
    )
    for path in paths:
        for element in children(biblio, *path):
            if day := date_of(element.text or ""):
                yield day


def _parties(biblio: etree._Element, group: str, tag: str) -> Iterator[etree._Element]:
    yield from children(biblio, "us-parties", group, tag)
    yield from children(biblio, "parties", group, tag)


def _inventors(biblio: etree._Element) -> tuple[Party, ...]:
    named = parties_of(e for tag in ("inventor", "deceased-inventor") for e in _parties(biblio, "inventors", tag))
    filed = [e for e in _parties(biblio, "applicants", "applicant") if "inventor" in (e.get("app-type") or "")]
    return named or parties_of(filed)


def _applicants(biblio: etree._Element, inventors: tuple[Party, ...], owners: tuple[Party, ...]) -> tuple[Party, ...]:
    filed = parties_of(_parties(biblio, "us-applicants", "us-applicant")) or parties_of(
        _parties(biblio, "applicants", "applicant")
    )
    persons = {party.name for party in inventors}
    return tuple(party for party in filed if party.name not in persons) or owners or filed or inventors


def _ipc(biblio: etree._Element) -> tuple[str, ...]:
    current = list(children(biblio, "classifications-ipcr", "classification-ipcr"))
    current.sort(key=lambda element: text_at(element, "symbol-position") != "F")
    symbols = [class_from_parts(element) for element in current]
    old = child(biblio, "classification-ipc")
    for tag in ("main-classification", "further-classification"):
        # columns count here: the text as it stands
        symbols += [ipc_symbol(element.text or "") for element in children(old, tag)]
    return unique(symbol for symbol in symbols if symbol)


def _cpc(biblio: etree._Element) -> tuple[str, ...]:
    symbols = [
        class_from_parts(element)
        for group in ("main-cpc", "further-cpc")
        for element in children(biblio, "classifications-cpc", group, "classification-cpc")
    ]
    return unique(symbol for symbol in symbols if symbol)


def _cites(biblio: etree._Element) -> tuple[str, ...]:
    documents = [
        *children(biblio, "references-cited", "citation", "patcit", "document-id"),
        *children(biblio, "us-references-cited", "us-citation", "patcit", "document-id"),
    ]
    cited = (_number(document, _cited_role(document)) for document in documents)
    return unique(number.compact for number in cited if number is not None)


def _cited_role(document: etree._Element) -> Role:
    return Role.publication if text_at(document, "kind").startswith("A") else Role.grant


def _supplied(biblio: etree._Element) -> tuple[tuple[str, str], ...]:
    national, term = child(biblio, "classification-national"), child(biblio, "us-term-of-grant")
    found = (
        ("us_class", text_at(national, "main-classification")),
        ("us_class_further", "; ".join(map(line_of, children(national, "further-classification")))),
        ("locarno", text_at(biblio, "classification-locarno", "main-classification")),
        ("term_extension_days", text_at(term, "us-term-extension")),
        ("term_years", text_at(term, "length-of-grant")),
        ("term_disclaimed", "yes" if child(term, "disclaimer") is not None else ""),
        ("statutory_invention_registration", "yes" if child(biblio, "us-sir-flag") is not None else ""),
        ("botanic_name", text_at(biblio, "us-botanic", "latin-name")),
        ("botanic_variety", text_at(biblio, "us-botanic", "variety")),
        ("drawing_sheets", text_at(biblio, "figures", "number-of-drawing-sheets")),
        ("figures", text_at(biblio, "figures", "number-of-figures")),
        ("parent_patents", "; ".join(unique(_parent_patents(biblio)))),
        ("parent_date", _parent_date(biblio)),
        ("national_phase_date", _national_phase_date(biblio)),
        ("cited_literature", "\n".join(map(line_of, _literature(biblio)))),
    )
    return tuple((name, value) for name, value in found if value)


def _parent_date(biblio: etree._Element) -> str:
    """The day the earliest non-provisional parent was filed, ISO: the term of the patent counts from it; "" without."""
    related = child(biblio, "us-related-documents")
    relations = [one for one in (related if related is not None else ()) if tag_of(one) in _PARENTS]
    parents = (child(relation, "relation", "parent-doc", "document-id") for relation in relations)
    days = [day for parent in parents if parent is not None and (day := date_of(text_at(parent, "date")))]
    return min(days).isoformat() if days else ""


def _national_phase_date(biblio: etree._Element) -> str:
    filed = child(biblio, "pct-or-regional-filing-data")
    return text_at(filed, "us-371c12-date", "date") or text_at(filed, "us-371c124-date", "date")


def _literature(biblio: etree._Element) -> Iterator[etree._Element]:
    yield from children(biblio, "references-cited", "citation", "nplcit", "othercit")
    yield from children(biblio, "us-references-cited", "us-citation", "nplcit", "othercit")
