"""Applicants: who files, under which names, and which names may be one applicant.

In: patents seen one by one (``Roster``) and what a person has decided (``Registry``, applicants.toml).  Out:
``Applicants``: every name as written with its count and representative, and proposals.  The original name is always
kept; a proposal is never applied by itself.  An applicant is not the current owner: owners are another column.
Source: patents.md section 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dokhae.insight.applicants.proposals import Proposal, propose
from dokhae.insight.applicants.registry import Registry
from dokhae.insight.applicants.roster import Roster
from dokhae.library import Patent

__all__ = ["Applicant", "Applicants", "Proposal", "Registry", "Roster", "applicants_of", "listed"]


@dataclass(frozen=True, slots=True)
class Applicant:
    """One name as written.  count: applications, joint ones in full.  representative: as decided, None without."""

    name: str
    count: int
    representative: str | None
    proposal: Proposal | None


@dataclass(frozen=True)
class Applicants:
    """names: those that file most first.  proposals: the surest first."""

    names: tuple[Applicant, ...]
    proposals: tuple[Proposal, ...]


def applicants_of(patents: Iterable[Patent], registry: Registry) -> Applicants:
    """Every applicant of the patents, and what may be joined beyond the decisions in ``registry``."""
    roster = Roster()
    for patent in patents:
        roster.see(patent)
    return listed(roster, registry)


def listed(roster: Roster, registry: Registry) -> Applicants:
    seen = roster.names()
    proposals = propose(seen, registry)
    best: dict[str, Proposal] = {}
    for proposal in proposals:
        for name in proposal.names:
            best.setdefault(name, proposal)
    names = (Applicant(one.name, one.count, registry.of(one.name), best.get(one.name)) for one in seen)
    return Applicants(tuple(names), proposals)
