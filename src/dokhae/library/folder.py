"""The study folder: what lies where, how one is made, opened and closed.

In: a path.  Out: a ``SqliteStore`` for one writer or for any number of readers.  Never makes a study of a folder that
holds other things.

    study.toml   settings      library.db   the one source of truth      study.lock   who writes
    applicants.toml   representative names, the user's      learned.toml   weights learned from reviews
    columns.toml   questions asked of every patent      runs.jsonl   a card of every run that ended
    lexical/ dense/ derived/   derived       report/   what the last run wrote
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dokhae.errors import StudyError
from dokhae.library.database import Database
from dokhae.library.lock import WriterLock
from dokhae.library.sqlite_store import SqliteStore


@dataclass(frozen=True)
class StudyFolder:
    """Names the places of a study."""

    path: Path

    @property
    def settings(self) -> Path:
        return self.path / "study.toml"

    @property
    def applicants(self) -> Path:
        return self.path / "applicants.toml"

    @property
    def learned(self) -> Path:
        return self.path / "learned.toml"

    @property
    def columns(self) -> Path:
        return self.path / "columns.toml"

    @property
    def runs(self) -> Path:
        return self.path / "runs.jsonl"

    @property
    def database(self) -> Path:
        return self.path / "library.db"

    @property
    def lock(self) -> Path:
        return self.path / "study.lock"

    @property
    def lexical(self) -> Path:
        return self.path / "lexical"

    @property
    def dense(self) -> Path:
        return self.path / "dense"

    @property
    def sketches(self) -> Path:
        return self.path / "derived" / "sketches.db"

    @property
    def cuts(self) -> Path:
        return self.path / "derived" / "cuts.db"

    @property
    def rates(self) -> Path:
        return self.path / "derived" / "rates.toml"

    @property
    def report(self) -> Path:
        return self.path / "report"

    @property
    def exists(self) -> bool:
        return self.database.is_file()


def open_to_read(path: Path) -> SqliteStore:
    """A store that can only read, beside any writer.  Raises StudyError ``study-not-found``, ``study-newer`` ..."""
    folder = StudyFolder(path)
    if not folder.exists:
        raise StudyError("study-not-found", study=path)
    return SqliteStore(Database.for_reading(path, folder.database))


def open_to_write(path: Path, *, create: bool = False) -> SqliteStore:
    """The store of the one writer.  Raises StudyBusy while another process writes.

    create: make the study where there is none; a folder with other things in it is refused (``study-folder-taken``).
    """
    folder = StudyFolder(path)
    if not folder.exists:
        if not create:
            raise StudyError("study-not-found", study=path)
        _make_room(folder)
    lock = WriterLock(folder.lock)
    try:
        return SqliteStore(Database.for_writing(path, folder.database), lock)
    except BaseException:
        lock.release()
        raise


def _make_room(folder: StudyFolder) -> None:
    ours = {folder.settings.name, folder.lock.name, folder.applicants.name}
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        others = sorted(entry.name for entry in folder.path.iterdir() if entry.name not in ours)
    except OSError as error:
        raise StudyError("study-not-writable", study=folder.path, detail=error.strerror or error) from error
    if others:
        raise StudyError("study-folder-taken", study=folder.path, found=others[0])
