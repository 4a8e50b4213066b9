"""Reviewing: which answers need a look most, and what people say about them, kept at once.

In: a store, the fields.  Out: ``Due`` values, the most doubtful first; ``Review`` values in the library.  A decision
is stored before the next answer is shown: quitting or crashing loses nothing, and nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dokhae.errors import InputError
from dokhae.library import Patent
from dokhae.library.folder import StudyFolder
from dokhae.library.reviews import Review, Verdict
from dokhae.library.sqlite_store import SqliteStore
from dokhae.reading.fields import Field
from dokhae.reading.places import cite
from dokhae.study import learning, review_files
from dokhae.study.learning import Learned
from dokhae.study.review_files import Imported
from dokhae.types import Answer, AnswerStatus, Evidence, Span, Text

LIKELY = 0.6
_FIRST = 0  # an earlier review was lost
_ORDER = {AnswerStatus.withheld: 1, AnswerStatus.answered: 2}


@dataclass(frozen=True)
class Due:
    """An answer that needs a look.  lost: what was said of an earlier text of the patent and cannot be found here."""

    patent: Patent
    text: Text
    field: Field
    answer: Answer
    lost: Review | None = None

    @property
    def passages(self) -> tuple[Evidence, ...]:
        """What is to be judged: the first candidate, or all of them where a field wants several."""
        found = self.answer.candidates if self.field.is_many else self.answer.candidates[:1]
        return tuple(one.evidence for one in found)


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """Where a ``Due`` stands in the queue, light enough for every answer of a big study: sorts by need."""

    group: int
    tenths_away: int
    field: int
    away: float
    patent: int
    has_lost: bool


class Reviews:
    """The reviews of a study.  Made by ``Study.reviews``."""

    def __init__(self, store: SqliteStore, fields: Sequence[Field], model: str) -> None:
        self._store = store
        self._fields = tuple(fields)
        self._model = model
        self._lessons = StudyFolder(store.study).learned

    def waiting(
        self, fields: Collection[str] = (), *, below: float = LIKELY, limit: int | None = None
    ) -> tuple[Waiting, ...]:
        """What needs a look and was not reviewed, the most doubtful first.

        First what an earlier review said and cannot be placed any more; then what was withheld; then answers of a
        score under ``below``; each by how near to an answer it is, in tenths, and by field.
        fields: ids, all if none.  Raises InputError ``review-field`` for one that is not read here.
        """
        known = [field.id for field in self._fields]
        for name in fields:
            if name not in known:
                raise InputError("review-field", field=name, known=", ".join(known))
        chosen = {id_: at for at, id_ in enumerate(known) if not fields or id_ in fields}
        return tuple(sorted(self._waiting(chosen, below))[:limit])

    def due(self, waiting: Waiting) -> Due:
        """What stands at a place of the queue."""
        patent, field = self._store.patent(waiting.patent), self._fields[waiting.field]
        lost = self._store.reviews_of(patent.text).get(field.id) if waiting.has_lost else None
        answer = self._store.answers(patent.text)[field.id]
        return Due(patent, self._store.text(patent.text), field, answer, lost)

    def say(self, due: Due, verdict: str, spans: Sequence[Span], by: str) -> Review:
        """Stores what a person says and returns it.

        verdict: accept, reject or correct (reviews.py).  spans: the passages meant, widened to whole characters.
        """
        passages = [cite(due.text, span) for span in spans]
        review = Review(
            text=due.patent.text,
            field=due.field.id,
            verdict=Verdict(verdict),
            by=by.encode("utf8", "replace").decode("utf8"),  # a name from the command line may be no text
            at=datetime.now(UTC).isoformat(timespec="microseconds"),
            spans=tuple(one.span for one in passages),
            quotes=tuple(one.quote for one in passages),
        )
        self._store.put_review(review)
        return review

    def take_back(self, review: Review) -> None:
        """As if it had never been said."""
        self._store.drop_review(review)

    def export(self, out: Path) -> int:
        """Writes every review as a JSON line, to be imported elsewhere; returns how many."""
        return review_files.write(self._store, out)

    def import_from(self, source: Path) -> Imported:
        """Takes over the reviews of a file where their words stand in the study's texts; the rest is listed."""
        return review_files.read(self._store, source)

    def learn(self) -> Learned:
        """Refits the weights to what people said; see learning.py."""
        return learning.learn_from(self._store, self._fields, self._model, self._lessons)

    def forget(self) -> bool:
        """Goes back to the shipped weights; whether there was anything to forget."""
        return learning.forget(self._lessons)

    def _waiting(self, chosen: dict[str, int], below: float) -> Iterator[Waiting]:
        reviews = self._store.reviews()
        for patent in self._store.patents(representatives_only=True):
            said = reviews.get(patent.text, {})
            for id_, answer in self._store.answers(patent.text).items():
                if id_ not in chosen or (id_ in said and said[id_].holds):
                    continue
                group = _FIRST if id_ in said else _ORDER.get(answer.status)
                if group is None or (group and not answer.candidates) or (group == 2 and answer.score >= below):
                    continue
                away = 1 - answer.score if answer.status is AnswerStatus.withheld else answer.score
                yield Waiting(group, int(away * 10), chosen[id_], away, patent.id, id_ in said)


def places(text: Text, words: str) -> tuple[Span, ...]:
    """Where ``words`` stand in a text, whatever white space is between them.

    >>> places(Text("a  lens\\nunit, a lens unit", "en"), "lens unit")
    (Span(start=3, end=12), Span(start=16, end=25))
    """
    sought = "".join(words.split())
    kept = [at for at, char in enumerate(text.text) if not char.isspace()]
    packed = "".join(text.text[at] for at in kept)
    found, at = [], packed.find(sought) if sought else -1
    while at >= 0:
        found.append(Span(kept[at], kept[at + len(sought) - 1] + 1))
        at = packed.find(sought, at + len(sought))
    return tuple(found)
