"""One question to one text: a field's own name or wording is read as that field, anything else as a free question.

In: a ``Text`` and a question.  Out: an ``Answer``.  "효과는?", "effect" and "해결과제는 무엇인가?" get what the field
gets, so that asking never knows less than the table shows.  A free question is read by the model in force, else
answered by the words it shares with the text (ask.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from dokhae.reading import ask, comprehension
from dokhae.reading.cascade import read_text
from dokhae.reading.combination import Combination
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.fields import Field
from dokhae.types import Answer, Text

_ASKS_BEFORE = re.compile(r"^(?:(?:what|which)(?:is|are))?(?:the|its)?")
_ASKS_AFTER = re.compile(r"(?:은|는|이|가)?(?:무엇인가|무엇입니까|무엇인가요|뭔가요|뭐야)?요?$")


@dataclass(frozen=True, slots=True)
class Ways:
    """How questions are answered: fields one may name, and what reads the free ones (None: shared words).

    together: how cues and model are combined for a field, as shipped if None.
    """

    fields: Sequence[Field]
    by: Comprehension | None = None
    together: Combination | None = None


def reply(text: Text, question: str, ways: Ways, *, category: str = "invention") -> Answer:
    """What ``text`` says to ``question``.  Raises InputError ``question-empty``, ``question-too-long``."""
    field = named_field(question, ways.fields)
    if field is not None:
        return read_text(text, (field,), category=category, by=ways.by, together=ways.together)[0]
    if ways.by is None:
        return ask.answer(text, question)
    return comprehension.answer(text, question, ways.by)


def named_field(question: str, fields: Sequence[Field]) -> Field | None:
    """The field whose id, label or wording the question is, None for a free question."""
    asked = _bare(question)
    return next((f for f in fields if asked in {_bare(name) for name in _names(f)}), None) if asked else None


def _names(field: Field) -> tuple[str, ...]:
    return field.id, field.label_ko, field.label_en, field.ko, field.en


def _bare(words: str) -> str:
    """Lower-cased, without white space, question mark and the words that only ask."""
    folded = re.sub(r"\s+|[?.]+$", "", unicodedata.normalize("NFKC", words).casefold().strip())
    return _ASKS_AFTER.sub("", _ASKS_BEFORE.sub("", folded), count=1)
