"""Reviews: what people said about answers, as rows of the table ``feedback``.

In: ``Review`` values.  Out: rows, and back: of each field of a text the latest review.  A review that names several
passages is several rows with one ``at``.  When a text is replaced by a better one, its reviews follow (anchoring.py);
the old rows stay, and with them the old text.  Never touches an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from dokhae.library import codec
from dokhae.library.anchoring import moved
from dokhae.library.database import Database, Row
from dokhae.library.reviews import Review, Standing, Verdict
from dokhae.types import Span, Text

_COLUMNS = 'text, field, verdict, by_whom, at, start, "end", quote'
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_ORDER = "ORDER BY text, at, by_whom, field, id"


def put(db: Database, review: Review) -> bool:
    """Stores a review; one that is there already is not stored twice.  Returns whether it is new."""
    if review in _reviews(_rows_of(db, review)):
        return False
    verdict = f"{review.standing} {review.verdict}".strip()
    head = (review.text, review.field, verdict, review.by, review.at)
    db.write_many(
        f"INSERT INTO feedback ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [(*head, *passage) for passage in _passages(review)],
    )
    return True


def drop(db: Database, review: Review) -> None:
    """Takes a review back, as if it had never been said."""
    db.write(
        "DELETE FROM feedback WHERE text = ? AND field = ? AND by_whom = ? AND at = ?",
        (review.text, review.field, review.by, review.at),
    )


def of_text(db: Database, text: str) -> dict[str, Review]:
    """The latest review of each field of a text."""
    rows = db.rows(f"SELECT {_COLUMNS} FROM feedback WHERE text = ? {_ORDER}", (text,))  # noqa: S608
    return {review.field: review for review in _reviews(rows)}


def every(db: Database) -> dict[str, dict[str, Review]]:
    """The latest review of each field, by text: there are as many as people can make."""
    found: dict[str, dict[str, Review]] = {}
    for review in _reviews(db.rows(f"SELECT {_COLUMNS} FROM feedback {_ORDER}")):  # noqa: S608
        found.setdefault(review.text, {})[review.field] = review
    return found


def follow(db: Database, old: str, new: str) -> None:
    """The text ``new`` has taken the place of ``old``: what was said of the old one is said of it, where it can be."""
    known = of_text(db, new)
    said = [one for field, one in of_text(db, old).items() if field not in known or known[field].at < one.at]
    if not said:
        return
    before, after = _text(db, old), _text(db, new)
    for review in said:
        put(db, moved(review, before, after))


def _text(db: Database, digest: str) -> Text:
    ((words, structure),) = db.rows("SELECT words, structure FROM texts WHERE digest = ?", (digest,))
    return codec.unpack_text(words, structure)


def _rows_of(db: Database, review: Review) -> list[Row]:
    return db.rows(
        f"SELECT {_COLUMNS} FROM feedback WHERE text = ? AND field = ? AND at = ? {_ORDER}",  # noqa: S608
        (review.text, review.field, review.at),
    )


def _passages(review: Review) -> Iterator[tuple[int | None, int | None, str | bytes | None]]:
    if not review.quotes:
        yield None, None, None
    for at, quote in enumerate(review.quotes):
        span = review.spans[at] if review.spans else None
        yield (span.start, span.end, _stored(quote)) if span else (None, None, _stored(quote))


def _stored(quote: str) -> str | bytes:
    """A quote as the database takes it: one with half a surrogate pair, which is no text to it, as bytes."""
    return quote.encode("utf8", "surrogatepass") if _HALF_PAIR.search(quote) else quote


def _read(quote: str | bytes) -> str:
    return quote.decode("utf8", "surrogatepass") if isinstance(quote, bytes) else quote


def _reviews(rows: Iterable[Row]) -> Iterator[Review]:
    for (text, field, written, by, at), passages in groupby(rows, key=lambda row: row[:5]):
        standing, _, verdict = written.rpartition(" ")
        quoted = [passage[5:] for passage in passages if passage[7] is not None]
        yield Review(
            text=text,
            field=field,
            verdict=Verdict(verdict),
            by=by,
            at=at,
            spans=tuple(Span(start, end) for start, end, _ in quoted if start is not None),
            quotes=tuple(_read(quote) for _, _, quote in quoted),
            standing=Standing(standing),
        )
