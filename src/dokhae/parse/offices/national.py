"""Full-text XML of KIPO, JPO, CNIPA and WIPO (ST.36, ST.96), and any XML of that shape -> documents.

In: ``jp-official-gazette``, ``jppat:UnexaminedPatentPublication``, ``cn-patent-document``, ``kr-patent-document``,
``business:PatentDocumentAndRelated``, ``KIPO``, ``application-body``, ``pat:PatentPublication`` ...; an unknown root is
read too where it holds claims or a description of these shapes, with a defect that says so.  Out: one ``Document``
each.  Amendments (手続補正書, ``WrittenAmendmentBag``) are sections ``amendment``, never claims.  Parts may be missing:
a document may be claims alone.  A draft without a number has none.
Source: WIPO ST.36 and ST.96; the DTDs and schemas named in st36.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse.claims import total_defect
from dokhae.parse.xml.bcodes import biblio_of as bcode_biblio_of
from dokhae.parse.xml.bcodes import numbers_of as bcode_numbers_of
from dokhae.parse.xml.bcodes import titles_of as bcode_titles_of
from dokhae.parse.xml.documents import Parsed, documents, root_name
from dokhae.parse.xml.st36 import as_st36, wrap_loose_text
from dokhae.parse.xml.st36_biblio import Facts, biblio_of, category_of, numbers_of, office_of, titles_of
from dokhae.parse.xml.text import tag_of
from dokhae.parse.xml.texts import Parts, by_lang, claims_by_lang, declared_lang, lang_of_title, main_language, texts_of
from dokhae.types import Biblio, Defect, Document, Number, Rejected, Role, Source

# as files write them; compared without namespaces
_KNOWN = frozenset(
    {"jp-official-gazette", "cn-patent-document", "kr-patent-document", "kr-patent-application", "tw-patent-grant"}
    | {"KIPO", "PatentCAFDOC", "application-body", "wo-published-application", "wo-patent-document", "pat-app-doc"}
    | {"PatentDocumentAndRelated", "PatentPublication", "PatentGrantPublication", "ApplicationBody", "PatentDocument"}
    | {"UnexaminedPatentPublication", "RegisteredPatentPublication", "InternationalPatentPublication"}
    | {"UnexaminedPatentPublicationAmendment", "InternationalPatentPublicationAmendment"}
    | {"RegisteredUtilityModelPublication", "UnexaminedUtilityModelPublication", "PatentGrant"}
)
# what the beginning of an unknown XML file holds if it is a patent
_MARKS = re.compile(
    rb"<(?:[\w.-]+:)?(?:claims|Claims|claim-text|ClaimText|technical-field|TechnicalField|invention-title|InventionTitle|"
    rb"bibliographic-data|\w*BibliographicData|application-body|SDOBI)[\s>/]"
)
_AMENDING = frozenset(
    {"written-amendment-bag", "written-amendment-group", "written-amendment", "amended-claims", "overflow"}
    | {"amendment-contents-bag", "contents-of-amendment", "amended-claims-statement"}
)
_NO_WORDS = ("abstract-figure", "representative-figure", "drawings", "figure")


class OfficeXml:
    name = "office-xml"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        name = root_name(head)
        return name in _KNOWN or (bool(name) and _MARKS.search(head) is not None)

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        n_before = 0
        for parsed in documents(stream, replace(source, format=self.name)):
            if isinstance(parsed, Rejected):
                yield replace(parsed, source=replace(parsed.source, item=n_before))
                n_before += 1
                continue
            for element in _patents(parsed.root):
                yield self._document(replace(parsed, root=element, source=replace(parsed.source, item=n_before)))
                n_before += 1

    def _document(self, parsed: Parsed) -> Document | Rejected:
        root, written = parsed.root, tag_of(parsed.root)
        as_st36(root)
        parts = _parts(root)
        lang = main_language(parts)
        parts = replace(parts, titles={_title_lang(key, title, lang): title for key, title in parts.titles.items()})
        numbers, biblio, category = _about(root, parts)
        if not (parts.description is not None or parts.claims or parts.abstracts or parts.amendments or numbers):
            return Rejected.of(parsed.source, "format-not-yet", root=written)
        texts, odd = texts_of(parts, parser=self.name, version=self.version)
        unknown = () if written in _KNOWN else (Defect.of("xml-read-generically", root=written),)
        return Document(
            source=parsed.source,
            number=next((n for n in numbers if n.role in (Role.publication, Role.grant)), None),
            numbers=numbers,
            biblio=biblio,
            texts=texts,
            defects=parsed.defects + unknown + odd + total_defect(biblio.printed_claims, texts[0].claims),
            category=category,
        )


def _patents(root: etree._Element) -> Iterator[etree._Element]:
    """The elements that are one patent each: those of a known name, else the whole."""
    if tag_of(root) in _KNOWN:
        yield root
        return
    known = [e for e in root.iter(etree.Element) if tag_of(e) in _KNOWN]
    outermost = [e for e in known if not any(tag_of(above) in _KNOWN for above in e.iterancestors())]
    # an application body stands beside the data that name it: they are read together
    yield from outermost if len(outermost) > 1 else [root]


def _parts(root: etree._Element) -> Parts:
    own = [e for e in root.iter("description", "claims", "abstract") if not _is_amended(e, root)]
    if tag_of(root) in ("description", "claims"):
        own.append(root)
    for element in own:
        for figure in [f for f in element.iter(*_NO_WORDS) if f.getparent() is not None]:
            figure.getparent().remove(figure)  # type: ignore[union-attr]  # it has a parent, as asked
        if element.tag != "claims":
            wrap_loose_text(element)
    sdobi = next(root.iter("sdobi"), None)
    return Parts(
        titles=dict(titles_of(root) or (bcode_titles_of(_upper(sdobi)) if sdobi is not None else ())),
        abstracts=by_lang(e for e in own if e.tag == "abstract"),
        claims=claims_by_lang(e for e in own if e.tag == "claims"),
        description=next((e for e in own if e.tag == "description" and len(e)), None),
        lang=declared_lang(root),
        amendments=[e for e in root.iter(*_AMENDING) if not _is_amended(e, root)],
    )


def _title_lang(declared: str, title: str, lang: str) -> str:
    """A title in kanji alone is Japanese in a Japanese document."""
    return lang_of_title(title, lang) if declared in ("", "zh") else declared


def _is_amended(element: etree._Element, root: etree._Element) -> bool:
    return any(
        tag_of(above) in _AMENDING for above in element.iterancestors() if root in (above, *above.iterancestors())
    )


def _about(root: etree._Element, parts: Parts) -> tuple[tuple[Number, ...], Biblio, str]:
    lang = main_language(parts)
    office = office_of(root, lang)
    facts = Facts(root)
    sdobi = next(root.iter("sdobi"), None)
    if sdobi is not None:
        upper = _upper(sdobi)
        root.set("country", office)
        numbers = bcode_numbers_of(root, upper)
        return numbers, bcode_biblio_of(root, upper, first=lang), category_of(facts, office)
    titles = tuple(parts.titles.items())
    return numbers_of(facts, office), biblio_of(facts, titles, first=lang, office=office), category_of(facts, office)


def _upper(sdobi: etree._Element) -> etree._Element:
    """B-codes keep their capitals: the renaming of the names around them has lowered them."""
    for element in sdobi.iter(etree.Element):
        name = tag_of(element)
        if name[:1] == "b" and name[1:4].isdigit():
            element.tag = name.upper()
    return sdobi
