"""Which patent a person means: numbers in any spelling and role, file names, text digests.

In: a store, what was typed.  Out: the patents meant, or an InputError that lists the candidates, each by a name that
means only it.  ``KR-10-2013-0094992`` may be the publication number of one application and the number under which
another was filed: then both are listed, never one of them chosen.
"""

from __future__ import annotations

from datetime import date
from pathlib import PurePath

from dokhae.errors import InputError
from dokhae.library import Patent
from dokhae.library.identity import is_granted, issued_on
from dokhae.library.sqlite_store import SqliteStore
from dokhae.parse.numbers import candidates
from dokhae.parse.numbers import show as shown
from dokhae.study.results import name_of


def one_named(store: SqliteStore, name: str) -> Patent:
    """The publication meant; by the number of an application, the one that stands for it."""
    found = _found(store, name)
    if len({patent.application for patent in found}) > 1:
        raise _ambiguous(found, name)
    return _own(found, name)[0]


def all_named(store: SqliteStore, name: str) -> tuple[Patent, ...]:
    """Everything meant: the publication, all publications of the application, or all that came from the file."""
    found = _found(store, name)
    if PurePath(name).suffix and set(found) == set(store.from_file(name)):
        return found
    if len({patent.application for patent in found}) > 1:
        raise _ambiguous(found, name)
    return _own(found, name)


def with_claims(store: SqliteStore, patent: Patent, name: str) -> Patent:
    """Whose claims count where ``name`` is the number of an application: those of its latest grant."""
    if len(_own((patent,), name)) == 1 and _is_own(patent, name):
        return patent
    every = [p for p in store.publications_of(patent.application) if p.n_claims]
    granted = [p for p in every if is_granted(p.number)]
    return max(granted, key=lambda p: issued_on(p.number, p.biblio) or date.min, default=patent)


def _found(store: SqliteStore, name: str) -> tuple[Patent, ...]:
    found = store.find(name)
    if not found:
        raise InputError("number-unknown", number=name, study=store.study)
    return found


def _own(found: tuple[Patent, ...], name: str) -> tuple[Patent, ...]:
    """Those whose very number was typed; all where it is a number of their application."""
    return tuple(patent for patent in found if _is_own(patent, name)) or found


def _is_own(patent: Patent, name: str) -> bool:
    own = patent.number
    return own is not None and any((n.office, n.role, n.digits) == (own.office, own.role, own.digits)
                                   for n in candidates(name))  # fmt: skip


def _ambiguous(found: tuple[Patent, ...], name: str) -> InputError:
    told = ", ".join(dict.fromkeys(_told_apart(patent, name) for patent in found))
    return InputError("number-ambiguous", number=name, count=len(found), candidates=told)


def _told_apart(patent: Patent, name: str) -> str:
    """A name that means this patent and no other candidate."""
    if patent.number is not None:
        return name_of(patent)
    typed = {(n.office, n.digits) for n in candidates(name)}
    same = next((n for n in patent.numbers if (n.office, n.digits) in typed), None)
    return f"{same.role.value} {shown(same)}" if same else name_of(patent)
