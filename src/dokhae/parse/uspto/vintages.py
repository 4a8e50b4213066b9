"""USPTO grants and applications of every XML and SGML vintage -> documents.

In: a stream of documents one after the other: SGML of 2001 and XML of 2002-04 (``PATDOC``, ST.32), applications of
2001-04 (``patent-application-publication``), red book XML since 2005.  Out: one ``Document`` per patent, read by the
vintage its root element names: joined files of several years are one stream.  Supplements that travel with a patent
(sequence listings, tables) are rejected as ``not-a-patent`` so that every piece of a file is accounted for.
Source: USPTO, Red Book, Yellow Book and ST.32 documentation; the files themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from dokhae.parse.uspto import pap as uspto_pap
from dokhae.parse.uspto import patdoc as uspto_patdoc
from dokhae.parse.uspto import redbook as uspto_xml
from dokhae.parse.uspto.reissue import drop_deleted
from dokhae.parse.xml.documents import Parsed, documents, root_name
from dokhae.parse.xml.sgml import as_xml
from dokhae.parse.xml.text import tag_of
from dokhae.types import Document, Rejected, Source

Read = Callable[[Parsed], Document | Rejected]

# Where a document begins in a file that holds many: at its XML declaration, or where the one before has ended: the
# weeks of 2001 are SGML and have no declarations.
_ROOTS = rb"PATDOC|us-patent-grant|us-patent-application|patent-application-publication"
_DOCUMENT_START = re.compile(
    rb"<(?:\?xml(?=[ \t\r\n])|/(?:%(roots)b)[ \t\r\n]{0,8}>[ \t\r\n]{0,64}"
    rb"(?P<next><(?:!DOCTYPE|%(roots)b)(?=[ \t\r\n>])))" % {b"roots": _ROOTS}
)

_VINTAGES: tuple[tuple[str, frozenset[str], Read], ...] = (
    (uspto_xml.NAME, uspto_xml.ROOTS, uspto_xml.read),
    (uspto_patdoc.NAME, uspto_patdoc.ROOTS, uspto_patdoc.read),
    (uspto_pap.NAME, uspto_pap.ROOTS, uspto_pap.read),
)
_BY_ROOT = {root: (name, read) for name, roots, read in _VINTAGES for root in roots}


class _Uspto:
    """One vintage as a parser; documents of the others in its stream are read as what they are."""

    name = ""
    version = ""
    roots: frozenset[str] = frozenset()
    cut_at = _DOCUMENT_START

    def claims_file(self, head: bytes) -> bool:
        return root_name(head) in self.roots

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for parsed in documents(stream, replace(source, format=self.name), cut_at=self.cut_at, mend=as_xml):
            yield parsed if isinstance(parsed, Rejected) else _document(parsed)


class UsptoXml(_Uspto):
    name, version, roots = uspto_xml.NAME, uspto_xml.VERSION, uspto_xml.ROOTS


class UsptoPatdoc(_Uspto):
    name, version, roots = uspto_patdoc.NAME, uspto_patdoc.VERSION, uspto_patdoc.ROOTS


class UsptoPap(_Uspto):
    name, version, roots = uspto_pap.NAME, uspto_pap.VERSION, uspto_pap.ROOTS


def _document(parsed: Parsed) -> Document | Rejected:
    root = tag_of(parsed.root)
    if root not in _BY_ROOT:
        return Rejected.of(parsed.source, "format-not-yet", root=root)
    name, read = _BY_ROOT[root]
    defects = drop_deleted(parsed.root)
    return read(replace(parsed, source=replace(parsed.source, format=name), defects=parsed.defects + defects))
