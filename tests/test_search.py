"""The index: what is found, that it agrees with the exact evaluator, and that it survives being closed and damaged."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.search import Entry, analyse
from dokhae.search.evaluate import Page, holds
from dokhae.search.index import Index, IndexUnusable
from dokhae.search.query import And, Dates, Node, Not, Or, Value, Words, canonical
from dokhae.search.snippet import explain

KOREAN = Entry(
    id=1,
    seq=5,
    title="카메라 모듈",
    abstract="렌즈 구동 장치를 갖는 카메라 모듈",
    claims="1. 레이저빔을 이용한 폐가스처리 장치",
    description="폐가스 처리 온도는 1,100℃ 이다. 평가 스크린",
    numbers=("KR101910347B1", "KR1020120016332"),
    applicants=("삼성전기 주식회사", "서울대학교 산학협력단"),
    inventors=("홍길동",),
    ipc=("G02B 7/08", "H04N 5/225"),
    application_date=date(2015, 3, 1),
    office="KR",
    kind="B1",
    lang="ko",
)
ENGLISH = Entry(
    id=2,
    seq=6,
    title="Camera driving device",
    abstract="A lens is driven by magnets.",
    claims="1. A lens driver",
    description="Imaging batteries, 10mm thick, of SiO₂",
    numbers=("US2018158710A1",),
    applicants=("LG Innotek Co., Ltd.",),
    ipc=("G02B 70/02",),
    cpc=("H05K 1/02",),
    application_date=date(2018, 3, 1),
    publication_date=date(2018, 12, 31),
    office="US",
    kind="A1",
    lang="en",
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "lexical") as opened:
        opened.add([KOREAN, ENGLISH])
        yield opened


def found(index: Index, query: str) -> set[int]:
    return {hit.id for hit in index.search(query).hits}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("렌즈", {1}),
        ("메라", {1}),
        ("폐가스처리", {1}),
        ("빔", {1}),
        ("스크", {1}),
        ("가스", {1}),
        ("가스처리", {1}),
        ("온도", {1}),
        ('"온도는 1,100℃"', {1}),
        ("1100℃", {1}),
        ("1,100 ℃", {1}),
        ("1100°C", {1}),
        ('"pH: 7"', set()),
        ("drive", {2}),
        ("driv?", {2}),
        ("batteries*", {2}),
        ("10 mm", {2}),
        ("sio2", {2}),
        ('"driving device"', {2}),
        ('"device driving"', set()),
        ("카메라 OR camera", {1, 2}),
        ("NOT 렌즈", {2}),
        ("NOT NOT 렌즈", {1}),
        ("NOT zebra", {1, 2}),
        ("TL:렌즈", set()),
        ("AB:렌즈", {1}),
        ("AP:삼성전기", {1}),
        ('AP="삼성전기주식회사"', {1}),
        ('AP="주식회사 서울대"', set()),
        ("AP=(lg innotek)", {2}),
        ("IN:홍길동", {1}),
        ("IPC=G02B7", {1}),
        ("IPC=G02B", {1, 2}),
        ("IPC:H04N5/225", {1}),
        ("IPC:H05K", set()),
        ("CPC:H05K1", {2}),
        ("NO:10-1910347", {1}),
        ("NO:10-2012-0016332", {1}),
        ("NO:US2018/0158710", {2}),
        ("NO:1020*", {1}),
        ("AD=2015", {1}),
        ("AD>=2015-03-01", {1, 2}),
        ("AD>20150301", {2}),
        ("PD=[20181231~20181231]", {2}),
        ("GD>=1900", set()),
        ("office:kr", {1}),
        ("kind:A1 + lang:ko", {1, 2}),
    ],
)
def test_a_query_finds_exactly(index: Index, query: str, ids: set[int]) -> None:
    assert found(index, query) == ids
    assert index.search(query).total == len(ids)


def test_a_phrase_ignores_white_space_in_hangul_but_a_word_does_not(tmp_path: Path) -> None:
    texts = [
        "폐가스 처리",
        "폐가스처리",
        "폐가\n스 처리를",
        "폐가스, 처리",
        "처리 폐가스",
        "폐가스의 처리",
        "평가 스크린",
    ]
    with Index.open(tmp_path) as index:
        index.add(Entry(id=n, seq=n, abstract=text) for n, text in enumerate(texts))
        assert found(index, '"폐가스 처리"') == {0, 1, 2}
        assert found(index, "폐가스처리") == {1}
        assert found(index, "가스") == {0, 1, 3, 4, 5}
        assert found(index, '"가스"') == {0, 1, 2, 3, 4, 5, 6}


def test_a_snippet_is_the_text_at_its_span_and_marks_the_words(index: Index) -> None:
    hit = index.search('"폐가스 처리" 온도').hits[0]
    assert hit.snippet is not None
    text = getattr(KOREAN, hit.snippet.field)
    assert hit.snippet.field == "description"
    assert hit.snippet.text == text[hit.snippet.span.start : hit.snippet.span.end]
    assert [text[mark.start : mark.end] for mark in hit.snippet.marks] == ["폐가스 처리", "온도"]
    assert [(why.part, why.field, why.count) for why in hit.why] == [
        ('"폐가스 처리"', "claims", 1),
        ('"폐가스 처리"', "description", 1),
        ("온도", "description", 1),
    ]


def test_a_snippet_shows_the_window_with_most_of_the_words(tmp_path: Path) -> None:
    text = "magnet " + "filler words " * 60 + "the lens and the magnet drive " + "more words " * 60
    with Index.open(tmp_path) as index:
        index.add([Entry(id=1, seq=1, description=text)])
        snippet = index.search("magnet lens drive").hits[0].snippet
    assert snippet is not None
    assert "the lens and the magnet drive" in snippet.text
    assert [text[m.start : m.end] for m in snippet.marks] == ["lens", "magnet", "drive"]


def test_a_title_counts_more_than_a_description(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index:
        index.add(
            [
                Entry(id=1, seq=1, title="a pump", description="a lens"),
                Entry(id=2, seq=2, title="a lens", description="a pump"),
            ]
        )
        assert [hit.id for hit in index.search("lens").hits] == [2, 1]


def test_filters_do_not_change_the_score(index: Index) -> None:
    assert index.search("렌즈").hits[0].score == index.search("렌즈 office:KR AD>=2000").hits[0].score


def test_an_index_knows_its_last_sequence_after_reopening(tmp_path: Path) -> None:
    with Index.open(tmp_path) as index:
        assert index.last_seq == 0
        index.add([KOREAN, ENGLISH])
        assert index.last_seq == 6
        index.remove([1], seq=9)
    with Index.open(tmp_path) as reopened:
        assert (reopened.last_seq, len(reopened)) == (9, 1)
        assert found(reopened, "NOT zebra") == {2}


def test_adding_an_entry_again_replaces_it(index: Index) -> None:
    index.add([Entry(id=1, seq=8, title="펌프"), Entry(id=1, seq=9, title="밸브")])
    assert (len(index), index.last_seq) == (2, 9)
    assert (found(index, "렌즈"), found(index, "펌프"), found(index, "밸브")) == (set(), set(), {1})


def test_an_open_index_sees_what_another_one_wrote(index: Index) -> None:
    with Index.open(index.folder) as other:
        other.remove([2], seq=7)
    assert (index.last_seq, found(index, "lens")) == (7, set())


def test_entries_that_fail_half_way_leave_the_index_as_it_was(index: Index) -> None:
    def entries() -> Iterator[Entry]:
        yield Entry(id=3, seq=10, title="pump")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.add(entries())
    assert (len(index), index.last_seq) == (2, 6)
    assert index.add([Entry(id=3, seq=10, title="pump")]) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"no index"])
def test_a_damaged_index_says_it_can_be_rebuilt(tmp_path: Path, content: bytes) -> None:
    with Index.open(tmp_path) as index:
        index.add([KOREAN])
    (tmp_path / "meta.json").write_bytes(content)
    with pytest.raises(IndexUnusable) as caught:
        Index.open(tmp_path)
    assert caught.value.code == "index-unusable"


def test_limits_and_offsets_beyond_the_end_are_no_error(index: Index) -> None:
    assert len(index.search("NOT zebra", limit=10**9).hits) == 2
    assert index.search("NOT zebra", offset=10**9).hits == ()
    nothing = index.search("NOT zebra", limit=0)
    assert (nothing.hits, nothing.total) == ((), 2)


def test_the_best_patents_for_a_question_need_not_hold_all_its_words(index: Index) -> None:
    assert index.best("폐가스를 처리하는 온도는 얼마인가?").hits[0].id == 1
    assert index.best("What drives the lens of a smartphone?").hits[0].id == 2
    assert index.best("???").total == 0


def test_results_say_how_the_query_was_read(index: Index) -> None:
    results = index.search("TL=(카메라*모듈) lens*")
    assert results.read_as == "TL:카메라 AND TL:모듈 AND lens?"
    assert [warning.code for warning in results.warnings] == ["query-star"]


NAUGHTY = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("가나ᄒ\u1161\u11abｶﾞ℃㎜①ﬁßİ½\u0301A1,.0 _%°각ㄱㅏ")
    ),
    max_size=40,
)


@given(NAUGHTY)
def test_terms_carry_their_places_in_the_text_as_given(text: str) -> None:
    tokens = analyse.Tokens(text)
    assert tokens.terms == analyse.terms(text).split()
    assert analyse.Folded.of(text).text == analyse.fold(text)
    for n, term in enumerate(tokens.terms):
        span = tokens.span(n, n)
        assert len(span) > 0
        written = analyse.fold(text[span.start : span.end]).replace(",", "")
        assert term[0] in written if analyse.is_cjk(term) else term in written


@given(st.lists(st.one_of(NAUGHTY, st.sampled_from(["lens", "폐가 스", "렌즈", "LENSES"])), max_size=30).map(" ".join))
def test_snippets_of_naughty_text_are_the_text_at_their_spans(text: str) -> None:
    page = Page(Entry(id=1, seq=1, description=text), str)
    snippet, why = explain((Words("lens"), Words("폐가스", how="phrase")), page)
    assert (snippet is None) == (text == "")
    if snippet is None:
        return
    assert snippet.text == text[snippet.span.start : snippet.span.end]
    assert all(snippet.span.covers(mark) for mark in snippet.marks)
    assert bool(snippet.marks) == bool(why)
    for mark in snippet.marks:
        assert "".join(analyse.fold(text[mark.start : mark.end]).split()) in ("lens", "폐가스")


def test_decomposed_hangul_and_full_width_letters_are_found_where_they_stand() -> None:
    text = unicodedata.normalize("NFD", "폐가스") + " ＳiO₂ 100㎜"
    tokens = analyse.Tokens(text)
    assert tokens.terms == ["폐가", "가스", "스", "sio2", "100", "mm"]
    written = [text[span.start : span.end] for span in (tokens.span(n, n) for n in range(6))]
    assert [unicodedata.normalize("NFC", word) for word in written] == ["폐", "가", "스", "ＳiO₂", "100", "㎜"]


# Short texts over few words, so that random queries hit: the index must agree with the evaluator on every one.
_WORDS = [
    "가스",
    "가",
    "스",
    "처리",
    "가스처리",
    "렌즈",
    "lens",
    "lenses",
    "drive",
    "driving",
    "10mm",
    "1,100",
    "SiO2",
    "빔",
    ",",
    ".",
]


def _random_entry(rng: random.Random, id_: int) -> Entry:
    def text() -> str:
        return "".join(rng.choice(_WORDS) + rng.choice(["", " ", " "]) for _ in range(rng.randrange(7)))

    return Entry(
        id=id_,
        seq=id_,
        title=text(),
        abstract=text(),
        description=text(),
        applicants=(text(), text()),
        ipc=tuple(rng.sample(["G02B 7/08", "G02B 70/02", "H04N 5/225"], rng.randrange(3))),
        numbers=(rng.choice(["KR101910347B1", "US2018158710A1"]),),
        application_date=rng.choice([None, date(2015, 1, 1), date(2016, 7, 1)]),
        office=rng.choice(["KR", "US"]),
    )


_FILTERS: list[Node] = [
    Value("IPC", "G02B7"),
    Value("office", "kr"),
    Value("NO", "1019?"),
    Dates("AD", date(2015, 2, 1), None),
]


def _random_query(rng: random.Random, depth: int = 0) -> Node:
    kind = rng.randrange(6 if depth < 3 else 3)
    if kind == 3:
        return Not(_random_query(rng, depth + 1))
    if kind > 3:
        return (And if kind == 4 else Or)(tuple(_random_query(rng, depth + 1) for _ in range(rng.randrange(2, 4))))
    if kind == 2:
        return rng.choice(_FILTERS)
    words = [word for word in (rng.choice(_WORDS) for _ in range(rng.randrange(1, 4))) if word not in ",."] or ["렌즈"]
    field = rng.choice([None, None, "TL", "AB", "AP"])
    how = rng.choice(["word", "phrase", "prefix"])
    return Words(rng.choice(["", " "]).join(words) if how == "phrase" else "".join(words), field, how)


def test_the_index_agrees_with_the_evaluator_on_random_patents(tmp_path: Path) -> None:
    rng = random.Random(7)
    entries = [_random_entry(rng, n) for n in range(60)]
    with Index.open(tmp_path) as index:
        index.add(entries)
        pages = [Page(entry, index.stem) for entry in entries]
        for _ in range(400):
            tree = _random_query(rng)
            wanted = {page.entry.id for page in pages if holds(tree, page)}
            got = {hit.id for hit in index.search(canonical(tree), limit=100, snippets=False).hits}
            assert got == wanted, canonical(tree)
