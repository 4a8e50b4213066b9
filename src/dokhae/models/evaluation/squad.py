"""Questions in the format of SQuAD, versions 1 and 2, plain or gzip: KorQuAD, KLUE-MRC, PolicyQA and many others.

In: a file.  Out: ``Question``s in its order.  An entry that is not of the format is an error with its place, never
left out in silence.  Source: Rajpurkar et al. 2016, 2018.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dokhae.errors import InputError

T = TypeVar("T")

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Question:
    """answers: every wording accepted, none where the text does not answer.  article: which article it is about."""

    id: str
    question: str
    context: str
    answers: tuple[str, ...]
    article: int


def load(path: Path, *, limit: int | None = None) -> list[Question]:
    """The questions of ``path``.  limit: at most so many, spread evenly over the file.

    Raises InputError ``evaluation-file`` or ``evaluation-empty``.
    """
    tree = _parse(path)
    questions = [question for n, article in enumerate(_items(path, tree, "data")) for question in _of(path, article, n)]
    if not questions:
        raise InputError("evaluation-empty", file=path)
    return evenly(questions, limit)


def evenly(items: Sequence[T], limit: int | None) -> list[T]:
    """``limit`` of ``items``, spread evenly, in their order; all without a limit.

    >>> evenly("abcdef", 3)
    ['a', 'c', 'e']
    """
    if limit is None or limit >= len(items):
        return list(items)
    return [items[n * len(items) // limit] for n in range(limit)]


def _of(path: Path, article: object, n: int) -> Iterator[Question]:
    at = f"data[{n}]"
    for m, paragraph in enumerate(_items(path, article, "paragraphs", at)):
        there = f"{at}.paragraphs[{m}]"
        match paragraph:
            case {"context": str(context), "qas": list(asked)}:
                for k, entry in enumerate(asked):
                    yield _question(path, entry, context, (n, f"{there}.qas[{k}]"))
            case _:
                raise InputError("evaluation-file", file=path, place=there, problem="context, qas")


def _question(path: Path, entry: object, context: str, where: tuple[int, str]) -> Question:
    article, place = where
    match entry:
        case {"question": str(question), **rest} if question.strip():
            given: object = [] if rest.get("is_impossible") is True else rest.get("answers") or []
            texts = [_text(answer) for answer in given] if isinstance(given, list) else [None]
            if None not in texts:
                answers = tuple(dict.fromkeys(text for text in texts if text))
                return Question(str(rest.get("id", place)), question, context, answers, article)
    raise InputError("evaluation-file", file=path, place=place, problem="question, answers[].text")


def _text(answer: object) -> str | None:
    text = answer.get("text") if isinstance(answer, dict) else None
    return text if isinstance(text, str) else None


def _items(path: Path, tree: object, key: str, place: str = "/") -> list[Any]:
    items = tree.get(key) if isinstance(tree, dict) else None
    if not isinstance(items, list):
        raise InputError("evaluation-file", file=path, place=place, problem=key)
    return items


def _parse(path: Path) -> object:
    try:
        raw = path.read_bytes()
        content = gzip.decompress(raw) if raw.startswith(_GZIP) else raw
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("evaluation-file", file=path, place="/", problem=error) from error
