""" "-" on the command line: what stands there comes from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dokhae.errors import InputError


def or_stdin(names: Sequence[str]) -> tuple[str, ...]:
    """``names``, each "-" replaced by the lines of standard input.  Raises InputError where nothing is left."""
    given: list[str] = []
    for name in names:
        given.extend(_lines() if name == "-" else [name])
    if not given:
        raise InputError("no-patents-given")
    return tuple(given)


def text_or_stdin(text: str) -> str:
    """``text``, or all of standard input where it is "-"."""
    return " ".join(_lines()) if text == "-" else text


def _lines() -> list[str]:
    return [line.strip() for line in sys.stdin if line.strip()]
