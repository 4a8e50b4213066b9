"""How well a reader reads: EM, F1, and what it makes of questions the text does not answer.

In: a reader and questions.  Out: figures.  Long texts are read in overlapping windows and the best span of all of them
by score is the answer; below the threshold the reader says there is none.  Where every question has an answer, the best
span counts whatever its score, as the official scripts of SQuAD 1.1 and KorQuAD do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dokhae.errors import InputError
from dokhae.models import Reader
from dokhae.models.evaluation import Figure
from dokhae.models.evaluation.intervals import mean
from dokhae.models.evaluation.squad import Question
from dokhae.models.evaluation.windows import windows
from dokhae.models.evaluation.wording import (
    Units,
    english,
    english_words,
    exact,
    f1,
    is_korean,
    korean,
    korean_characters,
    pairs,
)

THRESHOLD = 0.5  # where the best span and "it is not here" score alike
_QUESTIONS_AT_ONCE = 64

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Measure:
    """How answers of one language are compared.  language: "ko" or "en"."""

    language: str
    normal: Callable[[str], str]
    units: Units


KOREAN = Measure("ko", korean, korean_characters)
ENGLISH = Measure("en", english, english_words)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and the best span for it, "" where no window gave one; score: that it is right."""

    question: Question
    text: str
    score: float


def measure_for(questions: Sequence[Question]) -> Measure:
    """Korean where most questions hold Hangul."""
    n_korean = sum(is_korean(question.question) for question in questions)
    return KOREAN if 2 * n_korean > len(questions) else ENGLISH


def answer(reader: Reader, questions: Sequence[Question], progress: Progress) -> list[Answered]:
    """The best span of every question's text."""
    count = lru_cache(maxsize=4096)(reader.count)
    answered: list[Answered] = []
    for low in range(0, len(questions), _QUESTIONS_AT_ONCE):
        asked = questions[low : low + _QUESTIONS_AT_ONCE]
        pieces = [list(_pieces(reader, question, count)) for question in asked]
        read = reader.read(
            [(question.question, piece) for question, own in zip(asked, pieces, strict=True) for piece in own]
        )
        readings = iter(read)
        for question, own in zip(asked, pieces, strict=True):
            found = [
                (candidate.score, piece[candidate.span.start : candidate.span.end])
                for piece in own
                for candidate in next(readings).candidates[:1]
            ]
            score, text = max(found, key=lambda pair: pair[0], default=(0.0, ""))
            answered.append(Answered(question, text, score))
        progress(len(answered), len(questions))
    return answered


def figures(answered: Sequence[Answered], measure: Measure) -> Iterator[Figure]:
    """EM, F1 and pair F1 of all; where some have no answer, those of both kinds, at 0.5 and at the best threshold."""
    groups = [one.question.article for one in answered]
    has_answer = [bool(one.question.answers) for one in answered]
    threshold = 0.0 if all(has_answer) else THRESHOLD
    graded = [_grade(one, measure, threshold) for one in answered]
    for n, name in enumerate(("exact", f"f1_{measure.language}", "f1_pairs")):
        yield mean(name, [grade[n] for grade in graded], groups)
    refused = [float(one.score < THRESHOLD) for one in answered]
    yield _over(has_answer, "refused_wrongly", refused, groups)
    if all(has_answer):
        return
    yield _over(has_answer, "has_answer_exact", [grade[0] for grade in graded], groups)
    yield _over(has_answer, "has_answer_f1", [grade[1] for grade in graded], groups)
    yield _over([not has for has in has_answer], "no_answer_refused", refused, groups)
    threshold, best = best_threshold(answered, measure)
    yield Figure("best_threshold", threshold, len(answered))
    yield Figure("best_threshold_f1", best, len(answered))


def best_threshold(answered: Sequence[Answered], measure: Measure) -> tuple[float, float]:
    """The score from which answering pays most, and the F1 it gives.  Found on the data it is said of: a ceiling."""
    order = np.argsort([-one.score for one in answered], kind="stable")
    gains = []  # what answering gives over refusing, from the surest answer on
    for n in order:
        one = answered[n]
        gains.append(_grade(one, measure, 0.0)[1] - (0.0 if one.question.answers else 1.0))
    totals = np.concatenate([[0.0], np.cumsum(gains)]) + sum(not one.question.answers for one in answered)
    scores = [answered[n].score for n in order]
    # a threshold cannot part equal scores
    allowed = [n for n in range(len(totals)) if n in (0, len(scores)) or scores[n - 1] > scores[n]]
    best = max(allowed, key=lambda n: float(totals[n]))
    return (scores[best - 1] if best else 1.0), float(totals[best]) / len(answered)


def _pieces(reader: Reader, question: Question, count: Callable[[str], int]) -> Iterator[str]:
    room = reader.room(question.question)
    if room < 1:
        raise InputError("question-too-long", length=count(question.question), limit=reader.max_tokens)
    for window in windows(question.context, count, room=room):
        yield question.context[window.start : window.end]


def _grade(one: Answered, measure: Measure, threshold: float) -> tuple[float, float, float]:
    """Exact match, F1 and pair F1 against the best accepted answer; refusing is right where there is none."""
    said = one.text if one.score >= threshold else ""
    accepted = one.question.answers or ("",)
    return (
        max(exact(said, text, measure.normal) for text in accepted),
        max(f1(said, text, measure.units) for text in accepted),
        max(f1(said, text, pairs) for text in accepted),
    )


def _over(chosen: Sequence[bool], name: str, values: Sequence[float], groups: Sequence[int]) -> Figure:
    kept = [n for n, is_chosen in enumerate(chosen) if is_chosen]
    return mean(name, [values[n] for n in kept], [groups[n] for n in kept])
