"""Markup: what little XML a workbook needs read, with the standard library's expat.

In: the bytes of a part.  Out: attributes of elements, strings, and a parser that refuses a DTD: no entity is ever
expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

Element = dict[str, str]

# what XML 1.0 cannot hold, and what Excel would read as a character code
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def parser() -> Any:
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_dtd
    return made


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def elements(content: bytes, name: str, *, inside: str = "") -> Iterator[Element]:
    """The attributes of every element of that local name; inside: only those below such an element."""
    found: list[Element] = []
    depth = 0

    def start(tag: str, attributes: Element) -> None:
        nonlocal depth
        depth += local(tag) == inside
        if local(tag) == name and (depth or not inside):
            found.append(attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= local(tag) == inside

    made = parser()
    made.StartElementHandler, made.EndElementHandler = start, end
    made.Parse(content, True)
    yield from found


def shared_strings(content: bytes) -> Iterator[str]:
    """The strings of a workbook, the readings of Japanese words (rPh) left out."""
    strings: list[str] = []
    pieces: list[str] = []
    open_tags: list[str] = []

    def start(tag: str, _: Element) -> None:
        open_tags.append(local(tag))

    def end(tag: str) -> None:
        if open_tags.pop() == "si":
            strings.append("".join(pieces))
            pieces.clear()

    def text(words: str) -> None:
        if open_tags and open_tags[-1] == "t" and "rPh" not in open_tags:
            pieces.append(words)

    made = parser()
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    made.Parse(content, True)
    yield from strings


def quoted(text: str) -> str:
    """Text as an element of a sheet holds it; Excel reads back the same characters."""
    return escape(_CODED.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))).replace("\r", "&#13;")


def _refuse_dtd(*_: object) -> None:
    raise ValueError("it declares a document type, which no workbook needs")
