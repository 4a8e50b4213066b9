"""Roster: patents seen one by one -> the applicants' names, how often each files, and what ties names together.

In: ``Patent`` after ``Patent``, every publication.  Out: one ``Seen`` a name.  Names are told apart as written, with
spacing and full-width letters evened out; nothing is joined here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from sys import intern

from dokhae.insight.facts import even
from dokhae.library import Patent

# a name needs no more to be recognised; the biggest firms have tens of thousands of inventors
_KEPT = 400


@dataclass(slots=True)
class Seen:
    """One name.  filings: applications and families it stands on; partners: names it has filed jointly with."""

    name: str
    applications: set[int] = field(default_factory=set)
    filings: set[str] = field(default_factory=set)
    inventors: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)
    is_inventor: bool = False

    @property
    def count(self) -> int:
        """Applications the name stands on, joint ones in full."""
        return len(self.applications)


class Roster:
    """Collects names as patents pass."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def see(self, patent: Patent) -> None:
        names = dict.fromkeys(intern(even(party.name)) for party in patent.biblio.applicants if party.name.strip())
        inventors = {intern(even(party.name).upper()) for party in patent.biblio.inventors if party.name.strip()}
        filings = [f"a{patent.application}"] + ([f"f{patent.biblio.family_id}"] if patent.biblio.family_id else [])
        for name in names:
            seen = self._seen.setdefault(name, Seen(name))
            seen.applications.add(patent.application)
            seen.filings.update(filings)
            seen.partners.update(other for other in names if other != name)
            if len(seen.inventors) < _KEPT:
                seen.inventors |= inventors
            seen.is_inventor = seen.is_inventor or name.upper() in inventors

    def names(self) -> Sequence[Seen]:
        """Every name, those that file most first, then by alphabet."""
        return sorted(self._seen.values(), key=lambda seen: (-seen.count, seen.name))
