"""What cues find and what the model marks for one field -> candidates with the probability that they are right.

In: a ``View``, a ``Field``, the model's ``Mark`` values, a ``Table``.  Out: candidates best first, none overlapping
another.  Where cues and model mean the same words with other borders, both stand for choice and the better one stays.
A mark in a section that cannot answer the field is left out; a title can answer any.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from dokhae.models import Scored
from dokhae.reading import scoring
from dokhae.reading.combination import SpanFeatures, Table
from dokhae.reading.comprehension import log_odds
from dokhae.reading.cues import weights_of
from dokhae.reading.fields import Field
from dokhae.reading.judging import apart
from dokhae.reading.marking import Mark
from dokhae.reading.scoring import N_CANDIDATES
from dokhae.reading.view import View
from dokhae.types import SectionKind, Span

# Log-odds of what nobody found: under the least that cues give, and under what a model does not keep.
NO_CUE, NO_MARK = -2.0, -9.0
_SECTION_UNNAMED = -3.0
_CLAUSE = 4.0  # log of some 55 characters
_TOLD_FROM = 0.005
# Features told as one reason for --why.
_REASONS = {
    "cues": ("of_cues", "cues", "near_cues", "cues_behind"),
    "model": ("of_model", "model", "near_model", "model_behind"),
    "section": ("section",),
    "length": ("length", "odd_length"),
}

Weighed = tuple[Span, float]


def candidates(view: View, field: Field, marks: Sequence[Mark], table: Table) -> list[Scored]:
    """Up to N_CANDIDATES spans, likeliest first."""
    scored = [
        Scored(span, table.probability(known), reasons(table.parts(known), _REASONS))
        for span, known in described(view, field, marks if table.with_model else ())
    ]
    return apart(sorted(scored, key=lambda one: (-one.score, one.span)), N_CANDIDATES)


def described(view: View, field: Field, marks: Sequence[Mark]) -> Iterator[tuple[Span, SpanFeatures]]:
    """Every span that cues or model propose, and what is known of it."""
    cues = [(one.span, log_odds(one.score)) for one in scoring.candidates(view, field.cues)]
    able = {*field.sections, SectionKind.title}
    marked = [(one.span, max(one.margin, NO_MARK)) for one in marks if one.kind in able]
    best_cue = max((odds for _, odds in cues), default=NO_CUE)
    best_mark = max((margin for _, margin in marked), default=NO_MARK)
    of_cues, of_model = {span for span, _ in cues}, {span for span, _ in marked}
    for span in sorted(of_cues | of_model):
        near_cue, near_mark = _near(span, cues, NO_CUE), _near(span, marked, NO_MARK)
        length = math.log(1 + len(span))
        yield (
            span,
            SpanFeatures(
                of_cues=float(span in of_cues),
                of_model=float(span in of_model),
                cues=_same(span, cues, NO_CUE),
                model=_same(span, marked, NO_MARK),
                near_cues=near_cue - NO_CUE,
                near_model=near_mark - NO_MARK,
                cues_behind=near_cue - best_cue,
                model_behind=near_mark - best_mark,
                section=weights_of(field.cues).sections.get(view.text.kind_at(span.start), _SECTION_UNNAMED),
                length=length,
                odd_length=(length - _CLAUSE) ** 2,
            ),
        )


def reasons(parts: dict[str, float], groups: dict[str, tuple[str, ...]]) -> tuple[tuple[str, float], ...]:
    """The parts of a probability by what they come from, largest first."""
    summed = ((why, round(sum(parts[name] for name in names), 3)) for why, names in groups.items())
    return tuple(sorted((one for one in summed if abs(one[1]) >= _TOLD_FROM), key=lambda one: -abs(one[1])))


def _same(span: Span, weighed: Iterable[Weighed], least: float) -> float:
    """How much the span most like ``span`` has above ``least``, as far as the two are the same."""
    alike, odds = max(((_alike(span, other), odds) for other, odds in weighed), default=(0.0, least))
    return alike * (odds - least)


def _near(span: Span, weighed: Iterable[Weighed], least: float) -> float:
    return max((odds for other, odds in weighed if span.overlaps(other)), default=least)


def _alike(one: Span, other: Span) -> float:
    """Characters two spans share over those they cover together.

    >>> _alike(Span(0, 10), Span(5, 15))
    0.3333333333333333
    """
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared / (len(one) + len(other) - shared) if shared > 0 else 0.0
