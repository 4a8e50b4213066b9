"""Which units of work have been read to their end, so that adding again carries on where it stopped.

In: units (files, archive members, ranges of long files).  Out: whether one is finished, and how many documents it
gave.  A unit is known by the path and the bytes of its file, and counts as finished only by the same version of the
program: a better parser reads it again.  A file that was moved, or is named in another way, is the same file; a copy
beside it is read, and is one more source.  Documents put twice are once, so reading too much is harmless; skipping
bytes that were never read does not happen.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from dokhae.library.database import Database
from dokhae.library.putting import storable
from dokhae.parse.files.units import Unit
from dokhae.types import Rejected
from dokhae.version import VERSION

# What befalls a unit as a whole and may go better next time
FAILURES = {"time-limit": "time-limit", "worker-died": "worker-died", "raised": "parser-failed"}


def n_documents_of(db: Database, unit: Unit) -> int | None:
    """How many documents a finished unit gave; None where it is not finished."""
    path, *place = _key(unit)
    sql = "SELECT path, n_documents FROM files WHERE sha256 = ? AND place = ? AND start = ? AND made_by = ?"
    finished: dict[str, int] = dict(db.rows(sql, (*place, VERSION)))
    if path in finished:
        return finished[path]
    if not finished or db.row("SELECT 1 FROM files WHERE path = ? AND sha256 <> ?", (path, unit.sha256)):
        return None
    return next((n for other, n in finished.items() if _is_same_file(other, unit.path)), None)


def begin(db: Database, unit: Unit) -> None:
    """From now on the unit is unfinished; what was rejected of other bytes, or by another version, is forgotten."""
    db.write("DELETE FROM files WHERE path = ? AND sha256 = ? AND place = ? AND start = ?", _key(unit))
    db.write(
        "DELETE FROM rejected WHERE path = ? AND (sha256 <> ? OR made_by <> ?"
        " OR (member = ? AND item = ? AND code IN (?, ?, ?)))",
        (storable(unit.path), unit.sha256, VERSION, storable(unit.member), unit.first_item, *FAILURES.values()),
    )


def finish(db: Database, unit: Unit, n_documents: int) -> None:
    db.write(
        "INSERT OR REPLACE INTO files (path, sha256, place, start, made_by, n_documents) VALUES (?, ?, ?, ?, ?, ?)",
        (*_key(unit), VERSION, n_documents),
    )


def is_changed(db: Database, unit: Unit) -> bool:
    """Whether the study has documents of this path from other bytes than the file has now."""
    sql = "SELECT 1 FROM sources WHERE path = ? AND sha256 <> ?"
    return db.row(sql, (storable(unit.path), unit.sha256)) is not None


def forget_not_found(db: Database, paths: Sequence[str | Path], still: Collection[Rejected]) -> None:
    """Of what could not be opened under ``paths``, only ``still`` cannot: the rest is fine now, or gone."""
    kept = {(storable(r.source.path), storable(r.source.member), r.code) for r in still}
    roots = [Path(storable(str(path))) for path in paths]
    for id_, *fault in db.rows("SELECT id, path, member, code FROM rejected WHERE stage = 'find'"):
        if tuple(fault) not in kept and any(Path(fault[0]).is_relative_to(root) for root in roots):
            db.write("DELETE FROM rejected WHERE id = ?", (id_,))


def _is_same_file(known: str, path: str) -> bool:
    """Of two paths with the same bytes: one file under two names, or one that has moved from the first."""
    try:
        return os.path.samefile(known, path)
    except OSError:
        # a name that is no UTF-8 is kept in escapes: no file bears it, and whether one has moved cannot be told
        return not Path(known).exists() and "\\udc" not in known


def _key(unit: Unit) -> tuple[str, str, int, int]:
    return storable(unit.path), unit.sha256, unit.place, unit.start
