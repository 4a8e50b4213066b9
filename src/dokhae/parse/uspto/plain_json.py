"""US patents as one JSON object a line (title, abstract, description, owner) -> documents, without claims.

In: objects with ``title``, ``abstract``, ``number``, ``publication_date`` and ``description`` or ``description_head``
(the first characters of it).  Out: one ``Document`` a line, of the patent with that number.

Two names in these files mislead.  ``number`` is the number of the granted patent with leading zeros ("08830831" is
US 8,830,831), not an application.  ``publication_date`` is the filing date: it falls on every day of the week while
US patents are granted on Tuesdays, and it lies years before the grant of that number (8,830,831: 2010 and 2014).
Commas, hyphens and headings were lost before the files were made, so the description is one section unless a line of
it is a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from dokhae.parse.build import TextBuilder
from dokhae.parse.dates import date_of
from dokhae.parse.headings import kind_of
from dokhae.parse.jsonl import LINE_START, Line, lines
from dokhae.parse.numbers import read_number
from dokhae.types import Biblio, Defect, Document, Number, Party, Rejected, Role, SectionKind, Source, Text

_LANG = "en"
_HEADING_CHARS = 80
_CATEGORIES = {"D": "design", "P": "plant"}


class UsText:
    name = "us-text"
    version = "2"
    cut_at = LINE_START

    def claims_file(self, head: bytes) -> bool:
        # one object a line, unlike JSON laid out for reading; a long first line goes on beyond the head
        first = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]
        return first.startswith(b"{") and all(re.search(rb'"%s"\s*:' % key, first) for key in (b"title", b"abstract"))

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for line in lines(stream, replace(source, format=self.name)):
            yield line if isinstance(line, Rejected) else self._document(line)

    def _document(self, line: Line) -> Document | Rejected:
        record = {key: value for key, value in line.record.items() if isinstance(value, (str, int))}
        written, title = str(record.get("number", "")), str(record.get("title", ""))
        number = read_number(written, office="US", role=Role.grant)
        if number is None and not title.strip():
            return Rejected.of(line.source, "record-empty")
        text, defects = self._text(record)
        return Document(
            source=line.source,
            number=number,
            numbers=(number,) if number else (),
            biblio=_biblio(record, title),
            texts=(text,),
            defects=line.defects + defects + _own_defects(record, number, written),
            category=_CATEGORIES.get(number.digits[0], "invention") if number else "invention",
        )

    def _text(self, record: dict[str, Any]) -> tuple[Text, tuple[Defect, ...]]:
        builder = TextBuilder(parser=self.name, parser_version=self.version, lang=_LANG)
        for kind, key in ((SectionKind.title, "title"), (SectionKind.abstract, "abstract")):
            builder.section(kind, lang=_LANG)
            builder.paragraph(str(record.get(key, "")))
        builder.section(SectionKind.other, lang=_LANG)
        for paragraph in re.split(
            r"\r?\n\s*\r?\n", str(record.get("description") or record.get("description_head", ""))
        ):
            heading = paragraph.strip()
            opens = kind_of(heading) if 0 < len(heading) <= _HEADING_CHARS and not heading.endswith(".") else None
            if opens is None:
                builder.paragraph(paragraph)
            else:
                builder.section(opens, heading, lang=_LANG)
        return builder.finish()


def _biblio(record: dict[str, Any], title: str) -> Biblio:
    owner, country = str(record.get("owner", "")).strip(), str(record.get("owner_country", "")).strip()
    owners = (Party(owner, country),) if owner else ()
    try:
        filed = date_of(str(record.get("publication_date", "")))
    except ValueError:
        filed = None
    return Biblio(
        titles=((_LANG, title.strip()),) if title.strip() else (),
        application_date=filed,
        applicants=owners,
        owners=owners,
        supplied=tuple(
            (key, str(record[key])) for key in ("publication_date", "owner_city", "path") if record.get(key)
        ),
    )


def _own_defects(record: dict[str, Any], number: Number | None, written: str) -> tuple[Defect, ...]:
    defects = []
    if number is None and written:
        defects.append(Defect.of("number-unreadable", field="number", written=written))
    head, total = record.get("description_head"), record.get("description_chars")
    if isinstance(head, str) and not record.get("description") and (not isinstance(total, int) or total > len(head)):
        defects.append(Defect.of("description-cut", have=len(head), total=total or "?"))
    return tuple(defects)
