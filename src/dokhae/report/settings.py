"""Settings of the report room, and what a finished report consists of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from dokhae.insight import Joint, Unit
from dokhae.insight.applicants import Registry
from dokhae.library.families import FamilyRule
from dokhae.reading.fields import Field
from dokhae.reading.learned import Learned, shipped
from dokhae.types import Rejected

FULL_TEXT_UP_TO = 5_000


class Texts(StrEnum):
    """How much of each patent's text the HTML report holds.  auto: full for up to 5,000 publications."""

    auto = "auto"
    full = "full"
    evidence = "evidence"


@dataclass(frozen=True)
class ReportSettings:
    """What a report is made of.

    lang: "ko" or "en", the language it opens in (sheets and CSV have only this one).  today: the day it is made.
    by: the unit of counts.  family: the rule that makes families.  near_duplicates: see ``insight.Card``.
    joint: what a joint filing counts for each applicant.  fields: what was asked, in the order of the columns.
    texts: see ``Texts``.
    one_file_each: also a self-contained HTML file a patent.  all_columns: keep sheet columns without data.
    registry: which names of applicants are one, as applicants.toml has it.  judged: whose thresholds answers met.
    """

    lang: str = "en"
    title: str = ""
    today: date = field(default_factory=date.today)
    by: Unit = Unit.application
    joint: Joint = Joint.full
    family: FamilyRule = FamilyRule.shared
    near_duplicates: int | None = None
    fields: Sequence[Field] = ()
    rejected: Sequence[Rejected] = ()
    texts: Texts = Texts.auto
    one_file_each: bool = False
    all_columns: bool = False
    registry: Registry = field(default_factory=Registry)
    judged: Learned = field(default_factory=shipped)


@dataclass(frozen=True)
class Written:
    """A report on disk.  index: the page to open.  rows: publications.  files: every file, in the order written."""

    folder: Path
    index: Path
    rows: int
    files: tuple[Path, ...]

    @property
    def n_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)
