"""Classing: a user's table of classes -> the classes of every patent, each with the exact words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from xlsxwriter.utility import xl_cell_to_rowcol

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.models import catalog
from dokhae.parse.dokhae_jsonl import to_line
from dokhae.screening import codes_of, meaning, paths_of, tree
from dokhae.screening.fitting import Profile, classes_of, queries_of
from dokhae.screening.tree import Class, Tree
from dokhae.search import Entry
from dokhae.search.evaluate import Page, holds
from dokhae.search.index import stemmer
from dokhae.search.query import parse
from dokhae.study import Study
from dokhae.types import Answer, SectionKind, Text
from tests.build import document, text

LENS = document(
    "KR10-1234567 B1",
    title="렌즈 구동 장치",
    abstract="장치가 개시된다. 네오디뮴 자석과 코일이 렌즈를 구동한다.",
    claims=["자석을 포함하는 장치."],
    ipc=["G02B 7/08"],
)
SOUP = document("KR10-7654321 B1", title="국물 요리", abstract="국물을 끓이는 방법이다.", ipc=["A23L 23/00"])
BATTERY = document("US7654321 B2", title="Battery pack", abstract="A battery pack with cooling plates is disclosed.")
HEAD = ("대분류", "중분류", "소분류", "분류코드", "정의", "키워드", "검색식")


def workbook(
    path: Path,
    rows: Sequence[Sequence[str | None]],
    *,
    merged: Sequence[str] = (),
    above: int = 0,
    cover: bool = False,
) -> Path:
    """An XLSX of ``rows``.  merged: ranges made one cell, of what stands in their first; above: lines before them."""
    with xlsxwriter.Workbook(path) as book:
        if cover:
            book.add_worksheet("표지").write_row(0, 0, ["기술분류 체계", "2026년"])
        sheet = book.add_worksheet("분류표")
        for at in range(above):
            sheet.write(at, 0, "기술분류 체계")
        for at, row in enumerate(rows, above):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(at, column, cell)
        for place in merged:
            first, column = xl_cell_to_rowcol(place.split(":")[0])
            sheet.merge_range(place, rows[first - above][column])
    return path


def written(path: Path, content: str, encoding: str = "utf8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


ROWS = [
    HEAD,
    ("카메라", "구동", "자석", "A1", None, "자석, 네오디뮴", None),
    (None, None, "코일", "A2", None, "코일", None),
    (None, None, None, None, None, "권선", None),
    (None, "센서", None, "A3", "빛을 받는 소자", None, None),
    ("전지", None, None, "B", None, "battery; 이차전지", None),
    ("식품", None, "국물", "C", None, None, "IPC=A23L"),
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return workbook(tmp_path / "분류표.xlsx", ROWS, merged=("A2:A5", "B2:B4"))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "all.jsonl").write_bytes(b"".join(map(to_line, [LENS, SOUP, BATTERY])))
    with Study.create(tmp_path / "a.study", workers=0) as made:
        made.add([tmp_path / "all.jsonl"])
    return tmp_path / "a.study"


# ---- the table


def test_merged_cells_are_carried_down_and_a_row_without_a_class_goes_on(table: Path) -> None:
    assert tree.load(table).classes == (
        Class("카메라 > 구동 > 자석", "A1", "", ("자석", "네오디뮴")),
        Class("카메라 > 구동 > 코일", "A2", "", ("코일", "권선")),
        Class("카메라 > 센서", "A3", "빛을 받는 소자"),
        Class("전지", "B", "", ("battery", "이차전지")),
        Class("식품 > - > 국물", "C", "", (), "IPC:A23L"),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_the_same_table_in_any_encoding(encoding: str, delimiter: str, table: Path, tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([[cell or "" for cell in row] for row in ROWS])
    assert tree.load(written(tmp_path / "t.csv", out.getvalue(), encoding)) == tree.load(table)


def test_columns_stand_in_any_order_under_english_names_too(tmp_path: Path) -> None:
    content = "Keywords,Level 2,LEVEL1,Definition\nmagnet,drive,camera,\n,lens,,what gathers light\n"
    assert tree.load(written(tmp_path / "t.csv", content)).classes == (
        Class("camera > drive", "", "", ("magnet",)),
        Class("camera > lens", "", "what gathers light"),
    )


def test_a_tree_in_toml_is_the_same(tmp_path: Path) -> None:
    content = """
        [[class]]
        level1 = "camera"
        level2 = "drive"
        code = "A1"
        keywords = ["magnet", "voice coil"]
        query = "TL=(lens*drive)"
    """
    expected = Class("camera > drive", "A1", "", ("magnet", "voice coil"), "TL:lens AND TL:drive")
    assert tree.load(written(tmp_path / "t.toml", content)).classes == (expected,)


@pytest.mark.parametrize(
    ("rows", "code", "says"),
    [
        ([("이름", "뜻"), ("a", "b")], "tree-header", "sheet 분류표: no row names the levels"),
        ([HEAD], "tree-empty", "holds no class"),
        (
            [
                HEAD,
                ("a", "b", None, None, None, "x"),
                (None, "c", None, None, None, "y"),
                ("a", "b", None, None, None, "z"),
            ],
            "tree-twice",
            "sheet 분류표, row 6: the class a > b stands in row 4 already",
        ),
        ([HEAD, ("a", "b", "c")], "tree-bare", "row 4: nothing tells what belongs to a > b > c"),
        ([HEAD, ("a", None, None, None, None, None, "TL=(x")], "tree-query", "row 4: the query of a cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_file_sheet_and_row(
    rows: Sequence[Sequence[str | None]], code: str, says: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "t.xlsx", rows, above=2)
    with pytest.raises(InputError) as raised:
        tree.load(path)
    assert raised.value.code == code
    assert says in str(raised.value)
    assert str(path) in raised.value.in_language("ko")


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("t.toml", "[[class]\n", "tree-unreadable", "t.toml"),
        ("t.toml", "", "tree-empty", "t.toml"),
        ("t.toml", 'class = "a"', "tree-empty", "t.toml"),
        ("t.toml", '\n[[class]]\nlevel1 = "a"\nkeyword = "b"', "tree-key", "line 4: a class has no key keyword;"),
        ("t.toml", '[[class]]\nlevel1 = 3\nkeywords = "b"', "tree-value", "line 2: level1 cannot be 3"),
        ("t.toml", '[[class]]\nkeywords = "b"', "tree-value", "line 1: level1"),
        ("t.xlsx", "PK\x03\x04 broken", "tree-unreadable", "t.xlsx"),
        ("none.xlsx", None, "tree-unreadable", "none.xlsx"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_so(
    name: str, content: str | None, code: str, says: str, tmp_path: Path
) -> None:
    if content is not None:
        written(tmp_path / name, content)
    with pytest.raises(InputError) as raised:
        tree.load(tmp_path / name)
    assert raised.value.code == code
    assert says in str(raised.value)


def test_a_cover_sheet_is_passed_over(tmp_path: Path, table: Path) -> None:
    assert tree.load(workbook(tmp_path / "with cover.xlsx", ROWS, cover=True)) == tree.load(table)


# ---- fitting


class Letters:
    """Vectors that know letters only: enough to tell what is asked of them, and how often."""

    def match(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        asked = set(question)
        return np.array([len(asked & set(one)) / max(1, len(asked)) for one in texts], np.float32)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 2), np.float32)


def classed(words: Text, *classes: Class, vectors: meaning.Vectors | None = None) -> Answer:
    """The classes of a text of title, abstract and claims; its queries are held by the evaluator itself."""
    made = Tree(classes)
    page = Page(entry(words), stemmer())
    held = frozenset(query for query in queries_of(made) if holds(parse(query).tree, page))
    return classes_of(made, Profile(held), words, stemmer(), vectors)


def entry(words: Text) -> Entry:
    kinds = (SectionKind.title, SectionKind.abstract)
    title, abstract = ("".join(words.quote(section.span) for section in words.of_kind(kind)) for kind in kinds)
    return Entry(0, 0, title, abstract, "\n".join(words.quote(claim.span) for claim in words.claims))


def test_keywords_weigh_by_where_they_stand_and_the_sentence_with_most_is_quoted() -> None:
    (words,) = LENS.texts
    answer = classed(words, Class("a", "", "", ("자석", "네오디뮴", "없음")), Class("b", "", "", ("렌즈구동",)))
    assert paths_of(answer) == ("a", "b")
    first, second = answer.candidates
    assert first.evidence.quote == "네오디뮴 자석과 코일이 렌즈를 구동한다."
    assert [why for why, _ in first.reasons] == ["a: keywords 자석, 네오디뮴"]
    assert second.evidence.quote == "렌즈 구동 장치"  # a phrase, whatever its blanks


def test_a_keyword_that_stands_only_in_claims_needs_a_second() -> None:
    words = text(
        title="장치", abstract="장치이다.", claims=["음극을 포함하는 장치.", "제1항에 있어서, 양극을 포함하는 장치."]
    )
    one, two = Class("a", "", "", ("음극", "코일")), Class("b", "", "", ("음극", "양극"))
    assert paths_of(classed(words, one, two)) == ("b",)


def test_of_one_branch_the_deepest_class_stays_and_nothing_fits_is_unclassed() -> None:
    (words,) = LENS.texts
    parent, child = Class("a", "1", "", ("렌즈",)), Class("a > b", "2", "", ("자석",))
    answer = classed(words, parent, child)
    assert (paths_of(answer), codes_of(answer)) == (("a > b",), ("2",))
    nothing = classed(words, Class("z", "", "", ("국물",)))
    assert (paths_of(nothing), nothing.candidates, nothing.value) == ((), (), "")


def test_a_class_that_fits_by_a_query_on_data_alone_has_no_words() -> None:
    (words,) = LENS.texts
    made = Tree((Class("a", query="IPC:G02B"),))
    answer = classes_of(made, Profile(frozenset({"IPC:G02B"})), words, stemmer(), None)
    assert (paths_of(answer), answer.candidates) == (("a",), ())


_NAUGHTY = st.text(st.sampled_from("렌즈구동 lensABC\u0301\u200b🧑\u200d🔬 .\n,①５％ﬁ가다"), max_size=300)


@given(_NAUGHTY, _NAUGHTY)
def test_quotes_are_the_text_at_their_spans(abstract: str, claim: str) -> None:
    words = text(abstract=abstract, claims=[claim] if claim.strip() else [])
    told = Class("a", "", "렌즈 lens 구동", ("렌즈", "lens", "①"))
    for candidate in classed(words, told, vectors=Letters()).candidates:
        found = candidate.evidence
        assert found.quote == words.text[found.span.start : found.span.end]


@pytest.mark.skipif(not catalog.has_static(), reason="the built-in vectors are not installed")
@pytest.mark.parametrize(
    ("definition", "fits"),
    [
        ("자석과 코일로 카메라의 렌즈를 움직이는 장치", True),
        ("actuator that moves the lens of a camera by magnet and coil", True),
        ("피부의 주름을 줄이는 화장료 조성물", False),
        ("cosmetic composition against wrinkles of the skin", False),
    ],
)
def test_a_definition_is_compared_by_what_it_means_in_either_language(definition: str, fits: bool) -> None:
    (words,) = LENS.texts
    answer = classed(words, Class("class", "", definition), vectors=catalog.load_static())
    assert bool(paths_of(answer)) is fits
    assert [one.evidence.quote for one in answer.candidates] == ["네오디뮴 자석과 코일이 렌즈를 구동한다."] * fits


# ---- a study


def test_every_application_is_classed_and_only_what_is_new_again(study: Path, table: Path, tmp_path: Path) -> None:
    with Study.open(study, workers=0) as opened:
        done = opened.classify(table)
        again = opened.classify(table)
        shown = opened.show("KR101234567B1").classes
    assert (done.read, done.kept, again.read, again.kept) == (3, 0, 0, 3)
    assert done.classes == {
        "카메라 > 구동 > 자석": 1,
        "카메라 > 구동 > 코일": 1,
        "카메라 > 센서": 0,
        "전지": 1,
        "식품 > - > 국물": 1,
    }
    assert (done.unclassed, done.by_meaning) == (0, False)
    assert codes_of(shown) == ("A1", "A2")
    other = workbook(tmp_path / "other.xlsx", [*ROWS[:3]])
    with Study.open(study, workers=0) as opened:
        assert (opened.classify(other).read, opened.classify(other).unclassed) == (3, 2)
        assert opened.classify(table).read == 0
        assert codes_of(opened.show("KR101234567B1").classes) == ("A1", "A2")


def test_exports_hold_the_levels_codes_and_words(study: Path, table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Study.open(study, workers=0) as opened:
        opened.classify(table)
    assert cli.main(["export", str(study), "--format", "csv", "-o", "-", "--lang", "ko"]) == cli.DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out.lstrip("\ufeff"))))
    levels = [(row["대분류"], row["중분류"], row["소분류"], row["분류코드"]) for row in rows]
    assert levels == [("카메라", "구동", "자석; 코일", "A1; A2"), ("식품", "", "국물", "C"), ("전지", "", "", "B")]
    assert rows[0]["분류 근거"] == "네오디뮴 자석과 코일이 렌즈를 구동한다."


def test_the_command_counts_classes_in_the_order_of_the_table(
    study: Path, table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["classify", str(study), "--tree", str(table), "--workers", "0", "-q"]
    assert cli.main([*argv, "--json"]) == cli.DONE
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["value"]) for row in rows[:2]] == [
        ("카메라 > 구동 > 자석", 1),
        ("카메라 > 구동 > 코일", 1),
    ]
    assert rows[-1] == {"name": "unclassed", "value": 0, "unit": "application"}
    assert cli.main([*argv, "--lang", "ko"]) == cli.DONE
    said = capsys.readouterr()
    assert "미분류" in said.out
    assert "본문 0건 분류, 3건은 전에 분류함" in said.err
    assert cli.main(["show", str(study), "KR107654321B1"]) == cli.DONE
    assert "class: 식품 > - > 국물" in capsys.readouterr().out


def test_a_wrong_table_is_one_line_and_exit_code_1(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEAD, ("a", "b", "c")])
    assert cli.main(["classify", str(study), "--tree", str(path), "-q"]) == cli.FAILED
    assert capsys.readouterr().err == (
        f"Error: {path}, sheet 분류표, row 2: nothing tells what belongs to a > b > c. "
        "Give it a definition, keywords or a query.\n"
    )
