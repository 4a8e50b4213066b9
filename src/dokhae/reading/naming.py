"""The names of parts that claims introduce and the model marks, likeliest first.

In: a ``View``, the model's ``Mark`` values of the field ``parts``, a ``Table``.  Out: candidates with the probability
that a reader would name them.  A name is one however often it is said; of two that are nearly alike the likelier stays.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dokhae.models import Scored
from dokhae.reading import parts
from dokhae.reading.combination import NameFeatures, Table
from dokhae.reading.combining import NO_MARK, reasons
from dokhae.reading.cues import LANGUAGES
from dokhae.reading.marking import Mark
from dokhae.reading.view import View
from dokhae.reading.words import endings, spaceless
from dokhae.types import SectionKind, Span

_MOST_NAMES = 60  # of the claims: what comes later is named once in passing
_LONGEST_CHARS = 80
_USUAL_LENGTH = 2.0  # log of some six characters
_NEARLY_ALIKE = 0.8
_REASONS = {
    "claims and abstract": ("of_cues", "rank", "worth", "in_title", "in_abstract", "in_claim"),
    "model": ("of_model", "model", "near_model"),
    "said often": ("frequency",),
    "length": ("length", "odd_length", "words"),
}


@dataclass(slots=True)
class _Known:
    """A name as it becomes known: from claims with rank and worth, from the model with its best margin."""

    span: Span
    rank: int = _MOST_NAMES
    worth: float = 0.0
    margin: float = NO_MARK


def candidates(view: View, marks: Sequence[Mark], table: Table) -> list[Scored]:
    """Up to parts.MAX_PARTS names, likeliest first."""
    scored = [
        (key, Scored(span, table.probability(known), reasons(table.parts(known), _REASONS)))
        for key, span, known in described(view, marks if table.with_model else ())
    ]
    kept: dict[str, Scored] = {}
    for key, one in sorted(scored, key=lambda pair: (-pair[1].score, pair[1].span)):
        if not any(_alike(key, other) >= _NEARLY_ALIKE for other in kept):
            kept[key] = one
        if len(kept) == parts.MAX_PARTS:
            break
    return list(kept.values())


def described(view: View, marks: Sequence[Mark]) -> Iterator[tuple[str, Span, NameFeatures]]:
    """Every name with its key, its first mention and what is known of it."""
    known = _known(view, marks)
    text = view.text
    said = {
        "text": spaceless(text.text),
        "title": spaceless(view.title),
        "abstract": spaceless(" ".join(text.quote(one.span) for one in text.of_kind(SectionKind.abstract))),
        "claim": spaceless(next((text.quote(one.span) for one in text.claims if not one.deleted), "")),
    }
    for key, name in known.items():
        quote = text.quote(name.span)
        length = math.log(1 + len(quote))
        related = (one.margin for other, one in known.items() if other != key and (key in other or other in key))
        yield (
            key,
            name.span,
            NameFeatures(
                of_cues=float(name.rank < _MOST_NAMES),
                of_model=float(name.margin > NO_MARK),
                rank=math.log(1 + name.rank),
                worth=name.worth,
                model=name.margin - NO_MARK,
                near_model=max(related, default=NO_MARK) - NO_MARK,
                frequency=math.log(1 + said["text"].count(key)),
                in_title=float(key in said["title"]),
                in_abstract=float(key in said["abstract"]),
                in_claim=float(key in said["claim"]),
                length=length,
                odd_length=(length - _USUAL_LENGTH) ** 2,
                words=float(" " in quote),
            ),
        )


def _known(view: View, marks: Sequence[Mark]) -> dict[str, _Known]:
    named = [one for one in parts.names(view.text) if is_name(one.key)][:_MOST_NAMES]
    best = parts.worth(view.text, named[0]) if named else 1.0
    known = {name.key: _Known(name.span, rank, parts.worth(view.text, name) / best) for rank, name in enumerate(named)}
    for mark in marks:
        quote = view.text.quote(mark.span)
        key = parts.key_of(quote, known)
        if len(quote) <= _LONGEST_CHARS and key and is_name(key):
            name = known.setdefault(key, _Known(mark.span))
            name.margin = max(name.margin, mark.margin)
    return known


def is_name(key: str) -> bool:
    """Whether a phrase without blanks may name a part: "일실시예", "바람직하게", "20mn이상" do not.

    >>> is_name("볼부재"), is_name("일실시예"), is_name("preferredembodiment")
    (True, False, False)
    """
    return not any(endings(lang, "no_names").search(key) for lang in LANGUAGES)


def _alike(one: str, other: str) -> float:
    """F1 of the pairs of characters of two keys.

    >>> _alike("분사노즐", "분사노즐부")
    0.8571428571428571
    """
    pairs, others = (set(map("".join, itertools.pairwise(key))) for key in (one, other))
    return 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else float(one == other)
