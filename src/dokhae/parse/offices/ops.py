"""Answers of the EPO's Open Patent Services (``ops:world-patent-data``) -> documents.

In: answers with exchange documents (biblio, abstract), full texts (description, claims), families, search results or
register entries.  Out: one ``Document`` for each document element; a family member or search hit that is only named
becomes a record of its numbers and its family.  An answer about numbers, images, usage or an error holds no patent:
rejected with what it is about.  A register entry is of an application: it has no number of its own.
Source: EPO, Open Patent Services RESTful web services 3.2, reference guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.offices.ops_biblio import biblio_of, numbers_of, titles_of
from dokhae.parse.records import status_of
from dokhae.parse.xml.biblio import child, children, date_of, text_at
from dokhae.parse.xml.debris import mend
from dokhae.parse.xml.documents import Parsed, documents, root_name
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.parse.xml.texts import Parts, by_lang, claims_by_lang, texts_of
from dokhae.types import Biblio, Document, Rejected, Role, Source, Status

_ROOTS = frozenset({"world-patent-data", "exchange-documents", "exchange-document", "fulltext-documents", "fault"})
_REGISTERED = "register-document"
# a document of its own; one within another (the exchange document of a family member) counts once, as the inner one
_DOCUMENTS = ("exchange-document", "fulltext-document", _REGISTERED, "family-member")
_SERVICES = {
    "standardization": "number formats (number service)",
    "document-inquiry": "images of pages",
    "meta": "usage",
    "classification-scheme": "the CPC scheme",
    "classification-search": "the CPC scheme",
    "classification-statistics": "the CPC scheme",
    "mappings": "the CPC scheme",
    "patent-family": "a family without members",
    "biblio-search": "a search without hits",
    "register-search": "a register search without hits",
}


class OpsXml:
    name = "ops-xml"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        name = root_name(head)
        return name in _ROOTS and (name != "fault" or b"ops.epo.org" in head or b"<code>" in head)

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        n_before = 0
        for parsed in documents(stream, replace(source, format=self.name)):
            here = replace(parsed.source, item=n_before)
            if isinstance(parsed, Rejected):
                yield replace(parsed, source=here)
                n_before += 1
                continue
            mend(parsed.root)
            n_found = 0
            for element in _document_elements(parsed.root):
                yield self._document(element, replace(parsed, source=replace(here, item=n_before + n_found)))
                n_found += 1
            if not n_found:
                yield _nothing(parsed.root, here)
            n_before += max(1, n_found)

    def _document(self, element: etree._Element, parsed: Parsed) -> Document:
        data = child(element, "bibliographic-data")
        is_bare = data is None and child(element, "publication-reference") is not None
        biblio = element if is_bare or tag_of(element) == "publication-reference" else data
        if tag_of(element) == "publication-reference":  # a hit of a search stands alone: the reference is the record
            biblio = etree.Element("record")
            biblio.append(_copy(element))
        numbers = numbers_of(element, biblio)
        texts, odd = texts_of(_parts(element, data), parser=self.name, version=self.version)
        is_registered = tag_of(element) == _REGISTERED
        return Document(
            source=parsed.source,
            number=next((n for n in numbers if n.role in (Role.publication, Role.grant)), None)
            if not is_registered
            else None,
            numbers=numbers,
            biblio=_with_family(biblio_of(element, biblio, first=texts[0].lang), element),
            texts=texts,
            defects=parsed.defects + odd,
        )


def _document_elements(root: etree._Element) -> Iterator[etree._Element]:
    found = False
    for element in root.iter(etree.Element):
        if tag_of(element) in _DOCUMENTS and not any(child(element, tag) is not None for tag in _DOCUMENTS):
            found = True
            yield element
    if not found:
        for element in root.iter(etree.Element):
            if tag_of(element) == "publication-reference" and tag_of(element.getparent()) == "search-result":  # type: ignore[arg-type]
                yield element


def _copy(element: etree._Element) -> etree._Element:
    copied: etree._Element = etree.fromstring(etree.tostring(element, with_tail=False))
    return copied


def _parts(element: etree._Element, data: etree._Element | None) -> Parts:
    return Parts(
        titles=dict(titles_of(data)),
        abstracts=by_lang(children(element, "abstract")),
        claims=claims_by_lang(children(element, "claims")),
        description=child(element, "description"),
        lang=(element.get("lang") or "").lower()[:2],
    )


def _with_family(biblio: Biblio, element: etree._Element) -> Biblio:
    """With the family the element or the member around it names, and the status of the register."""
    around = [element, *element.iterancestors()]
    family = next((e.get("family-id") or "" for e in around if e.get("family-id")), "")
    return replace(biblio, family_id=biblio.family_id or family, status=_status(element))


def _status(element: etree._Element) -> Status | None:
    newest = child(element, "ep-patent-statuses", "ep-patent-status")
    written = line_of(newest) or element.get("status") or ""
    as_of = date_of(newest.get("change-date") or "") if newest is not None else None
    return status_of(written, as_of) if written else None


def _nothing(root: etree._Element, source: Source) -> Rejected:
    """What an answer without a document is about."""
    fault = next((e for e in root.iter(etree.Element) if tag_of(e) == "fault"), None)
    if fault is not None:
        return Rejected.of(source, "ops-error", result=text_at(fault, "code"), reason=text_at(fault, "message"))
    tags = [tag_of(element) for element in root.iter(etree.Element)]
    about = next((_SERVICES[tag] for tag in tags if tag in _SERVICES and tag != "meta"), None)
    return Rejected.of(source, "ops-no-document", service=about or (_SERVICES["meta"] if "meta" in tags else tags[0]))
