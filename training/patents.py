"""Patents -> examples: questions written by hand, standing fields marked by hand, and what headings and claims teach.

In: the lines of ``training.corpus`` and the hand-written sets of ``training/questions`` (offsets and questions; the
texts stay where they are).  Out: ``Example`` values.

By hand, a question: the passage with its answer; passages of the same patent without it, the nearest in words and some
by chance; a passage of another patent.  An unanswerable one: passages of its patent, all "not here".
By hand, a field: the passages with its spans, in one reading of all fields and as a question in either language.  In
the place of the question a reading of all fields is told what the product tells it (``marking.about``).
Weak: what the heading-and-cue reader found with confidence, in the same two forms.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.marking import about
from training import lines
from training.examples import QUESTION, Example
from training.fields import FIELDS

HAND_QUESTION, HAND_FIELD, WEAK_FIELD = 10, 11, 12  # sources, for the ablations
SURE = 0.75  # of the heading-and-cue reader
WEAK_WEIGHT = 0.5
_WEAK_FIELDS = ("problem", "solution", "effect", "field")
_MARKED = (*_WEAK_FIELDS, "application", "cause", "material", "process", "parts")
_EMPTY_READ = 3  # passages without any field, of a patent marked by hand, on average
_EMPTY_ASKED = 0.1
_UNTOLD = 0.1  # of the readings of all fields
_WORD = re.compile(r"[가-힣]{2}|[a-z]{3,}|\d+")
_HEADS = {name: at + 1 for at, name in enumerate(FIELDS)}
_WORDINGS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("wordings.toml").read_text(encoding="utf8")
)
Range = tuple[int, int]
Nearest = Callable[[str, Sequence[str]], Any]  # a question, passages -> how near each is, more is nearer


class Passage(NamedTuple):
    """A stretch of a text: kind of section, language, start and end in characters."""

    kind: str
    lang: str
    start: int
    end: int

    def holds(self, span: Range) -> bool:
        return self.start <= span[0] and span[1] <= self.end


@dataclass(frozen=True, slots=True)
class Patent:
    """A text with its passages and weak answers (start, end, score) by field."""

    digest: str
    lang: str
    text: str
    passages: tuple[Passage, ...]
    weak: dict[str, list[tuple[int, int, float]]]

    @property
    def title(self) -> str:
        """Its title as the text has it, "" without one."""
        return next((self.text[one.start : one.end] for one in self.passages if one.kind == "title"), "")


@dataclass(frozen=True, slots=True)
class Others:
    """Passages a question is put to beside those that answer it: near in words, by chance, of another patent."""

    near: int
    chance: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes examples of one source and weight."""

    source: int
    weight: float
    rng: random.Random

    def read(
        self, patent: Patent, passage: Passage, held: Mapping[str, Sequence[Range]], known: Iterable[str]
    ) -> Example:
        """All fields in one reading; the reader is mostly told which section of what it reads."""
        labels = tuple(label for name, spans in held.items() for label in _labels(_HEADS[name], passage, spans))
        heads = tuple(_HEADS[name] for name in known)
        told = "" if self.rng.random() < _UNTOLD else about(passage.kind, patent.title)
        return Example(told, _words(patent, passage), labels, self.source, heads, self.weight)

    def asked(self, patent: Patent, passage: Passage, field: str, spans: Sequence[Range]) -> Example:
        """One field as a question, in either language."""
        question = self.rng.choice(_WORDINGS[field][self.rng.choice(("ko", "en"))])
        labels = tuple(_labels(QUESTION, passage, spans))
        return Example(question, _words(patent, passage), labels, self.source, weight=self.weight)


def by_words(question: str, passages: Sequence[str]) -> list[float]:
    """How many of the question's words each passage holds."""
    asked = set(_WORD.findall(question.lower()))
    return [float(len(asked & set(_WORD.findall(passage.lower())))) for passage in passages]


@dataclass(frozen=True, slots=True)
class Asking:
    """How hand-written questions are put to passages: beside which others, and what makes a passage near."""

    others: Others
    nearest: Nearest = by_words
    rng: random.Random = field(default_factory=random.Random)


FEW, MANY = Others(2, 1, 1), Others(7, 3, 2)


def load(texts: Path) -> dict[str, Patent]:
    """The corpus by digest."""
    return {line["digest"]: of_line(line) for line in lines.read(texts)}


def of_line(line: lines.Line) -> Patent:
    """One line of the corpus."""
    passages = tuple(Passage(*passage) for passage in line["passages"])
    return Patent(line["digest"], line["lang"], line["text"], passages, line["weak"])


def hand_written(files: Iterable[Path]) -> list[lines.Line]:
    """The sets written by hand, one entry a patent: digest, fields with spans, questions with spans."""
    return [entry for path in sorted(files) for entry in lines.read(path)]


def held_by(store: SqliteStore, entries: Iterable[lines.Line]) -> list[lines.Line]:
    """The entries whose text is in the corpus: where nothing reads scans, theirs are not."""
    there = {digest for digest, *_ in store.text_uses()}
    return [entry for entry in entries if entry["digest"] in there]


def question_examples(
    entries: Sequence[lines.Line], patents: Mapping[str, Patent], asking: Asking
) -> Iterator[Example]:
    """Every hand-written question with the passages that answer it and some that do not, as one group."""
    groups = count()
    known = [patents[digest] for digest in sorted({entry["digest"] for entry in entries} & set(patents))]
    for entry in entries:
        patent = patents.get(entry["digest"])
        if patent is None:
            continue
        for asked in entry["questions"]:
            yield from _question(asked, next(groups), [patent, *known], asking)


def _question(asked: lines.Line, group: int, patents: Sequence[Patent], asking: Asking) -> Iterator[Example]:
    """patents: the one the question is about, then all it may be put to by mistake."""
    patent, *known = patents
    others, rng = asking.others, asking.rng
    spans, places = (_ranges(asked.get(name, [])) for name in ("answers", "also"))
    answering = [one for one in patent.passages if _inside(one, [*spans, *places])]
    for one in answering:
        # A passage with another place of the answer alone is neither right nor wrong
        if held := _inside(one, spans):
            yield _put(asked["q"], patent, one, held[:1], group)
    left, right = asked.get("within", (0, len(patent.text)))
    rest = [one for one in patent.passages if left <= one.start and one.end <= right and one not in answering]
    near = _near(asked["q"], patent, rest, others.near if spans else others.near + 2, asking)
    left_over = [one for one in rest if one not in near]
    for one in near + rng.sample(left_over, min(others.chance, len(left_over))):
        yield _put(asked["q"], patent, one, [], group)
    for _ in range(others.elsewhere):
        other = rng.choice(known)
        if other is not patent and other.passages:
            yield _put(asked["q"], other, rng.choice(other.passages), [], group)


def _put(question: str, patent: Patent, passage: Passage, spans: Sequence[Range], group: int) -> Example:
    labels = tuple(_labels(QUESTION, passage, spans))
    return Example(question, _words(patent, passage), labels, HAND_QUESTION, group=group)


def _near(question: str, patent: Patent, passages: Sequence[Passage], n: int, asking: Asking) -> list[Passage]:
    """The ``n`` passages nearest to the question; by chance where nothing tells them apart."""
    found = asking.nearest(question, [_words(patent, one) for one in passages]) if passages else []
    worth = {one: (float(value), asking.rng.random()) for one, value in zip(passages, found, strict=True)}
    return sorted(passages, key=lambda one: worth[one], reverse=True)[:n]


def field_examples(
    entries: Sequence[lines.Line], patents: Mapping[str, Patent], *, seed: int, weight: float = 1.0
) -> Iterator[Example]:
    """Standing fields marked by hand: all in one reading, and each as a question."""
    maker = _Maker(HAND_FIELD, weight, random.Random(seed))
    for entry in entries:
        patent = patents.get(entry["digest"])
        if patent is None or not entry.get("fields"):
            continue
        marked = {name: _ranges(entry["fields"].get(name, [])) for name in _MARKED}
        for one in patent.passages:
            held = {name: _inside(one, spans) for name, spans in marked.items()}
            if not any(held.values()) and maker.rng.random() > _EMPTY_READ / len(patent.passages):
                continue
            yield maker.read(patent, one, held, _MARKED)
            for name, spans in held.items():
                if name != "parts" and (spans or maker.rng.random() < _EMPTY_ASKED):
                    yield maker.asked(patent, one, name, spans[:1])


def weak_examples(patents: Iterable[Patent], excluded: set[str], *, seed: int) -> Iterator[Example]:
    """What the heading-and-cue reader was sure of, in patents nobody marked."""
    maker = _Maker(WEAK_FIELD, WEAK_WEIGHT, random.Random(seed))
    for patent in patents:
        if patent.digest in excluded:
            continue
        marked = {
            name: [(left, right) for left, right, score in patent.weak.get(name, []) if score >= SURE][:2]
            for name in _WEAK_FIELDS
        }
        known = [name for name, spans in marked.items() if spans]
        for one in patent.passages:
            held = {name: _inside(one, spans) for name, spans in marked.items()}
            if not any(held.values()) and maker.rng.random() > 1 / len(patent.passages):
                continue
            yield maker.read(patent, one, held, known)
            name = maker.rng.choice(_WEAK_FIELDS)
            if held[name]:
                yield maker.asked(patent, one, name, held[name][:1])


def _ranges(spans: Iterable[Sequence[int]]) -> list[Range]:
    return [(start, end) for start, end in spans]


def _inside(passage: Passage, spans: Iterable[Range]) -> list[Range]:
    return [span for span in spans if passage.holds(span)]


def _words(patent: Patent, passage: Passage) -> str:
    return patent.text[passage.start : passage.end]


def _labels(head: int, passage: Passage, spans: Iterable[Range]) -> Iterator[tuple[int, int, int]]:
    yield from ((head, start - passage.start, end - passage.start) for start, end in spans)
