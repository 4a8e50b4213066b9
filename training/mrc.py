"""Question sets in SQuAD's format -> examples, with questions their passage does not answer, made with care.

In: a SQuAD 1.1 file (.json or .json.gz).  Out: ``Example`` values.  Three kinds of "not here": the question put to the
paragraph of the same article most like it (the words agree, the answer is missing); the question with a number or a
name in it exchanged for another of the same article; and, for long documents, windows without the answer.
Answers whose offset does not hold their text are moved to the nearest place that does, or dropped.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.examples import QUESTION, Example

HELD_OUT = 0.06  # of the articles, by the checksum of their title: for measuring only
_OTHER_PARAGRAPH, _EXCHANGED = 0.30, 0.12
_NEAR = 400
N_RIVALS = 3
_NAME = re.compile(r"(?<=\s)[A-Z][a-z]+(?:\s[A-Z][a-z]+)*|\b\d[\d,.]*\b|\d+(?=[년월일명개세회])")
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A context and its questions with the spans of their answers."""

    context: str
    questions: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


def articles(path: Path) -> list[tuple[str, list[Paragraph]]]:
    """(title, paragraphs) of the file."""
    opened = gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8")
    with opened as file:
        data = json.load(file)["data"]
    return [(title_of(article), list(map(_paragraph, article["paragraphs"]))) for article in data]


def title_of(article: dict[str, Any]) -> str:
    """Its title; where there is none, how it begins."""
    return str(article.get("title") or article["paragraphs"][0]["context"][:60])


def _paragraph(entry: dict[str, object]) -> Paragraph:
    context = str(entry["context"])
    asked: list[tuple[str, tuple[tuple[int, int], ...]]] = []
    for question in entry["qas"]:  # type: ignore[attr-defined]
        spans = {_place(context, answer["text"], answer["answer_start"]) for answer in question["answers"]}
        asked.append((question["question"].strip(), tuple(sorted(span for span in spans if span))))
    return Paragraph(context, tuple(asked))


def _place(context: str, answer: str, start: int) -> tuple[int, int] | None:
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
    for title, paragraphs in articles(path):
        if is_held_out(title, held_out):
            continue
        words = [frozenset(_WORD.findall(paragraph.context.lower())) for paragraph in paragraphs]
        names = sorted({name for paragraph in paragraphs for name in _NAME.findall(paragraph.context)})
        for at, paragraph in enumerate(paragraphs):
            for question, spans in paragraph.questions:
                if not spans:
                    continue
                labelled = tuple((QUESTION, *span) for span in spans)
                yield Example(question, paragraph.context, labelled, source, weight=weight)
                if len(paragraphs) > 1 and rng.random() < _OTHER_PARAGRAPH:
                    other = _likest(question, at, words, rng)
                    yield Example(question, paragraphs[other].context, (), source, weight=weight)
                if rng.random() < _EXCHANGED and (changed := _exchanged(question, paragraph.context, names, rng)):
                    yield Example(changed, paragraph.context, (), source, weight=weight)


def grouped_examples(path: Path, source: int, *, seed: int, n: int, held_out: float = HELD_OUT) -> Iterator[Example]:
    """``n`` questions of the training part, each put to its paragraph and the three likest of its article."""
    rng = random.Random(seed)
    asked = [
        (question, spans, at, paragraphs)
        for title, paragraphs in articles(path)
        if not is_held_out(title, held_out) and len(paragraphs) > N_RIVALS
        for at, paragraph in enumerate(paragraphs)
        for question, spans in paragraph.questions
        if spans
    ]
    for group, (question, spans, at, paragraphs) in enumerate(rng.sample(asked, min(n, len(asked)))):
        words = [frozenset(_WORD.findall(paragraph.context.lower())) for paragraph in paragraphs]
        context = paragraphs[at].context
        yield Example(question, context, tuple((QUESTION, *span) for span in spans), source, group=group)
        for other in _ranked(question, at, words)[:N_RIVALS]:
            yield Example(question, paragraphs[other].context, (), source, group=group)


def _likest(question: str, at: int, words: list[frozenset[str]], rng: random.Random) -> int:
    """One of the other paragraphs that share most words with the question."""
    return rng.choice(_ranked(question, at, words)[:N_RIVALS])


def _ranked(question: str, at: int, words: list[frozenset[str]]) -> list[int]:
    asked = frozenset(_WORD.findall(question.lower()))
    return sorted((i for i in range(len(words)) if i != at), key=lambda i: len(words[i] & asked), reverse=True)


def _exchanged(question: str, context: str, names: list[str], rng: random.Random) -> str | None:
    """The question with one number or name exchanged for one of the article that its paragraph does not hold."""
    found = list(_NAME.finditer(question))
    if not found:
        return None
    one = rng.choice(found)
    is_number = one[0][0].isdigit()
    fit = [name for name in names if name[0].isdigit() == is_number and name not in context and name != one[0]]
    return question[: one.start()] + rng.choice(fit) + question[one.end() :] if fit else None
