"""A file of questions -> one line an answer: ``dokhae ask STUDY --questions FILE.jsonl --jsonl``.

In: JSON lines {"qid", "source", "q"}: the question ``q`` put to the patent ``source`` (a number in any spelling, or the
stem of its file).  Out: JSON lines in the same order, {"qid", "quote", "score"} and where the quote stands; "quote" is
null where the patent does not say, ``score`` then the probability that it says it after all.  A line that cannot be
answered gets "error" and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dokhae.errors import DokhaeError, InputError

if TYPE_CHECKING:
    from dokhae.study import Reply, Study

KEYS = ("qid", "source", "q")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a file: qid as given, source the patent it is put to."""

    qid: str
    source: str
    question: str


def questions_of(path: Path) -> list[Asked]:
    """The questions of a file.  Raises InputError ``questions-file`` naming the line and what is wrong with it."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("questions-file", path=path, line=0, problem=str(error)) from error
    return [_asked(path, at, line) for at, line in enumerate(lines, 1) if line.strip()]


def _asked(path: Path, at: int, line: str) -> Asked:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise InputError("questions-file", path=path, line=at, problem=str(error)) from error
    missing = [key for key in KEYS if not isinstance(entry, dict) or not isinstance(entry.get(key), str)]
    if missing:
        raise InputError("questions-file", path=path, line=at, problem=f"no text under {', '.join(missing)}")
    return Asked(entry["qid"], entry["source"], entry["q"])


def answers(opened: Study, asked: list[Asked]) -> Iterator[dict[str, Any]]:
    """A line for each question, in order."""
    for one in asked:
        try:
            yield {"qid": one.qid, **_line(opened.reply(one.question, one.source))}
        except DokhaeError as error:
            yield {"qid": one.qid, "quote": None, "score": 0.0, "error": str(error)}


def _line(reply: Reply) -> dict[str, Any]:
    from dokhae.study import name_of

    evidence = reply.evidence
    place = (
        {} if evidence is None else {"start": evidence.span.start, "end": evidence.span.end, "place": evidence.place}
    )
    return {
        "quote": None if evidence is None else evidence.quote,
        "score": round(reply.answer.score, 4),
        "status": reply.answer.status.value,
        "number": name_of(reply.patent),
        **place,
    }
