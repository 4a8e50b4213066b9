"""Element names of ST.96 and of national dialects -> those of ST.36, which the shared writers of this room read.

In: the tree of a document (``pat:TechnicalField``, ``com:P com:pNumber``, ``base:Paragraphs``, ``main-clsf``).
Out: the same tree with the names of ST.36 (``technical-field``, ``p num``, ``main-classification``), no namespaces, and
text that stands loose in a section in a paragraph.  Never changes or drops a word.
Source: WIPO ST.36 and ST.96 (annex on correspondence); JPO jppat, CNIPA business/base, KIPO PatentCAFDOC.
"""

from __future__ import annotations

import re

from lxml import etree

from dokhae.parse.xml.text import tag_of

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAMES = {
    "technical-problem": "tech-problem",
    "technical-solution": "tech-solution",
    "drawing-description": "description-of-drawings",
    "drawings-description": "description-of-drawings",
    "embodiment-description": "description-of-embodiments",
    "embodiment-example": "embodiments-example",
    "invention-mode": "mode-for-invention",
    # in the offices' forms it holds problem, solution and effect; what stands there loose is the solution
    "invention-summary": "disclosure",
    "summary-of-invention": "disclosure",
    "reference-sign-bag": "reference-signs-list",
    "reference-sign": "p",
    "citation-bag": "citation-list",
    "patent-citation-bag": "patent-literature",
    "npl-citation-bag": "non-patent-literature",
    "patent-citation": "patcit",
    "npl-citation": "nplcit",
    "paragraphs": "p",
    "table": "tables",
    "image": "img",
    "claim-number": "number",
    "wipost3-code": "country",
    "organization-name": "orgname",
    "organization-standard-name": "orgname",
    "entity-name": "name",
    "person-full-name": "name",
    "main-clsf": "main-classification",
    "further-clsf": "further-classification",
    "applicant-details": "applicants",
    "inventor-details": "inventors",
    "agent-details": "agents",
    "assignee-details": "assignees",
}
_ATTRIBUTES = {"p-number": "num", "language-code": "lang", "office-code": "country"}
_INLINE = frozenset(
    {"b", "i", "u", "o", "sub", "sup", "sub2", "sup2", "br", "figref", "crossref", "smallcaps", "chem", "math", "img"}
    | {"patcit", "nplcit", "bio-deposit", "text", "document-id", "claim-ref", "font", "span", "pre", "a"}
)
# elements whose own text is no paragraph of the section they stand in
_NO_SECTION = frozenset(
    {"p", "heading", "ul", "ol", "dl", "sl", "tables", "maths", "chemistry", "figure", "number", "invention-title"}
    | _INLINE
)


def as_st36(root: etree._Element) -> None:
    """Renames the elements and attributes of the tree in place."""
    for element in root.iter(etree.Element):
        name = tag_of(element)
        plain = _HUMP.sub("-", name).lower() if name[:1].isupper() or name != name.lower() else name
        element.tag = _NAMES.get(plain, plain)
        for key, value in list(element.attrib.items()):
            local = str(key).rpartition("}")[2]
            renamed = _HUMP.sub("-", local).lower()
            renamed = _ATTRIBUTES.get(renamed, renamed)
            if renamed != key:
                del element.attrib[key]
                if renamed not in element.attrib:
                    element.set(renamed, value)
    for claim in root.iter("claim"):
        number = next((child for child in claim if child.tag == "number"), None)
        if number is not None and not claim.get("num"):
            claim.set("num", (number.text or "").strip())


def wrap_loose_text(section: etree._Element) -> None:
    """Puts text that stands in a section without a paragraph into one; sections below likewise."""
    below = list(section)
    if any(_is_words(text) for text in (section.text, *(child.tail for child in below))):
        _wrap(section, below)
    for child in below:
        if tag_of(child) and tag_of(child) not in _NO_SECTION:
            wrap_loose_text(child)


def _wrap(section: etree._Element, below: list[etree._Element]) -> None:
    paragraph = etree.Element("p")
    paragraph.text, section.text = section.text, None
    for child in below:
        section.remove(child)
    for child in below:
        tail, child.tail = child.tail, None
        if tag_of(child) in _INLINE or not tag_of(child):
            child.tail = tail
            paragraph.append(child)
            continue
        _append(section, paragraph)
        section.append(child)
        paragraph = etree.Element("p")
        paragraph.text = tail
    _append(section, paragraph)


def _append(section: etree._Element, paragraph: etree._Element) -> None:
    if _is_words("".join(str(piece) for piece in paragraph.itertext())) or len(paragraph):
        section.append(paragraph)


def _is_words(text: str | None) -> bool:
    return bool(text and text.strip())
