"""What a careful reader would mark in a composed patent, in the shape of hand-made gold.

In: what was said while composing.  Out: ``Truth`` and its line of truth.jsonl.  Every quote is copied from the text as
it was composed: line ends of a printed page are the only difference a reader of the file may see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dokhae.sample.content import DOMAINS, LANGUAGES, units, words
from dokhae.sample.plan import Plan, Value
from dokhae.sample.voice import Said

_MAX_FROM_DESCRIPTION = 10
_WHY = {
    "ko": "종래에 그러한 문제가 생기는 까닭은 무엇인가?",
    "en": "What is the reason for the trouble in the prior art?",
}


@dataclass(frozen=True)
class Truth:
    """problem, solution, effect, field: quotes, best first."""

    problem: tuple[str, ...]
    solution: tuple[str, ...]
    effect: tuple[str, ...]
    field: tuple[str, ...]
    parts: tuple[str, ...]
    quantities: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]
    questions: tuple[Mapping[str, Any], ...]

    def line(self, plan: Plan, number: str, source: str) -> str:
        """One line of truth.jsonl.  number: the id; source: the file it lies in, from the sample's folder."""
        record = {
            "id": number,
            "lang": plan.lang,
            "problem": self.problem,
            "solution": self.solution,
            "effect": self.effect,
            "field": self.field,
            "parts": self.parts,
            "quantities": self.quantities,
            "claims": self.claims,
            "qa": self.questions,
            "notes": "composed",
            "source": source,
            "format": plan.form,
        }
        return json.dumps(record, ensure_ascii=False)


def quantities(said: Sequence[Said], values: Mapping[str, Value], lang: str) -> tuple[Mapping[str, Any], ...]:
    """Every number said in claims and abstract, the first ten others of the description; each quote once a place."""
    seen: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in said:
        value = values[one.key]
        seen.setdefault(
            (one.quote, one.where),
            {
                "quote": one.quote,
                "where": one.where,
                "property": one.key,
                "of": "",
                "low": value.low,
                "high": value.high,
                "low_inclusive": None if value.low is None else True,
                "high_inclusive": None if value.high is None else True,
                "approx": value.approx,
                "unit": units()[value.unit][lang].strip(),
            },
        )
    elsewhere = [q for (_, where), q in seen.items() if where != "description"]
    return (*elsewhere, *[q for (_, where), q in seen.items() if where == "description"][:_MAX_FROM_DESCRIPTION])


def question_set(plan: Plan, told: Sequence[Said], causes: Sequence[str]) -> tuple[Mapping[str, Any], ...]:
    """Up to four questions the patent answers, one of them in the other language, and two it does not answer."""
    rng = plan.rng("questions")
    other = next(lang for lang in LANGUAGES if lang != plan.lang)
    quote = {one.key: one.quote for one in told}
    asked = [key for key in words(plan.mechanism.domain, plan.lang)[plan.mechanism.id].ask if key in quote]
    cross = rng.choice(asked) if asked else None
    made = [
        _ask(plan.mechanism.domain, plan.mechanism.id, k, other if k == cross else plan.lang, (quote[k],))
        for k in asked
    ]
    if causes:
        made.append({"q": _WHY[plan.lang], "q_lang": plan.lang, "answers": tuple(causes), "kind": "reason"})
    foreign = rng.choice([domain for domain in DOMAINS if domain != plan.mechanism.domain])
    elsewhere = [(m, key) for m, w in words(foreign, plan.lang).items() for key in w.ask]
    for (mechanism, key), lang in zip(rng.sample(elsewhere, 2), (plan.lang, other), strict=True):
        made.append(_ask(foreign, mechanism, key, lang, ()))
    return tuple(made)


def _ask(domain: str, mechanism: str, key: str, lang: str, answers: tuple[str, ...]) -> Mapping[str, Any]:
    return {"q": words(domain, lang)[mechanism].ask[key], "q_lang": lang, "answers": answers, "kind": "number"}
