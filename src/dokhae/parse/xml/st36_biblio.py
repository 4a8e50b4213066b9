"""Bibliographic data of national ST.36 and ST.96 documents (renamed by ``st36.as_st36``) -> numbers and ``Biblio``.

In: the root element.  Out: every number, the document's own first, and the ``Biblio``.  Data are found by name wherever
they stand, outside the text, citations and amendments: offices nest them differently.  A kind the document does not
write is taken from its root (an unexamined publication is an A), never from the number.
Source: WIPO ST.36, ST.96; JPO gat-a.dtd and jppat; CNIPA cn-patent-document and business schema V2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from dokhae.parse.langs import language_of
from dokhae.parse.xml.biblio import class_from_parts, count_of, date_of, ipc_symbol, number_of, text_at, unique
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Biblio, Number, Party, Role

# what lies below belongs to the text, to other documents or to what was changed later
_ELSEWHERE = frozenset(
    {"description", "claims", "abstract", "drawings", "citation-list", "citations", "references-cited", "search-report"}
    | {"related-documents", "related-document-bag", "written-amendment-bag", "written-amendment-group", "overflow"}
    | {"priority-claims", "priority-claim-bag", "priority-claim", "amended-claims"}
)
_OWN = ("publication-reference", "cn-publication-reference", "patent-publication-identification")
_GRANT = ("patent-grant-identification", "registration-number", "patent-number")
_APPLIED = ("application-reference", "application-identification")
_PCT = ("pct-or-regional-filing-data", "international-application-identification", "pct-filing-data")
_PCT_PUBLISHED = ("pct-or-regional-publishing-data", "international-publication-identification")
_COUNTRY = ("country", "ip-office-code", "country-code")
_NUMBER = ("doc-number", "publication-number", "application-number-text", "patent-number", "application-number")
_KIND = ("kind", "patent-document-kind-code", "kind-code")
_DATE = ("date", "publication-date", "filing-date", "grant-date", "registration-date")
_OFFICES = (("jp", "JP"), ("kr", "KR"), ("kipo", "KR"), ("cn", "CN"), ("tw", "TW"), ("wo", "WO"))
_OFFICE_OF_LANG = {"ja": "JP", "ko": "KR", "zh": "CN"}
_KIND_OF_ROOT = (
    ("unexamined-patent", "A"),
    ("international-patent-publication", "A"),
    ("unexamined-utility", "U"),
    ("registered-utility", "U"),
)
_KIND_CODE = re.compile(r"[A-Z][0-9]?")
_PRINTED_KIND = re.compile(r"[（(]([A-Z][0-9]?)[)）]")
_BRACED = re.compile(r"^([^{}]+)\{([^{}]+)\}\s*$")


@dataclass(frozen=True, slots=True)
class Reference:
    country: str
    number: str
    kind: str
    day: date | None


class Facts:
    """The bibliographic elements of one document by name."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._by_tag: dict[str, list[etree._Element]] = {}
        self._collect(root)

    def all(self, *tags: str) -> Iterator[etree._Element]:
        for tag in tags:
            yield from self._by_tag.get(tag, ())

    def first(self, *tags: str) -> etree._Element | None:
        return next(self.all(*tags), None)

    def text(self, *tags: str) -> str:
        return line_of(self.first(*tags))

    def _collect(self, element: etree._Element) -> None:
        for child in element:
            tag = tag_of(child)
            if tag:
                self._by_tag.setdefault(tag, []).append(child)
                if tag not in _ELSEWHERE:
                    self._collect(child)


def titles_of(root: etree._Element) -> tuple[tuple[str, str], ...]:
    """Titles by language; KIPO writes the English one in braces behind the Korean one."""
    found: dict[str, str] = {}
    for element in root.iter("invention-title"):
        whole = line_of(element)
        braced = _BRACED.match(whole)
        for written in braced.groups() if braced else (whole,):
            lang = language_of(written) if braced else (element.get("lang") or "").lower()[:2] or language_of(written)
            if written.strip():
                found.setdefault(lang, written.strip())
    return tuple(found.items())


def office_of(root: etree._Element, lang: str) -> str:
    """The office a document comes from: as it says, by its root, by its language."""
    said = (root.get("country") or "").upper()
    if re.fullmatch("[A-Z]{2}", said):
        return said
    name = tag_of(root)
    return next((office for start, office in _OFFICES if name.startswith(start)), _OFFICE_OF_LANG.get(lang, ""))


def numbers_of(facts: Facts, office: str) -> tuple[Number, ...]:
    return unique(number for number in _numbers(facts, office) if number is not None)


def biblio_of(facts: Facts, titles: tuple[tuple[str, str], ...], *, first: str, office: str) -> Biblio:
    own = _own(facts, office)
    is_grant = _role(own.kind) is Role.grant
    applied = _reference(facts.first(*_APPLIED))
    registered = date_of(facts.text("registration-date", "grant-date", "date-of-registration"))
    priorities = (_reference(claim).day for claim in facts.all("priority-claim") or ())
    inner = (_reference(e).day for g in facts.all("priority-claims", "priority-claim-bag") for e in g)
    owners = _parties(facts, "assignee", "grantee", "patent-grantee")
    claims = facts.text("number-of-claims", "claim-total-quantity")
    return Biblio(
        titles=tuple(sorted(titles, key=lambda title: title[0] != first)),
        application_date=applied.day,
        publication_date=own.day if not is_grant or registered else None,
        grant_date=(registered or own.day) if is_grant else None,
        priority_date=min((day for day in (*priorities, *inner) if day), default=None),
        applicants=_parties(facts, "applicant") or owners,
        owners=owners,
        inventors=_parties(facts, "inventor"),
        agents=_parties(facts, "agent", "registered-practitioner"),
        ipc=_ipc(facts),
        cpc=unique(s for e in facts.all("classification-cpc", "cpc-classification") if (s := _symbol(e))),
        cites=tuple(_cites(facts)),
        printed_claims=count_of(claims),
        supplied=_supplied(facts),
    )


def category_of(facts: Facts, office: str) -> str:
    own = _own(facts, office)
    applied = facts.first(*_APPLIED)
    type_ = "" if applied is None else (applied.get("appl-type") or "").lower()
    if "utility" in tag_of(facts.root) or own.kind[:1] in ("U", "Y") or type_ in ("20", "utility", "utility-model"):
        return "utility_model"
    return "design" if "design" in tag_of(facts.root) or type_ in ("30", "design") else "invention"


def _numbers(facts: Facts, office: str) -> Iterator[Number | None]:
    own = _own(facts, office)
    yield number_of(own.country or office, _role(own.kind), own.number, kind=own.kind)
    granted = _reference(facts.first(*_GRANT))
    yield number_of(granted.country or office, Role.grant, granted.number)
    applied = _reference(facts.first(*_APPLIED))
    yield number_of(applied.country or office, Role.application, applied.number)
    for element in facts.all(*_PCT):
        filed = _reference(element)
        yield number_of("WO", Role.pct, filed.number)
    for element in facts.all(*_PCT_PUBLISHED):
        published = number_of("WO", Role.publication, _reference(element).number)
        yield published and replace(published, role=Role.pct)
    for claim in _priority_claims(facts):
        claimed = _reference(claim)
        year = str(claimed.day.year) if claimed.day else ""
        yield number_of(claimed.country or office, Role.priority, claimed.number, year=year)
    for related in facts.all("related-documents", "related-document-bag"):
        for parent in related.iter("parent-doc", "parent-document"):
            found = _reference(parent)
            yield number_of(found.country or office, Role.parent, found.number)


def _priority_claims(facts: Facts) -> Iterator[etree._Element]:
    yield from facts.all("priority-claim")
    for group in facts.all("priority-claims", "priority-claim-bag"):
        yield from (child for child in group if tag_of(child) == "priority-claim")


def _own(facts: Facts, office: str) -> Reference:
    """The publication as its reference gives it, else as the root's attributes do."""
    found = _reference(facts.first(*_OWN))
    root = facts.root
    name = tag_of(root)
    kind = found.kind or root.get("kind-of-st16") or root.get("kind") or ""
    if not _KIND_CODE.fullmatch(kind):  # 公開特許公報(A)
        printed = _PRINTED_KIND.search(kind or facts.text("plain-language-designation-text", "kind-of-document"))
        of_root = next((code for start, code in _KIND_OF_ROOT if name.startswith(start)), "")
        kind = printed[1] if printed else root.get("kind-of-st16") or of_root
    day = found.day or date_of(root.get("date-publication") or root.get("date-publ") or "")
    return Reference(found.country or office, found.number or root.get("doc-number") or "", kind, day)


def _role(kind: str) -> Role:
    return Role.grant if kind.startswith(("B", "C", "Y")) else Role.publication


def _reference(element: etree._Element | None) -> Reference:
    """Country, number, kind and day wherever below ``element`` they stand; its own text where it is the number."""
    if element is None:
        return Reference("", "", "", None)
    texts: dict[str, str] = {}
    for part in element.iter(etree.Element):
        if not any(tag_of(child) in _NUMBER for child in part):
            texts.setdefault(tag_of(part), line_of(part))
    number = next((texts[tag] for tag in _NUMBER if texts.get(tag)), "")
    if not number and len(element) == 0:
        number = line_of(element)
    country = next((texts[tag].upper() for tag in _COUNTRY if texts.get(tag)), "")
    kind = next((texts[tag] for tag in _KIND if texts.get(tag)), "")
    day = next((found for tag in _DATE if (found := date_of(texts.get(tag, "")))), None)
    return Reference(country if len(country) == 2 else "", number, kind, day)


def _parties(facts: Facts, *tags: str) -> tuple[Party, ...]:
    return unique(party for element in facts.all(*tags) if (party := _party(element)))


def _party(element: etree._Element) -> Party | None:
    """The name in its own language, the country of the address."""
    names = [line_of(e) for e in element.iter("name", "orgname") if line_of(e) and not len(e)]
    person = " ".join(filter(None, (_below(element, "first-name"), _below(element, "last-name"))))
    name = (names or [person] if person else names or [""])[0]
    country = next((_below(element, tag).upper() for tag in _COUNTRY if _below(element, tag)), "")
    return Party(name, country if re.fullmatch("[A-Z]{2}", country) else "") if name else None


def _below(element: etree._Element, tag: str) -> str:
    return line_of(next(element.iter(tag), None))


def _ipc(facts: Facts) -> tuple[str, ...]:
    current = [_symbol(e) for e in facts.all("classification-ipcr", "ipcr-classification")]
    old = [
        ipc_symbol(line_of(part))
        for group in facts.all("classification-ipc", "classifications-ipc", "ipc-classification")
        for tag in ("main-classification", "further-classification")
        for part in group.iter(tag)
    ]
    return unique(symbol for symbol in (*current, *old) if symbol)


def _symbol(element: etree._Element) -> str:
    return class_from_parts(element) or ipc_symbol(text_at(element, "text") or line_of(element))


def _cites(facts: Facts) -> Iterator[str]:
    for group in facts.all("citations", "references-cited"):
        for element in group.iter("document-id"):
            cited = _reference(element)
            number = number_of(cited.country, _role(cited.kind), cited.number, kind=cited.kind)
            if number is not None:
                yield number.compact


def _supplied(facts: Facts) -> tuple[tuple[str, str], ...]:
    """National classes: FI, F-terms and theme codes of the JPO."""
    found = [
        ("fi", line_of(part))
        for group in facts.all("classification-national", "national-classification")
        for part in group.iter("main-classification", "further-classification", "patent-classification-text")
    ]
    found += [("f_term", line_of(e)) for e in facts.all("f-term", "fterm-information")]
    found += [("theme_code", line_of(e)) for e in facts.all("theme-code", "theme-code-information")]
    return tuple((name, value) for name, value in dict.fromkeys(found) if value)
