"""Weights a study has learned from its reviews: the file ``learned.toml``, and what is in force with it.

In: the file, the digest of the reader in force.  Out: ``Learned``: the shipped tables with those learned in their
place.  Weights of another reader, or drawn from other shipped weights, are not used: their probabilities would mean
nothing.  Delete the file, or ``dokhae review STUDY --forget``, to go back to the shipped weights exactly.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.reading import calibration, combination
from dokhae.reading.calibration import Calibration
from dokhae.reading.combination import KINDS, Combination, Table
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.effort import MANY
from dokhae.reading.judging import Judge
from dokhae.reading.learning import Lesson, Marks

FREE = ("free", "question")
Key = tuple[str, str]  # kind of text and field, or FREE


@dataclass(frozen=True, slots=True)
class Learned:
    """The judges in force.  calibration: None where free questions are judged as shipped.

    state: "" as shipped, "learned", or "outdated" where there is a file and it is for another reader or version.
    """

    together: Combination
    calibration: Calibration | None = None
    state: str = ""

    @property
    def free_digest(self) -> str:
        return (self.calibration or calibration.shipped(MANY.name)).digest

    def taught(self, by: Comprehension | None) -> Comprehension | None:
        """What reads, with what was learned of questions put to many patents: reviews are about these."""
        if by is None or self.calibration is None or by.effort != MANY:
            return by
        return replace(by, calibration=self.calibration)


def shipped() -> Learned:
    """Nothing learned."""
    return Learned(combination.shipped())


def judge_of(key: Key) -> Judge | None:
    """The shipped judge of a field in a kind of text, or of free questions."""
    return calibration.shipped(MANY.name) if key == FREE else combination.shipped().tables.get(key)


def load(path: Path, reader: str) -> Learned:
    """What is in force for the reader of that digest; the shipped weights where there is no such file, or not for it.

    Raises InputError ``learned-unreadable`` for a file that is not as it was written.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return shipped()
    try:
        written = tomllib.loads(content.decode("utf8"))
        if (written["reader"], written["towards"]) != (reader, _towards()):
            return replace(shipped(), state="outdated")
        return _of(written, f"learned {hashlib.sha256(content).hexdigest()[:12]}")
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("learned-unreadable", file=path, reason=error) from error


def text_of(lessons: Mapping[Key, Lesson], reader: str) -> str:
    """``learned.toml``: the lessons worth keeping as tables, the figures of all beside."""
    lines = [_HEAD, f'reader = "{reader}"', f'towards = "{_towards()}"']
    for (kind, field), lesson in lessons.items():
        lines += ["", f"[{kind}.{field}]" if lesson.is_better else f"[not_kept.{kind}.{field}]"]
        lines += [*(_judge(lesson.judge) if lesson.is_better else ())]
        lines += [f"reviews = {lesson.reviews}"]
        lines += [f"before = {_marks(lesson.before)}", f"after = {_marks(lesson.after)}"]
    return "\n".join(lines) + "\n"


_HEAD = """# What the reviews of this study taught: `dokhae review STUDY --learn` writes it, anew each time.
# Delete this file to go back to the shipped weights.  before, after: judged on patents that were not fitted on."""


def _towards() -> str:
    return f"{combination.shipped().digest} {calibration.shipped(MANY.name).digest}"


def _of(written: Mapping[str, Any], digest: str) -> Learned:
    base = combination.shipped()
    own = combination.read({"reader": base.reader, **{kind: written.get(kind, {}) for kind in KINDS}}, digest)
    together = Combination({**base.tables, **own.tables}, base.reader, digest) if own.tables else base
    free = written.get(FREE[0], {}).get(FREE[1])
    if free is None:
        return Learned(together, state="learned")
    numbers = {name: free[name] for name in ("bias", "weights", "threshold", "withheld_from")}
    return Learned(together, replace(calibration.shipped(MANY.name), **numbers, digest=digest), "learned")


def _judge(judge: Judge) -> Iterator[str]:
    if isinstance(judge, Table):
        yield f"with_model = {str(judge.with_model).lower()}"
    yield f"threshold = {judge.threshold}"
    yield f"withheld_from = {judge.withheld_from}"
    yield f"bias = {judge.bias!r}"
    yield f"weights = {{ {', '.join(f'{name} = {weight!r}' for name, weight in judge.weights.items())} }}"


def _marks(marks: Marks) -> str:
    brier = "" if marks.brier is None else f", brier = {marks.brier:.4f}"
    return f"{{ cases = {marks.cases}, right = {marks.right}{brier} }}"
