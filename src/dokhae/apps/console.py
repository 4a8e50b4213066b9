"""The console as it is: its language, its encoding, its width.

In: environment and streams.  Out: "en" or "ko"; streams that never fail on a character.
"""

from __future__ import annotations

import io
import locale
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

from dokhae.messages import LANGUAGES

# As gettext reads them, ours first; "C" and "POSIX" name no language.
_VARIABLES = ("DOKHAE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """The language to speak: ``--lang`` of the command line, else DOKHAE_LANG, else the locale, else English.

    Looked up before the command line is parsed, because the help texts depend on it.

    >>> language(["search", "a.study", "lens", "--lang", "ko"], {}), language([], {"LANG": "ko_KR.UTF-8"})
    ('ko', 'ko')
    """
    for word, following in pairwise([*argv, ""]):
        given = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and given in LANGUAGES:
            return given
    for name in _VARIABLES:
        tag = environ.get(name, "")
        if tag and tag.split(".")[0] not in ("C", "POSIX"):
            return "ko" if tag.lower().startswith("ko") else "en"
    # Windows sets no variable; its locale reads "Korean_Korea" or "ko_KR"
    return "ko" if (locale.getlocale(locale.LC_CTYPE)[0] or "").lower().startswith("ko") else "en"


def make_streams_safe() -> None:
    """A terminal (cp949, ASCII) shows "?" for what it has no sign for; files and pipes get exact UTF-8, also in a
    Windows or C locale.

    A file name that is no text is written escaped there: in JSON that reads back as the very same name.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf8", errors="backslashreplace", newline="\n")


def width() -> int:
    """Columns of the terminal; 0 where output goes to a file or a pipe, which is never cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
