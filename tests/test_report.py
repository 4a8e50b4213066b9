"""The HTML report: what a patent says stays text, evidence is marked where it stands, nothing comes from outside."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae import report
from dokhae.errors import InputError
from dokhae.insight import Row
from dokhae.parse.build import TextBuilder
from dokhae.reading.fields import load
from dokhae.report import ReportSettings, Texts
from dokhae.report.labels import labels
from dokhae.report.pages.blocks import stretches
from dokhae.report.pages.patent import Mark, PatentPage, marked
from dokhae.types import AnswerStatus, Defect, Number, Rejected, Role, SectionKind, Source, Span, Text
from tests.rows import row

EVIL = "<script>alert('x')</script>"
SETTINGS = ReportSettings(lang="ko", title="시험", today=date(2024, 5, 31))


class Page(HTMLParser):
    """Elements and visible text of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def written(folder: Path, *rows: Row, settings: ReportSettings = SETTINGS) -> report.Written:
    return report.write(_repeat(rows), folder / "report", settings=settings)


def _repeat(rows: tuple[Row, ...]) -> Callable[[], Iterator[Row]]:
    return lambda: iter(rows)


def index_of(made: report.Written) -> dict[str, Any]:
    content = (made.folder / "data" / "index.js").read_text(encoding="utf8")
    found: dict[str, Any] = json.loads(content.split("dokhae.index=", 1)[1].rstrip(";\n"))
    return found


def patent_html(made: report.Written, id_: int) -> str:
    pages: dict[str, str] = {}
    for path in made.folder.glob("data/text-*.js"):
        pages |= json.loads(path.read_text(encoding="utf8").removeprefix("dokhae.texts(").rstrip(");\n"))
    return pages[str(id_)]


def page_of(made: Row, *, full: bool = True) -> str:
    return PatentPage(load(), (), "ko", full).html(made)


# -- nothing of a patent becomes markup


def test_markup_in_titles_names_and_files_shows_as_text(tmp_path: Path) -> None:
    evil = row(
        1,
        title=EVIL,
        applicants=[f"{EVIL} & Co."],
        filed=date(2020, 1, 1),
        ipc=["H04N 5/225"],
        status=EVIL,
        problem=f"{EVIL} 떨림",
        claims=[EVIL],
        sources=[Source(f"{EVIL}.xml")],
        defects=[Defect.of(EVIL, what=EVIL)],
        answers={"problem": f"{EVIL} 떨림", f"{EVIL}?": EVIL},
    )
    settings = replace(SETTINGS, title=EVIL, rejected=[Rejected.of(Source(f"{EVIL}.pdf"), EVIL, path=EVIL)])
    made = written(tmp_path, evil, settings=replace(settings, one_file_each=True))
    pages = [path.read_text(encoding="utf8") for path in made.folder.rglob("*.html")]
    for content in (*pages, patent_html(made, 1)):
        page = Page(content)
        assert all("src" in script for script in page.all("script"))
        assert "alert('x')" not in content
    assert EVIL in Page(patent_html(made, 1)).text


def test_data_files_hold_no_closing_tag(tmp_path: Path) -> None:
    made = written(tmp_path, row(1, title="</script><img src=x onerror=alert(1)>", problem="\u2028"))
    for path in made.folder.glob("data/*.js"):
        assert "</script" not in path.read_text(encoding="utf8")
        assert "\u2028" not in path.read_text(encoding="utf8")


def test_a_file_name_that_is_no_text_does_not_stop_the_report(tmp_path: Path) -> None:
    lost = Rejected.of(Source("a\udcff.pdf"), "path-missing")
    made = written(tmp_path, row(1, sources=[Source("b\udcff.xml")]), settings=replace(SETTINGS, rejected=[lost]))
    assert "a\ufffd.pdf" in made.index.read_text(encoding="utf8")


def test_nothing_is_loaded_from_outside(tmp_path: Path) -> None:
    made = written(tmp_path, row(1))
    for path in (*made.folder.glob("*.html"), *made.folder.glob("*.css"), *made.folder.glob("*.js")):
        content = path.read_text(encoding="utf8")
        assert not re.search(r"https?://|fetch\(|XMLHttpRequest|@import", content), path.name
        for element, attributes in Page(content).elements:
            assert not (element in ("script", "link", "img") and "//" in (attributes.get("src") or "")), path.name


def test_scripts_put_text_into_the_page_as_text_only() -> None:
    package = files("dokhae.report.pages")
    for name in ("common.js", "list.js", "patent.js"):
        content = package.joinpath(name).read_text("utf8")
        assert content.count("innerHTML") == (1 if name == "patent.js" else 0)
        assert "insertAdjacentHTML" not in content
        assert "document.write" not in content


# -- evidence in its place


def test_evidence_is_marked_where_it_stands() -> None:
    content = page_of(row(1, problem="앞 말. 떨림이 있다. 뒷말.", answers={"problem": "떨림이 있다."}))
    assert '앞 말. <a id="e0-0"></a><mark class="f0" data-fields="0">떨림이 있다.</mark> 뒷말.' in content


def test_overlapping_evidences_are_each_marked() -> None:
    said = {"problem": "떨림이 크고", "solution": "크고 무겁다"}
    content = page_of(row(1, problem="떨림이 크고 무겁다.", answers=said))
    assert '<mark class="f0" data-fields="0">떨림이 </mark>' in content
    assert '<a id="e1-0"></a><mark class="f0 several" data-fields="0 1">크고</mark>' in content
    assert '<mark class="f1" data-fields="1"> 무겁다</mark>.' in content


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marks_change_no_character(words: str, ends: list[tuple[int, int]]) -> None:
    words = "".join(c for c in words if c.isprintable())
    spans = [Span(*sorted((min(a, len(words)), min(b, len(words))))) for a, b in ends]
    content = marked(Text(words, "ko"), Span(0, len(words)), [Mark(span, i, 0) for i, span in enumerate(spans)])
    assert Page(content).text == words


def test_evidence_of_another_text_is_quoted_but_not_marked() -> None:
    other = row(1, problem="떨림이 있다.", answers={"problem": "떨림"})
    here = row(2, problem="다른 글이다. 떨림 없음.")
    content = page_of(replace(here, answers=other.answers))
    assert "<mark" not in content
    assert "<q>떨림</q>" in content


def test_every_word_of_a_text_is_shown() -> None:
    builder = TextBuilder(parser="test")
    builder.section(SectionKind.other, "명세서")
    builder.section(SectionKind.problem, "해결하려는 과제")
    builder.paragraph("떨림.", label="0001")
    builder.section(SectionKind.claims, "청구범위")
    builder.claim(1, "렌즈.")
    builder.claim(2, "", deleted=True)
    text, _ = builder.finish()
    shown = [text.quote(block.span) for stretch in stretches(text) for block in stretch.blocks]
    assert shown == ["명세서", "떨림.", "렌즈.", ""]
    assert [stretch.section is None for stretch in stretches(text)] == [True, False, False]


@given(st.lists(st.tuples(st.sampled_from(SectionKind), st.text(max_size=30), st.text(max_size=40)), max_size=6))
def test_blocks_and_headings_hold_every_character(sections: list[tuple[SectionKind, str, str]]) -> None:
    builder = TextBuilder(parser="test")
    for kind, heading, words in sections:
        builder.section(kind, heading)
        builder.paragraph(words)
    text, _ = builder.finish()
    shown = "".join(
        (stretch.section.heading if stretch.section else "") + "".join(text.quote(b.span) for b in stretch.blocks)
        for stretch in stretches(text)
    )
    assert sorted("".join(shown.split())) == sorted("".join(text.text.split()))


def test_a_deleted_claim_keeps_its_number() -> None:
    content = page_of(row(1, claims=["렌즈.", "", "제1항에 있어서, 모듈."]))
    assert '<span class="label">2</span><i class="deleted">' in content
    assert "← 1" in content


def test_not_stated_and_no_source_text_look_different() -> None:
    said = {"problem": AnswerStatus.not_stated, "effect": AnswerStatus.no_source_text}
    page = Page(page_of(row(1, answers=said)))
    classes = [attributes["class"] for attributes in page.all("article")]
    assert "answer f0 s-not_stated" in classes
    assert "answer f2 s-no_source_text" in classes
    assert "기재 없음" in page.text
    assert "원문 없음" in page.text


def test_a_score_says_that_it_is_uncalibrated() -> None:
    assert "0.90 미보정" in Page(page_of(row(1, problem="떨림.", answers={"problem": "떨림"}))).text


def test_a_publication_that_does_not_stand_for_its_application_says_so() -> None:
    assert "대표 공보에서 읽음" in Page(page_of(row(1, main=False))).text


def test_a_big_study_shows_evidence_with_its_neighbours_and_says_what_is_left_out() -> None:
    words = "\n".join(f"문단 {i}." for i in range(9))
    made = row(1, embodiments=words, claims=["독립.", "제1항에 있어서, 종속."], answers={"problem": "문단 4."})
    page = Page(page_of(made, full=False))
    assert [f"문단 {i}." in page.text for i in range(9)] == [i in (3, 4, 5) for i in range(9)]
    assert "독립." in page.text
    assert "종속." not in page.text
    assert "dokhae show" in page.text


# -- the list


def test_the_list_holds_every_patent_with_its_states(tmp_path: Path) -> None:
    said = {"problem": "떨림", "solution": AnswerStatus.not_stated}
    us = row(2, number=Number("US", Role.grant, "7654321", "B2"), main=False)
    index = index_of(written(tmp_path, row(1, problem="떨림.", answers=said), us))
    assert index["document"] == ["KR 10-1234568 B1", "US 7,654,321 B2"]
    assert index["states"] == ["an---", "eeeee"]
    assert index["one"] == [1, 0]
    assert [index["names"]["country"][i] for i in index["country"]] == ["KR", "US"]


def test_cells_of_pictures_are_rows_of_the_list(tmp_path: Path) -> None:
    made = written(tmp_path, row(41, filed=date(2020, 1, 1)), row(17, filed=date(2021, 1, 1)))
    cells = json.loads((made.folder / "data" / "cells.js").read_text(encoding="utf8")[len("dokhae.cells=") : -2])
    shapes = [a for a in Page(made.index.read_text(encoding="utf8")).all("g") if "data-cells" in a]
    assert len(shapes) == len(cells)
    assert cells[:2] == [[0], [1]]


def test_unpublished_years_are_hatched(tmp_path: Path) -> None:
    made = written(tmp_path, row(1, filed=date(2015, 1, 1)), row(2, filed=date(2024, 1, 1)))
    drawing = made.index.read_text(encoding="utf8").split('id="chart-year_country"')[1].split("</figure>")[0]
    assert drawing.count("url(#hatch-year_country)") == 1
    assert "n = 2" in drawing
    assert "단위: 출원" in drawing


def test_answers_come_in_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokhae.report.pages.listing.ROWS_A_PAGE", 2)
    made = written(tmp_path, *(row(i) for i in range(1, 6)))
    assert sorted(path.name for path in made.folder.glob("data/rows-*.js")) == [f"rows-000{n}.js" for n in range(3)]


def test_each_patent_can_have_a_file_of_its_own(tmp_path: Path) -> None:
    made = written(tmp_path, row(1, problem="떨림."), settings=replace(SETTINGS, one_file_each=True))
    [path] = made.folder.glob("patents/*.html")
    assert path.name == "KR-10-1234568-B1-1.html"
    assert "떨림." in path.read_text(encoding="utf8")
    assert 'href="../report.css"' in path.read_text(encoding="utf8")


def test_rejected_files_say_why_and_what_to_do(tmp_path: Path) -> None:
    settings = replace(SETTINGS, rejected=[Rejected.of(Source("scan.pdf"), "path-missing")])
    assert "경로를 확인하거나" in Page(written(tmp_path, settings=settings).index.read_text(encoding="utf8")).text


# -- the folder


def test_a_report_is_replaced_whole(tmp_path: Path) -> None:
    written(tmp_path, *(row(i, problem="떨림. " * 60_000) for i in range(1, 4)))
    made = written(tmp_path, row(1))
    assert sorted(path for path in made.folder.rglob("*") if path.is_file()) == sorted(made.files)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert (made.rows, made.index.name) == (1, "index.html")


def test_a_file_that_excel_holds_open_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_file = os.replace

    def held(path: Path, target: Path) -> None:
        if target.name == "patents.xlsx":
            raise PermissionError(13, "used by another process", str(target))
        replace_file(path, target)

    monkeypatch.setattr("dokhae.report.files.os.replace", held)
    with pytest.raises(InputError) as error:
        written(tmp_path, row(1))
    assert str(error.value) == (
        f"{tmp_path / 'report' / 'patents.xlsx'}: cannot be replaced; another program (Excel, a browser) has it open. "
        "Close it and run dokhae report again."
    )
    assert list(tmp_path.glob(".*")) == []
    monkeypatch.undo()
    assert written(tmp_path, row(1)).rows == 1  # stopped half-way, the folder is still known as ours


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    own = [tmp_path / "report" / name for name in ("index.html", "patents/mine.html", "data/rows-1.js")]
    for path in own:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf8")
    with pytest.raises(InputError) as error:
        written(tmp_path, row(1))
    assert error.value.code == "report-folder-taken"
    assert [path.read_text(encoding="utf8") for path in own] == ["mine"] * 3
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(own)


def test_a_report_may_go_into_the_empty_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert report.write(_repeat((row(1),)), ".", settings=SETTINGS).rows == 1
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


def test_what_the_user_laid_into_a_report_stays_there(tmp_path: Path) -> None:
    made = written(tmp_path, row(1), settings=replace(SETTINGS, one_file_each=True))
    note = made.folder / "patents" / "note.html"
    note.write_text("mine", encoding="utf8")
    written(tmp_path, row(1))
    assert [path.name for path in made.folder.glob("patents/*")] == ["note.html"]


def test_a_list_of_files_reaches_nothing_outside_the_report(tmp_path: Path) -> None:
    made = written(tmp_path, row(1))
    outside = tmp_path / "mine.txt"
    outside.write_text("mine", encoding="utf8")
    listed = ["../mine.txt", str(outside), "data\\..\\..\\mine.txt", "C:mine.txt", "", 1]
    mark = {"made_by": "dokhae report", "files": listed}
    (made.folder / "data" / "files.json").write_text(json.dumps(mark), encoding="utf8")
    written(tmp_path, row(1))
    assert outside.is_file()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf8")
    with pytest.raises(InputError) as error:
        report.write(_repeat(()), tmp_path / "file" / "report", settings=SETTINGS)
    assert str(error.value).startswith(f"{tmp_path / 'file' / 'report'}: cannot write here (")


def test_a_study_without_patents_has_a_report(tmp_path: Path) -> None:
    assert "자료 없음" in Page(written(tmp_path).index.read_text(encoding="utf8")).text


@pytest.mark.parametrize(("texts", "is_cut"), [(Texts.auto, True), (Texts.full, False), (Texts.evidence, True)])
def test_a_big_study_holds_full_texts_only_if_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: Texts, is_cut: bool
) -> None:
    monkeypatch.setattr("dokhae.report.pages.FULL_TEXT_UP_TO", 0)
    made = written(tmp_path, row(1, background="멀리 있는 문단."), settings=replace(SETTINGS, texts=texts))
    assert ("멀리 있는 문단." not in patent_html(made, 1)) is is_cut


# -- words


def test_every_label_has_both_languages_with_the_same_values() -> None:
    for group, words in labels().items():
        for name, pair in words.items():
            assert len(pair) == 2, (group, name)
            assert all(pair), (group, name)
            assert set(re.findall(r"\{(\w+)\}", pair[0])) == set(re.findall(r"\{(\w+)\}", pair[1])), (group, name)


def test_every_label_a_script_names_exists() -> None:
    known = {f"{group}.{name}" for group, words in labels().items() for name in words}
    package = files("dokhae.report.pages")
    for name in ("common.js", "list.js", "patent.js", "index.html", "patent.html"):
        content = package.joinpath(name).read_text("utf8")
        named = re.findall(r'say\("([\w.]+\w)"', content) + re.findall(
            r'data-(?:say|placeholder|title)="([^"]+)"', content
        )
        named += [f"ui.{word}" for word in re.findall(r"\$say_(\w+)", content)]
        assert set(named) <= known, name
