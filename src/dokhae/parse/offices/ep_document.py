"""EPO publication-server XML (``ep-patent-document``, DTD v1.0 to v1.5.1) -> documents, every kind A1 to B9.

In: a stream of such documents.  Out: one ``Document`` a publication: the main ``Text`` in the language of the
proceedings, the claims of a specification in the other two languages as further Texts.  A document of the Euro-PCT
route whose text the WIPO published, or a search report alone (A3), has no text: kept as a bibliographic record.  Claims
amended after the search, and further sets of claims in one language (for other states), stand in sections
``amendment``, never among the claims.  Pictures leave nothing.
Source: EPO, European publication server; the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.xml.bcodes import biblio_of, numbers_of, titles_of
from dokhae.parse.xml.biblio import child, children
from dokhae.parse.xml.documents import DECLARATION, Parsed, documents, root_name
from dokhae.parse.xml.text import tag_of
from dokhae.parse.xml.texts import Parts, by_lang, claims_by_lang, declared_lang, lang_of, texts_of
from dokhae.types import Document, Rejected, Source

_ROOT = "ep-patent-document"
_AMENDED = ("amended-claims", "amended-claims-statement")


class EpDocumentXml:
    name = "ep-document"
    version = "2"
    cut_at = DECLARATION

    def claims_file(self, head: bytes) -> bool:
        return root_name(head) == _ROOT

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for parsed in documents(stream, replace(source, format=self.name)):
            yield parsed if isinstance(parsed, Rejected) else self._document(parsed)

    def _document(self, parsed: Parsed) -> Document | Rejected:
        root = parsed.root
        if tag_of(root) != _ROOT:
            return Rejected.of(parsed.source, "format-not-yet", root=tag_of(root))
        sdobi = child(root, "SDOBI")
        if sdobi is None:
            return Rejected.of(parsed.source, "no-bibliographic-data", root=_ROOT)
        texts, odd = texts_of(_parts(root, sdobi), parser=self.name, version=self.version)
        numbers = numbers_of(root, sdobi)
        return Document(
            source=parsed.source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=biblio_of(root, sdobi, first=texts[0].lang),
            texts=texts,
            defects=parsed.defects + odd,
        )


def _parts(root: etree._Element, sdobi: etree._Element) -> Parts:
    claims = list(children(root, "claims"))
    kept = list(by_lang(claims).values())
    return Parts(
        titles=dict(titles_of(sdobi)),
        abstracts=by_lang(children(root, "abstract")),
        claims=claims_by_lang(claims),
        description=child(root, "description"),
        lang=declared_lang(root),
        amendments=[
            *(element for element in claims if element not in kept and lang_of(element)),
            *(element for tag in _AMENDED for element in children(root, tag)),
        ],
        cited=child(root, "ep-reference-list"),
    )
