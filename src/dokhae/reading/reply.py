"""One question to one text: a field's own name or wording is read as that field, anything else as a free question.

In: a ``Text`` and a question.  Out: an ``Answer``.  "효과는?", "effect" and "해결과제는 무엇인가?" get what the field
gets, so that asking never knows less than the table shows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dokhae.reading import ask
from dokhae.reading.cascade import read_text
from dokhae.reading.fields import Field
from dokhae.types import Answer, Text

_ASKS_BEFORE = re.compile(r"^(?:(?:what|which)(?:is|are))?(?:the|its)?")
_ASKS_AFTER = re.compile(r"(?:은|는|이|가)?(?:무엇인가|무엇입니까|무엇인가요|뭔가요|뭐야)?요?$")


def reply(text: Text, question: str, fields: Sequence[Field], *, category: str = "invention") -> Answer:
    """What ``text`` says to ``question``.

    fields: those a question may name.  Raises InputError ``question-empty``.
    """
    field = named_field(question, fields)
    if field is None:
        return ask.answer(text, question)
    return read_text(text, (field,), category=category)[0]


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
