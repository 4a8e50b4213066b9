"""What is kept: the study.  SQLite is the one source of truth; indexes are derived and rebuilt from it.

In: documents, rejections, answers.  Out: patents, texts, answers, in order and in constant memory.
Three levels (patents.md, identity): an application has publications, a publication has texts.  A and B1 of one
application are two publications; both are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dokhae.types import Answer, Biblio, Defect, Document, Number, Quantity, ReadFrom, Rejected, Source, Text

if TYPE_CHECKING:
    from pathlib import Path

    from dokhae.library.packing import Packed
    from dokhae.library.reviews import Review
    from dokhae.parse.files.units import Unit


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
    """What one call of ``Store.add`` or ``Study.add`` did.

    Every document is counted once: added (a new publication), updated (a publication the study has, with other
    content), unchanged (content the study has, or in a file that was finished before).  rejected: files and records.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a study holds, level by level."""

    applications: int
    publications: int
    sources: int
    texts: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A publication that was taken out: indexes drop it."""

    seq: int
    id: int


class Store(Protocol):
    """Where a study keeps its data.  ``put`` twice is once; what was returned as added survives a crash."""

    def add(self, items: Sequence[Document | Packed | Rejected]) -> Added:
        """Stores a batch in one transaction."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Everything written inside is one transaction: all of it is kept, or, after an exception, nothing."""
        ...

    def begin_unit(self, unit: Unit) -> None:
        """From now on the unit is unfinished, and what was rejected of it before is forgotten."""
        ...

    def finish_unit(self, unit: Unit, n_documents: int) -> None:
        """The unit has been read to its end."""
        ...

    def n_documents_of(self, unit: Unit) -> int | None:
        """How many documents a finished unit gave; None where it must (still) be read."""
        ...

    def is_changed(self, unit: Unit) -> bool:
        """Whether the study has documents of this path from other bytes than the file has now."""
        ...

    def drop_outdated(self, unit: Unit) -> None:
        """The whole file has been read: what only its older bytes said is no longer in the study."""
        ...

    def forget_not_found(self, paths: Sequence[str | Path], still: Collection[Rejected]) -> None:
        """Of what could not be opened under ``paths``, only ``still`` cannot: the rest is fine now, or gone."""
        ...

    def patents(self, *, after: int = 0, representatives_only: bool = False) -> Iterator[Patent]:
        """Patents with seq > after, ascending by seq; streamed, no long transaction."""
        ...

    def patent(self, id_: int) -> Patent: ...

    def publications_of(self, application: int) -> tuple[Patent, ...]:
        """All publications of an application, its representative first."""
        ...

    def find(self, written: str) -> tuple[Patent, ...]:
        """Every patent that goes by this number (any spelling, any role), file name stem, or text digest prefix."""
        ...

    def text(self, digest: str) -> Text: ...

    def put_answers(self, text: str, schema: str, answers: Sequence[Answer]) -> None:
        """Stores what one text answers; schema: digest of fields, models and settings that made them."""
        ...

    def answers(self, text: str) -> dict[str, Answer]:
        """Answer of each field of one text: by the schemas shown, else the latest."""
        ...

    def answers_of(self, text: str, schema: str) -> tuple[Answer, ...] | None:
        """What one text answers under ``schema``; None where it was not read for it."""
        ...

    def show_answers_of(self, schema: str, *, kind: str = "") -> None:
        """From now on the answers under ``schema`` are the ones shown, though others be newer; one schema a kind."""
        ...

    def drop_answers(self, kind: str) -> None:
        """Takes every answer of a kind out: those under schemas that begin with its name, shown or not."""
        ...

    def put_review(self, review: Review) -> bool:
        """Stores what a person said about an answer, twice is once; returns whether it is new."""
        ...

    def drop_review(self, review: Review) -> None:
        """Takes a review back, as if it had never been said."""
        ...

    def reviews_of(self, text: str) -> dict[str, Review]:
        """The latest review of each field of one text."""
        ...

    def reviews(self) -> dict[str, dict[str, Review]]:
        """The latest review of each field, by text."""
        ...

    def unread(self, schema: str, *, representatives_only: bool = True) -> Iterator[str]:
        """Digests of current texts that have no answers under ``schema``, each once."""
        ...

    def put_quantities(self, text: str, made_by: str, quantities: Sequence[Quantity]) -> None: ...

    def quantities(self, text: str, made_by: str) -> tuple[Quantity, ...] | None:
        """The quantities of a text; None where they have not been read by ``made_by``."""
        ...

    def rejected(self) -> Iterator[Rejected]: ...

    def remove(self, publications: Iterable[int]) -> int:
        """Takes publications out as if never added; returns how many.  Their files count as unread again."""
        ...

    def removed(self, *, after: int = 0) -> Iterator[Removed]:
        """Publications taken out since ``after``, ascending by seq."""
        ...

    def last_seq(self) -> int:
        """The sequence number of the latest change."""
        ...

    def counts(self) -> Counts: ...
