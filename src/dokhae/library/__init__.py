"""What is kept: the study.  SQLite is the one source of truth; indexes are derived and rebuilt from it.

In: documents, rejections, answers.  Out: patents, texts, answers, in order and in constant memory.
Three levels (patents.md, identity): an application has publications, a publication has texts.  A and B1 of one
application are two publications; both are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from dokhae.types import Answer, Biblio, Defect, Document, Number, ReadFrom, Rejected, Source, Text


@dataclass(frozen=True)
class Patent:
    """One publication as the study keeps it.

    id: stable within the study.  seq: database sequence of its last change.  application: id of its application.
    text: digest of its current text; lang and read_from are that text's.  sources: where it came from, first first.
    is_representative: whether it is the one publication that stands for its application in reading and counts.
    """

    id: int
    seq: int
    application: int
    number: Number | None
    numbers: tuple[Number, ...]
    category: str
    biblio: Biblio
    text: str
    lang: str
    read_from: ReadFrom
    n_claims: int
    n_independent: int
    sources: tuple[Source, ...]
    defects: tuple[Defect, ...] = ()
    is_representative: bool = True


@dataclass(frozen=True, slots=True)
class Added:
    """What one call of ``Store.add`` or ``Study.add`` did.  Counts publications; rejected counts files and records."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


class Store(Protocol):
    """Where a study keeps its data.  ``put`` twice is once; what was returned as added survives a crash."""

    def add(self, items: Sequence[Document | Rejected]) -> Added:
        """Stores a batch in one transaction."""
        ...

    def patents(self, *, after: int = 0, representatives_only: bool = False) -> Iterator[Patent]:
        """Patents with seq > after, ascending by seq; streamed, no long transaction."""
        ...

    def patent(self, id_: int) -> Patent: ...

    def find(self, written: str) -> tuple[Patent, ...]:
        """Every patent that goes by this number (any spelling, any role), file name stem, or text digest prefix."""
        ...

    def text(self, digest: str) -> Text: ...

    def put_answers(self, text: str, schema: str, answers: Sequence[Answer]) -> None:
        """Stores what one text answers; schema: digest of fields, models and settings that made them."""
        ...

    def answers(self, text: str) -> dict[str, Answer]:
        """Latest answer of each field of one text."""
        ...

    def unread(self, schema: str) -> Iterator[str]:
        """Digests of current texts that have no answers under ``schema``."""
        ...

    def rejected(self) -> Iterator[Rejected]: ...
