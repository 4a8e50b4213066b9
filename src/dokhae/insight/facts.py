"""Facts: what the pictures need of one counted thing, and nothing more.

In: a ``Patent``.  Out: a ``Fact`` of some hundred bytes, keyed by the unit that counts.  Never guesses: what the
source does not give stays None or "".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from sys import intern

from dokhae.library import Patent
from dokhae.library.families import Family
from dokhae.types import Role

_IPC = re.compile(r"([A-HY]\d\d[A-Z])\s*0*(\d{1,4})\s*/")


class Unit(StrEnum):
    """What one count stands for."""

    publication = "publication"
    application = "application"
    family = "family"


class Joint(StrEnum):
    """What a joint filing counts for each of its applicants: one, or its share of one."""

    full = "full"
    fractional = "fractional"


@dataclass(frozen=True, slots=True)
class Fact:
    """One counted thing.  id: the patent that stands for it.

    applicants: under their representative names, else as written with spacing evened out; each once.
    """

    id: int
    office: str
    filed: date | None
    applicants: tuple[str, ...]
    ipc_group: str
    status: str


def fact_of(patent: Patent, applicants: Sequence[str] = ()) -> Fact:
    """What is counted of a patent.  applicants: its representative names, if it has any."""
    biblio = patent.biblio
    names = applicants or [even(party.name) for party in biblio.applicants if party.name.strip()]
    return Fact(
        id=patent.id,
        office=intern(office_of(patent)),
        filed=biblio.application_date,
        applicants=tuple(dict.fromkeys(map(intern, names))),
        ipc_group=intern(ipc_group(biblio.ipc[0]) if biblio.ipc else ""),
        status=biblio.status.name if biblio.status else "",
    )


def key_of(patent: Patent, unit: Unit, family: Family | None = None) -> str | None:
    """What the patent is counted as; None where another publication, or another application of its family, counts."""
    if unit is Unit.publication:
        return str(patent.id)
    if not patent.is_representative:
        return None
    if unit is Unit.family and family is not None:
        return f"family {family.first}" if family.first == patent.application else None
    if unit is Unit.family and patent.biblio.family_id:
        return f"family {patent.biblio.family_id}"
    return f"application {patent.application}"


def office_of(patent: Patent) -> str:
    """The office the patent was filed at, from its own number or its application number."""
    if patent.number is not None:
        return patent.number.office
    own = (number for number in patent.numbers if number.role in (Role.application, Role.publication, Role.grant))
    return next((number.office for number in own), "")


def ipc_group(ipc: str) -> str:
    """The main group of a class.

    >>> ipc_group("H04N 5/225"), ipc_group("G02B0007/09 (2021.01)"), ipc_group("H04N")
    ('H04N 5/00', 'G02B 7/00', '')
    """
    found = _IPC.match(ipc.strip().upper())
    return f"{found[1]} {found[2]}/00" if found else ""


def even(name: str) -> str:
    """A name with full-width letters and spacing evened out: the only joining of names that needs no judgement.

    >>> even("ＡＢＣ　 Co.,  Ltd.")
    'ABC Co., Ltd.'
    """
    return " ".join(unicodedata.normalize("NFKC", name).split())
