"""Keys and lines a person types: on a terminal key by key, from a pipe character by character.

In: standard input.  Out: one key at a time, or a line; None where the input ends.  Needs no arrow keys, and runs on
Windows consoles (click.getchar).  A letter typed while the Korean keyboard is on means the key it lies on.
"""

from __future__ import annotations

import sys

import click

_HANGUL = dict(zip("ㅁㅊㄱㄴㅕㅂㅜ", "acrsuqn", strict=True))
_CTRL_C, _CTRL_D, _CTRL_Z = "\x03", "\x04", "\x1a"


class Keys:
    """What a person types."""

    def __init__(self) -> None:
        self._ends_line = False

    def key(self) -> str | None:
        """The next key, lower-cased; white space from a pipe separates keys and is none."""
        typed = click.getchar() if sys.stdin.isatty() else _character()
        self._ends_line = not sys.stdin.isatty()
        if typed == _CTRL_C:
            raise KeyboardInterrupt
        if typed in ("", _CTRL_D, _CTRL_Z):
            return None
        return _HANGUL.get(typed, typed.lower())

    def line(self) -> str | None:
        """The next line without its end; from a pipe what follows the key on its line, if there is anything."""
        typed = sys.stdin.readline()
        if self._ends_line and not typed.strip():
            typed = sys.stdin.readline()
        self._ends_line = False
        return typed.strip() if typed else None


def _character() -> str:
    typed = sys.stdin.read(1)
    while typed and typed.isspace():
        typed = sys.stdin.read(1)
    return typed
