"""A page of a patent saved from Google Patents (HTML, also MHTML) -> document.

In: the page, as the server sends it (``itemprop`` markup) or as the browser saves it (``patent-text`` elements).  Out:
one ``Document``: numbers, dates, names, classes and citations from the markup; abstract, description with headings and
paragraph numbers, claims.  The first Text is in the language of the page; where that is a machine translation it is
marked so, and the original words that stand beside it follow as a Text of their own.  Menus, lists of similar documents
and advertisements are never text; scripts are dropped, nothing is run, nothing is fetched.
Source: schema.org microdata and Dublin Core elements of patents.google.com pages.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email import message_from_bytes
from email.message import Message
from typing import BinaryIO

from lxml import etree

from dokhae.parse.build import TextBuilder, fit
from dokhae.parse.claims import LANGUAGES, resolve
from dokhae.parse.encodings import decode_text
from dokhae.parse.files.archives import read_up_to
from dokhae.parse.plain.claims import claim_of, claims_in
from dokhae.parse.web.google_patents_biblio import biblio_of, category_of, numbers_of, value_of
from dokhae.parse.xml.claims import ClaimText, write_claims
from dokhae.parse.xml.description import DescriptionWriter
from dokhae.parse.xml.text import text_of
from dokhae.types import Claim, ClaimForm, Defect, Document, Rejected, SectionKind, Source, Text

MAX_PAGE_BYTES = 64 * 2**20
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|search-app)[\s>]", re.I)
_OF_GOOGLE = re.compile(
    rb"""patents\.google\.com/patent/|google patents</title>|name=["']?citation_patent_|"""
    rb"""itemprop=["']?publicationNumber|name=["']?DC\.type["']?\s+content=["']?patent""",
    re.I,
)
_MHTML = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)
_PARSER_OPTIONS = {"no_network": True, "recover": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
_NEVER_TEXT = ("script", "style", "noscript", "template", "iframe", "object", "svg", "button", "nav")
_TRANSLATED = re.compile(r"translated from (\w+)|기계\s?번역|機械翻訳|机器翻译", re.I)
_CONTENT = "descendant::*[@itemprop='content']"
_SOURCE_CLASS = "google-src-text"


class GooglePatents:
    name = "google-patents"
    version = "1"

    def claims_file(self, head: bytes) -> bool:
        head = head.replace(b"\0", b"")  # UTF-16
        starts = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
        is_page = (starts and _PAGE.search(head)) or _MHTML.search(head)
        return bool(
            is_page and _OF_GOOGLE.search(head.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"=3D", b"="))
        )

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
        source = replace(source, format=self.name, item=0)
        data = read_up_to(stream, MAX_PAGE_BYTES + 1)
        if len(data) > MAX_PAGE_BYTES:
            yield Rejected.of(source, "patent-too-large", limit_mb=MAX_PAGE_BYTES // 2**20)
            return
        page = _page(data)
        yield self._document(page, source) if page is not None else Rejected.of(source, "page-without-patent")

    def _document(self, page: _Page, source: Source) -> Document | Rejected:
        numbers = numbers_of(page.root)
        data = biblio_of(page.root, numbers)
        if not numbers and not data.title:
            return Rejected.of(source, "page-without-patent")
        parts = _parts(page.root)
        texts, defects = _texts(parts, data.title, self)
        if not parts:
            defects += (Defect.of("page-without-text"),)
        return Document(
            source=source,
            number=numbers[0] if numbers else None,
            numbers=numbers,
            biblio=data,
            texts=texts,
            defects=page.defects + defects,
            category=category_of(numbers),
        )


@dataclass(frozen=True, slots=True)
class _Page:
    root: etree._Element
    defects: tuple[Defect, ...]


def _page(data: bytes) -> _Page | None:
    """The tree of the page without what is never text."""
    html = _html_in(data) if _MHTML.search(data[:8192]) else data
    decoded = decode_text(html)
    if decoded is None:
        return None
    defects = []
    if decoded.guessed:
        defects.append(Defect.of("encoding-guessed", declared=decoded.declared or "-", used=decoded.used))
    if decoded.n_replaced:
        defects.append(Defect.of("characters-replaced", count=decoded.n_replaced))
    parser = etree.HTMLParser(encoding="utf-8", **_PARSER_OPTIONS)  # type: ignore[arg-type]
    try:
        root = etree.fromstring(decoded.utf8.replace(b"\0", b""), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    etree.strip_elements(root, *_NEVER_TEXT, with_tail=False)
    return _Page(root, tuple(defects))


def _html_in(data: bytes) -> bytes:
    """The page of an MHTML file: its first part of HTML."""
    message: Message = message_from_bytes(data)
    for part in message.walk():
        payload = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(payload, bytes):
            return payload
    return b""


def _parts(root: etree._Element) -> dict[str, etree._Element]:
    """Abstract, description and claims, as far as the page holds them, by name."""
    found = {}
    for name in ("abstract", "description", "claims"):
        paths = (f"//section[@itemprop='{name}']", f"//patent-text[@name='{name}']", f"//section[@id='{name}']")
        element = next((e for path in paths for e in _elements(root, path)), None)
        if element is not None and text_of(_body(element)).strip():
            found[name] = element
    return found


def _elements(root: etree._Element, path: str) -> Sequence[etree._Element]:
    found = root.xpath(path)
    return [element for element in found if isinstance(element, etree._Element)] if isinstance(found, list) else []


def _body(section: etree._Element) -> etree._Element:
    """The part of a section that is text: without its heading and what stands beside it."""
    content = _elements(section, _CONTENT)
    if content:
        return content[0]
    body = copy.deepcopy(section)
    body.tail = None
    for heading in list(body.iter("h1", "h2", "h3")):
        _drop(heading)
    return body


def _texts(
    parts: dict[str, etree._Element], title: str, parser: GooglePatents
) -> tuple[tuple[Text, ...], tuple[Defect, ...]]:
    bodies = {name: copy.deepcopy(_body(section)) for name, section in parts.items()}
    originals = {name: _original(body) for name, body in bodies.items() if _sources(body)}
    for body in bodies.values():
        for element in _sources(body):
            _drop(element)
    main, defects = _write(bodies, title, parser)
    if not originals:
        said = [match for section in parts.values() if (match := _translated(section))]
        return (main,), defects + tuple(Defect.of("machine-translated", language=found) for found in said[:1])
    original, odd = _write(originals, "", parser)
    marked = Defect.of("machine-translated", language=original.lang or "?")
    return (main, original), tuple(dict.fromkeys((*defects, *odd, marked)))


def _sources(body: etree._Element) -> Sequence[etree._Element]:
    return _elements(body, f"descendant::*[contains(concat(' ', @class, ' '), ' {_SOURCE_CLASS} ')]")


def _drop(element: etree._Element) -> None:
    """Takes an element out; what follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is None:
        parent.text = fit((parent.text or "") + (element.tail or ""))[0]
    else:
        before.tail = fit((before.tail or "") + (element.tail or ""))[0]
    parent.remove(element)


def _original(body: etree._Element) -> etree._Element:
    """A copy of ``body`` that holds the original words only."""
    made = copy.deepcopy(body)
    sources = set(_sources(made))
    inside = {inner for source in sources for inner in source.iter()}
    for element in made.iter():
        if element not in inside:
            element.text = None
        if element not in inside or element in sources:
            element.tail = " " if element in sources else None
    return made


def _translated(section: etree._Element) -> str:
    """The language a heading of the section says its words were translated from, "" where none does."""
    for heading in section.iter("h2", "h3"):
        match = _TRANSLATED.search(value_of(heading))
        if match:
            return match[1] or "?"
    return ""


def _write(bodies: dict[str, etree._Element], title: str, parser: GooglePatents) -> tuple[Text, tuple[Defect, ...]]:
    builder = TextBuilder(parser=parser.name, parser_version=parser.version)
    builder.section(SectionKind.title, "")
    builder.paragraph(title)
    if "abstract" in bodies:
        builder.section(SectionKind.abstract, "")
        for line in text_of(_as_blocks(bodies["abstract"])).split("\n"):
            builder.paragraph(line)
    if "description" in bodies:
        DescriptionWriter(builder).write(_as_blocks(bodies["description"]))
    claims = _claims(bodies["claims"]) if "claims" in bodies else []
    if claims:
        builder.section(SectionKind.claims, "")
        write_claims(builder, [claim for claim, _ in claims], "")
    text, defects = builder.finish()
    resolved, odd = resolve(text.claims, text.text)
    marks = {claim.number: found for claim, found in claims}
    return replace(text, claims=tuple(_marked(claim, marks[claim.number]) for claim in resolved)), defects + odd


def _as_blocks(body: etree._Element) -> etree._Element:
    """``body`` with the elements of Google's pages named like those of patent XML, which the readers here know."""
    for element in body.iter("div", "li", "h2", "h3", "h4", "table", "p"):
        names = (element.get("class") or "").split()
        if "description-paragraph" in names or "description-line" in names or element.tag == "p":
            element.tag = "p"
        elif "claim-text" in names:
            element.tag = "claim-text"
        elif element.tag in ("h2", "h3", "h4"):
            element.tag = "heading"
        elif element.tag == "table":
            element.tag = "tables"
        elif "abstract" in names:
            element.tag = "p"
    if next(body.iter("p", "heading"), None) is None:
        _wrap(body)
    return body


def _wrap(body: etree._Element) -> None:
    """Puts text that stands in no paragraph into paragraphs, one a line."""
    lines = [line for line in text_of(body).split("\n") if line.strip()]
    for child in list(body):
        body.remove(child)
    body.text = None
    for line in lines:
        etree.SubElement(body, "p").text = fit(line)[0]


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the markup of a claim says: the claims it refers to, and whether it depends on one."""

    refers_to: tuple[int, ...] = ()
    is_dependent: bool = False


def _claims(body: etree._Element) -> list[tuple[ClaimText, _Marks]]:
    """The claims of the page in order, each once."""
    of_class = (
        "contains(concat(' ', @class, ' '), ' claim ') or contains(concat(' ', @class, ' '), ' claim-dependent ')"
    )
    elements = _elements(body, f"descendant-or-self::*[@num][{of_class}]")
    elements = elements or [
        e for e in _elements(body, f"descendant::*[{of_class}]") if not _elements(e, f"descendant::*[{of_class}]")
    ]
    if not elements:
        return [(claim, _Marks()) for claim in claims_in(text_of(_as_blocks(body)).split("\n"))]
    found: dict[int, tuple[ClaimText, _Marks]] = {}
    for element in elements:
        marks = _marks(element)
        digits = re.sub(r"\D", "", element.get("num") or "")[:6]
        text = text_of(_as_blocks(copy.deepcopy(element)))
        claim = claim_of(text, number=int(digits) if digits.strip("0") else None, ordinal=len(found) + 1)
        if claim.text or claim.deleted:
            found.setdefault(claim.number, (claim, marks))
    return [found[number] for number in sorted(found)]


def _marks(element: etree._Element) -> _Marks:
    refs = (re.search(r"\d+", reference.get("idref") or "") for reference in element.iter("claim-ref"))
    around = [element, *element.iterancestors()][:4]
    is_dependent = any("claim-dependent" in (one.get("class") or "").split() for one in around)
    return _Marks(tuple(sorted({int(ref[0]) for ref in refs if ref and len(ref[0]) < 7})), is_dependent)


def _marked(claim: Claim, marks: _Marks) -> Claim:
    """The words decide; the markup only where the language of the claim is not read."""
    if claim.lang in LANGUAGES or claim.deleted or not (marks.is_dependent or marks.refers_to):
        return claim
    refers_to = tuple(number for number in marks.refers_to if number != claim.number)
    return replace(claim, depends_on=refers_to, form=ClaimForm.dependent)
