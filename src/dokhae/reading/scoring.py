"""Sentences -> candidate answers of one field: section, place, cues, and how much of the claim they restate.

In: a ``View`` and a field id.  Out: candidates best first, each with its reasons.  Additive log-odds, so that every
part of a score can be shown; the sigmoid of score minus threshold is the (uncalibrated) score in 0..1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dokhae.models import Scored
from dokhae.reading.cues import Weights, cues_of, weights_of
from dokhae.reading.grams import grams, shared
from dokhae.reading.judging import apart
from dokhae.reading.sentences import trim
from dokhae.reading.view import Sentence, View
from dokhae.types import SectionKind, Span

_LEAD_IN = re.compile(
    r"(?:(?:(?:이상|상기|상술)\S*\s?(?:과|와|한)\s?(?:바와\s?)?같[이은]|구체적으로는?|이를\s?위하여|이를\s?위해|또한|그리고|및|따라서|그러므로|하지만|그러나|그런데|즉|이에\s?따라|한편|아울러|더욱이|게다가|결국|특히)\s?,?\s"
    r"|(?:However|Moreover|Furthermore|Further|In addition|Additionally|Accordingly|Therefore|Thus|Hence|Consequently"
    r"|As a result|Unfortunately|Nevertheless|Also|And|But|In particular),\s)",
    re.IGNORECASE,
)
N_CANDIDATES = 8
_SHORT_CHARS, _LONG_CHARS = 25, 280
_OVER_LENGTH = -0.004
_WORST_LENGTH = -8.0
# where a clause of a Korean sentence ends and the next begins
_CLAUSE_END = re.compile(r"(?:,|;|므로|으로써|으로서|하고|되고|하며|되며|으며|하여|되어|따라|있어|있고)\s+")
_TAIL_CHARS = (45, 200)
_TEMPERATURE = 2.5
_STATED_FROM = 0.5
_TIE_DIGITS = 9  # sums of the same weights in another order are the same


Reason = tuple[str, float]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A span and its log-odds, before anybody asks why."""

    span: Span
    total: float
    of_sentence: Sequence[Reason]
    own: tuple[Reason, ...]

    def scored(self, threshold: float) -> Scored:
        told = sorted((one for one in (*self.of_sentence, *self.own) if one[1]), key=lambda one: -abs(one[1]))
        return Scored(self.span, 1 / (1 + math.exp((threshold - self.total) / _TEMPERATURE)), tuple(told))


def candidates(view: View, field: str) -> list[Scored]:
    """Candidate answers of ``field``, best first; spans of the text that do not overlap."""
    if field in view.found:
        return view.found[field]
    weights = weights_of(field)
    weighed = [one for sentence in view.sentences for one in _weigh(view, sentence, field, weights)]
    weighed.sort(key=lambda one: (-round(one.total, _TIE_DIGITS), one.span.start))
    view.found[field] = [one.scored(weights.threshold) for one in apart(weighed, N_CANDIDATES)]
    return view.found[field]


def _weigh(view: View, sentence: Sentence, field: str, weights: Weights) -> Iterator[_Weighed]:
    prior = weights.sections.get(sentence.section.kind)
    if prior is None:
        return
    reasons = [(f"section {sentence.section.kind}", prior), *_place(view, sentence, weights)]
    marks: list[tuple[Span, tuple[Reason, ...]]] = []
    for cue in cues_of(field, sentence.section.lang):
        if cue.number not in sentence.heard or not cue.counts_in(sentence.section.kind):
            continue
        match = cue.pattern.search(sentence.text, *sentence.reach)
        if match is None:
            continue
        if cue.marks_span:
            marks.append((Span(*match.span("span")), ((cue.why, cue.weight),)))
        else:
            reasons.append((cue.why, cue.weight))
    total = sum(weight for _, weight in reasons)
    for local, extra in [(Span(0, len(sentence.text)), ()), *marks, *_tail(sentence, weights)]:
        span = _tidy(view.text.text, local.within(sentence.span))
        if span:
            own = (*extra, ("length", _length(len(span), weights)))
            yield _Weighed(span, sum((weight for _, weight in own), total), reasons, own)


def _tail(sentence: Sentence, weights: Weights) -> Iterator[tuple[Span, tuple[Reason, ...]]]:
    """The longest ending of a long Korean sentence that starts at a clause border and is of answer length."""
    shortest, longest = _TAIL_CHARS
    if "tail_clause" not in weights.place or sentence.section.lang != "ko" or len(sentence.text) <= longest:
        return
    end = len(sentence.text)
    for border in _CLAUSE_END.finditer(sentence.text, end - longest):
        if end - border.end() >= shortest:
            yield Span(border.end(), end), (("last clause", weights.place["tail_clause"]),)
            return


def _place(view: View, sentence: Sentence, weights: Weights) -> Iterator[tuple[str, float]]:
    place = weights.place
    if sentence.ordinal == 0 and "first" in place:
        yield "first of its section", place["first"]
    if sentence.is_last and "last" in place:
        yield "last of its section", place["last"]
    if sentence.is_early and "early_text" in place:
        yield "early in the text", place["early_text"]
    if "own_words" in place and sentence.speaks_of_invention:
        yield "speaks of the invention", place["own_words"]
    if "foreign" in place and sentence.section.lang != view.text.lang:
        yield "another language", place["foreign"]
    if "claim_overlap" in place and sentence.section.kind is not SectionKind.claims:
        yield "restates claim 1", place["claim_overlap"] * shared(grams(sentence.text), view.claim_grams)
    if "problem_overlap" in place:
        yield "answers the problem", place["problem_overlap"] * shared(grams(sentence.text), _problem_grams(view))


def _problem_grams(view: View) -> frozenset[str]:
    """What the stated problems say: an effect takes their words up again."""
    stated = [one for one in candidates(view, "problem")[:2] if one.score >= _STATED_FROM]
    return frozenset().union(*(grams(view.text.quote(one.span)) for one in stated))


def _length(n_chars: int, weights: Weights) -> float:
    shortest = weights.place.get("short_chars", _SHORT_CHARS)
    if n_chars < shortest:
        return -0.04 * (shortest - n_chars)
    return max(_WORST_LENGTH, weights.place.get("over_length", _OVER_LENGTH) * max(0, n_chars - _LONG_CHARS))


def _tidy(text: str, span: Span) -> Span:
    """``span`` without a connecting word before it and white space around it."""
    start = span.start
    while start < span.end and (text[start].isspace() or text[start] in ",;:"):
        start += 1
    lead_in = _LEAD_IN.match(text, start, span.end)
    return trim(text, Span(lead_in.end() if lead_in else start, span.end))
