"""Screening and classing: criteria or a tree of classes × patents -> verdicts and classes, each with its words.

In: a user's file, and what the study knows of a patent.  Out: ordinary ``Answer``s, ``screen`` and ``class``.
This room opens no study: whoever keeps the patents says which queries hold and hands the texts over.

    criteria    TOML -> rules          conditions  what a rule is built of, and when it holds
    deciding    rules × one patent     quoting     the sentence that speaks for a query
    tree        table -> classes       fitting     classes × one patent
    meaning     how near a text is to what a class means
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dokhae.types import Answer

SCREEN, CLASS = "screen", "class"
BY_RULE = " rule "  # before the rule, in what made a verdict
LEVEL, PATH = " > ", "\n"  # between the levels of a class, between the classes of a patent
NO_LEVEL = "-"  # a level left out between others
_CODE = "\t"  # behind the code of a class


class Verdict(StrEnum):
    """What becomes of a patent: 유효, 노이즈, 보류."""

    valid = "valid"
    noise = "noise"
    open = "open"


@dataclass(frozen=True, slots=True)
class Own:
    """The answers of one patent, sorted: of its fields, its verdict, its classes."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    verdict: Answer | None = None
    classes: Answer | None = None


def name_for(kind: str, application: int, *, is_alone: bool) -> str:
    """The name of the verdict or class of one application; answers belong to texts, and several may share one."""
    return kind if is_alone else f"{kind} {application}"


def own(answers: Mapping[str, Answer], application: int) -> Own:
    """What of the answers of a text is said of this application."""
    of_kind = {
        kind: answers.get(name_for(kind, application, is_alone=False), answers.get(kind)) for kind in (SCREEN, CLASS)
    }
    of_fields = {name: answer for name, answer in answers.items() if name.partition(" ")[0] not in of_kind}
    return Own(of_fields, of_kind[SCREEN], of_kind[CLASS])


def rule_of(verdict: Answer) -> str:
    """The rule that decided."""
    return verdict.made_by.partition(BY_RULE)[2]


def written_path(code: str, path: str) -> str:
    """A class as the value of an answer holds it: its path, behind its code if it has one."""
    return f"{code}{_CODE}{path}" if code else path


def paths_of(classes: Answer | None) -> tuple[str, ...]:
    """The classes of a patent, each "level 1 > level 2 > level 3", best first; () where it has none."""
    return tuple(written.rpartition(_CODE)[2] for written in _written(classes))


def codes_of(classes: Answer | None) -> tuple[str, ...]:
    """The codes of these classes, of those that have one."""
    return tuple(code for written in _written(classes) if (code := written.rpartition(_CODE)[0]))


def _written(classes: Answer | None) -> list[str]:
    return classes.value.split(PATH) if classes is not None and classes.value else []
