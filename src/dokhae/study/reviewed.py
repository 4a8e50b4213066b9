"""A person's word beats the machine's: what is shown of a field that was reviewed.

In: the answers of a text as they were read, its reviews.  Out: the answers as they are shown.  What the machine said
stays in the library as it is; reading again changes nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dokhae.library.reviews import Review, Verdict
from dokhae.reading.places import cite
from dokhae.types import REVIEW, Answer, AnswerStatus, Candidate, Text

_SURE = 1.0


def shown(answers: Mapping[str, Answer], reviews: Mapping[str, Review], text: Callable[[], Text]) -> dict[str, Answer]:
    """Every answer, those reviewed as the person left them.  text: loaded only where something was reviewed."""
    merged = dict(answers)
    for field, review in reviews.items():
        if review.holds:
            merged[field] = answer(answers.get(field), review, text())
    return merged


def answer(machine: Answer | None, review: Review, text: Text) -> Answer:
    """The answer of one field as ``review`` leaves it: the person's passages alone, or why there is none.

    Wrong: withheld, with the candidates that share nothing with what was rejected.  Not in the text: not stated.
    """
    if review.verdict is not Verdict.reject:
        status, kept = AnswerStatus.answered, tuple(Candidate(cite(text, span), _SURE) for span in review.spans)
    elif review.is_silence:
        status, kept = AnswerStatus.not_stated, ()
    else:
        status, kept = AnswerStatus.withheld, _besides(machine, review)
    read = machine or Answer(review.field, status, read_from=text.read_from)
    return replace(read, status=status, candidates=kept, value=_value(machine, kept), made_by=f"{REVIEW}{review.by}")


def _value(machine: Answer | None, kept: tuple[Candidate, ...]) -> str | None:
    """A value stands on the words the machine chose: on others there is none."""
    if machine is None or not machine.candidates or not kept:
        return None
    return machine.value if machine.candidates[0].evidence.span == kept[0].evidence.span else None


def _besides(machine: Answer | None, review: Review) -> tuple[Candidate, ...]:
    found = machine.candidates if machine else ()
    return tuple(one for one in found if not any(one.evidence.span.overlaps(span) for span in review.spans))
