"""Row: one publication with what was read from it, and why a person should look at it.

In: what the library keeps.  Out: ``Row`` and the codes of its checks.  Never loads a text by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dokhae.library import Patent
from dokhae.library.families import Family
from dokhae.library.reviews import Review
from dokhae.types import Answer, AnswerStatus, ReadFrom, Text

CORE = ("problem", "solution", "effect")
_WHOLE = (ReadFrom.full_text, ReadFrom.full_text_ocr)
_SILENT = (AnswerStatus.not_stated, AnswerStatus.withheld)


@dataclass(frozen=True)
class Row:
    """A patent, its current text (or how to load it: a big study streams), its answers by field, its family.

    reviews: what people said, by field; ``answers`` are as they left them.
    applicants: its applicants under their representative names, each once; () where applicants.toml names none of the
    study's.  verdict, classes: what screening and classing said, of the one that stands for its application.
    """

    patent: Patent
    text: Text | Callable[[], Text | None] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    applicants: tuple[str, ...] = ()
    family: Family | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict)
    verdict: Answer | None = None
    classes: Answer | None = None

    def read_text(self) -> Text | None:
        """The patent's current text, loaded at the first call and kept as long as the row is."""
        return self._loaded

    @cached_property
    def _loaded(self) -> Text | None:
        return self.text() if callable(self.text) else self.text


def checks_of(row: Row) -> tuple[str, ...]:
    """Codes of what a person should look at: the defects of the source, then what reading could not settle.

    Besides defect codes: ``answer-failed``, ``language-not-read``, ``answer-withheld`` (problem, solution or effect),
    ``nothing-found`` where a full text gave none of the three, and ``review-lost`` where a better text took the place
    of the one that was reviewed.  What was reviewed needs no look.
    """
    codes = list(dict.fromkeys(defect.code for defect in row.patent.defects))
    unseen = {name: answer for name, answer in row.answers.items() if answer.reviewer is None}
    statuses = {answer.status for answer in unseen.values()}
    core = [unseen[name].status for name in CORE if name in unseen]
    if AnswerStatus.failed in statuses:
        codes.append("answer-failed")
    if AnswerStatus.language_not_read in statuses:
        codes.append("language-not-read")
    if AnswerStatus.withheld in core:
        codes.append("answer-withheld")
    is_unseen = not any(name in row.reviews for name in CORE)
    if core and is_unseen and row.patent.read_from in _WHOLE and all(status in _SILENT for status in core):
        codes.append("nothing-found")
    if any(not review.holds for review in row.reviews.values()):
        codes.append("review-lost")
    return tuple(codes)
