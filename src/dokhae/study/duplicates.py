"""Near-duplicate texts of a study: found by their sketches, explained by what is known of who is who.

In: a store, its sketches, an engine.  Out: groups of publications whose texts nearly agree, each member with its
similarity to the first and the reason: the same application (A and B1), the same family, or none that is known, which
is a copy under another name, a wrong number, or a family nobody told us of.  Never removes anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dokhae.engine import Engine, Failed, Item, Progress
from dokhae.library import Patent, likeness
from dokhae.library.families import Families
from dokhae.library.sketches import Sketches
from dokhae.library.sqlite_store import SqliteStore

# Estimated similarity from which two texts count as nearly the same: A and B1 of 0.75 and more, translations far below
LEAST = 0.7
_BATCH = 500


class Why(StrEnum):
    """Why two texts agree."""

    same_application = "same application"
    same_family = "same family"
    unexplained = "unexplained"


@dataclass(frozen=True)
class Twin:
    """One member of a group.  similarity: to the first of the group; 1.0 is the same text.  why: None for the first."""

    patent: Patent
    similarity: float
    why: Why | None


def catch_up(sketches: Sketches, store: SqliteStore, engine: Engine, progress: Progress) -> None:
    """Sketches every current text that has none; drops those of texts that are gone."""
    current = {digest for digest, *_ in store.text_uses()}
    sketches.keep_only(current)
    missing = sorted(sketches.missing(current))
    made: list[tuple[str, bytes]] = []
    tasks = ((digest, store.text(digest).text) for digest in missing)
    for n_done, event in enumerate(engine.map(_sketched, tasks), 1):
        if isinstance(event, Item):
            made.append(event.value)
        elif isinstance(event, Failed):
            made.append((event.key[0], b""))
        if len(made) >= _BATCH:
            sketches.put(made)
            made.clear()
        progress(min(n_done // 2, len(missing)), len(missing))
    sketches.put(made)


def groups(sketches: Sketches, store: SqliteStore, families: Families) -> tuple[tuple[Twin, ...], ...]:
    """Groups of publications with nearly the same text, the largest first."""
    uses: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for digest, publication, application in store.text_uses():
        uses[digest].append((publication, application))
    kept = {digest: bins for digest, bins in sketches.all().items() if digest in uses}
    similarity: dict[tuple[str, str], float] = {}
    for one, other, alike in likeness.near_pairs(kept, least=LEAST):
        similarity[one, other] = alike
    copies = [(digest, digest) for digest in kept if len(uses[digest]) > 1]
    found = likeness.groups([*similarity, *copies])
    made = [_group(names, uses, kept, store, families) for names in found]
    return tuple(sorted((g for g in made if len(g) > 1), key=lambda g: (-len(g), g[0].patent.id)))


def n_unexplained(found: tuple[tuple[Twin, ...], ...]) -> int:
    """Publications that repeat another text for no known reason."""
    return sum(twin.why is Why.unexplained for group in found for twin in group)


def _sketched(task: tuple[str, str]) -> Iterator[tuple[str, bytes]]:
    digest, text = task
    yield digest, likeness.sketch(text)


def _group(
    names: list[str],
    uses: dict[str, list[tuple[int, int]]],
    kept: dict[str, Sequence[int]],
    store: SqliteStore,
    families: Families,
) -> tuple[Twin, ...]:
    members = [(store.patent(publication), name) for name in names for publication, _ in uses[name]]
    members.sort(key=lambda m: (not m[0].is_representative, m[0].id))
    first, first_name = members[0]
    twins = [Twin(first, 1.0, None)]
    for patent, name in members[1:]:
        alike = 1.0 if name == first_name else likeness.estimate(kept[first_name], kept[name])
        twins.append(Twin(patent, alike, _why(first, patent, families)))
    return tuple(twins)


def _why(first: Patent, other: Patent, families: Families) -> Why:
    if first.application == other.application:
        return Why.same_application
    family = families.of(first.application)
    is_family = family is not None and other.application in family.applications
    return Why.same_family if is_family else Why.unexplained
