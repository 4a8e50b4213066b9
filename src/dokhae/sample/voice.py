"""Templates of the content files -> text, remembering every number that was said and where.

In: a template ("상기 {magnet:과} 상기 {coil}의 간격이 {gap}인").  Out: its text in this patent's words, names with
their reference signs where asked for.  Never says a number in two ways within one patent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from dokhae.sample.content import Words, units
from dokhae.sample.korean import with_particle
from dokhae.sample.plan import Value

# How ranges and bounds read; one of each is chosen for a patent.  {l} {h} numbers, {u} unit.
_RANGES = {
    "ko": ("{l}{u} 내지 {h}{u}", "{l}~{h}{u}", "{l}{u} 이상 {h}{u} 이하", "{l} 내지 {h}{u}"),
    "en": (
        "{l}{u} to {h}{u}",
        "{l} to {h}{u}",
        "from {l}{u} to {h}{u}",
        "not less than {l}{u} and not more than {h}{u}",
    ),
}
_MAXIMA = {"ko": ("{h}{u} 이하",), "en": ("{h}{u} or less", "at most {h}{u}", "not more than {h}{u}")}
_MINIMA = {"ko": ("{l}{u} 이상",), "en": ("{l}{u} or more", "at least {l}{u}", "not less than {l}{u}")}
# "a all-solid-state battery" -> "an": patterns cannot know what fills them; no word of the content starts with a "yoo"
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou])")
_ABOUT = {"ko": ("약 {l}{u}", "{l}{u} 정도"), "en": ("about {l}{u}", "approximately {l}{u}")}
_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "range": _RANGES,
    "max": _MAXIMA,
    "min": _MINIMA,
    "about": _ABOUT,
}


class Noun(str):
    """A name in a Korean template: ``{coil:은}`` adds the particle its sound asks for."""

    __slots__ = ()

    def __format__(self, particle: str) -> str:
        return with_particle(str(self), particle) if particle else str(self)


@dataclass(frozen=True)
class Said:
    """A number as it stands in the text.  where: claims, abstract or description."""

    key: str
    quote: str
    where: str


@dataclass
class Voice:
    """How one patent speaks.  signs: "bare" (magnet 130), "paren" (마그넷(130)); said: every number so far."""

    lang: str
    words: Words
    values: Mapping[str, Value]
    signs: Mapping[str, str]
    sign_style: str
    rng: Random
    said: list[Said] = field(default_factory=list)

    def __post_init__(self) -> None:
        choose = {kind: self.rng.choice(table[self.lang]) for kind, table in _TABLES.items()}
        self._written = {key: _write(value, choose, self.lang) for key, value in self.values.items()}

    def say(
        self, template: str, where: str = "description", *, signed: bool = False, slots: Mapping[str, str] | None = None
    ) -> str:
        """``template`` filled; ``slots`` fill names that are neither parts nor numbers."""
        text = template.format_map(_Slots(self, where, signed, slots or {}))
        return _ARTICLE.sub(r"\1n ", text) if self.lang == "en" else text

    def part(self, key: str, *, signed: bool = False) -> str:
        name, sign = self.words.parts[key], self.signs.get(key)
        if not signed or sign is None:
            return name
        return f"{name} {sign}" if self.sign_style == "bare" else f"{name}({sign})".replace("(", self._opening, 1)

    @property
    def _opening(self) -> str:
        return "(" if self.lang == "ko" else " ("

    def quote(self, key: str) -> str:
        """The number ``key`` as this patent writes it."""
        return self._written[key]


class _Slots(dict[str, str]):
    """Looks a template's names up: slots given, then parts, then numbers (which are remembered)."""

    def __init__(self, voice: Voice, where: str, signed: bool, slots: Mapping[str, str]) -> None:
        super().__init__({name: Noun(text) for name, text in slots.items()})
        self._voice, self._where, self._signed = voice, where, signed

    def __missing__(self, name: str) -> str:
        voice = self._voice
        if name in voice.words.parts:
            return Noun(voice.part(name, signed=self._signed))
        quote = voice.quote(name)
        voice.said.append(Said(name, quote, self._where))
        return Noun(quote)


def _write(value: Value, choose: Mapping[str, str], lang: str) -> str:
    unit = units()[value.unit][lang]
    kind = "about" if value.approx else "max" if value.low is None else "min" if value.high is None else "range"
    pattern = "{l}{u}" if kind == "range" and value.low == value.high else choose[kind]
    return pattern.format(l=_number(value.low), h=_number(value.high), u=unit)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def listed(items: Iterator[str] | tuple[str, ...] | list[str], joint: str, between: str = ", ") -> str:
    """``a, b`` joint ``c``.

    >>> listed(("a", "b", "c"), " and "), listed(["a"], " and ")
    ('a, b and c', 'a')
    """
    *head, last = items
    return between.join(head) + joint + last if head else last
