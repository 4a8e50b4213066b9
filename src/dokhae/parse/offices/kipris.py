"""Search answers of KIPRIS Plus -> documents: bibliographic data and abstract of Korean applications.

In: ``<response>`` with records of either shape: ``PatentUtilityInfo`` (capitalised names, often an empty resultCode)
or ``item`` (lower-case names), or with the details of one application, claims included (kipris_detail.py).  Out: one
``Document`` a record; it is of an application, so it has no number of its
own (``Document.number`` is None), and its publication and grant numbers are numbers of their roles.  An answer that
says it failed is ``kipris-error``; one without records is ``no-records``.
Source: KIPRIS Plus Open API, patent and utility model search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.offices.kipris_detail import cells_of, is_detail, with_claims_resolved
from dokhae.parse.records import document_of
from dokhae.parse.xml.documents import documents, root_name
from dokhae.types import Document, Rejected, Source

_MARKS = (b"<resultCode", b"<resultMsg", b"<PatentUtilityInfo")
_RECORDS = ("PatentUtilityInfo", "item")
# names of both shapes, lower-cased -> our fields (records.py)
_FIELDS = {
    "inventionname": "title", "inventiontitle": "title", "inventiontitleeng": "title_en",
    "abstract": "abstract", "astrtcont": "abstract",
    "applicationnumber": "application_number", "applicationdate": "application_date",
    "openingnumber": "publication_number", "opennumber": "publication_number",
    "openingdate": "publication_date", "opendate": "publication_date",
    "publicnumber": "announcement_number", "publicationnumber": "announcement_number",
    "registrationnumber": "grant_number", "registernumber": "grant_number",
    "registrationdate": "grant_date", "registerdate": "grant_date",
    "registrationstatus": "status", "registerstatus": "status",
    "applicant": "applicants", "applicantname": "applicants",
    "inventor": "inventors", "inventorname": "inventors", "agent": "agents", "agentname": "agents",
    "internationalpatentclassificationnumber": "ipc", "ipcnumber": "ipc", "cpcnumber": "cpc",
}  # fmt: skip
# what KIPRIS adds about its own answer, not about the patent
_OF_THE_ANSWER = frozenset({"serialnumber", "indexno", "drawingpath", "thumbnailpath", "drawing", "bigdrawing"})
_SUCCESS = frozenset({"", "00", "0"})


class KiprisXml:
    name = "kipris-xml"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        # other services answer with <response> too; theirs has no resultCode in its header
        return root_name(head) == "response" and any(mark in head for mark in _MARKS)

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        n_before = 0
        for parsed in documents(stream, source):
            here = replace(source, item=n_before, format=self.name)
            if isinstance(parsed, Rejected):
                yield replace(parsed, source=here)
                n_before += 1
                continue
            n_records = 0
            for record in parsed.root.iter(*_RECORDS):
                yield self._document(record, replace(here, item=n_before + n_records))
                n_records += 1
            if not n_records:
                yield _without_records(parsed.root, here)
            n_before += max(1, n_records)

    def _document(self, record: etree._Element, source: Source) -> Document | Rejected:
        made_by = (self.name, self.version)
        if is_detail(record):
            nested, beyond = cells_of(record)
            found = document_of({"country": "KR", **nested}, source, parser=made_by, supplied=beyond)
            return with_claims_resolved(found) if isinstance(found, Document) else found
        cells: dict[str, str] = {"country": "KR"}
        supplied: list[tuple[str, str]] = []
        for element in record.iterchildren(etree.Element):
            name, value = str(element.tag), (element.text or "").strip()
            field = _FIELDS.get(name.lower())
            if field is not None:
                cells.setdefault(field, value)
            elif value and name.lower() not in _OF_THE_ANSWER:
                supplied.append((name, value))
        return document_of(cells, source, parser=made_by, supplied=tuple(supplied))


def _without_records(root: etree._Element, source: Source) -> Rejected:
    code = (root.findtext("header/resultCode") or "").strip()
    if code in _SUCCESS:
        return Rejected.of(source, "no-records")
    return Rejected.of(source, "kipris-error", result=code, reason=(root.findtext("header/resultMsg") or "").strip())
