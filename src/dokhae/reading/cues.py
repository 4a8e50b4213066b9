"""The data behind the first reader: cue phrases, boilerplate and weights, loaded once.

In: ``cues/<lang>.toml``, ``cues/boilerplate.toml``, ``cues/weights.toml``.  Out: compiled cues by language and field.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dokhae.reading.phrases import Phrases
from dokhae.types import SectionKind

LANGUAGES = ("ko", "en")


@dataclass(frozen=True)
class Cue:
    """One phrase that speaks for or against a sentence.

    number: its own among all cues of its language, see ``heard``.  sections: None means it counts everywhere.
    """

    number: int
    pattern: re.Pattern[str]
    weight: float
    why: str
    sections: frozenset[SectionKind] | None
    marks_span: bool

    def counts_in(self, kind: SectionKind) -> bool:
        return self.sections is None or kind in self.sections


@dataclass(frozen=True)
class Weights:
    """What a sentence of one field is worth before any cue, in log-odds."""

    sections: dict[SectionKind, float]
    place: dict[str, float]
    threshold: float


@cache
def cues_of(field: str, lang: str) -> tuple[Cue, ...]:
    """Cues of a field in a language; none for a field without cue list."""
    return tuple(_cue(number, entry) for number, of, entry in _entries(lang) if of == field)


def heard(text: str, lang: str) -> frozenset[int]:
    """Numbers of the cues and boilerplate of a language that may stand in ``text``; none that does is left out."""
    return _phrases(lang).possible(text)


@cache
def weights_of(field: str) -> Weights:
    """Weights of a field; a field unknown to weights.toml is read nowhere."""
    table = _table("weights")
    entry = table.get(field, {})
    return Weights(
        sections={SectionKind(kind): value for kind, value in entry.get("sections", {}).items()},
        place=entry.get("place", {}),
        threshold=table["thresholds"].get(field, 1.5),
    )


def is_boilerplate(text: str, lang: str, among: frozenset[int] | None = None) -> bool:
    """Whether ``text`` says what every patent says.  among: what is heard in it, where that is known."""
    worth_searching = heard(text, lang) if among is None else among
    return any(number in worth_searching and phrase.search(text) for number, phrase in boilerplate(lang))


@cache
def boilerplate(lang: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Every boilerplate phrase of a language, with its number (see ``heard``)."""
    phrases = (re.compile(phrase, re.IGNORECASE) for phrase in _table("boilerplate")[lang])
    return tuple(enumerate(phrases, len(_entries(lang))))


@cache
def digest() -> str:
    """Hash of all cue data: other cues are another reader."""
    import hashlib

    names = sorted(path.name for path in files(__package__).joinpath("cues").iterdir() if path.name.endswith(".toml"))
    content = "".join(files(__package__).joinpath("cues", name).read_text("utf8") for name in names)
    return hashlib.sha256(content.encode("utf8")).hexdigest()[:16]


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cues", f"{name}.toml").read_text("utf8"))


@cache
def _entries(lang: str) -> tuple[tuple[int, str, dict[str, Any]], ...]:
    """Every cue of a language: its number, its field, what is written of it."""
    written = ((field, entry) for field, entries in _table(lang).items() for entry in entries)
    return tuple((number, *one) for number, one in enumerate(written))


@cache
def _phrases(lang: str) -> Phrases:
    cues = [entry["pattern"] for _, _, entry in _entries(lang)]
    return Phrases([*cues, *_table("boilerplate")[lang]])


def _cue(number: int, entry: dict[str, Any]) -> Cue:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    kinds = entry.get("sections")
    return Cue(
        number=number,
        pattern=pattern,
        weight=float(entry["weight"]),
        why=entry["why"],
        sections=None if kinds is None else frozenset(SectionKind(kind) for kind in kinds),
        marks_span="span" in pattern.groupindex,
    )
