"""A text cut for questions, once for any number of them: its passages, and the pieces of their sentences.

In: a ``Text``, what counts tokens, vectors if there are any.  Out: ``Cut``.  Cutting a text takes several times as long
as choosing among its passages, so a study keeps cuts (library/cuts.py): ``pack`` and ``unpack`` carry one there and
back.  A packed cut holds places in the text, none of its words.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dokhae.reading.effort import Effort
from dokhae.reading.passages import DEFAULT_MAX_TOKENS, estimate_tokens, split
from dokhae.reading.sentences import sentences
from dokhae.reading.view import UNASKED_KINDS
from dokhae.reading.words import is_korean
from dokhae.types import Passage, Span, Text

# Raise it when the same text would be cut otherwise
VERSION = 1
_SHORT_PASSAGES = 2
_PER_PASSAGE = 4  # start, end, ordinal of the section, 1 if Korean


class Pieces(Protocol):
    """What vectors know of the sentences of passages: their tokens."""

    @property
    def packed(self) -> bytes: ...


class Vectors(Protocol):
    """What tells, fast and without a network, how well texts match a question: static vectors."""

    digest: str

    def pieces(self, texts: Sequence[Sequence[str]]) -> Any:
        """The ``Pieces`` of texts given in parts."""
        ...

    def unpacked(self, pieces: bytes) -> Any: ...

    def match_in_parts(self, question: str, pieces: Any, reach: Sequence[int]) -> Any:
        """float32 [n, 2 + len(reach)]: how each text matches, its best part, and it with what stands around it."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """The passages of a text that can answer a question.  pieces: of their sentences, None without vectors."""

    max_tokens: int
    passages: tuple[Passage, ...]
    are_korean: tuple[bool, ...]
    pieces: Pieces | None = None


def cut(text: Text, *, max_tokens: int, count: Callable[[str], int], vectors: Vectors | None) -> Cut:
    """``text`` in passages of at most ``max_tokens`` by ``count``."""
    passages = tuple(
        one for one in split(text, max_tokens=max_tokens, count=count) if one.section.kind not in UNASKED_KINDS
    )
    pieces = None if vectors is None else vectors.pieces([_sentences(one) for one in passages])
    return Cut(max_tokens, passages, tuple(is_korean(one.text) for one in passages), pieces)


def key_of(effort: Effort, reader: str, vectors: str) -> str:
    """What a cut depends on besides the text; digests: of what counts tokens and of the vectors."""
    return f"{VERSION} {effort.max_tokens} {reader[:16]} {vectors[:16]}"


def tokens_of(effort: Effort, text: Text) -> int:
    """The longest passage an effort reads of ``text``: a text of two long passages is read whole in these."""
    is_short = estimate_tokens(text.text) <= _SHORT_PASSAGES * DEFAULT_MAX_TOKENS
    return max(effort.max_tokens, DEFAULT_MAX_TOKENS) if is_short else effort.max_tokens


def pack(cut: Cut, text: Text) -> bytes:
    """``cut`` without the words of its text."""
    ordinal = {section.span: n for n, section in enumerate(text.sections)}
    rows = array("I", [cut.max_tokens, len(cut.passages)])
    for one, is_in_korean in zip(cut.passages, cut.are_korean, strict=True):
        rows.extend((one.span.start, one.span.end, ordinal[one.section.span], int(is_in_korean)))
    return rows.tobytes() + (b"" if cut.pieces is None else cut.pieces.packed)


def unpack(packed: bytes, text: Text, vectors: Vectors | None) -> Cut:
    """The cut that was packed.  Raises ValueError, IndexError where it is not of this text."""
    head = array("I")
    head.frombytes(packed[: 2 * head.itemsize])
    max_tokens, n = head
    start, end = 2 * head.itemsize, (2 + _PER_PASSAGE * n) * head.itemsize
    rows = array("I")
    rows.frombytes(packed[start:end])
    passages = tuple(
        _passage(text, Span(rows[at], rows[at + 1]), rows[at + 2]) for at in range(0, _PER_PASSAGE * n, _PER_PASSAGE)
    )
    pieces = None if vectors is None else vectors.unpacked(packed[end:])
    return Cut(max_tokens, passages, tuple(map(bool, rows[_PER_PASSAGE - 1 :: _PER_PASSAGE])), pieces)


def _passage(text: Text, span: Span, ordinal: int) -> Passage:
    return Passage(text.quote(span), span, text.sections[ordinal])


def _sentences(passage: Passage) -> list[str]:
    found = [passage.text[one.start : one.end] for one in sentences(passage.text, Span(0, len(passage.text)))]
    return found or [passage.text]
