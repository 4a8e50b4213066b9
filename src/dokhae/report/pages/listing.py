"""Listing: the table of patents as data for list.js: short columns at once, answers in pages.

In: rows.  Out: an index held column by column (sorted, filtered and scrolled at once, 50,000 rows) and pages of
answers, loaded as they come into sight.  Quotes are cut for the list, never on the patent's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dokhae.insight import Row, checks_of
from dokhae.reading.fields import Field
from dokhae.report import spell
from dokhae.report.columns import View, columns
from dokhae.types import AnswerStatus

ROWS_A_PAGE = 500
QUOTE_CHARS = 300
PARTS_SHOWN = 12
STATES = {
    "answered": "a",
    "not_stated": "n",
    "no_source_text": "o",
    "withheld": "w",
    "language_not_read": "l",
    "not_applicable": "x",
    "failed": "f",
    "not_read": "-",
    "read_elsewhere": "e",
}


class Listing:
    """Collects the list.  position: patent id -> row of the list."""

    def __init__(self, fields: Sequence[Field], lang: str) -> None:
        self.fields = fields
        self.position: dict[int, int] = {}
        self.page: list[list[Any]] = []
        self.uncalibrated: set[str] = set()  # fields whose scores are no probabilities
        self._n_pages = 0
        self._lang = lang
        self._columns = {column.id: column for column in columns(fields)}
        self._short: dict[str, list[Any]] = {
            name: [] for name in ("id", "chunk", "document", "title", "applicants", "date", "checks", "states", "one")
        }
        self._named = {name: _Names() for name in ("country", "status", "read_from", "check")}

    @property
    def page_is_full(self) -> bool:
        return len(self.page) >= ROWS_A_PAGE

    def add(self, row: Row, chunk: int) -> None:
        patent, view = row.patent, View(row, self._lang)
        self.position[patent.id] = len(self.position)
        filed = patent.biblio.application_date
        short = {
            "id": patent.id,
            "chunk": chunk,
            "document": self._columns["document"].value(view),
            "title": patent.biblio.title,
            "applicants": self._columns["applicants"].value(view),
            "date": filed.isoformat() if filed else "",
            "checks": [self._named["check"].of(code) for code in checks_of(row)],
            "states": "".join(self._state(row, field) for field in self.fields),
            "one": int(patent.is_representative),
        }
        for name, value in short.items():
            self._short[name].append(value)
        self._named["country"].see(str(self._columns["country"].value(view)))
        self._named["status"].see(patent.biblio.status.name if patent.biblio.status else "")
        self._named["read_from"].see(patent.read_from.name)
        self.page.append([self._answer(row, field) for field in self.fields])
        self.uncalibrated |= {name for name, answer in row.answers.items() if spell.is_uncalibrated(answer)}

    def take_page(self) -> tuple[int, list[list[Any]]]:
        """The number and rows of the page collected; the next row opens a new one."""
        n, rows = self._n_pages, self.page
        self._n_pages, self.page = n + 1, []
        return n, rows

    def index(self) -> dict[str, Any]:
        """Columns by name, all of one length; named ones as ordinals into ``names``."""
        named = {name: names.ordinals for name, names in self._named.items() if name != "check"}
        return {**self._short, **named, "names": {name: list(names.known) for name, names in self._named.items()}}

    def _state(self, row: Row, field: Field) -> str:
        return STATES[spell.status_of(row.answers.get(field.id), row.patent)]

    def _answer(self, row: Row, field: Field) -> Any:
        """[text, place, score, cut?] where the patent answers, 0 where it does not: the index says why."""
        answer = row.answers.get(field.id)
        if answer is None or answer.status is not AnswerStatus.answered:
            return 0
        found = spell.quotes(answer, many=field.is_many)
        words = " · ".join(dict.fromkeys(evidence.quote for evidence in found[:PARTS_SHOWN]))
        value = spell.value_of(answer, self._lang)
        words = words if value in ("", words) else f"{value} — {words}" if words else value
        cut = words if len(words) <= QUOTE_CHARS else words[:QUOTE_CHARS].rstrip() + "…"
        return [cut, found[0].place or f"{found[0].section}" if found else "", round(answer.score, 2)]


class _Names:
    """Strings as ordinals, in the order they were first seen."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.ordinals: list[int] = []

    def of(self, name: str) -> int:
        return self.known.setdefault(name, len(self.known))

    def see(self, name: str) -> None:
        self.ordinals.append(self.of(name))
