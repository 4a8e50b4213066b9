"""Row: one publication with what was read from it, and why a person should look at it.

In: what the library keeps.  Out: ``Row`` and the codes of its checks.  Never loads a text by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dokhae.library import Patent
from dokhae.types import Answer, AnswerStatus, ReadFrom, Text

_SILENT = (AnswerStatus.not_stated, AnswerStatus.withheld)


@dataclass(frozen=True)
class Row:
    """A patent, its current text (or how to load it: a big study streams) and its answers by field."""

    patent: Patent
    text: Text | Callable[[], Text | None] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def read_text(self) -> Text | None:
        """The patent's current text; loaded anew at each call, so that no row keeps one."""
        return self.text() if callable(self.text) else self.text


def checks_of(row: Row) -> tuple[str, ...]:
    """Codes of what a person should look at: the defects of the source, then what reading could not settle.

    Besides defect codes: ``answer-failed``, ``answer-withheld``, ``language-not-read``, and ``nothing-found`` where a
    full text gave neither problem nor solution.
    """
    statuses = {answer.status for answer in row.answers.values()}
    codes = list(dict.fromkeys(defect.code for defect in row.patent.defects))
    for status, code in (
        (AnswerStatus.failed, "answer-failed"),
        (AnswerStatus.withheld, "answer-withheld"),
        (AnswerStatus.language_not_read, "language-not-read"),
    ):
        if status in statuses:
            codes.append(code)
    core = [row.answers[name].status for name in ("problem", "solution") if name in row.answers]
    if core and row.patent.read_from is ReadFrom.full_text and all(status in _SILENT for status in core):
        codes.append("nothing-found")
    return tuple(codes)
