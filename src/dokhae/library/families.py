"""Families: which applications are one invention, filed several times.

In: for every application its numbers, filing date and vendor's family id, as rows.  Out: ``Families``, made anew from
the study whenever they are asked for (50,000 applications in about two seconds) and stored nowhere.

Two rules, named in every report:
    shared   (default) applications that share a priority are one family, directly or through others, as INPADOC
             counts.  It holds also where a source lists only some of the priorities.
    same     applications are one family only if they claim the same set of priorities, as DOCDB's simple families.
Under both: a first filing belongs to the family of those that claim it, though it claims nothing itself (Korean own
priority included); a national phase belongs to its PCT application; a divisional or continuation to its parent.
A vendor's family id joins only applications that nothing else joins.
Source: patents.md section 1; EPO, "Patent families at the EPO" (2017).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dokhae.library.series import right_of, series_of
from dokhae.types import Number, Role

# US application series -> the years in which it was filed; DOCDB names the year instead of the series
_US_SERIES = {
    "06": (1979, 1987), "07": (1987, 1993), "08": (1993, 1998), "09": (1997, 2001), "10": (2001, 2005),
    "11": (2004, 2008), "12": (2007, 2012), "13": (2010, 2013), "14": (2013, 2016), "15": (2014, 2018),
    "16": (2018, 2021), "17": (2020, 2023), "18": (2022, 2026), "29": (1992, 2026), "60": (1995, 2008),
    "61": (2007, 2014), "62": (2013, 2021), "63": (2019, 2026),
}  # fmt: skip
# A vendor's id so short is a running number of its list, and two lists have the same ones
_LEAST_VENDOR_ID = 4


class FamilyRule(StrEnum):
    """When applications are one family."""

    shared = "shared"
    same = "same"


@dataclass(slots=True)
class Filing:
    """What is known of one application.

    filed: ISO date or "".  vendor_id: "" where no source gives one.  right: of a Japanese one that is no patent
    (series.py).
    """

    id: int
    filed: str = ""
    vendor_id: str = ""
    offices: set[str] = field(default_factory=set)
    publications: int = 0
    own: set[str] = field(default_factory=set)
    pct: set[str] = field(default_factory=set)
    priorities: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)
    right: str = ""

    def learn(self, number: Number) -> None:
        if not number.digits.strip("0"):
            return  # what fills a column that has no number joins nothing
        key = key_of(number)
        match number.role:
            case Role.application | Role.publication | Role.grant:
                self.own.add(key)
                self.offices.add(number.office)
                self.right = self.right or right_of([number])
            case Role.pct:
                self.pct.add(key)
            case Role.priority:
                self.priorities.add(key)
            case Role.parent:
                self.parents.add(key)


@dataclass(frozen=True, slots=True)
class Family:
    """One invention in the study.

    id: the vendor's, where the family is made of it, else the id of its first filing, as ``#<application>``.
    applications: ids, the first filed first: it stands for the family.  offices: of its documents.
    """

    id: str
    applications: tuple[int, ...]
    publications: int
    offices: tuple[str, ...]

    @property
    def first(self) -> int:
        return self.applications[0]


@dataclass(frozen=True)
class Families:
    """All families of a study.  rule: how they were made."""

    rule: FamilyRule
    by_application: Mapping[int, Family]

    def of(self, application: int) -> Family | None:
        return self.by_application.get(application)

    def __iter__(self) -> Iterator[Family]:
        """Every family once, the largest first."""
        once = {family.first: family for family in self.by_application.values()}
        return iter(sorted(once.values(), key=lambda f: (-len(f.applications), f.first)))

    def __len__(self) -> int:
        return len({family.first for family in self.by_application.values()})


def key_of(number: Number) -> str:
    """Equal for numbers of one filing, publication or grant.

    A WO publication and the PCT number of a receiving office are two keys of one application.

    >>> key_of(Number("KR", Role.priority, "1020110099999")), key_of(Number("US", Role.grant, "8123456", "B2"))
    ('KR filed 1020110099999', 'US issued 8123456')
    """
    is_filed = number.role in (Role.application, Role.priority, Role.parent)
    if number.role is Role.parent and number.office == "US" and len(number.digits) < 8:
        is_filed = False  # the grant of a parent
    if number.role is Role.pct or (number.office == "WO" and len(number.digits) in (10, 12)):
        return f"PCT {number.digits}"
    return f"{number.office} {'filed' if is_filed else 'issued'} {series_of(number)}{number.digits}"


def families(filings: Iterable[Filing], rule: FamilyRule = FamilyRule.shared) -> Families:
    """Every application in its family; one that nothing joins is a family of its own."""
    known = list(filings)
    _name_us_alike(known)
    _name_japanese_apart(known)
    joined = _Joined()
    for filing in known:
        _tie(filing, joined, rule)
    if rule is FamilyRule.same:
        _tie_same_sets(known, joined)
    _tie_by_vendor(known, joined)
    members: dict[str, list[Filing]] = defaultdict(list)
    for filing in known:
        members[joined.root(_node(filing))].append(filing)
    made = map(_family, members.values())
    return Families(rule, {id_: family for family in made for id_ in family.applications})


class _Joined:
    """Names joined to sets, by union and find with halved paths."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, name: str) -> str:
        above = self._above
        above.setdefault(name, name)
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    def join(self, one: str, other: str) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self._above[max(first, second)] = min(first, second)


def _node(filing: Filing) -> str:
    return f"#{filing.id}"


def _tie(filing: Filing, joined: _Joined, rule: FamilyRule) -> None:
    """What is one family under both rules; under ``shared`` the priorities too."""
    keys = filing.own | filing.pct | filing.parents
    if rule is FamilyRule.shared:
        keys |= filing.priorities
    for key in keys:
        joined.join(_node(filing), key)


def _tie_same_sets(known: Iterable[Filing], joined: _Joined) -> None:
    """Joins what claims the same priorities; what claims nothing is its own priority."""
    claimed: dict[str, set[str]] = defaultdict(set)
    for filing in known:
        claimed[joined.root(_node(filing))] |= {joined.root(key) for key in filing.priorities}
    first: dict[frozenset[str], str] = {}
    for root, priorities in claimed.items():
        outside = frozenset(priorities - {root}) or frozenset({root})
        if outside in first:
            joined.join(root, first[outside])
        else:
            first[outside] = root


def _tie_by_vendor(known: Iterable[Filing], joined: _Joined) -> None:
    """A vendor's id joins applications that stand alone, with one another or to the family that has the same id."""
    sizes: dict[str, int] = defaultdict(int)
    by_id: dict[str, list[Filing]] = defaultdict(list)
    for filing in known:
        sizes[joined.root(_node(filing))] += 1
        if _is_vendor_id(filing.vendor_id):
            by_id[filing.vendor_id].append(filing)
    for filings in by_id.values():
        alone = [filing for filing in filings if sizes[joined.root(_node(filing))] == 1]
        together = [filing for filing in filings if filing not in alone]
        for filing in alone:
            joined.join(_node(filing), _node((together or alone)[0]))


def _is_vendor_id(written: str) -> bool:
    """Whether it can name a family: not "null", "----" or "0000", as exports fill a column that has none."""
    return len(written) >= _LEAST_VENDOR_ID and any(c in "123456789" for c in written)


def _name_us_alike(known: Iterable[Filing]) -> None:
    """Gives a US number with a year (2005679484) the series of the one number it can be in the study (60679484)."""
    every = {key for f in known for keys in (f.own, f.priorities, f.parents) for key in keys}
    with_series: dict[str, list[str]] = defaultdict(list)
    for key in every:
        if key.startswith("US filed ") and len(key) == 17:
            with_series[key[-6:]].append(key)
    names = {}
    for key in every:
        if key.startswith("US filed ") and len(key) == 19 and key[9:11] in ("19", "20"):
            fitting = [one for one in with_series[key[-6:]] if _is_of_year(one[9:11], int(key[9:13]))]
            if len(fitting) == 1:
                names[key] = fitting[0]
    for filing in known if names else ():
        for keys in (filing.own, filing.priorities, filing.parents):
            for key in keys & names.keys():
                keys.add(names[key])
                keys.remove(key)


def _name_japanese_apart(known: Iterable[Filing]) -> None:
    """Gives the application of a utility model or design the count that only its publications tell."""
    for filing in known:
        if filing.right:
            bare = {key for key in filing.own if key.startswith("JP filed ") and key[9:].isalnum()}
            filing.own -= bare
            filing.own |= {f"JP filed {filing.right}{key[9:]}" for key in bare}


def _is_of_year(series: str, year: int) -> bool:
    first, last = _US_SERIES.get(series, (9999, 0))
    return first <= year <= last


def _family(members: list[Filing]) -> Family:
    members.sort(key=lambda f: (f.filed or "9999", f.id))
    offices = dict.fromkeys(office for f in members for office in sorted(f.offices))
    vendor = {f.vendor_id for f in members if f.vendor_id}
    id_ = next(iter(vendor)) if len(vendor) == 1 else _node(members[0])
    return Family(id_, tuple(f.id for f in members), sum(f.publications for f in members), tuple(offices))
