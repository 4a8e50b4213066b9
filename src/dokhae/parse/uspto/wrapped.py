"""Lines as printed or wrapped -> one text again: whether a line end stands for a blank, a hyphen or nothing.

In: the lines of one paragraph and the words of the document they come from.  Out: one string.  A hyphen at a line end
is decided by evidence: the word as it stands elsewhere in the document, inside a line; without evidence it stays, since
chemistry names carry hyphens ("2-methyl-|4-ethyl") and a lost one changes the substance.  In columns whose hyphens the
scanner dropped ("Spe|cifically") two pieces become one word only where that word stands elsewhere and the pieces do
not, or where neither piece is a word of the document.  Never drops or changes another character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dokhae.types import Span

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_LAST = re.compile(r"([A-Za-z]+)(-?)$")
_FIRST = re.compile(r"[a-z]+")
_LONG = 40  # characters looked at on each side of a line end
# short words that end lines of English everywhere, in case the document is too small to show them
_SHORT = """
    a an and are as at be by can do for from has have he if in into is it its may no not of on one or our per she so
    such than that the their them then they this to two up us use was we were when which will with
"""
_SHORT_WORDS = frozenset(_SHORT.split())


@dataclass(frozen=True)
class Words:
    """The words of a document that stand whole inside its lines: the evidence for those broken at line ends.

    Nothing is counted before the first doubtful line end asks.

    >>> words = Words.of(["the lens is specifically held", "a thermo-couple of"])
    >>> join(["It is speci-", "fically held by a thermo-", "couple and 2-methyl-", "4-ethyl."], words)
    'It is specifically held by a thermo-couple and 2-methyl-4-ethyl.'
    """

    lines: tuple[str, ...]

    @staticmethod
    def of(lines: Iterable[str]) -> Words:
        return Words(tuple(lines))

    @cached_property
    def seen(self) -> frozenset[str]:
        """The words, without the first and the last of each line, which may be pieces."""
        return frozenset(word for line in self.lines for word in _WORD.findall(line.lower())[1:-1])

    def knows(self, word: str) -> bool:
        return word.lower() in self.seen or word.lower() in _SHORT_WORDS


def join(lines: Sequence[str], words: Words, *, hyphens_are_lost: bool = False) -> str:
    """``lines`` as one text.  hyphens_are_lost: whether a word may be broken without any mark."""
    return joined(lines, words, hyphens_are_lost=hyphens_are_lost)[0]


def joined(lines: Sequence[str], words: Words, *, hyphens_are_lost: bool = False) -> tuple[str, tuple[Span, ...]]:
    """``lines`` as one text, and where each line that is not empty stands in it."""
    made: list[str] = []
    starts: list[int] = []
    n_chars = 0
    for line in filter(None, map(str.strip, lines)):
        if made:
            glue, n_cut = _glue(made[-1], line, words, hyphens_are_lost)
            made[-1] = made[-1][: len(made[-1]) - n_cut] if n_cut else made[-1]
            made[-1] += glue
            n_chars += len(glue) - n_cut
        starts.append(n_chars)
        made.append(line)
        n_chars += len(line)
    ends = [*starts[1:], n_chars] if starts else []
    text = "".join(made)
    return text, tuple(
        Span(start, start + len(text[start:end].rstrip())) for start, end in zip(starts, ends, strict=True)
    )


def _glue(before: str, after: str, words: Words, hyphens_are_lost: bool) -> tuple[str, int]:
    """What stands for the line end, and how many characters before it go."""
    is_hyphened = before.endswith("-")
    if not is_hyphened and not hyphens_are_lost:
        return " ", 0
    last, first = _LAST.search(before[-_LONG:]), _FIRST.match(after[:_LONG])
    if is_hyphened and not before.endswith(("--", " -")):
        if last is None or first is None:
            return ("", 0) if after[:1].isalnum() or after[:1] in "([" else (" ", 0)
        whole, hyphened = words.knows(last[1] + first[0]), words.knows(f"{last[1]}-{first[0]}")
        # printers break words far more often than names with hyphens; wrapped text breaks only the latter
        return "", int(whole or not hyphened if hyphens_are_lost else whole and not hyphened)
    if last is None or first is None or not hyphens_are_lost:
        return " ", 0
    whole = words.knows(last[1] + first[0])
    left, right = words.knows(last[1]), words.knows(first[0])
    return ("" if (whole and not (left and right)) or not (left or right) else " "), 0
