"""The shell a command comes from: wildcards it leaves to us, and how a command is quoted for it.

In: words of a command line.  Out: the files they name; a line to copy.  Unix shells expand wildcards themselves;
cmd and PowerShell hand them on as they are.
"""

from __future__ import annotations

import glob
import os
import shlex
import subprocess
from collections.abc import Sequence

IS_WINDOWS = os.name == "nt"


def files_named(names: Sequence[str]) -> tuple[str, ...]:
    """``names``, wildcards expanded where the shell does not."""
    return expanded(names) if IS_WINDOWS else tuple(names)


def expanded(names: Sequence[str]) -> tuple[str, ...]:
    """Each name with ``*``, ``?`` or ``[`` replaced by the files it fits; kept where it exists or fits none."""
    found: list[str] = []
    for name in names:
        is_pattern = any(char in name for char in "*?[") and not os.path.lexists(name)
        found.extend((is_pattern and sorted(glob.glob(name, recursive=True))) or [name])
    return tuple(found)


def quoted(*words: str) -> str:
    """Words as one line that the shell here reads back as the same words."""
    return subprocess.list2cmdline(words) if IS_WINDOWS else shlex.join(words)
