"""A plan -> the words of its patent in one language, with the truth about them.

In: a ``Plan``.  Out: a ``Draft``: title, abstract, the parts of the description by purpose, claims, and what a careful
reader would mark.  Headings, paragraph numbers and layout belong to the writers of the formats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from dokhae.sample.claims import DraftClaim, write_claims
from dokhae.sample.content import Words, phrases, words
from dokhae.sample.korean import joined, sentence
from dokhae.sample.plan import Plan
from dokhae.sample.truth import Truth, quantities, question_set
from dokhae.sample.voice import Said, Voice, listed


@dataclass(frozen=True)
class Draft:
    """The text of one patent.

    sections: field, background, problem, solution, effect, drawings, embodiments -> paragraphs.
    signs: (reference sign, name) in order.  claims: numbered from 1, deleted ones among them.
    """

    plan: Plan
    title: str
    abstract: str
    sections: Mapping[str, tuple[str, ...]]
    signs: tuple[tuple[str, str], ...]
    claims: tuple[DraftClaim, ...]
    truth: Truth


def compose(plan: Plan, *, full_text: bool = True) -> Draft:
    """The patent of ``plan``; without ``full_text`` only its title and abstract (as records have it)."""
    return _Composer(plan).draft(full_text)


class _Composer:
    """Writes one patent, section after section; each method says one section and notes what is true of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.lang = plan, plan.lang
        self.words: Words = words(plan.mechanism.domain, plan.lang)[plan.mechanism.id]
        self.phrases: Mapping[str, Any] = phrases(plan.lang)
        self.rng: Random = plan.rng("words")
        first, step = self.rng.choice(((110, 10), (10, 10), (210, 10), (100, 100), (12, 2)))
        self.signs = {e.part: str(first + i * step) for i, e in enumerate(self.words.elements)}
        style = "bare" if plan.form == "uspto-xml" else "paren"
        self.voice = Voice(self.lang, self.words, plan.values, self.signs, style, plan.rng("voice"))
        self.order = self.rng.sample(range(len(self.words.features)), len(self.words.features))
        self.mark = self._mark_template()
        self.marks: dict[str, list[str]] = {"problem": [], "solution": [], "effect": [], "field": []}
        # whether the body says "shows" or "may show" is a habit of the drafter
        self.may = self.rng.random() < 0.5

    def draft(self, full_text: bool) -> Draft:
        title = self.rng.choice(self.words.titles)
        sections: dict[str, tuple[str, ...]] = {}
        claims: tuple[DraftClaim, ...] = ()
        if full_text:
            sections = {name: tuple(p for p in getattr(self, f"_{name}")() if p) for name in _SECTIONS}
            claims = write_claims(self.plan, self.words, self.voice, self.mark, self.order)
        abstract = self._abstract()
        said = self._standing(abstract, sections, claims)
        return Draft(
            plan=self.plan,
            title=title,
            abstract=abstract,
            sections=sections,
            signs=tuple((sign, self.words.parts[part]) for part, sign in self.signs.items()),
            claims=claims,
            truth=Truth(
                **{name: tuple(dict.fromkeys(quotes))[:4] for name, quotes in self.marks.items()},
                parts=self._named_parts(abstract, full_text),
                quantities=quantities(said, self.plan.values, self.lang),
                claims=tuple(c.truth for c in claims if not c.deleted),
                questions=question_set(self.plan, said, self._causes() if full_text else ()),
            ),
        )

    # -- sections -----------------------------------------------------------------------------------------------

    def _field(self) -> list[str]:
        said = self._pick("field")
        self.marks["field"] += [self.words.topic, said, *_FIELD_PHRASE.findall(said), self.words.product]
        return [said]

    def _background(self) -> list[str]:
        aim = self._aims[0]
        problem = self._pick("problem", problem=aim.problem)
        self.marks["problem"].append(problem)
        prior = self.rng.choice(self.words.prior)
        told = [f"{prior} {problem}", aim.cause] if self.rng.random() < 0.5 else [prior, f"{problem} {aim.cause}"]
        for further in self._aims[1:]:
            also = self._pick("problem", problem=further.problem)
            self.marks["problem"].append(also)
            told.append(f"{also} {further.cause}")
        return [*self.rng.sample(self.words.background, self.rng.randint(1, 2)), *told, self._pick("need")]

    def _problem(self) -> list[str]:
        said = self._pick("object", gain=self._aims[0].gains[0])
        self.marks["problem"].insert(0, said)
        return [said, self._pick("object_trap")]

    def _solution(self) -> list[str]:
        said = self._pick(
            "solution",
            elements=self._elements(),
            mark=self.voice.say(self.mark),
            mark_sentence=self._mark_sentence(),
        )
        self.marks["solution"] += [said, self.voice.say(self.mark)]
        features = [self._feature_sentence(i, signed=False) for i in self.order[:2]]
        steps = listed(list(map(self.voice.say, self.words.steps)), self.phrases["joint"])
        return [said, *features, self._pick("solution_method", steps=steps)]

    def _effect(self) -> list[str]:
        patterns = self.rng.sample(self.phrases["effect"], len(self._aims))
        said = [
            self.voice.say(pattern, slots={**self._slots(), "gain": aim.gains[1]})
            for pattern, aim in zip(patterns, self._aims, strict=True)
        ]
        self.marks["effect"] += said
        if number := self._pick("result_effect", result=self.voice.say(self.words.result)):
            self.marks["effect"].append(number)
        return [" ".join([*said, number]).strip(), self._pick("effect_trap")]

    def _drawings(self) -> list[str]:
        return [self.voice.say(line, slots=self._slots()) for line in self.phrases["drawings"]]

    def _embodiments(self) -> list[str]:
        signs = [self.voice.part(e.part, signed=True) for e in self.words.elements]
        if self.lang == "en":
            signs = [f"{e.article} {name}".strip() for e, name in zip(self.words.elements, signs, strict=True)]
        details = [self.voice.say(d, signed=True) for d in self.words.details]
        means = [self.voice.say(m, signed=True) for m in self.words.means]
        self.marks["solution"].append(means[0])
        working = self._pick("means", means=" ".join(means), gain=self._aims[0].gains[1])
        result = self._pick("result", result=self.voice.say(self.words.result))
        self.marks["effect"].append(result)
        features = [self._feature_sentence(i, signed=True) for i in self.order[: self.rng.randint(3, 5)]]
        body = [*details, *features]
        if self.rng.random() < 0.5:
            body = _interleaved(details, features)
        overview = self._pick("overview", signs=listed(signs, self.phrases["joint"]))
        variants = [self.voice.say(v, signed=True) for v in self.words.variants]
        return [self._pick("opening"), overview, *body, working, *variants, result, self._pick("closing")]

    def _abstract(self) -> str:
        said = self._pick(
            "abstract",
            where="abstract",
            gain=self._aims[0].gains[0],
            elements_short=self._short_elements(),
            mark=self.voice.say(self.mark, "abstract"),
            mark_sentence=self._mark_sentence(),
        )
        self.marks["solution"].append(said)
        self._mark_abstract(said)
        gain = self._pick("abstract_effect", gain=self._aims[0].gains[1])
        if gain:
            self.marks["effect"].append(gain)
            self.marks["problem"].append(gain)
        number = self._abstract_number() if self.rng.random() < 0.4 else ""
        return " ".join(part for part in (said, number, gain) if part)

    def _standing(
        self, abstract: str, sections: Mapping[str, tuple[str, ...]], claims: Sequence[DraftClaim]
    ) -> tuple[Said, ...]:
        """The numbers said that did get into the text: a sentence may have been left out after it was filled."""
        text = {
            "abstract": abstract,
            "claims": "\n".join(claim.text for claim in claims),
            "description": "\n".join(paragraph for section in sections.values() for paragraph in section),
        }
        return tuple(said for said in self.voice.said if said.quote in text[said.where])

    def _mark_abstract(self, said: str) -> None:
        """Notes the field and the object where the abstract itself names them: records have nothing else."""
        self.marks["field"] += [phrase for phrase in (self.words.topic, self.words.product) if phrase in said]
        aim = f"{self._aims[0].gains[0]} 있는 {self.words.product}"
        if aim in said:
            disclosed = said.partition(".")[0] + "."
            self.marks["problem"] += [aim, disclosed]
            self.marks["effect"].append(disclosed)

    def _mark_template(self) -> str:
        """What distinguishes the invention: the mechanism's own mark, in some patents narrowed by its first feature."""
        if self.rng.random() < 0.4:
            return self.words.mark
        narrowing = self.words.features[self.order.pop(0)]
        return f"{joined(self.words.mark)} {narrowing}" if self.lang == "ko" else f"{self.words.mark}, and {narrowing}"

    # -- pieces -------------------------------------------------------------------------------------------------

    @property
    def _aims(self) -> list[Any]:
        return [self.words.aims[i] for i in self.plan.aims]

    def _causes(self) -> tuple[str, ...]:
        return tuple(aim.cause for aim in self._aims)

    def _pick(self, slot: str, where: str = "description", **slots: str) -> str:
        """One pattern of ``slot``, filled; "" where the patent leaves that sentence out."""
        pattern: str = self.rng.choice(self.phrases[slot])
        return self.voice.say(pattern, where, slots={**self._slots(), **slots}) if pattern else ""

    def _slots(self) -> dict[str, str]:
        w = self.words
        figures = {f"fig{n}": f"FIG. {n}" for n in (1, 2, 3)}
        return {"product": w.product, "topic": w.topic, "device": w.device, "method": w.method, **figures}

    def _elements(self) -> str:
        if self.lang == "ko":
            return listed(
                [f"{e.clause} {self.words.parts[e.part]}" for e in self.words.elements], self.phrases["joint"]
            )
        return listed([_introduced(self.words, e) for e in self.words.elements], ", and ")

    def _short_elements(self) -> str:
        if self.lang == "ko":
            return listed([self.words.parts[e.part] for e in self.words.elements], self.phrases["joint"])
        named = [f"{e.article} {self.words.parts[e.part]}".strip() for e in self.words.elements]
        return listed(named, ", and ")

    def _mark_sentence(self) -> str:
        said = self.voice.say(self.mark)
        return sentence(said, may=self.may) if self.lang == "ko" else said

    def _feature_sentence(self, index: int, *, signed: bool) -> str:
        said = self.voice.say(self.words.features[index], signed=signed)
        if self.lang == "ko":
            return self._pick("feature", feature=sentence(said, may=True))
        return self._pick("feature", feature=said, Feature=said[0].upper() + said[1:])

    def _abstract_number(self) -> str:
        numeric = [f for f in self.words.features if any("{" + key + "}" in f for key in self.plan.values)]
        said = self.voice.say(self.rng.choice(numeric), "abstract")
        return self._pick("abstract_number", feature=sentence(said) if self.lang == "ko" else said)

    def _named_parts(self, abstract: str, full_text: bool) -> tuple[str, ...]:
        names = [self.words.parts[e.part] for e in self.words.elements]
        return tuple(names if full_text else [n for n in names if n in abstract])


# "본 발명은 A에 관한 것으로, 특히 B에 관한 것이다": A alone is a right answer too
_FIELD_PHRASE = re.compile(r"본 (?:발명|실시예)은 (.+?)에 관한 것으로")
_SECTIONS = ("field", "background", "problem", "solution", "effect", "drawings", "embodiments")


def _introduced(words: Words, element: Any) -> str:
    return re.sub(" +", " ", f"{element.article} {words.parts[element.part]} {element.clause}").strip()


def _interleaved(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The two in turn, what is left of the longer one at the end."""
    mixed = [text for pair in zip(first, second, strict=False) for text in pair]
    shared = min(len(first), len(second))
    return [*mixed, *first[shared:], *second[shared:]]
