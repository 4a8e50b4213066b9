"""One paragraph that swallowed headings and paragraph numbers -> headings and paragraphs again.

In: a paragraph of a text whose line structure was lost (OPS full texts, scanned WO gazettes).  Out: its pieces in
order, each a heading or a paragraph with its printed number.  Takes as a heading only what stands where one can stand
(at the start, or after the end of a sentence) and opens a section of a known kind.  Never changes or drops a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dokhae.parse.headings import kind_of
from dokhae.types import SectionKind

# A heading inside the description never opens one of these.
OUTSIDE = frozenset({SectionKind.title, SectionKind.abstract, SectionKind.claims, SectionKind.amendment})
_MAX_HEADING_CHARS = 100
_SWALLOWING_CHARS = 1200
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.;,:]$")
# [0012] at the start or after a sentence or a heading (not "see [0012]"), and what scanners make of it: »00011
_LABEL = re.compile(r"(?:^|(?<=[.!?:;)\]A-Z]\s))(?:\[|»)\s?(?P<digits>0[0-9O]{2,3} ?[0-9O])\s?(?:\]|1(?=\s))\s*")
# what may stand before the run is asked after its first letter: the engine then skips to capitals
_CAPITALS = re.compile(r"(?P<run>[A-Z](?:(?<=^.)|(?<=[.!?:;)\]\"”]\s.))[A-Z ,/()&-]{4,200}[A-Z)])(?=[.:]?\s+[A-Z\[\d])")
_TITLED = re.compile(
    r"(?<=[.!?:;)]\s)(?P<run>(?:Brief |Detailed )?(?:Description|Background|Summary|Field|Objects?)"
    r"(?: of| to)(?: the| this)?(?: present)?(?: several views of the)? (?:Invention|Drawings|Figures|Disclosure|Art))"
    r"(?=[.:]?\s+[A-Z\[])"
)
_TRAILING_LETTER = re.compile(r"\s+(?:[A-Z]|FIGS?|IN|THE|AN)$")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    label: str = ""
    is_heading: bool = False


def opens_section(text: str) -> bool:
    """Whether ``text``, by itself, is a heading of a known kind."""
    if "\n" in text or len(text) > _MAX_HEADING_CHARS or _ENDS_LIKE_A_SENTENCE.search(text):
        return False
    kind = kind_of(text)
    return kind is not None and kind not in OUTSIDE


def unfold(text: str, label: str = "") -> Iterator[Piece]:
    """The headings and paragraphs of ``text``; ``label``: of its first paragraph.

    >>> [(p.text, p.label) for p in unfold("SUMMARY OF THE INVENTION [0006] A lens is held. [0007] It moves.")]
    [('SUMMARY OF THE INVENTION', ''), ('A lens is held.', '0006'), ('It moves.', '0007')]
    """
    at = 0
    for match in _LABEL.finditer(text) if "[" in text or "»" in text else ():
        found = re.sub(r"\D", "", match["digits"].replace("O", "0")).zfill(4)
        if int(found) > int(label or 0):
            yield from _headings(text[at : match.start()].strip(), label)
            label, at = found, match.end()
    yield from _headings(text[at:].strip(), label)


def _headings(text: str, label: str) -> Iterator[Piece]:
    if not text:
        return
    if opens_section(text) or _is_led_by_colon(text):
        yield Piece(text, is_heading=True)
        return
    at = 0
    for start, end in _found(text):
        if text[at:start].strip():
            yield Piece(text[at:start].strip(), label)
            label = ""
        yield Piece(text[start:end], is_heading=True)
        at = end + (1 if text[end : end + 1] in (".", ":") else 0)
    if text[at:].strip():
        yield Piece(text[at:].strip(), label)


def _is_led_by_colon(text: str) -> bool:
    """ "Background of the Invention:" alone is a heading; "Solution:" and "Examples of oils:" lead to a list."""
    named = text.removesuffix(":").rstrip()
    if named == text or " " not in named or not opens_section(named):
        return False
    return kind_of(named) is not SectionKind.examples


def _found(text: str) -> list[tuple[int, int]]:
    """Where headings stand in ``text``: at its start, and within where it is long enough to hold a whole section."""
    if len(text) < _SWALLOWING_CHARS:
        first = _CAPITALS.match(text)
        matches = [first] if first else []
    else:
        matches = sorted([*_CAPITALS.finditer(text), *_TITLED.finditer(text)], key=lambda match: match.start())
    return [place for match in matches if (place := _heading_in(text, match.start("run"), match.end("run")))]


def _heading_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch of a run of capitals that is a heading: the title of the patent may stand before it, the first
    word of the next sentence ("A", "FIG") after it."""
    while cut := _TRAILING_LETTER.search(text, start, end):
        end = cut.start()
    for word in re.finditer(r"(?:^|(?<=\s))[A-Z]", text[start:end]):
        if opens_section(text[start + word.start() : end]):
            return start + word.start(), end
    return None
