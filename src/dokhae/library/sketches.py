"""Sketches of texts in a file of their own: derived data, caught up by text digest, thrown away when in doubt.

In: digests and sketches (likeness.py).  Out: the sketches of the current texts.  ``derived/sketches.db`` may be deleted
at any time; one of another version, or a damaged one, is begun anew.  Where the folder cannot be written (read-only
media) the sketches live in memory as long as the study is open.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from dokhae.library import likeness

_TABLES = """
CREATE TABLE IF NOT EXISTS sketches (digest TEXT PRIMARY KEY, sketch BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS found (seq INTEGER PRIMARY KEY, near_duplicates INTEGER NOT NULL);
"""


class Sketches:
    """Open it, catch it up, close it."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(exist_ok=True)
            self._db = _opened(path)
        except (OSError, sqlite3.Error):
            self._db = _opened(Path(":memory:"))

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


def _opened(path: Path) -> sqlite3.Connection:
    """The file, begun anew where it is damaged or of another version."""
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # cannot be opened or written, or is in use
            raise
        path.unlink()
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version != int(likeness.VERSION):
            with db:
                db.executescript(
                    f"DROP TABLE IF EXISTS sketches; DROP TABLE IF EXISTS found; {_TABLES}"
                    f"PRAGMA user_version = {int(likeness.VERSION)};"
                )
        db.execute("SELECT count(*) FROM found").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db
