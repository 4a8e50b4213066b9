"""One question to every patent: read like a field of its own, and what came of it.

In: a store whose texts were read for a column.  Out: ``AskedAll``.  Probabilities stay in the store as they were
calibrated, for a patent somebody chose; here they are corrected for how rare the answer is in the set (rarity.py).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dokhae.library import Patent
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading import calibration, comprehension, rarity
from dokhae.reading.fields import Field
from dokhae.study.results import AskedAll, ReadTexts, Reply
from dokhae.types import Answer, AnswerStatus


def check(column: Field, model: str) -> None:
    """Raises InputError where the model in force cannot take the question: ``question-too-long``."""
    by = comprehension.in_force(model)
    if by is not None:
        by.reader.read([(wording, ".") for wording in (column.ko, column.en)])


def with_columns(done: ReadTexts, columns: Sequence[ReadTexts]) -> ReadTexts:
    """What reading the standing fields did, with the statuses and the time of the columns."""
    statuses = dict(done.statuses)
    for column in columns:
        statuses |= column.statuses
    return replace(done, statuses=statuses, seconds=done.seconds + sum(column.seconds for column in columns))


def asked_all(store: SqliteStore, column: Field, read: ReadTexts, *, limit: int) -> AskedAll:
    """The surest answers of a column, and how many of all are expected to be right."""
    found = list(_answers(store, column))
    raw = [answer.score for _, answer in found]
    probabilities, share = rarity.corrected(raw, calibration.shipped().prior) if read.read_by else (raw, None)
    answering = [
        (probability, patent, answer)
        for probability, (patent, answer) in zip(probabilities, found, strict=True)
        if answer.status is AnswerStatus.answered
    ]
    best = heapq.nlargest(limit, answering, key=lambda one: (one[0], -one[1].id))
    replies = tuple((Reply(patent, answer), probability) for probability, patent, answer in best)
    return AskedAll(column, read, replies, sum(one for one, _, _ in answering), share)


def _answers(store: SqliteStore, column: Field) -> Iterator[tuple[Patent, Answer]]:
    """The representative of each application that was read, with what it says."""
    for patent in store.patents(representatives_only=True):
        answer = store.answers(patent.text).get(column.id)
        if answer is not None:
            yield patent, answer
