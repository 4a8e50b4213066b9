"""Spelling: numbers, places, statuses and answers as a reader expects to see them.

In: values of types.py.  Out: short strings in Korean or English.  Never changes a quote.
"""

from __future__ import annotations

import re
from pathlib import PurePath, PureWindowsPath

from dokhae.library import Patent
from dokhae.library.reviews import Review
from dokhae.messages import say
from dokhae.reading.judging import Limits
from dokhae.report.labels import has_label, label
from dokhae.types import (
    Answer,
    AnswerStatus,
    Defect,
    Evidence,
    Number,
    ReadFrom,
    Rejected,
    Role,
    SectionKind,
    Source,
)

_PARAGRAPH = re.compile(r"\[[^\]]+\]|<\d+>")
_CLAIM = re.compile(r"claim (\d+)")
_PAGE = re.compile(r"p\. ?(\d+)")
_JUDGED = (AnswerStatus.answered, AnswerStatus.withheld, AnswerStatus.not_stated)
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text that every file can hold: file names may carry bytes that are no characters.

    >>> clean("a\\udcff.xml") == "a\\ufffd.xml"
    True
    """
    return _SURROGATE.sub("\ufffd", text)


def serial(number: Number) -> str:
    """A number without office and kind, as its office prints it.

    >>> serial(Number("KR", Role.grant, "101314187")), serial(Number("US", Role.publication, "20180158710"))
    ('10-1314187', '2018/0158710')
    """
    digits = number.digits
    if number.office == "KR" and len(digits) in (9, 13):
        head, tail = digits[:2], digits[2:]
        return f"{head}-{tail[:4]}-{tail[4:]}" if len(digits) == 13 else f"{head}-{tail}"
    if number.office == "US" and number.role is Role.publication and len(digits) == 11:
        return f"{digits[:4]}/{digits[4:]}"
    if number.office == "US" and digits.isdecimal() and number.role is Role.grant:
        return f"{int(digits):,}"
    if number.office == "WO" and len(digits) == 10:
        return f"{digits[:4]}/{digits[4:]}"
    return digits


def spelled(number: Number) -> str:
    """A number with office and kind: ``KR 10-1314187 B1``."""
    return " ".join(part for part in (number.office, serial(number), number.kind) if part)


def document_number(patent: Patent) -> str:
    """The number a patent is called by: its own, else any it carries, else its id in the study."""
    number = patent.number or next(iter(patent.numbers), None)
    return spelled(number) if number else f"#{patent.id}"


def numbers_of(patent: Patent, role: Role) -> str:
    return "; ".join(dict.fromkeys(serial(number) for number in patent.numbers if number.role is role))


def place_of(evidence: Evidence, lang: str) -> str:
    """Where a quote stands: ``문단 [0012]``, ``청구항 1``, ``요약``, ``p. 3``; several places stay in their order."""
    place = evidence.place.strip()
    if not place:
        return label(f"section.{evidence.section}", lang)
    if found := _CLAIM.fullmatch(place):
        return label("place.claim", lang, label=found[1])
    if found := _PAGE.fullmatch(place):
        return label("place.page", lang, label=found[1])
    if _PARAGRAPH.fullmatch(place):
        return label("place.paragraph", lang, label=place)
    return label(f"section.{place}", lang) if has_label(f"section.{place}") else place


def legal_status(patent: Patent, lang: str) -> str:
    """The status as supplied; without one, of a grant that it was granted when published, never that it is in force."""
    status = patent.biblio.status
    if status is None:
        return label("legal.granted_when_published", lang) if was_granted(patent) else ""
    return label(f"legal.{status.name}", lang)


def was_granted(patent: Patent) -> bool:
    """Whether the publication is that of a grant."""
    number = patent.number
    if number is None:
        return False
    # offices that number publications and grants alike tell them by the kind
    return number.role is Role.grant or (number.kind or "").startswith(("B", "C", "Y"))


def read_from(value: ReadFrom, lang: str) -> str:
    return label(f"read_from.{value.name}", lang)


def status_of(answer: Answer | None, patent: Patent) -> str:
    """The status of a field as a label names it, also where nothing was read."""
    if answer is not None:
        return str(answer.status)
    return "not_read" if patent.is_representative else "read_elsewhere"


def quotes(answer: Answer | None, *, many: bool) -> tuple[Evidence, ...]:
    """The evidence that is the answer: all of it where a field wants several, the best otherwise."""
    if answer is None or answer.status is not AnswerStatus.answered:
        return ()
    return tuple(candidate.evidence for candidate in answer.candidates[: None if many else 1])


def value_of(answer: Answer | None, lang: str) -> str:
    """The value of an answer in words: a number as written, yes or no, the names of choices; "" without one.

    >>> answer = Answer("f", AnswerStatus.answered, value="yes")
    >>> value_of(answer, "ko"), value_of(None, "en")
    ('예', '')
    """
    if answer is None or answer.status is not AnswerStatus.answered or answer.value is None:
        return ""
    return label(f"value.{answer.value}", lang) if has_label(f"value.{answer.value}") else answer.value


def reason(name: str, lang: str) -> str:
    """What a part of a score comes from; cues keep the name their file gives them.

    >>> reason("margin", "ko"), reason("section effect", "ko"), reason("효과가 있다", "en")
    ('모델의 확신', '부분: 발명의 효과', '효과가 있다')
    """
    kind = name.removeprefix("section ")
    if kind != name and has_label(f"section.{kind}"):
        return f"{label('why.section', lang)}: {label(f'section.{kind}', lang)}"
    key = f"why.{name.replace(' ', '_')}"
    return label(key, lang) if has_label(key) else name


def because(answer: Answer, limits: Limits | None, lang: str) -> str:
    """Why an answer is given, withheld or missing: its score beside the thresholds, where these are known."""
    if answer.reviewer is not None:
        return label("because.reviewed", lang, by=answer.reviewer)
    if answer.status not in _JUDGED:
        return label(f"status_note.{answer.status}", lang)
    if not answer.candidates:
        return label("because.nothing_found", lang)
    score = f"{answer.score:.2f}"
    if limits is None:
        return label("because.unknown_threshold", lang, score=score)
    held = {"threshold": f"{limits.answered_from:.2f}", "withheld": f"{limits.withheld_from:.2f}"}
    return label(f"because.{answer.status}", lang, score=score, **held)


def is_uncalibrated(answer: Answer) -> bool:
    """Whether the scores of an answer rank only, and are no probabilities."""
    return bool(answer.candidates) and "uncalibrated" in answer.made_by


def verdict(review: Review, lang: str) -> str:
    """What a person said of an answer, in two or three words."""
    said = "silent" if review.is_silence else str(review.verdict)
    standing = f" ({label(f'review.{review.standing}', lang)})" if review.standing else ""
    return f"{label(f'review.{said}', lang)}{standing}"


def file_name(path: str) -> str:
    """The last part of a path, whichever system wrote it."""
    return PureWindowsPath(path).name if "\\" in path else PurePath(path).name


def source_name(source: Source) -> str:
    """Names a source shortly: the file, the member in it, the ordinal in that."""
    name = file_name(source.path)
    name = f"{name}!/{source.member}" if source.member else name
    return clean(f"{name} #{source.item + 1}" if source.item else name)


def defect_text(defect: Defect, lang: str) -> str:
    return clean(say(defect.code, lang, dict(defect.values)))


def check_text(code: str, patent: Patent, lang: str) -> str:
    """What is to be checked, in a sentence: of a defect its message, of a reading check its label."""
    if has_label(f"check.{code}"):
        return label(f"check.{code}", lang)
    return " ".join(defect_text(defect, lang) for defect in patent.defects if defect.code == code)


def rejection_text(rejected: Rejected, lang: str) -> str:
    named = {"path": str(rejected.source), "source": str(rejected.source), "file": source_name(rejected.source)}
    return clean(say(rejected.code, lang, named | dict(rejected.values)))


def section_label(kind: SectionKind, lang: str) -> str:
    return label(f"section.{kind}", lang)
