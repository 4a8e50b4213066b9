"""Classing a whole study: the classes of every application, stored as an answer of its text.

In: a store opened for writing, a tree of classes, the index that finds what its queries and keywords find.
Out: ``Classed``.  Only texts whose classes hang on something new are looked at; what is stored is kept if the run is
stopped.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from dokhae.engine import Engine, Progress
from dokhae.library.sqlite_store import SqliteStore
from dokhae.models import in_use
from dokhae.screening import CLASS, own, paths_of
from dokhae.screening.fitting import Profile, classes_of, is_current, queries_of
from dokhae.screening.tree import Tree
from dokhae.search.index import Index, stemmer
from dokhae.study.reading import Batch
from dokhae.study.results import Classed
from dokhae.study.screening import answer_name, texts_of
from dokhae.types import Answer, Text

_VERSION = "1"  # of the weights and thresholds: others make other answers


@dataclass(frozen=True, slots=True)
class _Task:
    text: Text
    profiles: tuple[Profile, ...]


def class_all(
    store: SqliteStore, tree: Tree, index: Index, engine: Engine, model: str, *, progress: Progress
) -> Classed:
    """Classes every application whose classes are not known for this tree.  model: the setting ``read.model``."""
    started_s = time.monotonic()
    vectors = in_use.static() if in_use.chosen(model) != in_use.NONE else None
    schema = f"{CLASS} {tree.digest} {_VERSION} {vectors.digest[:16] if vectors else in_use.NONE}"
    held = {query: index.ids(query) for query in dict.fromkeys(queries_of(tree))}
    profiles = dict(_profiles(store, held))
    todo = [text for text, of_text in profiles.items() if not _is_known(store, text, tree, schema, of_text)]
    tasks = (_Task(store.text(text), profiles[text]) for text in todo)
    work = partial(_classes, tree=tree, by_meaning=vectors is not None)
    n_read, n_failed = Batch(store).keep(engine.map(work, tasks), schema, lambda done: progress(done, len(todo)))
    # only now: a run cut short leaves the classes of the one before, not a mixture
    store.show_answers_of(schema, kind=CLASS)
    counts, n_unclassed = _counts(store, tree)
    kept = len(profiles) - n_read - n_failed
    return Classed(
        n_read, kept, n_failed, counts, n_unclassed, time.monotonic() - started_s, by_meaning=vectors is not None
    )


def _profiles(store: SqliteStore, held: Mapping[str, Collection[int]]) -> Iterator[tuple[str, tuple[Profile, ...]]]:
    """What is known of the patents of each text."""
    for digest, members in texts_of(store).items():
        stored = store.answers(digest)
        yield (
            digest,
            tuple(
                Profile(
                    frozenset(query for query, found in held.items() if member.id in found),
                    answer_name(CLASS, member, stored, is_alone=len(members) == 1),
                )
                for member in members
            ),
        )


def _is_known(store: SqliteStore, text: str, tree: Tree, schema: str, profiles: tuple[Profile, ...]) -> bool:
    stored = store.answers_of(text, schema)
    return stored is not None and is_current(stored, tree, profiles)


def _classes(task: _Task, *, tree: Tree, by_meaning: bool) -> Iterator[tuple[Answer, ...]]:
    """The work of one worker on one text; the vectors are loaded with the first."""
    vectors = in_use.static() if by_meaning else None
    yield tuple(classes_of(tree, profile, task.text, stemmer(), vectors) for profile in task.profiles)


def _counts(store: SqliteStore, tree: Tree) -> tuple[dict[str, int], int]:
    """Applications of each class, in the order of the tree, and of none."""
    counts: Counter[str] = Counter({one.path: 0 for one in tree.classes})
    n_unclassed = 0
    for patent in store.patents(representatives_only=True):
        classes = own(store.answers(patent.text), patent.application).classes
        counts.update(paths_of(classes))
        n_unclassed += classes is not None and not paths_of(classes)
    return dict(counts), n_unclassed
