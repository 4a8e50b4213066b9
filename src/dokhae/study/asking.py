"""One question to every patent: read like a field of its own, and what came of it.

In: what a study shows of a column (showing.py: corrected for how rare an answer is in the set).  Out: ``AskedAll``.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dokhae.library import Patent
from dokhae.reading import comprehension
from dokhae.reading.fields import Field
from dokhae.study import rates
from dokhae.study.results import AskedAll, ReadTexts, Reply
from dokhae.study.showing import Showing
from dokhae.types import Answer, AnswerStatus

_SHORT_CHARS = 50  # so few characters are never too many tokens: the model need not be loaded to know


def check(column: Field, model: str) -> None:
    """Raises InputError where the model in force cannot take the question: ``question-too-long``."""
    if max(len(column.ko), len(column.en)) <= _SHORT_CHARS:
        return
    by = comprehension.in_force(model)
    if by is not None:
        by.reader.read([(wording, ".") for wording in (column.ko, column.en)])


def with_columns(done: ReadTexts, columns: Sequence[ReadTexts]) -> ReadTexts:
    """What reading the standing fields did, with the statuses, the time and the failures of the columns."""
    every = (done, *columns)
    statuses = {field: counts for one in every for field, counts in one.statuses.items()}
    n_read, n_failed = max(one.read for one in every), max(one.failed for one in every)
    n_texts = done.read + done.kept + done.failed
    seconds = sum(one.seconds for one in every)
    kept = max(0, n_texts - n_read - n_failed)
    sure = sum((one.confidence for one in columns), done.confidence)
    summed = replace(done, statuses=statuses, seconds=seconds, confidence=sure)
    return replace(summed, read=n_read, kept=kept, failed=n_failed)


def asked_all(showing: Showing, column: Field, read: ReadTexts, *, limit: int) -> AskedAll:
    """The surest answers of a column, and how many of all are expected to be right."""
    answering = [
        (answer.score, patent, answer)
        for patent, answer in _answers(showing, column)
        if answer.status is AnswerStatus.answered
    ]
    best = heapq.nlargest(limit, answering, key=lambda one: (one[0], -one[1].id))
    replies = tuple((Reply(patent, answer), score) for score, patent, answer in best)
    rate = showing.rates.get(column.id)
    share = rate.rate if rate is not None and rate.made_by else None
    made_by = rate.made_by if rate is not None else ""
    return AskedAll(column, read, replies, sum(score for score, _, _ in answering), share, made_by)


def _answers(showing: Showing, column: Field) -> Iterator[tuple[Patent, Answer]]:
    """The representative of each application that was read, with what it says."""
    reviews = showing.store.reviews()
    for patent in showing.store.patents(representatives_only=True):
        on = reviews.get(patent.text, {})
        answer = showing.answers(patent.text, on, kind=rates.column_kind(column.id)).get(column.id)
        if answer is not None:
            yield patent, answer
