"""Review: what a person said about one answer: pure data.

In: nothing.  Out: nothing.  A review is about one field of one text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dokhae.types import Span


class Verdict(StrEnum):
    """accept: the answer is right.  correct: these passages are the answer.  reject: this answer is wrong, or, where
    no passage is named, the text does not say it."""

    accept = "accept"
    reject = "reject"
    correct = "correct"


class Standing(StrEnum):
    """How a review came to its text: said of it, moved from the text it replaced, or lost on the way."""

    here = ""
    moved = "moved"
    lost = "lost"


@dataclass(frozen=True, slots=True)
class Review:
    """text: digest.  by: who; at: when (UTC, ISO 8601).  quotes: the words meant, each at its span.

    spans: empty where the words are not found in the text any more (lost).
    """

    text: str
    field: str
    verdict: Verdict
    by: str
    at: str
    spans: tuple[Span, ...] = ()
    quotes: tuple[str, ...] = ()
    standing: Standing = Standing.here

    @property
    def holds(self) -> bool:
        """Whether it says something about its text."""
        return self.standing is not Standing.lost

    @property
    def is_silence(self) -> bool:
        """Whether it says that the text does not say it."""
        return self.verdict is Verdict.reject and not self.quotes
