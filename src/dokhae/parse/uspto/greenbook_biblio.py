"""Groups and fields of a Greenbook record -> numbers and ``Biblio``.

In: the fields of one patent.  Out: every number it carries, its own first, and the ``Biblio``.  Only what is printed or
certain: numbers end in a check digit (modulus 11, weights 2, 3, 4 ... from the right), which is verified and left out;
the series of an earlier application, which is not printed, is told by its filing date where the date leaves no doubt,
else the number stays in ``supplied`` as written.
Source: USPTO, Patent Full Text/APS documentation; USPTO, series codes by filing date (MPEP 503); the samples, in which
the check digits of all patents and applications obey this rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dokhae.parse.numbers import OFFICES
from dokhae.parse.uspto.tagged import Field
from dokhae.parse.xml.biblio import count_of, date_of, ipc_symbol, number_of, unique
from dokhae.types import Biblio, Defect, Number, Party, Role

_CATEGORIES = {"4": "design", "6": "plant"}
# series of applications by the days on which their numbers were given; the days around a change are left out
_SERIES = (
    ("04", date(1960, 1, 15), date(1969, 12, 15)),
    ("05", date(1970, 1, 15), date(1978, 12, 15)),
    ("06", date(1979, 1, 15), date(1986, 12, 15)),
    ("07", date(1987, 1, 15), date(1992, 12, 15)),
    ("08", date(1993, 1, 15), date(1997, 12, 15)),
    ("09", date(1998, 1, 15), date(2001, 12, 31)),
)
_LOCARNO = re.compile(r"D?\d{4}")
_PROVISIONALS = frozenset({"60", "61"})
# Greenbook codes of countries are ST.3 codes with an "X"; a few older ones differ
_OLD_COUNTRIES = {"GB2": "GB", "DDX": "DD", "DTX": "DE", "SUX": "SU", "JA": "JP", "DT": "DE"}
_SUPPLIED = (
    ("us_class", "CLAS", "OCL"),
    ("locarno", "CLAS", "ICL"),
    ("primary_examiner", "PATN", "EXP"),
    ("assistant_examiner", "PATN", "EXA"),
    ("term", "PATN", "TRM"),
    ("disclaimer_date", "PATN", "DCD"),
    ("other_references", "OREF", "PAL"),
    ("other_references", "OREF", "PAR"),
)


@dataclass(frozen=True, slots=True)
class Groups:
    """The fields of a record, in order, under their groups (tags of four letters with nothing beside them)."""

    in_order: tuple[tuple[str, tuple[Field, ...]], ...]

    @staticmethod
    def of(fields: Sequence[Field]) -> Groups:
        groups: list[tuple[str, list[Field]]] = []
        for field in fields:
            if len(field.tag) == 4 and not field.value:
                groups.append((field.tag, []))
            elif groups:
                groups[-1][1].append(field)
        return Groups(tuple((tag, tuple(held)) for tag, held in groups))

    @property
    def fields(self) -> Iterator[Field]:
        return (field for _, held in self.in_order for field in held)

    def each(self, group: str) -> Iterator[tuple[Field, ...]]:
        """The fields of each group of that name: one inventor, one citation."""
        return (held for tag, held in self.in_order if tag == group)

    def all_of(self, *groups: str) -> list[Field]:
        return [field for tag, held in self.in_order if tag in groups for field in held]

    def first(self, group: str, tag: str) -> str:
        return next((found for held in self.each(group) if (found := _get(held, tag))), "")


def category_of(groups: Groups) -> str:
    return _CATEGORIES.get(groups.first("PATN", "APT"), "invention")


def numbers_of(groups: Groups) -> tuple[Number, ...]:
    """Every number, each once; the document's own is the first."""
    return unique(number for number in _numbers(groups) if number is not None)


def number_defects(groups: Groups) -> tuple[Defect, ...]:
    """What is wrong with the number of the patent itself."""
    written = groups.first("PATN", "WKU")
    if _own_number(groups) is None:
        return (Defect.of("number-unreadable", field="WKU", written=written),)
    if len(written) == 9 and written.isdigit() and _check_digit(written[:8]) not in (None, int(written[8])):
        return (Defect.of("check-digit-differs", written=written),)
    return ()


def biblio_of(groups: Groups) -> Biblio:
    title = groups.first("PATN", "TTL")
    inventors = unique(filter(None, map(_party, groups.each("INVT"))))
    owners = unique(filter(None, map(_party, groups.each("ASSG"))))
    printed = groups.first("PATN", "NCL")
    classes = [field for field in groups.all_of("CLAS") if field.tag == "ICL"]
    return Biblio(
        titles=(("en", title),) if title else (),
        application_date=date_of(groups.first("PATN", "APD")),
        grant_date=date_of(groups.first("PATN", "ISD")),
        priority_date=min(filter(None, (date_of(_get(held, "APD")) for held in groups.each("PRIR"))), default=None),
        applicants=owners or inventors,
        owners=owners,
        inventors=inventors,
        agents=_agents(groups),
        # columns count here: the text as it stands
        ipc=unique(filter(None, (ipc_symbol("".join(field.lines).strip()) for field in classes))),
        cites=_cites(groups),
        printed_claims=count_of(printed),
        supplied=_supplied(groups),
    )


def _get(fields: Sequence[Field], tag: str) -> str:
    return next((field.value for field in fields if field.tag == tag), "")


def _check_digit(digits: str) -> int | None:
    """The check digit of a number, None where the rule gives ten.

    >>> _check_digit("03937375"), _check_digit("518454")
    (4, 1)
    """
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(digits.lstrip("0")), start=2))
    check = -total % 11
    return check if check < 10 else None


def _own_number(groups: Groups) -> Number | None:
    written = groups.first("PATN", "WKU")
    digits = written[:8] if len(written) == 9 else written
    if not re.fullmatch(r"(?:[A-Z]{1,2})?\d{5,8}", digits):
        return None
    found = number_of("US", Role.grant, digits)
    return found and Number(found.office, found.role, found.digits, None, written)


def _numbers(groups: Groups) -> Iterator[Number | None]:
    yield _own_number(groups)
    serial, series = groups.first("PATN", "APN"), groups.first("PATN", "SRC")
    # its last digit is the check digit
    yield _filed(Role.application, serial[:6] if len(serial) == 7 else serial, series)
    for pct in groups.each("PCTA"):
        yield number_of("WO", Role.pct, _get(pct, "PCN"))
        yield _published_pct(_get(pct, "PCP"))
    for claimed in groups.each("PRIR"):
        yield number_of(_office(_get(claimed, "CNT")), Role.priority, _get(claimed, "APN"))
    for earlier in (*groups.each("RLAP"), *groups.each("REIS")):
        series = _series(date_of(_get(earlier, "APD")))
        serial = _get(earlier, "APN")
        role = Role.priority if serial[:2] in _PROVISIONALS and len(serial) == 8 else Role.parent
        yield _filed(role, serial, series)


def _filed(role: Role, serial: str, series: str) -> Number | None:
    """A US application; None where the series is not known."""
    if re.fullmatch(r"\d{8}", serial):
        series, serial = serial[:2], serial[2:]
    if not (series.isdigit() and re.fullmatch(r"\d{1,6}", serial)):
        return None
    digits = series.zfill(2) + serial.zfill(6)
    return Number("US", role, digits, None, f"{digits[:2]}/{digits[2:5]},{digits[5:]}")


def parent_patents(written: Iterable[str]) -> str:
    """The patents of parents, for ``supplied``: as parents they are known by application, whose numbers look alike.

    >>> parent_patents(["8947892", "RE28671"])
    'US8947892; USRE28671'
    """
    numbers = (number_of("US", Role.grant, one) for one in written)
    return "; ".join(unique(number.compact for number in numbers if number is not None))


def _series(filed: date | None) -> str:
    return next((code for code, first, last in _SERIES if filed and first <= filed <= last), "")


def _published_pct(written: str) -> Number | None:
    number = number_of("WO", Role.publication, written)
    # not a publication of this office: kept as the PCT number it is
    return number and Number(number.office, Role.pct, number.digits, None, written)


def _office(code: str) -> str:
    code = code.upper()
    office = _OLD_COUNTRIES.get(code, code[:2])
    return office if office in OFFICES else ""


def _party(fields: Sequence[Field]) -> Party | None:
    """A person or firm as written, given name first where the parts are told apart by a semicolon."""
    last, _, given = _get(fields, "NAM").partition(";")
    name = " ".join(f"{given} {last}".split())
    country = _office(_get(fields, "CNT")) or ("US" if _get(fields, "STA") else "")
    return Party(name, country) if name else None


def _agents(groups: Groups) -> tuple[Party, ...]:
    fields = groups.all_of("LREP")
    firms = [Party(field.value) for field in fields if field.tag == "FRM" and field.value]
    persons = [field.value for field in fields if field.tag in ("FR2", "AAT", "AGT", "ATT")]
    named = [party for name in persons if (party := _party([Field("NAM", [name])]))]
    return unique(firms or named)


def _cites(groups: Groups) -> tuple[str, ...]:
    offices = [("US", held) for held in groups.each("UREF")]
    offices += [(_office(_get(held, "CNT")), held) for held in groups.each("FREF")]
    cited = (number_of(office, Role.grant, _get(held, "PNO")) for office, held in offices)
    return unique(number.compact for number in cited if number is not None)


def _supplied(groups: Groups) -> tuple[tuple[str, str], ...]:
    found = [(name, groups.first(group, tag)) for name, group, tag in _SUPPLIED]
    for earlier in groups.each("RLAP"):
        serial, filed = _get(earlier, "APN"), _get(earlier, "APD")
        if serial and not _series(date_of(filed)):
            found.append(("earlier_application", f"{serial} ({filed})" if filed else serial))
    earlier_patents = (_get(earlier, "PNO") for earlier in (*groups.each("RLAP"), *groups.each("REIS")))
    found.append(("parent_patents", parent_patents(earlier_patents)))
    return tuple((name, value) for name, value in found if value and (name != "locarno" or _LOCARNO.fullmatch(value)))
