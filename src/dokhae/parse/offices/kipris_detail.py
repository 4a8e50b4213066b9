"""The bibliographic detail of KIPRIS Plus (one application, its parts nested) -> cells of a record, and its claims.

In: an ``item`` with ``biblioSummaryInfoArray``, ``applicantInfoArray``, ``claimInfoArray`` ... (empty ones are common).
Out: cells by our field names (records.py), what is supplied beyond them, and a document whose claims know what they
refer to; "2. 삭제" is a deleted claim.  Never reads the PDF the service names.
Source: KIPRIS Plus Open API, getBibliographyDetailInfoSearch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from dokhae.parse.claims import resolve
from dokhae.types import Claim, Document, Span, Text

_SUMMARY = {
    "inventionTitle": "title",
    "inventionTitleEng": "title_en",
    "applicationNumber": "application_number",
    "applicationDate": "application_date",
    "openNumber": "publication_number",
    "openDate": "publication_date",
    "publicationNumber": "announcement_number",
    "registerNumber": "grant_number",
    "registerDate": "grant_date",
    "registerStatus": "status",
}
# (part, field of the part) -> our field; several stand one after the other
_LISTS = {
    ("ipcInfo", "ipcNumber"): "ipc",
    ("cpcInfo", "cpcNumber"): "cpc",
    ("abstractInfo", "astrtCont"): "abstract",
    ("applicantInfo", "name"): "applicants",
    ("inventorInfo", "name"): "inventors",
    ("agentInfo", "name"): "agents",
    ("priorityInfo", "priorityApplicationNumber"): "priority_number",
    ("priorityInfo", "priorityApplicationDate"): "priority_date",
    ("internationalInfo", "internationalApplicationNumber"): "pct_number",
    ("priorArtDocumentsInfo", "documentsNumber"): "cites",
}
_SUPPLIED = (
    *("originalApplicationNumber", "originalApplicationKind", "finalDisposal", "examinerName", "claimCount"),
    *("familyApplicationNumber", "internationOpenNumber", "rndTaskName", "rndTaskNumber", "rndDepartmentName"),
)
_PRINTED = re.compile(r"^(\d{1,3})\s*[.)]\s*")
_DELETED = re.compile(r"^\W*삭제\W*$")


def is_detail(record: etree._Element) -> bool:
    return record.find("biblioSummaryInfoArray") is not None


def cells_of(record: etree._Element) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The cells of one detail, and what has no field of its own."""
    cells: dict[str, str] = {}
    summary = record.find("biblioSummaryInfoArray/biblioSummaryInfo")
    for element in summary if summary is not None else ():
        field = _SUMMARY.get(str(element.tag))
        if field and _words(element):
            cells.setdefault(field, _words(element))
    for (part, name), field in _LISTS.items():
        found = [_words(element) for element in record.iterfind(f"{part}Array/{part}/{name}")]
        joined = "|".join(dict.fromkeys(filter(None, found)))
        if joined:
            cells[field] = joined
    if claims := _claims(record):
        cells["claims"] = "\n".join(f"{number}. {words}" for number, words in claims.items())
    supplied = [(name, _words(e)) for name in _SUPPLIED for e in record.iter(name) if _words(e)]
    return cells, tuple(dict.fromkeys(supplied))


def with_claims_resolved(document: Document) -> Document:
    """The document, its deleted claims marked and the others with what they refer to."""
    [text] = document.texts
    claims = tuple(_deleted(claim, text) for claim in text.claims)
    resolved, odd = resolve(claims, text.text)
    defects = tuple(dict.fromkeys((*document.defects, *odd)))
    return replace(document, texts=(replace(text, claims=resolved),), defects=defects)


def _claims(record: etree._Element) -> Mapping[int, str]:
    """The claims, each on one line; the number as printed, the place where none is."""
    found: dict[int, str] = {}
    for place, element in enumerate(record.iterfind("claimInfoArray/claimInfo/claim"), start=1):
        words = _words(element)
        printed = _PRINTED.match(words)
        if words:
            found.setdefault(int(printed[1]) if printed else place, words[printed.end() :] if printed else words)
    return found


def _deleted(claim: Claim, text: Text) -> Claim:
    if claim.deleted or not _DELETED.match(text.quote(claim.span)):
        return claim
    return replace(claim, span=Span(claim.span.start, claim.span.start), deleted=True)


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())
