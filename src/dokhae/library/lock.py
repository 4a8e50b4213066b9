"""One writer at a time: an operating-system lock on a file of the study, released by the system if its holder dies.

In: the path of the lock file.  Out: a held lock, or StudyBusy with the process and host that holds it.  The file
itself stays: only the lock on it counts.  fcntl (POSIX) and msvcrt (Windows) meet here and nowhere else.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import BinaryIO

from dokhae.errors import StudyBusy, StudyError

# Windows forbids others to read locked bytes: the lock lies far behind the words about its holder
_LOCKED_BYTE = 1 << 30

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _free(file: BinaryIO) -> None:
        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

    _TAKEN_ERRORS: tuple[type[OSError], ...] = (PermissionError,)
else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        # flock, not lockf: it also keeps two openings of one process apart
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _free(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)

    _TAKEN_ERRORS = (BlockingIOError,)


class WriterLock:
    """Held from construction to ``release``.  Raises StudyBusy, or StudyError where the folder cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise StudyError("study-not-writable", study=path.parent, detail=error.strerror or error) from error
        try:
            _take(self._file)
        except _TAKEN_ERRORS:
            self._file.close()
            raise StudyBusy("study-busy", study=path.parent, **_holder(path)) from None
        except OSError as error:
            self._file.close()
            raise StudyError("study-not-lockable", study=path.parent, detail=error.strerror or error) from error
        self._sign()

    def release(self) -> None:
        if self._file.closed:
            return
        self._file.truncate(0)
        _free(self._file)
        self._file.close()

    def _sign(self) -> None:
        about = {"pid": os.getpid(), "host": socket.gethostname()}
        self._file.seek(0)
        self._file.truncate(0)
        self._file.write(json.dumps(about).encode("utf8"))
        self._file.flush()


def _holder(path: Path) -> dict[str, str]:
    """pid and host of the holder; "?" where it has not written them yet."""
    try:
        about = json.loads(path.read_bytes())
        return {"pid": str(about["pid"]), "host": str(about["host"])}
    except (OSError, ValueError, KeyError):
        return {"pid": "?", "host": "?"}
