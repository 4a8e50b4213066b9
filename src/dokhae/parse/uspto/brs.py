"""USPTO grants as tagged text of its search system (BRS) -> documents.

In: a stream of records, each after a line ``*** BRS DOCUMENT BOUNDARY ***``; fields of four letters (``ABPR``), wrapped
lines.  Out: one ``Document`` per patent with numbers, parties, classes, citations, the text by its headings and
claims with the printed total checked.  One blank behind the tag marks a heading, two a paragraph.
Source: USPTO, PatentPublicData (the samples); USPTO, searchable indexes of the public search (names of the fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve, total_defect
from dokhae.parse.headings_inline import opens_section
from dokhae.parse.numbers import read_number
from dokhae.parse.uspto.dot_codes import decode_dots
from dokhae.parse.uspto.greenbook_biblio import parent_patents
from dokhae.parse.uspto.tagged import MAX_RECORD_BYTES, Field, records, replaced
from dokhae.parse.uspto.wrapped import Words, join
from dokhae.parse.xml.biblio import count_of, date_of, ipc_symbol, number_of, unique
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.types import Biblio, Defect, Document, Number, Party, Rejected, Role, SectionKind, Source, Text

_LANG = "en"
_START = re.compile(rb"\*\*\* BRS DOCUMENT BOUNDARY \*\*\*")
_HEAD = re.compile(rb"(?:^|\n)\*\*\* BRS DOCUMENT BOUNDARY \*\*\*[ \t]*\r?\n[A-Z]{3,4} ")
# fields of the description -> the kind that holds until a heading says otherwise, in the order they are printed
_KIND_BY_FIELD = {
    "CRTX": SectionKind.support,
    "GOTX": SectionKind.support,
    "BSTX": SectionKind.background,
    "DRTX": SectionKind.drawings,
    "DETX": SectionKind.embodiments,
}
_ABSTRACTS = frozenset({"ABPR", "ABTX"})
_CLAIMS = frozenset({"CLPR", "CLTX", "CLPV"})
_NUMBERED = re.compile(r"\s*(\d{1,4})\s?\.\s*")
_CATEGORIES = {"S": "design", "P": "plant"}
_NOT_GIVEN = "N/A"


class UsptoBrs:
    name = "uspto-brs"
    version = "2"

    def claims_file(self, head: bytes) -> bool:
        return bool(_HEAD.search(head))

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        found = (record for record in records(stream, _START) if record != [])
        for item, record in enumerate(found):
            here = replace(source, item=item, format=self.name)
            if record is None:
                yield Rejected.of(here, "patent-too-large", limit_mb=MAX_RECORD_BYTES // 2**20)
            else:
                yield self._document(record, here)

    def _document(self, fields: Sequence[Field], source: Source) -> Document | Rejected:
        numbers = unique(number for number in _numbers(fields) if number is not None)
        own = _own_number(fields)
        data = _biblio(fields)
        if own is None and not data.title:
            return Rejected.of(source, "record-empty")
        text, defects = _text(fields, data.title, self)
        if own is None:
            defects += (Defect.of("number-unreadable", field="DID", written=_get(fields, "DID")),)
        return Document(
            source=source,
            number=own,
            numbers=numbers,
            biblio=data,
            texts=(text,),
            defects=replaced(fields) + defects + total_defect(data.printed_claims, text.claims),
            category=_CATEGORIES.get((own.kind or "")[:1] if own else "", "invention"),
        )


def _text(fields: Sequence[Field], title: str, parser: UsptoBrs) -> tuple[Text, tuple[Defect, ...]]:
    words = Words.of(line for field in fields for line in field.lines)
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=_LANG)
    builder.section(SectionKind.title, "", _LANG)
    builder.paragraph(title)
    builder.section(SectionKind.abstract, "", _LANG)
    for field in fields:
        if field.tag in _ABSTRACTS:
            builder.paragraph(_prose(field, words))
    _describe(fields, DescriptionWriter(builder, _LANG, headings_in_paragraphs=False), words)
    builder.section(SectionKind.claims, _get(fields, "CLST"), _LANG)
    for number, text in _claims([_prose(field, words) for field in fields if field.tag in _CLAIMS]):
        builder.claim(number, text, lang=_LANG)
    made, defects = builder.finish()
    resolved, odd = resolve(made.claims, made.text)
    return replace(made, claims=resolved), defects + odd


def _describe(fields: Sequence[Field], writer: DescriptionWriter, words: Words) -> None:
    open_tag = ""
    for field in fields:
        kind = _KIND_BY_FIELD.get(field.tag)
        if kind is None:
            continue
        if field.tag != open_tag:
            writer.enter(kind)
            open_tag = field.tag
        text = _prose(field, words)
        if field.is_indented and not opens_section(text):
            writer.paragraph(text)
        else:
            writer.heading(text)


def _prose(field: Field, words: Words) -> str:
    return decode_dots(join(field.lines, words))


def _claims(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Numbered claims; a line without a number goes on with the claim before it."""
    claims: list[tuple[int, str]] = []
    for text in texts:
        printed = _NUMBERED.match(text)
        if printed or not claims:
            claims.append((int(printed[1]), text[printed.end() :]) if printed else (1, text))
        else:
            claims[-1] = (claims[-1][0], f"{claims[-1][1]}\n{text}")
    return claims


def _get(fields: Sequence[Field], tag: str) -> str:
    return next((value for value in _all(fields, tag)), "")


def _all(fields: Sequence[Field], tag: str) -> Iterator[str]:
    return (field.value for field in fields if field.tag == tag and field.value and field.value != _NOT_GIVEN)


def _groups(fields: Sequence[Field], first: str) -> Iterator[list[Field]]:
    """The fields from each ``first`` to the next: one priority, one inventor."""
    held: list[Field] = []
    for field in fields:
        if field.tag == first:
            if held:
                yield held
            held = []
        if held or field.tag == first:
            held.append(field)
    if held:
        yield held


def _own_number(fields: Sequence[Field]) -> Number | None:
    return read_number(_get(fields, "DID"), office="US", role=Role.publication)


def _numbers(fields: Sequence[Field]) -> Iterator[Number | None]:
    yield _own_number(fields)
    yield number_of("US", Role.application, _get(fields, "APP"))
    for written in _all(fields, "PDID"):
        yield read_number(written, office="US", role=Role.publication)
    for claimed in _groups(fields, "PRCO"):
        yield number_of(_get(claimed, "PRCO"), Role.priority, _get(claimed, "PRAN").replace(" ", ""))
    for related in _groups(fields, "COND"):
        role = Role.priority if "provisional" in _get(related, "COND") else Role.parent
        yield from (number_of("US", role, written) for written in _all(related, "RLAN"))


def _biblio(fields: Sequence[Field]) -> Biblio:
    title, printed = decode_dots(_get(fields, "TTL")), _get(fields, "NCL")
    inventors = _parties(fields, "INNM", "INCO")
    owners, filed = _parties(fields, "ASNM", "ASCO"), _parties(fields, "AANM", "AACO")
    persons = {" ".join(sorted(party.name.replace(",", " ").split())) for party in inventors}
    firms = tuple(party for party in filed if " ".join(sorted(party.name.split())) not in persons)
    return Biblio(
        titles=(("en", title),) if title else (),
        application_date=date_of(_get(fields, "AFD")),
        publication_date=date_of(_get(fields, "PPPD")),
        grant_date=date_of(_get(fields, "GISD")),
        priority_date=min(filter(None, map(date_of, _all(fields, "PRAD"))), default=None),
        applicants=firms or owners or filed or inventors,
        owners=owners,
        inventors=inventors,
        agents=unique(
            [Party(name) for name in _all(fields, "LRFM")] + [Party(_person(name)) for name in _all(fields, "LRFW")]
        ),
        ipc=_symbols(fields, "IPCP", "IPCS"),
        cpc=_symbols(fields, "CPOI", "CPOA"),
        cites=_cites(fields),
        printed_claims=count_of(printed),
        supplied=tuple(
            (name, value)
            for name, value in (
                ("us_class", _get(fields, "CIFS")),
                ("primary_examiner", _get(fields, "EXP")),
                ("assistant_examiner", _get(fields, "EXA")),
                ("parent_patents", parent_patents(_all(fields, "RLPN"))),
            )
            if value
        ),
    )


def _person(name: str) -> str:
    last, _, given = name.partition(";")
    return " ".join(f"{given} {last}".split())


def _parties(fields: Sequence[Field], name: str, country: str) -> tuple[Party, ...]:
    return unique(
        Party(_person(_get(held, name)), _get(held, country)) for held in _groups(fields, name) if _get(held, name)
    )


def _symbols(fields: Sequence[Field], *tags: str) -> tuple[str, ...]:
    return unique(symbol for tag in tags for value in _all(fields, tag) if (symbol := ipc_symbol(value)))


def _cites(fields: Sequence[Field]) -> tuple[str, ...]:
    """``US 2003/0169838 A1 20030900 Greenstreet et al. 375/376 cited by examiner``"""
    cited = []
    for tag in ("URGP", "FRGP"):
        for group in _all(fields, tag):
            words = group.split()
            kind = words[2] if len(words) > 2 and re.fullmatch(r"[A-Z]\d?", words[2]) else ""
            number = read_number(" ".join([*words[:2], kind]), role=Role.publication)
            if number is not None:
                cited.append(number.compact)
    return unique(cited)
