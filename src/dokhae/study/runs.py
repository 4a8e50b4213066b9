"""The card of a run: what a run that ended did, by what, and how sure its answers are; a line of ``runs.jsonl`` each.

In: what reading, screening or classing gave back, the settings in force.  Out: ``Run``, and the file read again.
A run that was stopped leaves no card; the run that goes on with it does.  Lines are added, never changed; one that is
damaged is passed over.  A disk that takes no more, or no writing at all, never fails the run it is about.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dokhae.config import Config
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models import in_use
from dokhae.reading import cues, learned, rarity, selecting
from dokhae.reading.effort import MANY
from dokhae.reading.learned import Learned
from dokhae.screening import CLASS, SCREEN
from dokhae.screening.criteria import Criteria
from dokhae.screening.tree import Tree
from dokhae.study.results import Classed, Confidence, ReadTexts, Run, Screened
from dokhae.types import Answer, AnswerStatus
from dokhae.version import VERSION

LOW = 0.5  # an answer given below this probability is more likely wrong than right
_DIGEST_CHARS = 16
_MOST_BYTES = 1_000_000  # no card is as long: what is, is damaged


def confidence(answers: Iterable[Answer]) -> Confidence:
    """How sure the answers given are.  What a person said has no probability to look at, and is not counted."""
    given = [a for a in answers if a.status is AnswerStatus.answered and a.reviewer is None]
    rated = [answer.score for answer in given if "uncalibrated" not in answer.made_by]
    return Confidence(len(rated), sum(score < LOW for score in rated), len(given) - len(rated))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Recorder:
    """Writes the card of one run, which begins when this is made.  workers: processes in force, 0 for none."""

    path: Path
    store: SqliteStore
    config: Config
    command: str
    workers: int = 0
    began: str = field(default_factory=_now)

    def of_read(self, done: ReadTexts, judged: Learned, **settings: object) -> Run:
        """judged: what judged the candidates.  settings: what was read: fields, or a question with its column."""
        sure = done.confidence
        answers = {name: _in_order(counts) for name, counts in done.statuses.items()}
        run = replace(self._begun(done, settings), answers=answers, digests=digests(self.config.read.model, judged))
        return self._kept(replace(run, low_confidence=sure.low, without_probability=sure.unrated))

    def of_screened(self, done: Screened, criteria: Criteria, name: str) -> Run:
        """name: of the file of criteria."""
        made = digests(self.config.read.model, learned.shipped()) if criteria.asks else {}
        run = self._begun(done, {"criteria": name})
        answers = {SCREEN: dict(done.decisions.verdicts)}
        return self._kept(replace(run, answers=answers, digests={"criteria": criteria.digest, **made}))

    def of_classed(self, done: Classed, tree: Tree, name: str) -> Run:
        """name: of the file of the tree.  An application of several classes counts once in each."""
        made = {"vectors": in_use.static_digest()} if done.by_meaning else {}
        run = self._begun(done, {"tree": name})
        answers = {CLASS: {**done.classes, "unclassed": done.unclassed}}
        return self._kept(replace(run, answers=answers, digests={"tree": tree.digest, **made}))

    def _begun(self, done: ReadTexts | Screened | Classed, settings: Mapping[str, object]) -> Run:
        """What every card says."""
        in_force = {
            "read.model": in_use.chosen(self.config.read.model),
            "engine.workers": self.workers,
            "engine.time_limit_s": self.config.engine.time_limit_s,
        }
        return Run(
            self.began,
            self.command,
            VERSION,
            texts_read=done.read,
            texts_kept=done.kept,
            texts_failed=done.failed,
            rejected=dict(Counter(one.code for one in self.store.rejected()).most_common()),
            seconds=round(done.seconds, 3),
            settings={**settings, **in_force},
        )

    def _kept(self, run: Run) -> Run:
        with suppress(OSError):
            append(self.path, run)
        return run


def _in_order(counts: Mapping[AnswerStatus, int]) -> dict[str, int]:
    return {status.value: counts[status] for status in AnswerStatus if counts.get(status)}


def digests(model: str, judged: Learned) -> dict[str, str]:
    """Names everything that makes answers to fields and questions; the cues alone where no model reads.

    model: the setting ``read.model``.  Answers of runs with the same digests are made alike.
    """
    card = in_use.card(in_use.chosen(model))
    if card is None:
        return {"cues": cues.digest()}
    return {
        "reader": card.digest[:_DIGEST_CHARS],
        "combination": judged.together.digest,
        "calibration": judged.free_digest,
        "selection": selecting.shipped(MANY.name).digest,
        "among": rarity.shipped().digest,
        "cues": cues.digest(),
        "vectors": in_use.static_digest(),
    }


def append(path: Path, run: Run) -> None:
    """Adds a line.  One that was cut short before stays what it is: the new one begins on its own."""
    line = json.dumps({**asdict(run), "texts_per_s": run.texts_per_s}, ensure_ascii=False, default=str)
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, 2)
            line = line if file.read(1) == b"\n" else f"\n{line}"
        file.write(line.encode("utf8", "backslashreplace") + b"\n")  # a lone surrogate: JSON's own escape for it


def load(path: Path) -> tuple[Run, ...]:
    """The runs of a study, the first one first; none where nothing was written."""
    try:
        with path.open("rb") as file:
            return tuple(run for line in _lines(file) if (run := _run(line)) is not None)
    except OSError:
        return ()


def _lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if line.strip() and len(line) < _MOST_BYTES)


def _run(line: bytes) -> Run | None:
    """The card a line holds; None where it is damaged.  What a later version added is left out."""
    try:
        written = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(written, dict) or not all(_is_right(name, written.get(name)) for name in _KINDS):
        return None
    return Run(**{one.name: written[one.name] for one in fields(Run)})


_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("began", "command", "version"), (str,)),
    **dict.fromkeys(("texts_read", "texts_kept", "texts_failed"), (int,)),
    **dict.fromkeys(("low_confidence", "without_probability"), (int, type(None))),
    **dict.fromkeys(("answers", "rejected", "settings", "digests"), (dict,)),
    "seconds": (int, float),
}


def _is_right(name: str, value: Any) -> bool:
    match name:
        case "answers":
            return isinstance(value, dict) and all(_counts(part) for part in value.values())
        case "rejected":
            return _counts(value)
        case _:
            return isinstance(value, _KINDS[name])


def _counts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(n, int) for n in value.values())
