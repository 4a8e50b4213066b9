"""Bibliographic data of USPTO grants of 2001-04 (``SDOBI`` of ``PATDOC``) -> numbers and ``Biblio``.

In: the ``SDOBI`` element.  Out: every number the document carries, its own first, and the ``Biblio``.  Its tags are
the INID codes of WIPO ST.9 with a B before and a digit behind: B110 is (11), B540 is (54).  The applicant is the firm
where one is assigned, else the inventors (see ``uspto_biblio``).
Source: WIPO ST.32; USPTO, ST.32 grant DTD 2.4 and 2.5; the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from dokhae.parse.uspto.redbook_biblio import category_from
from dokhae.parse.xml.biblio import (
    child,
    children,
    count_of,
    date_defects,
    date_of,
    ipc_symbol,
    number_of,
    text_at,
    unique,
)
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Biblio, Defect, Number, Party, Role

_UNKNOWN_KIND = "00"
# B610 addition, B620 division, B631-633 continuation, in part, of a reissue, B640 and B641US reissue, B645 and B646US
# reexamination, B660 substitution: each names a parent
_PARENTS = frozenset({"B610", "B620", "B631", "B632", "B633", "B640", "B641US", "B645", "B646US", "B660"})


def category_of(biblio: etree._Element) -> str:
    return category_from(_kind(biblio), us_class=text_at(biblio, "B500", "B520", "B521"))


def numbers_of(biblio: etree._Element) -> tuple[Number, ...]:
    """Every number, each once; the document's own is the first."""
    return unique(number for number in _numbers(biblio) if number is not None)


def date_defects_of(biblio: etree._Element) -> tuple[Defect, ...]:
    return date_defects(
        application_date=text_at(biblio, "B200", "B220", "DATE"), grant_date=text_at(biblio, "B100", "B140", "DATE")
    )


def biblio_of(biblio: etree._Element) -> Biblio:
    title = text_at(biblio, "B500", "B540")
    inventors = _parties(children(biblio, "B700", "B720", "B721", "PARTY-US"))
    owners = _parties(children(biblio, "B700", "B730", "B731", "PARTY-US"))
    return Biblio(
        titles=(("en", title),) if title else (),
        application_date=date_of(text_at(biblio, "B200", "B220", "DATE")),
        publication_date=_earliest(_published_before(biblio)),
        grant_date=date_of(text_at(biblio, "B100", "B140", "DATE")),
        priority_date=_earliest([*children(biblio, "B300", "B320"), *children(biblio, "B600", "B680US", "DOC")]),
        applicants=_parties(children(biblio, "B700", "B710", "B711", "PARTY-US")) or owners or inventors,
        owners=owners,
        inventors=inventors,
        agents=_parties(children(biblio, "B700", "B740", "B741", "PARTY-US")),
        ipc=_ipc(biblio),
        cites=_cites(biblio),
        printed_claims=count_of(text_at(biblio, "B500", "B570", "B577")),
        supplied=_supplied(biblio),
    )


def _kind(biblio: etree._Element) -> str:
    return text_at(biblio, "B100", "B130")


def _numbers(biblio: etree._Element) -> Iterator[Number | None]:
    office = text_at(biblio, "B100", "B190") or "US"
    yield number_of(office, Role.grant, text_at(biblio, "B100", "B110", "DNUM"), kind=_kind(biblio))
    yield number_of("US", Role.application, text_at(biblio, "B200", "B210", "DNUM"))
    for document in _published_before(biblio):
        yield _number(document, Role.publication)
    yield _number(child(biblio, "B800", "B860", "B861", "DOC"), Role.pct)
    published_by_wipo = _number(child(biblio, "B800", "B870", "B871", "DOC"), Role.publication)
    # not a publication of this office: kept as the PCT number it is
    yield published_by_wipo and replace(published_by_wipo, role=Role.pct)
    for claimed in children(biblio, "B300"):
        yield number_of(text_at(claimed, "B330", "CTRY"), Role.priority, text_at(claimed, "B310", "DNUM"))
    for document in children(biblio, "B600", "B680US", "DOC"):
        yield _number(document, Role.priority)
    for relation in _relations(biblio):
        yield _number(child(relation, "PDOC", "DOC"), Role.parent)


def _relations(biblio: etree._Element) -> Iterator[etree._Element]:
    """The ``PARENT-US`` of each earlier application, however deep the kind of relation holds it."""
    for related in children(biblio, "B600"):
        for parent in related.iter("PARENT-US"):
            if any(tag_of(above) in _PARENTS for above in parent.iterancestors()):
                yield parent


def _parent_patents(biblio: etree._Element) -> Iterator[str]:
    """As parents they are known by application, whose numbers look like those of patents."""
    for relation in _relations(biblio):
        if number := _number(child(relation, "PPUB", "DOC"), Role.grant):
            yield number.compact


def _parent_date(biblio: etree._Element) -> str:
    """The day the earliest non-provisional parent was filed, ISO: the term of the patent counts from it; "" without."""
    parents = (child(relation, "PDOC", "DOC") for relation in _relations(biblio))
    earliest = _earliest(parent for parent in parents if parent is not None)
    return earliest.isoformat() if earliest else ""


def _published_before(biblio: etree._Element) -> list[etree._Element]:
    """B650: published before; B690US: the publication of the same application."""
    return [*children(biblio, "B600", "B650", "DOC"), *children(biblio, "B600", "B690US", "DOC")]


def _number(document: etree._Element | None, role: Role) -> Number | None:
    kind = text_at(document, "KIND")
    return number_of(
        text_at(document, "CTRY") or "US",
        role,
        text_at(document, "DNUM"),
        kind="" if kind == _UNKNOWN_KIND else kind,
    )


def _earliest(dated: Iterable[etree._Element]) -> date | None:
    return min(filter(None, (date_of(text_at(element, "DATE")) for element in dated)), default=None)


def _parties(elements: Iterable[etree._Element]) -> tuple[Party, ...]:
    return unique(party for element in elements if (party := _party(element)))


def _party(element: etree._Element) -> Party | None:
    name = child(element, "NAM")
    person = " ".join(filter(None, (text_at(name, part) for part in ("FNM", "SNM", "SFX"))))
    written = text_at(name, "ONM") or person
    country = text_at(element, "ADR", "CTRY")
    if not country and text_at(element, "ADR", "STATE"):
        country = "US"  # the files name a state instead
    return Party(written, country) if written else None


def _ipc(biblio: etree._Element) -> tuple[str, ...]:
    # columns count here: the text as it stands
    written = ["".join(str(piece) for piece in e.itertext()) for tag in ("B511", "B512") for e in _classes(biblio, tag)]
    return unique(symbol for text in written if (symbol := ipc_symbol(text)))


def _classes(biblio: etree._Element, tag: str) -> Iterator[etree._Element]:
    return children(biblio, "B500", "B510", tag)


def _cites(biblio: etree._Element) -> tuple[str, ...]:
    documents = children(biblio, "B500", "B560", "B561", "PCIT", "DOC")
    cited = (_number(document, _cited_role(document)) for document in documents)
    return unique(number.compact for number in cited if number is not None)


def _cited_role(document: etree._Element) -> Role:
    # "A" was the kind of US grants until 2001; publications have eleven digits
    is_publication = len(text_at(document, "DNUM").replace("/", "")) >= 10
    return Role.publication if is_publication else Role.grant


def _supplied(biblio: etree._Element) -> tuple[tuple[str, str], ...]:
    is_locarno = bool(_kind(biblio).startswith("S"))
    found = (
        ("us_class", text_at(biblio, "B500", "B520", "B521")),
        ("us_class_further", "; ".join(map(line_of, children(biblio, "B500", "B520", "B522")))),
        ("locarno", text_at(biblio, "B500", "B510", "B511") if is_locarno else ""),
        ("term_years", text_at(biblio, "B400", "B472", "B474")),
        ("term_extension_days", text_at(biblio, "B400", "B472", "B474US")),
        ("term_note", text_at(biblio, "B200", "B222US")),
        ("drawing_sheets", text_at(biblio, "B500", "B590", "B595")),
        ("figures", text_at(biblio, "B500", "B590", "B596")),
        ("parent_patents", "; ".join(unique(_parent_patents(biblio)))),
        ("parent_date", _parent_date(biblio)),
        ("national_phase_date", text_at(biblio, "B800", "B860", "B864US", "DATE")),
        ("cited_literature", "\n".join(map(line_of, children(biblio, "B500", "B560", "B562", "NCIT")))),
        ("term_disclaimed", "yes" if child(biblio, "B400", "B472", "B473US") is not None else ""),
    )
    return tuple((name, value) for name, value in found if value)
