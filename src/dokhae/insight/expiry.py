"""Expiry: a patent -> the day its term is expected to end and the rule that says so, or why no day can be said.

In: a ``Patent`` as supplied.  Out: ``Expiry``; its rule is a code (labels ``expiry_rule.<code>``).  Never says that a
right is in force: fees, oppositions and extensions the source does not name are not known here.  Never guesses a day:
where the filing date that counts (of the parent, of the PCT application) is not in the data, the day stays blank.
Sources: KR Patent Act art. 88, Utility Model Act art. 22, Design Act art. 91; 35 USC 154, 161, 173; EPC art. 63;
JP Patent Act art. 67, Utility Model Act art. 15; CN Patent Law art. 42.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dokhae.insight.facts import office_of
from dokhae.library import Patent
from dokhae.types import Role

# statuses after which there is no term to wait for
_ENDED = frozenset({"거절", "취하", "포기", "무효", "소멸", "만료"})
# what parsers name the day of the application the term counts from (US parents, Korean divisionals)
_PARENT_DATE = ("parent_date", "원출원일자")
_US_20_YEARS = date(1995, 6, 8)
_US_DESIGN_15_YEARS = date(2015, 5, 13)
_KR_MODEL_10_YEARS = date(1999, 7, 1)
_KR_DESIGN_20_YEARS = date(2014, 7, 1)
_JP_MODEL_10_YEARS = date(2005, 4, 1)
_JP_MODEL_6_YEARS = date(1994, 1, 1)
_CN_DESIGN_15_YEARS = date(2021, 6, 1)
_EPC_STATES_AND_EP = frozenset({"EP", "DE", "FR", "GB"})
_NO_PARENT_HERE = frozenset({"WO"})


@dataclass(frozen=True, slots=True)
class Expiry:
    """day: None where none can be said.  rule: how it was counted, or why there is none."""

    day: date | None
    rule: str


def expiry_of(patent: Patent) -> Expiry:
    """When the term is expected to end, by the law of its office on the day it was filed.

    The filing date is that of the earliest non-provisional parent and, of a national phase, of the PCT application.
    """
    status, office = patent.biblio.status, office_of(patent)
    if status is not None and status.name in _ENDED:
        return Expiry(None, "ended")
    if office in _NO_PARENT_HERE:
        return Expiry(None, "pct_application")
    law = _LAWS.get(office)
    if law is None:
        return Expiry(None, "office_unknown")
    if _counts_from_grant(office, patent):
        return law(patent, patent.biblio.application_date or date.min)
    counted_from = _filed(patent)
    return counted_from if isinstance(counted_from, Expiry) else law(patent, counted_from)


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; the 28th for a leap day that has none.

    >>> years_after(date(2020, 2, 29), 10)
    datetime.date(2030, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _filed(patent: Patent) -> date | Expiry:
    """The filing date the term counts from; what is missing where it is not known."""
    own, supplied = patent.biblio.application_date, dict(patent.biblio.supplied)
    if own is None:
        return Expiry(None, "no_filing_date")
    if any(number.role is Role.parent for number in patent.numbers):
        given = next((_day(supplied[name]) for name in _PARENT_DATE if name in supplied), None)
        return Expiry(None, "no_parent_date") if given is None else min(own, given)
    years = {number.digits[2:6] for number in patent.numbers if number.role is Role.pct and number.digits[:1].isalpha()}
    # the international filing date is meant; a source that gives the day of entry gives another year, or none we know
    if years and str(own.year) not in years:
        return Expiry(None, "no_international_date")
    return own


def _counts_from_grant(office: str, patent: Patent) -> bool:
    return office == "US" and patent.category == "design"


def _korean(patent: Patent, filed: date) -> Expiry:
    if patent.category == "utility_model":
        if filed < _KR_MODEL_10_YEARS:
            return Expiry(None, "older_law")
        return Expiry(years_after(filed, 10), "kr_model_10")
    if patent.category == "design":
        if filed < _KR_DESIGN_20_YEARS:
            return _from_grant(patent, 15, "kr_design_15")
        return Expiry(years_after(filed, 20), "kr_design_20")
    return Expiry(years_after(filed, 20), "kr_20")


def _american(patent: Patent, filed: date) -> Expiry:
    if patent.category == "design":
        years = 15 if filed >= _US_DESIGN_15_YEARS else 14
        from_grant = _from_grant(patent, years, f"us_design_{years}")
        return from_grant if patent.biblio.application_date else Expiry(None, "no_filing_date")
    supplied = dict(patent.biblio.supplied)
    if "term_disclaimed" in supplied:
        return Expiry(None, "us_disclaimer")
    if (patent.biblio.application_date or filed) < _US_20_YEARS:
        from_grant = _from_grant(patent, 17, "us_17_or_20")
        later = from_grant.day and max(from_grant.day, years_after(filed, 20))
        return replace(from_grant, day=later)
    extension = supplied.get("term_extension_days", "").strip()
    if extension.isdecimal() and len(extension) < 5:
        return Expiry(years_after(filed, 20) + timedelta(days=int(extension)), "us_20_pta")
    return Expiry(years_after(filed, 20), "us_20")


def _european(patent: Patent, filed: date) -> Expiry:
    if patent.category != "invention":
        return Expiry(None, "office_unknown")
    return Expiry(years_after(filed, 20), "ep_20")


def _japanese(patent: Patent, filed: date) -> Expiry:
    if patent.category == "utility_model":
        if filed < _JP_MODEL_6_YEARS:
            return Expiry(None, "older_law")
        years = 10 if filed >= _JP_MODEL_10_YEARS else 6
        return Expiry(years_after(filed, years), f"jp_model_{years}")
    if patent.category == "design":
        return Expiry(None, "office_unknown")
    return Expiry(years_after(filed, 20), "jp_20")


def _chinese(patent: Patent, filed: date) -> Expiry:
    if patent.category == "utility_model":
        return Expiry(years_after(filed, 10), "cn_10")
    if patent.category == "design":
        years = 15 if filed >= _CN_DESIGN_15_YEARS else 10
        return Expiry(years_after(filed, years), f"cn_design_{years}")
    return Expiry(years_after(filed, 20), "cn_20")


_LAWS: dict[str, Callable[[Patent, date], Expiry]] = {
    "KR": _korean,
    "US": _american,
    "JP": _japanese,
    "CN": _chinese,
    **dict.fromkeys(_EPC_STATES_AND_EP, _european),
}


def _from_grant(patent: Patent, years: int, rule: str) -> Expiry:
    granted = patent.biblio.grant_date
    number = patent.number
    if granted is None and number is not None and number.role is Role.grant:
        granted = patent.biblio.publication_date  # US grants are published on the day they are granted
    return Expiry(None, "no_grant_date") if granted is None else Expiry(years_after(granted, years), rule)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None
