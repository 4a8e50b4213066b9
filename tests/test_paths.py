"""Paths: what Windows would refuse or take for something else is handed to it letter by letter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dokhae.parse.files.paths import for_system, for_windows, open_file

LONG = "\\".join(["특허" * 20] * 8)
SLASHED = LONG.replace("\\", "/")
UNC = f"\\\\?\\UNC\\server\\share\\{LONG}"


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("C:\\patents\\1.xml", "C:\\patents\\1.xml"),
        ("patents/1.xml", "patents/1.xml"),
        ("\\\\server\\share\\1.xml", "\\\\server\\share\\1.xml"),
        (f"C:\\{LONG}\\1.xml", f"\\\\?\\C:\\{LONG}\\1.xml"),
        (f"C:/{SLASHED}/../1.xml", "\\\\?\\C:\\" + LONG.rpartition("\\")[0] + "\\1.xml"),
        (f"\\\\server\\share\\{LONG}\\1.xml", f"{UNC}\\1.xml"),
        (f"//server/share/{SLASHED}/1.xml", f"{UNC}\\1.xml"),
        (f"\\\\?\\C:\\{LONG}", f"\\\\?\\C:\\{LONG}"),
        (UNC, UNC),
        ("\\\\.\\pipe\\x", "\\\\.\\pipe\\x"),
        ("C:\\a\\CON", "\\\\?\\C:\\a\\CON"),
        ("C:\\a\\con.xml", "\\\\?\\C:\\a\\con.xml"),
        ("C:\\LPT1\\1.xml", "\\\\?\\C:\\LPT1\\1.xml"),
        ("C:\\a\\COM¹.csv", "\\\\?\\C:\\a\\COM¹.csv"),
        ("C:\\a\\nul .txt", "\\\\?\\C:\\a\\nul .txt"),
        ("C:\\a\\CONTENTS.xml", "C:\\a\\CONTENTS.xml"),
        ("C:\\a\\COM10.xml", "C:\\a\\COM10.xml"),
        ("C:\\a\\1.xml.", "\\\\?\\C:\\a\\1.xml."),
        ("C:\\a \\1.xml", "\\\\?\\C:\\a \\1.xml"),
        ("C:\\a\\..\\1.xml", "C:\\a\\..\\1.xml"),
        (".", "."),
        ("..\\aux", "\\\\?\\D:\\study\\aux"),
        (LONG, f"\\\\?\\D:\\study\\in\\{LONG}"),
        ("\\aux\\1.xml", "\\\\?\\D:\\aux\\1.xml"),
    ],
)
def test_a_path_as_windows_takes_it(path: str, taken: str) -> None:
    assert for_windows(path, folder="D:\\study\\in") == taken


@pytest.mark.parametrize("n_chars", range(240, 265))
def test_near_the_limit_no_path_is_left_too_long(n_chars: int) -> None:
    path = "C:\\" + "x" * (n_chars - 3)
    taken = for_windows(path)
    assert taken in {path, "\\\\?\\" + path}
    assert taken.startswith("\\\\?\\") or len(taken) <= 259 - 13


def test_a_short_relative_path_in_a_deep_folder_is_long() -> None:
    folder = f"C:\\{LONG}"
    assert for_windows("1.xml", folder=folder) == f"\\\\?\\{folder}\\1.xml"


def test_taking_twice_is_taking_once() -> None:
    once = for_windows(f"C:\\{LONG}\\CON")
    assert for_windows(once) == once


@pytest.mark.skipif(os.name == "nt", reason="Windows takes some paths in another form")
def test_elsewhere_paths_are_taken_as_they_are() -> None:
    assert for_system(Path("a/CON")) == "a/CON"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
@pytest.mark.parametrize("name", ["pipe", "/dev/zero"])
def test_pipes_and_devices_are_never_waited_for(tmp_path: Path, name: str) -> None:
    if name == "pipe":
        os.mkfifo(tmp_path / name)
    with pytest.raises(OSError, match="neither file nor folder"):
        open_file(tmp_path / name)
