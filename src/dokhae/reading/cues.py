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

from dokhae.types import SectionKind

LANGUAGES = ("ko", "en")


@dataclass(frozen=True)
class Cue:
    """One phrase that speaks for or against a sentence.

    sections: None means it counts everywhere.  needs: words one of which must stand in the sentence, () for none.
    """

    pattern: re.Pattern[str]
    weight: float
    why: str
    sections: frozenset[SectionKind] | None
    marks_span: bool
    needs: tuple[str, ...] = ()

    def search(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first match in text[start:end]; a sentence without any of the needed words is not searched."""
        if self.needs and not any(word in text for word in self.needs):
            return None
        return self.pattern.search(text, start, end)

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
    return tuple(_cue(entry) for entry in _table(lang).get(field, []))


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


@cache
def boilerplate(lang: str) -> re.Pattern[str]:
    """One pattern that finds any boilerplate phrase of a language."""
    return re.compile("|".join(f"(?:{phrase})" for phrase in _table("boilerplate")[lang]), re.IGNORECASE)


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


def _cue(entry: dict[str, Any]) -> Cue:
    pattern = re.compile(entry["pattern"], re.IGNORECASE)
    kinds = entry.get("sections")
    return Cue(
        pattern=pattern,
        weight=float(entry["weight"]),
        why=entry["why"],
        sections=None if kinds is None else frozenset(SectionKind(kind) for kind in kinds),
        marks_span="span" in pattern.groupindex,
        needs=tuple(entry.get("needs", ())),
    )
