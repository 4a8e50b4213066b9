"""Claims: what each refers to, its form and category, read from its words (the text is the law, not its markup).

In: claims with their spans, and the text.  Out: the same claims with ``depends_on``, ``form`` and ``category``
filled, and defects.  One module per language (``LANGUAGES``), each with two functions:

    references(text, n, known)   every claim that claim ``n`` names, ascending: a number named by itself always (even
                                 ``n``, a deleted or a missing one: an oddity to report), a range or "any preceding
                                 claim" only as far as its numbers are in ``known`` and are not ``n``
    category(text)               what the claim claims; ``other`` where the words leave it open

Never raises for an odd claim: it becomes a ``Defect``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from typing import Protocol, cast

from dokhae.types import Claim, ClaimCategory, ClaimForm, Defect

LANGUAGES: dict[str, str] = {
    "en": "dokhae.parse.claims.english",
    "ko": "dokhae.parse.claims.korean",
    "de": "dokhae.parse.claims.german",
    "fr": "dokhae.parse.claims.french",
    "ja": "dokhae.parse.claims.japanese",
    "zh": "dokhae.parse.claims.chinese",
}

# Things one can hold against what one does with them: only crossing this line makes a new independent claim.
_PRODUCTS = frozenset(
    {
        ClaimCategory.apparatus,
        ClaimCategory.composition,
        ClaimCategory.system,
        ClaimCategory.medium,
        ClaimCategory.other,
    }
)
_LISTED_GAPS = 20  # more are told as ranges


class ClaimLanguage(Protocol):
    def references(self, text: str, n: int, known: Sequence[int]) -> tuple[int, ...]: ...

    def category(self, text: str) -> ClaimCategory: ...


def resolve(claims: Sequence[Claim], text: str) -> tuple[tuple[Claim, ...], tuple[Defect, ...]]:
    """``claims`` with dependencies, form and category, and what is odd about them.

    A claim whose own words leave its category open ("The product of claim 1") has that of the first claim it refers to.
    """
    live = tuple(claim.number for claim in claims if not claim.deleted)
    deleted = {claim.number for claim in claims if claim.deleted}
    resolved: dict[int, Claim] = {}
    result: list[Claim] = []
    defects = _gaps([claim.number for claim in claims])
    for claim in claims:
        language = None if claim.deleted else _language(claim.lang)
        if language is None:
            result.append(claim)
            continue
        words = text[claim.span.start : claim.span.end]
        named = language.references(words, claim.number, live)
        defects += _oddities(claim.number, named, live, deleted)
        depends_on = tuple(number for number in named if number in live and number != claim.number)
        parents = [resolved[number] for number in depends_on if number in resolved]
        category = language.category(words)
        if category is ClaimCategory.other and parents:
            category = parents[0].category
        made = replace(claim, depends_on=depends_on, category=category, form=_form(category, depends_on, parents))
        resolved[claim.number] = made
        result.append(made)
    return tuple(result), tuple(defects)


def total_defect(printed: int | None, claims: Sequence[Claim]) -> tuple[Defect, ...]:
    """A defect where the printed number of claims is not the number of those found (deleted ones do not count)."""
    found = sum(not claim.deleted for claim in claims)
    if printed is None or printed == found:
        return ()
    return (Defect.of("claim-total-differs", printed=printed, found=found),)


def _gaps(numbers: Sequence[int]) -> list[Defect]:
    """The numbers left out: each, or from where to where, so that one wild number costs no memory."""
    ordered = sorted({0, *(number for number in numbers if number > 0)})
    runs = [(before + 1, after - 1) for before, after in pairwise(ordered) if after - before > 1]
    if sum(last - first + 1 for first, last in runs) <= _LISTED_GAPS:
        missing = [str(number) for first, last in runs for number in range(first, last + 1)]
    else:
        missing = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return [Defect.of("claim-numbers-missing", missing=", ".join(missing))] if missing else []


def _language(lang: str) -> ClaimLanguage | None:
    module = LANGUAGES.get(lang)
    return None if module is None else cast(ClaimLanguage, import_module(module))


def _form(category: ClaimCategory, depends_on: Sequence[int], parents: Sequence[Claim]) -> ClaimForm:
    if not depends_on:
        return ClaimForm.independent
    if parents and all(_kind(parent.category) != _kind(category) for parent in parents):
        return ClaimForm.independent_by_reference
    return ClaimForm.dependent


def _kind(category: ClaimCategory) -> str:
    return "product" if category in _PRODUCTS else category.value


def _oddities(n: int, named: Sequence[int], live: Sequence[int], deleted: set[int]) -> list[Defect]:
    defects = []
    for number in named:
        if number == n:
            defects.append(Defect.of("claim-refers-to-itself", claim=n))
        elif number in deleted:
            defects.append(Defect.of("claim-refers-to-deleted", claim=n, deleted=number))
        elif number not in live:
            defects.append(Defect.of("claim-refers-to-missing", claim=n, missing=number))
    return defects
