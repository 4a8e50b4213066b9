"""What a patent has to do with the others of its study: the same application, its family, parents, children, siblings.

In: a store, a patent.  Out: ``Relations``.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dokhae.library import Patent
from dokhae.library.families import Families
from dokhae.library.sqlite_store import SqliteStore
from dokhae.parse.numbers import is_national_phase
from dokhae.types import Number, Role

_OWN = (Role.application, Role.publication, Role.grant)


@dataclass(frozen=True)
class Relations:
    """Other patents of the study; of other applications the publication that stands for each.

    publications: further ones of the same application.  family: further applications.  parents: what it was divided
    from or continues; named: their numbers, in the study or not.  siblings: with the same parent.
    is_national_phase: it came in through the PCT.
    """

    publications: tuple[Patent, ...] = ()
    family: tuple[Patent, ...] = ()
    parents: tuple[Patent, ...] = ()
    children: tuple[Patent, ...] = ()
    siblings: tuple[Patent, ...] = ()
    named: tuple[Number, ...] = ()
    is_national_phase: bool = False


def relations(store: SqliteStore, patent: Patent, families: Families) -> Relations:
    family = families.of(patent.application)
    everyone = store.publications_of(patent.application)
    numbers = {(n.office, n.digits): n for p in everyone for n in p.numbers if n.role in _OWN}
    named = {(n.office, n.digits): n for p in everyone for n in p.numbers if n.role is Role.parent}
    parents = _applications(store.bearing(named.values(), _OWN), patent)
    children = _applications(store.bearing(numbers.values(), (Role.parent,)), patent)
    siblings = _applications(store.bearing(named.values(), (Role.parent,)), patent)
    return Relations(
        publications=tuple(p for p in everyone if p.id != patent.id),
        family=_representatives(store, (id_ for id_ in (family.applications if family else ())), patent),
        parents=_representatives(store, parents, patent),
        children=_representatives(store, children, patent),
        siblings=_representatives(store, siblings, patent),
        named=tuple(named.values()),
        is_national_phase=any(n.role is Role.pct or is_national_phase(n) for p in everyone for n in p.numbers
                              if n.role in (Role.application, Role.pct)) and not _is_international(patent),
    )  # fmt: skip


def _is_international(patent: Patent) -> bool:
    return patent.number is not None and patent.number.office == "WO"


def _applications(found: Iterable[Patent], but: Patent) -> list[int]:
    return sorted({p.application for p in found} - {but.application})


def _representatives(store: SqliteStore, applications: Iterable[int], but: Patent) -> tuple[Patent, ...]:
    return tuple(store.publications_of(id_)[0] for id_ in applications if id_ != but.application)
