"""``upgrade``: a study of an older format becomes one of this version's, with a copy of the old database beside it.

In: a study folder.  Out: the backup that was made, or None where there was nothing to do.  The steps run in one
transaction: a study is never left between two formats.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dokhae.errors import StudyError
from dokhae.library import putting, schema
from dokhae.library.database import Database
from dokhae.library.folder import StudyFolder
from dokhae.library.lock import WriterLock


def _to_2(db: Database) -> None:
    """Views hold every status supplied; what families are made of stands in columns."""
    db.write("ALTER TABLE publications ADD COLUMN filed TEXT NOT NULL DEFAULT ''")
    db.write("ALTER TABLE publications ADD COLUMN family_id TEXT NOT NULL DEFAULT ''")
    putting.settle_all(db)


# format -> what takes a database of that format to the next one.  Format 1 is the first there is.
STEPS: dict[int, Callable[[Database], None]] = {1: _to_2}


def upgrade(path: Path) -> Path | None:
    """Raises StudyError ``study-not-found``, ``study-newer``, and StudyBusy while another process writes."""
    folder = StudyFolder(path)
    if not folder.exists:
        raise StudyError("study-not-found", study=path)
    lock = WriterLock(folder.lock)
    try:
        db = Database.for_writing(path, folder.database, accept_older=True)
        try:
            return _upgraded(db, folder)
        finally:
            db.close()
    finally:
        lock.release()


def _upgraded(db: Database, folder: StudyFolder) -> Path | None:
    found = db.format
    if found == schema.FORMAT:
        return None
    backup = folder.database.with_name(f"library.format-{found}.db")
    db.copy_to(backup)
    with db.transaction():
        for version in range(found, schema.FORMAT):
            STEPS[version](db)
        db.write(f"PRAGMA user_version = {schema.FORMAT}")
    return backup
