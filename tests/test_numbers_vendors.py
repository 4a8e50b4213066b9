"""Numbers as databases reshape them are read where one rule turns them back; the others stay unread."""

from __future__ import annotations

import pytest

from dokhae.parse.numbers_vendors import read_vendors_number
from dokhae.types import Role


@pytest.mark.parametrize(
    ("written", "role", "read"),
    [
        ("WO1998US23231A", Role.application, ("WO", Role.pct, "US1998023231")),
        ("IB 2014002701 W", Role.priority, ("WO", Role.priority, "IB2014002701")),
        ("EP200690125A", Role.priority, ("EP", Role.priority, "06090125")),
        ("KR2014042398A", Role.publication, ("KR", Role.publication, "1020140042398")),
        ("KR198000379Y1", Role.publication, ("KR", Role.publication, "2019800000379")),
        ("JP11243846", Role.publication, ("JP", Role.publication, "H11243846")),
        ("JP19900409673", Role.priority, ("JP", Role.priority, "H02409673")),
        ("CN 89103458 A", Role.application, ("CN", Role.application, "89103458")),
        ("CN20081072486", Role.priority, ("CN", Role.priority, "200810072486")),
        ("BRPI0706254A2", Role.publication, ("BR", Role.publication, "PI0706254")),
        ("DE A0045360 A 19640229", Role.priority, ("DE", Role.priority, "A0045360")),
        ("IT MI910618 A 19910308", Role.priority, ("IT", Role.priority, "MI910618")),
    ],
)
def test_a_vendors_spelling_is_the_offices_number(written: str, role: Role, read: tuple[str, Role, str]) -> None:
    found = read_vendors_number(written, office=None, role=role, kind=None)
    assert found is not None
    assert (found.office, found.role, found.digits, found.written) == (*read, written)


@pytest.mark.parametrize("written", ["US1996653037A", "IT BO20130063 A", "RD543019A", "KR2094042398A", ""])
def test_what_one_rule_does_not_tell_stays_unread(written: str) -> None:
    assert read_vendors_number(written, office=None, role=Role.priority, kind=None) is None
