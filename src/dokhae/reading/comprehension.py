"""Reading comprehension: a question and one text -> the words that answer it, with the probability that they do.

In: a ``Text``, a question, a ``Comprehension`` (reader, static vectors, calibration).  Out: candidates best first.
The cascade: passages -> the few worth reading -> spans and a null score each -> calibrated together.  Works across
Korean and English.  Whatever is read is read whole: a passage never exceeds what the reader takes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dokhae.errors import InputError
from dokhae.models import Reader, Reading, Scored, in_use
from dokhae.reading import cutting, selecting
from dokhae.reading.ask import asks_number, replied
from dokhae.reading.calibration import Calibration, Features, shipped
from dokhae.reading.cutting import Cut, Vectors
from dokhae.reading.effort import ONE, Effort
from dokhae.reading.judging import apart
from dokhae.reading.selecting import Chosen, choose
from dokhae.types import Answer, SectionKind, Span, Text

N_ANSWERS = 5
_PER_PASSAGE = 2
_SURE = 1e-12


@dataclass(frozen=True, slots=True)
class Comprehension:
    """What reads, and how much of a patent."""

    reader: Reader
    vectors: Vectors | None
    calibration: Calibration
    effort: Effort = ONE

    @property
    def made_by(self) -> str:
        """Names the reader, the selector and the calibration."""
        vectors = "words" if self.vectors is None else self.vectors.digest[:8]
        effort = f"{self.effort.n_read}x{self.effort.max_tokens}"
        selector = f"{vectors} {selecting.shipped(self.effort.name).digest} {effort}"
        return f"reader {self.reader.digest[:8]} {selector} {self.calibration.digest}"

    def cut(self, text: Text, room: int | None = None) -> Cut:
        """``text`` cut for questions.  room: for one that leaves only so many tokens to a passage."""
        limit = min(cutting.tokens_of(self.effort, text), self.reader.room() if room is None else room)
        return cutting.cut(text, max_tokens=limit, count=self.reader.count, vectors=self.vectors)

    def kept(self, packed: bytes, text: Text) -> Cut | None:
        """A cut that was packed and kept; None where it does not fit the text."""
        try:
            return cutting.unpack(packed, text, self.vectors)
        except (ValueError, IndexError):
            return None


def in_force(setting: str, effort: Effort = ONE, threads: int | None = None) -> Comprehension | None:
    """What reads under the setting ``read.model``; None: shared words.  Raises InputError for a folder without reader.

    threads: None = one a core; worker processes side by side take one each.

    The calibration belongs to the built-in reader; a reader of the user's own is taken by the same weights, which is a
    guess: its probabilities are not calibrated, and ``made_by`` says so.
    """
    name = in_use.chosen(setting)
    reader = in_use.reader(name, threads)
    if reader is None:
        return None
    calibration = shipped(effort.name)
    if name != in_use.BUILT_IN:
        calibration = replace(calibration, digest="uncalibrated")
    return Comprehension(reader, in_use.static(), calibration, effort)


@dataclass(frozen=True, slots=True)
class Found:
    """A span of the text, still uncalibrated, and all that is known of it."""

    span: Span
    features: Features


def answer(text: Text, question: str, by: Comprehension, cut: Cut | None = None) -> Answer:
    """What ``text`` says to ``question``: answered from the threshold on, withheld a little below, else not stated.

    Scores are probabilities.  cut: of ``text``, if it was cut before.  Raises InputError ``question-empty``,
    ``question-too-long``.
    """
    return replied(text, lambda: candidates(text, question, by, cut), by.calibration.limits, by.made_by)


def candidates(text: Text, question: str, by: Comprehension, cut: Cut | None = None) -> list[Scored]:
    """Up to N_ANSWERS spans that may answer, likeliest first; none overlaps another."""
    scored = [
        Scored(one.span, by.calibration.probability(one.features), _reasons(one.features, by.calibration))
        for one in found(text, question, by, cut)
    ]
    return apart(sorted(scored, key=lambda one: (-one.score, one.span.start)), N_ANSWERS)


def found(text: Text, question: str, by: Comprehension, cut: Cut | None = None) -> list[Found]:
    """Every candidate of the passages read.  Raises InputError ``question-empty``, ``question-too-long``."""
    if not question.strip():
        raise InputError("question-empty")
    room = by.reader.room(question)
    among = by.cut(text, room) if cut is None or cut.max_tokens > room else cut
    chosen = choose(question, among, by.vectors, by.effort)
    readings = by.reader.read([(question, one.passage.text) for one in chosen])
    return list(_described(question, chosen, readings))


def _described(question: str, chosen: Sequence[Chosen], readings: Sequence[Reading]) -> Iterator[Found]:
    tops = [log_odds(reading.candidates[0].score) if reading.candidates else -math.inf for reading in readings]
    alike_best = max((one.alike for one in chosen), default=0.0)
    wants_number = asks_number(question)
    for at, (one, reading) in enumerate(zip(chosen, readings, strict=True)):
        rival = max((top for other, top in enumerate(tops) if other != at and top > -math.inf), default=0.0)
        for candidate in reading.candidates[:_PER_PASSAGE]:
            margin = log_odds(candidate.score)
            quote = one.passage.text[candidate.span.start : candidate.span.end]
            features = Features(
                margin=margin,
                lead=margin - rival,
                alike=one.alike,
                alike_best=alike_best,
                words=one.words,
                rank=float(one.rank),
                crosses=float(one.crosses),
                claims=float(one.passage.section.kind is SectionKind.claims),
                length=math.log(1 + len(quote)),
                number=float(wants_number and not any(char.isdigit() for char in quote)),
            )
            yield Found(candidate.span.within(one.passage.span), features)


def log_odds(probability: float) -> float:
    """The margin a reader's score was made of, within what a float can hold.

    >>> round(log_odds(0.5), 6)
    0.0
    """
    kept = min(max(probability, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))


def probability_of(odds: float) -> float:
    """The inverse of ``log_odds``.

    >>> probability_of(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-odds))


def odds_moved(probability: float, by: float) -> float:
    """A probability whose log-odds are moved.

    >>> odds_moved(0.5, 0.0)
    0.5
    """
    return probability_of(log_odds(probability) + by) if by else probability


def _reasons(features: Features, calibration: Calibration) -> tuple[tuple[str, float], ...]:
    parts = sorted(calibration.parts(features).items(), key=lambda part: -abs(part[1]))
    return tuple((name, round(weight, 3)) for name, weight in parts if abs(weight) >= 0.005)
