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
from dokhae.reading.fields import Field, load
from dokhae.report.columns import Column, Filled, columns
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
        insight = census.insight(settings.rejected)
        fields = asked + _further(asked, insight)
        known = {column.id for column in columns(asked)}
        kept = tuple(
            column
            for column in columns(fields)
            if column.in_sheet and (settings.all_columns or column.id in filled.ids or column.id not in known)
        )
        return Survey(insight, fields, kept, roster)

    def counted_rows(self) -> Iterator[Row]:
        """The rows of the sheets: of an application only the publication that stands for it, unless all count."""
        every = self.settings.by is Unit.publication
        return (row for row in self.rows() if every or row.patent.is_representative)


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
