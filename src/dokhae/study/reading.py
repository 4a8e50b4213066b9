"""Reading a whole study: every text not yet read, in worker processes, stored as the answers come.

In: a store opened for writing, the fields, the model that reads beside the cues.  Out: ``ReadTexts``.  Workers never
touch the database: they get a text and give answers back; each loads the model once, with its first text.  What is
stored is kept if the run is stopped; the next run goes on with the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from dokhae.engine import Done, Engine, Failed, Item, Progress
from dokhae.library.cuts import Cuts
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models import in_use
from dokhae.models.card import Card
from dokhae.reading import calibration, choosing, comprehension, cutting, learned, selecting
from dokhae.reading.cascade import fields_made_by, made_by, read_text
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field, digest_of
from dokhae.reading.learned import Learned
from dokhae.study import showing
from dokhae.study.rates import column_kind
from dokhae.study.results import ReadTexts
from dokhae.types import Answer, AnswerStatus, Text

# A batch is written after a second or so many texts, whichever comes first: that much is lost with a crash.
_BATCH_S = 1.0
_BATCH_TEXTS = 500


@dataclass(frozen=True, slots=True)
class _Task:
    digest: str
    category: str
    text: Text
    known: Mapping[str, Answer]  # answers that decide fields
    cut: bytes | None = None  # of the text for questions, if it was cut before


@dataclass(frozen=True, slots=True)
class _Read:
    """What a worker found in a text.  cut: of the text, if it was cut only now."""

    answers: tuple[Answer, ...]
    cut: bytes | None = None


@dataclass(frozen=True, slots=True)
class How:
    """By what texts are read.  model: the setting ``read.model``.  lessons: learned.toml, if there may be one.

    kind: "" for the fields of study.toml, else a name of its own: what is shown of one kind takes nothing from another.
    cuts: where texts cut for questions are kept, None to keep none.
    """

    model: str = in_use.NONE
    lessons: Path | None = None
    kind: str = ""
    cuts: Path | None = None


def schema_of(fields: Sequence[Field], card: Card | None, judged: Learned | None = None) -> str:
    """The key answers are stored under: what was asked, by which cues, which model, and how they are combined.

    card: of the reader that reads beside the cues, None for cues alone.  judged: what the study has learned, if it has.
    """
    judged = learned.shipped() if judged is None else judged
    asked = f"{digest_of(fields)} {made_by()}"
    if card is None:
        return asked
    free = f" {judged.free_digest}" if any(field.reader == "question" for field in fields) else ""
    if len(fields) == 1 and fields[0].is_alone:
        chosen = f"{selecting.shipped(MANY.name).digest} {MANY.n_read}x{MANY.max_tokens} {in_use.static_digest()}"
        free = f" {judged.free_digest} {chosen}"
    return f"{asked} {fields_made_by(card.digest, judged.together)}{free}"


def take_over(store: SqliteStore, fields: Sequence[Field], how: How) -> None:
    """Gives each question of the user's own its key, where an older version kept all fields of a schema under one.

    Only what is stored under exactly these fields and this model is taken; nothing is read.
    """
    card = in_use.card(in_use.chosen(how.model))
    judged = _judged(how, card)
    alone, together = [f for f in fields if f.is_alone], [f for f in fields if not f.is_alone]
    joint = schema_of(fields, card, judged)
    batch = Batch(store)
    for group in (together, *([field] for field in alone)) if alone and together else ():
        wanted = {field.id for field in group}
        schema = _key(group, card, judged, column_kind(group[0].id) if group[0].is_alone else "")
        for digest in list(store.unread(schema)):
            if (stored := store.answers_of(digest, joint)) is not None:
                batch.put(digest, schema, tuple(answer for answer in stored if answer.field in wanted))
    batch.write()


def _key(fields: Sequence[Field], card: Card | None, judged: Learned, kind: str) -> str:
    schema = schema_of(fields, card, judged)
    return f"{kind} {schema}" if kind else schema


def _judged(how: How, card: Card | None) -> Learned:
    return learned.shipped() if card is None or how.lessons is None else learned.load(how.lessons, card.digest)


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
    judged = _judged(how, card)
    schema = _key(fields, card, judged, how.kind)
    work = partial(_answers, fields=tuple(fields), model=name, judged=judged, threads=threads_of(engine))
    total = sum(1 for _ in store.unread(schema))
    cuts = _cuts(store, how, card) if card is not None and _ask(fields) else None
    batch = Batch(store, cuts)
    n_read = n_failed = 0
    try:
        for result in engine.map(work, _tasks(store, schema, fields, cuts)):
            match result:
                case Item(key=task, value=read):
                    batch.put(task.digest, schema, read.answers, read.cut)
                case Failed(key=task):
                    n_failed += 1
                    batch.put(task.digest, f"{schema} failed", _failed(task.text, fields))
                case Done():
                    n_read += 1
            progress(n_read + n_failed, total)
    finally:
        batch.close()
    # Only now: a reading that was cut short leaves the answers of the one before, not a mixture
    store.show_answers_of(schema, kind=how.kind)
    n_texts = len({patent.text for patent in store.patents(representatives_only=True)})
    stand = showing.standing(store, fields, judged.calibration or calibration.shipped(MANY.name))
    read_by = f"{card.name} {card.version}".strip() if card else ""
    n_kept, seconds = n_texts - n_read - n_failed, time.monotonic() - started_s
    return ReadTexts(n_read, n_kept, n_failed, stand.statuses, seconds, read_by, judged.state, stand.confidence)


class Batch:
    """Answers on their way to the store, and cuts to theirs, if they are kept."""

    def __init__(self, store: SqliteStore, cuts: Cuts | None = None) -> None:
        self._store, self._cuts = store, cuts
        self._waiting: list[tuple[str, str, Sequence[Answer]]] = []
        self._cut: list[tuple[str, bytes]] = []
        self._since_s = time.monotonic()

    def put(self, text: str, schema: str, answers: Sequence[Answer], cut: bytes | None = None) -> None:
        self._waiting.append((text, schema, answers))
        if cut is not None:
            self._cut.append((text, cut))
        if len(self._waiting) >= _BATCH_TEXTS or time.monotonic() - self._since_s >= _BATCH_S:
            self.write()

    def keep(
        self, results: Iterable[Item[Any, Any] | Done[Any] | Failed[Any]], schema: str, said: Callable[[int], None]
    ) -> tuple[int, int]:
        """Stores what workers answer for the texts of their tasks; how many there were, how many failed.

        What has come is kept if the run is stopped.  said: how many have ended.
        """
        n_read = n_failed = 0
        try:
            for result in results:
                match result:
                    case Item(key=task, value=answers):
                        self.put(task.text.digest, schema, answers)
                        n_read += 1
                    case Failed():
                        n_failed += 1
                said(n_read + n_failed)
        finally:
            self.write()
        return n_read, n_failed

    def write(self) -> None:
        with self._store.batch():
            for text, schema, answers in self._waiting:
                self._store.put_answers(text, schema, answers)
        self._waiting.clear()
        if self._cuts is not None and self._cut:
            self._cuts.put(self._cut)
            self._cut.clear()
        self._since_s = time.monotonic()

    def close(self) -> None:
        """Writes what waits."""
        self.write()
        if self._cuts is not None:
            self._cuts.close()


def _answers(
    task: _Task, *, fields: tuple[Field, ...], model: str, judged: Learned, threads: int | None
) -> Iterator[_Read]:
    """The work of one worker on one text; the model is loaded with the first that needs it."""
    if all(field.source is not None and field.source.id in task.known for field in fields):
        yield _Read(tuple(_derived(task, field, model) for field in fields))
        return
    by = judged.taught(comprehension.in_force(model, MANY, threads))
    known = None if by is None or task.cut is None else by.kept(task.cut, task.text)
    cut = by.cut(task.text) if by is not None and known is None and _ask(fields) else known
    answers = read_text(task.text, fields, category=task.category, by=by, together=judged.together, cut=cut)
    yield _Read(answers, None if cut is known or cut is None else cutting.pack(cut, task.text))


def _ask(fields: Sequence[Field]) -> bool:
    """Whether one of them is put to a text as a question."""
    return any("question" in (field.reader, field.source.reader if field.source else "") for field in fields)


def _cuts(store: SqliteStore, how: How, card: Card) -> Cuts | None:
    """The cuts kept of the current texts, if any are to be kept."""
    if how.cuts is None:
        return None
    cuts = Cuts(how.cuts, cutting.key_of(MANY, card.digest, in_use.static_digest()))
    cuts.keep_only({patent.text for patent in store.patents(representatives_only=True)})
    return cuts


def _derived(task: _Task, field: Field, model: str) -> Answer:
    vectors = in_use.static() if model != in_use.NONE else None
    return choosing.derived(task.text, field, task.known[field.source.id if field.source else ""], vectors)


def threads_of(engine: Engine) -> int | None:
    """Threads a model may run on: one where several workers share the cores, else one a core."""
    return 1 if getattr(engine, "workers", 1) > 1 else None


def _failed(text: Text, fields: Sequence[Field]) -> tuple[Answer, ...]:
    return tuple(Answer(field.id, AnswerStatus.failed, read_from=text.read_from) for field in fields)


def _tasks(store: SqliteStore, schema: str, fields: Sequence[Field], cuts: Cuts | None) -> Iterator[_Task]:
    sources = {field.source.id for field in fields if field.source is not None}
    for digest in store.unread(schema):
        patents = (patent for patent in store.find(digest) if patent.text == digest)
        category = next((patent.category for patent in patents), "invention")
        stored = store.answers(digest) if sources else {}
        known = {name: stored[name] for name in sources if name in stored}
        yield _Task(digest, category, store.text(digest), known, None if cuts is None else cuts.get(digest))
