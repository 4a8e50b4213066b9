"""All fields of one text: every field ends with an answer or an honest reason why not.

In: a ``Text``, ``Field`` values, the model in force or None.  Out: one ``Answer`` a field, evidence exact.  "no source
text": none of the sections that could answer is in the source.  "language not read": most of them are in a language
that is not read, and nothing in the rest answers.  "not stated": they are read, and nothing in them answers.
"withheld": something came close but stayed below the threshold.  With the model, scores are probabilities that the
first answer is right; with cues alone they are uncalibrated, and ``made_by`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

from dokhae.models import Scored
from dokhae.reading import ask, choosing, combination, combining, comprehension, naming, parts, scoring
from dokhae.reading.ask import MADE_BY
from dokhae.reading.combination import Combination, Table
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.cues import LANGUAGES, digest
from dokhae.reading.cutting import Cut
from dokhae.reading.fields import Field
from dokhae.reading.judging import Limits
from dokhae.reading.marking import Marking, ReadsFields
from dokhae.reading.places import cite
from dokhae.reading.view import View, mostly_unread
from dokhae.types import Answer, AnswerStatus, Candidate, Text

LIMITS = Limits(answered_from=0.5, withheld_from=0.4)  # of cues alone
UNREAD_CATEGORIES = ("design", "plant")


@dataclass(frozen=True, slots=True)
class _Found:
    """Candidates best first, and from which scores they answer."""

    candidates: list[Scored]
    limits: Limits = LIMITS
    made_by: str = MADE_BY
    value: str | None = None

    @property
    def status(self) -> AnswerStatus:
        return self.limits.status(self.candidates)


@dataclass(frozen=True)
class _Open:
    """A text being read: its view, and what the model marks in it, no passage read twice."""

    view: View
    by: Comprehension | None
    together: Combination = field(default_factory=combination.shipped)
    cut: Cut | None = None

    @cached_property
    def marking(self) -> Marking | None:
        reader = field_reader(self.by)
        return None if reader is None else Marking(self.view, reader)

    def table(self, field: Field) -> Table | None:
        """How cues and model are combined for a field; None where cues alone read it."""
        return table_of(self.view.text, field, self.by, self.together)

    @property
    def made_by(self) -> str:
        reader = field_reader(self.by)
        return MADE_BY if reader is None else fields_made_by(reader.digest, self.together)


def made_by() -> str:
    """Names the digest of the cue data, which every answer leans on: answers of other cues are not mixed in."""
    return f"{MADE_BY} {digest()}"


def fields_made_by(reader_digest: str, together: Combination) -> str:
    """Names the reader of the standing fields and the combination, and says if it was fitted for another reader."""
    honest = "" if together.is_calibrated_for(reader_digest) else " uncalibrated"
    return f"fields {reader_digest[:8]} {together.digest}{honest}"


def read_text(
    text: Text,
    fields: Sequence[Field],
    *,
    category: str = "invention",
    by: Comprehension | None = None,
    together: Combination | None = None,
    cut: Cut | None = None,
) -> tuple[Answer, ...]:
    """One answer a field, in their order.

    category: designs and plants are "not applicable".  by: the model that reads beside the cues, None for cues alone.
    together: how the two are combined, as shipped if None.  cut: of ``text`` for questions, if there is one.
    """
    opened = _Open(View(text), by, combination.shipped() if together is None else together, cut)
    return tuple(_read_field(opened, field, category) for field in fields)


def _read_field(opened: _Open, field: Field, category: str) -> Answer:
    text = opened.view.text
    reason = _why_unreadable(text, field, category)
    if reason is not None:
        return Answer(field.id, reason, made_by=opened.made_by, read_from=text.read_from)
    found = _find(opened, field)
    return Answer(
        field=field.id,
        status=_or_unread(found.status, text, field),
        candidates=tuple(Candidate(cite(text, one.span), one.score, one.reasons) for one in found.candidates),
        value=found.value,
        made_by=found.made_by,
        read_from=text.read_from,
    )


def _find(opened: _Open, field: Field) -> _Found:
    """Candidates of one field by the best that can read it."""
    view, by = opened.view, opened.by
    if field.source is not None:
        return _valued(view.text, field, _find(opened, field.source), by)
    if field.reader == "question":
        return _valued(view.text, field, _asked(opened, field), by)
    table = opened.table(field)
    if table is None:
        return _Found(parts.candidates(view.text) if field.reader == "parts" else scoring.candidates(view, field.cues))
    marks = opened.marking.of(field.cues) if opened.marking and table.with_model else ()
    if field.reader == "parts":
        found = naming.candidates(view, marks, table)
    else:
        found = combining.candidates(view, field, marks, table)
    return _Found(found, table.limits, opened.made_by)


def _asked(opened: _Open, field: Field) -> _Found:
    """A field of the user's own, put to the text as a question."""
    text, by = opened.view.text, opened.by
    question = field.wording(text.lang)
    if by is None:
        return _Found(ask.candidates(text, question))
    found = comprehension.candidates(text, question, by, opened.cut)
    return _Found(found, by.calibration.limits, by.made_by)


def _valued(text: Text, field: Field, found: _Found, by: Comprehension | None) -> _Found:
    """With the value the field wants of its candidates."""
    vectors = cast("choosing.Likeness | None", by.vectors if by else None)
    kept, value = choosing.valued(text, field, found.candidates, vectors)
    return replace(found, candidates=kept, value=value)


def table_of(text: Text, field: Field, by: Comprehension | None, together: Combination) -> Table | None:
    """How cues and model are combined for a field in a text; None where cues alone read it."""
    reader = field_reader(by)
    return None if reader is None or field.cues not in reader.fields else together.table(text, field.cues)


def field_reader(by: Comprehension | None) -> ReadsFields | None:
    """The reader in force if it knows standing fields; one plugged in mostly answers questions alone."""
    if by is None or not getattr(by.reader, "fields", ()):
        return None
    return cast(ReadsFields, by.reader)


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
