"""All fields of one text: every field ends with an answer or an honest reason why not.

In: a ``Text``, ``Field`` values.  Out: one ``Answer`` a field, evidence exact.  "no source text": none of the sections
that could answer is in the source.  "language not read": most of them are in a language that is not read, and nothing
in the rest answers.  "not stated": they are read, and nothing in them answers.  "withheld": something came close but
stayed below the threshold.  Scores are uncalibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dokhae.models import Scored
from dokhae.reading import ask, parts, scoring
from dokhae.reading.cues import LANGUAGES, digest
from dokhae.reading.fields import Field
from dokhae.reading.places import cite
from dokhae.reading.view import View, mostly_unread
from dokhae.types import Answer, AnswerStatus, Candidate, Text

MADE_BY = "cues uncalibrated"
# The built-in readers a field may name; each finds candidates in one view, best first.
READERS: dict[str, Callable[[View, Field], list[Scored]]] = {
    "cues": lambda view, field: scoring.candidates(view, field.cues),
    "parts": lambda view, field: parts.candidates(view.text),
    "question": lambda view, field: ask.candidates(view.text, field.wording(view.text.lang)),
}
ANSWERED_FROM = 0.5
WITHHELD_FROM = 0.4
UNREAD_CATEGORIES = ("design", "plant")


def made_by() -> str:
    """Names the reader and the digest of its cue data: answers of another reader are not mixed in."""
    return f"{MADE_BY} {digest()}"


def read_text(text: Text, fields: Sequence[Field], *, category: str = "invention") -> tuple[Answer, ...]:
    """One answer a field, in their order.  category: designs and plants are "not applicable"."""
    view = View(text)
    return tuple(_read_field(view, field, category) for field in fields)


def _read_field(view: View, field: Field, category: str) -> Answer:
    reason = _why_unreadable(view.text, field, category)
    if reason is not None:
        return Answer(field.id, reason, made_by=MADE_BY, read_from=view.text.read_from)
    found = READERS[field.reader](view, field)
    return Answer(
        field=field.id,
        status=_or_unread(_status(found), view.text, field),
        candidates=tuple(Candidate(cite(view.text, one.span), one.score, one.reasons) for one in found),
        made_by=MADE_BY,
        read_from=view.text.read_from,
    )


def _why_unreadable(text: Text, field: Field, category: str) -> AnswerStatus | None:
    if category in UNREAD_CATEGORIES:
        return AnswerStatus.not_applicable
    able = [section for section in text.of_kind(*field.sections) if section.span]
    if not able:
        return AnswerStatus.no_source_text
    if not any(section.lang in LANGUAGES for section in able):
        return AnswerStatus.language_not_read
    return None


def _or_unread(status: AnswerStatus, text: Text, field: Field) -> AnswerStatus:
    """Nothing found says nothing where most of what the field asks stands in a language nobody reads here."""
    if status is not AnswerStatus.not_stated or not mostly_unread(text.of_kind(*field.sections)):
        return status
    return AnswerStatus.language_not_read


def _status(found: Sequence[Scored]) -> AnswerStatus:
    best = found[0].score if found else 0.0
    if best >= ANSWERED_FROM:
        return AnswerStatus.answered
    return AnswerStatus.withheld if best >= WITHHELD_FROM else AnswerStatus.not_stated
