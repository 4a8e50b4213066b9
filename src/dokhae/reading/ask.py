"""A free question and one text -> the sentences that answer it best, by the words they share.

In: a ``Text`` and a question in Korean or English.  Out: an ``Answer``.  First version: rare shared units, a number
where a number is asked for; no model, so a question in the other language finds only names and numbers both use.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from dokhae.errors import InputError
from dokhae.reading.cues import LANGUAGES
from dokhae.reading.grams import grams
from dokhae.reading.places import cite
from dokhae.reading.sentences import sentences
from dokhae.reading.words import words
from dokhae.types import Answer, AnswerStatus, Candidate, SectionKind, Span, Text

MAX_ANSWERS = 5
ANSWERED_FROM = 0.4
_ASKS_NUMBER = re.compile(r"\d\s?(?:[%℃°㎛㎜㎚]|[a-zA-Zμ가-힣])")
_NUMBER = re.compile(r"\d\s?(?:[%℃°㎛㎜㎚]|[a-zA-Zμ가-힣])")
_UNREAD = (SectionKind.amendment, SectionKind.support)


def answer(text: Text, question: str) -> Answer:
    """What ``text`` says to ``question``; status not_stated where no sentence shares enough of its rare words.

    Raises InputError ``question-empty``.
    """
    asked = grams(question) - words("common", "asking")
    if not question.strip():
        raise InputError("question-empty")
    spans = [
        span
        for section in text.sections
        if section.kind not in _UNREAD and (section.lang in LANGUAGES or not section.lang)
        for span in sentences(text.text, section.span)
    ]
    if not spans:
        return Answer("question", AnswerStatus.language_not_read, read_from=text.read_from)
    ranked = _rank(text, spans, asked, wants_number=bool(_ASKS_NUMBER.search(question)))
    found = tuple(Candidate(cite(text, span), score, reasons) for score, span, reasons in ranked[:MAX_ANSWERS])
    is_answered = bool(found) and found[0].score >= ANSWERED_FROM
    status = AnswerStatus.answered if is_answered else AnswerStatus.not_stated
    return Answer("question", status, found, read_from=text.read_from)


_Ranked = tuple[float, Span, tuple[tuple[str, float], ...]]


def _rank(text: Text, spans: list[Span], asked: frozenset[str], *, wants_number: bool) -> list[_Ranked]:
    """Sentences by the share of the question's rare units they hold, best first."""
    units = [grams(text.quote(span)) for span in spans]
    n_with = Counter(unit for found in units for unit in found if unit in asked)
    rarity = {unit: math.log(1 + len(spans) / (1 + n_with[unit])) for unit in asked}
    total = sum(rarity.values()) or 1.0
    ranked: list[_Ranked] = []
    for span, found in zip(spans, units, strict=True):
        covered = sum(rarity[unit] for unit in asked & found) / total
        if not covered:
            continue
        reasons = [("shared words", covered)]
        if wants_number:
            reasons.append(("has a number", 0.15) if _NUMBER.search(text.quote(span)) else ("has no number", -0.15))
        brevity = -min(0.1, len(span) / 8000)
        score = max(0.0, min(0.99, covered + brevity + sum(weight for _, weight in reasons[1:])))
        ranked.append((score, span, tuple(reasons)))
    return sorted(ranked, key=lambda one: (-one[0], one[1].start))
