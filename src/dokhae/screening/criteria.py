"""Criteria: a user's TOML file -> rules in order, the first of which that holds decides about a patent.

In: a file, the fields a study answers.  Out: frozen ``Criteria``, references to other rules resolved.  Every mistake is
an InputError with file, line and rule; nothing is guessed and nothing left out.  docs/screening.md shows a whole file.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any as Anything
from typing import NoReturn

from dokhae.errors import InputError
from dokhae.screening import Verdict
from dokhae.screening.conditions import Ask, Condition, Has, Leaf, leaves
from dokhae.screening.places import TomlLines
from dokhae.screening.wording import CONDITION_KEYS, Wrong, condition_of, names_in

VERDICTS = {**{v.value: v for v in Verdict}, "유효": Verdict.valid, "노이즈": Verdict.noise, "보류": Verdict.open}
DEFAULT = "default"  # what decided where no rule held
_OWN_KEYS = ("id", "verdict")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where ``condition`` holds, ``verdict`` is said."""

    id: str
    verdict: Verdict
    condition: Condition


@dataclass(frozen=True)
class Criteria:
    """Rules in order; ``default`` where none holds."""

    rules: tuple[Rule, ...]
    default: Verdict = Verdict.open

    @property
    def digest(self) -> str:
        """Other rules are other criteria; comments and layout of the file do not count."""
        return hashlib.sha256(repr((self.rules, self.default)).encode("utf8")).hexdigest()[:16]

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(dict.fromkeys(leaf for rule in self.rules for leaf in leaves(rule.condition)))

    @property
    def asks(self) -> bool:
        """Whether a patent may have to be asked."""
        return any(isinstance(leaf, Ask) for leaf in self.leaves)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose answers count."""
        return tuple(dict.fromkeys(leaf.field for leaf in self.leaves if isinstance(leaf, Has)))


def load(path: str | Path, fields: Collection[str] = ()) -> Criteria:
    """The criteria of a file.  fields: those a rule may name.

    Raises InputError ``criteria-unreadable``, ``-empty``, ``-key``, ``-missing``, ``-value``, ``-twice``,
    ``-reference``, ``-cycle`` or ``-query``.
    """
    try:
        content = Path(path).read_text("utf-8-sig")
        table = tomllib.loads(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("criteria-unreadable", file=path, reason=error) from error
    return _File(Path(path), TomlLines(content, "rule"), tuple(fields)).criteria(table)


@dataclass(frozen=True, slots=True)
class _File:
    """One file being read, to say where something is wrong."""

    path: Path
    lines: TomlLines
    fields: tuple[str, ...]

    def criteria(self, table: Mapping[str, Anything]) -> Criteria:
        for key in table:
            if key not in ("rule", DEFAULT):
                near = _near(key, ("rule", DEFAULT))
                raise InputError("criteria-key", file=self.path, line=self.lines.top(key), rule="-", key=key, near=near)
        entries = table.get("rule")
        if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
            raise InputError("criteria-empty", file=self.path)
        default = VERDICTS.get(str(table.get(DEFAULT, "open")))
        if default is None:
            wanted = {"key": DEFAULT, "value": repr(table[DEFAULT]), "wanted": " | ".join(VERDICTS)}
            raise InputError("criteria-value", file=self.path, line=self.lines.top(DEFAULT), rule="-", **wanted)
        ids = self._ids(entries)
        self._check_references(entries, ids)
        return Criteria(tuple(self._rule(at, entries, ids) for at in range(len(entries))), default)

    def _ids(self, entries: Sequence[Mapping[str, Anything]]) -> dict[str, int]:
        """The ordinal of each rule by its id."""
        ids: dict[str, int] = {}
        for at, entry in enumerate(entries):
            name = entry.get("id")
            if not isinstance(name, str) or not name.strip():
                self._fail(at, "criteria-missing", f"#{at + 1}", key="id", what='id = "…"')
            if name in ids:
                self._fail(at, "criteria-twice", name, key="id", first=self.lines.line(ids[name], "id"))
            ids[name] = at
        return ids

    def _check_references(self, entries: Sequence[Mapping[str, Anything]], ids: Mapping[str, int]) -> None:
        """Raises for a rule that is not there, and for one that leads back to itself."""
        named = {name: tuple(names_in(entries[at])) for name, at in ids.items()}
        for name, others in named.items():
            for other in others:
                if other not in ids:
                    self._fail(ids[name], "criteria-reference", name, key="rule", name=other, near=_near(other, ids))
        for name in named:
            if cycle := _cycle(named, (name,)):
                self._fail(ids[name], "criteria-cycle", name, key="rule", cycle=" → ".join(cycle))

    def _rule(self, at: int, entries: Sequence[Mapping[str, Anything]], ids: Mapping[str, int]) -> Rule:
        entry = entries[at]
        name = str(entry["id"])
        if "verdict" not in entry:
            self._fail(at, "criteria-missing", name, key="", what='verdict = "valid" | "noise" | "open"')
        verdict = VERDICTS.get(str(entry["verdict"]))
        if verdict is None:
            wanted = {"value": repr(entry["verdict"]), "wanted": " | ".join(VERDICTS)}
            self._fail(at, "criteria-value", name, key="verdict", **wanted)
        return Rule(name, verdict, self._condition(at, entries, ids))

    def _condition(self, at: int, entries: Sequence[Mapping[str, Anything]], ids: Mapping[str, int]) -> Condition:
        entry = {key: value for key, value in entries[at].items() if key not in _OWN_KEYS}
        try:
            return condition_of(entry, self.fields, lambda name: self._condition(ids[name], entries, ids))
        except Wrong as wrong:
            values = dict(wrong.values)
            if wrong.code == "criteria-key":
                values["near"] = _near(wrong.key, CONDITION_KEYS)
            self._fail(at, wrong.code, str(entries[at]["id"]), key=wrong.key, **values)

    def _fail(self, at: int, code: str, rule: str, *, key: str, **values: object) -> NoReturn:
        line = self.lines.line(at, key)
        raise InputError(code, file=self.path, line=line, rule=rule, key=key, **values)


def _near(word: str, known: Collection[str]) -> str:
    return next(iter(difflib.get_close_matches(word, [*known], n=1, cutoff=0.0)), "-")


def _cycle(named: Mapping[str, Sequence[str]], path: tuple[str, ...]) -> tuple[str, ...]:
    """The way back to where ``path`` began, () where there is none."""
    for other in named[path[-1]]:
        if other == path[0]:
            return (*path, other)
        if other not in path and (found := _cycle(named, (*path, other))):
            return found
    return ()
