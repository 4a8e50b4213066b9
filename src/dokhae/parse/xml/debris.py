"""Traces of scanning and of older markup in the words of EPO full texts -> the words.

In: the tree of a document.  Out: nothing; the tree's text is mended in place, before any offset is given.  Never
touches anything but the marks it knows: stand-ins for pictures, page ends, soft hyphens, raised figures of EPOQUE.
"""

from __future__ import annotations

import re

from lxml import etree

from dokhae.parse.xml.text import raised

# What stands for a picture or a page end in abstracts and scanned texts; a hyphen at a line end in a scanned gazette.
_DEBRIS = re.compile(
    r"\s*<\s*(?:IMAGE|CHEM|MATH|TABLE|EMI ID=[\w.]+|Desc/Clms Page number \w+)\s*>|\u00ac\s*|"
    r"(?:SUBSTITUTE SHEET|FEUILLE DE REMPLACEMENT?|ERSATZBLATT)\s*(?:\(?(?:RULE|R[EÈ]GLE|REGEL) ?\d+\)?)?"
)
# EPOQUE writes raised figures in angle brackets: 10<-5>, m<2>, 180<0>C; <211> and the like are of sequence listings.
_DEGREE = re.compile(r"(?<=\w) ?<0>\s?(?=[CFK]\b)")
_RAISED = re.compile(r"(?<=[\w)\]])<([+-]?\d{1,2}[+-]?|[+-])>")


def mend(root: etree._Element) -> None:
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
