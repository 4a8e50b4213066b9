"""Who is who: which documents are one publication, which publications one application, which stands for it.

In: documents as their sources have them, boiled down to ``Record``s (everything but the text itself).  Out: keys,
and the one view that several records of a publication, and several publications of an application, add up to.
Pure functions; the result never depends on the order in which documents arrive.

Two documents are the same publication iff office, number and kind agree.  A record that knows only its application
stands in the study as one more publication, without a number, of that application.  A document without any number
is known by its text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dokhae.library.plain import to_bytes
from dokhae.types import (
    Biblio,
    ClaimForm,
    Defect,
    Document,
    Number,
    ReadFrom,
    Role,
    Status,
    Text,
)

_RICHNESS = {
    ReadFrom.title: 0,
    ReadFrom.cut_abstract: 1,
    ReadFrom.abstract: 2,
    ReadFrom.abstract_and_some_claims: 3,
    ReadFrom.abstract_and_claims: 4,
    ReadFrom.full_text_ocr: 5,
    ReadFrom.full_text: 6,
}


@dataclass(frozen=True)
class TextFacts:
    """What merging needs to know of a text without reading it."""

    digest: str
    lang: str
    read_from: ReadFrom
    n_claims: int
    n_independent: int
    n_chars: int

    @staticmethod
    def of(text: Text) -> TextFacts:
        # Claims printed in several languages side by side count once
        alive = {claim.number for claim in text.claims if not claim.deleted}
        leading = {c.number for c in text.claims if not c.deleted and c.form is not ClaimForm.dependent}
        return TextFacts(text.digest, text.lang, text.read_from, len(alive), len(leading), len(text.text))

    @property
    def richness(self) -> tuple[int, bool, int]:
        return (_RICHNESS[self.read_from], self.n_claims > 0, self.n_chars)


@dataclass(frozen=True)
class Record:
    """A document without its source and its words: ``texts[0]`` is the one to read."""

    number: Number | None
    numbers: tuple[Number, ...]
    category: str
    biblio: Biblio
    texts: tuple[TextFacts, ...]
    defects: tuple[Defect, ...] = ()

    @staticmethod
    def of(document: Document) -> Record:
        facts = [TextFacts.of(text) for text in document.texts if text.text.strip()]
        # The richest first; sorting is stable, so among equals the document's own order holds
        facts.sort(key=lambda f: f.richness[:2], reverse=True)
        d = document
        return Record(d.number, d.numbers, d.category, d.biblio, tuple(facts), d.defects)

    @property
    def text(self) -> TextFacts:
        return self.texts[0]


def digest_of(record: Record) -> str:
    """Names the content of a record, wherever it came from."""
    return hashlib.sha256(to_bytes(record)).hexdigest()[:32]


def publication_key(record: Record) -> str:
    """Equal for documents of the same publication.

    >>> publication_key(Record(Number("KR", Role.grant, "101910347", "B1"), (), "invention", Biblio(), ()))
    'KR101910347B1'
    """
    if record.number is not None:
        return record.number.compact
    application = _application_number(record)
    return f"text {record.text.digest}" if application is None else f"application {_filed(application)}"


def application_key(record: Record) -> str:
    """Equal for publications of the same application; the publication's own key where no application is known."""
    application = _application_number(record)
    return publication_key(record) if application is None else f"application {_filed(application)}"


def _filed(application: Number) -> str:
    return f"{application.office}{application.digits}"


def _application_number(record: Record) -> Number | None:
    filed = [n for n in record.numbers if n.role is Role.application]
    if record.number is not None:
        # An EP publication may also tell the application it entered from
        filed.sort(key=lambda n: n.office != record.number.office)  # type: ignore[union-attr]
    return filed[0] if filed else None


def merge(records: Iterable[Record]) -> Record:
    """What several records of one publication add up to: the richest text, gaps filled from the others."""
    several = list(records)
    if len(several) == 1:
        return several[0]
    ordered = sorted(several, key=lambda r: (r.text.richness, digest_of(r)), reverse=True)
    best = ordered[0]
    return replace(
        best,
        number=next((r.number for r in ordered if r.number is not None), None),
        numbers=_united_numbers(ordered),
        biblio=_filled_biblio([r.biblio for r in ordered]),
    )


def with_facts_of(record: Record, siblings: Sequence[Record]) -> Record:
    """``record`` with what is true of its whole application: status, owners, family and dates.

    siblings: every publication of the application, ``record`` included.
    """
    own, everyone = record.biblio, [s.biblio for s in siblings]
    biblio = replace(
        own,
        status=latest_status([own.status, *(b.status for b in everyone)]),
        owners=own.owners or next((b.owners for b in everyone if b.owners), ()),
        family_id=own.family_id or next((b.family_id for b in everyone if b.family_id), ""),
        application_date=_first_date(own.application_date, [b.application_date for b in everyone]),
        priority_date=_first_date(own.priority_date, [b.priority_date for b in everyone]),
    )
    return replace(record, biblio=biblio)


def latest_status(statuses: Iterable[Status | None]) -> Status | None:
    """The status with the latest as-of date; among equals the first."""
    known = [status for status in statuses if status is not None]
    return max(known, key=lambda s: s.as_of or date.min, default=None)


def in_order_of_standing(records: Sequence[Record]) -> list[int]:
    """Places of ``records`` (publications of one application), the one that stands for it first.

    The richer text first; then granted (B) before published (A) before a record without a number; then the later.
    """
    return sorted(range(len(records)), key=lambda i: _standing(records[i]), reverse=True)


def _standing(record: Record) -> tuple[int, int, str, date, str]:
    number = record.number
    if number is None:
        return (_RICHNESS[record.text.read_from], 0, "", date.min, digest_of(record))
    is_granted = number.role is Role.grant or (number.kind or "").startswith(("B", "C"))
    published = record.biblio.publication_date or record.biblio.grant_date or date.min
    return (_RICHNESS[record.text.read_from], 2 if is_granted else 1, number.kind or "", published, number.compact)


def _united_numbers(records: Sequence[Record]) -> tuple[Number, ...]:
    first = {(n.office, n.role, n.digits, n.kind): n for r in reversed(records) for n in reversed(r.numbers)}
    return tuple(reversed(first.values()))


def _filled_biblio(biblios: Sequence[Biblio]) -> Biblio:
    """The first biblio, each empty field taken from the first one that has it; titles by language, status by date."""
    best = biblios[0]
    empty = Biblio()
    filled = {
        name: next((v for b in biblios if (v := getattr(b, name)) != getattr(empty, name)), getattr(empty, name))
        for name in Biblio.__dataclass_fields__
        if getattr(best, name) == getattr(empty, name)
    }
    titles = {lang: title for b in reversed(biblios) for lang, title in reversed(b.titles)}
    known = dict(best.titles)
    more = tuple((lang, title) for lang, title in reversed(titles.items()) if lang not in known)
    merged = replace(best, **filled)
    return replace(
        merged,
        titles=best.titles + more,
        status=latest_status(b.status for b in biblios),
    )


def _first_date(own: date | None, others: Sequence[date | None]) -> date | None:
    return own if own is not None else next((d for d in others if d is not None), None)
