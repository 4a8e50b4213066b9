"""The parts of one USPTO document -> its ``Text``: the same order and the same rules for every vintage.

In: the elements that hold title, abstract, description and claims, wherever a vintage keeps them.  Out: the text with
sections, paragraphs and resolved claims, and what was odd.  Never looks at bibliographic data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.headings import kind_of
from dokhae.parse.xml.claims import claims_of, write_claims
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.parse.xml.text import line_of, tag_of
from dokhae.types import Defect, SectionKind, Text

LANG = "en"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a vintage found; None where the document has no such part.  statement: "What is claimed is:"."""

    title: str
    abstract: etree._Element | None
    description: etree._Element | None
    claims: etree._Element | None
    statement: str = ""


def text_of_parts(parts: Parts, *, parser: tuple[str, str]) -> tuple[Text, tuple[Defect, ...]]:
    """The text and what was odd about it.  parser: name and version."""
    builder = TextBuilder(parser=parser[0], parser_version=parser[1], lang=LANG)
    builder.section(SectionKind.title, "", LANG)
    builder.paragraph(parts.title)
    if parts.abstract is not None:
        _write_abstract(builder, parts.abstract)
    if parts.description is not None:
        DescriptionWriter(builder, LANG, headings_in_paragraphs=False).write(parts.description)
    if parts.claims is not None:
        builder.section(SectionKind.claims, parts.statement, LANG)
        write_claims(builder, claims_of(parts.claims), LANG)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved), defects + odd


def _write_abstract(builder: TextBuilder, abstract: etree._Element) -> None:
    """Its heading ("Abstract of Disclosure"), an element of its own or the first paragraph, heads the section."""
    first = next((element for element in abstract if tag_of(element)), None)
    heading = line_of(first)
    if first is None or kind_of(heading) is not SectionKind.abstract:
        heading = ""
    else:
        abstract.remove(first)
    builder.section(SectionKind.abstract, heading, LANG)
    DescriptionWriter.plain(builder, abstract)
