"""The few types that pass through the house: pure, frozen data.

In: nothing.  Out: nothing.  This module never reads a file, never imports a library, and knows no room.
All offsets are half-open and count code points of one immutable ``Text.text``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

_VALUE_CHARS = 1000
REVIEW = "review "  # how ``made_by`` begins where a person made the answer


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: 0 <= start <= end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def within(self, outer: Span) -> Span:
        """This span, counted from the start of ``outer``, as a span of the text ``outer`` lies in.

        >>> Span(2, 4).within(Span(10, 20))
        Span(start=12, end=14)
        """
        shifted = Span(self.start + outer.start, self.end + outer.start)
        if shifted.end > outer.end:
            raise ValueError(f"{self} does not fit within {outer}")
        return shifted

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class Role(StrEnum):
    """What a number is the number of."""

    application = "application"
    publication = "publication"
    grant = "grant"
    priority = "priority"
    parent = "parent"
    pct = "pct"


@dataclass(frozen=True, slots=True)
class Number:
    """A patent number as one office gives it, in one role.

    office: two letters (KR, US, EP, WO, JP ...).  digits: the office's canonical serial without separators
    (KR application and publication 13 digits, KR grant 9, US without leading zeros, WO year + six digits); a
    letter prefix of the office (D, PP, RE, H, T) stays in front.  kind: "A1", "B1" ... or None.  written: as found.
    """

    office: str
    role: Role
    digits: str
    kind: str | None = None
    written: str = ""

    @property
    def compact(self) -> str:
        """One word: ``KR101910347B1``."""
        return f"{self.office}{self.digits}{self.kind or ''}"


class SectionKind(StrEnum):
    """What a stretch of a patent is for (patents.md, headings)."""

    title = "title"  # type: ignore[assignment]  # hides str.title, which nobody calls on a kind
    abstract = "abstract"
    field = "field"
    background = "background"
    prior_art_documents = "prior_art_documents"
    problem = "problem"
    solution = "solution"
    effect = "effect"
    drawings = "drawings"
    embodiments = "embodiments"
    examples = "examples"
    industrial = "industrial"
    reference_signs = "reference_signs"
    claims = "claims"
    table = "table"
    support = "support"
    amendment = "amendment"
    other = "other"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a text with one purpose.  ``span`` is its body, without the heading line.

    Sections of a text are ordered and do not overlap.  heading: as printed, "" where there is none.
    """

    kind: SectionKind
    lang: str
    span: Span
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.  label: the printed number ("0012"), "" where none is printed."""

    span: Span
    label: str = ""


class ClaimForm(StrEnum):
    independent = "independent"
    dependent = "dependent"
    independent_by_reference = "independent_by_reference"


class ClaimCategory(StrEnum):
    apparatus = "apparatus"
    method = "method"
    composition = "composition"
    system = "system"
    use = "use"
    medium = "medium"
    other = "other"


@dataclass(frozen=True, slots=True)
class Claim:
    """One numbered claim.  ``span``: its words without the printed number; empty where the claim is deleted.

    depends_on: every claim it refers to, ascending, ranges expanded, deleted ones left out.
    """

    number: int
    span: Span
    lang: str
    depends_on: tuple[int, ...] = ()
    form: ClaimForm = ClaimForm.independent
    category: ClaimCategory = ClaimCategory.other
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Where a stretch of text stands on a page: points from the lower left corner."""

    span: Span
    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Source:
    """Names the bytes a document came from.

    path: the file as the user named it.  member: its place inside an archive ("a.zip" inside "b.zip": joined
    with "!/"), "" for a plain file.  item: the ordinal of the document in that file, from 0.  sha256: of the file
    on disk.
    """

    path: str
    sha256: str = ""
    member: str = ""
    item: int = 0
    format: str = ""

    def __str__(self) -> str:
        place = f"{self.path}!/{self.member}" if self.member else self.path
        return f"{place} #{self.item + 1}" if self.item else place


@dataclass(frozen=True, slots=True)
class Defect:
    """Something odd that did not stop the reading.  code: a heading of docs/errors.md; values fill its message."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(code: str, **values: object) -> Defect:
        return Defect(code, _values(values))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file, an archive member or a record that gave no document.  stage: find, parse or store."""

    source: Source
    code: str
    values: tuple[tuple[str, str], ...] = ()
    stage: str = "parse"

    @staticmethod
    def of(source: Source, code: str, *, stage: str = "parse", **values: object) -> Rejected:
        return Rejected(source, code, _values(values), stage)


def _values(values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The values of a message as strings, none longer than a message can show: a broken file may give a whole text."""
    written = ((name, str(value)) for name, value in values.items())
    return tuple((name, v if len(v) <= _VALUE_CHARS else v[: _VALUE_CHARS - 1] + "…") for name, v in written)


class ReadFrom(StrEnum):
    """How much of the patent the source holds."""

    full_text = "full text"
    full_text_ocr = "full text (OCR)"
    abstract_and_claims = "abstract + claims"
    abstract_and_some_claims = "abstract + some claims"
    abstract = "abstract"
    cut_abstract = "cut abstract"
    title = "title"  # type: ignore[assignment]  # hides str.title


@dataclass(frozen=True)
class Text:
    """One immutable string in one document's order, and the structure that lies over it.

    is_ocr: its words, or some of them, were read from a picture.
    """

    text: str
    lang: str
    sections: tuple[Section, ...] = ()
    claims: tuple[Claim, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    layout: tuple[Box, ...] = ()
    parser: str = ""
    parser_version: str = "1"
    abstract_is_cut: bool = False
    # a table's "first claim" or "independent claims": how many the patent has is not known from them
    claims_are_partial: bool = False
    is_ocr: bool = False

    @cached_property
    def digest(self) -> str:
        """sha256 over the string and its structure, 32 hex digits: another structure is another text to read."""
        structure = "\x1f".join(
            [f"{s.kind} {s.lang} {s.span.start} {s.span.end}" for s in self.sections]
            + [f"{c.number} {c.span.start} {c.span.end} {c.depends_on}" for c in self.claims]
        )
        return hashlib.sha256(f"{self.text}\x1e{structure}".encode("utf8", "surrogatepass")).hexdigest()[:32]

    def quote(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def of_kind(self, *kinds: SectionKind) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.kind in kinds)

    def kind_at(self, at: int) -> SectionKind:
        """The kind of the section that holds the place ``at``; other where none does."""
        return next((one.kind for one in self.sections if one.span.start <= at < one.span.end), SectionKind.other)

    @property
    def read_from(self) -> ReadFrom:
        kinds = {section.kind for section in self.sections if section.span}
        described = kinds - {SectionKind.title, SectionKind.abstract, SectionKind.claims, SectionKind.amendment}
        if described:
            return ReadFrom.full_text_ocr if self.is_ocr else ReadFrom.full_text
        if SectionKind.claims in kinds:
            return ReadFrom.abstract_and_some_claims if self.claims_are_partial else ReadFrom.abstract_and_claims
        if SectionKind.abstract in kinds:
            return ReadFrom.cut_abstract if self.abstract_is_cut else ReadFrom.abstract
        return ReadFrom.title


@dataclass(frozen=True, slots=True)
class Status:
    """Legal status as supplied.

    name: normalised (공개, 등록, 거절, 취하, 포기, 무효, 소멸, 만료).  written: as found.  source: the file that says
    so, "" where only one source speaks of the patent.
    """

    name: str
    written: str
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """An applicant, owner or inventor as written; country: two letters or ""."""

    name: str
    country: str = ""


@dataclass(frozen=True)
class Biblio:
    """Bibliographic data as supplied.  Titles by language; classes most important first, "H04N 5/225".

    status: the one that counts (latest as-of date).  statuses: every one supplied, the one that counts first; empty
    where no two sources differ.
    """

    titles: tuple[tuple[str, str], ...] = ()
    application_date: date | None = None
    publication_date: date | None = None
    grant_date: date | None = None
    priority_date: date | None = None
    applicants: tuple[Party, ...] = ()
    owners: tuple[Party, ...] = ()
    inventors: tuple[Party, ...] = ()
    agents: tuple[Party, ...] = ()
    ipc: tuple[str, ...] = ()
    cpc: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    status: Status | None = None
    statuses: tuple[Status, ...] = ()
    family_id: str = ""
    printed_claims: int | None = None
    supplied: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return self.titles[0][1] if self.titles else ""


@dataclass(frozen=True)
class Document:
    """What a parser yields: one publication as one source has it.

    number: the number of this very document (grant number for a B1, publication number for an A), None where the
    source knows only the application.  numbers: every number it carries, ``number`` included.
    category: "invention", "utility_model", "design" or "plant".
    """

    source: Source
    number: Number | None
    numbers: tuple[Number, ...]
    biblio: Biblio
    texts: tuple[Text, ...]
    defects: tuple[Defect, ...] = ()
    category: str = "invention"

    def of_role(self, role: Role) -> Number | None:
        return next((n for n in self.numbers if n.role is role), None)


class AnswerStatus(StrEnum):
    answered = "answered"
    not_stated = "not_stated"
    no_source_text = "no_source_text"
    withheld = "withheld"
    language_not_read = "language_not_read"
    not_applicable = "not_applicable"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact words an answer stands on: quote == text[span.start:span.end], always.

    text: digest of the Text.  place: "[0012]", "claim 1", "abstract", "p. 3".
    """

    text: str
    span: Span
    quote: str
    place: str = ""
    section: SectionKind = SectionKind.other

    def __post_init__(self) -> None:
        if len(self.quote) != len(self.span):
            raise ValueError(f"a quote of {len(self.quote)} code points cannot stand at {self.span}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer.  score: 0..1; reasons: (why, weight), largest first, for --why."""

    evidence: Evidence
    score: float
    reasons: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one patent says to one field or question.

    candidates: best first; the first ones are the answer (``wants`` says how many), the rest are runner-ups.
    made_by: reader, selector and calibrator, or "uncalibrated"; "review NAME" where a person said so.
    score: of the best candidate, 0.0 without one.
    """

    field: str
    status: AnswerStatus
    candidates: tuple[Candidate, ...] = ()
    value: str | None = None
    made_by: str = "cues uncalibrated"
    read_from: ReadFrom = ReadFrom.full_text

    @property
    def score(self) -> float:
        return self.candidates[0].score if self.candidates else 0.0

    @property
    def best(self) -> Evidence | None:
        answered = self.status is AnswerStatus.answered and self.candidates
        return self.candidates[0].evidence if answered else None

    @property
    def reviewer(self) -> str | None:
        """Who said so; None where it is the machine's answer."""
        return self.made_by.removeprefix(REVIEW) if self.made_by.startswith(REVIEW) else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as the text states it (patents.md, quantities).  low, high: None = unbounded."""

    evidence: Evidence
    low: float | None
    high: float | None
    unit: str
    kind: str = "value"
    low_inclusive: bool = True
    high_inclusive: bool = True
    approx: bool = False
    where: str = "description"


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one text, never truncated: text == Text.text[span.start:span.end]."""

    text: str
    span: Span
    section: Section = field(default_factory=lambda: Section(SectionKind.other, "", Span(0, 0)))
