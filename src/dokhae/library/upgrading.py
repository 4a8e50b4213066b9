"""``upgrade``: a study of an older format becomes one of this version's, with a copy of the old database beside it.

In: a study folder.  Out: ``Upgraded``: from which format to which, and the backup that was made.  The backup is whole
before anything changes (written aside, then renamed), and the steps run in one transaction: a study is never left
between two formats, and an upgrade that was stopped begins anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dokhae.errors import StudyError
from dokhae.library import putting, schema
from dokhae.library.database import Database
from dokhae.library.folder import StudyFolder
from dokhae.library.lock import WriterLock


@dataclass(frozen=True, slots=True)
class Upgraded:
    """found, known: study formats before and after; equal where there was nothing to do.  backup: of the old database.

    publications: how many there are.
    """

    found: int
    known: int
    publications: int
    backup: Path | None = None

    @property
    def is_current(self) -> bool:
        return self.found == self.known


def _to_2(db: Database) -> None:
    """Views hold every status supplied; what families are made of stands in columns."""
    db.write("ALTER TABLE publications ADD COLUMN filed TEXT NOT NULL DEFAULT ''")
    db.write("ALTER TABLE publications ADD COLUMN family_id TEXT NOT NULL DEFAULT ''")
    putting.settle_all(db)


# format -> what takes a database of that format to the next one.  Format 1 is the first there is.
STEPS: dict[int, Callable[[Database], None]] = {1: _to_2}


def upgrade(path: Path, *, dry_run: bool = False) -> Upgraded:
    """Raises StudyError ``study-not-found``, ``study-newer``, and StudyBusy while another process writes.

    dry_run: only says what would be done; the backup named is the one that would be made.
    """
    folder = StudyFolder(path)
    if not folder.exists:
        raise StudyError("study-not-found", study=path)
    lock = WriterLock(folder.lock)
    try:
        db = Database.for_writing(path, folder.database, accept_older=True)
        try:
            return _upgraded(db, folder, dry_run=dry_run)
        finally:
            db.close()
    finally:
        lock.release()


def _upgraded(db: Database, folder: StudyFolder, *, dry_run: bool) -> Upgraded:
    found, (n_publications,) = db.format, db.rows("SELECT count(*) FROM publications")[0]
    if found == schema.FORMAT:
        return Upgraded(found, found, n_publications)
    backup = folder.database.with_name(f"library.format-{found}.db")
    if not dry_run:
        _back_up(db, backup)
        with db.transaction():
            for version in range(found, schema.FORMAT):
                STEPS[version](db)
            db.write(f"PRAGMA user_version = {schema.FORMAT}")
    return Upgraded(found, schema.FORMAT, n_publications, backup)


def _back_up(db: Database, backup: Path) -> None:
    unfinished = backup.with_name(f"{backup.name}.part")
    unfinished.unlink(missing_ok=True)
    db.copy_to(unfinished)
    os.replace(unfinished, backup)
