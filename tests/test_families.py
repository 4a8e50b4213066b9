"""Which applications are one invention: priorities, own priorities, PCT, divisionals, a vendor's family id."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from dokhae.library.families import Families, FamilyRule, Filing, families
from dokhae.types import Number, Role
from tests.build import number_of


def filing(id_: int, own: str, filed: str = "", vendor: str = "", **claimed: str) -> Filing:
    """An application.  claimed: numbers by role, several parted by a comma."""
    made = Filing(id_, filed=filed, vendor_id=vendor, publications=1)
    made.learn(number_of(own, Role.application))
    for role, written in claimed.items():
        for one in written.split(","):
            made.learn(number_of(one, Role(role)))
    return made


def together(made: Families) -> set[tuple[int, ...]]:
    return {tuple(sorted(family.applications)) for family in made}


KOREAN = filing(1, "10-2011-0099999", "2011-05-01")
AMERICAN = filing(2, "US 13/345,678", "2012-04-01", priority="KR20110099999 A")
EUROPEAN = filing(3, "EP12345678.9", "2012-04-02", priority="KR 10-2011-0099999,KR 10-2011-0111111")
SECOND = filing(4, "10-2011-0111111", "2011-08-01")
STRANGER = filing(5, "10-2015-0000001", "2015-01-01")
ALL = (KOREAN, AMERICAN, EUROPEAN, SECOND, STRANGER)


def test_applications_that_share_a_priority_are_one_family_with_the_first_filings_they_claim() -> None:
    made = families(ALL)
    assert together(made) == {(1, 2, 3, 4), (5,)}
    family = made.of(3)
    assert family is not None
    assert (family.first, family.publications, set(family.offices)) == (1, 4, {"KR", "US", "EP"})


def test_under_the_other_rule_only_the_same_set_of_priorities_is_one_family() -> None:
    assert together(families(ALL, FamilyRule.same)) == {(1, 2), (3,), (4,), (5,)}


@pytest.mark.parametrize("rule", FamilyRule)
def test_a_korean_own_priority_joins_the_first_filing_which_claims_nothing(rule: FamilyRule) -> None:
    later = filing(2, "10-2012-0011111", priority="10-2011-0099999")
    assert together(families([KOREAN, later], rule)) == {(1, 2)}


@pytest.mark.parametrize("rule", FamilyRule)
def test_national_phases_belong_to_their_pct_application(rule: FamilyRule) -> None:
    world = filing(1, "PCT/KR2012/001234", pct="PCT/KR2012/001234")
    korean = filing(2, "10-2013-7001234", pct="PCT/KR2012/001234")
    american = filing(3, "US 14/111,222", pct="PCT/KR2012/001234")
    assert together(families([world, korean, american, STRANGER], rule)) == {(1, 2, 3), (5,)}


@pytest.mark.parametrize("rule", FamilyRule)
def test_a_divisional_belongs_to_its_parent_and_so_does_the_next_one(rule: FamilyRule) -> None:
    divisional = filing(2, "10-2013-0022222", parent="10-2011-0099999")
    next_one = filing(3, "10-2014-0033333", parent="10-2013-0022222")
    assert together(families([KOREAN, divisional, next_one], rule)) == {(1, 2, 3)}


def test_a_us_priority_named_by_year_is_the_provisional_of_that_serial() -> None:
    one = filing(1, "US 11/345,678", priority="US 60/679484")
    other = filing(2, "EP06345678.9", priority="US 67948405 P 20050509")
    wrong_year = filing(3, "EP16345678.9", priority="US 67948416 P 20160509")
    assert together(families([one, other, wrong_year])) == {(1, 2), (3,)}


def test_a_vendors_family_id_joins_only_what_nothing_else_joins() -> None:
    one = filing(1, "10-2011-0099999", vendor="F0001")
    american = filing(2, "US 13/345,678", vendor="F0002", priority="KR20110099999 A")
    alone = filing(3, "JP 特願2013-123456", vendor="F0001")
    other = filing(4, "JP 特願2013-222222", vendor="F0003")
    same = filing(5, "JP 特願2013-333333", vendor="F0003")
    assert together(families([one, american, alone, other, same])) == {(1, 2, 3), (4, 5)}


def test_a_vendors_running_number_joins_nothing() -> None:
    assert together(families([filing(1, "10-2011-0099999", vendor="1"), filing(2, "10-2012-0000001", vendor="1")])) == {
        (1,),
        (2,),
    }


@pytest.mark.parametrize("filler", ["null", "None", "----", "0000", "n/a.", "unknown"])
def test_what_fills_a_column_without_family_ids_joins_nothing(filler: str) -> None:
    made = families([filing(1, "10-2011-0099999", vendor=filler), filing(2, "10-2012-0000001", vendor=filler)])
    assert together(made) == {(1,), (2,)}


@pytest.mark.parametrize("digits", ["", "0", "000000"])
def test_a_priority_of_noughts_joins_nothing(digits: str) -> None:
    claims_nothing = [filing(1, "10-2011-0099999"), filing(2, "10-2012-0000001")]
    for one in claims_nothing:
        one.learn(Number("US", Role.priority, digits))
    assert together(families(claims_nothing)) == {(1,), (2,)}


def test_the_same_digits_of_another_office_or_role_join_nothing() -> None:
    one = filing(1, "10-2011-0099999", priority="US 61/123456")
    other = filing(2, "JP 特願2012-123456", priority="AU 61123456")
    third = filing(3, "10-2010-0000001", publication="KR 10-2011-0099999 A")
    assert together(families([one, other, third])) == {(1,), (2,), (3,)}


def test_an_examined_publication_is_no_family_of_the_unexamined_one_with_its_digits() -> None:
    korean = [
        filing(1, "10-1994-0000001", publication="KR 10-1996-0001234 A"),
        filing(2, "10-1990-0000002", publication="KR 10-1996-0001234 B1"),
    ]
    japanese = [
        filing(3, "JP 特願平6-100001", publication="JP H08-001234 A"),
        filing(4, "JP 特願平1-100002", publication="JP H08-001234 B2"),
    ]
    assert together(families([*korean, *japanese])) == {(1,), (2,), (3,), (4,)}


def test_japanese_patents_and_utility_models_with_the_same_digits_are_strangers() -> None:
    patent = filing(1, "JP 特願平6-001234", publication="JP H08-005678 A")
    model = filing(2, "JP 実願平6-001234", publication="JP H08-005678 U")
    told_by_its_publication = filing(3, "JPH06-001234", publication="JP H08-007777 U")
    assert together(families([patent, model, told_by_its_publication])) == {(1,), (2, 3)}


def test_the_first_filed_stands_for_its_family_whatever_the_order_of_arrival() -> None:
    shuffled = list(ALL)
    for seed in range(5):
        random.Random(seed).shuffle(shuffled)
        made = families(shuffled)
        assert made.of(3) is not None
        assert {family.first for family in made} == {1, 5}


def test_families_are_what_walking_from_number_to_number_reaches() -> None:
    rng = random.Random(11)
    claims = [[f"10-2010-{rng.randrange(1, 60):07}" for _ in range(rng.randint(1, 2))] for _ in range(80)]
    made = [filing(n, f"10-2011-{n + 1:07}", priority=",".join(claimed)) for n, claimed in enumerate(claims)]
    assert together(families(made)) == set(walked(made))


def walked(filings: Iterable[Filing]) -> Iterable[tuple[int, ...]]:
    """The slow obvious way: grow a family until no other application shares a number with it."""
    left = {f.id: f.own | f.priorities for f in filings}
    while left:
        id_, keys = left.popitem()
        members = {id_}
        while more := [other for other, its in left.items() if its & keys]:
            for other in more:
                keys |= left.pop(other)
                members.add(other)
        yield tuple(sorted(members))
