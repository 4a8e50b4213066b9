"""``check``: does the study still hold what it claims?

In: the database.  Out: findings (a code, the values of its message, where) and how much was looked at.  Reads every
text once, page by page, and computes every view and number anew from the sources; never repairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import zstandard

from dokhae.library import codec, feedback, putting
from dokhae.library.database import Database
from dokhae.library.reviews import Review
from dokhae.types import Answer, Text

_PAGE = 100
_SHOWN_CHARS = 60
_STORED = "SELECT key, text, is_representative, view, filed, family_id FROM publications WHERE id = ?"
_NUMBERS = "SELECT office, role, digits, kind FROM numbers WHERE publication = ?"
# Statements that give one row for each thing that must not be, under the code that names it
_MUST_NOT_BE = {
    "check-no-representative": (
        "SELECT 'application ' || a.key FROM applications a WHERE (SELECT count(*) FROM publications p"
        " WHERE p.application = a.id AND p.is_representative) <> 1"
    ),
    "check-text-missing": (
        "SELECT p.key FROM publications p WHERE NOT EXISTS (SELECT 1 FROM texts t WHERE t.digest = p.text)"
    ),
    "check-source-missing": (
        "SELECT p.key FROM publications p WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.publication = p.id)"
    ),
    "check-text-unused": (
        "SELECT t.digest FROM texts t WHERE NOT EXISTS (SELECT 1 FROM text_uses u WHERE u.text = t.digest)"
        " AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.text = t.digest)"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold.  where: the text, patent or table."""

    where: str
    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """findings: what does not hold; empty for a sound study.  texts, quotes: how many were verified."""

    findings: tuple[Finding, ...]
    texts: int
    quotes: int


def check(db: Database) -> Checked:
    findings = [Finding("library.db", "check-database", (("detail", str(d)),)) for (d,) in _file_faults(db)]
    findings += [Finding(where, code) for code, sql in _MUST_NOT_BE.items() for (where,) in db.rows(sql)]
    findings += [*_sequence_faults(db), *_view_faults(db)]
    reviews = feedback.every(db)
    findings += _lost_reviews(db, reviews)
    n_texts = n_quotes = 0
    for digest, text in _texts(db):
        n_texts += 1
        if text is None or text.digest != digest:
            findings.append(Finding(digest, "check-text-changed"))
            continue
        for (packed,) in db.rows("SELECT packed FROM answers WHERE text = ? ORDER BY id", (digest,)):
            for answer in codec.unpack_answers(packed):
                n_quotes += len(answer.candidates)
                findings += [Finding(digest, "check-quote", values) for values in _false_quotes(answer, text)]
        for review in reviews.get(digest, {}).values():
            n_quotes += len(review.spans)
            findings += [Finding(digest, "check-quote", values) for values in _false_reviews(review, text)]
    return Checked(tuple(findings), n_texts, n_quotes)


def _file_faults(db: Database) -> list[tuple[object, ...]]:
    faults = [row for row in db.rows("PRAGMA quick_check(20)") if row != ("ok",)]
    return faults + [
        (f"row {row[1]} of {row[0]} points to nothing in {row[2]}",) for row in db.rows("PRAGMA foreign_key_check")
    ]


def _sequence_faults(db: Database) -> Iterator[Finding]:
    (highest,) = db.rows("SELECT max(coalesce((SELECT max(seq) FROM publications), 0),"
                         " coalesce((SELECT max(seq) FROM removed), 0))")[0]  # fmt: skip
    if highest > (known := putting.last_seq(db)):
        yield Finding("library.db", "check-sequence", (("found", str(highest)), ("known", str(known))))


def _view_faults(db: Database) -> Iterator[Finding]:
    """Publications whose view, or numbers to be found by, are not what their sources add up to."""
    for (application,) in db.rows("SELECT id FROM applications ORDER BY id"):
        try:
            settled = list(putting.views(db, application))
        except (zstandard.ZstdError, ValueError, KeyError, TypeError):
            yield Finding(f"application {application}", "check-view")
            continue
        for publication, row in settled:
            key, *stored = db.rows(_STORED, (publication,))[0]
            if tuple(stored) != row:
                yield Finding(key, "check-view")
            if set(db.rows(_NUMBERS, (publication,))) != putting.number_rows(putting.own_record(db, publication)):
                yield Finding(key, "check-numbers")


def _texts(db: Database) -> Iterator[tuple[str, Text | None]]:
    """Every text with its digest; None where its bytes cannot be unpacked."""
    after = ""
    sql = "SELECT digest, words, structure FROM texts WHERE digest > ? ORDER BY digest LIMIT ?"
    while rows := db.rows(sql, (after, _PAGE)):
        for digest, words, structure in rows:
            try:
                yield digest, codec.unpack_text(words, structure)
            except (zstandard.ZstdError, ValueError, KeyError):
                yield digest, None
        after = rows[-1][0]


def _false_quotes(answer: Answer, text: Text) -> Iterator[tuple[tuple[str, str], ...]]:
    for candidate in answer.candidates:
        evidence = candidate.evidence
        if evidence.text != text.digest or evidence.quote != text.quote(evidence.span):
            yield (("field", answer.field), ("quote", evidence.quote[:_SHOWN_CHARS]))


def _false_reviews(review: Review, text: Text) -> Iterator[tuple[tuple[str, str], ...]]:
    for span, quote in zip(review.spans, review.quotes, strict=False):
        if text.quote(span) != quote:
            yield (("field", review.field), ("quote", quote[:_SHOWN_CHARS]))


def _lost_reviews(db: Database, reviews: Mapping[str, Mapping[str, Review]]) -> Iterator[Finding]:
    """What people said of the text before, of publications whose text has been replaced."""
    for text, by_field in reviews.items():
        for review in by_field.values():
            if not review.holds:
                (key,) = db.row("SELECT key FROM publications WHERE text = ?", (text,)) or (text,)
                quote = "; ".join(review.quotes)[:_SHOWN_CHARS]
                yield Finding(key, "review-lost", (("field", review.field), ("by", review.by), ("quote", quote)))
