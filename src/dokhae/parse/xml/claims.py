"""Claims elements -> numbered claim texts.

In: a ``claims`` element (USPTO, ST.36, MAREC).  Out: the claims in order, each with its printed number, canceled ones
marked.  Claims that stand several in one element (OCR of WO gazettes) are told apart by their running numbers.  Never
renumbers what is printed; where nothing is printed the order counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lxml import etree

from dokhae.parse.build import TextBuilder
from dokhae.parse.xml.text import tag_of, text_of

_PRINTED = re.compile(
    r"^\W{0,2}(?:[Cc]laim\s+|請求項\s?|청구항\s?)?(\d{1,3})\s?(?:[.):．、】\]]+(?!\d)\s*|\s+(?=[A-ZÄÖÜÉÈ]))"
)
_IDENTIFIER = re.compile(r"CLM-([0-9]+)")
_STATED = re.compile("0*[0-9]{1,4}")  # no patent has more claims: what is longer is no number of one
_CANCELED_RANGE = re.compile(
    r"^(\d{1,3})\s*\.?\s*(?:-|–|to|through)\s*(\d{1,3})\s*[.)]*\s*\(?\s*(?:cancel|delet)\w*", re.I
)
_CANCELED = re.compile(r"^\W*(?:cancel|delet|삭제|削除|删除|刪除)\w*\W*$", re.I)
_SKIPS_AHEAD = 3  # numbers an OCR may have lost in a row


@dataclass(frozen=True, slots=True)
class ClaimText:
    number: int
    text: str
    deleted: bool = False


def claims_of(element: etree._Element) -> list[ClaimText]:
    """The claims of one ``claims`` element, ascending by number as printed."""
    texts = [(_num_of(claim), text_of(claim)) for claim in element if tag_of(claim) in ("claim", "CLM")]
    found: list[ClaimText] = []
    for position, (num, text) in enumerate(texts):
        is_last = position == len(texts) - 1
        following = None if is_last else _number_of(texts[position + 1], len(found) + 2)
        found += _claims_in(text, num, len(found) + 1, following)
    return found


def write_claims(builder: TextBuilder, claims: Sequence[ClaimText], lang: str) -> None:
    """Appends ``claims`` to the open section."""
    for claim in claims:
        builder.claim(claim.number, claim.text, deleted=claim.deleted, lang=lang)


def _num_of(claim: etree._Element) -> str:
    """The number the element itself states: of formats before 2005 the one its identifier ends in."""
    identifier = _IDENTIFIER.fullmatch(claim.get("id") or claim.get("ID") or "")
    return claim.get("num") or (identifier.group(1) if identifier else "")


def _number_of(numbered: tuple[str, str], ordinal: int) -> int:
    num, text = numbered
    printed = _PRINTED.match(text)
    if printed:
        return int(printed.group(1))
    return int(num) if _STATED.fullmatch(num) and int(num) else ordinal


def _claims_in(text: str, num: str, ordinal: int, following: int | None) -> Iterator[ClaimText]:
    """The claims that one element holds: one, a canceled range, or several with running numbers."""
    canceled = _CANCELED_RANGE.match(text)
    if canceled:
        for number in range(int(canceled.group(1)), int(canceled.group(2)) + 1):
            yield ClaimText(number, "", deleted=True)
        return
    if following is None:
        text = _without_preface(text)
    printed = _PRINTED.match(text)
    number = _number_of((num, text), ordinal)
    body = text[printed.end() :] if printed else text
    start, pieces = 0, []
    for at, end, next_number in _markers(body, number + 1, following):
        pieces.append((number, body[start:at]))
        start, number = end, next_number
    pieces.append((number, body[start:]))
    for own, piece in pieces:
        deleted = bool(_CANCELED.match(piece))
        yield ClaimText(own, "" if deleted else piece.strip(), deleted=deleted)


def _without_preface(text: str) -> str:
    """``text`` from "1." on, where lines such as "What is claimed is:" stand before it."""
    if _PRINTED.match(text):
        return text
    first = re.search(r"(?:^|\n)(?=\W{0,2}(?:Claim\s+)?1\s?[.):]?\s+[A-ZÄÖÜÉÈ])", text)
    return text[first.end() :] if first and first.start() < 600 else text


def _markers(text: str, expected: int, following: int | None) -> Iterator[tuple[int, int, int]]:
    """(start, end, number) of each running number that begins a further claim inside ``text``."""
    at = 0
    while following is None or expected < following:
        found = next((m for k in range(_SKIPS_AHEAD) if (m := _marker(text, at, expected + k))), None)
        if found is None:
            return
        number = int(re.sub(r"\s", "", found["number"]))
        yield found.start(), found.end(), number
        at, expected = found.end(), number + 1


def _marker(text: str, at: int, number: int) -> re.Match[str] | None:
    pointed, bare = _marker_patterns(number)
    return pointed.search(text, at) or bare.search(text, at)


@cache
def _marker_patterns(number: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A number with its point, and without one (only before words that begin a claim).

    Inside a line a sentence must have ended before it.  Scanners set digits apart: "1 1.".
    """
    digits = r"\s?".join(str(number))
    starts = r"(?:^\W{0,2}|(?<=[.;:]\s))(?:Claim\s+)?"
    pointed = rf"{starts}(?P<number>{digits})\s?[.):]+\s*(?=[A-ZÄÖÜÉÈ(\[\"„«])"
    # a line number of the scanned page may stand before it: "agglomerates. 35 8 A process"
    bare = rf"{starts}(?:\d{{1,2}}\s+)?(?P<number>{digits})\s+(?=(?:An?|The|Use|In)\s+[a-zA-Z])"
    return re.compile(pointed, re.M), re.compile(bare, re.M)
