"""Answers as they leave a study: corrected for how rare they are, then as people left them.

In: a store, the fields, rates.  Out: the answers of a text; how those of the whole study stand.  Nothing stored is
changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from dokhae.library.folder import StudyFolder
from dokhae.library.reviews import Review
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.calibration import Calibration
from dokhae.reading.fields import Field
from dokhae.study import rates, reviewed, runs
from dokhae.study.rates import Rates
from dokhae.study.results import Confidence
from dokhae.types import Answer, AnswerStatus


@dataclass(frozen=True)
class Showing:
    """What a study shows.  rates: of the columns, by field."""

    store: SqliteStore
    rates: Rates

    @classmethod
    def of(cls, store: SqliteStore, fields: Sequence[Field], judge: Calibration) -> Showing:
        return cls(store, rates.in_force(StudyFolder(store.study).rates, store, fields, judge))

    def answers(self, text: str, reviews: dict[str, Review], *, kind: str = "") -> dict[str, Answer]:
        """Every answer of one text.  reviews: of that text.  kind: of one column alone (``rates.column_kind``)."""
        machine = rates.shown(self.store.answers(text, kind=kind), self.rates)
        return reviewed.shown(machine, reviews, partial(self.store.text, text))


@dataclass(frozen=True)
class Standing:
    """How the answers of a whole study stand: statuses by field, and how sure those given are."""

    statuses: dict[str, Counter[AnswerStatus]]
    confidence: Confidence


def standing(store: SqliteStore, fields: Sequence[Field], judge: Calibration) -> Standing:
    """How the answers of the whole study stand; the rates are measured anew and kept."""
    place = StudyFolder(store.study).rates
    asked = [field for field in fields if field.reader == "question"]
    if asked:
        rates.save(place, {**rates.kept(place), **rates.measured(store, asked, judge)})
    showing = Showing.of(store, fields, judge)
    counts: dict[str, Counter[AnswerStatus]] = {field.id: Counter() for field in fields}
    sure = Confidence()
    reviews = store.reviews()
    kind = rates.column_kind(fields[0].id) if len(fields) == 1 and fields[0].is_alone else ""
    for text in {patent.text for patent in store.patents(representatives_only=True)}:
        answers = showing.answers(text, reviews.get(text, {}), kind=kind)
        asked_for = {field: answers[field] for field in counts if field in answers}
        for field, answer in asked_for.items():
            counts[field][answer.status] += 1
        sure += runs.confidence(asked_for.values())
    return Standing(counts, sure)
