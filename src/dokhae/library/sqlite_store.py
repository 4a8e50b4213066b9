"""SqliteStore: the study in one SQLite file.

In: documents, rejections, answers.  Out: patents, texts, answers, page by page, in constant memory and without long
transactions.  One writer (the holder of the lock), any number of readers.  What a method has returned as stored
survives a crash; what was not committed is not there at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dokhae.errors import InputError, StudyError
from dokhae.library import Added, Counts, Patent, Removed, codec, feedback, ledger, putting
from dokhae.library.checking import Checked, check
from dokhae.library.database import Database, Row
from dokhae.library.families import Families, FamilyRule, Filing, families
from dokhae.library.lock import WriterLock
from dokhae.library.packing import Packed, pack
from dokhae.library.reviews import Review
from dokhae.parse.files.units import Unit
from dokhae.parse.numbers import candidates
from dokhae.types import Answer, Document, Number, Quantity, Rejected, Role, Source, Text

_PAGE = 200
_PATENT = "SELECT id, seq, application, text, is_representative, view FROM publications"
_OWN_ROLES = frozenset({Role.application, Role.publication, Role.grant, Role.pct})
_FILE_NAME = re.compile(r"\.(?:pdf|xml|zip|gz|tar|txt|md|html?|sgml?|dat|csv|tsv|xlsx?|jsonl?)$", re.I)
_DIGEST = re.compile("[0-9a-f]{8,32}")


class SqliteStore:
    """Made by ``folder.open_to_read`` and ``folder.open_to_write``; close it, or use it in a ``with``."""

    def __init__(self, db: Database, lock: WriterLock | None = None) -> None:
        self._db = db
        self._lock = lock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()
        if self._lock is not None:
            self._lock.release()

    @property
    def study(self) -> Path:
        """The study folder."""
        return self._db.study

    # -- writing ------------------------------------------------------------------------------------------------

    def add(self, items: Sequence[Document | Packed | Rejected]) -> Added:
        packed = [pack(item) if isinstance(item, Document) else item for item in items]
        with self.batch():
            return putting.put(self._db, packed)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything written inside is one transaction: all of it is kept, or, after an exception, nothing."""
        if self._lock is None:
            raise StudyError("study-not-writable", study=self.study, detail="opened for reading")
        with self._db.transaction():
            yield

    def put_answers(self, text: str, schema: str, answers: Sequence[Answer]) -> None:
        with self.batch():
            # REPLACE gives a new id: the answers written last are the latest
            self._db.write(
                "INSERT OR REPLACE INTO answers (text, schema, packed) VALUES (?, ?, ?)",
                (text, schema, codec.pack_answers(answers)),
            )

    def put_quantities(self, text: str, made_by: str, quantities: Sequence[Quantity]) -> None:
        with self.batch():
            self._db.write(
                "INSERT OR REPLACE INTO quantities (text, made_by, packed) VALUES (?, ?, ?)",
                (text, made_by, codec.pack_quantities(quantities)),
            )

    def remove(self, publications: Iterable[int]) -> int:
        """Takes publications out as if never added; returns how many.  Their files count as unread again."""
        ids = sorted(set(publications))
        with self.batch():
            n_removed = putting.remove(self._db, ids)
            self._note("remove", json.dumps(ids))
        return n_removed

    def begin_unit(self, unit: Unit) -> None:
        with self.batch():
            ledger.begin(self._db, unit)

    def finish_unit(self, unit: Unit, n_documents: int) -> None:
        with self.batch():
            ledger.finish(self._db, unit, n_documents)

    def drop_outdated(self, unit: Unit) -> None:
        """The whole file has been read: what only its older bytes said is no longer in the study."""
        with self.batch():
            if gone := putting.drop_outdated(self._db, unit.path, unit.sha256):
                self._note("outdated", json.dumps(gone))

    def forget_not_found(self, paths: Sequence[str | Path], still: Collection[Rejected]) -> None:
        """Of what could not be opened under ``paths``, only ``still`` cannot: the rest is fine now, or gone."""
        with self.batch():
            ledger.forget_not_found(self._db, paths, still)

    def show_answers_of(self, schema: str, *, kind: str = "") -> None:
        """From now on the answers under ``schema`` are the ones shown, though others be newer; one schema a kind."""
        with self.batch():
            name = f"schema {kind}".rstrip()
            self._db.write("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, schema))

    def drop_answers(self, kind: str) -> None:
        """Takes every answer of a kind out: those under schemas that begin with its name, shown or not."""
        with self.batch():
            self._db.write("DELETE FROM answers WHERE substr(schema, 1, ?) = ?", (len(kind) + 1, f"{kind} "))
            self._db.write("DELETE FROM meta WHERE name = ?", (f"schema {kind}",))

    def put_review(self, review: Review) -> bool:
        """Stores what a person said about an answer, twice is once; returns whether it is new."""
        with self.batch():
            return feedback.put(self._db, review)

    def drop_review(self, review: Review) -> None:
        """Takes a review back, as if it had never been said."""
        with self.batch():
            feedback.drop(self._db, review)

    # -- reading ------------------------------------------------------------------------------------------------

    def n_documents_of(self, unit: Unit) -> int | None:
        """How many documents a finished unit gave; None where it must (still) be read."""
        return ledger.n_documents_of(self._db, unit)

    def is_changed(self, unit: Unit) -> bool:
        """Whether the study has documents of this path from other bytes than the file has now."""
        return ledger.is_changed(self._db, unit)

    def patents(self, *, after: int = 0, representatives_only: bool = False) -> Iterator[Patent]:
        """Patents with seq > after, ascending by seq.  One that a writer changes meanwhile may come twice."""
        sql = f"{_PATENT} WHERE seq > ? AND is_representative >= ? ORDER BY seq LIMIT ?"
        while rows := self._db.rows(sql, (after, representatives_only, _PAGE)):
            yield from self._patents(rows)
            after = rows[-1][1]

    def patent(self, id_: int) -> Patent:
        rows = self._db.rows(f"{_PATENT} WHERE id = ?", (id_,))
        if not rows:
            raise InputError("patent-unknown", study=self.study, id=id_)
        return self._patents(rows)[0]

    def publications_of(self, application: int) -> tuple[Patent, ...]:
        """All publications of an application, its representative first."""
        rows = self._db.rows(f"{_PATENT} WHERE application = ? ORDER BY is_representative DESC, id", (application,))
        return tuple(self._patents(rows))

    def families(self, rule: FamilyRule = FamilyRule.shared) -> Families:
        """Every application in its family (families.py), made from the numbers as they are now."""
        filings: dict[int, Filing] = {}
        for application, filed, family_id in self._db.rows(
            "SELECT application, filed, family_id FROM publications ORDER BY application, is_representative DESC, id"
        ):
            filing = filings.setdefault(application, Filing(application))
            filing.publications += 1
            filing.filed, filing.vendor_id = filing.filed or filed, filing.vendor_id or family_id
        for application, office, role, digits, kind in self._db.rows(
            "SELECT DISTINCT p.application, n.office, n.role, n.digits, n.kind FROM publications p"
            " JOIN numbers n ON n.publication = p.id"
        ):
            filings[application].learn(Number(office, Role(role), digits, kind or None))
        return families(filings.values(), rule)

    def text_uses(self) -> list[tuple[str, int, int]]:
        """(current text, publication, application) of every publication."""
        rows = self._db.rows("SELECT text, id, application FROM publications ORDER BY id")
        return [(text, id_, application) for text, id_, application in rows]

    def find(self, written: str) -> tuple[Patent, ...]:
        """Every patent that goes by this number (any spelling, any role), file name stem, or text digest prefix."""
        written = written.strip()
        if not written:
            return ()
        if _FILE_NAME.search(written) and (of_file := self.from_file(written)):
            return of_file
        numbers = candidates(written)
        own = [n for n in numbers if n.role in _OWN_ROLES]
        # The words or the kind may tell the role (출원 10-2013-0094992); a source may have put it under another one
        ids = {id_ for n in own for id_ in self._ids_by_number([n], frozenset({n.role}))}
        ids = ids or self._ids_by_number(own, _OWN_ROLES)
        ids |= self._ids_of_stem(written)
        # A priority or parent number leads to its children only where nothing bears the number itself
        ids = ids or self._ids_by_number(numbers, frozenset(Role))
        if not ids and _DIGEST.fullmatch(written.lower()):
            ids = self._ids(
                "SELECT s.publication FROM text_uses u JOIN sources s ON s.id = u.source WHERE u.text BETWEEN ? AND ?",
                (written.lower(), written.lower() + "g"),
            )
        return self._in_order(ids)

    def from_file(self, name: str) -> tuple[Patent, ...]:
        """Every patent that came from a file (or archive member) of this name, whatever its folder and suffix."""
        return self._in_order(self._ids_of_stem(name))

    def bearing(self, numbers: Iterable[Number], roles: Iterable[Role]) -> tuple[Patent, ...]:
        """Every patent that has one of these numbers in one of the roles; kinds do not count."""
        plain = [Number(n.office, n.role, n.digits) for n in numbers]
        return self._in_order(self._ids_by_number(plain, frozenset(roles)))

    def text(self, digest: str) -> Text:
        found = self._db.row("SELECT words, structure FROM texts WHERE digest = ?", (digest,))
        if found is None:
            raise InputError("text-unknown", study=self.study, digest=digest)
        return codec.unpack_text(*found)

    def answers(self, text: str, *, kind: str = "") -> dict[str, Answer]:
        """Answer of each field of one text: by the schemas shown, else the latest.

        kind: only those under schemas that begin with its name, so that one column costs no unpacking of all.
        """
        name = f"{kind} " if kind else ""
        rows = self._db.rows(
            "SELECT packed FROM answers WHERE text = ? AND substr(schema, 1, ?) = ?"
            " ORDER BY schema IN (SELECT value FROM meta WHERE name = 'schema' OR name LIKE 'schema %'), id",
            (text, len(name), name),
        )
        return {answer.field: answer for (packed,) in rows for answer in codec.unpack_answers(packed)}

    def reviews_of(self, text: str) -> dict[str, Review]:
        """The latest review of each field of one text."""
        return feedback.of_text(self._db, text)

    def reviews(self) -> dict[str, dict[str, Review]]:
        """The latest review of each field, by text."""
        return feedback.every(self._db)

    def answers_of(self, text: str, schema: str) -> tuple[Answer, ...] | None:
        """What one text answers under ``schema``; None where it was not read for it."""
        found = self._db.row("SELECT packed FROM answers WHERE text = ? AND schema = ?", (text, schema))
        return None if found is None else codec.unpack_answers(found[0])

    def unread(self, schema: str, *, representatives_only: bool = True) -> Iterator[str]:
        """Digests of current texts that have no answers under ``schema``, each once."""
        sql = (
            "SELECT p.id, p.text FROM publications p WHERE p.id > ? AND p.is_representative >= ?"
            " AND NOT EXISTS (SELECT 1 FROM publications q WHERE q.text = p.text AND q.id < p.id"
            " AND q.is_representative >= ?)"
            " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.text = p.text AND a.schema = ?) ORDER BY p.id LIMIT ?"
        )
        after = 0
        while rows := self._db.rows(sql, (after, representatives_only, representatives_only, schema, _PAGE)):
            yield from (text for _, text in rows)
            after = rows[-1][0]

    def quantities(self, text: str, made_by: str) -> tuple[Quantity, ...] | None:
        """The quantities of a text; None where they have not been read by ``made_by``."""
        found = self._db.row("SELECT packed FROM quantities WHERE text = ? AND made_by = ?", (text, made_by))
        return None if found is None else codec.unpack_quantities(found[0])

    def rejected(self) -> Iterator[Rejected]:
        after = 0
        sql = (
            "SELECT id, path, sha256, member, item, format, code, detail, stage FROM rejected"
            " WHERE id > ? ORDER BY id LIMIT ?"
        )
        while rows := self._db.rows(sql, (after, _PAGE)):
            for _, path, sha256, member, item, format_, code, detail, stage in rows:
                values = tuple((name, value) for name, value in json.loads(detail))
                yield Rejected(Source(path, sha256, member, item, format_), code, values, stage)
            after = rows[-1][0]

    def last_seq(self) -> int:
        """The sequence number of the latest change."""
        return putting.last_seq(self._db)

    def removed(self, *, after: int = 0) -> Iterator[Removed]:
        """Publications taken out since ``after``, ascending by seq."""
        sql = "SELECT seq, publication FROM removed WHERE seq > ? ORDER BY seq LIMIT ?"
        while rows := self._db.rows(sql, (after, _PAGE)):
            yield from (Removed(seq, publication) for seq, publication in rows)
            after = rows[-1][0]

    def counts(self) -> Counts:
        row = self._db.rows(
            "SELECT (SELECT count(*) FROM applications), (SELECT count(*) FROM publications),"
            " (SELECT count(*) FROM sources), (SELECT count(*) FROM texts), (SELECT count(*) FROM rejected)"
        )[0]
        return Counts(*row)

    def check(self) -> Checked:
        """Verifies the database file, every text, every quote, and what must hold between the tables."""
        return check(self._db)

    # -- inside -------------------------------------------------------------------------------------------------

    def _patents(self, rows: Sequence[Row]) -> list[Patent]:
        sources = self._sources([row[0] for row in rows])
        return [_patent(row, sources.get(row[0], ())) for row in rows]

    def _sources(self, publications: Sequence[int]) -> dict[int, tuple[Source, ...]]:
        found: dict[int, tuple[Source, ...]] = {}
        for publication, *source in self._db.rows(
            "SELECT publication, path, sha256, member, item, format FROM sources"
            " WHERE publication IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(publications),),
        ):
            found[publication] = (*found.get(publication, ()), Source(*source))
        return found

    def _ids(self, sql: str, values: Sequence[Any]) -> set[int]:
        return {id_ for (id_,) in self._db.rows(sql, values)}

    def _ids_of_stem(self, name: str) -> set[int]:
        stem = putting.storable(putting.stem_of(name))
        return self._ids("SELECT publication FROM sources WHERE stem = ?", (stem,))

    def _in_order(self, ids: Iterable[int]) -> tuple[Patent, ...]:
        found = [self.patent(id_) for id_ in sorted(ids)]
        return tuple(sorted(found, key=lambda p: not p.is_representative))

    def _ids_by_number(self, numbers: Iterable[Number], roles: frozenset[Role]) -> set[int]:
        return {
            id_
            for n in numbers
            for id_ in self._ids(
                "SELECT publication FROM numbers WHERE digits = ? AND office = ? AND (? IN ('', kind) OR kind = '')"
                " AND role IN (SELECT value FROM json_each(?))",
                (n.digits, n.office, n.kind or "", json.dumps(sorted(roles))),
            )
        }

    def _note(self, action: str, detail: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._db.write("INSERT INTO audit (at, action, detail) VALUES (?, ?, ?)", (at, action, detail))


def _patent(row: Row, sources: tuple[Source, ...]) -> Patent:
    id_, seq, application, _, is_representative, view = row
    record = codec.unpack_record(view)
    return Patent(
        id=id_,
        seq=seq,
        application=application,
        number=record.number,
        numbers=record.numbers,
        category=record.category,
        biblio=record.biblio,
        text=record.text.digest,
        lang=record.text.lang,
        read_from=record.text.read_from,
        n_claims=record.text.n_claims,
        n_independent=record.text.n_independent,
        sources=sources,
        defects=record.defects,
        is_representative=bool(is_representative),
    )
