"""What a reissue takes out of its patent, out of the tree.

In: the tree of a document.  Out: how much was taken out, as a defect; the tree without it.  Reissues print the words
of the old patent in heavy brackets where they "form no part of this reissue": they are no text of the patent.  A claim
of which nothing is left is canceled.  Inserted matter stays as it is.
Source: 37 CFR 1.173; ``DEL-S``/``DEL-E`` (ST.32), ``<?delete-start?>``/``<?delete-end?>`` (since 2005).
"""

from __future__ import annotations

import re

from lxml import etree

from dokhae.parse.xml.text import tag_of
from dokhae.types import Defect

_STARTS = frozenset({"DEL-S", "delete-start"})
_ENDS = frozenset({"DEL-E", "delete-end"})
_CLAIMS = ("claim", "CLM")
_ONLY_NUMBER = re.compile(r"(?:\d{1,3}\s*[.)]?)?")


def drop_deleted(root: etree._Element) -> tuple[Defect, ...]:
    """Takes the deleted matter out of ``root``; nothing where a start has no end."""
    marks = [name for name in map(_mark, root.iter("DEL-S", "DEL-E", etree.PI)) if name]
    if not marks:
        return ()
    n_starts = sum(name in _STARTS for name in marks)
    if n_starts * 2 != len(marks):
        return (Defect.of("deleted-matter-unclear"),)
    _empty_deleted(root)
    for claim in root.iter(*_CLAIMS):
        _cancel_if_empty(claim)
    return (Defect.of("deleted-matter-left-out", count=n_starts),)


def _cancel_if_empty(claim: etree._Element) -> None:
    left = "".join(str(piece) for piece in claim.itertext()).strip()
    if _ONLY_NUMBER.fullmatch(left):
        for child in list(claim):
            claim.remove(child)
        claim.text = f"{left} (canceled)".strip()


def _empty_deleted(root: etree._Element) -> None:
    """Empties every text between a start and an end, in document order."""
    inside = False
    for event, element in etree.iterwalk(root, events=("start", "end", "pi")):
        mark = _mark(element)
        if mark and event != "end":
            inside = mark in _STARTS
        if event == "start" and inside:
            element.text = None
        elif event in ("end", "pi") and inside and element is not root:
            element.tail = None


def _mark(element: etree._Element) -> str:
    """The name of an element or instruction that opens or ends deleted matter, "" for all others."""
    name = str(element.target) if isinstance(element, etree._ProcessingInstruction) else tag_of(element)
    return name if name in _STARTS or name in _ENDS else ""
