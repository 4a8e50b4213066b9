"""Reading a whole study: every text not yet read, in worker processes, stored as the answers come.

In: a store opened for writing, the fields, the model that reads beside the cues.  Out: ``ReadTexts``.  Workers never
touch the database: they get a text and give answers back; each loads the model once, with its first text.  What is
stored is kept if the run is stopped; the next run goes on with the rest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dokhae.engine import Done, Engine, Failed, Item, Progress
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models import in_use
from dokhae.models.card import Card
from dokhae.reading import comprehension, learned
from dokhae.reading.cascade import fields_made_by, made_by, read_text
from dokhae.reading.fields import Field, digest_of
from dokhae.reading.learned import Learned
from dokhae.study import reviewed
from dokhae.study.results import ReadTexts
from dokhae.types import Answer, AnswerStatus, Text

# A batch is written after a second or so many texts, whichever comes first: that much is lost with a crash.
_BATCH_S = 1.0
_BATCH_TEXTS = 500
_PASSAGES_A_QUESTION = 6  # read of a text for each field of the user's own


@dataclass(frozen=True, slots=True)
class _Task:
    digest: str
    category: str
    text: Text


def schema_of(fields: Sequence[Field], card: Card | None, judged: Learned | None = None) -> str:
    """The key answers are stored under: what was asked, by which cues, which model, and how they are combined.

    card: of the reader that reads beside the cues, None for cues alone.  judged: what the study has learned, if it has.
    """
    judged = learned.shipped() if judged is None else judged
    asked = f"{digest_of(fields)} {made_by()}"
    if card is None:
        return asked
    free = f" {judged.free_digest}" if any(field.reader == "question" for field in fields) else ""
    return f"{asked} {fields_made_by(card.digest, judged.together)}{free}"


@dataclass(frozen=True, slots=True)
class How:
    """By what texts are read.  model: the setting ``read.model``.  lessons: learned.toml, if there may be one.

    kind: "" for the fields of study.toml, else a name of its own: what is shown of one kind takes nothing from another.
    """

    model: str = in_use.NONE
    lessons: Path | None = None
    kind: str = ""


def read_all(
    store: SqliteStore, fields: Sequence[Field], engine: Engine, progress: Progress, how: How | None = None
) -> ReadTexts:
    """Reads every current text that has no answers to exactly these fields.

    What is read last is what is shown, also where all of its answers were there before.  A text whose reading fails
    gets "failed" answers under another key: shown, and tried again by the next run.
    Raises InputError, before anything is read, where the model is missing or its files are not what its card says.
    """
    how = how or How()
    started_s = time.monotonic()
    name = in_use.chosen(how.model)
    card = in_use.card(name)
    judged = learned.shipped() if card is None or how.lessons is None else learned.load(how.lessons, card.digest)
    schema = schema_of(fields, card, judged)
    work = partial(_answers, fields=tuple(fields), model=name, judged=judged, threads=threads_of(engine))
    total = sum(1 for _ in store.unread(schema))
    batch = Batch(store)
    n_read = n_failed = 0
    try:
        for result in engine.map(work, _tasks(store, schema)):
            match result:
                case Item(key=task, value=answers):
                    batch.put(task.digest, schema, answers)
                case Failed(key=task):
                    n_failed += 1
                    batch.put(task.digest, f"{schema} failed", _failed(task.text, fields))
                case Done():
                    n_read += 1
            progress(n_read + n_failed, total)
    finally:
        batch.write()
    # Only now: a reading that was cut short leaves the answers of the one before, not a mixture
    store.show_answers_of(schema, kind=how.kind)
    statuses, n_texts = _statuses(store, fields)
    read_by = f"{card.name} {card.version}".strip() if card else ""
    return ReadTexts(
        n_read, n_texts - n_read - n_failed, n_failed, statuses, time.monotonic() - started_s, read_by, judged.state
    )


class Batch:
    """Answers on their way to the store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._waiting: list[tuple[str, str, Sequence[Answer]]] = []
        self._since_s = time.monotonic()

    def put(self, text: str, schema: str, answers: Sequence[Answer]) -> None:
        self._waiting.append((text, schema, answers))
        if len(self._waiting) >= _BATCH_TEXTS or time.monotonic() - self._since_s >= _BATCH_S:
            self.write()

    def write(self) -> None:
        with self._store.batch():
            for text, schema, answers in self._waiting:
                self._store.put_answers(text, schema, answers)
        self._waiting.clear()
        self._since_s = time.monotonic()


def _answers(
    task: _Task, *, fields: tuple[Field, ...], model: str, judged: Learned, threads: int | None
) -> Iterator[tuple[Answer, ...]]:
    """The work of one worker on one text."""
    by = judged.taught(comprehension.in_force(model, _PASSAGES_A_QUESTION, threads))
    yield read_text(task.text, fields, category=task.category, by=by, together=judged.together)


def threads_of(engine: Engine) -> int | None:
    """Threads a model may run on: one where several workers share the cores, else one a core."""
    return 1 if getattr(engine, "workers", 1) > 1 else None


def _failed(text: Text, fields: Sequence[Field]) -> tuple[Answer, ...]:
    return tuple(Answer(field.id, AnswerStatus.failed, read_from=text.read_from) for field in fields)


def _tasks(store: SqliteStore, schema: str) -> Iterator[_Task]:
    for digest in store.unread(schema):
        patents = (patent for patent in store.find(digest) if patent.text == digest)
        category = next((patent.category for patent in patents), "invention")
        yield _Task(digest, category, store.text(digest))


def _statuses(store: SqliteStore, fields: Sequence[Field]) -> tuple[dict[str, Counter[AnswerStatus]], int]:
    """How the answers of the whole study stand, by field, and how many texts they come from."""
    counts: dict[str, Counter[AnswerStatus]] = {field.id: Counter() for field in fields}
    texts = {patent.text for patent in store.patents(representatives_only=True)}
    reviews = store.reviews()
    for text in texts:
        answers = reviewed.shown(store.answers(text), reviews.get(text, {}), partial(store.text, text))
        for field, count in counts.items():
            if field in answers:
                count[answers[field].status] += 1
    return counts, len(texts)
