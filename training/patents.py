"""Patents -> examples: questions written by hand, standing fields marked by hand, and what headings and claims teach.

In: the lines of ``training.corpus`` and the hand-written sets of ``training/questions`` (offsets and questions; the
texts stay where they are).  Out: ``Example`` values.

By hand, a question: the passage with its answer; passages of the same patent without it, the nearest in words and some
by chance; a passage of another patent.  An unanswerable one: passages of its patent, all "not here".
By hand, a field: the passages with its spans, in one reading of all fields and as a question in either language.
Weak: what the heading-and-cue reader found with confidence, in the same two forms.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from training.examples import QUESTION, Example
from training.fields import FIELDS

HAND_QUESTION, HAND_FIELD, WEAK_FIELD = 10, 11, 12  # sources, for the ablations
SURE = 0.75  # of the heading-and-cue reader
_WEAK_FIELDS = ("problem", "solution", "effect", "field")
_MARKED = (*_WEAK_FIELDS, "application", "cause", "material", "process", "parts")
_WORD = re.compile(r"[가-힣]{2}|[a-z]{3,}|\d+")
_HEADS = {name: at + 1 for at, name in enumerate(FIELDS)}
_WORDINGS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("wordings.toml").read_text(encoding="utf8")
)


@dataclass(frozen=True, slots=True)
class Patent:
    """A text with its passages (kind, language, start, end) and weak answers by field."""

    digest: str
    lang: str
    text: str
    passages: tuple[tuple[str, str, int, int], ...]
    weak: dict[str, list[tuple[int, int, float]]]


@dataclass(frozen=True, slots=True)
class Others:
    """Passages a question is put to beside those that answer it: near in words, by chance, of another patent."""

    near: int
    chance: int
    elsewhere: int


FEW, MANY = Others(2, 1, 1), Others(4, 5, 1)


def load(texts: Path) -> dict[str, Patent]:
    """The corpus by digest."""
    found = {}
    with texts.open(encoding="utf8") as file:
        for line in map(json.loads, file):
            passages = tuple(map(tuple, line["passages"]))
            found[line["digest"]] = Patent(line["digest"], line["lang"], line["text"], passages, line["weak"])
    return found


def hand_written(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The sets written by hand, one entry a patent: digest, fields with spans, questions with spans."""
    return [json.loads(line) for path in sorted(files) for line in path.read_text(encoding="utf8").split("\n") if line]


def question_examples(
    entries: Sequence[dict[str, Any]], patents: dict[str, Patent], *, seed: int, others: Others = FEW
) -> Iterator[Example]:
    """Every hand-written question with the passages that answer it and some that do not, as one group."""
    rng = random.Random(seed)
    groups = count()
    digests = sorted({entry["digest"] for entry in entries} & set(patents))
    for entry in entries:
        patent = patents.get(entry["digest"])
        if patent is None:
            continue
        for asked in entry["questions"]:
            spans, places = ([tuple(span) for span in asked.get(name, [])] for name in ("answers", "also"))
            answering = [one for one in patent.passages if _inside(one, [*spans, *places])]
            group = next(groups)
            for one in answering:
                if held := _inside(one, spans):
                    yield _asked(patent, one, asked["q"], held[:1], group)
            left, right = asked.get("within", (0, len(patent.text)))
            read = [one for one in patent.passages if left <= one[2] and one[3] <= right]
            rest = [one for one in read if one not in answering]
            near = _near(asked["q"], patent, rest, others.near if spans else others.near + 2, rng)
            left_over = [one for one in rest if one not in near]
            for one in near + rng.sample(left_over, min(others.chance, len(left_over))):
                yield _asked(patent, one, asked["q"], [], group)
            for _ in range(others.elsewhere):
                other = patents[rng.choice(digests)]
                if other is not patent and other.passages:
                    yield _asked(other, rng.choice(other.passages), asked["q"], [], group)


def _asked(patent: Patent, passage: Any, question: str, spans: Sequence[Any], group: int) -> Example:
    _, _, start, end = passage
    labels = tuple((QUESTION, left - start, right - start) for left, right in spans)
    return Example(question, patent.text[start:end], labels, HAND_QUESTION, group=group)


def _inside(passage: Any, spans: Iterable[Any]) -> list[Any]:
    _, _, start, end = passage
    return [(left, right) for left, right in spans if start <= left and right <= end]


def _near(question: str, patent: Patent, passages: Sequence[Any], n: int, rng: random.Random) -> list[Any]:
    """The passages that share most with the question; by chance where the languages differ."""
    asked = set(_WORD.findall(question.lower()))

    def shared(passage: Any) -> float:
        return len(asked & set(_WORD.findall(patent.text[passage[2] : passage[3]].lower()))) + rng.random()

    return sorted(passages, key=shared, reverse=True)[:n]


def field_examples(
    entries: Sequence[dict[str, Any]], patents: dict[str, Patent], *, seed: int, weight: float = 1.0
) -> Iterator[Example]:
    """Standing fields marked by hand: all in one reading, and each as a question."""
    rng = random.Random(seed)
    for entry in entries:
        patent = patents.get(entry["digest"])
        if patent is None or not entry.get("fields"):
            continue
        marked = {name: [tuple(span) for span in entry["fields"].get(name, [])] for name in _MARKED}
        for one in patent.passages:
            held = {name: _inside(one, spans) for name, spans in marked.items()}
            is_empty = not any(held.values())
            if is_empty and rng.random() > 3 / len(patent.passages):
                continue
            known = tuple(_HEADS[name] for name in _MARKED)
            yield _read(patent, one, held, known, HAND_FIELD, weight)
            for name, spans in held.items():
                if name != "parts" and (spans or rng.random() < 0.1):
                    yield _worded(patent, one, name, spans[:1], rng, HAND_FIELD, weight)


def weak_examples(patents: Iterable[Patent], excluded: set[str], *, seed: int) -> Iterator[Example]:
    """What the heading-and-cue reader was sure of, in patents nobody marked."""
    rng = random.Random(seed)
    for patent in patents:
        if patent.digest in excluded:
            continue
        marked = {
            name: [(left, right) for left, right, score in patent.weak.get(name, []) if score >= SURE][:2]
            for name in _WEAK_FIELDS
        }
        known = tuple(_HEADS[name] for name, spans in marked.items() if spans)
        for one in patent.passages:
            held = {name: _inside(one, spans) for name, spans in marked.items()}
            if not any(held.values()) and rng.random() > 1 / len(patent.passages):
                continue
            yield _read(patent, one, held, known, WEAK_FIELD, 0.5)
            name = rng.choice(_WEAK_FIELDS)
            if held[name]:
                yield _worded(patent, one, name, held[name][:1], rng, WEAK_FIELD, 0.5)


def _read(patent: Patent, passage: Any, held: dict[str, Any], known: Any, source: int, weight: float) -> Example:
    _, _, start, end = passage
    labels = [(_HEADS[name], a - start, b - start) for name, spans in held.items() for a, b in spans]
    return Example("", patent.text[start:end], tuple(labels), source, known, weight)


def _worded(
    patent: Patent, passage: Any, name: str, spans: Any, rng: random.Random, source: int, weight: float
) -> Example:
    _, _, start, end = passage
    question = rng.choice(_WORDINGS[name][rng.choice(("ko", "en"))])
    labels = tuple((QUESTION, a - start, b - start) for a, b in spans)
    return Example(question, patent.text[start:end], labels, source, weight=weight)
