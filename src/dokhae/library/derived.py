"""A file of derived data: an SQLite database that may be deleted at any time and is begun anew when in doubt.

In: a path, the tables, their version.  Out: a connection.  One of another version, or a damaged one, is begun anew;
where the folder cannot be written (read-only media) the data live in memory as long as they are open.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path


def opened(path: Path, tables: str, version: int) -> sqlite3.Connection:
    """tables: statements that make them where they are not there; each begins with CREATE TABLE IF NOT EXISTS."""
    try:
        path.parent.mkdir(exist_ok=True)
        return _begun_anew_if_damaged(path, tables, version)
    except (OSError, sqlite3.Error):
        return _prepared(Path(":memory:"), tables, version)


def _begun_anew_if_damaged(path: Path, tables: str, version: int) -> sqlite3.Connection:
    try:
        return _prepared(path, tables, version)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):  # cannot be opened or written, or is in use
            raise
        path.unlink()
        return _prepared(path, tables, version)


def _prepared(path: Path, tables: str, version: int) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        (found,) = db.execute("PRAGMA user_version").fetchone()
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if found != version:
            with db:
                dropped = "".join(f'DROP TABLE "{name}";' for name in names)
                db.executescript(f"{dropped}{tables}PRAGMA user_version = {version};")
        for name in names:
            db.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - names of the file's own tables
    except sqlite3.Error:
        db.close()
        raise
    return db
