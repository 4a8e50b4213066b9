"""Join: the numbers of one row of a list -> the application of the study they mean.

In: every patent of a study, then (field, cell) pairs of a row.  Out: ``Match``.  A number is read as its column says,
and only if that finds nothing as anything else it may be.  All numbers of a row must agree; where they do not, or one
number may be several patents, the candidates are named and none is chosen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dokhae.library import Patent
from dokhae.parse.numbers import candidates, damaged, office_of, read_number
from dokhae.parse.records import NUMBER_FIELDS
from dokhae.report.spell import document_number
from dokhae.types import Number, Role

_OWN = frozenset({Role.application, Role.publication, Role.grant})
# a PCT application has a national phase in every country: asked only where no number of the patent's own is known
_LAST = ("pct_number", "pct_publication_number")
_NOT_OF_THE_PATENT = ("priority_number", "parent_number")
_SHOWN = 5


class Kind(StrEnum):
    found = "found"
    missing = "missing"
    several = "several"


@dataclass(frozen=True, slots=True)
class Match:
    """What a row of a list is.

    patent: id of the publication that stands for its application.  field, written: by which number, or which one is in
    the way.  candidates: the numbers of the patents it may be.  why: of a missing row (labels ``list_match.<why>``).
    """

    kind: Kind
    patent: int | None = None
    field: str = ""
    written: str = ""
    candidates: tuple[str, ...] = ()
    why: str = ""


def own_numbers(fields: Iterable[str]) -> tuple[str, ...]:
    """The fields that number a patent itself, in the order they are believed."""
    present = set(fields)
    return tuple(field for field in NUMBER_FIELDS if field in present and field not in _NOT_OF_THE_PATENT)


class Index:
    """Every number of a study -> its applications."""

    def __init__(self, patents: Iterable[Patent]) -> None:
        self._by_number: dict[tuple[str, Role, str], set[int]] = defaultdict(set)
        self._standing: dict[int, tuple[int, str]] = {}
        for patent in patents:
            for number in patent.numbers:
                self._by_number[number.office, number.role, number.digits].add(patent.application)
            if patent.is_representative or patent.application not in self._standing:
                self._standing[patent.application] = (patent.id, document_number(patent))

    @property
    def n_applications(self) -> int:
        return len(self._standing)

    def match(self, cells: Sequence[tuple[str, str]]) -> Match:
        """The application a row means.  cells: (our field, as written) of the row."""
        office = next((office_of(text) for field, text in cells if field == "country"), None)
        kind = next((text for field, text in cells if field == "kind"), None)
        fields = own_numbers(field for field, _ in cells)
        hits = list(self._hits(cells, [f for f in fields if f not in _LAST], office, kind))
        hits = hits or list(self._hits(cells, [f for f in fields if f in _LAST], office, None))
        if not hits:
            return _missing([text for field, text in cells if field in fields], office)
        common = set.intersection(*(applications for _, _, applications in hits))
        if len(common) == 1:
            field, written, _ = hits[0]
            return Match(Kind.found, self._standing[common.pop()][0], field, written)
        meant = common or set.union(*(applications for _, _, applications in hits))
        names = sorted(self._standing[application][1] for application in meant)
        more = ("…",) if len(names) > _SHOWN else ()
        return Match(Kind.several, candidates=(*names[:_SHOWN], *more))

    def _hits(
        self, cells: Sequence[tuple[str, str]], fields: Sequence[str], office: str | None, kind: str | None
    ) -> Iterator[tuple[str, str, set[int]]]:
        """Field, number as written, and the applications it finds, in the order fields are believed."""
        for field in fields:
            for text in (text for named, text in cells if named == field):
                for written in filter(None, map(str.strip, re.split(r"[|;\n]", text))):
                    if found := self._find(written, office, NUMBER_FIELDS[field], kind):
                        yield field, written, found

    def _find(self, written: str, office: str | None, role: Role | None, kind: str | None) -> set[int]:
        read = read_number(written, office=office, role=role, kind=kind) if role else None
        if read is not None and (found := self._applications(read)):
            return found
        readings = candidates(written, office=office) or candidates(written)
        return set().union(*(self._applications(n) for n in readings if n.role in _OWN | {Role.pct}))

    def _applications(self, number: Number) -> set[int]:
        return self._by_number.get((number.office, number.role, number.digits), set())


def _missing(written: Sequence[str], office: str | None) -> Match:
    if not written:
        return Match(Kind.missing, why="no_number")
    if broken := next(filter(damaged, written), ""):
        return Match(Kind.missing, written=broken, why="damaged")
    if not any(candidates(text, office=office) for text in written):
        return Match(Kind.missing, written=written[0], why="unread")
    return Match(Kind.missing, why="missing")
