"""USPTO grants of 2001-04 (``PATDOC``, ST.32 DTD 2.4 and 2.5): one tree -> one document.

In: the tree of a ``PATDOC``.  Out: its ``Document``.  All words stand in ``PDAT``; white space between other elements
is layout (some tools indent these files) and would tear "CO<HIL><BOLD>1" apart: it is taken out first.
Source: USPTO, ST.32 grant DTD; WIPO ST.32 (1995); the files themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise

from lxml import etree

from dokhae.parse.claims import total_defect
from dokhae.parse.uspto.patdoc_biblio import biblio_of, category_of, date_defects_of, numbers_of
from dokhae.parse.uspto.text import Parts, text_of_parts
from dokhae.parse.xml.biblio import child, text_at
from dokhae.parse.xml.documents import Parsed
from dokhae.types import Document, Rejected

NAME = "uspto-patdoc"
VERSION = "2"
ROOTS = frozenset({"PATDOC"})
_OPENING = ("(", "[", "“", "‘", "/", "-")
_CLOSING = (")", "]", "”", "’", "/", "-", ",", ".", ";", ":", "%")


def read(parsed: Parsed) -> Document | Rejected:
    root = parsed.root
    biblio = child(root, "SDOBI")
    if biblio is None:
        return Rejected.of(parsed.source, "no-bibliographic-data", root="PATDOC")
    _drop_layout(root)
    numbers, data = numbers_of(biblio), biblio_of(biblio)
    parts = Parts(
        title=data.title,
        abstract=child(root, "SDOAB", "BTEXT"),
        description=child(root, "SDODE"),
        claims=child(root, "SDOCL", "CL"),
        statement=text_at(root, "SDOCL", "H"),
    )
    text, odd = text_of_parts(parts, parser=(NAME, VERSION))
    return Document(
        source=parsed.source,
        number=numbers[0] if numbers else None,
        numbers=numbers,
        biblio=data,
        texts=(text,),
        defects=parsed.defects + date_defects_of(biblio) + odd + total_defect(data.printed_claims, text.claims),
        category=category_of(biblio),
    )


def _drop_layout(root: etree._Element) -> None:
    """White space that is no word: everywhere but inside ``PDAT``."""
    runs = list(root.iter("PTEXT", "STEXT")) if _is_indented(root) else []
    for element in root.iter(etree.Element):
        if element.text and not element.text.strip() and element.tag != "PDAT":
            element.text = None
        parent = element.getparent()
        if element.tail and not element.tail.strip() and parent is not None and parent.tag != "PDAT":
            element.tail = None
    for run in runs:
        _set_apart(list(run.iter("PDAT")))


def _is_indented(root: etree._Element) -> bool:
    """Whether a tool has put the pieces of a line on lines of their own; the blanks between them are lost then."""
    return any("\n" in (run.text or "") and not (run.text or "").strip() for run in root.iter("PTEXT"))


def _set_apart(pieces: Sequence[etree._Element]) -> None:
    """Blanks between the pieces of one line, as words and punctuation have them."""
    for piece, following in pairwise(pieces):
        before, after = (piece.text or "").rstrip(), (following.text or "").lstrip()
        is_index = _is_index(following) or (_is_index(piece) and not after[:1].islower())
        closed_up = is_index or before.endswith(_OPENING) or after.startswith(_CLOSING)
        if before and after and not len(piece):
            piece.text, following.text = before + ("" if closed_up else " "), after


def _is_index(piece: etree._Element) -> bool:
    """Raised or lowered: it belongs to the word before it."""
    return any(above.tag in ("SB", "SP") for above in islice(piece.iterancestors(), 2))
