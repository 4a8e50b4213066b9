"""Why a study says what it says of one patent: read once more, with everything that led to the answer.

In: a store, a patent, ``Ways``, the answers as the study shows them.  Out: ``Explanation`` values.  Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dokhae.errors import InputError
from dokhae.library import Patent
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.fields import Field
from dokhae.reading.reply import Ways, named_field
from dokhae.reading.why import why, why_field
from dokhae.study import reviewed
from dokhae.study.results import Explanation
from dokhae.types import Answer


def of_question(store: SqliteStore, patent: Patent, question: str, ways: Ways) -> Explanation:
    """Why a patent answers a question as it does.  Raises InputError as asking does."""
    text = store.text(patent.text)
    found = why(text, question, ways, category=patent.category)
    machine = {found.answer.field: found.answer}
    said = reviewed.shown(machine, store.reviews_of(patent.text), lambda: text)
    return Explanation(patent, named_field(question, ways.fields), said[found.answer.field], found)


def of_fields(
    store: SqliteStore, patent: Patent, ids: Sequence[str], ways: Ways, shown: Mapping[str, Answer]
) -> Iterator[Explanation]:
    """Why a patent has its answers to fields, one by one.  ids: all that were read if none.

    shown: the answers as the study shows them.  Raises InputError ``review-field`` for a field that is not read here.
    """
    text = store.text(patent.text)
    for field in _chosen(ways.fields, ids, shown):
        found = why_field(text, field, ways, category=patent.category)
        yield Explanation(patent, field, shown.get(field.id, found.answer), found)


def _chosen(fields: Sequence[Field], ids: Sequence[str], shown: Mapping[str, Answer]) -> list[Field]:
    known = [field.id for field in fields]
    for name in ids:
        if name not in known:
            raise InputError("review-field", field=name, known=", ".join(known))
    return [field for field in fields if field.id in (ids or shown)]
