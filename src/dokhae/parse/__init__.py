"""Bytes -> documents, or a reason why not.

One module per format; each is recognised by the content of the file, never by its name alone.  A parser gets a
binary stream it may read once and yields documents as it goes; it never loads more than one document at a time and
never raises for bad input: what cannot be read becomes a ``Rejected`` and the rest goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import BinaryIO, Protocol, runtime_checkable

from dokhae.types import Document, Rejected, Source

HEAD_BYTES = 8192
CUT_MARK_BYTES = 160


@runtime_checkable
class Parser(Protocol):
    """Reads one format.  ``name`` and ``version`` are stored with every text it made.

    A format whose long files may be read in pieces, by several workers, also says where each document begins:
    ``cut_at``, see ``cut_mark``.
    """

    name: str
    version: str

    def claims_file(self, head: bytes) -> bool:
        """Whether a file that starts with ``head`` (up to HEAD_BYTES) is of this format."""
        ...

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        """The documents of ``stream`` in order; sources get their ``item`` from 0 and this parser's name."""
        ...


# Asked in this order; the first that claims the head of the file reads it.
PARSERS: dict[str, str] = {
    "pdf": "dokhae.parse.pdf:GazettePdf",
    "uspto-xml": "dokhae.parse.uspto.vintages:UsptoXml",
    "uspto-patdoc": "dokhae.parse.uspto.vintages:UsptoPatdoc",
    "uspto-pap": "dokhae.parse.uspto.vintages:UsptoPap",
    "uspto-aside": "dokhae.parse.uspto.aside:UsptoAside",
    "patent-document": "dokhae.parse.offices.patent_document:PatentDocumentXml",
    "ep-document": "dokhae.parse.offices.ep_document:EpDocumentXml",
    "ops-xml": "dokhae.parse.offices.ops:OpsXml",
    "greenbook": "dokhae.parse.uspto.greenbook:Greenbook",
    "uspto-brs": "dokhae.parse.uspto.brs:UsptoBrs",
    "uspto-search": "dokhae.parse.uspto.search:UsptoSearch",
    "google-patents": "dokhae.parse.web.google_patents:GooglePatents",
    "us-lines": "dokhae.parse.uspto.lines:UsLines",
    "http-recording": "dokhae.parse.web.http_recording:HttpRecording",
    "kipris-xml": "dokhae.parse.offices.kipris:KiprisXml",
    "office-xml": "dokhae.parse.offices.national:OfficeXml",
    "dokhae-jsonl": "dokhae.parse.dokhae_jsonl:DokhaeJsonl",
    "us-text": "dokhae.parse.uspto.plain_json:UsText",
    "plain-text": "dokhae.parse.plain.text:PlainText",
    "table": "dokhae.parse.table.parser:Table",
}


@cache
def parser(name: str) -> Parser:
    module, _, cls = PARSERS[name].partition(":")
    made: Parser = getattr(import_module(module), cls)()
    return made


def cut_mark(parser: Parser) -> re.Pattern[bytes] | None:
    """What every document of a file of this format begins with, None where such a file is read by one worker.

    A parser that has a ``cut_at`` must read a piece of a file that begins with such a mark as it would read it within
    the file, and count each mark as one ``Source.item`` (also what stands before the first, unless it is blank).
    The pattern finds a mark of at most CUT_MARK_BYTES, what it looks at before and behind included; where it has a
    group that matched, the document begins there.
    """
    mark: re.Pattern[bytes] | None = getattr(parser, "cut_at", None)
    return mark


def recognise(head: bytes) -> Parser | None:
    """The parser for a file that starts with ``head``, None where no format fits."""
    return next((p for p in map(parser, PARSERS) if p.claims_file(head)), None)
