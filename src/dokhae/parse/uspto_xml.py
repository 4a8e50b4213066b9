"""USPTO grants and applications as XML -> documents: one file, one patent or a whole week of them.

In: a stream of concatenated documents (red book DTD v4.0 to v4.7 since 2005).  Out: one ``Document`` per patent, with
title, abstract, description by headings, and claims.  Sequence listings that follow a patent (``sequence-cwu``) are
supplements of it, not patents: rejected as ``not-a-patent`` so that every piece of a file is accounted for.  The
formats of 2001-2004 (``PATDOC``, ``patent-application-publication``) are recognised and rejected as ``format-not-yet``.
Source: USPTO, Red Book and Yellow Book documentation; the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.uspto_biblio import biblio_of, category_of, numbers_of
from dokhae.parse.xml import DECLARATION, Parsed, documents, root_name
from dokhae.parse.xml_biblio import child, text_at
from dokhae.parse.xml_claims import claims_of, write_claims
from dokhae.parse.xml_description import DescriptionWriter
from dokhae.parse.xml_text import tag_of
from dokhae.types import Defect, Document, Rejected, SectionKind, Source, Text

_GRANT, _APPLICATION = "us-patent-grant", "us-patent-application"
_SUPPLEMENTS = frozenset({"sequence-cwu", "sequence-listing", "table-external-doc", "us-megatable-doc"})
_LATER = frozenset({"PATDOC", "patent-application-publication"})
_LANG = "en"


class UsptoXml:
    name = "uspto-xml"
    version = "1"
    cut_at = DECLARATION

    def claims_file(self, head: bytes) -> bool:
        return root_name(head) in {_GRANT, _APPLICATION, *_SUPPLEMENTS, *_LATER}

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for parsed in documents(stream, replace(source, format=self.name)):
            yield parsed if isinstance(parsed, Rejected) else self._document(parsed)

    def _document(self, parsed: Parsed) -> Document | Rejected:
        root, source = parsed.root, parsed.source
        name = tag_of(root)
        if name in _SUPPLEMENTS:
            belongs_to = text_at(root, "publication-reference", "document-id", "doc-number")
            return Rejected.of(source, "not-a-patent", root=name, belongs_to=belongs_to or "?")
        if name not in (_GRANT, _APPLICATION):
            return Rejected.of(source, "format-not-yet", root=name)
        is_grant = name == _GRANT
        biblio = child(root, "us-bibliographic-data-grant" if is_grant else "us-bibliographic-data-application")
        if biblio is None:
            return Rejected.of(source, "no-bibliographic-data", root=name)
        numbers = numbers_of(biblio, is_grant=is_grant)
        data = biblio_of(biblio, is_grant=is_grant)
        text, defects = _text(root, data.title, self)
        return Document(
            source=source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=data,
            texts=(text,),
            defects=parsed.defects + defects + total_defect(data.printed_claims, text.claims),
            category=category_of(biblio),
        )


def _text(root: etree._Element, title: str, parser: UsptoXml) -> tuple[Text, tuple[Defect, ...]]:
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=_LANG)
    builder.section(SectionKind.title, "", _LANG)
    builder.paragraph(title)
    abstract = child(root, "abstract")
    if abstract is not None:
        builder.section(SectionKind.abstract, "", _LANG)
        DescriptionWriter.plain(builder, abstract)
    description = child(root, "description")
    if description is not None:
        DescriptionWriter(builder, _LANG, headings_in_paragraphs=False).write(description)
    claims = child(root, "claims")
    if claims is not None:
        builder.section(SectionKind.claims, text_at(root, "us-claim-statement"), _LANG)
        write_claims(builder, claims_of(claims), _LANG)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved), defects + odd
