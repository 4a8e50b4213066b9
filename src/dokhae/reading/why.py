"""Why an answer is what it is: the passages weighed, what cues and model found, and the words that carried the first.

In: a ``Text``, a question or a field, the ``Ways`` questions are answered by.  Out: ``Explained``: the answer, read as
it is read everywhere, and what led to it.  Explaining costs more than answering and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from dokhae.models import Scored
from dokhae.reading import ask, cascade, combination, marking, occlusion, parts, scoring
from dokhae.reading.comprehension import Comprehension, probability_of
from dokhae.reading.fields import Field
from dokhae.reading.judging import Limits
from dokhae.reading.occlusion import Answered, Weight
from dokhae.reading.places import cite
from dokhae.reading.reply import Ways, named_field, reply
from dokhae.reading.selecting import choose
from dokhae.reading.view import View
from dokhae.types import Answer, AnswerStatus, Candidate, Evidence, Passage, Span, Text

_NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})
_UNREAD = (AnswerStatus.no_source_text, AnswerStatus.not_applicable)
_ODDS = "log-odds"
N_MARKS = 8  # of the model, told for a field
N_FIELD_WORDS = 30  # left out for each of several fields


@dataclass(frozen=True, slots=True)
class Considered:
    """A passage that could answer.  worth, reasons: what the selector made of it, nothing where it did not choose."""

    passage: Evidence
    was_read: bool
    worth: float = 0.0
    reasons: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Explained:
    """An answer and what led to it.

    question: as the model was asked, "" for a field.  limits: from which scores it answers.  considered: best first.
    words: what carried the first candidate, heaviest first, in ``around``: its passage.  by_cues, by_model: what each
    proposed for a field, before they were judged together by ``weights``.
    """

    answer: Answer
    limits: Limits
    question: str = ""
    considered: tuple[Considered, ...] = ()
    words: tuple[Weight, ...] = ()
    around: Evidence | None = None
    by_cues: tuple[Candidate, ...] = ()
    by_model: tuple[Candidate, ...] = ()
    weights: Mapping[str, float] = field(default_factory=lambda: _NO_WEIGHTS)


def why(text: Text, question: str, ways: Ways, *, category: str = "invention") -> Explained:
    """Why ``text`` says what it says to ``question``.  Raises InputError as ``reply`` does."""
    named = named_field(question, ways.fields)
    if named is not None:
        return why_field(text, named, ways, category=category)
    answer = reply(text, question, ways, category=category)
    limits = ask.LIMITS if ways.by is None else ways.by.calibration.limits
    return _asked(text, question, ways.by, Explained(answer, limits, question))


def why_field(text: Text, of: Field, ways: Ways, *, category: str = "invention") -> Explained:
    """Why ``text`` has this answer to a field; of one that another decides, why that one is what it is."""
    [answer] = cascade.read_text(text, (of,), category=category, by=ways.by, together=ways.together)
    while of.source is not None:
        of = of.source
    if of.reader == "question":
        question = of.wording(text.lang)
        limits = cascade.LIMITS if ways.by is None else ways.by.calibration.limits
        return _asked(text, question, ways.by, Explained(answer, limits, question))
    return _standing(text, of, ways, answer)


def _ranked(text: Text, question: str, by: Comprehension) -> list[tuple[Considered, Passage]]:
    among = by.cut(text, by.reader.room(question))
    ranked = choose(question, among, by.vectors, replace(by.effort, n_read=None))
    n_read = len(ranked) if by.effort.n_read is None else by.effort.n_read
    return [
        (Considered(_cited_passage(text, one.passage), one.rank < n_read, one.worth, one.parts), one.passage)
        for one in ranked
    ]


def _asked(text: Text, question: str, by: Comprehension | None, found: Explained) -> Explained:
    """What led to the answer to a question; without a model the reasons of the candidates say it all."""
    if by is None or found.answer.status in _UNREAD:
        return found
    if found.answer.status is AnswerStatus.language_not_read and not found.answer.candidates:
        return found  # nothing was put to the model
    ranked = _ranked(text, question, by)
    explained = replace(found, considered=tuple(one for one, _ in ranked))
    if not found.answer.candidates:
        return explained
    first = found.answer.candidates[0].evidence.span
    around = next((passage for one, passage in ranked if one.was_read and passage.span.covers(first)), None)
    return explained if around is None else _with_words(text, explained, around, by, (question, ""))


def _with_words(text: Text, found: Explained, around: Passage, by: Comprehension, told: tuple[str, str]) -> Explained:
    """What the words of the passage ``around`` the first candidate are worth to it.

    told: the question, which is weighed too, or what a reader of fields is told of a passage; the field, "" for none.
    """
    first, (question, of) = found.answer.candidates[0].evidence.span, told
    own = Span(first.start - around.span.start, first.end - around.span.start)
    n = N_FIELD_WORDS if of else occlusion.N_WORDS
    weighed = occlusion.weights(Answered(question, around.text, own, of), by.reader, n=n)
    return replace(found, words=tuple(weighed), around=_cited_passage(text, around))


def _standing(text: Text, of: Field, ways: Ways, answer: Answer) -> Explained:
    """What cues and model each proposed for a field of theirs, and how the two were judged."""
    view, together = View(text), ways.together or combination.shipped()
    table = cascade.table_of(text, of, ways.by, together)
    found = Explained(answer, cascade.LIMITS if table is None else table.limits)
    if answer.status in _UNREAD:
        return found
    proposed = parts.candidates(text) if of.reader == "parts" else scoring.candidates(view, of.cues)
    found = replace(found, by_cues=_cited(text, proposed))
    if table is None:
        return found
    found = replace(found, weights=table.weights)
    return _marked(view, found, ways.by, of) if ways.by and table.with_model else found


def _marked(view: View, found: Explained, by: Comprehension, of: Field) -> Explained:
    """What the model marked for a field, in which passages, and the words around the first candidate if it did."""
    text, reader = view.text, cascade.field_reader(by)
    if reader is None:
        return found
    marks = marking.Marking(view, reader)
    read = marks.passages(of.cues)
    marked = sorted(marks.of(of.cues), key=lambda one: -one.margin)
    found = replace(
        found,
        considered=tuple(Considered(_cited_passage(text, one), was_read=True) for one in read),
        by_model=tuple(
            Candidate(cite(text, one.span), probability_of(one.margin), ((_ODDS, one.margin),))
            for one in marked[:N_MARKS]
        ),
    )
    first = next((one.evidence.span for one in found.answer.candidates), Span(0, 0))
    around = next((one for one in read if one.span.covers(first)), None)
    if around is None or not any(one.span.overlaps(first) for one in marked):
        return found  # cues alone found it
    return _with_words(text, found, around, by, (marking.about(around.section.kind, view.title), of.cues))


def _cited_passage(text: Text, passage: Passage) -> Evidence:
    """A passage with its place; one of claims begins before their numbers, and is named by the first in it."""
    found = cite(text, passage.span)
    claim = next((claim for claim in text.claims if claim.span.overlaps(passage.span)), None)
    return found if claim is None else replace(found, place=f"claim {claim.number}")


def _cited(text: Text, found: Iterable[Scored]) -> tuple[Candidate, ...]:
    return tuple(Candidate(cite(text, one.span), one.score, one.reasons) for one in found)
