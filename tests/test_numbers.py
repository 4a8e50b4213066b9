"""Every spelling of a patent number that offices and people use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.parse.numbers import candidates, damaged, office_of, read_number, show
from dokhae.types import Number, Role


def _read(written: str) -> str:
    number = read_number(written)
    return f"{number.office} {number.role} {number.digits} {number.kind or '-'}" if number else "none"


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("10-2012-0016332", "KR application 1020120016332 -"),
        ("1020120016332", "KR application 1020120016332 -"),
        ("1014769820000", "KR grant 101476982 -"),
        ("1014769820000.0", "KR grant 101476982 -"),
        ("10-1243612-0000", "KR grant 101243612 -"),
        ("특2003-0031883", "KR publication 1020030031883 -"),
        ("특허공고 96-1234", "KR publication 1019960001234 B"),
        ("특허공고 제96-1234호", "KR publication 1019960001234 B"),
        ("KR1019990057563 A*", "KR publication 1019990057563 A"),
        ("KR200290326 Y1", "KR grant 200290326 Y1"),
        ("KR2020100000299 U", "KR publication 2020100000299 U"),
        ("KR20120016332A", "KR publication 1020120016332 A"),
        ("10-2012-7001234", "KR application 1020127001234 -"),
        ("10-1910347", "KR grant 101910347 -"),
        ("KR 10-1910347 B1", "KR grant 101910347 B1"),
        ("등록특허 제10-1234567호", "KR grant 101234567 -"),
        ("대한민국 공개특허공보 제10-2012-0016332호", "KR publication 1020120016332 -"),
        ("실용신안등록 20-0290326", "KR grant 200290326 -"),
        ("JP08173756 A", "JP publication H08173756 A"),
        ("JP60025636 X2", "JP publication S60025636 X2"),
        ("JP09－152119 A", "JP publication H09152119 A"),
        ("特開2014-81188", "JP publication 2014081188 A"),
        ("JP2014081188A", "JP publication 2014081188 A"),
        ("特表2011-501429", "JP publication 2011501429 A"),
        ("特開平8-173756", "JP publication H08173756 A"),
        ("平26-081188", "JP application 2014081188 -"),
        ("再公表2005/012345", "JP publication WO2005012345 A1"),
        ("特許第5123456号", "JP grant 5123456 -"),
        ("JP5123456B2", "JP grant 5123456 B2"),
        ("US 2018/0158710 A1", "US publication 20180158710 A1"),
        ("US2018158710A1", "US publication 20180158710 A1"),
        ("US 11,759,832 B2", "US grant 11759832 B2"),
        ("미국특허 6,695,946", "US grant 6695946 -"),
        ("U.S. Pat. No. 6,695,946", "US grant 6695946 -"),
        ("USD435854S1", "US grant D435854 S1"),
        ("RE044566", "US grant RE44566 -"),
        ("12/345,678", "US application 12345678 -"),
        ("US 201213657122 A", "US application 13657122 -"),
        ("WO 2025/053589 A1", "WO publication 2025053589 A1"),
        ("WO9510192", "WO publication 1995010192 -"),
        ("WO1995010192", "WO publication 1995010192 -"),
        ("PCT/KR2024/013277", "WO pct KR2024013277 -"),
        ("EP-1116605-B1", "EP grant 1116605 B1"),
        ("EP 0 123 456 A1", "EP publication 0123456 A1"),
        ("EP99123456.7", "EP application 99123456 -"),
        ("CN 201210123456.7", "CN application 201210123456 -"),
        ("CN201210123456.7", "CN application 201210123456 -"),
        ("ZL201210123456.7", "CN application 201210123456 -"),
        ("ZL 2012 1 0123456.7", "CN application 201210123456 -"),
        ("CN 202012345678.X", "CN application 202012345678 -"),
        ("CN102345678A", "CN publication 102345678 A"),
        ("CN 102345678 B", "CN grant 102345678 B"),
        ("중국공개특허 CN 102345678 A", "CN publication 102345678 A"),
        ("美国专利 6695946", "US grant 6695946 -"),
        ("国際公開第2014/081188号", "WO publication 2014081188 -"),
        ("国际公开 WO2014081188", "WO publication 2014081188 -"),
        ("국제공개 WO2014/081188", "WO publication 2014081188 -"),
        ("EP2013/062345", "WO pct EP2013062345 -"),
        ("DE 10 2012 123 456 A1", "DE publication 102012123456 A1"),
        ("DE 102012123456.7", "DE application 102012123456 -"),
        ("DE 199 12 345 C1", "DE grant 19912345 C1"),
        ("DE 602004012345 T2", "DE grant 602004012345 T2"),
        ("TW I456789 B", "TW grant I456789 B"),
        ("TWI456789B", "TW grant I456789 B"),
        ("TW M456789", "TW grant M456789 -"),
        ("대만특허 I456789", "TW grant I456789 -"),
        ("TW 201234567 A", "TW publication 201234567 A"),
        ("JP-A-8-173756", "JP publication H08173756 A"),
        ("JPS6025636A", "JP publication S60025636 A"),
        ("JPH08173756A", "JP publication H08173756 A"),
        ("特公平8-12345", "JP publication H08012345 B2"),
        ("특개평8-173756", "JP publication H08173756 A"),
        ("일본 공개특허공보 특개2014-81188호", "JP publication 2014081188 A"),
        ("일본공개특허 2014-081188", "JP publication 2014081188 -"),
        ("KR-B1-101314187", "KR grant 101314187 B1"),
        ("KR 10-1314187(B1)", "KR grant 101314187 B1"),
        ("제 10 - 1314187 호", "KR grant 101314187 -"),
        ("실1996-0001234", "KR publication 2019960001234 -"),
        ("KR 96-1234 B1", "KR publication 1019960001234 B1"),
    ],
)
def test_a_spelling_means_one_number(written: str, meaning: str) -> None:
    assert _read(written) == meaning


@pytest.mark.parametrize("written", ["", "hello", "2019", "H02J 3/38", "4.914e+12", "1.01477E+12", "청구항 5", "平26"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert read_number(written) is None


def test_a_korean_application_and_publication_look_alike() -> None:
    found = candidates("KR-10-2013-0094992.pdf")
    assert [(n.role, n.digits) for n in found] == [
        (Role.application, "1020130094992"),
        (Role.publication, "1020130094992"),
    ]


def test_a_bare_number_may_be_of_several_offices_and_is_not_guessed() -> None:
    assert [n.office for n in candidates("1910347")] == ["KR", "US", "EP", "EP", "JP"]
    assert read_number("1910347") is None
    known = read_number("1910347", office="KR")
    assert known is not None
    assert known.compact == "KR101910347"


def test_nine_bare_digits_may_be_korean_or_chinese() -> None:
    assert [(n.office, n.role) for n in candidates("101234567")] == [
        ("KR", Role.grant),
        ("CN", Role.publication),
        ("CN", Role.grant),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("特開2014-81188", "JP2014081188A"),
        ("US 2018/0158710 A1", "US2018158710A1"),
        ("WO9510192", "WO1995010192"),
        ("1014769820000", "10-1476982"),
        ("ZL201210123456.7", "CN201210123456.7"),
        ("특개평8-173756", "JPH08173756A"),
    ],
)
def test_two_spellings_are_the_same_number(one: str, other: str) -> None:
    first, second = read_number(one), read_number(other)
    assert first is not None
    assert second is not None
    assert first.compact == second.compact


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("US 79534497 A 19970204", "1997795344"),
        ("US 12811408 P 20080519", "2008128114"),
        ("US 7059008 P 20080324", "2008070590"),
        ("US 201462030121 P 20140729", "62030121"),
        ("US19940289474", "1994289474"),
        ("US20020406478P", "2002406478"),
        ("US2011482419P", "2011482419"),
        ("US 12/345,678", "12345678"),
        ("JP 25474194 A 19940922", "H06254741"),
        ("JP 2003163133 A 20030609", "2003163133"),
        ("KR 20130125354 A 20131021", "1020130125354"),
    ],
)
def test_a_priority_as_docdb_and_vendors_write_it(written: str, digits: str) -> None:
    number = read_number(written, role=Role.priority)
    assert number is not None
    assert (number.role, number.digits) == (Role.priority, digits)


def test_a_pct_number_has_six_digits_after_its_year() -> None:
    assert _read("US 2010/0026950 W") == "WO pct US2010026950 -"


def test_thirteen_digits_that_end_in_zeros_may_be_either() -> None:
    assert [n.digits for n in candidates("1020120010000")] == ["1020120010000", "1020120010000", "102012001"]
    filed = read_number("1020120010000", role=Role.application)
    granted = read_number("1020120010000", role=Role.grant)
    assert filed is not None
    assert granted is not None
    assert (filed.digits, granted.digits) == ("1020120010000", "102012001")


def test_a_role_that_does_not_fit_gives_nothing() -> None:
    assert read_number("1014769820000", role=Role.application) is None


def test_a_granted_patent_named_as_publication_is_a_grant() -> None:
    number = read_number("EP1116605", role=Role.publication, kind="B1")
    assert number is not None
    assert (number.role, number.kind) == (Role.grant, "B1")


def test_a_rounded_number_is_damaged() -> None:
    assert damaged("4.914e+12")
    assert damaged("1.01477E+12")
    assert not damaged("10-1910347")
    assert not damaged("1014769820000.0")


def test_an_office_is_known_by_code_or_korean_name() -> None:
    assert [office_of(w) for w in ("KR", "대한민국", "미국(US)", "", "Korea")] == ["KR", "KR", "US", None, None]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Number("KR", Role.application, "1020120016332"), "KR10-2012-0016332"),
        (Number("KR", Role.grant, "101910347", "B1"), "KR10-1910347"),
        (Number("US", Role.grant, "11759832", "B2"), "US11759832B2"),
        (Number("US", Role.publication, "20180158710", "A1"), "US2018/0158710A1"),
        (Number("US", Role.application, "08123456"), "US08/123456"),
        (Number("WO", Role.publication, "2025053589", "A1"), "WO2025/053589A1"),
        (Number("WO", Role.pct, "KR2024013277"), "PCT/KR2024/013277"),
        (Number("JP", Role.publication, "H08173756", "A"), "JPH08-173756A"),
        (Number("EP", Role.grant, "1116605", "B1"), "EP1116605B1"),
    ],
)
def test_a_number_is_shown_in_a_form_that_reads_back(number: Number, shown: str) -> None:
    assert show(number) == shown
    back = read_number(shown, role=number.role)
    assert back is not None
    assert (back.office, back.role, back.digits) == (number.office, number.role, number.digits)


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_exception(written: str) -> None:
    for number in candidates(written):
        assert number.digits
        assert show(number)


@given(st.integers(1990, 2024), st.integers(1, 299_999), st.sampled_from(["10", "20"]))
def test_every_korean_application_reads_the_same_with_and_without_dashes(year: int, serial: int, type_: str) -> None:
    dashed = read_number(f"{type_}-{year}-{serial:07}", role=Role.application)
    joined = read_number(f"{type_}{year}{serial:07}", role=Role.application)
    assert dashed is not None
    assert joined is not None
    assert dashed.digits == joined.digits == f"{type_}{year}{serial:07}"


@pytest.mark.parametrize("office", ["US", "EP", "KR", "JP", "CN", "FR"])
def test_noughts_are_no_number(office: str) -> None:
    assert candidates("00000000", office=office) == ()
    assert read_number("0", office=office, role=Role.grant) is None


@pytest.mark.parametrize(
    "written",
    ["10-0000000", "10-2012-0000000", "US 61/000,000", "WO 2012/000000", "PCT/KR2012/000000", "JP 2012-000000"],
)
def test_a_serial_of_noughts_is_no_number(written: str) -> None:
    assert read_number(written) is None


def test_the_ten_millionth_american_patent_is_one() -> None:
    found = read_number("US 10,000,000 B2")
    assert found is not None
    assert found.compact == "US10000000B2"


def test_a_japanese_utility_model_application_is_no_patent_application() -> None:
    found = [read_number(written, role=Role.priority) for written in ("実願平6-001234", "JP 123494 U")]
    assert [number and number.compact for number in found] == ["JPH06001234U", "JPH06001234U"]


def test_an_italian_number_keeps_its_province_and_loses_its_office() -> None:
    found = [
        read_number(written, office="IT", role=Role.publication) for written in ("ITLI20050005A1", "IT LI20050005 A1")
    ]
    assert [number and number.compact for number in found] == ["ITLI20050005A1"] * 2
