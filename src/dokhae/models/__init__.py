"""The seams models plug into.  Nothing is ever fetched behind the user's back.

``Reader``: a question and a text -> candidate spans.  ``FieldReader``: a text -> a reading per standing field in one
pass.  ``SpanReader``: how sure of one span.  ``Encoder``: texts -> unit vectors.  ``catalog`` loads the built-in ones
or those of a folder, ``conformance`` tests any.  This module costs nothing: the libraries that run models load with the
first model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dokhae.types import Span


@dataclass(frozen=True, slots=True)
class Scored:
    """A span of the given text with a score in 0..1 and the reasons for it, (why, weight), largest first."""

    span: Span
    score: float
    reasons: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in one text: candidates best first, and the score of "it is not here"."""

    candidates: tuple[Scored, ...]
    null_score: float


class Reader(Protocol):
    """Reads (question, text) pairs; texts longer than ``max_tokens`` are an error of the caller, never cut."""

    digest: str
    max_tokens: int

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]: ...

    def count(self, text: str) -> int:
        """Tokens of ``text``."""
        ...

    def room(self, question: str = "") -> int:
        """Tokens a text may have beside ``question``."""
        ...


class SpanReader(Reader, Protocol):
    """A reader that also tells how sure it is of one given span: log-odds against "it is not here".  Optional.

    field: a standing field the texts are read for, as ``FieldReader`` does; "" for a question.
    """

    def margins(self, pairs: Sequence[tuple[str, str]], spans: Sequence[Span], *, field: str = "") -> list[float]: ...


class FieldReader(Protocol):
    """Reads texts for every standing field it knows at once: one encoding of a passage, many heads.

    Each text comes after what is told of it: the section it stands in, the title of the patent.
    """

    digest: str
    max_tokens: int
    fields: tuple[str, ...]

    def read_fields(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Reading]]: ...


class Encoder(Protocol):
    """Texts -> float32 [n, dim], rows of unit length."""

    digest: str
    dim: int
    max_tokens: int

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Any: ...
