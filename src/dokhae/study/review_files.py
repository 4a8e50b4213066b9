"""Reviews from one person to another: a JSON line each, by patent numbers and exact words.

In: a store, a file.  Out: the file, or reviews in the store and what could not be taken over.  The words are placed
where they stood if the text is the same, else only where they stand once in the same kind of section.  A line that
cannot be read, or whose patent or words are not here, is listed with its reason and the rest goes on.

    {"number": "KR101314187B1", "digest": "...", "field": "effect", "verdict": "correct", "by": "Kim", "at": "...",
     "passages": [{"quote": "...", "start": 10, "end": 20, "section": "effect"}]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.library import Patent
from dokhae.library.anchoring import found_again
from dokhae.library.reviews import Review, Standing, Verdict
from dokhae.library.sqlite_store import SqliteStore
from dokhae.study import naming
from dokhae.study.results import name_of
from dokhae.types import SectionKind, Span, Text


@dataclass(frozen=True, slots=True)
class Imported:
    """How many reviews a file gave, how many were here before, and which lines gave none: (line, why)."""

    taken: int
    known: int
    left_out: tuple[tuple[int, InputError], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A review as a file has it: ``review.text`` is the digest of the text it was said of."""

    number: str
    review: Review
    kinds: tuple[SectionKind, ...]


def write(store: SqliteStore, out: Path) -> int:
    """Every review that holds, a line each; returns how many."""
    numbers = {patent.text: name_of(patent) for patent in store.patents()}
    n = 0
    with out.open("w", encoding="utf8", errors="backslashreplace", newline="\n") as file:
        for digest, by_field in store.reviews().items():
            text = store.text(digest)
            for review in by_field.values():
                # Of a text that was replaced: what could be moved is written with the text of now
                if review.holds and digest in numbers:
                    file.write(json.dumps(_record(numbers[digest], review, text), ensure_ascii=False) + "\n")
                    n += 1
    return n


def read(store: SqliteStore, source: Path) -> Imported:
    """Takes over every line that fits.  Raises InputError ``reviews-file`` for a file that is no text."""
    try:
        lines = source.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("reviews-file", path=source, line=0, problem=str(error)) from error
    taken, known = 0, 0
    left_out: list[tuple[int, InputError]] = []
    with store.batch():
        for at, written in enumerate(lines, 1):
            if not written.strip():
                continue
            try:
                review = _placed(store, _line(source, at, written))
            except InputError as error:
                left_out.append((at, error))
                continue
            is_new = store.put_review(review)
            taken, known = taken + is_new, known + (not is_new)
    return Imported(taken, known, tuple(left_out))


def _record(number: str, review: Review, text: Text) -> dict[str, Any]:
    passages = [
        {"quote": quote, "start": span.start, "end": span.end, "section": str(text.kind_at(span.start))}
        for span, quote in zip(review.spans, review.quotes, strict=True)
    ]
    head = {"number": number, "digest": review.text, "field": review.field, "verdict": str(review.verdict)}
    return {**head, "by": review.by, "at": review.at, "passages": passages}


def _line(source: Path, at: int, written: str) -> _Line:
    """One line of a file.  Raises InputError ``reviews-file`` naming the line and what is wrong with it."""
    try:
        entry = json.loads(written)
        texts = {name: entry[name] for name in ("number", "digest", "field", "verdict", "by", "at")}
        wrong = [name for name, value in texts.items() if not isinstance(value, str)]
        if wrong:
            raise ValueError(f"no text under {', '.join(wrong)}")
        verdict, passages = Verdict(texts["verdict"]), entry["passages"]
        spans = tuple(Span(int(one["start"]), int(one["end"])) for one in passages)
        quotes = tuple(str(one["quote"]) for one in passages)
        kinds = tuple(SectionKind(one["section"]) for one in passages)
        datetime.fromisoformat(texts["at"])
    except KeyError as error:
        raise InputError("reviews-file", path=source, line=at, problem=f"nothing under {error}") from error
    except (ValueError, TypeError) as error:
        raise InputError("reviews-file", path=source, line=at, problem=str(error)) from error
    if not quotes and verdict is not Verdict.reject:
        raise InputError("reviews-file", path=source, line=at, problem="no passages")
    said = Review(texts["digest"], texts["field"], verdict, texts["by"], texts["at"], spans, quotes)
    return _Line(texts["number"], said, kinds)


def _placed(store: SqliteStore, line: _Line) -> Review:
    """The review as said of the text that is here.  Raises InputError where patent or words are not here."""
    review, patent = line.review, _patent(store, line)
    text = store.text(patent.text)
    if review.text == patent.text and all(_stands(text, span, quote) for span, quote in _passages(review)):
        return review
    spans = found_again(text, review.quotes, line.kinds) if review.quotes else None
    if spans is None:
        quote = "; ".join(review.quotes) or "-"
        raise InputError("review-not-placed", number=name_of(patent), field=review.field, quote=quote[:60])
    return replace(review, text=patent.text, spans=spans, standing=Standing.moved)


def _patent(store: SqliteStore, line: _Line) -> Patent:
    """The patent meant: the one with that very text, else the one of that number."""
    same_text = (patent for patent in store.find(line.review.text) if patent.text == line.review.text)
    return next(same_text, None) or naming.one_named(store, line.number)


def _passages(review: Review) -> Iterator[tuple[Span, str]]:
    return zip(review.spans, review.quotes, strict=True)


def _stands(text: Text, span: Span, quote: str) -> bool:
    return bool(span) and text.quote(span) == quote
