"""USPTO's SGML of 2001 -> XML with the same words on the same lines.

In: the bytes of one document (UTF-8).  Out: bytes an XML parser can read: empty elements closed, attribute values
quoted, bare "&" and "<" escaped, named characters completed, the DOCTYPE without its subset left out (its line ends
stay).  Never adds, drops or moves a word; only elements the DTD declares empty are closed: a document that is cut off
stays broken.
Source: ISO 8879 (SHORTTAG, omitted reference ends); USPTO, ST.32 grant DTD 2.4 (2000-09-20); the files of 2001.
"""

from __future__ import annotations

import re

from dokhae.parse.xml.entities import characters_of

_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}\?>")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[\w.:-]+[^\[>]*(?:\[[^\]]*\]\s*)?>")
_END_TAG = re.compile(rb"</([A-Za-z][\w.:-]*)\s*>")
_START_TAG = re.compile(rb"<([A-Za-z][\w.:-]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_BARE_VALUE = re.compile(rb"(\s[A-Za-z][\w.:-]*\s*=\s*)([^\s\"'<>/]+)(?=[\s/]|\Z)")
# "&" that opens no reference, and a name whose ";" was left out, as SGML allows before a blank
_AMPERSAND = re.compile(rb"&(?!#\d+;|#[xX][0-9A-Fa-f]+;|[A-Za-z][\w.]*;)([A-Za-z][A-Za-z0-9]*)?")
_BARE_LESS = re.compile(rb"<(?![A-Za-z/!?])")
_EMPTY = frozenset(
    b"""
    B221US B473US B597US CHEMCDX CHEMMOL CITED-BY-EXAMINER CITED-BY-OTHER CLREF COLSPEC CRF CUSTOM-CHARACTER DEL-E DEL-S
    DFREF EMI EMR FGREF FOR INS-E INS-S LSTREF MATHEMATICA PAREF SEQREF SPANSPEC TBLREF
    MALIGNGROUP MALIGNMARK MPRESCRIPTS MSPACE NONE SEP
    """.split()
)


def as_xml(data: bytes) -> bytes:
    """The document as XML.

    >>> as_xml(b'<A><B C=1>AT&T &mdash <EMI ID="x"></B></A>').decode()
    '<A><B C="1">AT&amp;T &mdash; <EMI ID="x"/></B></A>'
    """
    prolog = _DECLARATION.match(data)
    data = data[prolog.end() :] if prolog else data
    # only the first: a file of nothing else would be searched to its end from each of them
    if doctype := _DOCTYPE.match(data, max(data.find(b"<!DOCTYPE"), 0)):
        blank = b"\n" * doctype.group().count(b"\n")
        data = data[: doctype.start()] + blank + data[doctype.end() :]
    data = _AMPERSAND.sub(_reference, _BARE_LESS.sub(b"&lt;", data))
    # some files give references an end and words of their own ("<CLREF>claim 1</CLREF>")
    ended = {match.group(1).upper() for match in _END_TAG.finditer(data)}
    never_ended = _EMPTY - ended

    def tag(match: re.Match[bytes]) -> bytes:
        name, attributes = match.group(1), match.group(2)
        if b"=" in attributes:
            attributes = _BARE_VALUE.sub(rb'\1"\2"', attributes)
        is_empty = name.upper() in never_ended and not attributes.endswith(b"/")
        return b"<" + name + attributes + (b"/>" if is_empty else b">")

    return _START_TAG.sub(tag, data)


def _reference(match: re.Match[bytes]) -> bytes:
    name = match.group(1)
    if name and characters_of(name.decode("ascii")) is not None:
        return b"&" + name + b";"
    return b"&amp;" + (name or b"")
