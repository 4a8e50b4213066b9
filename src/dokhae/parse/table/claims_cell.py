"""A cell of claims -> numbered claims, and whether they are all of them.

In: the text of a table's cell: every claim, the independent ones, or the first one.  Out: claims with their numbers,
deleted ones told apart.  A cell without numbers holds one claim, which is called the first; it never counts as the
whole set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

_WORD = "청구항|請求項|权利要求|Claim|CLAIM"
_GAP = r"[^\S\n]{0,3}"
# at the start of a line or behind a separator: "[청구항 1]", "【請求項１】", "Claim 1:", "제1항:", "1."; a bare "(1)"
# lists the steps of a method
_MARK = re.compile(
    rf"""(?:^|(?<=[|;\n]))[^\S\n]*(?:
          [\[【<]{_GAP}(?:{_WORD}|제)?{_GAP}(\d{{1,3}}){_GAP}항?{_GAP}[\]】>]
        | \({_GAP}(?:{_WORD}|제){_GAP}(\d{{1,3}}){_GAP}항?{_GAP}\)
        | (?:{_WORD}|제){_GAP}(\d{{1,3}}){_GAP}항?{_GAP}[.:)]
        | (\d{{1,3}}){_GAP}(?:[.:)\]](?!\d))
        )[^\S\n]*[.:]?[^\S\n]*""",
    re.M | re.X,
)
_INLINE = re.compile(r"(?<=[.;。])[^\S\n]+(\d{1,3})\s?\.[^\S\n]+(?=\S)")
_PREAMBLE = re.compile(r"claim|청구|請求", re.I)
_PREAMBLE_CHARS = 200
_DELETED = re.compile(r"[\s\[(]*(?:삭제|deleted|cancell?ed|削除)[\s\])]*[.]?\s*$", re.I)
_SHORT = 40


@dataclass(frozen=True, slots=True)
class CellClaim:
    number: int
    text: str
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class CellClaims:
    """is_numbered: whether the cell says itself which claims they are."""

    claims: tuple[CellClaim, ...]
    is_numbered: bool


def claims_of(written: str) -> CellClaims:
    """The claims of a cell.

    >>> [(c.number, c.text) for c in claims_of("1. A lens. 2. The lens of claim 1.").claims]
    [(1, 'A lens.'), (2, 'The lens of claim 1.')]
    >>> claims_of("[청구항 2] 삭제").claims
    (CellClaim(number=2, text='', is_deleted=True),)
    """
    listed = _listed(written)
    if listed is not None:
        return listed
    starts = list(_starts(written))
    if not starts:
        return CellClaims((CellClaim(1, written),), is_numbered=False)
    ends = [at for _, at, _ in starts[1:]] + [len(written)]
    return CellClaims(
        tuple(_claim(number, written[begin:end]) for (number, _, begin), end in zip(starts, ends, strict=True)),
        is_numbered=True,
    )


def _claim(number: int, words: str) -> CellClaim:
    words = words.strip().strip("|").strip()
    if len(words) <= _SHORT and _DELETED.match(words):
        return CellClaim(number, "", is_deleted=True)
    return CellClaim(number, words)


def _listed(written: str) -> CellClaims | None:
    """A list as programs write it: ["1. …", "2. …"]."""
    if not written.startswith('["'):
        return None
    with suppress(ValueError, RecursionError):
        pieces = json.loads(written)
        if isinstance(pieces, list) and pieces and all(isinstance(piece, str) for piece in pieces):
            found = [claims_of(piece.lstrip('["')) for piece in pieces]
            if all(one.is_numbered and len(one.claims) == 1 for one in found):
                return CellClaims(tuple(one.claims[0] for one in found), is_numbered=True)
            return CellClaims(tuple(_claim(n, piece) for n, piece in enumerate(pieces, start=1)), is_numbered=True)
    return None


def _starts(written: str) -> Iterator[tuple[int, int, int]]:
    """(number, where its mark begins, where its words begin) of each claim; numbers only ever rise."""
    marks = [(int(next(filter(None, m.groups()))), m.start(), m.end()) for m in _MARK.finditer(written)]
    if not marks:
        return
    first = marks[0]
    before = written[: first[1]].strip()
    if before and (len(before) > _PREAMBLE_CHARS or not _PREAMBLE.search(before)):
        return
    marks += [(int(m[1]), m.start(), m.end()) for m in _INLINE.finditer(written, first[2])]
    last = 0
    for number, at, begin in sorted(marks, key=lambda mark: mark[1]):
        starts_line = at == 0 or written[at - 1] == "\n" or written[at] == "\n"
        # inside a line only the very next number is a claim's: "of claim 3. 7. …" may be anything
        if number == last + 1 or (number > last and (starts_line or last == 0)):
            yield number, at, begin
            last = number
