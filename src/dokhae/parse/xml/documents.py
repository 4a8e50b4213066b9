"""Bytes -> XML trees, safely: every XML parser of this room reads through here.

In: a binary stream that holds one XML document or many, one after the other, as patent offices ship them (with an XML
declaration each, or without).  Out: one
``Parsed`` tree per document, or a ``Rejected`` for the one that cannot be read; the next ones are not lost.  Never
opens the network, never loads a DTD, never expands an entity a document declares, never holds more than one document.

Named characters (``&mgr;`` ``&deg;``) belong to DTDs that are not loaded: they are resolved from tables of our own
(``entities``).  A declared encoding that the bytes contradict is replaced by one that fits, with a defect:
one wrong declaration must not cost a patent, but it must not pass unseen either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from lxml import etree

from dokhae.parse import CUT_MARK_BYTES
from dokhae.parse.encodings import Decoded, decode
from dokhae.parse.xml.entities import characters_of
from dokhae.types import Defect, Rejected, Source

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
DECLARATION = re.compile(rb"<\?xml(?=[ \t\r\n])")
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.S)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([\w.:-]+)[^\[>]*(?:\[.*?\]\s*)?>", re.S)
_DOCTYPE_NAME = re.compile(rb"<!DOCTYPE\s+([\w.:-]+)")
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_LITERAL = rb"""(?:"[^"]*"|'[^']*')"""
_PICTURE = re.compile(
    rb"<!ENTITY\s+[^\s%]+\s+(?:SYSTEM|PUBLIC\s+" + _LITERAL + rb")\s+" + _LITERAL + rb"\s+NDATA\s+[\w.:-]+\s*>"
)
_ENTITY = re.compile(rb"<!ENTITY\s*(?:%\s*)?([^\s>]*)")
# one that is never closed goes to the end: searched for once, not from each of its like
_CDATA_OR_NAME = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|&([A-Za-z][\w.-]*);", re.S)
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|apos|quot);)[A-Za-z]")
_PREDEFINED = frozenset({"amp", "lt", "gt", "apos", "quot"})
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|&#(?:x(?P<hex>[0-9A-Fa-f]+)|(?P<dec>\d+));")
_MOST_DIGITS = 8  # of a numeric reference; Python refuses to convert thousands
_REPLACEMENT = "\ufffd".encode()
# what no well-formed document holds: & that begins no reference, < before no name, <words without a value> or </
_BARE = re.compile(rb"&(?!#?\w{1,40};)|<(?![A-Za-z_:/!?])|<(?=[A-Za-z][\w.-]*(?:(?:\s+[\w.,:;/()-]+)+\s*[<>]|\s*<))")

Mend = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Parsed:
    """One well-formed document.  source.item counts the documents of the stream from 0, broken ones included."""

    root: etree._Element
    source: Source
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """The bytes of one document and the line of the file it starts on; None where it is too large to be read."""

    data: bytes | None
    line: int


def documents(
    stream: BinaryIO, source: Source, *, cut_at: re.Pattern[bytes] = DECLARATION, mend: Mend | None = None
) -> Iterator[Parsed | Rejected]:
    """The XML documents of ``stream`` in order; what is broken comes as ``Rejected`` with its line in the file.

    cut_at: what each document begins with, see ``cut_mark``.  mend: turns a document that is no XML yet (SGML) into
    one; asked only for those that do not parse.
    """
    for item, piece in enumerate(_split(stream, cut_at)):
        here = replace(source, item=item)
        if piece.data is None:
            yield Rejected.of(here, "xml-too-large", limit_mb=MAX_DOCUMENT_BYTES // 2**20, line=piece.line)
        else:
            yield parse(piece.data, here, first_line=piece.line, mend=mend)


def parse(data: bytes, source: Source, *, first_line: int = 1, mend: Mend | None = None) -> Parsed | Rejected:
    """One document's tree; ``first_line`` is where it starts in its file."""
    decoded = decode(data)
    if decoded is None:
        return Rejected.of(source, "wrong-encoding", line=first_line)
    found = _parsed(decoded, decoded.utf8, source, first_line)
    if mend is not None and isinstance(found, Rejected) and found.code == "xml-broken":
        # what stays broken is told as the mended document has it: its lines are those of the file
        found = _parsed(decoded, mend(decoded.utf8), source, first_line)
    return found


def _parsed(decoded: Decoded, data: bytes, source: Source, first_line: int) -> Parsed | Rejected:
    declared = _first_declared_entity(data)
    if declared:
        return Rejected.of(source, "xml-entities", entity=declared, line=first_line)
    resolved, unknown = _resolve_names(data)
    n_replaced, n_bare = decoded.n_replaced, 0
    try:
        root = etree.fromstring(resolved, _parser())
    except etree.XMLSyntaxError as broken:
        # two faults cost no words: characters XML forbids, and an & or < that a careless program left bare in the text
        mended, n_forbidden = _without_forbidden(resolved)
        mended, n_bare = _BARE.subn(_escaped, mended) if b"<![CDATA[" not in mended else (mended, 0)
        n_replaced += n_forbidden
        again = _tree(mended) if n_forbidden or n_bare else None
        if again is None:
            return _rejected(broken, source, first_line)
        root = again
    bare = (Defect.of("markup-mended", count=n_bare),) if n_bare else ()
    return Parsed(root, source, (*_defects(decoded, unknown, n_replaced), *bare))


def root_name(head: bytes) -> str:
    """The name of the root element a file starts with ("" where none is seen in ``head``).

    >>> root_name(b'<?xml version="1.0"?><!-- x --><!DOCTYPE a SYSTEM "a.dtd" [ ]><a lang="EN">')
    'a'
    """
    head = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    at = 0
    while match := _PROLOG.match(head, at) or _DOCTYPE.match(head, at):
        at = match.end()
    # a long list of graphics may push the root element out of the head: the DOCTYPE names it too
    found = _ROOT.match(head, at) or _DOCTYPE_NAME.match(head, at)
    return found.group(1).decode("ascii", "replace").rpartition(":")[2] if found else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )


def _tree(data: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError:
        return None


def _defects(decoded: Decoded, unknown: tuple[str, ...], n_replaced: int) -> Iterator[Defect]:
    if decoded.guessed:
        yield Defect.of("encoding-guessed", declared=decoded.declared, used=decoded.used)
    if n_replaced:
        yield Defect.of("characters-replaced", count=n_replaced)
    for name in unknown:
        yield Defect.of("unknown-entity", entity=name)


def _rejected(broken: etree.XMLSyntaxError, source: Source, first_line: int) -> Rejected:
    # its own line numbers count from the start of the document, not of the file
    reason = re.sub(r",? line \d+(?:, column \d+)?", "", " ".join((broken.msg or "").split()))
    return Rejected.of(source, "xml-broken", reason=reason, line=first_line + max(broken.lineno or 1, 1) - 1)


def _without_forbidden(data: bytes) -> tuple[bytes, int]:
    """The document with the characters XML does not allow replaced, and how many they were."""
    n_replaced = 0

    def replaced(match: re.Match[bytes]) -> bytes:
        nonlocal n_replaced
        if _is_allowed(match["hex"] or match["dec"], 16 if match["hex"] else 10):
            return match.group()
        n_replaced += 1
        return _REPLACEMENT

    return _FORBIDDEN.sub(replaced, data), n_replaced


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"&amp;" if match.group() == b"&" else b"&lt;"


def _is_allowed(digits: bytes | None, base: int) -> bool:
    """Whether a numeric reference names a character XML allows; None: it was no reference."""
    digits = (digits or b"").lstrip(b"0")
    if not digits or len(digits) > _MOST_DIGITS:
        return False
    code = int(digits, base)
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def _split(stream: BinaryIO, cut_at: re.Pattern[bytes]) -> Iterator[_Piece]:
    """The stream cut at the marks; white space between documents is no document."""
    held, line, searched, too_large = bytearray(), 1, 1, False
    while chunk := stream.read(_CHUNK_BYTES):
        held += chunk
        start = 0
        for match in cut_at.finditer(held, searched):
            begins = match.start(match.lastgroup or 0)
            data = bytes(held[start:begins])
            if data.strip():
                yield _Piece(None if too_large else data, line)
            line += data.count(b"\n")
            start, too_large = begins, False
        del held[:start]
        if len(held) > MAX_DOCUMENT_BYTES:
            line += held.count(b"\n", 0, -CUT_MARK_BYTES)
            del held[:-CUT_MARK_BYTES]
            too_large = True
        searched = max(1, len(held) - CUT_MARK_BYTES + 1)
    if held.strip():
        yield _Piece(None if too_large else bytes(held), line)


def _first_declared_entity(data: bytes) -> str:
    """The name of the first entity the document declares itself, other than pictures (NDATA); "" where none."""
    for found in _ENTITY.finditer(data):
        if not _PICTURE.match(data, found.start()):
            return found.group(1).decode("utf8", "replace") or "?"
    return ""


def _resolve_names(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The document with its named characters as numbers, and the names nobody knows (kept as literal text)."""
    unknown: dict[str, None] = {}
    if not _NAMED.search(data):
        return data, ()

    def number(match: re.Match[bytes]) -> bytes:
        if match.group(1) is None:
            return match.group()
        name = match.group(1).decode("ascii")
        if name in _PREDEFINED:
            return match.group()
        characters = characters_of(name)
        if characters is None:
            unknown[name] = None
            return b"&amp;" + match.group()[1:]
        return "".join(f"&#{ord(c)};" for c in characters).encode("ascii")

    return _CDATA_OR_NAME.sub(number, data), tuple(unknown)
