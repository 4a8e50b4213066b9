"""Paths as the operating system takes them: every file of this room is opened here.

In: a path as the user or a folder names it.  Out: the path to hand to the system, and streams of regular files.
Windows refuses paths of 260 characters and more, and names that mean a device ("CON", "aux.txt") or end in a dot or a
blank, unless the path begins with ``\\\\?\\``; then it is taken letter by letter, so it must be absolute and tidy.
Source: Microsoft, "Naming Files, Paths, and Namespaces" (Win32), sections on maximum path length and namespaces.
"""

from __future__ import annotations

import ntpath
import os
import re
import stat
from typing import BinaryIO

_MAX_PATH_CHARS = 259  # 260 with the NUL that ends it
_LONGEST_ADDED = 13  # a folder's path must leave room for "\12345678.123": its own limit is lower
_VERBATIM, _VERBATIM_UNC, _DEVICE = "\\\\?\\", "\\\\?\\UNC\\", "\\\\.\\"
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])[ ]*(?:[.:].*)?", re.I | re.S)


def for_windows(path: str, *, folder: str = "C:\\") -> str:
    """``path`` as Windows takes it, whatever its length and names.  folder: the current one, for relative paths.

    >>> for_windows("D:/patents/1.xml")
    'D:/patents/1.xml'
    >>> print(for_windows("D:/patents/nul.xml"))
    \\\\?\\D:\\patents\\nul.xml
    """
    if path.startswith((_VERBATIM, _DEVICE)) or not _needs_verbatim(path, folder):
        return path
    whole = _absolute(path, folder)
    if whole.startswith("\\\\"):
        return _VERBATIM_UNC + whole[2:]
    return _VERBATIM + whole


def for_system(path: str | os.PathLike[str]) -> str:
    """``path`` as this operating system takes it."""
    written = os.fspath(path)
    return for_windows(written, folder=os.getcwd()) if os.name == "nt" else written


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """A regular file, opened to be read.  Raises OSError; never waits for a pipe, never reads a device."""
    file = open(for_system(path), "rb", opener=_opener)  # noqa: SIM115 - the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("neither file nor folder")
    return file


def _opener(path: str, flags: int) -> int:
    # without O_NONBLOCK, opening a pipe waits until somebody writes to it
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _needs_verbatim(path: str, folder: str) -> bool:
    if len(_absolute(path, folder)) > _MAX_PATH_CHARS - _LONGEST_ADDED:
        return True
    names = re.split(r"[\\/]", ntpath.splitdrive(path)[1])
    return any(_is_odd(name) for name in names)


def _is_odd(name: str) -> bool:
    """Whether Windows would take the name for another one: "CON.xml" for the console, "a. " for "a"."""
    return name.strip(".") != "" and (name.endswith((".", " ")) or _RESERVED.fullmatch(name) is not None)


def _absolute(path: str, folder: str) -> str:
    return ntpath.normpath(ntpath.join(folder, path))
