"""Expected expiry: a day with the rule that gives it, or the reason why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dokhae.insight.expiry import Expiry, expiry_of
from dokhae.report.labels import has_label, label
from dokhae.report.spell import legal_status
from dokhae.types import Number, Role, Status
from tests.build import number_of
from tests.rows import row


def expiry(number: str, filed: date | None, *more: Number, category: str = "invention", **biblio: Any) -> Expiry:
    made = row(1, number=number_of(number), filed=filed).patent
    changed = replace(made.biblio, **biblio)
    return expiry_of(replace(made, numbers=(*made.numbers, *more), category=category, biblio=changed))


@pytest.mark.parametrize(
    ("number", "category", "filed", "day", "rule"),
    [
        ("KR10-1234567 B1", "invention", date(2010, 3, 4), date(2030, 3, 4), "kr_20"),
        ("KR10-1234567 B1", "invention", date(2012, 2, 29), date(2032, 2, 29), "kr_20"),
        ("KR20-0290326 Y1", "utility_model", date(2012, 2, 29), date(2022, 2, 28), "kr_model_10"),
        ("KR20-0090326 Y1", "utility_model", date(1998, 2, 1), None, "older_law"),
        ("EP1116605B1", "invention", date(2000, 5, 6), date(2020, 5, 6), "ep_20"),
        ("JP2014-81188A", "invention", date(2012, 5, 6), date(2032, 5, 6), "jp_20"),
        ("CN101234567B", "invention", date(2012, 5, 6), date(2032, 5, 6), "cn_20"),
        ("US7654321B2", "invention", date(2008, 3, 1), date(2028, 3, 1), "us_20"),
        ("WO2025/053589A1", "invention", date(2024, 9, 1), None, "pct_application"),
        ("AU2014123456B2", "invention", date(2014, 9, 1), None, "office_unknown"),
        ("KR10-1234567 B1", "invention", None, None, "no_filing_date"),
    ],
)
def test_the_term_counts_by_the_law_of_its_office(
    number: str, category: str, filed: date | None, day: date | None, rule: str
) -> None:
    assert expiry(number, filed, category=category) == Expiry(day, rule)


@pytest.mark.parametrize("name", ["거절", "취하", "포기", "무효", "소멸", "만료"])
def test_what_has_ended_has_no_day_to_come(name: str) -> None:
    assert expiry("KR10-1234567 B1", date(2010, 3, 4), status=Status(name, name)) == Expiry(None, "ended")


def test_an_american_term_adds_its_adjustment() -> None:
    made = expiry("US7654321B2", date(2008, 3, 1), supplied=(("term_extension_days", "85"),))
    assert made == Expiry(date(2028, 5, 25), "us_20_pta")


def test_an_american_term_counts_from_its_earliest_parent() -> None:
    parent = number_of("US 10/095,513", Role.parent)
    given = expiry("US7654321B2", date(2008, 3, 1), parent, supplied=(("parent_date", "2002-03-12"),))
    assert given == Expiry(date(2022, 3, 12), "us_20")
    assert expiry("US7654321B2", date(2008, 3, 1), parent) == Expiry(None, "no_parent_date")


def test_a_terminal_disclaimer_leaves_the_day_open() -> None:
    made = expiry("US7654321B2", date(2008, 3, 1), supplied=(("term_disclaimed", "yes"),))
    assert made == Expiry(None, "us_disclaimer")


def test_an_american_patent_filed_before_june_1995_has_the_longer_term() -> None:
    long = expiry("US5654321A", date(1995, 6, 7), grant_date=date(1999, 1, 5))
    assert long == Expiry(date(2016, 1, 5), "us_17_or_20")
    short = expiry("US5654321A", date(1994, 6, 7), grant_date=date(1996, 1, 5))
    assert short == Expiry(date(2014, 6, 7), "us_17_or_20")


@pytest.mark.parametrize(
    ("filed", "day"), [(date(2014, 1, 1), date(2030, 6, 7)), (date(2015, 5, 13), date(2031, 6, 7))]
)
def test_an_american_design_counts_from_its_grant(filed: date, day: date) -> None:
    assert expiry("USD785495S1", filed, category="design", grant_date=date(2016, 6, 7)).day == day


def test_a_national_phase_counts_from_the_international_filing() -> None:
    pct = number_of("PCT/KR2010/001234", Role.pct)
    assert expiry("KR10-1234567 B1", date(2010, 3, 4), pct) == Expiry(date(2030, 3, 4), "kr_20")
    assert expiry("KR10-1234567 B1", date(2011, 9, 4), pct) == Expiry(None, "no_international_date")


def test_every_rule_is_said_in_both_languages() -> None:
    import inspect
    import re

    from dokhae.insight import expiry as module

    codes = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+|ended|older_law)"\)', inspect.getsource(module)))
    codes |= {f"us_design_{years}" for years in (14, 15)} | {f"jp_model_{years}" for years in (6, 10)}
    assert len(codes) > 15
    assert [code for code in codes if not has_label(f"expiry_rule.{code}") and "date" not in code] == []
    assert label("expiry_rule.kr_20", "en") != label("expiry_rule.kr_20", "ko")


def test_a_grant_without_a_status_was_granted_when_published_and_no_more() -> None:
    grant = row(1).patent
    assert legal_status(grant, "en") == "granted when published"
    assert legal_status(replace(grant, number=number_of("KR1020130094992A")), "en") == ""
    supplied = replace(grant, biblio=replace(grant.biblio, status=Status("소멸", "등록료불납")))
    assert legal_status(supplied, "en") == "lapsed"
