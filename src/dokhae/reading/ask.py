"""A free question and one text -> the words that answer it best, found by what question and sentence share.

In: a ``Text`` and a question in Korean or English.  Out: an ``Answer``.  First version, without a model: content words
of the question weighed by how rare they are in this patent; where a number is asked for, the number.  A question in
the other language finds only the names and numbers both languages write alike, and is mostly "not stated".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from dokhae.errors import InputError
from dokhae.models import Scored
from dokhae.reading.cues import LANGUAGES
from dokhae.reading.judging import Limits
from dokhae.reading.places import cite
from dokhae.reading.sentences import sentences
from dokhae.reading.view import UNASKED_KINDS, mostly_unread
from dokhae.reading.words import endings, folded, spaceless, words
from dokhae.types import Answer, AnswerStatus, Candidate, Span, Text

MAX_ANSWERS = 5
ANSWERED_FROM = 0.5
MADE_BY = "cues uncalibrated"
LIMITS = Limits(ANSWERED_FROM, ANSWERED_FROM)  # nothing is withheld
READ_LANGUAGES = (*LANGUAGES, "")
_BORDER, _STEEPNESS = 0.3, 4.0  # a sentence that holds a third of the question, by rarity, is on the border
_WITH_NUMBER, _WITHOUT_NUMBER = 0.1, -0.2
_MIN_TERMS = 2  # the verb alone, without the thing asked for, is no sign of an answer
_TERM = re.compile(r"\d[\d.,]*\s?[%℃°㎛㎜㎚]?[a-z]*|[a-z][a-z\-]+|[가-힣]+")
_ASKS_NUMBER = re.compile(
    r"얼마|몇|(?:온도|시간|두께|비율|압력|전압|농도|크기|길이|용량|범위)(?:은|는)?\s*\?"
    r"|\bhow (?:much|many|long|thick|high|large|fast|wide)\b"
    r"|\bwhat (?:temperature|thickness|ratio|range|time|pressure|size|concentration)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?:(?:약|대략|최소|최대|적어도|about|at least|up to|from)\s)?(?<![A-Za-z0-9.])\d[\d,.]*"
    r"(?:\s?(?:%|℃|°C?|[a-zA-Zμ㎛㎜㎝㎚Ω/]{1,6}))?(?:\s?(?:~|∼|〜|–|-|내지|에서|to|and)\s?\d[\d,.]*)?"
    r"\s?(?:%|℃|°C?|[㎛㎜㎝㎚Ω]|중량%|중량부|초|분|시간|년|개월|배|도|[a-zA-Zμ]{1,3}(?:/[a-zA-Z]{1,3})?(?![a-zA-Z]))"
    r"(?:으?로)?(?:\s?(?:이상|이하|이내|미만|초과|정도))?"  # SF6, CF4 are no numbers
)

_LETTERS_LAST = re.compile(r"[A-Za-z]+\Z")  # "3 of" is no number with a unit
_PARTICLE_LAST = re.compile("으?로$")


def answer(text: Text, question: str) -> Answer:
    """What ``text`` says to ``question``; "not stated" where no sentence holds enough of its rare words.

    Raises InputError ``question-empty``.
    """
    if not question.strip():
        raise InputError("question-empty")
    return replied(text, lambda: candidates(text, question), LIMITS, MADE_BY)


def replied(text: Text, read: Callable[[], list[Scored]], limits: Limits, made_by: str) -> Answer:
    """The answer to a free question, of whatever ``read`` finds; nothing is read in a language nobody reads here."""
    if text.sections and not any(section.lang in READ_LANGUAGES for section in text.sections):
        return Answer("question", AnswerStatus.language_not_read, made_by=made_by, read_from=text.read_from)
    found = read()
    status = limits.status(found)
    if status is not AnswerStatus.answered and mostly_unread(text.sections):
        status = AnswerStatus.language_not_read
    cited = tuple(Candidate(cite(text, one.span), one.score, one.reasons) for one in found)
    return Answer("question", status, cited, made_by=made_by, read_from=text.read_from)


def candidates(text: Text, question: str) -> list[Scored]:
    """Up to MAX_ANSWERS stretches of ``text`` that may answer, by the share of its rare terms they hold, best first."""
    spans = [
        span
        for section in text.sections
        if section.kind not in UNASKED_KINDS and section.lang in READ_LANGUAGES
        for span in sentences(text.text, section.span)
    ]
    asked = terms(question)
    wants_number = asks_number(question)
    held = [
        [term for term in asked if term in sentence] for sentence in (spaceless(text.quote(span)) for span in spans)
    ]
    n_with = {term: sum(term in one for one in held) for term in asked}
    rarity = {term: math.log(1 + len(spans) / (1 + n_with[term])) for term in asked}
    total = sum(rarity.values()) or 1.0
    ranked = [
        _scored(text, span, sum(rarity[term] for term in one) / total, wants_number)
        for span, one in zip(spans, held, strict=True)
        if len(one) >= min(_MIN_TERMS, len(asked)) > 0
    ]
    return sorted(ranked, key=lambda one: (-one.score, one.span.start))[:MAX_ANSWERS]


def terms(question: str) -> tuple[str, ...]:
    """The words of a question that its answer should hold, as beginnings of words.

    >>> terms("온도가 50℃ 바뀌는 데 걸리는 시간은?"), terms("Which housings absorb shocks?")
    (('온도', '50°c', '바뀌', '걸리', '시간'), ('housing', 'absorb', 'shock'))
    """
    found = (_stem(match.group().strip()) for match in _TERM.finditer(folded(question)))
    return tuple(dict.fromkeys(term for term in found if len(term) > 1 and term not in words("common", "asking")))


def quantity(text: str, span: Span) -> Span | None:
    """The first number with its unit in ``text[span]``, bounds and "about" included; None where there is none.

    >>> t = "See FIG. 3 of it: 약 15초 이내"
    >>> found = quantity(t, Span(0, len(t)))
    >>> found and t[found.start:found.end]
    '약 15초 이내'
    """
    for match in _QUANTITY.finditer(text, span.start, span.end):
        found = _PARTICLE_LAST.sub("", match.group())
        while (last := _LETTERS_LAST.search(found)) and last.group().lower() in words("common", "en"):
            found = found[: last.start()].rstrip()
        if not found[-1].isdigit():
            return Span(match.start(), match.start() + len(found))
    return None


def asks_number(question: str) -> bool:
    """Whether a number is asked for."""
    return _ASKS_NUMBER.search(question) is not None


def _scored(text: Text, span: Span, covered: float, wants_number: bool) -> Scored:
    reasons = [("shared words", covered), ("length", -min(0.15, len(span) / 4000))]
    if wants_number:
        number = _QUANTITY.search(text.text, span.start, span.end)
        reasons.append(("has a number", _WITH_NUMBER) if number else ("has no number", _WITHOUT_NUMBER))
        if number:
            span = Span(number.start(), _last_quantity(text.text, Span(number.start(), span.end)))
    total = sum(weight for _, weight in reasons)
    return Scored(span, 1 / (1 + math.exp(_STEEPNESS * (_BORDER - total))), tuple(reasons))


def _last_quantity(text: str, span: Span) -> int:
    """Where the quantities that follow each other from ``span.start`` on end: a list of values is one answer."""
    end = span.start
    for match in _QUANTITY.finditer(text, span.start, span.end):
        if end > span.start and match.start() - end > 12:
            break
        end = match.end()
    return end


def _stem(word: str) -> str:
    """A beginning that the forms of a word share: without particle or verb ending, without -s, -ed, -ing."""
    if word[0].isdigit():
        return re.sub(r"\s+", "", word)
    if word[0].isascii():
        return re.sub(r"(?:ing|ed|es|s)$", "", word) if len(word) > 4 else word
    stem = endings("ko", "question_endings").sub("", word)
    if not endings("ko", "keep").search(stem):
        stem = endings("ko", "particles").sub("", stem)
    return stem if len(stem) > 1 else word[:2]
