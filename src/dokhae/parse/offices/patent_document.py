"""MAREC ``patent-document`` and EPO ``fulltext-document`` XML (EP, WO, US) -> documents.

In: a stream of such documents.  Out: one ``Document`` per publication.  Its first ``Text`` is in the language of the
description, with the abstract and the claims of that language (of another, marked so, where it has none); what the
source holds in further languages (claims in German and French, abstracts) follows as further Texts.  The language of a
description is read from its words: the declared one is not always right.  Never joins two languages in one section.
Source: the MAREC collection (IRF, 2009), EPO Open Patent Services full text; the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.offices.patent_document_biblio import biblio_of, numbers_of, titles_of
from dokhae.parse.xml.biblio import child, children
from dokhae.parse.xml.debris import mend
from dokhae.parse.xml.documents import DECLARATION, Parsed, documents, root_name
from dokhae.parse.xml.text import tag_of
from dokhae.parse.xml.texts import Parts, by_lang, claims_by_lang, texts_of
from dokhae.types import Document, Rejected, Source

_ROOTS = frozenset({"patent-document", "fulltext-document"})


class PatentDocumentXml:
    name = "patent-document"
    version = "4"
    cut_at = DECLARATION

    def claims_file(self, head: bytes) -> bool:
        return root_name(head) in _ROOTS

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for parsed in documents(stream, replace(source, format=self.name)):
            yield parsed if isinstance(parsed, Rejected) else self._document(parsed)

    def _document(self, parsed: Parsed) -> Document | Rejected:
        root = parsed.root
        if tag_of(root) not in _ROOTS:
            return Rejected.of(parsed.source, "format-not-yet", root=tag_of(root))
        mend(root)
        parts = _parts(root)
        texts, odd = texts_of(parts, parser=self.name, version=self.version)
        numbers = numbers_of(root)
        return Document(
            source=parsed.source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=biblio_of(root, first=texts[0].lang),
            texts=texts,
            defects=parsed.defects + odd,
        )


def _parts(root: etree._Element) -> Parts:
    return Parts(
        titles=dict(titles_of(root)),
        abstracts=by_lang(_abstracts(root)),
        claims=claims_by_lang(children(root, "claims")),
        description=child(root, "description"),
    )


def _abstracts(root: etree._Element) -> list[etree._Element]:
    """The abstract as the EPO keeps it (source="EPO") before the one scanned from the application."""
    return sorted(children(root, "abstract"), key=lambda element: element.get("source") != "EPO")
