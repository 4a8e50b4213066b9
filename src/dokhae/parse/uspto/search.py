"""Answers of USPTO's public search saved as JSON (PPUBS) -> documents.

In: one answer: a patent with its text (``guid``, ``descriptionHtml`` …), a list of such, or the list of a search, whose
entries have no text.  Out: one ``Document`` per patent.  Its text is read from small pieces of HTML, its headings from
their words; claims with their dependencies and, in grants, the printed total.  What was read by OCR (``USOCR``, before
1976) is marked so.  Answers that hold no patent (counts, errors, trials, assignments) are rejected by name.
Source: USPTO, Patent Public Search; the samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings_inline import opens_section
from dokhae.parse.json_values import Value, values
from dokhae.parse.plain.claims import claims_in
from dokhae.parse.uspto.dot_codes import decode_dots
from dokhae.parse.uspto.search_biblio import biblio_of, category_of, numbers_of, text_in
from dokhae.parse.xml.claims import write_claims
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.parse.xml.documents import root_name
from dokhae.parse.xml.text import line_of
from dokhae.types import Defect, Document, Rejected, SectionKind, Source, Text

_LANG = "en"
_OBJECT = re.compile(rb"\s*[\[{]")
_PATENT = re.compile(rb'"guid"\s*:\s*"[A-Z]{2}-|"publicationReferenceDocumentNumber"\s*:')
# answers of the same offices' services that hold no patent: what tells them -> what they are
_OTHER_ANSWERS = {
    "trial": re.compile(rb'"(?:proceedingNumber|trialNumber|patentTrial\w*)"\s*:'),
    "assignment": re.compile(rb'"(?:reelNumber|reelAndFrameNumber|assignmentBag|patAssignor\w*)"\s*:'),
    "count": re.compile(rb'"numResults"\s*:\s*\d+\s*,\s*"ignorePersist"'),
    "search": re.compile(rb'"numFound"\s*:\s*\d+\s*,\s*"perPage"'),
    "message": re.compile(rb'^\s*\{\s*"(?:message|error)"\s*:\s*"[^"]{0,300}"\s*\}\s*$'),
}
_BREAKS = re.compile(r"<\s?(?:br|p|/p)\s?/?\s?>|\n", re.I)
_LABEL = re.compile(r"\s*\[(\d{4,5})\]\s*")
_RUNNING = re.compile(r"\s*\(\d{1,4}\)\s+(?=\S)")  # counts what the page shows, is not printed
_MARKUP = re.compile(r"[<&]")
_HEADING_CHARS = 120
_PARSER_OPTIONS = {"no_network": True, "recover": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
_DESCRIPTION = (
    ("governmentInterest", SectionKind.support),
    ("backgroundTextHtml", SectionKind.support),
    ("briefHtml", SectionKind.background),
    ("descriptionHtml", SectionKind.embodiments),
)


class UsptoSearch:
    name = "uspto-search"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        if _OBJECT.match(head.removeprefix(b"\xef\xbb\xbf")):
            return bool(_PATENT.search(head)) or _other_answer(head) != ""
        return root_name(head) == "response" and b'name="QTime"' in head

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name)
        head = stream.read(2048)
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            yield Rejected.of(source, "answer-without-patents", kind="assignment")
            return
        n_read = 0
        for value in values(_Again(head, stream), source):
            for record in (value,) if isinstance(value, Rejected) else _records(value):
                yield record if isinstance(record, Rejected) else self._document(record, n_read)
                n_read += 1
        if not n_read:
            yield Rejected.of(source, "answer-without-patents", kind=_other_answer(head) or "other")

    def _document(self, value: Value, item: int) -> Document | Rejected:
        record, source = value.value, replace(value.source, item=item)
        numbers = numbers_of(record)
        data = biblio_of(record)
        if not numbers and not data.title:
            return Rejected.of(source, "record-empty")
        is_scanned = text_in(record, "type") == "USOCR"
        text, defects = _text(record, data.title, self, is_scanned=is_scanned)
        if is_scanned and text.read_from.value != "title":
            defects += (Defect.of("text-from-ocr"),)
        return Document(
            source=source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=data,
            texts=(text,),
            defects=value.defects + defects + (total_defect(data.printed_claims, text.claims) if text.claims else ()),
            category=category_of(numbers),
        )


class _Again:
    """A stream that gives ``head``, taken from it already, before the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def read(self, n_bytes: int) -> bytes:
        taken, self._head = self._head[:n_bytes], self._head[n_bytes:]
        return taken or self._rest.read(n_bytes)


def _other_answer(head: bytes) -> str:
    return next((kind for kind, pattern in _OTHER_ANSWERS.items() if pattern.search(head)), "")


def _records(value: Value) -> Iterator[Value]:
    """The patents of one answer."""
    answer = value.value
    if not isinstance(answer, dict):
        return
    if answer.get("guid") or answer.get("publicationReferenceDocumentNumber"):
        yield value
        return
    for key in ("patents", "docs", "results"):
        found = answer.get(key)
        for record in found if isinstance(found, list) else ():
            if isinstance(record, dict) and (record.get("guid") or record.get("publicationReferenceDocumentNumber")):
                yield replace(value, value=record)


def _text(
    record: Mapping[str, Any], title: str, parser: UsptoSearch, *, is_scanned: bool
) -> tuple[Text, tuple[Defect, ...]]:
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=_LANG)
    builder.section(SectionKind.title, "", _LANG)
    builder.paragraph(title)
    builder.section(SectionKind.abstract, "", _LANG)
    for piece in _pieces(record, "abstractHtml"):
        builder.paragraph(piece)
    writer = DescriptionWriter(builder, _LANG, headings_in_paragraphs=is_scanned)
    for key, kind in _DESCRIPTION:
        writer.enter(SectionKind.other if is_scanned else kind)
        _describe(_pieces(record, key), writer)
    claims = claims_in(_pieces(record, "claimsHtml"))
    if claims:
        builder.section(SectionKind.claims, text_in(record, "claimStatement"), _LANG)
        write_claims(builder, claims, _LANG)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved, is_ocr=is_scanned), defects + odd


def _describe(pieces: Iterator[str], writer: DescriptionWriter) -> None:
    for piece in pieces:
        label = _LABEL.match(piece)
        running = None if label else _RUNNING.match(piece)
        text = piece[(label or running).end() :] if label or running else piece  # type: ignore[union-attr]
        if not label and (opens_section(text) or (not running and _is_capitals(text))):
            writer.heading(text)
        else:
            writer.paragraph(text, label[1] if label else "")


def _is_capitals(text: str) -> bool:
    return text.isupper() and 3 < len(text) <= _HEADING_CHARS and not text.endswith((".", ";", ","))


def _pieces(record: Mapping[str, Any], key: str) -> Iterator[str]:
    """The lines of a field of HTML, as text."""
    for piece in _BREAKS.split(text_in(record, key, joined_by="\n")):
        text = " ".join(decode_dots(_plain(piece)).split())
        if text:
            yield text


def _plain(html: str) -> str:
    if not _MARKUP.search(html):
        return html
    parser = etree.HTMLParser(**_PARSER_OPTIONS)  # type: ignore[arg-type]
    root = etree.fromstring(f"<div>{html}</div>", parser)
    return line_of(root)
