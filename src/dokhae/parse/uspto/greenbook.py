"""USPTO grants of 1976-2001 as text (Greenbook, also APS) -> documents: one patent a file, or a week of them in one.

In: a stream of records, each from ``PATN`` to the next; groups of four letters (``INVT``), fields of three (``NAM``),
lines wrapped at some 75 columns.  Out: one ``Document`` per patent with numbers, parties, classes, citations, the text
by its groups and headings, tables, and claims with the printed total checked.  The kind of a grant is not printed in
these years and is never guessed.
Source: USPTO, Patent Full Text/APS documentation (Green Book); the samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings_inline import opens_section
from dokhae.parse.uspto.dot_codes import decode_dots
from dokhae.parse.uspto.greenbook_biblio import Groups, biblio_of, category_of, number_defects, numbers_of
from dokhae.parse.uspto.tagged import MAX_RECORD_BYTES, Field, records, replaced
from dokhae.parse.uspto.wrapped import Words, join
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.types import Defect, Document, Rejected, SectionKind, Source, Text

_LANG = "en"
_START = re.compile(rb"PATN[ \t]*\r?\n")
_HEAD = re.compile(rb"(?:^|\n)PATN[ \t]*\r?\n(?:[A-Z]{3} [^\n]*\n){0,4}?WKU ")
# groups of the description -> the kind that holds until a heading says otherwise
_KIND_BY_GROUP = {
    "PARN": SectionKind.support,
    "GOVT": SectionKind.support,
    "BSUM": SectionKind.background,
    "DRWD": SectionKind.drawings,
    "DETD": SectionKind.embodiments,
}
_PARAGRAPHS = re.compile(r"PA[RL0-9]|FNT|EQU")
_RULE = re.compile(r"[\s_=-]{6,}")
_COLUMNS = re.compile(r"\s{2,}|\t")
_NUMBERED = re.compile(r"\s*(\d{1,3})\s?\.\s*")


@dataclass(frozen=True, slots=True)
class _Claim:
    number: int
    lines: tuple[str, ...]


class Greenbook:
    name = "greenbook"
    version = "2"
    cut_at = re.compile(rb"(?<=\n)PATN(?=[ \t\r\n])")

    def claims_file(self, head: bytes) -> bool:
        return bool(_HEAD.search(head))

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        for item, record in enumerate(records(stream, _START)):
            here = replace(source, item=item, format=self.name)
            if record == []:
                continue  # the header of the tape, which counts as an item (parse.cut_mark)
            if record is None:
                yield Rejected.of(here, "patent-too-large", limit_mb=MAX_RECORD_BYTES // 2**20)
            else:
                yield self._document(Groups.of(record), here)

    def _document(self, groups: Groups, source: Source) -> Document | Rejected:
        numbers = numbers_of(groups)
        if not numbers and not groups.first("PATN", "TTL"):
            return Rejected.of(source, "record-empty")
        data = biblio_of(groups)
        text, defects = _text(groups, data.title, self)
        own = number_defects(groups)
        return Document(
            source=source,
            number=numbers[0] if numbers and not any(defect.code == "number-unreadable" for defect in own) else None,
            numbers=numbers,
            biblio=data,
            texts=(text,),
            defects=own + replaced(groups.fields) + defects + total_defect(data.printed_claims, text.claims),
            category=category_of(groups),
        )


def _text(groups: Groups, title: str, parser: Greenbook) -> tuple[Text, tuple[Defect, ...]]:
    words = Words.of(line for field in groups.fields for line in field.lines)
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=_LANG)
    builder.section(SectionKind.title, "", _LANG)
    builder.paragraph(title)
    builder.section(SectionKind.abstract, "", _LANG)
    for field in groups.all_of("ABST"):
        if _PARAGRAPHS.fullmatch(field.tag):
            builder.paragraph(_prose(field, words))
    writer = DescriptionWriter(builder, _LANG, headings_in_paragraphs=False)
    for group, fields in groups.in_order:
        if group in _KIND_BY_GROUP:
            writer.enter(_KIND_BY_GROUP[group])
            _describe(fields, writer, words)
    claims = groups.all_of("CLMS", "DCLM")
    if claims:
        statement = next((field.value for field in claims if field.tag == "STM"), "")
        builder.section(SectionKind.claims, statement, _LANG)
        for claim in _claims(claims, words):
            builder.claim(claim.number, "\n".join(claim.lines), lang=_LANG)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved), defects + odd


def _describe(fields: Sequence[Field], writer: DescriptionWriter, words: Words) -> None:
    for field in fields:
        if field.tag == "TBL":
            if table := table_of(field.lines):
                writer.table(table)
        elif field.tag == "PAC" or _PARAGRAPHS.fullmatch(field.tag):
            text = _prose(field, words)
            is_heading = field.tag == "PAC" or opens_section(text)
            (writer.heading if is_heading else writer.paragraph)(text)


def _prose(field: Field, words: Words) -> str:
    return decode_dots(join(field.lines, words), ends_with_blank=True)


def table_of(lines: Sequence[str]) -> str:
    """A typed table: its rows without rules and empty lines, two blanks or more as the end of a cell.

    >>> table_of(["        TABLE 1", "____________", "", "  Normal Number     Comments", "  4 1 5   first"])
    'TABLE 1\\nNormal Number\\tComments\\n4 1 5\\tfirst'
    """
    rows = (line.strip() for line in lines if not _RULE.fullmatch(line))
    return "\n".join(decode_dots(_COLUMNS.sub("\t", row)) for row in rows if row)


def _claims(fields: Sequence[Field], words: Words) -> list[_Claim]:
    """The claims as numbered; a design patent's one claim has no number."""
    claims: list[_Claim] = []
    number: int | None = None
    for field in fields:
        if field.tag == "NUM":
            found = re.search(r"\d{1,4}", field.value)
            number = int(found[0]) if found else len(claims) + 1
            claims.append(_Claim(number, ()))
        elif field.tag != "STM" and (text := _claim_text(field, words)):
            claims = _with_line(claims, text, is_numbered=number is not None)
    return [claim for claim in claims if claim.lines]


def _claim_text(field: Field, words: Words) -> str:
    return table_of(field.lines) if field.tag == "TBL" else _prose(field, words)


def _with_line(claims: list[_Claim], text: str, *, is_numbered: bool) -> list[_Claim]:
    """``claims`` with one more line, which opens a claim where it is numbered and no ``NUM`` stood before it."""
    printed = _NUMBERED.match(text)
    if not claims or (not is_numbered and printed):
        number = int(printed[1]) if printed else len(claims) + 1
        return [*claims, _Claim(number, (text[printed.end() :] if printed else text,))]
    last = claims[-1]
    if not last.lines and printed and int(printed[1]) == last.number:
        text = text[printed.end() :]
    return [*claims[:-1], replace(last, lines=(*last.lines, text))]
