"""Query -> patents: the query language, the index, and where in a patent the words stand.

In: ``Entry``, one patent to index.  Out: ``Results`` with the hits of one query, each with a snippet and its reasons.
This room imports nothing from the library: whoever keeps the patents feeds the index and rebuilds it when it is gone.

    analyse   text -> terms with offsets        query     what the user wrote -> syntax tree
    evaluate  tree x terms -> yes/no, places    index     tree -> hits (the only module that imports tantivy)
    snippet   places -> the stretch to show
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dokhae.types import Defect, Span


@dataclass(frozen=True)
class Entry:
    """One patent as the index sees it.

    id: stable.  seq: database sequence of its last change.  numbers: every spelling it goes by, compact, any role.
    office: two letters.  kind: "A1", "B1" or "".  Spans of hits count code points of the strings given here.
    """

    id: int
    seq: int
    title: str = ""
    abstract: str = ""
    claims: str = ""
    description: str = ""
    numbers: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    inventors: tuple[str, ...] = ()
    ipc: tuple[str, ...] = ()
    cpc: tuple[str, ...] = ()
    application_date: date | None = None
    publication_date: date | None = None
    grant_date: date | None = None
    office: str = ""
    kind: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The stretch of ``Entry.<field>`` worth showing: text == field[span], marks = the words found, in that field."""

    field: str
    span: Span
    text: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a patent was found: ``part`` of the query (canonical form) stands ``count`` times in ``field``."""

    part: str
    field: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One patent found.  score: BM25 with field boosts, comparable within one query; 0.0 where only filters spoke."""

    id: int
    score: float
    snippet: Snippet | None = None
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """Hits of one query, best first.  total: patents that match.  read_as: the query as it was understood."""

    hits: tuple[Hit, ...]
    total: int
    read_as: str
    warnings: tuple[Defect, ...] = ()
