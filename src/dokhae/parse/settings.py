"""What a study may set about parsing, in force while its files are read.

In: ``ParseSettings``.  Out: the same, to whichever parser asks (``current``): parsers are made by name and take no
options, and few of them need any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Ocr(StrEnum):
    auto = "auto"
    off = "off"


@dataclass(frozen=True, slots=True)
class ParseSettings:
    """ocr: "auto" reads pages without text by tesseract where it is installed; "off" never."""

    ocr: Ocr = Ocr.auto


_DEFAULT = ParseSettings()
_current: ContextVar[ParseSettings] = ContextVar("parse-settings", default=_DEFAULT)


def current() -> ParseSettings:
    return _current.get()


@contextmanager
def in_force(settings: ParseSettings) -> Iterator[None]:
    """``settings`` for what is parsed inside the block."""
    token = _current.set(settings)
    try:
        yield
    finally:
        _current.reset(token)
