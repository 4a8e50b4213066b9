"""Which application a publication belongs to that does not know its application number.

In: the numbers of the study, as rows.  Out: application keys.  Reads only; putting.py writes.

A row of a list may know nothing but a grant number, a page of a search service nothing but "US2018158710A1".  Such a
publication joins the application of any publication that carries the same publication or grant number
(identity.published_keys); several that share numbers among themselves are one application, though nobody knows its
number.  Those that know their application are never moved by this: a wrong number in a list joins no two applications.
"""

from __future__ import annotations

from collections.abc import Iterable

from dokhae.library.database import Database
from dokhae.library.identity import published_keys
from dokhae.types import Number, Role

_SHARED = (
    "SELECT DISTINCT n.publication, n.office, n.role, n.digits, n.kind, o.role, o.kind FROM numbers o"
    " JOIN numbers n ON n.digits = o.digits AND n.office = o.office AND n.publication <> o.publication"
    " WHERE o.publication = ? AND o.role IN ('publication', 'grant') AND n.role IN ('publication', 'grant')"
)


def neighbours(db: Database, publication: int) -> set[int]:
    """Publications that carry one of its publication or grant numbers."""
    return {
        other
        for other, office, role, digits, kind, own_role, own_kind in db.rows(_SHARED, (publication,))
        if published_keys([Number(office, Role(role), digits, kind or None)])
        & published_keys([Number(office, Role(own_role), digits, own_kind or None)])
    }


def without_application(db: Database, publications: Iterable[int]) -> set[int]:
    """Those of the publications that do not know their application."""
    return {p for p in publications if not _knows_application(db, p)}


def joined(db: Database, publication: int) -> tuple[set[int], str]:
    """All publications that go with one that does not know its application, itself included, and their key."""
    members, anchors, to_see = {publication}, set[int](), [publication]
    while to_see:
        for other in neighbours(db, to_see.pop()) - members:
            if _knows_application(db, other):
                anchors.add(other)
            else:
                members.add(other)
                to_see.append(other)
    sql = "SELECT a.key FROM publications p JOIN applications a ON a.id = p.application WHERE p.id = ?"
    keys = [str(key) for anchor in anchors for (key,) in db.rows(sql, (anchor,))]
    own = [str(key) for p in members for (key,) in db.rows("SELECT key FROM publications WHERE id = ?", (p,))]
    return members, min(keys or own)


def _knows_application(db: Database, publication: int) -> bool:
    sql = "SELECT 1 FROM numbers WHERE publication = ? AND role = 'application'"
    return db.row(sql, (publication,)) is not None
