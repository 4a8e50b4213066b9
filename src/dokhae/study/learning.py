"""Learning from the reviews of a study: the texts people looked at are read again, the shipped weights refitted.

In: a store, the fields, the model in force.  Out: ``learned.toml`` in the study, or none, and a card of what changed.
Only the reviewed texts are read.  Answers already stored stay what they were: they are kept under the weights that
made them, and ``dokhae read`` makes new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokhae import whole
from dokhae.errors import InputError
from dokhae.library.reviews import Review, Verdict
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models.evaluation import wording
from dokhae.reading import cascade, combination, combining, comprehension, learned, naming
from dokhae.reading.combination import kind_of
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.effort import MANY
from dokhae.reading.fields import Field
from dokhae.reading.judging import Judge
from dokhae.reading.learned import FREE, Key
from dokhae.reading.learning import Case, Known, Lesson, learn
from dokhae.reading.marking import Marking
from dokhae.reading.parts import MAX_PARTS
from dokhae.reading.view import View
from dokhae.types import Span

# From which F1 with the right words a candidate is right; names are short
_ALIKE, _NAMES_ALIKE = 0.5, 0.6
_SCREEN = 6  # candidates a person sees at once


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning did.  reviews: how many it learned from.  lessons: by kind of text and field, kept or not.

    is_kept: whether anything was better, and learned.toml is in force.
    """

    reviews: int
    lessons: Mapping[Key, Lesson]

    @property
    def is_kept(self) -> bool:
        return any(lesson.is_better for lesson in self.lessons.values())


def learn_from(store: SqliteStore, fields: Sequence[Field], model: str, place: Path) -> Learned:
    """Refits what the reviews of the study are about; writes ``place``, or removes it where nothing is better.

    Raises InputError ``learn-without-model`` where cues alone read, ``learn-nothing-reviewed``.
    """
    by = comprehension.in_force(model, MANY)
    if by is None:
        raise InputError("learn-without-model")
    cases: dict[Key, list[Case]] = {}
    for digest, reviews in store.reviews().items():
        for key, case in cases_of(View(store.text(digest)), reviews, fields, by):
            cases.setdefault(key, []).append(case)
    if not cases:
        raise InputError("learn-nothing-reviewed", study=store.study)
    judges = {key: judge for key in sorted(cases) if (judge := learned.judge_of(key)) is not None}
    lessons = {key: learn(judge, cases[key]) for key, judge in judges.items()}
    done = Learned(sum(map(len, cases.values())), lessons)
    if done.is_kept:
        whole.write(place, learned.text_of(done.lessons, by.reader.digest))
    else:
        forget(place)
    return done


def forget(place: Path) -> bool:
    """Goes back to the shipped weights; whether there was anything to forget."""
    existed = place.exists()
    place.unlink(missing_ok=True)
    return existed


def cases_of(
    view: View, reviews: Mapping[str, Review], fields: Sequence[Field], by: Comprehension
) -> Iterator[tuple[Key, Case]]:
    """What the reviews of one text teach, each under the judge it is about."""
    known = [(field, reviews[field.id]) for field in fields if field.id in reviews and reviews[field.id].holds]
    reader = cascade.field_reader(by)
    marking = None if reader is None else Marking(view, reader)
    for field, review in known:
        key = FREE if field.reader == "question" else (kind_of(view.text), field.cues)
        judge = learned.judge_of(key)
        if judge is not None and (key == FREE or marking is not None):
            found = _described(view, field, by, marking)
            rights = _rights(view, found, review, field, judge)
            candidates = tuple(Known(one, right) for (_, one), right in zip(found, rights, strict=True))
            yield key, Case(view.text.digest, candidates, review.verdict is not Verdict.reject)


def _described(view: View, field: Field, by: Comprehension, marking: Marking | None) -> list[tuple[Span, object]]:
    """Every candidate of a field, and what is known of it, as the product reads it."""
    if field.reader == "question":
        return [(one.span, one.features) for one in comprehension.found(view.text, field.wording(view.text.lang), by)]
    table = combination.shipped().table(view.text, field.cues)
    own = marking.of(field.cues) if marking and table and table.with_model else ()
    if field.reader == "parts":
        return [(span, known) for _, span, known in naming.described(view, own)]
    return list(combining.described(view, field, own))


def _rights(
    view: View, found: Sequence[tuple[Span, object]], review: Review, field: Field, judge: Judge
) -> list[bool | None]:
    """Whether each candidate is right, None where the review does not say: a text may say it in several places.

    What is like the person's words is right, or wrong if they rejected it.  Of the rest only what the person saw and
    passed over is wrong: the likeliest one, the names shown, or, where the text does not say, the likeliest few.
    """
    least = _NAMES_ALIKE if field.reader == "parts" else _ALIKE
    quotes = [view.text.quote(span) for span, _ in found]
    alike = [any(wording.f1(quote, said, wording.pairs) >= least for said in review.quotes) for quote in quotes]
    if review.verdict is Verdict.reject and not review.is_silence:
        return [False if one else None for one in alike]
    n_seen = MAX_PARTS if field.reader == "parts" else _SCREEN if review.is_silence else 1
    ranked = sorted(range(len(found)), key=lambda at: -judge.probability(found[at][1]))
    seen = set(ranked[:n_seen])
    return [True if one else (False if at in seen else None) for at, one in enumerate(alike)]
