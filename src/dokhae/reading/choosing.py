"""From words to a value: the number in an answer, yes or no, one of a list.

In: the candidates of a field that wants a value, static vectors where there are any.  Out: the candidates, those of a
number cut to it, and the value of the best.  A value never stands alone: without a candidate there is none.
Cues of denial are data (negation.toml), the words of a choice are the user's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from dokhae.models import Scored
from dokhae.reading.ask import quantity, terms
from dokhae.reading.choices import OTHER, SEPARATOR, Choice
from dokhae.reading.fields import Field
from dokhae.reading.judging import apart
from dokhae.reading.places import cite
from dokhae.reading.sentences import sentences
from dokhae.reading.words import folded, spaceless
from dokhae.types import Answer, AnswerStatus, Candidate, Span, Text

YES, NO = "yes", "no"
_HANGUL = re.compile("[가-힣]")
_TELLING = 3  # syllables
_REACH_CHARS = 600  # how far a sentence is looked for on either side
LIKE_FROM, AHEAD_BY = 0.25, 0.03  # from which likeness a choice without a word of its own fits, and before the next


class Likeness(Protocol):
    """What tells how well words match each of several texts: static vectors."""

    def match(self, question: str, texts: Sequence[str]) -> Any: ...


def valued(
    text: Text, field: Field, found: Sequence[Scored], vectors: Likeness | None
) -> tuple[list[Scored], str | None]:
    """The candidates a field keeps, best first, and the value of the best; None for a field that wants words alone."""
    kept = list(found)
    if field.wants == "number":
        kept = numbers(text, found)
    elif field.wants == "yes_no":
        kept = stating(text, found, field.wording(text.lang))
    if not kept or not field.is_valued:
        return kept, None
    quote = text.quote(kept[0].span)
    if field.wants == "number":
        return kept, quote
    if field.wants == "yes_no":
        return kept, yes_or_no(text, kept[0].span, field.wording(text.lang))
    several = field.wants == "choices"
    return kept, SEPARATOR.join(chosen(quote, field.choices, vectors, several=several))


def derived(text: Text, field: Field, source: Answer, vectors: Likeness | None) -> Answer:
    """The answer of a field that the answer to another decides, on the same words: nothing is read."""
    found = [Scored(one.evidence.span, one.score, one.reasons) for one in source.candidates]
    kept, value = valued(text, field, found, vectors)
    cited = tuple(Candidate(cite(text, one.span), one.score, one.reasons) for one in kept)
    status = AnswerStatus.not_stated if found and not kept else source.status
    return replace(source, field=field.id, status=status, candidates=cited, value=value)


def numbers(text: Text, found: Sequence[Scored]) -> list[Scored]:
    """Candidates cut to the number with its unit, in them or else in their sentence; those without one are left out."""
    cut = ((one, quantity(text.text, one.span) or quantity(text.text, _sentence(text, one.span))) for one in found)
    return apart([replace(one, span=span) for one, span in cut if span], len(found))


def stating(text: Text, found: Sequence[Scored], question: str) -> list[Scored]:
    """Candidates whose sentence is about what is asked: it holds half of the question's words, by their length.

    Across languages no words are shared, so there every candidate is kept.
    """
    asked = terms(question)
    total = sum(map(len, asked))
    kept = []
    for one in found:
        words = text.quote(_sentence(text, one.span))
        tight = spaceless(words)
        held = sum(len(term) for term in asked if spaceless(term) in tight)
        if _lang(words) != _lang(question) or held * 2 >= total:
            kept.append(one)
    return kept


def yes_or_no(text: Text, span: Span, question: str) -> str:
    """Whether the clause around ``span`` says yes to the question; a question that denies turns it round.

    >>> t = Text("열교환기는 사용하지 않으며, 필터를 가열한다.", "ko")
    >>> yes_or_no(t, Span(0, 4), "열교환기를 쓰는가?"), yes_or_no(t, Span(17, 19), "Is the filter heated?")
    ('no', 'yes')
    """
    return NO if denies(clause(text, span)) != denies(question) else YES


def denies(words: str) -> bool:
    """Whether ``words`` hold a cue of denial that is none of the idioms.

    >>> denies("a filter without a heater"), denies("렌즈뿐만 아니라 센서도 움직인다")
    (True, False)
    """
    cues, idioms, _ = _negation(_lang(words))
    return cues.search(idioms.sub(" ", words.casefold())) is not None


def clause(text: Text, span: Span) -> str:
    """The clause, or clauses, of its sentence that ``span`` stands in."""
    around = _sentence(text, span)
    before, after = text.text[around.start : span.start], text.text[span.end : around.end]
    ends = _negation(_lang(text.quote(around)))[2]
    start = max((match.end() for match in ends.finditer(before)), default=0)
    stop = next((match.start() for match in ends.finditer(after)), len(after))
    return before[start:] + text.quote(span) + after[:stop]


def chosen(
    words: str, choices: Sequence[Choice], vectors: Likeness | None = None, *, several: bool = False
) -> tuple[str, ...]:
    """The names of the choices ``words`` speak for, surest first, one unless ``several``; "other" where none fits.

    First by the words of the choices; without any, by likeness of meaning.

    >>> choices = (Choice("size", ("thin", "얇")), Choice("cost", ("cheap", "비용")))
    >>> chosen("비용이 적고 더 얇다", choices, several=True), chosen("a red lens", choices)
    (('cost', 'size'), ('other',))
    """
    fitting = [choice for choice in choices if not choice.is_other]
    found = _by_words(words, fitting) or _by_meaning(words, fitting, vectors)
    if not found:
        return (next((choice.name for choice in choices if choice.is_other), OTHER),)
    return tuple(found) if several else (found[0],)


def _by_words(words: str, choices: Iterable[Choice]) -> list[str]:
    """Choices with words in ``words``: those with most of them first, then those named first."""
    plain, tight = folded(words), spaceless(words)
    ranked = []
    for at, choice in enumerate(choices):
        places = [place for word in choice.words if (place := _place(word, plain, tight)) is not None]
        if places:
            ranked.append((-len(places), min(places), at, choice.name))
    return [name for *_, name in sorted(ranked)]


def _place(word: str, plain: str, tight: str) -> float | None:
    """Where ``word`` stands, as a share of the whole; Hangul also behind other words it is compounded with.

    Two syllables stand in other words by chance: 소형 in 해소형, so behind one syllable they do not count.
    """
    if _HANGUL.search(word) and len(spaceless(word)) >= _TELLING:
        at = tight.find(spaceless(word))
        return at / len(tight) if at >= 0 else None
    compounded = "(?:[가-힣]{2,})?" if _HANGUL.search(word) else ""
    match = re.search(rf"(?<!\w){compounded}{re.escape(folded(word))}", plain)
    return match.end() / len(plain) if match else None


def _by_meaning(words: str, choices: Sequence[Choice], vectors: Likeness | None) -> list[str]:
    """The choice most like ``words``, if it is like enough and clearly before the next."""
    if vectors is None or not choices:
        return []
    likeness = [float(vectors.match(" ".join(choice.words) or choice.name, [words])[0]) for choice in choices]
    ranked = sorted(zip(likeness, range(len(choices)), strict=True), reverse=True)
    ahead = ranked[0][0] - (ranked[1][0] if len(ranked) > 1 else -1.0)
    return [choices[ranked[0][1]].name] if ranked[0][0] >= LIKE_FROM and ahead >= AHEAD_BY else []


def _sentence(text: Text, span: Span) -> Span:
    """The sentences ``span`` stands in, as one span."""
    near = Span(max(0, span.start - _REACH_CHARS), min(len(text.text), span.end + _REACH_CHARS))
    over = [one for one in sentences(text.text, near) if one.overlaps(span)]
    return Span(min(over[0].start, span.start), max(over[-1].end, span.end)) if over else span


def _lang(words: str) -> str:
    return "ko" if _HANGUL.search(words) else "en"


@cache
def _negation(lang: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """(cues, idioms, ends of clauses)."""
    table = tomllib.loads(files(__package__).joinpath("negation.toml").read_text("utf8"))[lang]
    cues, idioms = (re.compile("|".join(f"(?:{one})" for one in table[name])) for name in ("cues", "idioms"))
    return cues, idioms, re.compile(table["ends"])
