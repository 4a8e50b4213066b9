"""What an XML patent holds in each language -> its Texts, side by side: parsers of several languages plan here.

In: the parts of one document by language (titles, abstracts, claims) and its description.  Out: the first ``Text``, in
the language of the description, with the abstract and the claims of that language (of another, marked so, where it has
none), then one ``Text`` per language that holds what the first does not.  Amended claims and lists of cited documents
go to the first.  Never joins two languages in one section.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import resolve
from dokhae.parse.langs import language_of
from dokhae.parse.xml.claims import ClaimText, claims_of, write_claims
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.parse.xml.text import line_of, tag_of, text_of
from dokhae.types import Defect, SectionKind, Text

T = TypeVar("T")

_IN_AMENDMENTS = frozenset({"heading", "p", "amended-claims-statement-text"})
_TOLD_BY_SCRIPT = frozenset({"ko", "ja", "zh"})  # a title has too few words to tell Latin languages apart


@dataclass(frozen=True)
class Parts:
    """What one document holds, in document order.  lang: what it declares, used where its words do not tell."""

    titles: Mapping[str, str]
    abstracts: Mapping[str, etree._Element]
    claims: Mapping[str, Sequence[ClaimText]]
    description: etree._Element | None = None
    lang: str = ""
    amendments: Sequence[etree._Element] = ()
    cited: etree._Element | None = None
    headings_in_paragraphs: bool = True


@dataclass(frozen=True)
class _Plan:
    """What one Text will hold; abstract and claims with the language they are in."""

    lang: str
    title: str
    abstract: tuple[str, etree._Element] | None
    claims: tuple[str, Sequence[ClaimText]] | None


def texts_of(parts: Parts, *, parser: str, version: str) -> tuple[tuple[Text, ...], tuple[Defect, ...]]:
    """The texts, the main one first, and what is odd about them: in every language alike, so told once."""
    written = []
    for number, plan in enumerate(_plans(parts)):
        builder = TextBuilder(parser=parser, parser_version=version, lang=plan.lang)
        _write(builder, plan, parts if number == 0 else None)
        text, defects = builder.finish()
        resolved, odd = resolve(text.claims, text.text)
        written.append((replace(text, claims=resolved), defects + odd))
    return tuple(text for text, _ in written), tuple(dict.fromkeys(defect for _, odd in written for defect in odd))


def main_language(parts: Parts) -> str:
    """The language of the description by its words; of what there is where there is none."""
    known = iter([parts.lang, *parts.claims, *parts.abstracts, *parts.titles])
    return lang_of(parts.description) or next(filter(None, known), "en")


def lang_of(element: etree._Element | None) -> str:
    """The language the words of ``element`` are in; the declared one where they are too few to tell."""
    if element is None:
        return ""
    words = " ".join(str(piece) for piece in element.itertext())
    return language_of(words) or declared_lang(element)


def declared_lang(element: etree._Element) -> str:
    return (element.get("lang") or "").lower()[:2]


def lang_of_title(title: str, lang: str) -> str:
    """The language of a title in a document in ``lang``: told by script only, and kanji alone do not tell Japanese.

    >>> lang_of_title("撮像装置", "ja"), lang_of_title("Linse", "de"), lang_of_title("렌즈 구동", "en")
    ('ja', 'de', 'ko')
    """
    script = language_of(title)
    if script not in _TOLD_BY_SCRIPT or (script == "zh" and lang in _TOLD_BY_SCRIPT):
        return lang
    return script


def by_lang(elements: Iterable[etree._Element]) -> dict[str, etree._Element]:
    """The first element of each language."""
    found: dict[str, etree._Element] = {}
    for element in elements:
        found.setdefault(lang_of(element), element)
    found.pop("", None)
    return found


def claims_by_lang(elements: Iterable[etree._Element]) -> dict[str, Sequence[ClaimText]]:
    return {lang: claims for lang, element in by_lang(elements).items() if (claims := claims_of(element))}


def _plans(parts: Parts) -> Iterator[_Plan]:
    lang = main_language(parts)
    title = parts.titles.get(lang) or next(iter(parts.titles.values()), "")
    main = _Plan(lang, title, _first(parts.abstracts, lang), _first(parts.claims, lang))
    yield main
    for other in dict.fromkeys([*parts.claims, *parts.abstracts]):
        abstract = None if main.abstract and main.abstract[0] == other else _only(parts.abstracts, other)
        claimed = None if main.claims and main.claims[0] == other else _only(parts.claims, other)
        if other != lang and (abstract or claimed):
            yield _Plan(other, parts.titles.get(other, ""), abstract, claimed)


def _first(found: Mapping[str, T], lang: str) -> tuple[str, T] | None:
    return _only(found, lang) or next(iter(found.items()), None)


def _only(found: Mapping[str, T], lang: str) -> tuple[str, T] | None:
    return (lang, found[lang]) if lang in found else None


def _write(builder: TextBuilder, plan: _Plan, main: Parts | None) -> None:
    builder.section(SectionKind.title, "", lang_of_title(plan.title, plan.lang))
    builder.paragraph(plan.title)
    if plan.abstract:
        lang, element = plan.abstract
        builder.section(SectionKind.abstract, "", lang)
        DescriptionWriter.plain(builder, element)
    if main is not None and main.description is not None:
        writer = DescriptionWriter(builder, plan.lang, headings_in_paragraphs=main.headings_in_paragraphs)
        writer.write(main.description)
    if plan.claims:
        lang, claims = plan.claims
        builder.section(SectionKind.claims, "", lang)
        write_claims(builder, claims, lang)
    for element in main.amendments if main is not None else ():
        _write_amendment(builder, element)
    if main is not None and main.cited is not None:
        _write_cited(builder, main.cited)


def _write_amendment(builder: TextBuilder, element: etree._Element) -> None:
    """Amended claims and statements as they stand: never claims of this publication."""
    builder.section(SectionKind.amendment, "", lang_of(element))
    for part in element.iter(etree.Element):
        if tag_of(part) == "claim":
            number = (part.get("num") or "").lstrip("0")
            builder.paragraph(f"{number}. {text_of(part)}" if number else text_of(part))
        elif tag_of(part) in _IN_AMENDMENTS and not any(
            tag_of(above) in ("claim", "p") for above in part.iterancestors()
        ):
            builder.paragraph(text_of(part))


# what is told with the element around it
_WITHIN_PARTS = frozenset({"country", "doc-number", "kind", "ppf", "ppl"})


def _write_cited(builder: TextBuilder, element: etree._Element) -> None:
    headings = [line_of(child) for child in element if tag_of(child) == "heading"]
    builder.section(SectionKind.prior_art_documents, headings[0] if headings else "", lang_of(element))
    for child in element:
        if tag_of(child) != "heading" or line_of(child) != (headings[0] if headings else ""):
            cited = [_citation(item) for item in child.iter() if tag_of(item) == "li"]
            for line in cited or text_of(child).splitlines():
                builder.paragraph(line)


def _citation(item: etree._Element) -> str:
    """A cited document on one line: its parts stand in elements with nothing between them."""
    parts: list[str] = []
    for element in item.iter():
        match tag_of(element):
            case "document-id":
                parts.append("".join(line_of(part) for part in element))
            case "sdate" | "edate" | "date":
                parts.append((element.text or "").strip()[:4])  # 20110000: a year alone
            case "pp":
                parts.append("-".join(filter(None, (line_of(page) for page in element))))
            case tag if tag not in _WITHIN_PARTS and element.text:
                parts.append(" ".join(element.text.split()))
    return ", ".join(filter(None, parts))
