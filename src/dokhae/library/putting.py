"""Packed documents -> rows: what one batch of a writer changes, all of it inside the caller's transaction.

In: ``Packed`` and ``Rejected``.  Out: rows and the counts of ``Added``.  First every source is put where it belongs;
then each publication touched is given to its application (joining.py, where it does not know its own), and each
application touched is settled: its views and its representative are computed anew from the records of all its sources.
What a reader can see gets a new sequence number only if it changed.

A file that has changed and was read to its end no longer says what only its older bytes said: those sources are
dropped, and a publication that has no other goes with them.  Where anything of the new bytes was rejected, such a
publication stays, with its old source: its record may be the one that could not be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import PurePath

from dokhae.library import Added, feedback, likeness
from dokhae.library.codec import pack_record, unpack_record, unpack_text
from dokhae.library.database import Database, Row
from dokhae.library.identity import (
    Record,
    application_key,
    from_source,
    in_order_of_standing,
    merge,
    publication_key,
    with_facts_of,
)
from dokhae.library.joining import joined, neighbours, without_application
from dokhae.library.packing import Packed
from dokhae.types import Rejected, Source
from dokhae.version import VERSION

# Two readings of one document share nearly all of the shorter text; a misprinted number shares next to nothing
_SAME_DOCUMENT = 0.3


def put(db: Database, items: Sequence[Packed | Rejected]) -> Added:
    """Stores the items; the caller holds the transaction."""
    batch = _Batch(db)
    for item in items:
        if isinstance(item, Rejected):
            batch.reject(item)
        else:
            batch.put(item)
    batch.settle()
    return Added(**batch.counts)


def remove(db: Database, publications: Iterable[int]) -> int:
    """Takes publications out as if they had never been added; returns how many there were.

    Their files count as unread again: adding them once more brings the publications back.
    """
    batch = _Batch(db)
    n_removed = sum(batch.remove(publication) for publication in publications)
    batch.settle()
    return n_removed


def drop_outdated(db: Database, path: str, sha256: str) -> list[int]:
    """Drops what other bytes than ``sha256`` said at ``path``; returns the publications that went with it."""
    batch = _Batch(db)
    gone = batch.drop_outdated(storable(path), sha256)
    batch.settle()
    return gone


def settle_all(db: Database) -> None:
    """Computes numbers, applications and views anew, for upgrades; the caller holds the transaction."""
    after = 0
    while ids := [i for (i,) in db.rows("SELECT id FROM publications WHERE id > ? ORDER BY id LIMIT 500", (after,))]:
        batch = _Batch(db)
        batch.touch(ids)
        batch.settle()
        after = ids[-1]


def views(db: Database, application: int) -> Iterator[tuple[int, Row]]:
    """(publication, row) of an application as its sources have it now; row: text, whether it is the representative,
    view, filing date, family id."""
    own = {p: own_record(db, p) for p in _members(db, application)}
    yield from _settled(own)


def own_record(db: Database, publication: int) -> Record:
    """What the sources of one publication add up to, apart from its siblings."""
    rows = db.rows(
        "SELECT record, path, member, min(id) FROM sources WHERE publication = ? GROUP BY content", (publication,)
    )
    records = [from_source(unpack_record(packed), _source_name(path, member)) for packed, path, member, _ in rows]
    return merge(records, differ=lambda one, other: _differ(db, one, other))


def number_rows(record: Record) -> set[Row]:
    """(office, role, digits, kind) of every number a publication is found by."""
    known = {*record.numbers} | ({record.number} if record.number is not None else set())
    return {(n.office, n.role.value, n.digits, n.kind or "") for n in known}


def stem_of(path: str) -> str:
    """File name without folder and suffix, case-folded: "…/KR-10-1910347.PDF" -> "kr-10-1910347"."""
    return PurePath(path.replace("\\", "/")).stem.casefold()


def storable(name: str) -> str:
    """A file name the database takes: bytes that are no UTF-8 (lone surrogates) are shown as escapes."""
    return name.encode("utf8", "backslashreplace").decode("utf8")


class _Batch:
    def __init__(self, db: Database) -> None:
        self._db = db
        self.counts = asdict(Added())
        self._seq = last_seq(db)
        self._touched: set[int] = set()
        self._applications: set[int] = set()
        self._loose_texts: set[str] = set()
        # Publications without an application number whose neighbours have changed
        self._unjoined: set[int] = set()
        # Records of publications that are new in this batch, by content: no need to read them back
        self._fresh: dict[int, dict[str, Record]] = {}

    def reject(self, item: Rejected) -> None:
        s = item.source
        self._db.write(
            "INSERT INTO rejected (path, member, item, sha256, format, stage, code, detail, made_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET sha256 = excluded.sha256,"
            " format = excluded.format, detail = excluded.detail, made_by = excluded.made_by",
            (storable(s.path), storable(s.member), s.item, s.sha256, s.format, item.stage, item.code,
             json.dumps(item.values), VERSION),
        )  # fmt: skip
        self.counts["rejected"] += 1

    def put(self, item: Packed) -> None:
        found = self._db.row("SELECT id FROM publications WHERE key = ?", (item.key,))
        publication = self._new_publication(item) if found is None else int(found[0])
        brings_news = self._put_source(publication, item)
        if found is None:
            self.counts["added"] += 1
        else:
            self.counts["updated" if brings_news else "unchanged"] += 1

    def touch(self, publications: Iterable[int]) -> None:
        """These are settled though nothing was put."""
        self._touched.update(publications)

    def remove(self, publication: int) -> bool:
        found = self._db.row("SELECT application FROM publications WHERE id = ?", (publication,))
        if found is None:
            return False
        self._drop_sources(self._db.rows("SELECT id FROM sources WHERE publication = ?", (publication,)))
        self._unjoined |= neighbours(self._db, publication)
        self._unjoined.discard(publication)
        self._touched.discard(publication)
        self._db.write("DELETE FROM publications WHERE id = ?", (publication,))
        self._db.write("INSERT INTO removed (seq, publication) VALUES (?, ?)", (self._next_seq(), publication))
        self._applications.add(found[0])
        return True

    def drop_outdated(self, path: str, sha256: str) -> list[int]:
        is_whole = not self._db.row("SELECT 1 FROM rejected WHERE path = ? AND sha256 = ?", (path, sha256))
        outdated: dict[int, list[tuple[int]]] = {}
        for source, publication in self._db.rows(
            "SELECT id, publication FROM sources WHERE path = ? AND sha256 <> ? ORDER BY id", (path, sha256)
        ):
            outdated.setdefault(publication, []).append((source,))
        gone = []
        for publication, sources in outdated.items():
            (n_sources,) = self._db.row("SELECT count(*) FROM sources WHERE publication = ?", (publication,)) or (0,)
            if n_sources > len(sources):
                self._drop_sources(sources)
                self._touched.add(publication)
            elif is_whole:
                self.remove(publication)
                gone.append(publication)
        return gone

    def settle(self) -> None:
        """Makes views, representatives, sequence and texts agree with the sources."""
        own = {publication: self._own_record(publication) for publication in sorted(self._touched)}
        for publication, record in own.items():
            self._settle_publication(publication, record)
        self._join(own)
        for application in sorted(self._applications):
            self._settle_application(application, own)
        for digest in self._loose_texts:
            self._db.write(
                "DELETE FROM texts WHERE digest = ? AND NOT EXISTS (SELECT 1 FROM text_uses WHERE text = digest)"
                " AND NOT EXISTS (SELECT 1 FROM feedback WHERE text = digest)",
                (digest,),
            )
        self._db.write("UPDATE meta SET value = ? WHERE name = 'seq'", (self._seq,))

    def _new_publication(self, item: Packed) -> int:
        application = self._application(application_key(item.record) or publication_key(item.record))
        publication = self._db.write(
            "INSERT INTO publications (key, application, seq, text, is_representative, view)"
            " VALUES (?, ?, 0, '', 0, '')",
            (item.key, application),
        )
        self._fresh[publication] = {}
        return publication

    def _put_source(self, publication: int, item: Packed) -> bool:
        """Whether the publication hears something new from this source."""
        s = item.source
        place = (publication, storable(s.path), storable(s.member))
        here = self._db.rows(
            "SELECT id, item, sha256, content FROM sources WHERE publication = ? AND path = ? AND member = ?", place
        )
        if any(row[1:] == (s.item, s.sha256, item.content) for row in here):
            return False
        # The file has been replaced since: what it said before is no longer a source
        dropped = [row for row in here if row[1] == s.item or row[2] != s.sha256]
        is_known = self._db.row(
            "SELECT 1 FROM sources WHERE publication = ? AND content = ?", (publication, item.content)
        )
        self._drop_sources(dropped)
        source = self._db.write(
            "INSERT INTO sources (publication, path, member, item, sha256, format, stem, content, record)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, s.item, s.sha256, s.format, _stem(s), item.content, item.packed_record),
        )
        self._put_texts(source, item)
        if dropped:
            self._fresh.pop(publication, None)
        if publication in self._fresh:  # of several files that say the same the first is named
            self._fresh[publication].setdefault(item.content, from_source(item.record, _source_name(s.path, s.member)))
        if not is_known or any(row[3] != item.content for row in dropped):
            self._touched.add(publication)
            return True
        return False

    def _put_texts(self, source: int, item: Packed) -> None:
        self._db.write_many(
            "INSERT INTO texts (digest, words, structure) VALUES (?, ?, ?) ON CONFLICT (digest)"
            " DO UPDATE SET structure = excluded.structure WHERE structure <> excluded.structure",
            [(t.digest, t.words, t.structure) for t in item.texts],
        )
        self._db.write_many(
            "INSERT OR IGNORE INTO text_uses (source, text) VALUES (?, ?)", [(source, t.digest) for t in item.texts]
        )

    def _drop_sources(self, rows: Sequence[tuple[int, ...]]) -> None:
        for source, *_ in rows:
            self._loose_texts.update(
                digest for (digest,) in self._db.rows("SELECT text FROM text_uses WHERE source = ?", (source,))
            )
            self._db.write(
                "DELETE FROM files WHERE (path, sha256) IN (SELECT path, sha256 FROM sources WHERE id = ?)", (source,)
            )
            self._db.write("DELETE FROM sources WHERE id = ?", (source,))

    def _settle_publication(self, publication: int, record: Record) -> None:
        """Its numbers, and its application where it knows it."""
        if publication not in self._fresh:
            self._unjoined |= neighbours(self._db, publication)
        self._db.write("DELETE FROM numbers WHERE publication = ?", (publication,))
        self._db.write_many(
            "INSERT OR IGNORE INTO numbers (publication, office, role, digits, kind) VALUES (?, ?, ?, ?, ?)",
            [(publication, *row) for row in sorted(number_rows(record))],
        )
        if (key := application_key(record)) is not None:
            self._give(publication, key)

    def _join(self, own: dict[int, Record]) -> None:
        """Gives publications that do not know their application to the one they go with."""
        for publication in own:
            self._unjoined |= {publication} | neighbours(self._db, publication)
        waiting = without_application(self._db, self._unjoined)
        while waiting:
            members, key = joined(self._db, waiting.pop())
            for publication in members:
                self._give(publication, key)
            waiting -= members

    def _give(self, publication: int, key: str) -> None:
        application = self._application(key)
        (before,) = self._db.row("SELECT application FROM publications WHERE id = ?", (publication,)) or (0,)
        if before != application:
            self._db.write("UPDATE publications SET application = ? WHERE id = ?", (application, publication))
        self._applications |= {before, application}

    def _settle_application(self, application: int, own: dict[int, Record]) -> None:
        members = _members(self._db, application)
        if not members:
            self._db.write("DELETE FROM applications WHERE id = ?", (application,))
            return
        records = {m: own[m] if m in own else self._own_record(m) for m in members}
        for publication, row in _settled(records):
            self._write_view(publication, row)

    def _write_view(self, publication: int, row: Row) -> None:
        sql = "SELECT text, is_representative, view, filed, family_id FROM publications WHERE id = ?"
        before = self._db.row(sql, (publication,))
        if before and before[0] and before[0] != row[0]:
            feedback.follow(self._db, before[0], row[0])
        if before != row:
            self._db.write(
                "UPDATE publications SET text = ?, is_representative = ?, view = ?, filed = ?, family_id = ?, seq = ?"
                " WHERE id = ?",
                (*row, self._next_seq(), publication),
            )

    def _own_record(self, publication: int) -> Record:
        fresh = self._fresh.get(publication)
        if fresh is not None and len(fresh) == 1:
            return next(iter(fresh.values()))
        return own_record(self._db, publication)

    def _application(self, key: str) -> int:
        found = self._db.row("SELECT id FROM applications WHERE key = ?", (key,))
        return self._db.write("INSERT INTO applications (key) VALUES (?)", (key,)) if found is None else int(found[0])

    def _next_seq(self) -> int:
        self._seq += 1
        return self._seq


def _members(db: Database, application: int) -> list[int]:
    rows = db.rows("SELECT id FROM publications WHERE application = ? ORDER BY id", (application,))
    return [id_ for (id_,) in rows]


def _settled(own: dict[int, Record]) -> Iterator[tuple[int, Row]]:
    """(publication, row) of the publications of one application, from their own records."""
    ids, records = list(own), list(own.values())
    order = in_order_of_standing(records)
    siblings = [records[i] for i in order]
    for place, i in enumerate(order):
        view = with_facts_of(records[i], siblings)
        filed = view.biblio.application_date
        yield (
            ids[i],
            (
                view.text.digest,
                place == 0,
                pack_record(view),
                filed.isoformat() if filed else "",
                view.biblio.family_id,
            ),
        )


def _differ(db: Database, one: str, other: str) -> bool:
    """Whether two texts, by digest, have so little in common that they can hardly be the same document."""
    found = [db.row("SELECT words, structure FROM texts WHERE digest = ?", (digest,)) for digest in (one, other)]
    both = [likeness.shingles(unpack_text(*row).text) for row in found if row is not None]
    if len(both) < 2 or min(map(len, both)) < likeness.LEAST_SHINGLES:
        return False
    return likeness.containment(*both) < _SAME_DOCUMENT


def _source_name(path: str, member: str) -> str:
    """Names a file shortly: its last part, and the member in it."""
    name = re.split(r"[\\/]", path)[-1]
    return storable(f"{name}!/{member}" if member else name)


def last_seq(db: Database) -> int:
    """The sequence number of the latest change."""
    found = db.row("SELECT value FROM meta WHERE name = 'seq'")
    return int(found[0]) if found else 0


def _stem(source: Source) -> str:
    return storable(stem_of(source.member.rpartition("!/")[2] or source.path))
