"""Screening a whole study: a verdict for every application, stored as an answer of its text.

In: a store opened for writing, criteria, the index that finds what their queries find.  Out: ``Screened``.  Only texts
whose verdict hangs on something new are decided; workers get a text with what is known of its patents and give
verdicts back.  What is stored is kept if the run is stopped, and shown once all are.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from dokhae.engine import Engine, Progress
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models import in_use
from dokhae.reading import comprehension, learned
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field
from dokhae.reading.learned import Learned
from dokhae.reading.reply import Ways, named_field, reply
from dokhae.screening import SCREEN, name_for, own, rule_of
from dokhae.screening.conditions import Ask, Query
from dokhae.screening.criteria import Criteria
from dokhae.screening.deciding import Case, decide, is_current, verdict_of
from dokhae.search.index import Index, stemmer
from dokhae.study.reading import Batch, schema_of, threads_of
from dokhae.study.results import Decisions, Screened
from dokhae.types import Answer, Text


@dataclass(frozen=True, slots=True)
class Means:
    """What patents are asked with: the fields a question may name, the setting ``read.model``, what reviews taught."""

    fields: tuple[Field, ...]
    model: str = in_use.NONE
    judged: Learned = field(default_factory=learned.shipped)


@dataclass(frozen=True, slots=True)
class _Task:
    text: Text
    cases: tuple[Case, ...]


def screen_all(
    store: SqliteStore, criteria: Criteria, index: Index, engine: Engine, means: Means, *, progress: Progress
) -> Screened:
    """Decides about every application whose verdict is not known for these criteria.

    A text whose deciding fails gets no verdict and is tried again by the next run.
    Raises InputError, before anything is decided, where the model is missing or a question is too long for it.
    """
    started_s = time.monotonic()
    _check_questions(criteria, means)
    schema = f"{SCREEN} {criteria.digest} {_made_by(criteria, means)}".rstrip()
    held = {leaf.query: index.ids(leaf.query) for leaf in criteria.leaves if isinstance(leaf, Query)}
    tasks = list(_tasks(store, criteria, held, means))
    todo = [task for task in tasks if not _is_known(store, task, criteria, schema)]
    work = partial(_verdicts, criteria=criteria, means=means, threads=threads_of(engine))
    results = engine.map(work, (_loaded(store, task) for task in todo))
    n_read, n_failed = Batch(store).keep(results, schema, lambda done: progress(done, len(todo)))
    # only now: a screening cut short leaves the verdicts of the one before, not a mixture
    store.show_answers_of(schema, kind=SCREEN)
    n_unread = sum(any(name not in case.answers for name in criteria.fields) for case in (t.cases[0] for t in tasks))
    kept = len(tasks) - n_read - n_failed
    seconds = time.monotonic() - started_s
    return Screened(n_read, kept, n_failed, decisions(store, criteria), seconds, n_unread)


def decisions(store: SqliteStore, criteria: Criteria) -> Decisions:
    """How many applications got which verdict, and by which rule."""
    verdicts: Counter[str] = Counter()
    rules: Counter[str] = Counter({rule.id: 0 for rule in criteria.rules})
    for patent in store.patents(representatives_only=True):
        verdict = own(store.answers(patent.text), patent.application).verdict
        if verdict is not None and verdict.value is not None:
            verdicts[verdict.value] += 1
            rules[rule_of(verdict)] += 1
    return Decisions(dict(verdicts), dict(rules))


@dataclass(frozen=True, slots=True)
class Member:
    """What is needed of a patent to decide about it: light enough for every one of a big study."""

    id: int
    application: int
    category: str


def texts_of(store: SqliteStore) -> dict[str, list[Member]]:
    """The representatives of each text that is read."""
    found: dict[str, list[Member]] = defaultdict(list)
    for patent in store.patents(representatives_only=True):
        found[patent.text].append(Member(patent.id, patent.application, patent.category))
    return found


@dataclass(frozen=True, slots=True)
class _Waiting:
    digest: str
    cases: tuple[Case, ...]


def _tasks(
    store: SqliteStore, criteria: Criteria, held: Mapping[str, Collection[int]], means: Means
) -> Iterator[_Waiting]:
    many = frozenset(one.id for one in means.fields if one.is_many)
    for digest, members in texts_of(store).items():
        stored = store.answers(digest)
        asked = {name: stored[name] for name in criteria.fields if name in stored}
        cases = (
            Case(
                frozenset(query for query, found in held.items() if member.id in found),
                asked,
                many & asked.keys(),
                member.category,
                answer_name(SCREEN, member, stored, is_alone=len(members) == 1),
            )
            for member in members
        )
        yield _Waiting(digest, tuple(cases))


def answer_name(kind: str, member: Member, stored: Mapping[str, Answer], *, is_alone: bool) -> str:
    """The name of its answer; one that once had to be told from others keeps its long name."""
    long = name_for(kind, member.application, is_alone=False)
    return name_for(kind, member.application, is_alone=is_alone and long not in stored)


def _is_known(store: SqliteStore, task: _Waiting, criteria: Criteria, schema: str) -> bool:
    stored = store.answers_of(task.digest, schema)
    return stored is not None and is_current(stored, criteria, task.cases)


def _loaded(store: SqliteStore, task: _Waiting) -> _Task:
    return _Task(store.text(task.digest), task.cases)


def _verdicts(task: _Task, *, criteria: Criteria, means: Means, threads: int | None) -> Iterator[tuple[Answer, ...]]:
    """The work of one worker on one text; the model is loaded with the first question."""
    yield tuple(_verdict(task.text, case, criteria, means, threads) for case in task.cases)


def _verdict(text: Text, case: Case, criteria: Criteria, means: Means, threads: int | None) -> Answer:
    def ask(question: str) -> Answer:
        by = means.judged.taught(comprehension.in_force(means.model, MANY, threads))
        return reply(text, question, Ways(means.fields, by, means.judged.together), category=case.category)

    return verdict_of(criteria, case, decide(criteria, case, ask), text, stemmer())


def _made_by(criteria: Criteria, means: Means) -> str:
    """What answers the questions of the criteria; "" where there is none."""
    if not criteria.asks:
        return ""
    card = in_use.card(in_use.chosen(means.model))
    # a column is part of what decides only where a question of the criteria names it
    named = [named_field(leaf.question, means.fields) for leaf in criteria.leaves if isinstance(leaf, Ask)]
    asked = [one for one in means.fields if not one.is_alone or one in named]
    return schema_of(asked, card, means.judged)


def _check_questions(criteria: Criteria, means: Means) -> None:
    """Raises InputError ``question-too-long`` for what every patent would fail on."""
    by = comprehension.in_force(means.model, MANY) if criteria.asks else None
    if by is not None:
        by.reader.read([(leaf.question, ".") for leaf in criteria.leaves if isinstance(leaf, Ask)])
