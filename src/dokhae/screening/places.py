"""Where a table of a TOML file stands, so that an error can name its line: tomllib itself forgets lines.

In: the content and the name of an array of tables.  Out: line numbers from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TomlLines:
    """The lines of a TOML file whose tables are ``[[name]]``."""

    content: str
    name: str

    def line(self, table: int, key: str = "") -> int:
        """The line of ``key`` in the table of that ordinal (from 0), else the line the table begins at."""
        starts = list(self._starts())
        if table >= len(starts):  # written as an inline array: rule = [{…}]
            return next(self._lines_with(self.name, 0, None), 1)
        end = starts[table + 1] - 1 if table + 1 < len(starts) else None
        return next(self._lines_with(key, starts[table], end), starts[table]) if key else starts[table]

    def top(self, key: str) -> int:
        """The line of a key outside the tables."""
        return next(self._lines_with(key, 0, None), 1)

    def _starts(self) -> Iterator[int]:
        head = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(self.name)}[\"']?\s*\]\]")
        return (at for at, line in enumerate(self.content.split("\n"), 1) if head.match(line))

    def _lines_with(self, key: str, start: int, end: int | None) -> Iterator[int]:
        given = re.compile(rf"(?:^|[\s{{,.\[\"'])({re.escape(key)})[\"']?\s*(?:=|\])")
        lines = self.content.split("\n")[start:end]
        return (at for at, line in enumerate(lines, start + 1) if given.search(line))
