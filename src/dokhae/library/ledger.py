"""Which units of work have been read to their end, so that adding again carries on where it stopped.

In: units (files, archive members, ranges of long files).  Out: whether one is finished, and how many documents it
gave.  A unit is known by the bytes of its file, wherever it lies now, and counts as finished only by the same version
of the program: a better parser reads it again.  Documents put twice are once, so reading too much is harmless;
skipping bytes that were never read does not happen.
"""

from __future__ import annotations

from dokhae.library.database import Database
from dokhae.library.putting import storable
from dokhae.parse.units import Unit
from dokhae.version import VERSION

# What befalls a unit as a whole and may go better next time
FAILURES = {"time-limit": "time-limit", "worker-died": "worker-died", "raised": "parser-failed"}


def n_documents_of(db: Database, unit: Unit) -> int | None:
    """How many documents a finished unit gave; None where it is not finished."""
    found = db.row(
        "SELECT n_documents FROM files WHERE sha256 = ? AND place = ? AND start = ? AND made_by = ?",
        (*_key(unit), VERSION),
    )
    return None if found is None else int(found[0])


def begin(db: Database, unit: Unit) -> None:
    """From now on the unit is unfinished; what was rejected of other bytes, or by another version, is forgotten."""
    db.write("DELETE FROM files WHERE sha256 = ? AND place = ? AND start = ?", _key(unit))
    db.write(
        "DELETE FROM rejected WHERE path = ? AND (sha256 <> ? OR made_by <> ?"
        " OR (member = ? AND item = ? AND code IN (?, ?, ?)))",
        (storable(unit.path), unit.sha256, VERSION, storable(unit.member), unit.first_item, *FAILURES.values()),
    )


def finish(db: Database, unit: Unit, n_documents: int) -> None:
    db.write(
        "INSERT OR REPLACE INTO files (sha256, place, start, made_by, n_documents) VALUES (?, ?, ?, ?, ?)",
        (*_key(unit), VERSION, n_documents),
    )


def _key(unit: Unit) -> tuple[str, int, int]:
    return unit.sha256, unit.place, unit.start
