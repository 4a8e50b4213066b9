"""The claims of a composed patent: an independent one, dependents of several shapes, a deleted one, another category.

In: plan, words and voice.  Out: ``DraftClaim``s numbered from 1, with their true dependencies.  Shapes: one reference,
two, a range, "any preceding claim" (EP), a device claim that refers to the product (independent by reference).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from dokhae.sample.content import Words, phrases
from dokhae.sample.plan import Plan
from dokhae.sample.voice import Voice

_DELETED_SHARE = 0.4
_METHOD_SHARE = 0.5


@dataclass(frozen=True)
class DraftClaim:
    """One claim.  text: lines, "" where deleted.  depends_on: every claim referred to, deleted ones left out."""

    number: int
    text: str
    depends_on: tuple[int, ...]
    category: str
    deleted: bool = False

    @property
    def truth(self) -> Mapping[str, Any]:
        return {"n": self.number, "depends_on": list(self.depends_on), "category": self.category}


def write_claims(plan: Plan, words: Words, voice: Voice, mark: str, order: Sequence[int]) -> tuple[DraftClaim, ...]:
    """All claims.  mark: what distinguishes claim 1; order: the features of the dependents, first ones first."""
    return _Claims(plan, words, voice, mark).write(order)


class _Claims:
    def __init__(self, plan: Plan, words: Words, voice: Voice, mark: str) -> None:
        self.plan, self.words, self.voice, self.mark = plan, words, voice, mark
        self.phrases = phrases(plan.lang)
        self.rng: Random = plan.rng("claims")
        self.made: list[DraftClaim] = []
        self.gap = self.rng.choice(("", " ")) if plan.lang == "ko" else ""  # 제1항 or 제 1 항

    def write(self, order: Sequence[int]) -> tuple[DraftClaim, ...]:
        leads_with_method = self.plan.mechanism.category == "method"
        category = "method" if leads_with_method else self.plan.mechanism.category
        self._method() if leads_with_method else self._product(category)
        for index in order[: self.rng.randint(3, 5)]:
            self._maybe_deleted(category)
            self._feature(index, category)
        last = self.made[-1].number
        if leads_with_method:
            self._product("apparatus")
            self._device(first=self.made[-1].number, last=self.made[-1].number)
            return tuple(self.made)
        self._device(first=1, last=last)
        if self.rng.random() < _METHOD_SHARE:
            self._method()
        return tuple(self.made)

    # -- one method a claim -------------------------------------------------------------------------------------

    def _product(self, category: str) -> None:
        if self.plan.lang == "ko":
            lines = [f"{e.clause} {self.words.parts[e.part]}" for e in self.words.elements]
        else:
            signed = self.plan.form == "patent-document"
            lines = [self._introduced(e, signed) for e in self.words.elements]
        mark = self._say(self.mark)
        self._add(self._pick("claim", elements_lines=self._lines(lines), mark=mark), (), category)

    def _method(self) -> None:
        steps = [self._say(step) for step in self.words.steps]
        self._add(self._pick("claim_method", steps_lines=self._lines(steps)), (), "method")

    def _feature(self, index: int, category: str) -> None:
        depends_on, ref = self._reference()
        subject = self.words.method if category == "method" else self.words.product
        feature = self._say(self.words.features[index])
        self._add(self._pick("claim_feature", ref=ref, feature=feature, product=subject), depends_on, category)

    def _device(self, *, first: int, last: int) -> None:
        alive = tuple(c.number for c in self.made if first <= c.number <= last and not c.deleted)
        ref = self._any_of(first, last) if len(alive) > 1 else self._one(first)
        self._add(self._pick("claim_device", ref=ref), alive, "apparatus")

    def _maybe_deleted(self, category: str) -> None:
        """A Korean grant keeps the number of a claim deleted on the way to it; at most one here."""
        kept_numbers = self.plan.form == "kr-pdf" and self.plan.granted is not None
        already = any(c.deleted for c in self.made)
        if kept_numbers and len(self.made) > 1 and not already and self.rng.random() < _DELETED_SHARE:
            self.made.append(DraftClaim(len(self.made) + 1, "", (), category, deleted=True))

    # -- references ---------------------------------------------------------------------------------------------

    def _reference(self) -> tuple[tuple[int, ...], str]:
        """What a dependent claim refers to: mostly one claim, sometimes two or a range."""
        alive = [c.number for c in self.made if not c.deleted]
        roll = self.rng.random()
        if len(alive) >= 3 and roll < 0.2:
            return tuple(alive), self._any_of(1, alive[-1])
        if len(alive) >= 2 and roll < 0.35:
            pair = tuple(sorted(self.rng.sample(alive, 2)))
            return pair, self._either(*pair)
        one = 1 if roll < 0.75 else self.rng.choice(alive)
        return (one,), self._one(one)

    def _one(self, number: int) -> str:
        return f"제{self.gap}{number}{self.gap}항" if self.plan.lang == "ko" else f"claim {number}"

    def _either(self, first: int, second: int) -> str:
        if self.plan.lang == "ko":
            return f"{self._one(first)} 또는 {self._one(second)}"
        return (
            f"claim {first} or {second}" if self.plan.form == "patent-document" else f"claim {first} or claim {second}"
        )

    def _any_of(self, first: int, last: int) -> str:
        if self.plan.lang == "ko":
            return f"{self._one(first)} 내지 {self._one(last)} 중 어느 한 항"
        if self.plan.form == "patent-document" and first == 1 and last == self.made[-1].number:
            return self.rng.choice(
                ("any one of the preceding claims", "any of the previous claims", f"any one of claims 1 to {last}")
            )
        return f"any one of claims {first} to {last}"

    # -- words --------------------------------------------------------------------------------------------------

    def _say(self, template: str) -> str:
        return self.voice.say(template, "claims", signed=self.plan.form == "patent-document")

    def _introduced(self, element: Any, signed: bool) -> str:
        name = self.voice.part(element.part, signed=signed)
        return " ".join(f"{element.article} {name} {element.clause}".split())

    def _lines(self, items: Sequence[str]) -> str:
        """Elements or steps a line each, the last one joined by "and" or 및."""
        *head, last = items
        joint = "및" if self.plan.lang == "ko" else "and"
        return "".join(f"{item};\n" for item in head[:-1]) + f"{head[-1]}; {joint}\n{last}"

    def _pick(self, slot: str, **slots: str) -> str:
        w = self.words
        pattern: str = self.rng.choice(self.phrases[slot])
        named = {"product": w.product, "method": w.method, "device": w.device, **slots}
        return self.voice.say(pattern, "claims", slots=named)

    def _add(self, text: str, depends_on: tuple[int, ...], category: str) -> None:
        self.made.append(DraftClaim(len(self.made) + 1, text, depends_on, category))
