"""What the methods of ``Study`` give back: frozen records, nothing that touches a disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

from dokhae.library import Added, Patent
from dokhae.library.reviews import Review
from dokhae.reading.fields import Field
from dokhae.reading.why import Explained
from dokhae.report.into import Joined
from dokhae.search import Reason, Snippet
from dokhae.study.relations import Relations
from dokhae.types import Answer, AnswerStatus, Claim, Defect, Evidence, Text


@dataclass(frozen=True)
class Why:
    """One reason for rejecting, how often it came up, and one example: its source and the values of its message."""

    code: str
    count: int
    source: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class AddedFiles:
    """What adding did.  reasons: why files and records of the study are rejected, the most frequent first."""

    counts: Added
    reasons: tuple[Why, ...]
    seconds: float

    @property
    def found_a_patent(self) -> bool:
        """Whether there is any patent in what was given, new or known."""
        return bool(self.counts.added + self.counts.updated + self.counts.unchanged)


@dataclass(frozen=True)
class Confidence:
    """How sure the answers given are.  rated: their score is a probability; low: of these, below one half.

    unrated: their score is none (uncalibrated).  What a person said is in neither.
    """

    rated: int = 0
    low: int = 0
    unrated: int = 0

    def __add__(self, other: Confidence) -> Confidence:
        return Confidence(self.rated + other.rated, self.low + other.low, self.unrated + other.unrated)


@dataclass(frozen=True)
class Run:
    """The card of a run that ended (docs/cli.md, show runs).  began: UTC, ISO.  seconds: of reading alone.

    texts_kept: done before.  answers: field -> status -> texts, over the whole study after it; of a screening
    "screen" -> verdict, of a classing "class" -> class.  low_confidence, without_probability: of the answers given,
    None where rules decide.  rejected: code -> files and records of the study.  settings: in force.
    """

    began: str
    command: str
    version: str
    texts_read: int = 0
    texts_kept: int = 0
    texts_failed: int = 0
    answers: Mapping[str, Mapping[str, int]] = dataclass_field(default_factory=dict)
    low_confidence: int | None = None
    without_probability: int | None = None
    rejected: Mapping[str, int] = dataclass_field(default_factory=dict)
    seconds: float = 0.0
    settings: Mapping[str, Any] = dataclass_field(default_factory=dict)
    digests: Mapping[str, str] = dataclass_field(default_factory=dict)

    @property
    def texts_per_s(self) -> float | None:
        """None where nothing was read."""
        return round(self.texts_read / self.seconds, 3) if self.texts_read and self.seconds else None


@dataclass(frozen=True)
class ReadTexts:
    """What reading did.  kept: texts read before.  statuses: field -> status -> texts, over the whole study.

    read_by: name and version of the model that read beside the cues, "" for cues alone.
    learned: "learned" with what reviews taught, "outdated" where that is for another model, "" as shipped.
    confidence: of the answers counted in ``statuses``.  run: the card of it, once the run has ended.
    """

    read: int
    kept: int
    failed: int
    statuses: Mapping[str, Mapping[AnswerStatus, int]]
    seconds: float
    read_by: str = ""
    learned: str = ""
    confidence: Confidence = dataclass_field(default_factory=Confidence)
    run: Run | None = None


@dataclass(frozen=True)
class Decisions:
    """How many applications got each verdict, and how many each rule decided, in the order of the rules."""

    verdicts: Mapping[str, int]
    rules: Mapping[str, int]


@dataclass(frozen=True)
class Screened:
    """What screening did.  kept: texts whose verdict was known.  decisions: over the whole study.

    unread: texts that have no answer to a field the rules name: such a condition does not hold there.
    """

    read: int
    kept: int
    failed: int
    decisions: Decisions
    seconds: float
    unread: int = 0


@dataclass(frozen=True)
class Classed:
    """What classing did.  classes: path -> applications, in the order of the tree, over the whole study.

    by_meaning: whether definitions were compared too; without vectors only queries and keywords are.
    """

    read: int
    kept: int
    failed: int
    classes: Mapping[str, int]
    unclassed: int
    seconds: float
    by_meaning: bool = True


@dataclass(frozen=True)
class Analyzed:
    """What ``Study.analyze`` did, and where its report is.  example: one of its patents, if there is any."""

    added: AddedFiles
    read: ReadTexts
    report: Path
    example: Patent | None
    seconds: float


@dataclass(frozen=True)
class Exported:
    path: str
    count: int


@dataclass(frozen=True)
class JoinedList:
    """A copy of a list with our columns, and how its rows were matched."""

    path: str
    joined: Joined


@dataclass(frozen=True)
class Reply:
    """One patent's answer to a question."""

    patent: Patent
    answer: Answer

    @property
    def evidence(self) -> Evidence | None:
        return self.answer.best


@dataclass(frozen=True)
class Explanation:
    """Why a patent has an answer.  answer: as the study shows it; explained: how it is read with the model in force.

    field: None for a free question.  The two differ where a person reviewed the answer, where it is corrected for how
    rare it is, and where it was read by something else than what is in force now (``is_stale``).
    """

    patent: Patent
    field: Field | None
    answer: Answer
    explained: Explained

    @property
    def is_stale(self) -> bool:
        """Whether the answer shown was read by something else than what explains it."""
        return self.answer.reviewer is None and not self.answer.made_by.startswith(self.explained.answer.made_by)


@dataclass(frozen=True)
class AskedAll:
    """One question put to every application.  read: by status over the whole study, under the id of the column.

    best: the surest answers with their probabilities, corrected for how rare an answer is in this set.  expected: how
    many of the answers given are right, by these.  share: of the set that answers; None without calibration.
    made_by: reader, selector and calibration, by their digests; "" without them.
    """

    column: Field
    read: ReadTexts
    best: tuple[tuple[Reply, float], ...]
    expected: float
    share: float | None
    made_by: str = ""


@dataclass(frozen=True)
class Match:
    """A patent a query found.  score: comparable within one query."""

    patent: Patent
    score: float
    snippet: Snippet | None
    why: tuple[Reason, ...]


@dataclass(frozen=True)
class Matches:
    """The best matches, of ``total``.  read_as: the query as it was understood; warnings: what is odd about it."""

    best: tuple[Match, ...]
    total: int
    read_as: str
    warnings: tuple[Defect, ...] = ()


@dataclass(frozen=True)
class Shown:
    """One patent: its data, its current text, its answers in the order of the fields.

    representative: the publication that stands for its application; it is the one that is read.
    reviews: what people said, by field; also what was said of an earlier text and cannot be found in this one.
    verdict, classes: what screening and classing said of the application, if they did.
    """

    patent: Patent
    text: Text
    answers: tuple[Answer, ...]
    representative: Patent
    relations: Relations
    reviews: Mapping[str, Review] = dataclass_field(default_factory=dict)
    verdict: Answer | None = None
    classes: Answer | None = None


@dataclass(frozen=True)
class ClaimText:
    claim: Claim
    text: str


def name_of(patent: Patent) -> str:
    """How a patent is called in lists: its number, else another number it has, else the digest of its text.

    Any of them is understood by every command that takes a number.
    """
    if patent.number is not None:
        return patent.number.compact
    return patent.numbers[0].compact if patent.numbers else patent.text[:12]
