"""Which words carried an answer: each is left out in turn, and what the log-odds of the answer lose is its weight.

In: a question, a passage, the span that answers, a reader.  Out: ``Weight`` values, heaviest first.  A word left out
becomes blanks of its length, so that every offset stays; the words of the answer are never touched.  At most N_WORDS
are tried, nearest to the answer first: each costs a reading of the passage.  Source: erasure (Li, Monroe & Jurafsky
2016, "Understanding neural networks through representation erasure").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from dokhae.graphemes import on_borders
from dokhae.models import Reader, Reading, SpanReader
from dokhae.reading.comprehension import log_odds
from dokhae.types import Span

N_WORDS = 60
N_ASKED = 20  # of them words of the question at most
_LEAST = 0.001  # a reader without ``margins`` does not tell scores below
_WORD = re.compile(r"\w(?:\S*\w)?")


@dataclass(frozen=True, slots=True)
class Weight:
    """A word and what the log-odds of the answer lose without it; below nought it speaks against the answer.

    span: of the passage, or where is_asked of the question.
    """

    word: str
    span: Span
    fall: float
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """A span of a passage that answers.  question: what stands before it for the reader; field: see ``SpanReader``."""

    question: str
    passage: str
    span: Span
    field: str = ""


def weights(of: Answered, reader: Reader, *, n: int = N_WORDS) -> list[Weight]:
    """The words of question and passage, those first without which the answer would be least likely.

    None for a field where the reader does not tell how sure it is of one span.
    """
    tried = tried_words(of, n)
    if not tried or (of.field and not hasattr(reader, "margins")):
        return []
    changed = [left_out(of, [word]) for word in tried]
    whole, *left = odds(reader, [of, *changed])
    found = [Weight(one.word, one.span, whole - odd, one.is_asked) for one, odd in zip(tried, left, strict=True)]
    return sorted(found, key=lambda one: (-one.fall, not one.is_asked, one.span))


def tried_words(of: Answered, n: int = N_WORDS) -> list[Weight]:
    """The words that are left out, unweighed: of a question, then of the passage those nearest to the answer."""
    asked = [] if of.field else words(of.question)[: min(n, N_ASKED)]
    asked = asked if len(asked) > 1 else []  # a question of one word cannot do without it
    near = sorted(
        (one for one in words(of.passage) if not one.overlaps(of.span)),
        key=lambda one: max(of.span.start - one.end, one.start - of.span.end),
    )[: n - len(asked)]
    return [Weight(of.question[one.start : one.end], one, 0.0, True) for one in asked] + [
        Weight(of.passage[one.start : one.end], one, 0.0) for one in sorted(near)
    ]


def words(text: str) -> list[Span]:
    """What stands between blanks, without punctuation around it, on grapheme borders.

    >>> [(one.start, one.end) for one in words("(a) 1.5 mm, 댐퍼는")]
    [(1, 2), (4, 7), (8, 10), (12, 15)]
    """
    return [on_borders(text, Span(*match.span())) for match in _WORD.finditer(text)]


def without(text: str, spans: Iterable[Span]) -> str:
    """``text`` with blanks in the place of ``spans``, as long as before.

    >>> without("a red lens", [Span(2, 5)])
    'a     lens'
    """
    kept = list(text)
    for span in spans:
        kept[span.start : span.end] = " " * len(span)
    return "".join(kept)


def left_out(of: Answered, weighed: Iterable[Weight]) -> Answered:
    """The same answer where all these words are missing."""
    weighed = list(weighed)
    return Answered(
        without(of.question, (one.span for one in weighed if one.is_asked)),
        without(of.passage, (one.span for one in weighed if not one.is_asked)),
        of.span,
        of.field,
    )


def odds(reader: Reader, answers: Sequence[Answered]) -> list[float]:
    """The log-odds of each answer in its passage.  All are of one field, or of none."""
    pairs = [(one.question, one.passage) for one in answers]
    if hasattr(reader, "margins"):
        field = answers[0].field if answers else ""
        return cast(SpanReader, reader).margins(pairs, [one.span for one in answers], field=field)
    return [_told(reading, one.span) for reading, one in zip(reader.read(pairs), answers, strict=True)]


def _told(reading: Reading, span: Span) -> float:
    """What a reader tells of the candidate that meets ``span``; the least it tells where none does."""
    return log_odds(max((one.score for one in reading.candidates if one.span.overlaps(span)), default=_LEAST))
