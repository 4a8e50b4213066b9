"""Texts cut for questions (reading/cutting.py), kept by text digest in a file of their own: ``derived/cuts.db``.

In: digests, the key of what cut them, packed cuts.  Out: the same bytes.  Derived data: cuts of another key are thrown
away by ``keep_only``; nothing is lost with the file.  About as large as the texts themselves, compressed.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

import zstandard

from dokhae.library import derived

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS cuts (digest TEXT PRIMARY KEY, key TEXT NOT NULL, checked INTEGER NOT NULL,
                                 packed BLOB NOT NULL) WITHOUT ROWID;
"""
_LEVEL = 3


class Cuts:
    """Open it, use it, close it.  key: what a cut must have been made by (``cutting.key_of``)."""

    def __init__(self, path: Path, key: str) -> None:
        self._db = derived.opened(path, _TABLES, _VERSION)
        self._key = key

    def close(self) -> None:
        self._db.close()

    def get(self, digest: str) -> bytes | None:
        """The cut of a text, None where there is none of this key or it is damaged."""
        sql = "SELECT packed, checked FROM cuts WHERE digest = ? AND key = ?"
        row = self._db.execute(sql, (digest, self._key)).fetchone()
        return None if row is None or zlib.crc32(row[0]) != row[1] else zstandard.decompress(row[0])

    def put(self, cuts: Iterable[tuple[str, bytes]]) -> None:
        """Nothing is said where the disk is full or the file busy: a cut is made anew when it is not there."""
        rows = [(digest, self._key, zlib.crc32(kept), kept) for digest, kept in _squeezed(cuts)]
        with suppress(sqlite3.OperationalError), self._db:
            self._db.executemany("INSERT OR REPLACE INTO cuts VALUES (?, ?, ?, ?)", rows)

    def keep_only(self, digests: Collection[str]) -> None:
        """Drops the cuts of texts that are no longer current, and those of another key, if the disk lets it."""
        kept = set(digests)
        with suppress(sqlite3.OperationalError), self._db:
            self._db.execute("DELETE FROM cuts WHERE key <> ?", (self._key,))
            gone = [(digest,) for (digest,) in self._db.execute("SELECT digest FROM cuts") if digest not in kept]
            self._db.executemany("DELETE FROM cuts WHERE digest = ?", gone)


def _squeezed(cuts: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, bytes]]:
    squeeze = zstandard.ZstdCompressor(_LEVEL).compress
    return ((digest, squeeze(packed)) for digest, packed in cuts)
