"""MAREC ``patent-document`` and EPO ``fulltext-document`` XML (EP, WO, US) -> documents.

In: a stream of such documents.  Out: one ``Document`` per publication.  Its first ``Text`` is in the language of the
description, with the abstract and the claims of that language (of another, marked so, where it has none); what the
source holds in further languages (claims in German and French, abstracts) follows as further Texts.  The language of a
description is read from its words: the declared one is not always right.  Never joins two languages in one section.
Source: the MAREC collection (IRF, 2009), EPO Open Patent Services full text; the files themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, TypeVar

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.langs import language_of
from dokhae.parse.patent_document_biblio import biblio_of, numbers_of, titles_of
from dokhae.parse.xml import DECLARATION, Parsed, documents, root_name
from dokhae.parse.xml_biblio import child, children
from dokhae.parse.xml_claims import ClaimText, claims_of, write_claims
from dokhae.parse.xml_description import DescriptionWriter
from dokhae.parse.xml_text import raised, tag_of
from dokhae.types import Defect, Document, Rejected, SectionKind, Source, Text

T = TypeVar("T")

_ROOTS = frozenset({"patent-document", "fulltext-document"})
# What stands for a picture or a page end in abstracts and scanned texts; a hyphen at a line end in a scanned gazette.
_DEBRIS = re.compile(
    r"\s*<\s*(?:IMAGE|CHEM|MATH|TABLE|EMI ID=[\w.]+|Desc/Clms Page number \w+)\s*>|\u00ac\s*|"
    r"(?:SUBSTITUTE SHEET|FEUILLE DE REMPLACEMENT?|ERSATZBLATT)\s*(?:\(?(?:RULE|R[EÈ]GLE|REGEL) ?\d+\)?)?"
)
# EPOQUE writes raised figures in angle brackets: 10<-5>, m<2>, 180<0>C; <211> and the like are of sequence listings.
_DEGREE = re.compile(r"(?<=\w) ?<0>\s?(?=[CFK]\b)")
_RAISED = re.compile(r"(?<=[\w)\]])<([+-]?\d{1,2}[+-]?|[+-])>")


class PatentDocumentXml:
    name = "patent-document"
    version = "2"
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
        _mend(root)
        plans = _plans(root)
        written = [_write(plan, self) for plan in plans]
        numbers = numbers_of(root)
        return Document(
            source=parsed.source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=biblio_of(root, first=plans[0].lang),
            texts=tuple(text for text, _ in written),
            # what is odd about the claims is odd in every language: told once
            defects=parsed.defects + tuple(dict.fromkeys(defect for _, odd in written for defect in odd)),
        )


@dataclass(frozen=True)
class _Plan:
    """What one Text will hold; abstract and claims with the language they are in."""

    lang: str
    title: str
    abstract: tuple[str, etree._Element] | None
    description: etree._Element | None
    claims: tuple[str, Sequence[ClaimText]] | None


def _plans(root: etree._Element) -> list[_Plan]:
    """The main text first, then one per language that has an abstract or claims the main text does not hold."""
    titles = dict(titles_of(root))
    abstracts, claims = _abstracts(root), _claims(root)
    description = child(root, "description")
    lang = _lang_of(description) or next(iter([*claims, *abstracts, *titles]), "en")
    title = titles.get(lang) or next(iter(titles.values()), "")
    main = _Plan(lang, title, _first(abstracts, lang), description, _first(claims, lang))
    plans = [main]
    for other in dict.fromkeys([*claims, *abstracts]):
        abstract = None if main.abstract and main.abstract[0] == other else _only(abstracts, other)
        claimed = None if main.claims and main.claims[0] == other else _only(claims, other)
        if other != lang and (abstract or claimed):
            plans.append(_Plan(other, titles.get(other, ""), abstract, None, claimed))
    return plans


def _first(by_lang: Mapping[str, T], lang: str) -> tuple[str, T] | None:
    return _only(by_lang, lang) or next(iter(by_lang.items()), None)


def _only(by_lang: Mapping[str, T], lang: str) -> tuple[str, T] | None:
    return (lang, by_lang[lang]) if lang in by_lang else None


def _write(plan: _Plan, parser: PatentDocumentXml) -> tuple[Text, tuple[Defect, ...]]:
    builder = TextBuilder(parser=parser.name, parser_version=parser.version, lang=plan.lang)
    builder.section(SectionKind.title, "", plan.lang)
    builder.paragraph(plan.title)
    if plan.abstract:
        lang, element = plan.abstract
        builder.section(SectionKind.abstract, "", lang)
        DescriptionWriter.plain(builder, element)
    if plan.description is not None:
        DescriptionWriter(builder, plan.lang).write(plan.description)
    if plan.claims:
        lang, claims = plan.claims
        builder.section(SectionKind.claims, "", lang)
        write_claims(builder, claims, lang)
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    return replace(text, claims=resolved), defects + odd


def _abstracts(root: etree._Element) -> dict[str, etree._Element]:
    """One abstract a language: as the EPO keeps it (source="EPO"), before the one scanned from the application."""
    found = sorted(children(root, "abstract"), key=lambda element: element.get("source") != "EPO")
    return _by_lang(found)


def _claims(root: etree._Element) -> dict[str, Sequence[ClaimText]]:
    return {
        lang: claims for lang, element in _by_lang(children(root, "claims")).items() if (claims := claims_of(element))
    }


def _by_lang(elements: Iterator[etree._Element] | Sequence[etree._Element]) -> dict[str, etree._Element]:
    by_lang: dict[str, etree._Element] = {}
    for element in elements:
        by_lang.setdefault(_lang_of(element), element)
    by_lang.pop("", None)
    return by_lang


def _lang_of(element: etree._Element | None) -> str:
    """The language the words of ``element`` are in; the declared one where they are too few to tell."""
    if element is None:
        return ""
    words = " ".join(str(piece) for piece in element.itertext())
    return language_of(words) or (element.get("lang") or "").lower()


def _mend(root: etree._Element) -> None:
    """Takes the traces of scanning and of other markup out of the words, before any offset is given."""
    for element in root.iter():
        if element.text and _has_debris(element.text):
            element.text = _mended(element.text)
        if element.tail and _has_debris(element.tail):
            element.tail = _mended(element.tail)


def _has_debris(text: str) -> bool:
    return "<" in text or "\u00ac" in text or "SHEET" in text or "REMPLACEMEN" in text or "ERSATZBLATT" in text


def _mended(text: str) -> str:
    text = _DEGREE.sub("°", _DEBRIS.sub("", text))
    return _RAISED.sub(lambda match: raised(match.group(1)), text)
