"""Files: a report is written aside and put in place whole, also on Windows, also when Excel has the old one open.

In: finished files.  Out: the same files where they belong.  Never leaves a half-written file under its final name, and
never touches a file of the user: what may be replaced or removed is what the mark ``data/files.json`` of the last
report lists.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from dokhae.errors import InputError

_MARK = "data/files.json"
_MADE_BY = "dokhae report"


@contextmanager
def scratch_folder(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` (same disk), gone afterwards.  Raises InputError where it cannot be written."""
    place = Path(os.path.abspath(target))  # "." has neither name nor parent
    scratch = place.parent / f".{place.name}.new"
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        yield scratch
    except OSError as error:
        raise InputError("report-folder-unwritable", path=target, problem=error.strerror or error) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def files_of_last_report(folder: Path) -> frozenset[str]:
    """The files the last report left in ``folder``, as its mark lists them; none where there is no folder yet.

    Raises InputError ``report-folder-taken`` for a folder that holds things and no mark: it is not ours to write in.
    """
    found = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    if not found:
        return frozenset()
    listed = _listed(folder / _MARK)
    if listed is None:
        raise InputError("report-folder-taken", path=folder, found=found[0])
    return listed


def put_in_place(scratch: Path, folder: Path, made: Sequence[Path]) -> tuple[Path, ...]:
    """Moves ``made`` from ``scratch`` to the same places in ``folder``, in order; returns where they are now."""
    placed = []
    for path in made:
        target = folder / path.relative_to(scratch)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(path, target)
        except PermissionError as error:
            raise InputError("report-file-open", path=target) from error
        placed.append(target)
    return tuple(placed)


def put_report_in_place(
    scratch: Path, folder: Path, made: Sequence[Path], earlier: Collection[str]
) -> tuple[Path, ...]:
    """``put_in_place``, and the files ``earlier`` left that are not made again go.

    The mark comes first and lists both: stopped half-way, the folder is still known as ours, every file in it too.
    """
    own = {path.relative_to(scratch).as_posix() for path in made}
    _put_mark(scratch, folder, own | set(earlier))
    placed = put_in_place(scratch, folder, made)
    for name in set(earlier) - own:
        (folder / name).unlink(missing_ok=True)
    return (_put_mark(scratch, folder, own), *placed)


def _put_mark(scratch: Path, folder: Path, names: Collection[str]) -> Path:
    mark = scratch / _MARK
    content = {"made_by": _MADE_BY, "files": sorted(names)}
    mark.write_text(json.dumps(content, ensure_ascii=False, indent=0), encoding="utf8")
    return put_in_place(scratch, folder, [mark])[0]


def _listed(mark: Path) -> frozenset[str] | None:
    """The names a mark lists, only those inside its report; None for what is no mark of ours."""
    try:
        content: Any = json.loads(mark.read_text(encoding="utf8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("made_by") != _MADE_BY:
        return None
    return frozenset(name for name in content.get("files", ()) if isinstance(name, str) and _is_inside(name))


def _is_inside(name: str) -> bool:
    # a backslash or a colon could lead out of the folder on Windows; no report has them in a name
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not set("\\:") & set(name)
