"""Patents of the library -> entries of the index, kept in step by database sequence, deletions included.

In: a store, the folder of the index.  Out: an ``Index`` that holds what the store holds, or what differs.
An index that cannot be used (damaged, of another version) is thrown away and built anew: it is derived data.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from dokhae.engine import Progress
from dokhae.library import Patent
from dokhae.library.checking import Checked, Finding
from dokhae.library.sketches import Sketches
from dokhae.library.sqlite_store import SqliteStore
from dokhae.search import Entry
from dokhae.search.index import Index, IndexUnusable
from dokhae.types import SectionKind, Text

_APART = (SectionKind.title, SectionKind.abstract, SectionKind.claims, SectionKind.amendment)


def entry_of(patent: Patent, text: Text) -> Entry:
    """The patent as the index sees it: every string searched stands once, the description without the rest."""
    biblio, number = patent.biblio, patent.number
    return Entry(
        id=patent.id,
        seq=patent.seq,
        title="\n".join(title for _, title in biblio.titles) or _joined(text, SectionKind.title),
        abstract=_joined(text, SectionKind.abstract),
        claims="\n".join(text.quote(claim.span) for claim in text.claims if claim.span),
        description=_joined(text, *(kind for kind in SectionKind if kind not in _APART)),
        numbers=tuple(dict.fromkeys(n.compact for n in patent.numbers)),
        applicants=tuple(party.name for party in biblio.applicants),
        inventors=tuple(party.name for party in biblio.inventors),
        ipc=biblio.ipc,
        cpc=biblio.cpc,
        application_date=biblio.application_date,
        publication_date=biblio.publication_date,
        grant_date=biblio.grant_date,
        office=number.office if number else next((n.office for n in patent.numbers), ""),
        kind=(number.kind or "") if number else "",
        lang=patent.lang,
    )


def opened(place: Path) -> Index:
    """The index in ``place``; an empty one where there is none or one of another version."""
    try:
        return Index.open(place)
    except IndexUnusable:
        shutil.rmtree(place)
        return Index.open(place)


def catch_up(index: Index, store: SqliteStore, progress: Progress) -> None:
    """Brings the index to the state of the store.

    Removals come first and unmarked: stopped half-way, the next opening does them again.
    """
    after, latest = index.last_seq, store.last_seq()
    if after >= latest:
        return
    removed = [gone.id for gone in store.removed(after=after)] if after else []
    if removed:
        index.remove(removed)
    index.add(_counted(_entries(store, after), store.counts().publications, progress))
    if index.last_seq < latest:
        index.remove((), seq=latest)


def checked(store: SqliteStore, place: Path, sketches: Path) -> Checked:
    """What the store finds about itself, whether an index that claims to be up to date holds as much as it, and whether
    the sketches are whole."""
    found = store.check()
    if sketches.exists():
        with closing(Sketches(sketches)) as opened_sketches:
            broken = [Finding("derived", "check-sketches", (("detail", f),)) for f in opened_sketches.faults()]
        found = replace(found, findings=(*found.findings, *broken))
    if not place.exists():
        return found
    n_publications = store.counts().publications
    try:
        with Index.open(place) as index:
            n_indexed, is_current = len(index), index.last_seq == store.last_seq()
    except IndexUnusable as error:
        wrong = Finding("lexical", error.code, tuple(error.values.items()))
        return replace(found, findings=(*found.findings, wrong))
    if is_current and n_indexed != n_publications:
        counts = (("indexed", str(n_indexed)), ("stored", str(n_publications)))
        return replace(found, findings=(*found.findings, Finding("lexical", "index-differs", counts)))
    return found


def _entries(store: SqliteStore, after: int) -> Iterator[Entry]:
    return (entry_of(patent, store.text(patent.text)) for patent in store.patents(after=after))


def _counted(entries: Iterator[Entry], at_most: int, progress: Progress) -> Iterator[Entry]:
    for done, entry in enumerate(entries, 1):
        yield entry
        progress(done, at_most)


def _joined(text: Text, *kinds: SectionKind) -> str:
    return "\n".join(text.quote(section.span) for section in text.of_kind(*kinds))
