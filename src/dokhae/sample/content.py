"""The content files beside this module, typed: domains with their facts, the words of each language, people.

In: the TOML files of this folder.  Out: frozen records.  A domain is three files, ``camera.toml`` (facts),
``camera.ko.toml`` and ``camera.en.toml`` (words); adding one means writing them and naming it in DOMAINS.
Never invents: what a patent says stands in these files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

DOMAINS = ("camera", "substrate", "battery")
LANGUAGES = ("ko", "en")


@dataclass(frozen=True)
class Range:
    """What a number may be drawn from.  kind: value, about, range, min or max."""

    kind: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    unit: str


@dataclass(frozen=True)
class Mechanism:
    """One way of solving a problem: its facts, the same in every language."""

    id: str
    domain: str
    since: int
    category: str
    ipc: tuple[str, ...]
    values: Mapping[str, Range]


@dataclass(frozen=True)
class Domain:
    """A trade.  renamed: a class -> (the year it was replaced in, its successor)."""

    id: str
    weight: int
    growth: float
    renamed: Mapping[str, tuple[int, str]]
    mechanisms: tuple[Mechanism, ...]


@dataclass(frozen=True)
class Aim:
    """A problem, its cause, and two wordings of what is gained by solving it."""

    problem: str
    cause: str
    gains: tuple[str, str]


@dataclass(frozen=True)
class Element:
    """A part as claim 1 introduces it.  article: English only."""

    part: str
    article: str
    clause: str


@dataclass(frozen=True)
class Words:
    """One mechanism in one language (the head of camera.ko.toml and camera.en.toml says how they are written)."""

    titles: tuple[str, ...]
    product: str
    topic: str
    device: str
    method: str
    elements: tuple[Element, ...]
    mark: str
    means: tuple[str, ...]
    features: tuple[str, ...]
    steps: tuple[str, ...]
    background: tuple[str, ...]
    prior: tuple[str, ...]
    variants: tuple[str, ...]
    details: tuple[str, ...]
    result: str
    parts: Mapping[str, str]
    aims: tuple[Aim, ...]
    ask: Mapping[str, str]


@dataclass(frozen=True)
class Applicant:
    """An invented applicant.  ko: the spellings its name takes over the years."""

    ko: tuple[str, ...]
    en: str
    country: str
    address: str
    city: str
    fields: tuple[str, ...]
    weight: int
    since: int


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf8"))


@cache
def domains() -> tuple[Domain, ...]:
    return tuple(_domain(name) for name in DOMAINS)


def _domain(name: str) -> Domain:
    raw = _load(name)
    return Domain(
        id=name,
        weight=raw["weight"],
        growth=raw["growth"],
        renamed={old: (new["from"], new["to"]) for old, new in raw["renamed"].items()},
        mechanisms=tuple(_mechanism(name, key, entry) for key, entry in raw["mechanism"].items()),
    )


def _mechanism(domain: str, key: str, raw: dict[str, Any]) -> Mechanism:
    values = {
        name: Range(v["kind"], tuple(v.get("low", ())), tuple(v.get("high", ())), v["unit"])
        for name, v in raw["values"].items()
    }
    return Mechanism(key, domain, raw["since"], raw["category"], tuple(raw["ipc"]), values)


@cache
def words(domain: str, lang: str) -> Mapping[str, Words]:
    """All mechanisms of a domain in one language, by id."""
    return {key: _words(raw) for key, raw in _load(f"{domain}.{lang}").items()}


def _words(raw: dict[str, Any]) -> Words:
    elements = [Element(e[0], e[1] if len(e) > 2 else "", e[-1]) for e in raw["elements"]]
    aims = [Aim(a["problem"], a["cause"], (a["gains"][0], a["gains"][1])) for a in raw["aims"]]
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return Words(**{**known, "elements": tuple(elements), "aims": tuple(aims)})


@cache
def phrases(lang: str) -> Mapping[str, Any]:
    """The stock sentences of a language: slot -> patterns."""
    return _load(f"phrases.{lang}")


@cache
def units() -> Mapping[str, Mapping[str, str]]:
    """Unit key -> language -> how it follows its number."""
    return _load("units")


@cache
def applicants() -> tuple[Applicant, ...]:
    return tuple(
        Applicant(
            ko=tuple(a["ko"]),
            en=a["en"],
            country=a["country"],
            address=a["address"][0],
            city=a["address"][1],
            fields=tuple(a["fields"]),
            weight=a["weight"],
            since=a["since"],
        )
        for a in _load("people")["applicants"]
    )


@cache
def names() -> Mapping[str, Any]:
    """surnames, given, abroad, towns, agents, examiners: lists to draw from."""
    found: dict[str, Any] = _load("people")["names"]
    return found
