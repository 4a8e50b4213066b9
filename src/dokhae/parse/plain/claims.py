"""Lines of a claims section as people copy it -> numbered claims.

In: lines, each a claim's beginning ("12. A lens …", "[청구항 12]", "【請求項１２】") or its continuation.
Out: the claims in order, canceled ones marked, with the lines of each.  A number opens a claim only
where it is the next one or skips a few; "2." inside a claim's steps stays text.  Never renumbers what is printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from dokhae.parse.xml.claims import ClaimText

_SKIPS_AHEAD = 3  # numbers that may be missing in a row
_MAX_NUMBER = 2000
# "3. A lens", "3) A", "Claim 3: A", "3 - 7. (canceled)"
_ENGLISH = re.compile(
    r"\W{0,3}(?:claim\s{1,3})?(\d{1,4})(?:\s?[-–~]\s?(\d{1,4}))?\s{0,2}(?:[.):．](?!\d)|(?=\s{1,3}\(?(?:cancel|delet)))\s*",
    re.I,
)
_BRACKETED = re.compile(
    r"\s{0,3}(?:[【\[<〔(（]\s{0,2})(?:청구항|請求項|claim)\s{0,3}(\d{1,4})(?:\s?(?:[-–~∼]|내지|to)\s?(\d{1,4}))?\s{0,2}[】\]>〕)）]\s*",
    re.I,
)
_BARE_HEADING = re.compile(
    r"\s{0,3}(?:청구항|請求項|权利要求)\s{0,3}(\d{1,4})(?:\s?(?:[-–~∼]|내지)\s?(\d{1,4}))?\s{0,2}[.:：．]?\s*$"
)
_CLAIM_WORD = re.compile(r"\s{0,3}claim\s{1,3}\d{1,4}\s?[.:]", re.I)
_CANCELED = re.compile(
    r"\W{0,3}(?:(?:was|were|is|are|has been|have been)\s)?(?:(?:cancel|delet|withdrawn)[a-z]{0,6}|삭제|削除)\W{0,3}$",
    re.I,
)


def claims_in(lines: Iterable[str]) -> list[ClaimText]:
    """The claims that ``lines`` hold; words before the first one ("What is claimed is:") belong to none.

    >>> [(c.number, c.text, c.deleted) for c in claims_in(["1. A lens.", "2-3. (canceled)", "4. A car."])]
    [(1, 'A lens.', False), (2, '', True), (3, '', True), (4, 'A car.', False)]
    """
    found: list[tuple[int, int, list[str]]] = []
    for line in lines:
        mark = _mark(line, expected=found[-1][1] + 1 if found else 1)
        if mark is not None:
            first, last, rest = mark
            found.append((first, last, [rest] if rest else []))
        elif found and line.strip():
            found[-1][2].append(line.strip())
    return [claim for first, last, body in found for claim in _made(first, last, "\n".join(body))]


def opens_claim(line: str) -> bool:
    """Whether a line opens a claim by words that nothing else uses: "[청구항 3]", "【請求項３】", "Claim 3."."""
    return bool(_BRACKETED.match(line) or _BARE_HEADING.match(line) or _CLAIM_WORD.match(line))


def _mark(line: str, *, expected: int) -> tuple[int, int, str] | None:
    """First and last number of the claims a line opens and what stands behind them; None for a line that opens none."""
    bracketed = _BRACKETED.match(line) or _BARE_HEADING.match(line)
    match = bracketed or _ENGLISH.match(line)
    if match is None:
        return None
    first = int(unicodedata.normalize("NFKC", match[1]))
    last = int(unicodedata.normalize("NFKC", match[2])) if match[2] else first
    rest = line[match.end() :].strip()
    fits = expected <= first <= expected + _SKIPS_AHEAD and first <= last < first + _MAX_NUMBER
    if not fits or (last > first and not _CANCELED.match(rest[:200])):
        return None
    if bracketed is None and rest and not _begins_claim(rest):
        return None
    return first, last, rest


def _begins_claim(rest: str) -> bool:
    """Whether words can begin a claim: a capital, a bracket, a canceled mark, a letter of a script without capitals."""
    first = rest[0]
    return not (first.islower() or first.isdigit()) or bool(_CANCELED.match(rest[:200]))


def _made(first: int, last: int, text: str) -> Iterable[ClaimText]:
    if last > first or _CANCELED.match(text[:200]):
        return [ClaimText(number, "", deleted=True) for number in range(first, last + 1)]
    return [ClaimText(first, text)] if text else []


def claim_of(text: str, *, number: int | None, ordinal: int) -> ClaimText:
    """A claim that stands alone, its printed number taken off; ``number`` is the one its markup gives.

    >>> claim_of("【請求項２】 請求項１に記載の装置。", number=None, ordinal=1)
    ClaimText(number=2, text='請求項１に記載の装置。', deleted=False)
    """
    mark = _BRACKETED.match(text) or _BARE_HEADING.match(text.partition("\n")[0]) or _ENGLISH.match(text)
    printed = int(unicodedata.normalize("NFKC", mark[1])) if mark else None
    is_prefix = mark is not None and (number is None or printed == number)
    body = text[mark.end() :].strip() if mark and is_prefix else text.strip()
    known = number if number is not None else printed if printed is not None else ordinal
    return ClaimText(known, "" if _CANCELED.match(body[:200]) else body, deleted=bool(_CANCELED.match(body[:200])))
