"""The markup of a Google Patents page -> numbers and ``Biblio``.

In: the tree of the page.  Out: every number it carries, its own first, and the ``Biblio``.  Reads the properties of the
patent itself, never those of the documents listed below it (citations, similar documents); what the body of the page
lacks is taken from the ``meta`` elements of its head.  Dates, names and numbers stay as written; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from dokhae.parse.langs import language_of
from dokhae.parse.numbers import read_number
from dokhae.parse.records import classes_of, status_of
from dokhae.parse.xml.biblio import date_of, unique
from dokhae.parse.xml.text import line_of
from dokhae.types import Biblio, Number, Party, Role

_TITLE = re.compile(r"^\s*([A-Z]{2}[A-Z]{0,2}\d[\dA-Z]{3,14})\s+-\s+(.{1,1000}?)\s+-\s+Google\s", re.S)
_IN_URL = re.compile(r"patents\.google\.com/patent/([A-Z]{2}[A-Z]{0,2}\d[\dA-Z]{3,14})(?:/|$|[?#])")
_FAMILY = re.compile(r"ID\s*=\s*(\d{4,12})")
_REFERENCES = ("backwardReferences", "backwardReferencesOrig", "backwardReferencesFamily")
_DATES = {"filingDate": "dateSubmitted", "publicationDate": "issue", "priorityDate": ""}


def value_of(element: etree._Element) -> str:
    """What a property holds: its machine-readable value, else its words on one line."""
    for name in ("datetime", "content"):
        if element.get(name):
            return " ".join((element.get(name) or "").split())
    return line_of(element)


def numbers_of(root: etree._Element) -> tuple[Number, ...]:
    return unique(number for number in _numbers(root) if number is not None)


def category_of(numbers: tuple[Number, ...]) -> str:
    number = numbers[0] if numbers else None
    if number is None:
        return "invention"
    kind = number.kind or ""
    if number.office == "KR":
        return {"20": "utility_model", "30": "design"}.get(number.digits[:2], "invention")
    if number.digits.startswith("D") or kind.startswith("S"):
        return "design"
    if number.digits.startswith("PP") or (number.office == "US" and kind.startswith("P")):
        return "plant"
    return "utility_model" if kind[:1] in ("U", "Y") and number.office != "US" else "invention"


def biblio_of(root: etree._Element, numbers: tuple[Number, ...]) -> Biblio:
    title = _title(root)
    lang = _attribute(root, "lang")
    published = _date(root, "publicationDate")
    is_grant = bool(numbers) and numbers[0].role is Role.grant
    inventors = _names(root, "inventor", "inventor")
    owners = _names(root, "assigneeCurrent", "")
    applicants = _names(root, "assigneeOriginal", "assignee")
    ipc, cpc = _classes(root)
    family = " ".join(value_of(element) for element in _any(root, "family"))
    family_id = _FAMILY.search(family)
    return Biblio(
        titles=((_language(title, lang), title),) if title else (),
        application_date=_date(root, "filingDate"),
        publication_date=None if is_grant else published,
        grant_date=published if is_grant else None,
        priority_date=_date(root, "priorityDate"),
        applicants=applicants or owners or inventors,
        owners=owners or applicants,
        inventors=inventors,
        ipc=ipc,
        cpc=cpc,
        cites=_cites(root),
        status=status_of(next((value_of(element) for element in _any(root, "status")), "")),
        family_id=family_id[1] if family_id else "",
    )


def _language(title: str, declared: str) -> str:
    return language_of(title) or declared[:2]


def _attribute(root: etree._Element, name: str) -> str:
    return root.get(name) or ""


def _any(root: etree._Element, *properties: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if element.get("itemprop") in properties)


def _own(root: etree._Element, name: str) -> Iterator[str]:
    """The values of a property of the patent itself: inside no item but the page's own."""
    for element in _any(root, name):
        items = sum(ancestor.get("itemscope") is not None for ancestor in element.iterancestors())
        value = value_of(element) if items <= 1 and not _is_listed(element) else ""
        if value:
            yield value


def _is_listed(element: etree._Element) -> bool:
    """Whether an element stands in a row of a list of other documents."""
    return any(ancestor.tag in ("tr", "table") for ancestor in element.iterancestors())


def _meta(root: etree._Element, name: str, scheme: str = "") -> list[str]:
    found = (element for element in root.iter("meta") if (element.get("name") or "").lower() == name.lower())
    return [value_of(one) for one in found if not scheme or one.get("scheme") == scheme]


def _title(root: etree._Element) -> str:
    own = next(_own(root, "title"), "") or next(iter(_meta(root, "DC.title")), "")
    if own:
        return own
    heading = next((line_of(element) for element in root.iter("h1") if element.get("id") == "title"), "")
    named = _TITLE.match(" ".join(line_of(element) for element in list(root.iter("title"))[:1]))
    return heading or (" ".join(named[2].split()) if named else "")


def _own_number(root: etree._Element) -> Number | None:
    written = [
        *_own(root, "publicationNumber"),
        *(value.replace(":", "") for value in _meta(root, "citation_patent_number")),
        *(value.replace(":", "") for value in _meta(root, "citation_patent_publication_number")),
        *(line_of(element) for element in root.iter("h2") if element.get("id") == "pubnum"),
    ]
    named = _TITLE.match(" ".join(line_of(element) for element in list(root.iter("title"))[:1]))
    links = (element.get("href") or "" for element in root.iter("link") if element.get("rel") == "canonical")
    written += [match[1] for match in (named, *map(_IN_URL.search, links)) if match]
    return next((number for one in written if (number := read_number(one, role=Role.publication))), None)


def _numbers(root: etree._Element) -> Iterator[Number | None]:
    own = _own_number(root)
    yield own
    office = own.office if own else None
    filed = next(_own(root, "applicationNumber"), "") or next(
        iter(_meta(root, "citation_patent_application_number")), ""
    )
    yield _filed(filed.replace(":", ""), office, Role.application)
    for row, role in (("priorApps", Role.priority), ("parentApps", Role.parent)):
        for element in _any(root, row):
            written = next((value_of(one) for one in _any(element, "applicationNumber")), "")
            yield _filed(written, None, role)


def _filed(written: str, office: str | None, role: Role) -> Number | None:
    """An application's number; Google puts the letter A behind it, which is no kind of it."""
    number = read_number(written, office=office, role=role) if written else None
    return number and replace(number, kind=None)


def _date(root: etree._Element, name: str) -> date | None:
    scheme = _DATES[name]
    written = [*_own(root, name), *(_meta(root, "DC.date", scheme) if scheme else ())]
    return next((day for one in written if (day := date_of(one))), None)


def _names(root: etree._Element, name: str, scheme: str) -> tuple[Party, ...]:
    own = list(_own(root, name)) or (_meta(root, "DC.contributor", scheme) if scheme else [])
    return unique(Party(one) for one in own)


def _classes(root: etree._Element) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """IPC and CPC symbols: the ends of the branches, which the page marks as leaves."""
    ipc: list[str] = []
    cpc: list[str] = []
    for element in _any(root, "classifications", "cpcs"):
        marks = {one.get("itemprop"): value_of(one) for one in element if one.get("itemprop")}
        if marks.get("Leaf", "true" if "/" in marks.get("Code", "") else "") != "true":
            continue
        (cpc if marks.get("IsCPC", "true") == "true" else ipc).extend(classes_of(marks.get("Code", "")))
    return unique(ipc), unique(cpc)


def _cites(root: etree._Element) -> tuple[str, ...]:
    written = [value_of(one) for row in _any(root, *_REFERENCES) for one in _any(row, "publicationNumber")] or [
        value.replace(":", "") for value in _meta(root, "DC.relation", "references")
    ]
    numbers = (read_number(one, role=Role.publication) for one in written)
    return unique(number.compact for number in numbers if number is not None)
