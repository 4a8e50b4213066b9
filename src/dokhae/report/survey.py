"""Report: the rows of a study, how to show them, and what one pass over them tells.

In: rows as often as they are needed, ``ReportSettings``.  Out: counts, fields and columns, computed once and shared
by every exporter.  Never keeps a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dokhae.insight import Census, Insight, Row, Unit
from dokhae.insight.applicants import Roster
from dokhae.insight.facts import key_of
from dokhae.reading.fields import Field, load
from dokhae.report.columns import Column, Filled, columns
from dokhae.report.labels import label
from dokhae.report.settings import ReportSettings


@dataclass(frozen=True)
class Report:
    """What every exporter gets."""

    rows: Callable[[], Iterator[Row]]
    settings: ReportSettings

    @property
    def lang(self) -> str:
        return self.settings.lang

    @cached_property
    def survey(self) -> Survey:
        """One pass over the rows: the counts, and which columns hold data."""
        settings = self.settings
        asked = tuple(settings.fields) or load()
        census = Census(unit=settings.by, joint=settings.joint, today=settings.today)
        roster = Roster()
        filled = Filled(columns(asked), settings.lang)
        for row in self.rows():
            census.see(row)
            filled.see(row)
            roster.see(row.patent)
        insight = census.insight(settings.rejected, near_duplicates=settings.near_duplicates)
        fields = asked + _further(asked, insight)
        known = {column.id for column in columns(asked)}
        kept = tuple(
            column
            for column in columns(fields)
            if column.in_sheet and (settings.all_columns or column.id in filled.ids or column.id not in known)
        )
        return Survey(insight, fields, kept, roster)

    def counted_rows(self) -> Iterator[Row]:
        """The rows of the sheets: one for each thing that counts."""
        unit = self.settings.by
        return (row for row in self.rows() if key_of(row.patent, unit, row.family) is not None)

    def unit_rule(self) -> str:
        """What one count stands for, with the rule that makes families where families count."""
        said = f"{label(f'unit.{self.settings.by}', self.lang)}: {label(f'rule.unit_{self.settings.by}', self.lang)}"
        rule = f" {label(f'rule.family_{self.settings.family}', self.lang)}"
        return said + (rule if self.settings.by is Unit.family else "")


@dataclass(frozen=True)
class Survey:
    """fields: those asked and any further one with answers.  columns: those of the sheets, in order.

    roster: the names of the applicants.
    """

    insight: Insight
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    roster: Roster


def _further(asked: tuple[Field, ...], insight: Insight) -> tuple[Field, ...]:
    """Fields with answers that nobody named here (a question asked of all), labelled by their ids."""
    known = {field.id for field in asked}
    names = [name for name in insight.card.answers if name not in known]
    return tuple(Field(name, name, name, label_ko=name, label_en=name, sections=()) for name in names)
