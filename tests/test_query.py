"""The query language: what is understood, what is refused, and in which words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.errors import InputError
from dokhae.search import dates
from dokhae.search.fields import FIELDS, class_code, number_spellings
from dokhae.search.query import MAX_CHARS, MAX_DEPTH, And, Dates, Node, Not, Or, Value, Words, canonical, parse

UNDERSTOOD = [
    ("렌즈 구동", "렌즈 AND 구동"),
    ("렌즈*구동", "렌즈 AND 구동"),
    ("렌즈 and 구동 or 센서", "(렌즈 AND 구동) OR 센서"),
    ("렌즈+구동 센서", "렌즈 OR (구동 AND 센서)"),
    ("렌즈!노이즈", "렌즈 AND NOT 노이즈"),
    ("NOT (a OR b)", "NOT (a OR b)"),
    ("TL=(렌즈*구동)", "TL:렌즈 AND TL:구동"),
    ("TL:렌즈 구동", "TL:렌즈 AND 구동"),
    ("ti = [렌즈 + AB:구동]", "TL:렌즈 OR AB:구동"),
    ("출원인=삼성전기", "AP:삼성전기"),
    ("“wafer  bonding”", '"wafer bonding"'),
    ("（렌즈＊구동）", "렌즈 AND 구동"),
    ("lens?", "lens?"),
    ("lens* drive", "lens? AND drive"),
    ("lens * drive", "lens AND drive"),
    ("lens*drive", "lens AND drive"),
    ("IPC=[H04N+G02B 7/08]", "IPC:H04N OR IPC:G02B7/08"),
    ("CPC:H05K1/*", "CPC:H05K1"),
    ("NO:10-1910347", "NO:101910347"),
    ("AD=[20150101~20201231]", "AD=[20150101~20201231]"),
    ("AD>=2015*OPD<2020-03", "AD=[20150101~] AND PD=[~20200229]"),
    ("office=(KR+US) kind:B1 lang:ko", "(office:kr OR office:us) AND kind:b1 AND lang:ko"),
    ("((a b) c) d", "a AND b AND c AND d"),
]


@pytest.mark.parametrize(("written", "understood"), UNDERSTOOD)
def test_a_query_is_read_as(written: str, understood: str) -> None:
    assert canonical(parse(written).tree) == understood


REFUSED = [
    ("렌즈 AND", "query-syntax", 7),
    ("OR 렌즈", "query-syntax", 1),
    ("a AND OR b", "query-syntax", 7),
    ("a NOT", "query-syntax", 6),
    ("TL=()", "query-syntax", 5),
    ("TL= AND b", "query-syntax", 5),
    ("(렌즈", "query-bracket", 1),
    ("렌즈)", "query-bracket", 3),
    ("(렌즈]", "query-bracket", 4),
    ('a "b', "query-quote", 3),
    ("XX=3", "query-field", 1),
    ("TL>3", "query-relation", 3),
    ("AD=20150231", "query-date", 4),
    ("AD=[2020~2015]", "query-date", 4),
    ("AD=[~]", "query-date", 4),
    ("AD>=[2015~2016]", "query-date", 5),
    ("IPC=camera", "query-class", 5),
    ("NO:camera", "query-value", 4),
    ("wh?t", "query-wildcard", 3),
    ("렌즈 : 구동", "query-field", 1),
    ("1 <2", "query-syntax", 3),
    ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "query-deep", MAX_DEPTH + 1),
    ("NOT " * (MAX_DEPTH + 1) + "a", "query-deep", None),
    ("TL=(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, "query-deep", None),
    ("a" * (MAX_CHARS + 1), "query-long", None),
    (" ", "query-empty", None),
]


@pytest.mark.parametrize(("written", "code", "column"), REFUSED)
def test_a_query_that_cannot_be_read_says_where(written: str, code: str, column: int | None) -> None:
    with pytest.raises(InputError) as caught:
        parse(written)
    assert caught.value.code == code
    if column is not None:
        assert caught.value.values["column"] == str(column)


def test_the_whole_message_of_a_missing_bracket_in_both_languages() -> None:
    with pytest.raises(InputError) as caught:
        parse("카메라 (렌즈 + 구동")
    assert str(caught.value) == (
        "Query, column 5: the bracket at '(' has no partner. Close every ( with ) and every [ with ].\n"
        "  카메라 (렌즈 + 구동\n"
        "  \u3000\u3000\u3000 ^"
    )
    assert caught.value.in_language("ko").startswith("검색식 5번째 글자: '(' 괄호의 짝이 맞지 않습니다.")


def test_a_nesting_at_the_limit_is_read() -> None:
    half = MAX_DEPTH // 2
    deep = "NOT (b OR " * half + "a" + ")" * half
    assert canonical(parse(deep).tree).count("NOT") == half


def test_a_star_at_the_end_of_a_word_is_truncation_and_says_so() -> None:
    parsed = parse("lens* drive")
    assert [(w.code, dict(w.values)) for w in parsed.warnings] == [("query-star", {"word": "lens"})]
    assert not parse("lens *drive").warnings


def test_a_word_without_letters_or_digits_is_left_out_and_says_so() -> None:
    parsed = parse("렌즈 AND --- 구동", lambda text: any(char.isalnum() for char in text))
    assert canonical(parsed.tree) == "렌즈 AND 구동"
    assert [warning.code for warning in parsed.warnings] == ["query-no-word"]


@pytest.mark.parametrize(
    ("relation", "written", "found"),
    [
        ("=", "2015", (date(2015, 1, 1), date(2015, 12, 31))),
        ("=", "2016-02", (date(2016, 2, 1), date(2016, 2, 29))),
        ("=", "[2015.3.1~]", (date(2015, 3, 1), None)),
        ("<=", "201512", (None, date(2015, 12, 31))),
        ("<", "20150301", (None, date(2015, 2, 28))),
        (">", "9999", None),
        ("=", "15", None),
        ("=", "2015~2016~2017", None),
    ],
)
def test_dates_are_read_to_the_day(relation: str, written: str, found: dates.Range | None) -> None:
    assert dates.read(relation, written) == found


def test_a_class_has_one_spelling() -> None:
    assert {class_code(w) for w in ("G02B 7/08", "g02b7/08", "G02B 0007/08", "Ｇ０２Ｂ７/０８")} == {"G02B7/08"}
    assert class_code("G02B70/08") != class_code("G02B7/08")
    assert class_code("렌즈") == ""


def test_a_number_is_found_without_office_and_kind() -> None:
    assert "101910347" in number_spellings("KR101910347B1")
    assert "20180158710a1" in number_spellings("US2018158710A1")


_TEXT_FIELDS = st.sampled_from([None, "TL", "AB", "CL", "DS", "AP", "IN"])
_WORD = st.from_regex(r"[a-z가-힣0-9%.,/-]{0,5}[a-z가-힣]", fullmatch=True).filter(
    lambda word: word not in ("and", "or", "not")
)
_DAYS = st.one_of(st.none(), st.dates())
_LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, _WORD, _TEXT_FIELDS, st.sampled_from(["word", "prefix"])),
    st.builds(Words, st.lists(_WORD, min_size=1, max_size=3).map(" ".join), _TEXT_FIELDS, st.just("phrase")),
    st.builds(Value, st.sampled_from(["office", "kind", "lang"]), st.sampled_from(["kr", "b1", "or", "ko"])),
    st.builds(Value, st.sampled_from(["IPC", "CPC"]), st.sampled_from(["G", "G02", "G02B", "G02B7", "H04N5/225"])),
    st.builds(Value, st.just("NO"), st.sampled_from(["101910347", "us2018?"])),
    st.builds(Dates, st.sampled_from(["AD", "PD", "GD"]), _DAYS, _DAYS).filter(
        lambda d: (d.low or d.high) is not None and (d.low is None or d.high is None or d.low <= d.high)
    ),
)


def _joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def unlike(kind: type) -> st.SearchStrategy[tuple[Node, ...]]:
        return st.lists(inner.filter(lambda n: not isinstance(n, kind)), min_size=2, max_size=3).map(tuple)

    return st.one_of(unlike(And).map(And), unlike(Or).map(Or), inner.map(Not))


@given(st.recursive(_LEAVES, _joined, max_leaves=12))
def test_the_canonical_form_parses_to_the_same_tree(tree: Node) -> None:
    assert parse(canonical(tree)).tree == tree


@given(st.text(alphabet='ab렌즈 ()[]"“*+!|&?:=<>~-ADNOTR1５＊', max_size=30))
def test_any_string_is_either_read_or_refused(written: str) -> None:
    try:
        tree = parse(written).tree
    except InputError:
        return
    assert parse(canonical(tree)).tree == tree


def test_every_alias_leads_to_a_field_that_is_its_own_name() -> None:
    assert all(FIELDS[name.casefold()] == name for name in set(FIELDS.values()))
