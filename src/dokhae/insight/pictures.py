"""Pictures: facts -> the five matrices every trend study opens with.

In: facts of one unit and the date the data reaches.  Out: ``Matrix`` values, ready to be drawn or exported; every
cell names the patents it counts.  Joint filings count full for every applicant, or, if asked, by their shares.
Source: patents.md, tables and pictures; 18 months to publication: EPC Art. 93, KR Patent Act Art. 64.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dokhae.insight.facts import Fact, Joint, Unit

UNPUBLISHED_MONTHS = 18
TOP = 15
YEARS_SHOWN = 24


@dataclass(frozen=True)
class Matrix:
    """A counted table.  cells: (row, column) -> ids of the patents counted there; an empty cell is left out.

    n: things counted at least once.  left_out: things of the unit that lack what the picture needs (a date, a class).
    more: rows beyond those shown.  unpublished: columns that are not fully published yet at ``as_of``.
    shares: what a patent counts in a row where that is less than one; its cells still name it.
    """

    id: str
    unit: Unit
    n: int
    left_out: int
    as_of: date
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[int, ...]]
    unpublished: frozenset[str] = frozenset()
    more: int = 0
    shares: Mapping[int, float] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """Names how it was counted (labels ``rule.<rule>``)."""
        return f"{self.id}_fractional" if self.shares else self.id

    def count(self, row: str, column: str) -> float:
        """Things counted in a cell: whole, but where joint filings count by their shares."""
        return self._weight(self.cells.get((row, column), ()))

    def row_total(self, row: str) -> float:
        """Things counted in a row; a thing stands once in a row whatever its columns."""
        return self._weight({id_ for column in self.columns for id_ in self.cells.get((row, column), ())})

    def _weight(self, ids: Collection[int]) -> float:
        return round(sum(self.shares.get(id_, 1) for id_ in ids), 2) if self.shares else len(ids)


def pictures(facts: Collection[Fact], unit: Unit, as_of: date, *, joint: Joint = Joint.full) -> tuple[Matrix, ...]:
    """Year x country, applicants x country, applicant x year, IPC main group x year, status x country."""
    years = _Years.of(facts, as_of)
    by_year = _Draft(facts, unit, as_of, years)
    is_shared = joint is Joint.fractional
    shares = {fact.id: 1 / len(fact.applicants) for fact in facts if is_shared and len(fact.applicants) > 1}
    shared = replace(by_year, shares=shares)
    return (
        by_year.matrix("year_country", lambda f: [f.office or "?"], years.columns_of),
        shared.matrix("applicants", lambda f: f.applicants, lambda f: [f.office or "?"], top=TOP),
        shared.matrix("applicant_year", lambda f: f.applicants, years.columns_of, top=TOP),
        by_year.matrix("ipc_year", lambda f: [f.ipc_group] if f.ipc_group else [], years.columns_of, top=TOP),
        by_year.matrix("status", lambda f: [f.status or "?"], lambda f: [f.office or "?"]),
    )


def published_until(as_of: date) -> date:
    """Up to which filing date everything has been published.

    >>> published_until(date(2024, 5, 31))
    datetime.date(2022, 11, 30)
    """
    months = as_of.year * 12 + as_of.month - 1 - UNPUBLISHED_MONTHS
    year, month = divmod(months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last_day = date.fromordinal(first_of_next.toordinal() - 1).day
    return date(year, month + 1, min(as_of.day, last_day))


@dataclass(frozen=True)
class _Years:
    """The columns of a time axis: every year to the last one, those long ago in one column."""

    labels: tuple[str, ...]
    first: int
    unpublished: frozenset[str]

    @staticmethod
    def of(facts: Iterable[Fact], as_of: date) -> _Years:
        seen = {fact.filed.year for fact in facts if fact.filed}
        if not seen:
            return _Years((), 0, frozenset())
        last = max(seen)
        first = max(min(seen), last - YEARS_SHOWN + 1)
        earlier = (f"~{first - 1}",) if min(seen) < first else ()
        whole = published_until(as_of)
        labels = earlier + tuple(str(year) for year in range(first, last + 1))
        late = frozenset(str(year) for year in range(first, last + 1) if date(year, 12, 31) > whole)
        return _Years(labels, first, late)

    def columns_of(self, fact: Fact) -> list[str]:
        if fact.filed is None:
            return []
        return [str(fact.filed.year) if fact.filed.year >= self.first else f"~{self.first - 1}"]


@dataclass(frozen=True)
class _Draft:
    facts: Collection[Fact]
    unit: Unit
    as_of: date
    years: _Years
    shares: Mapping[int, float] = field(default_factory=dict)

    def matrix(
        self,
        id_: str,
        rows_of: Callable[[Fact], Sequence[str]],
        columns_of: Callable[[Fact], Sequence[str]],
        *,
        top: int | None = None,
    ) -> Matrix:
        """Counts facts into rows and columns; the ``top`` rows by total are shown, ties by name."""
        totals: defaultdict[str, float] = defaultdict(float)
        placed: dict[tuple[str, str], list[int]] = defaultdict(list)
        n = 0
        for fact in self.facts:
            rows, columns = rows_of(fact), columns_of(fact)
            n += bool(rows and columns)
            for row in rows if columns else ():
                totals[row] += self.shares.get(fact.id, 1)
                for column in columns:
                    placed[row, column].append(fact.id)
        ranked = sorted(totals, key=lambda row: (-totals[row], row))
        shown = tuple(ranked[:top])
        kept = {cell: tuple(ids) for cell, ids in placed.items() if cell[0] in set(shown)}
        columns_shown = self._columns({column for _, column in kept}, kept)
        return Matrix(
            id=id_,
            unit=self.unit,
            n=n,
            left_out=len(self.facts) - n,
            as_of=self.as_of,
            rows=shown,
            columns=columns_shown,
            cells=kept,
            unpublished=self.years.unpublished & set(columns_shown),
            more=len(ranked) - len(shown),
            shares=self.shares,
        )

    def _columns(self, seen: set[str], cells: Mapping[tuple[str, str], tuple[int, ...]]) -> tuple[str, ...]:
        """A time axis without gaps, other columns by size."""
        if seen <= set(self.years.labels):
            return self.years.labels
        size = Counter[str]()
        for (_, column), ids in cells.items():
            size[column] += len(ids)
        return tuple(sorted(seen, key=lambda column: (-size[column], column)))
