"""Question sets in SQuAD's format -> examples, with questions their passage does not answer, made with care.

In: a SQuAD 1.1 file (.json or .json.gz).  Out: ``Example`` values.  Three kinds of "not here": the question put to the
paragraph of the same article most like it (the words agree, the answer is missing); the question with a number or a
name in it exchanged for another of the same article; and, for long documents, windows without the answer.
Answers whose offset does not hold their text are moved to the nearest place that does, or dropped.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.examples import QUESTION, Example
from training.lines import opened

HELD_OUT = 0.06  # of the articles, by the checksum of their title: for measuring only
N_RIVALS = 3
_OTHER_PARAGRAPH, _EXCHANGED = 0.30, 0.12
_NEAR = 400
_NAME = re.compile(r"(?<=\s)[A-Z][a-z]+(?:\s[A-Z][a-z]+)*|\b\d[\d,.]*\b|\d+(?=[년월일명개세회])")
_WORD = re.compile(r"\w{2,}")
Range = tuple[int, int]
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A context and its questions with the spans of their answers."""

    context: str
    questions: tuple[tuple[str, tuple[Range, ...]], ...]

    @property
    def answered(self) -> list[tuple[str, tuple[Range, ...]]]:
        """The questions that have a place."""
        return [(question, spans) for question, spans in self.questions if spans]


@dataclass(frozen=True, slots=True)
class Article:
    """Paragraphs of one title, their words, and the names and numbers in them."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def words(self) -> list[Words]:
        return [_words(paragraph.context) for paragraph in self.paragraphs]

    @property
    def names(self) -> list[str]:
        return sorted({name for paragraph in self.paragraphs for name in _NAME.findall(paragraph.context)})


def tree(path: Path) -> list[Any]:
    """The articles as the file writes them."""
    with opened(path) as file:
        articles_: list[Any] = json.load(file)["data"]
    return articles_


def articles(path: Path) -> list[Article]:
    """The articles of the file; one without a title goes by its first words."""
    return [Article(title_of(entry), tuple(map(_paragraph, entry["paragraphs"]))) for entry in tree(path)]


def title_of(article: dict[str, Any]) -> str:
    """Its title; where there is none, how it begins."""
    return str(article.get("title") or article["paragraphs"][0]["context"][:60])


def _paragraph(entry: dict[str, Any]) -> Paragraph:
    context = str(entry["context"])
    asked = []
    for question in entry["qas"]:
        spans = {_place(context, answer["text"], answer["answer_start"]) for answer in question["answers"]}
        asked.append((question["question"].strip(), tuple(sorted(span for span in spans if span))))
    return Paragraph(context, tuple(asked))


def _place(context: str, answer: str, start: int) -> Range | None:
    answer = answer.strip()
    at = context.find(answer, max(0, start - _NEAR))
    nearest = start if context.startswith(answer, start) else at
    return (nearest, nearest + len(answer)) if answer and 0 <= nearest <= start + _NEAR else None


def is_held_out(title: str, share: float = HELD_OUT) -> bool:
    """Whether the article is kept for measuring."""
    return zlib.crc32(title.encode("utf8")) % 1000 < share * 1000


def examples(
    path: Path, source: int, *, seed: int, held_out: float = HELD_OUT, weight: float = 1.0
) -> Iterator[Example]:
    """The training part of the file."""
    rng = random.Random(seed)
    for article in articles(path):
        if is_held_out(article.title, held_out):
            continue
        words, names = article.words, article.names
        for at, paragraph in enumerate(article.paragraphs):
            context = paragraph.context
            for question, spans in paragraph.answered:
                yield Example(question, context, _labelled(spans), source, weight=weight)
                if len(words) > 1 and rng.random() < _OTHER_PARAGRAPH:
                    other = rng.choice(_likest(question, at, words))
                    yield Example(question, article.paragraphs[other].context, (), source, weight=weight)
                if rng.random() < _EXCHANGED and (changed := exchanged(question, context, names, rng)):
                    yield Example(changed, context, (), source, weight=weight)


def grouped_examples(path: Path, source: int, *, seed: int, n: int, held_out: float = HELD_OUT) -> Iterator[Example]:
    """``n`` questions of the training part, each put to its paragraph and the three likest of its article."""
    asked = [
        (question, spans, at, article.paragraphs)
        for article in articles(path)
        if not is_held_out(article.title, held_out) and len(article.paragraphs) > N_RIVALS
        for at, paragraph in enumerate(article.paragraphs)
        for question, spans in paragraph.answered
    ]
    chosen = random.Random(seed).sample(asked, min(n, len(asked)))
    for group, (question, spans, at, paragraphs) in enumerate(chosen):
        yield Example(question, paragraphs[at].context, _labelled(spans), source, group=group)
        for other in _likest(question, at, [_words(paragraph.context) for paragraph in paragraphs]):
            yield Example(question, paragraphs[other].context, (), source, group=group)


def held_out_examples(path: Path, source: int, share: float) -> Iterator[Example]:
    """The questions kept for measuring, each with its own paragraph."""
    for article in articles(path):
        if is_held_out(article.title, share):
            for paragraph in article.paragraphs:
                for question, spans in paragraph.answered:
                    yield Example(question, paragraph.context, _labelled(spans[:1]), source)


def _labelled(spans: Sequence[Range]) -> tuple[tuple[int, int, int], ...]:
    return tuple((QUESTION, *span) for span in spans)


def _words(text: str) -> Words:
    return frozenset(_WORD.findall(text.lower()))


def _likest(question: str, at: int, words: Sequence[Words]) -> list[int]:
    """The other paragraphs that share most words with the question, at most three."""
    asked = _words(question)
    others = (other for other in range(len(words)) if other != at)
    return sorted(others, key=lambda other: len(words[other] & asked), reverse=True)[:N_RIVALS]


def exchanged(question: str, context: str, names: Sequence[str], rng: random.Random) -> str | None:
    """The question with one number or name exchanged for one of the article that its paragraph does not hold."""
    found = list(_NAME.finditer(question))
    if not found:
        return None
    one = rng.choice(found)
    is_number = one[0][0].isdigit()
    fit = [name for name in names if name[0].isdigit() == is_number and name not in context and name != one[0]]
    return question[: one.start()] + rng.choice(fit) + question[one.end() :] if fit else None
