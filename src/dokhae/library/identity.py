"""Who is who: which documents are one publication, which publications one application, which stands for it.

In: documents as their sources have them, boiled down to ``Record``s (everything but the text itself).  Out: keys,
and the one view that several records of a publication, and several publications of an application, add up to.
Pure functions; the result never depends on the order in which documents arrive.

Two documents are the same publication iff office, number and kind agree.  A record that knows only its application
stands in the study as one more publication, without a number, of that application.  One that knows a publication or
grant number but no application joins the application that has this number (``published_keys``; putting.py finds it).
A document without any number is known by its text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dokhae.library.plain import to_bytes
from dokhae.library.series import right_of, series_of
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


# What can still become of an application: an end is later than a grant, a grant later than a publication
_STAGES = {"공개": 0, "등록": 1}
# Offices whose publications and grants count their numbers apart, or whose unexamined and examined series overlap
_SEPARATE_SERIES = frozenset({"KR", "JP", "US"})
_JAPANESE_RIGHTS = {"utility_model": "utility ", "design": "design "}


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
    return application_key(record) or f"text {record.text.digest}"


def application_key(record: Record) -> str | None:
    """Equal for publications of the same application; None where the record does not know its application."""
    application = _application_number(record)
    if application is None:
        return None
    right = series_of(application)
    if application.office == "JP" and not right:
        right = right_of(record.numbers) or _JAPANESE_RIGHTS.get(record.category, "")
    return f"application {application.office}{right}{application.digits}"


def published_keys(numbers: Iterable[Number]) -> frozenset[str]:
    """What a publication or grant number says about which application it is of: equal keys, same application.

    Most offices grant under the number they published, so the role does not count; KR, JP and US count apart.

    >>> sorted(published_keys([Number("EP", Role.publication, "1116605"), Number("EP", Role.grant, "1116605", "B1")]))
    ['EP 1116605']
    """
    keys = set()
    for n in numbers:
        if n.role not in (Role.publication, Role.grant):
            continue
        role = f"{n.role.value} " if n.office in _SEPARATE_SERIES else ""
        keys.add(f"{n.office} {role}{series_of(n)}{n.digits}")
    return frozenset(keys)


def _application_number(record: Record) -> Number | None:
    filed = [n for n in record.numbers if n.role is Role.application]
    if record.number is not None:
        # An EP publication may also tell the application it entered from
        filed.sort(key=lambda n: n.office != record.number.office)  # type: ignore[union-attr]
    return filed[0] if filed else None


def from_source(record: Record, name: str) -> Record:
    """``record`` with its status marked as said by the file ``name``."""
    status = record.biblio.status
    if status is None or status.source:
        return record
    return replace(record, biblio=replace(record.biblio, status=replace(status, source=name)))


def merge(records: Iterable[Record], *, differ: Callable[[str, str], bool] = lambda one, other: False) -> Record:
    """What several records of one publication add up to: the richest text, gaps filled from the others.

    differ: whether two texts, by digest, tell of different things; then a defect says that one number stands on both.
    """
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
        defects=best.defects + _defects_of_joining(ordered, differ),
    )


def _defects_of_joining(ordered: Sequence[Record], differ: Callable[[str, str], bool]) -> tuple[Defect, ...]:
    best = ordered[0].text
    alike = [r.text for r in ordered[1:] if (r.text.lang, r.text.read_from) == (best.lang, best.read_from)]
    others = {text.digest for text in alike if text.digest != best.digest and best.read_from is not ReadFrom.title}
    n_different = sum(differ(best.digest, other) for other in sorted(others))
    return (Defect.of("texts-differ", count=n_different),) if n_different else ()


def with_facts_of(record: Record, siblings: Sequence[Record]) -> Record:
    """``record`` with what is true of its whole application: status, owners, family and dates.

    siblings: every publication of the application, ``record`` included.
    """
    own, everyone = record.biblio, [s.biblio for s in siblings]
    statuses = united_statuses([own, *everyone])
    biblio = replace(
        own,
        status=statuses[0] if statuses else None,
        statuses=statuses if len(statuses) > 1 else (),
        owners=own.owners or next((b.owners for b in everyone if b.owners), ()),
        family_id=own.family_id or next((b.family_id for b in everyone if b.family_id), ""),
        application_date=_first_date(own.application_date, [b.application_date for b in everyone]),
        priority_date=_first_date(own.priority_date, [b.priority_date for b in everyone]),
    )
    return replace(record, biblio=biblio, defects=record.defects + _status_conflict(statuses))


def united_statuses(biblios: Iterable[Biblio]) -> tuple[Status, ...]:
    """Every status supplied, each name and date once, the one that counts first.

    The latest as-of date counts; where no date decides, the later stage: an end before a grant before a publication.
    """
    every = {status for b in biblios for status in (b.statuses or (b.status,)) if status is not None}
    once: dict[tuple[str, date | None], Status] = {}
    for status in sorted(every, key=lambda s: (s.source, s.written)):
        once.setdefault((status.name, status.as_of), status)
    return tuple(sorted(once.values(), key=_recency, reverse=True))


def _recency(status: Status) -> tuple[date, int, str]:
    return (status.as_of or date.min, _STAGES.get(status.name, 2), status.name)


def _status_conflict(statuses: Sequence[Status]) -> tuple[Defect, ...]:
    """Two sources say different things and no date tells which of them is out of date."""
    if len(statuses) < 2:
        return ()
    first, second = statuses[0], next((s for s in statuses if s.name != statuses[0].name), None)
    if second is None or (first.as_of is not None and second.as_of is not None and first.as_of > second.as_of):
        return ()
    values = {"status": first.name, "source": first.source, "other": second.name, "other_source": second.source}
    return (Defect.of("status-conflict", **values),)


def in_order_of_standing(records: Sequence[Record]) -> list[int]:
    """Places of ``records`` (publications of one application), the one that stands for it first.

    The richer text first; then granted (B) before published (A) before a record without a number; then the later, so
    that a correction (정정공보, B8, B9) or an amended patent (B2) stands before what it replaces.
    """
    return sorted(range(len(records)), key=lambda i: _standing(records[i]), reverse=True)


def is_granted(number: Number | None) -> bool:
    """Whether a document is of a granted right: an examined publication, whatever its office calls it."""
    return number is not None and (number.role is Role.grant or (number.kind or "").startswith(("B", "C", "Y")))


def issued_on(number: Number | None, biblio: Biblio) -> date | None:
    """The day this very document came out."""
    dates = (biblio.publication_date, biblio.grant_date)
    return next((day for day in (reversed(dates) if is_granted(number) else dates) if day is not None), None)


def _standing(record: Record) -> tuple[int, int, date, str, str]:
    number, richness = record.number, _RICHNESS[record.text.read_from]
    if number is None:
        return (richness, 0, date.min, "", digest_of(record))
    issued = issued_on(number, record.biblio) or date.min
    return (richness, 2 if is_granted(number) else 1, issued, number.kind or "", number.compact)


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
    statuses = united_statuses(biblios)
    filled |= {"status": statuses[0] if statuses else None, "statuses": statuses if len(statuses) > 1 else ()}
    return replace(best, **{**filled, "titles": best.titles + more})


def _first_date(own: date | None, others: Sequence[date | None]) -> date | None:
    return own if own is not None else next((d for d in others if d is not None), None)
