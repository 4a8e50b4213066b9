"""One connection to library.db: transactions that hold or leave no trace, and errors a person can act on.

In: a path, SQL.  Out: rows; StudyError for what sqlite3 raises.  Every read is one statement fetched whole (page by
page, above), so no reader keeps a transaction open.  Writing needs the WriterLock, which the store holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dokhae.errors import StudyError
from dokhae.library import schema

_BUSY_S = 15.0
_CACHE_KIB = 64 * 1024

Row = tuple[Any, ...]


class Database:
    """``study`` is the folder, for messages.  Use ``for_reading`` or ``for_writing``."""

    def __init__(self, study: Path, connection: sqlite3.Connection) -> None:
        self.study = study
        self._connection = connection
        self._depth = 0

    @classmethod
    def for_writing(cls, study: Path, path: Path, *, accept_older: bool = False) -> Database:
        """Opens or creates the database.  Durable after every commit (synchronous=FULL).

        accept_older: also one of an older format, to upgrade it.
        """
        with _explained(study):
            db = cls(study, _connect(path, "mode=rwc"))
            try:
                db._prepare_writing(path, accept_older=accept_older)
            except BaseException:
                db._connection.close()
                raise
        return db

    @classmethod
    def for_reading(cls, study: Path, path: Path) -> Database:
        """Opens an existing database; on read-only media as an unchanging file."""
        with _explained(study):
            connection = _connect(path, "mode=ro")
            if not _can_read(connection):
                # A WAL database needs a shared-memory file beside it, which a read-only folder cannot have
                connection.close()
                if _has_unsaved_pages(path):
                    raise StudyError("study-not-closed", study=study)
                connection = _connect(path, "mode=ro&immutable=1")
            db = cls(study, connection)
            try:
                db._check_format()
                connection.execute("PRAGMA query_only = ON")
            except BaseException:
                connection.close()
                raise
        return db

    @property
    def format(self) -> int:
        """The study format of this database."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with _explained(self.study):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        with _explained(self.study):
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Runs one statement inside a transaction; returns the id of the row it inserted."""
        with _explained(self.study):
            return self._connection.execute(sql, values).lastrowid or 0

    def write_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with _explained(self.study):
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing.  Inside another one it joins it: the outermost commits."""
        if self._depth:
            yield
            return
        with _explained(self.study):
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def copy_to(self, path: Path) -> None:
        """A consistent copy of the whole database."""
        with _explained(self.study):
            copy = sqlite3.connect(path)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()

    def close(self) -> None:
        """A closed study is one plain file: everything checkpointed, no WAL, unless a reader still has it open."""
        with suppress(sqlite3.Error):
            if not self.row("PRAGMA query_only")[0]:  # type: ignore[index]
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def _prepare_writing(self, path: Path, *, accept_older: bool) -> None:
        connection = self._connection
        # Also new: a file whose maker was stopped before its tables were committed
        is_new = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if is_new:
            connection.execute("PRAGMA page_size = 8192")
        else:
            self._check_format(accept_older=accept_older)
        _set_journal(connection, path)
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if is_new:
            marks = f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {schema.FORMAT};"
            connection.executescript(f"BEGIN; {schema.TABLES} {marks} COMMIT;")

    def _check_format(self, *, accept_older: bool = False) -> None:
        (ours,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if ours != schema.APPLICATION_ID:
            raise StudyError("study-not-found", study=self.study)
        if version > schema.FORMAT:
            raise StudyError("study-newer", study=self.study, found=version, known=schema.FORMAT)
        if version < schema.FORMAT and not accept_older:
            raise StudyError("study-older", study=self.study, found=version, known=schema.FORMAT)


def _connect(path: Path, options: str) -> sqlite3.Connection:
    # Threads (of a server) share a connection; SQLite is built serialized and each read is fetched in one call
    return sqlite3.connect(
        _uri(path, options), uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )


def _can_read(connection: sqlite3.Connection) -> bool:
    """Whether the database can be opened as it is; other faults than access are raised."""
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if _primary_code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            connection.close()
            raise
        return False
    return True


def _uri(path: Path, options: str) -> str:
    """A file URI as SQLite reads it; drive letters and \\\\server\\share included (Path.as_uri gives an authority)."""
    posix = path.resolve().as_posix()
    return f"file://{'' if posix.startswith('/') else '/'}{quote(posix)}?{options}"


def _set_journal(connection: sqlite3.Connection, path: Path) -> None:
    """Write-ahead log where readers and the writer share memory; a rollback journal on network drives and odd disks."""
    is_network = path.resolve().as_posix().startswith("//")
    with suppress(sqlite3.OperationalError):
        if not is_network:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            if mode == "wal":
                return
    connection.execute("PRAGMA journal_mode = DELETE")


def _has_unsaved_pages(path: Path) -> bool:
    logs = [path.with_name(path.name + suffix) for suffix in ("-wal", "-journal")]
    return any(log.exists() and log.stat().st_size > 0 for log in logs)


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_CODES = {
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_BUSY: "study-in-use",
    sqlite3.SQLITE_LOCKED: "study-in-use",
    sqlite3.SQLITE_READONLY: "study-not-writable",
    sqlite3.SQLITE_CANTOPEN: "study-not-writable",
}


@contextmanager
def _explained(study: Path) -> Iterator[None]:
    """sqlite3 errors about the file become StudyErrors; those about our own SQL stay what they are: bugs."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise
    except sqlite3.DatabaseError as error:
        primary = _primary_code(error)
        if primary == sqlite3.SQLITE_ERROR:
            raise
        if primary == sqlite3.SQLITE_NOTADB:
            raise StudyError("study-not-found", study=study) from error
        raise StudyError(_CODES.get(primary, "study-damaged"), study=study, detail=error) from error
