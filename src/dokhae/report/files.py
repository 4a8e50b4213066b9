"""Files: a report is written aside and put in place whole, also on Windows, also when Excel has the old one open.

In: finished files.  Out: the same files where they belong.  Never leaves a half-written file under its final name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dokhae.errors import InputError


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` (same disk), gone afterwards.  Raises InputError where it cannot be written."""
    scratch = target.parent / f".{target.name}.new"
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        yield scratch
    except OSError as error:
        raise InputError("report-folder-unwritable", path=target, problem=error.strerror or error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def put_in_place(scratch: Path, folder: Path, made: Sequence[Path], *, keep_others: bool = False) -> tuple[Path, ...]:
    """Moves ``made`` from ``scratch`` to the same places in ``folder``, in order; returns where they are now.

    Data files of an earlier report that this one did not write are removed, unless ``keep_others``.
    """
    placed = []
    for path in made:
        target = folder / path.relative_to(scratch)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(path, target)
        except PermissionError as error:
            raise InputError("report-file-open", path=target) from error
        placed.append(target)
    if not keep_others:
        _remove_left_over(folder, set(placed))
    return tuple(placed)


def _remove_left_over(folder: Path, placed: set[Path]) -> None:
    for pattern in ("data/rows-*.js", "data/text-*.js", "patents/*.html"):
        for path in folder.glob(pattern):
            if path not in placed:
                path.unlink(missing_ok=True)
