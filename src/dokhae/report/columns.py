"""Columns: one table from which XLSX, CSV and the HTML list and pages take theirs, in the order of patents.md §8.

In: a ``View`` of a row.  Out: a string, a date, a number or None (no data).  Never loads a text unless the column
says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dokhae.insight import Row, checks_of
from dokhae.insight.expiry import expiry_of
from dokhae.insight.facts import office_of
from dokhae.library import Patent
from dokhae.reading.fields import Field
from dokhae.report import spell
from dokhae.report.labels import label
from dokhae.screening import LEVEL, NO_LEVEL, codes_of, paths_of, rule_of
from dokhae.types import Answer, AnswerStatus, Claim, ClaimForm, Party, ReadFrom, Role, Text

Value = str | int | float | date | None
STANDING = ("field", "problem", "solution", "effect", "parts", "application")
WITHOUT_PLACE = ("parts", "application")
CELL_CHARS = 60


@dataclass(frozen=True, slots=True)
class View:
    """A row about to be shown.  position: its ordinal in the sheet, from 1."""

    row: Row
    lang: str
    position: int = 0

    @property
    def patent(self) -> Patent:
        return self.row.patent


@dataclass(frozen=True, slots=True)
class Column:
    """One column.  id: names its heading (labels ``column.<id>``) unless ``heading`` does.  width: in characters.

    in_biblio: shown among the bibliographic data of a patent's page.  in_sheet: shown in XLSX and CSV.
    """

    id: str
    value: Callable[[View], Value]
    width: int = 14
    heading: tuple[str, str] | None = None
    in_biblio: bool = False
    in_sheet: bool = True

    def title(self, lang: str) -> str:
        if self.heading is not None:
            return self.heading[0 if lang == "ko" else 1]
        return label(f"column.{self.id}", lang)


def columns(fields: Sequence[Field]) -> tuple[Column, ...]:
    """All columns for these fields; further fields stand after the standing ones."""
    by_id = {field.id: field for field in fields}
    order = [name for name in STANDING if name in by_id] + [field.id for field in fields if field.id not in STANDING]
    answers = [column for name in order for column in _answer_columns(by_id[name])]
    comment = Column("comment", lambda view: _comment(view, by_id), width=24)
    return (*_BEFORE, *answers, *(comment if column.id == comment.id else column for column in _AFTER))


class Filled:
    """Which columns hold something in at least one of the rows seen; a column is looked at until it does."""

    def __init__(self, table: Iterable[Column], lang: str) -> None:
        self._table = [column for column in table if column.in_sheet]
        self._empty = [column for column in self._table if column.value is not _nothing]
        self._lang = lang
        self._filled: set[str] = set()

    def see(self, row: Row) -> None:
        view = View(row, self._lang)
        still_empty = []
        for column in self._empty:
            if column.value(view) in (None, ""):
                still_empty.append(column)
            else:
                self._filled.add(column.id)
        self._empty = still_empty

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._filled)


def first_independent(text: Text) -> Claim | None:
    live = (claim for claim in text.claims if not claim.deleted)
    return next((claim for claim in live if claim.form is not ClaimForm.dependent), None)


def n_claims(patent: Patent) -> int | None:
    """How many claims the patent has: those of its text, or as printed where the text has only some or none."""
    has_all = patent.read_from is not ReadFrom.abstract_and_some_claims and patent.n_claims > 0
    return patent.n_claims if has_all else patent.biblio.printed_claims


def n_independent(patent: Patent) -> int | None:
    """How many independent claims it has; None where the text has only some claims or none."""
    return None if patent.read_from is ReadFrom.abstract_and_some_claims else patent.n_independent or None


def lowest_score(row: Row) -> float | None:
    """The lowest score among the answers no person has seen: how far the weakest of the row can be trusted."""
    unseen = (answer for answer in row.answers.values() if answer.reviewer is None)
    given = [answer.score for answer in unseen if answer.status is AnswerStatus.answered]
    return round(min(given), 3) if given else None


def answer_text(view: View, field: Field) -> str | None:
    """The quotes of an answer, or in brackets why there is none; None where the field was never read."""
    answer = view.row.answers.get(field.id)
    if answer is None:
        return None
    if field.is_valued and (value := spell.value_of(answer, view.lang)):
        return value
    if found := spell.quotes(answer, many=field.is_many):
        return "; ".join(dict.fromkeys(evidence.quote for evidence in found))
    return (
        answer.value if answer.status is AnswerStatus.answered else f"({label(f'status.{answer.status}', view.lang)})"
    )


def answer_quote(view: View, field: Field) -> str | None:
    """The words the value of a field stands on."""
    found = spell.quotes(view.row.answers.get(field.id), many=False)
    return found[0].quote if found else None


def answer_place(view: View, field: Field) -> str | None:
    found = spell.quotes(view.row.answers.get(field.id), many=field.is_many)
    return "; ".join(dict.fromkeys(spell.place_of(evidence, view.lang) for evidence in found)) or None


def _answer_columns(field: Field) -> Iterable[Column]:
    heading = (field.label_ko, field.label_en)
    yield Column(f"answer.{field.id}", lambda view: answer_text(view, field), width=CELL_CHARS, heading=heading)
    if field.is_valued:
        ko, en = (f"{label('column.quote', lang)} ({field.label(lang)})" for lang in ("ko", "en"))
        yield Column(f"quote.{field.id}", lambda view: answer_quote(view, field), width=CELL_CHARS, heading=(ko, en))
    if field.id not in WITHOUT_PLACE:
        ko, en = (label("column.place", lang) for lang in ("ko", "en"))
        place = (f"{ko} ({field.label_ko})", f"{en} ({field.label_en})")
        yield Column(f"place.{field.id}", lambda view: answer_place(view, field), heading=place)


def _names(parties: Iterable[Party]) -> str:
    return "; ".join(party.name for party in parties)


def _other_titles(view: View) -> str:
    return "; ".join(title for _, title in view.patent.biblio.titles[1:])


def _independent_claim(view: View) -> str | None:
    text = view.row.read_text() if view.patent.n_independent else None
    claim = first_independent(text) if text else None
    return text.quote(claim.span) if text and claim else None


def _kind(view: View) -> str:
    number = view.patent.number
    right = "" if view.patent.category == "invention" else label(f"kind_of_right.{view.patent.category}", view.lang)
    return " ".join(part for part in ((number.kind if number else "") or "", right) if part)


def _status_as_of(view: View) -> date | None:
    """The day the status was true; of a grant without a status the day it was published as granted."""
    status, biblio = view.patent.biblio.status, view.patent.biblio
    if status is not None:
        return status.as_of
    return biblio.grant_date or biblio.publication_date if spell.was_granted(view.patent) else None


def _family_id(view: View) -> str:
    """The vendor's id, or one of ours; "" where the patent has no other member in the study and no id."""
    family, vendor = view.row.family, view.patent.biblio.family_id
    return vendor or (family.id if family and len(family.applications) > 1 else "")


def _family_size(view: View) -> str | None:
    """Documents and countries of the family in this study: ``5 / 3``."""
    family = view.row.family
    if family is None or len(family.applications) < 2:
        return None
    return f"{family.publications} / {len(family.offices)}"


def _comment(view: View, fields: Mapping[str, Field]) -> str:
    """What people said of each field, in the order of the columns."""
    order = [name for name in fields if name in view.row.reviews]
    return "; ".join(
        f"{fields[name].label(view.lang)}: {spell.verdict(view.row.reviews[name], view.lang)}" for name in order
    )


def _verdict(view: View) -> str | None:
    answer = view.row.verdict
    return None if answer is None or answer.value is None else label(f"verdict.{answer.value}", view.lang)


def _quote_of(answer: Answer | None) -> str | None:
    """The words a verdict or the classes stand on; None where they stand on bibliographic data alone."""
    candidates = answer.candidates if answer is not None else ()
    return "; ".join(dict.fromkeys(one.evidence.quote for one in candidates)) or None


def _place_of(answer: Answer | None, lang: str) -> str | None:
    candidates = answer.candidates if answer is not None else ()
    return "; ".join(dict.fromkeys(spell.place_of(one.evidence, lang) for one in candidates)) or None


def _level(view: View, level: int) -> str | None:
    """The classes of that level, each once; "unclassed" on the first where nothing fits."""
    if view.row.classes is None:
        return None
    paths = [path.split(LEVEL) for path in paths_of(view.row.classes)]
    named = dict.fromkeys(path[level] for path in paths if level < len(path) and path[level] != NO_LEVEL)
    return "; ".join(named) or (label("verdict.unclassed", view.lang) if level == 0 else None)


def _nothing(view: View) -> None:
    """A column people fill in, or one a later room will: kept only on request."""


_BEFORE: tuple[Column, ...] = (
    Column("no", lambda v: v.position, width=6),
    Column("verdict", _verdict, in_biblio=True),
    Column("rule", lambda v: rule_of(v.row.verdict) if v.row.verdict else None, width=16, in_biblio=True),
    Column("rule_quote", lambda v: _quote_of(v.row.verdict), width=CELL_CHARS),
    Column("rule_place", lambda v: _place_of(v.row.verdict, v.lang)),
    Column("level1", lambda v: _level(v, 0), in_biblio=True),
    Column("level2", lambda v: _level(v, 1), in_biblio=True),
    Column("level3", lambda v: _level(v, 2), in_biblio=True),
    Column("class_code", lambda v: "; ".join(codes_of(v.row.classes)) or None, width=10),
    Column("class_quote", lambda v: _quote_of(v.row.classes), width=CELL_CHARS),
    Column("importance", _nothing, width=8),
    Column("document", lambda v: spell.document_number(v.patent), width=20, in_sheet=False),
    Column("country", lambda v: office_of(v.patent), width=6, in_biblio=True),
    Column("kind", _kind, width=8, in_biblio=True),
    Column("title", lambda v: v.patent.biblio.title, width=44),
    Column("title_other", _other_titles, width=36, in_biblio=True),
    Column("application_number", lambda v: spell.numbers_of(v.patent, Role.application), width=18, in_biblio=True),
    Column("application_date", lambda v: v.patent.biblio.application_date, width=11, in_biblio=True),
    Column("priority_date", lambda v: v.patent.biblio.priority_date, width=11, in_biblio=True),
    Column("publication_number", lambda v: spell.numbers_of(v.patent, Role.publication), width=18, in_biblio=True),
    Column("publication_date", lambda v: v.patent.biblio.publication_date, width=11, in_biblio=True),
    Column("grant_number", lambda v: spell.numbers_of(v.patent, Role.grant), width=14, in_biblio=True),
    Column("grant_date", lambda v: v.patent.biblio.grant_date, width=11, in_biblio=True),
    Column("status", lambda v: spell.legal_status(v.patent, v.lang), width=10, in_biblio=True),
    Column("status_as_of", _status_as_of, width=11, in_biblio=True),
    Column("expiry", lambda v: expiry_of(v.patent).day, width=11, in_biblio=True),
    Column("expiry_rule", lambda v: label(f"expiry_rule.{expiry_of(v.patent).rule}", v.lang), width=24, in_biblio=True),
    Column("applicants", lambda v: _names(v.patent.biblio.applicants), width=30, in_biblio=True),
    Column("applicant_name", lambda v: "; ".join(v.row.applicants), width=24, in_biblio=True),
    Column(
        "applicant_countries",
        lambda v: "; ".join(dict.fromkeys(p.country for p in v.patent.biblio.applicants if p.country)),
        width=8,
        in_biblio=True,
    ),
    Column("n_applicants", lambda v: len(v.patent.biblio.applicants) or None, width=8),
    Column("owners", lambda v: _names(v.patent.biblio.owners), width=24, in_biblio=True),
    Column("inventors", lambda v: _names(v.patent.biblio.inventors), width=24, in_biblio=True),
    Column("ipc_main", lambda v: next(iter(v.patent.biblio.ipc), ""), width=13),
    Column("ipc", lambda v: "; ".join(v.patent.biblio.ipc), width=24, in_biblio=True),
    Column("cpc", lambda v: "; ".join(v.patent.biblio.cpc), width=24, in_biblio=True),
    Column("family", _family_id, width=12, in_biblio=True),
    Column("family_size", _family_size, width=10, in_biblio=True),
    Column("cites", lambda v: "; ".join(v.patent.biblio.cites), width=24, in_biblio=True),
)

_AFTER: tuple[Column, ...] = (
    Column("quantities", _nothing, width=30),
    Column("independent_claim", _independent_claim, width=CELL_CHARS),
    Column("n_claims", lambda v: n_claims(v.patent), width=8, in_biblio=True),
    Column("n_independent", lambda v: n_independent(v.patent), width=8, in_biblio=True),
    Column("read_from", lambda v: spell.read_from(v.patent.read_from, v.lang), width=12, in_biblio=True),
    Column("score", lambda v: lowest_score(v.row), width=8),
    Column(
        "check", lambda v: " ".join(spell.check_text(code, v.patent, v.lang) for code in checks_of(v.row)), width=40
    ),
    Column("reviewer", lambda v: "; ".join(dict.fromkeys(r.by for r in v.row.reviews.values())), width=10),
    Column("comment", _nothing, width=24),
    Column(
        "source",
        lambda v: "; ".join(dict.fromkeys(spell.source_name(source) for source in v.patent.sources)),
        width=30,
        in_biblio=True,
    ),
)
