"""One tree of errors.  Each says what, where, and what to do, in English and Korean.

    DokhaeError
    ├── InputError      something the user gave: a path, a number, a query, a schema
    ├── StudyError      the study folder: missing, busy, newer, damaged, disk full
    └── MissingExtra    an optional part is not installed

An error is raised with a ``code`` (a heading of docs/errors.md) and the values its message needs:
``raise InputError("path-missing", path=path)``.  The words live in ``messages/*.toml``, one entry a code and
language; ``Rejected`` and ``Defect`` (types.py) carry the same codes and are rendered by the same ``say``.
"""

from __future__ import annotations

from dokhae.messages import say


class DokhaeError(Exception):
    """Base of all errors of this package.  ``code`` names it, ``values`` fill its message."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = {name: str(value) for name, value in values.items()}
        self._reasons = {name: value for name, value in values.items() if isinstance(value, DokhaeError)}
        super().__init__(say(code, "en", self.values))

    def in_language(self, lang: str) -> str:
        """The message; an error among its values speaks that language too."""
        reasons = {name: reason.in_language(lang) for name, reason in self._reasons.items()}
        return say(self.code, lang, {**self.values, **reasons})


class InputError(DokhaeError):
    """Something the user gave cannot be used as it is."""


class StudyError(DokhaeError):
    """The study folder cannot be used as it is."""


class StudyBusy(StudyError):
    """Another process writes to the study."""


class MissingExtra(DokhaeError):
    """An optional part is needed and not installed."""
