"""Sketches of texts in a file of their own: derived data, caught up by text digest, thrown away when in doubt.

In: digests and sketches (likeness.py).  Out: the sketches of the current texts.  ``derived/sketches.db`` may be deleted
at any time (derived.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from dokhae.library import derived, likeness

_TABLES = """
CREATE TABLE IF NOT EXISTS sketches (digest TEXT PRIMARY KEY, sketch BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS found (seq INTEGER PRIMARY KEY, near_duplicates INTEGER NOT NULL);
"""


class Sketches:
    """Open it, catch it up, close it."""

    def __init__(self, path: Path) -> None:
        self._db = derived.opened(path, _TABLES, int(likeness.VERSION))

    def close(self) -> None:
        self._db.close()

    def missing(self, digests: Collection[str]) -> set[str]:
        """Those that have no sketch yet."""
        return set(digests) - self._digests()

    def put(self, sketches: Iterable[tuple[str, bytes]]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?)", sketches)

    def keep_only(self, digests: Collection[str]) -> None:
        """Drops the sketches of texts that are no longer current."""
        with self._db:
            gone = [(digest,) for digest in self._digests() - set(digests)]
            self._db.executemany("DELETE FROM sketches WHERE digest = ?", gone)

    def all(self) -> dict[str, Sequence[int]]:
        """The sketch of every text long enough to compare."""
        rows = self._db.execute("SELECT digest, sketch FROM sketches WHERE sketch <> x'' ORDER BY digest")
        return {digest: likeness.numbers_of(sketch) for digest, sketch in rows}

    def note_found(self, seq: int, near_duplicates: int) -> None:
        """How many near-duplicates without a reason the study had at that sequence."""
        with self._db:
            self._db.execute("DELETE FROM found")
            self._db.execute("INSERT INTO found VALUES (?, ?)", (seq, near_duplicates))

    def found_at(self, seq: int) -> int | None:
        """The count noted for that sequence; None where the study has changed since, or nobody looked."""
        row = self._db.execute("SELECT near_duplicates FROM found WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else int(row[0])

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file, and sketches of a wrong length."""
        broken = [str(row[0]) for row in self._db.execute("PRAGMA quick_check(5)") if row != ("ok",)]
        sql = "SELECT count(*) FROM sketches WHERE length(sketch) NOT IN (0, ?)"
        (n_odd,) = self._db.execute(sql, (4 * likeness.BINS,)).fetchone()
        return broken + ([f"{n_odd} sketches of a wrong length"] if n_odd else [])

    def _digests(self) -> set[str]:
        return {digest for (digest,) in self._db.execute("SELECT digest FROM sketches")}
