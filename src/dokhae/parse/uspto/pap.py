"""USPTO applications of 2001-04 (``patent-application-publication``, DTD 1.5 and 1.6): one tree -> one document.

In: the tree of a publication.  Out: its ``Document``: numbers, dates, parties and classes from
``subdoc-bibliographic-information``; abstract, description by headings with its printed paragraph numbers, claims.
Correspondence addresses are kept as supplied: they need not be the agent's.
Source: USPTO, Yellow Book (PAP DTD 1.5, 2001-01-31, and 1.6, 2002-01-01); the files themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from lxml import etree

from dokhae.parse.claims import total_defect
from dokhae.parse.uspto.redbook_biblio import category_from
from dokhae.parse.uspto.text import Parts, text_of_parts
from dokhae.parse.xml.biblio import child, children, date_defects, date_of, ipc_symbol, number_of, text_at, unique
from dokhae.parse.xml.documents import Parsed
from dokhae.types import Biblio, Document, Number, Party, Rejected, Role

NAME = "uspto-pap"
VERSION = "2"
ROOTS = frozenset({"patent-application-publication"})
_PROVISIONAL = "non-provisional-of-provisional"


def read(parsed: Parsed) -> Document | Rejected:
    root = parsed.root
    biblio = child(root, "subdoc-bibliographic-information")
    if biblio is None:
        return Rejected.of(parsed.source, "no-bibliographic-data", root="patent-application-publication")
    numbers, data = numbers_of(biblio), biblio_of(biblio)
    claims = child(root, "subdoc-claims")
    _join_references(claims)
    parts = Parts(
        title=data.title,
        abstract=child(root, "subdoc-abstract"),
        description=child(root, "subdoc-description"),
        claims=claims,
        statement=text_at(claims, "heading"),
    )
    text, odd = text_of_parts(parts, parser=(NAME, VERSION))
    dates = date_defects(application_date=_filed(biblio), publication_date=_published(biblio))
    return Document(
        source=parsed.source,
        number=numbers[0] if numbers else None,
        numbers=numbers,
        biblio=data,
        texts=(text,),
        defects=parsed.defects + dates + odd + total_defect(data.printed_claims, text.claims),
        category=_category(biblio),
    )


def numbers_of(biblio: etree._Element) -> tuple[Number, ...]:
    """Every number, each once; the document's own is the first."""
    return unique(number for number in _numbers(biblio) if number is not None)


def biblio_of(biblio: etree._Element) -> Biblio:
    title = text_at(biblio, "technical-information", "title-of-invention")
    inventors = unique(party for element in _inventors(biblio) if (party := _person(element)))
    owners = unique(party for element in children(biblio, "assignee") if (party := _assignee(element)))
    return Biblio(
        titles=(("en", title),) if title else (),
        application_date=date_of(_filed(biblio)),
        publication_date=date_of(_published(biblio)),
        priority_date=min(_priority_dates(biblio), default=None),
        applicants=owners or inventors,
        owners=owners,
        inventors=inventors,
        ipc=_ipc(biblio),
        supplied=_supplied(biblio),
    )


def _join_references(claims: etree._Element | None) -> None:
    """ "The method of <dependent-claim-reference><claim-text>claim 1</claim-text>…": one line, not a step."""
    for reference in claims.iter("dependent-claim-reference") if claims is not None else ():
        etree.strip_tags(reference, "claim-text")


def _category(biblio: etree._Element) -> str:
    return category_from(
        text_at(biblio, "document-id", "kind-code"),
        filed_as=text_at(biblio, "publication-filing-type"),
        us_class=text_at(biblio, "technical-information", "classification-us", "classification-us-primary"),
    )


def _published(biblio: etree._Element) -> str:
    return text_at(biblio, "document-id", "document-date")


def _filed(biblio: etree._Element) -> str:
    return text_at(biblio, "domestic-filing-data", "filing-date")


def _numbers(biblio: etree._Element) -> Iterator[Number | None]:
    yield _number(child(biblio, "document-id"), Role.publication)
    filed = text_at(biblio, "domestic-filing-data", "application-number", "doc-number")
    yield number_of("US", Role.application, filed)
    for earlier in children(biblio, "prior-publication", "document-id"):
        yield _number(earlier, Role.publication)
    for claimed in children(biblio, "foreign-priority-data"):
        country = text_at(claimed, "country-code")
        yield number_of(country, Role.priority, text_at(claimed, "priority-application-number", "doc-number"))
    continuity = child(biblio, "continuity-data")
    for provisional in _provisionals(continuity):
        yield _number(provisional, Role.priority)
    for relation in continuity.iter("parent-child") if continuity is not None else ():
        is_own = text_at(relation, "child", "document-id", "doc-number") == filed
        role = Role.pct if is_own and _is_national_phase(relation) else Role.parent
        yield _number(child(relation, "parent", "document-id"), role)


def _provisionals(continuity: etree._Element | None) -> Iterator[etree._Element]:
    for provisional in children(continuity, _PROVISIONAL):
        yield from provisional.iter("document-id")


def _parent_patents(biblio: etree._Element) -> Iterator[str]:
    """As parents they are known by application, whose numbers look like those of patents."""
    continuity = child(biblio, "continuity-data")
    for patent in continuity.iter("parent-patent") if continuity is not None else ():
        if number := _number(child(patent, "document-id"), Role.grant):
            yield number.compact


def _is_national_phase(relation: etree._Element) -> bool:
    above = relation.getparent()
    return above is not None and above.tag == "a-371-of-international"


def _number(document: etree._Element | None, role: Role) -> Number | None:
    country = text_at(document, "country-code") or "US"
    return number_of(country, role, text_at(document, "doc-number"), kind=text_at(document, "kind-code"))


def _priority_dates(biblio: etree._Element) -> Iterator[date]:
    written = [text_at(claimed, "filing-date") for claimed in children(biblio, "foreign-priority-data")]
    written += [text_at(p, "document-date") for p in _provisionals(child(biblio, "continuity-data"))]
    yield from filter(None, map(date_of, written))


def _inventors(biblio: etree._Element) -> Iterator[etree._Element]:
    yield from children(biblio, "inventors", "first-named-inventor")
    yield from children(biblio, "inventors", "inventor")


def _person(element: etree._Element) -> Party | None:
    name = _joined(text_at(element, "name", f"{part}-name") for part in ("given", "middle", "family"))
    suffix = text_at(element, "name", "name-suffix")
    country = _country(element, "residence", "residence-us") or _country(element, "residence", "residence-non-us")
    return Party(_joined([name, suffix]), country) if name else None


def _assignee(element: etree._Element) -> Party | None:
    person = _joined(text_at(element, "name", f"{part}-name") for part in ("given", "middle", "family"))
    name = text_at(element, "organization-name") or person or text_at(element, "name")
    return Party(name, _country(element, "address", "country") or _country(element, "address")) if name else None


def _country(element: etree._Element, *path: str) -> str:
    code = text_at(element, *path, "country-code").upper()
    return code if re.fullmatch("[A-Z]{2}", code) else ""


def _joined(parts: Iterable[str]) -> str:
    return " ".join(filter(None, parts))


def _ipc(biblio: etree._Element) -> tuple[str, ...]:
    classified = child(biblio, "technical-information", "classification-ipc")
    written = [
        text_at(element, "ipc")
        for rank in ("primary", "secondary")
        for element in children(classified, f"classification-ipc-{rank}")
    ]
    return unique(symbol for text in written if (symbol := ipc_symbol(text)))


def _supplied(biblio: etree._Element) -> tuple[tuple[str, str], ...]:
    classified = child(biblio, "technical-information", "classification-us")
    address = child(biblio, "correspondence-address")
    found = (
        ("us_class", "; ".join(map(_us_class, children(classified, "classification-us-primary", "uspc")))),
        ("us_class_further", "; ".join(map(_us_class, children(classified, "classification-us-secondary", "uspc")))),
        ("parent_patents", "; ".join(unique(_parent_patents(biblio)))),
        ("filing_type", text_at(biblio, "publication-filing-type")),
        ("correspondence", _joined(text_at(address, f"name-{n}") for n in (1, 2))),
    )
    return tuple((name, value) for name, value in found if value)


def _us_class(element: etree._Element) -> str:
    return "/".join(filter(None, (text_at(element, "class"), text_at(element, "subclass"))))
