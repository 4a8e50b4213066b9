"""What cues and model say together -> the probability that a candidate is right: the numbers of it.

In: what is known of a candidate (a frozen record of numbers).  Out: a probability, with each number's part in it.
Logistic regression, one table a field and kind of text, fitted by ``training.combine`` on marked patents that nothing
was trained on; the tables stand in ``combination.toml``.  Two kinds of text, because a model that sees one passage is
strong in an abstract and weak in a description: there the section and its cues say what a sentence is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dokhae.reading.judging import Judge, fitted
from dokhae.types import ReadFrom, Text

FULL, SHORT = "full", "short"
KINDS = (SHORT, FULL)
_FILE = "combination.toml"
_FULL_TEXTS = (ReadFrom.full_text, ReadFrom.full_text_ocr)


@dataclass(frozen=True, slots=True)
class SpanFeatures:
    """What is known of a span that may answer.

    of_cues, of_model: 1 where its borders are theirs.  cues, model: log-odds of the likest candidate of each, above
    what is least likely, times how much of it is the same (shared over joined characters).  near_cues, near_model: the
    most that anything touching it has.  cues_behind, model_behind: how far that stays behind the best of the text.
    section: what its section is worth for the field before any cue.  length: log of its characters; odd_length: how
    far that is from a clause.
    """

    of_cues: float
    of_model: float
    cues: float
    model: float
    near_cues: float
    near_model: float
    cues_behind: float
    model_behind: float
    section: float
    length: float
    odd_length: float


@dataclass(frozen=True, slots=True)
class NameFeatures:
    """What is known of a name that may be a part.

    of_cues, of_model: 1 where they found it.  rank: log of its rank by worth, worth: beside the best name (parts.py).
    model: its log-odds above what is least likely; near_model: the most a name has that holds it or is held by it.
    frequency: log of how often the text says it.  in_title, in_abstract, in_claim: 1 where they do (the first claim).
    length: log of its characters, odd_length: how far from a usual name; words: 1 for several words.
    """

    of_cues: float
    of_model: float
    rank: float
    worth: float
    model: float
    near_model: float
    frequency: float
    in_title: float
    in_abstract: float
    in_claim: float
    length: float
    odd_length: float
    words: float


Features = SpanFeatures | NameFeatures


@dataclass(frozen=True, slots=True)
class Table(Judge):
    """How one field is judged in one kind of text.

    with_model: False where cues alone were right more often; their probability is fitted all the same.

    >>> Table(0.0, {}, 0.5, 0.4).probability(SpanFeatures(*[1.0] * 11))
    0.5
    """

    with_model: bool = True


@dataclass(frozen=True, slots=True)
class Combination:
    """The tables by kind of text and field.  reader: digest of the reader they were fitted with."""

    tables: Mapping[tuple[str, str], Table]
    reader: str = ""
    digest: str = ""

    def table(self, text: Text, field: str) -> Table | None:
        """How ``field`` is judged in a text like this one; None: by cues alone, uncalibrated."""
        return self.tables.get((kind_of(text), field))

    def is_calibrated_for(self, reader_digest: str) -> bool:
        return bool(self.reader) and reader_digest.startswith(self.reader)


def kind_of(text: Text) -> str:
    """Whether a text has a description or is an abstract, with claims or without."""
    return kind_of_source(text.read_from)


def kind_of_source(read_from: ReadFrom) -> str:
    return FULL if read_from in _FULL_TEXTS else SHORT


@cache
def shipped() -> Combination:
    """The combination that belongs to the built-in reader."""
    return read(*fitted(_FILE))


def read(written: Mapping[str, Any], digest: str = "") -> Combination:
    """A combination as its file writes it."""
    tables = {
        (kind, field): Table(
            bias=table["bias"],
            weights=table["weights"],
            threshold=table["threshold"],
            withheld_from=table["withheld_from"],
            with_model=table["with_model"],
        )
        for kind in KINDS
        for field, table in written.get(kind, {}).items()
    }
    return Combination(tables, written["reader"], digest)
