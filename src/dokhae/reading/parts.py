"""The main components, steps and materials of a patent, by name.

In: a ``Text``.  Out: spans of noun phrases, most essential first.  Names are what claims introduce and take up again
("a mobile plate … said mobile plate", "분사노즐 … 상기 분사노즐"); where a source has no claims, the abstract and the
title speak instead.  A name counts more the more often claims repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from dokhae.models import Scored
from dokhae.reading import names_english, names_korean
from dokhae.reading.cues import LANGUAGES
from dokhae.types import ClaimForm, SectionKind, Span, Text

MAX_PARTS = 20
_NAMES = {"ko": names_korean.names, "en": names_english.names}


@dataclass
class Name:
    """A name at its first mention.  key: one form for the ways it is written; weight: of its mentions, summed."""

    key: str
    span: Span
    weight: float = 0.0
    n: int = 0


def candidates(text: Text) -> list[Scored]:
    """Up to MAX_PARTS names, most essential first, each at its first mention; scores fall with rank."""
    ranked = names(text)
    best = worth(text, ranked[0]) if ranked else 1.0
    return [
        Scored(name.span, 0.5 + 0.49 * worth(text, name) / best, ((f"named {name.n} times", name.weight),))
        for name in ranked[:MAX_PARTS]
    ]


def names(text: Text) -> list[Name]:
    """Every name claims or abstract introduce, most essential first."""
    found: dict[str, Name] = {}
    for stretch, lang, weight in _stretches(text):
        for span in _NAMES[lang](text.text, stretch):
            key = key_of(text.quote(span), found)
            name = found.setdefault(key, Name(key, span))
            name.weight += weight
            name.n += 1
    return sorted(found.values(), key=lambda name: (-worth(text, name), name.span.start))


def _stretches(text: Text) -> Iterator[tuple[Span, str, float]]:
    """Where names are looked for, with the weight of one mention: claims, else abstract, title and solution."""
    claims = [claim for claim in text.claims if not claim.deleted and claim.lang in LANGUAGES]
    for i, claim in enumerate(claims):
        independent = claim.form is not ClaimForm.dependent
        yield claim.span, claim.lang, (4.0 if i == 0 else 2.0) if independent else 1.0
    weights = {SectionKind.abstract: 2.0 if claims else 4.0}
    if not claims:
        weights |= {SectionKind.solution: 1.0, SectionKind.title: 1.0}
    for section in text.of_kind(*weights):
        if section.lang in LANGUAGES:
            yield section.span, section.lang, weights[section.kind]


def key_of(quote: str, found: Container[str]) -> str:
    """One form for the ways a name is written; a plural joins a singular met before it."""
    key = re.sub(r"\s+", "", quote).casefold()
    singular = key[:-1]
    return singular if key.endswith("s") and singular in found else key


def worth(text: Text, name: Name) -> float:
    """Repeated names first; a name of several words says more than a bare noun."""
    return float(name.weight**0.7) * (1.25 if " " in text.quote(name.span) else 1.0)
