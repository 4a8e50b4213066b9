"""Census: rows seen one by one -> the card of counts and the pictures.

In: ``Row`` after ``Row``, then what was rejected.  Out: ``Insight``.  Never reads a text; what it keeps is the paths
of the files and one ``Fact`` a counted thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dokhae.insight.facts import Fact, Joint, Unit, fact_of, key_of
from dokhae.insight.pictures import Matrix, pictures
from dokhae.insight.rows import Row, checks_of
from dokhae.screening import Verdict, paths_of, rule_of
from dokhae.types import AnswerStatus, Rejected


@dataclass(frozen=True)
class Card:
    """How the study came to be: documents == rejected + duplicates + publications.

    files: distinct files.  documents: what they held, rejected records included.  duplicates: further sources of a
    publication already there.  families: None where nobody said which application is of which.  near_duplicates:
    publications whose text is nearly that of another one of no known relation; None where they were not looked for.
    kept: things of ``unit``.  answers, languages, read_from and checks count what stands for each of them, and so do
    verdicts, the rules they were decided by, and classes (one thing may be of several).
    """

    files: int
    documents: int
    rejected: Mapping[str, int]
    duplicates: int
    publications: int
    applications: int
    families: int | None
    near_duplicates: int | None
    unit: Unit
    kept: int
    answers: Mapping[str, Mapping[AnswerStatus, int]]
    languages: Mapping[str, int]
    read_from: Mapping[str, int]
    checks: Mapping[str, int]
    verdicts: Mapping[str, int]
    rules: Mapping[str, int]
    classes: Mapping[str, int]


@dataclass(frozen=True)
class Insight:
    """What a study holds, counted.  n: counted things of ``unit``.  as_of: the date the data reaches."""

    unit: Unit
    n: int
    as_of: date
    card: Card
    pictures: tuple[Matrix, ...]


class Census:
    """Counts rows as they pass.

    today: the day the count is made.  The data may be older: ``as_of`` is the latest publication, grant or status
    date seen, so that an export of 2024 counted in 2026 still shows its own last 18 months as unpublished.
    """

    def __init__(self, *, unit: Unit = Unit.application, joint: Joint = Joint.full, today: date) -> None:
        self.unit = unit
        self.joint = joint
        self.today = today
        self._facts: dict[str, Fact] = {}
        self._files: set[str] = set()
        self._applications: set[int] = set()
        self._families: set[int] = set()
        self._n_sources = 0
        self._n_publications = 0
        self._answers: dict[str, Counter[AnswerStatus]] = defaultdict(Counter)
        self._languages: Counter[str] = Counter()
        self._read_from: Counter[str] = Counter()
        self._checks: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._rules: Counter[str] = Counter()
        self._classes: Counter[str] = Counter()
        self._latest: date | None = None

    def see(self, row: Row) -> None:
        patent = row.patent
        self._n_publications += 1
        self._n_sources += len(patent.sources)
        self._files.update(source.path for source in patent.sources)
        self._applications.add(patent.application)
        if row.family is not None:
            self._families.add(row.family.first)
        self._see_dates(row)
        key = key_of(patent, self.unit, row.family)
        if key is None:
            return
        self._languages[patent.lang] += 1
        self._read_from[patent.read_from] += 1
        self._checks.update(checks_of(row))
        for name, answer in row.answers.items():
            self._answers[name][answer.status] += 1
        self._see_decisions(row)
        self._count(key, row)

    def insight(self, rejected: Iterable[Rejected] = (), *, near_duplicates: int | None = None) -> Insight:
        refused = Counter[str]()
        files = set(self._files)
        for one in rejected:
            refused[one.code] += 1
            files.add(one.source.path)
        card = Card(
            files=len(files),
            documents=self._n_sources + refused.total(),
            rejected=dict(refused.most_common()),
            duplicates=self._n_sources - self._n_publications,
            publications=self._n_publications,
            applications=len(self._applications),
            families=len(self._families) if self._families else None,
            near_duplicates=near_duplicates,
            unit=self.unit,
            kept=len(self._facts),
            answers={name: dict(counts) for name, counts in self._answers.items()},
            languages=dict(self._languages.most_common()),
            read_from=dict(self._read_from.most_common()),
            checks=dict(self._checks.most_common()),
            verdicts={verdict.value: self._verdicts[verdict] for verdict in Verdict if self._verdicts},
            rules=dict(self._rules.most_common()),
            classes=dict(self._classes.most_common()),
        )
        facts = list(self._facts.values())
        drawn = pictures(facts, self.unit, self.as_of, joint=self.joint)
        return Insight(self.unit, len(facts), self.as_of, card, drawn)

    @property
    def as_of(self) -> date:
        return self.today if self._latest is None else min(self._latest, self.today)

    def _see_decisions(self, row: Row) -> None:
        if row.verdict is not None and row.verdict.value is not None:
            self._verdicts[row.verdict.value] += 1
            self._rules[rule_of(row.verdict)] += 1
        self._classes.update(paths_of(row.classes))

    def _see_dates(self, row: Row) -> None:
        biblio = row.patent.biblio
        seen = [biblio.publication_date, biblio.grant_date, biblio.status.as_of if biblio.status else None]
        # a misprinted date in the future must not move the window
        for day in seen:
            if day is not None and day <= self.today and (self._latest is None or day > self._latest):
                self._latest = day

    def _count(self, key: str, row: Row) -> None:
        fact, kept = fact_of(row.patent, row.applicants), self._facts.get(key)
        if kept is None or _earlier(fact, kept):
            self._facts[key] = fact


def _earlier(one: Fact, other: Fact) -> bool:
    """Whether ``one`` was filed first: of a family its first filing is counted."""
    return (one.filed or date.max, one.id) < (other.filed or date.max, other.id)
