"""OCR by the tesseract program, if it is on this machine.

In: the picture of a page.  Out: its words with their boxes and how sure they are.  tesseract is started as a program
(a list of arguments, no shell, a time limit), one thread each, so that workers do not fight for cores; the picture goes
through its standard input, since it cannot open paths with Korean letters on Windows.  Never downloads anything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from dokhae import pulse
from dokhae.parse.pdf.pages import Picture, Word

# How a page is read best, measured: dots an inch, and tesseract's way to lay out a page.  The automatic layout (3)
# loses whole lines of Korean and Japanese; one block (6) keeps them, but reads some places twice where letters of two
# scripts mix.  Columns are found from the words in any case (layout.py).
_MODES: dict[tuple[str, ...], tuple[int, int]] = {("eng",): (300, 3), ("kor",): (200, 6), ("jpn",): (200, 6)}
_MIXED_MODE = (300, 4)
WANTED = ("kor", "eng", "jpn")
_PAGE_LIMIT_S = 100
_START_LIMIT_S = 20
# In hundredths, as tesseract says it: words below the first are specks, below the second they are doubtful.
_SPECK, _SURE = 8.0, 70.0
_NOT_WORDS = frozenset("|_~—-=°`'\"‘’“”")
_WINDOWS_PLACE = Path("Tesseract-OCR", "tesseract.exe")


class OcrFailedError(Exception):
    """tesseract could not be started, ended with an error or took too long."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program and the languages it is to read.  installed: of the languages wanted, those it has."""

    path: str
    installed: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(language for language in WANTED if language not in self.installed)

    def reading(self, *languages: str) -> Tesseract:
        """The same program for these languages, as far as they are installed (else for all that are)."""
        chosen = tuple(language for language in languages if language in self.installed)
        return replace(self, languages=chosen or self.installed)

    @property
    def dots_per_inch(self) -> int:
        """How fine a picture it wants for its languages."""
        return _MODES.get(self.languages, _MIXED_MODE)[0]

    def words(self, picture: Picture) -> list[Word]:
        """The words on a page.  Raises OcrFailedError."""
        pulse.beat()
        mode = _MODES.get(self.languages, _MIXED_MODE)[1]
        options = ["-l", "+".join(self.languages), "--psm", str(mode), "--dpi", str(round(picture.scale * 72)), "tsv"]
        table = _run([self.path, "stdin", "stdout", *options], picture.pgm, _PAGE_LIMIT_S)
        pulse.beat()
        return list(_words(table, picture))


@cache
def find() -> Tesseract | None:
    """The tesseract of this machine with the languages it has; None where there is none that reads one of ours."""
    path = shutil.which("tesseract") or _on_windows()
    if path is None:
        return None
    try:
        listed = _run([path, "--list-langs"], b"", _START_LIMIT_S).split()
    except OcrFailedError:
        return None
    installed = tuple(language for language in WANTED if language in listed)
    return Tesseract(path, installed, installed) if installed else None


def _on_windows() -> str | None:
    """Where the installer for Windows puts it, which does not touch the PATH."""
    roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA")]
    places = [
        Path(root) / below for root in roots if root for below in (_WINDOWS_PLACE, Path("Programs") / _WINDOWS_PLACE)
    ]
    return next((str(place) for place in places if place.is_file()), None)


def _run(command: list[str], data: bytes, limit_s: float) -> str:
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, env=env, timeout=limit_s, check=True, creationflags=no_window
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise OcrFailedError(str(error)) from error
    return done.stdout.decode("utf8", "replace")


def _words(table: str, picture: Picture) -> Iterator[Word]:
    """The rows of tesseract's table that are words (level 5), in points from the lower left corner."""
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5":
            continue
        try:
            left, top, width, height = (int(cell) / picture.scale for cell in cells[6:10])
            sure = float(cells[10])
        except ValueError:
            continue
        text = cells[11].strip()
        if sure >= _SPECK and text and not set(text) <= _NOT_WORDS:
            upper = picture.height - top
            yield Word(text, left, upper - height, left + width, upper, is_sure=sure >= _SURE)
