"""Joining to an analyst's list: our columns stand to the right of theirs, and nothing of theirs has changed."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from dokhae.apps.cli import main
from dokhae.errors import InputError
from dokhae.insight import Row
from dokhae.parse.records import NUMBER_FIELDS
from dokhae.report import ReportSettings, into
from dokhae.report.into.join import Index, Kind, Match, own_numbers
from dokhae.report.into.markup import quoted
from dokhae.report.labels import has_label
from dokhae.study import Study
from dokhae.types import Role
from tests.build import number_of
from tests.rows import row

KOREAN = ReportSettings(lang="ko", today=date(2024, 5, 31))
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def study(*rows: Row) -> Callable[[], Iterator[Row]]:
    return lambda: iter(rows)


def numbered(id_: int, *written: str, application: int | None = None, main: bool = True, **given_: Any) -> Row:
    """A row whose patent has these numbers, its own first: "application 10-2012-0016332" names the role."""
    numbers = []
    for one in written:
        role, _, digits = one.rpartition(" ") if one.split()[0] in Role.__members__ else ("", "", one)
        numbers.append(number_of(digits or one, Role(role) if role else None))
    made = row(id_, number=numbers[0], application=id_ if application is None else application, main=main, **given_)
    return replace(made, patent=replace(made.patent, numbers=tuple(numbers)))


GRANT = numbered(
    1, "KR10-1314187 B1", "application 10-2012-0016332", "publication 10-2013-0094992", problem="떨림이 있다.",
    answers={"problem": "떨림이 있다."}, filed=date(2012, 2, 17),
)  # fmt: skip
OTHER = numbered(2, "US 7,654,321 B2", problem="It shakes.", answers={"problem": "It shakes."})


def plain(folder: Path, *rows: Sequence[Any], name: str = "list.xlsx", sheet: str = "목록") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(path) as book:
        made = book.add_worksheet(sheet)
        for n, one in enumerate(rows):
            made.write_row(n, 0, one)
    return path


def joined(path: Path, *rows: Row, sheet: str | None = None, lang: str = "ko") -> tuple[into.Joined, bytes]:
    out = io.BytesIO()
    done = into.write(path, study(*rows), out, sheet=sheet, settings=replace(KOREAN, lang=lang))
    return done, out.getvalue()


def cells(content: bytes, sheet: str = "목록") -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


# -- what is matched


def test_a_row_is_found_by_its_number_and_gets_our_columns(tmp_path: Path) -> None:
    path = plain(tmp_path, ["No", "출원번호", "메모"], [1, "10-2012-0016332", "좋음"])
    done, content = joined(path, GRANT, OTHER)
    head, first = cells(content)
    assert head[:3] == ["No", "출원번호", "메모"]
    assert first[:3] == [1, "10-2012-0016332", "좋음"]
    assert dict(zip(head, first, strict=True))["해결과제"] == "떨림이 있다."
    assert first[3:5] == ["찾음: 출원번호 10-2012-0016332", "KR 10-1314187 B1"]
    assert (done.rows, done.found, done.missing, done.ambiguous, done.unlisted) == (1, 1, 0, 0, 1)


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("출원번호", "1020120016332"),
        ("출원번호", 1020120016332),
        ("출원번호", "KR 10-2012-0016332"),
        ("Application Number", "10-2012-0016332"),
        ("공개번호", "10-2013-0094992"),
        ("공개번호", "특2013-0094992"),
        ("등록번호", "10-1314187"),
        ("등록번호", "1013141870000"),
        ("등록번호", "KR101314187B1"),
        ("문헌번호", "KR-10-2013-0094992.pdf"),
        ("출원번호", "10-1314187"),  # in the wrong column
    ],
)
def test_any_number_in_any_spelling_finds_its_application(tmp_path: Path, heading: str, written: object) -> None:
    path = plain(tmp_path, ["발명의 명칭", heading], ["모듈", written])
    assert joined(path, GRANT, OTHER)[0].found == 1


def test_a_row_that_is_not_in_the_study_says_so(tmp_path: Path) -> None:
    rows = [["모듈", "10-2019-0000001"], ["모듈", ""], ["모듈", "1.02E+12"], ["모듈", "미정"]]
    done, content = joined(plain(tmp_path, ["발명의 명칭", "출원번호"], *rows), GRANT)
    assert [one[2] for one in cells(content)[1:]] == [
        "없음: 이 스터디에 없는 번호",
        "없음: 번호가 적혀 있지 않음",
        "없음: 스프레드시트가 망가뜨린 번호 1.02E+12",
        "없음: 읽을 수 없는 번호 미정",
    ]
    assert (done.rows, done.missing) == (4, 4)


def test_numbers_that_mean_two_patents_name_both_and_choose_none(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원번호", "등록번호"], ["10-2012-0016332", "US 7,654,321 B2"])
    done, content = joined(path, GRANT, OTHER)
    assert cells(content)[1][2] == "여러 건: KR 10-1314187 B1, US 7,654,321 B2"
    assert (done.found, done.ambiguous) == (0, 1)


def matched(rows: Sequence[Row], *cells_: tuple[str, str]) -> Match:
    return Index(one.patent for one in rows).match(cells_)


def test_a_korean_number_of_two_patents_is_told_apart_by_its_column() -> None:
    filed = numbered(1, "KR10-1111111 B1", "application 10-2012-0016332")
    published = numbered(2, "KR10-2222222 B1", "publication 10-2012-0016332")
    both = (filed, published)
    assert matched(both, ("application_number", "10-2012-0016332")).patent == 1
    assert matched(both, ("publication_number", "10-2012-0016332")).patent == 2
    assert matched(both, ("mixed_number", "10-2012-0016332")).kind is Kind.several


def test_the_publication_that_stands_for_the_application_gives_the_columns() -> None:
    early = numbered(5, "publication 10-2013-0094992", application=7, main=False)
    grant = numbered(6, "KR10-1314187 B1", application=7)
    assert matched((early, grant), ("publication_number", "10-2013-0094992")).patent == 6


def test_a_pct_number_counts_only_where_no_number_of_the_patent_is_known() -> None:
    korean = numbered(1, "KR10-1111111 B1", "pct PCT/KR2010/001234")
    american = numbered(2, "US7654321B2", "pct PCT/KR2010/001234")
    both = (korean, american)
    pct = ("pct_number", "PCT/KR2010/001234")
    assert matched(both, ("grant_number", "US7654321B2"), pct).patent == 2
    assert matched(both, pct).kind is Kind.several


def test_a_column_of_numbers_is_known_by_what_it_holds_whatever_it_is_called(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["", "우리 번호", "건"],
        ["가", "등록 10-1314187", 3],
        ["나", "US7654321", 4],
        ["다", "모름", 5],
    ]
    done, content = joined(plain(tmp_path, ["내 목록"], *rows), GRANT, OTHER)
    assert (done.rows, done.found, done.missing) == (3, 2, 1)
    assert cells(content)[1][3] == "매칭"


def test_a_priority_number_is_no_number_of_the_patent(tmp_path: Path) -> None:
    path = plain(tmp_path, ["발명의 명칭", "우선권번호"], ["모듈", "10-2012-0016332"])
    with pytest.raises(InputError) as error:
        joined(path, GRANT)
    assert error.value.code == "list-header-unknown"


def test_columns_the_list_has_are_not_given_again(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원번호", "발명의 명칭", "출원일"], ["10-2012-0016332", "x", "2012-02-17"])
    head = cells(joined(path, GRANT)[1])[0]
    assert head.count("발명의 명칭") == head.count("출원일") == 1
    assert {"상태", "예상만료일", "해결과제"} <= set(head)


def test_a_header_in_two_rows_gets_our_headings_in_its_lower_one(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원", "", "메모"], ["번호", "일자", ""], ["10-2012-0016332", "2012-02-17", "x"])
    done, content = joined(path, GRANT)
    assert (done.rows, done.found) == (1, 1)
    assert [one[3] for one in cells(content)] == ["", "매칭", "찾음: 출원번호 10-2012-0016332"]


def test_every_column_of_numbers_has_a_name_to_be_told_by() -> None:
    assert [field for field in own_numbers(NUMBER_FIELDS) if not has_label(f"list_field.{field}")] == []


# -- what is left as it is


def rich(path: Path) -> None:
    """A workbook with everything people put into lists."""
    with xlsxwriter.Workbook(path) as book:
        cover = book.add_worksheet("표지")
        cover.write("A1", "보고서")
        cover.insert_image("B2", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
        sheet = book.add_worksheet("목록")
        bold = book.add_format({"bold": True, "bg_color": "#FFFF00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range("A1:C1", "특허 목록", bold)
        sheet.write_row("A3", ["번호", "출원번호", "출원일", "점수", "메모"], bold)
        sheet.write_row("A4", [1, "10-2012-0016332"])
        sheet.write_datetime("C4", date(2012, 2, 17), day)
        sheet.write_formula("D4", "=A4*2", None, 2)
        sheet.write_rich_string("E4", "보통 ", bold, "굵게")
        sheet.write_row("A5", [2, "10-2019-0000001"])
        sheet.write_blank("G4", None, bold)
        sheet.write_blank("H5", None, day)
        sheet.write_comment("B4", "확인함")
        sheet.conditional_format("D4:D9", {"type": "cell", "criteria": ">", "value": 1, "format": bold})
        sheet.data_validation("E4:E9", {"validate": "list", "source": ["예", "아니오"]})
        sheet.set_column("A:E", 17)
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.autofilter("A3:E5")
        sheet.freeze_panes(3, 1)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=목록!$D$4:$D$5"})
        sheet.insert_chart("B10", chart)
        secret = book.add_worksheet("숨김")
        secret.write_row("A1", ["출원번호", "발명의 명칭"])
        secret.hide()
        book.define_name("점수", "=목록!$D$4:$D$5")


def test_every_part_but_the_sheet_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    rich(tmp_path / "list.xlsx")
    before = (tmp_path / "list.xlsx").read_bytes()
    _, after = joined(tmp_path / "list.xlsx", GRANT)
    old, new = parts(before), parts(after)
    assert list(old) == list(new)
    assert [name for name in old if old[name] != new[name]] == ["xl/worksheets/sheet2.xml"]
    assert (tmp_path / "list.xlsx").read_bytes() == before


def test_the_sheet_without_our_cells_is_the_sheet_of_the_list(tmp_path: Path) -> None:
    rich(tmp_path / "list.xlsx")
    old = parts((tmp_path / "list.xlsx").read_bytes())["xl/worksheets/sheet2.xml"].decode()
    new = parts(joined(tmp_path / "list.xlsx", GRANT)[1])["xl/worksheets/sheet2.xml"].decode()

    def without_ours(markup: str) -> str:
        """Cells from column F on, widths of ours, and the two hints of the size of the sheet taken out."""
        markup = re.sub(r'<c r="(?:[F-Z]|A[A-Z])\d+"[^>]*?(?:/>|>.*?</c>)', "", markup)
        markup = re.sub(r'<col min="(?:[6-9]|\d\d)" [^>]*/>', "", markup)
        return re.sub(r'<dimension ref="[^"]*"/>|\sspans="[^"]*"', "", markup)

    assert without_ours(new) == without_ours(old)


def test_the_copy_opens_with_every_cell_of_the_list_in_openpyxl_too(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    rich(tmp_path / "list.xlsx")
    (tmp_path / "joined.xlsx").write_bytes(joined(tmp_path / "list.xlsx", GRANT)[1])
    old, new = (openpyxl.load_workbook(tmp_path / name)["목록"] for name in ("list.xlsx", "joined.xlsx"))
    for line in old.iter_rows(max_col=5):
        for cell in line:
            same = new[cell.coordinate]
            assert (same.value, same.style_id, same.comment is None) == (
                cell.value,
                cell.style_id,
                cell.comment is None,
            )
    assert new.merged_cells.ranges == old.merged_cells.ranges
    assert new["F3"].style_id == old["E3"].style_id


def test_dates_are_dates_in_the_style_the_list_has_for_them(tmp_path: Path) -> None:
    rich(tmp_path / "list.xlsx")
    content = joined(tmp_path / "list.xlsx", GRANT)[1]
    made = cells(content)
    assert made[3][made[2].index("예상만료일")] == date(2032, 2, 17)
    path = plain(tmp_path, ["출원번호", "메모"], ["10-2012-0016332", ""], name="no-dates.xlsx")
    made = cells(joined(path, GRANT)[1])
    assert made[1][made[0].index("예상만료일")] == "2032-02-17"


def test_empty_styled_cells_in_our_columns_give_way_and_cells_stay_in_order(tmp_path: Path) -> None:
    rich(tmp_path / "list.xlsx")
    markup = parts(joined(tmp_path / "list.xlsx", GRANT)[1])["xl/worksheets/sheet2.xml"].decode()
    for line in re.findall(r"<row .*?</row>", markup):
        named = re.findall(r'<c r="([A-Z]+)\d+"', line)
        assert named == sorted(set(named), key=lambda letters: (len(letters), letters))


def test_columns_hidden_to_the_end_of_the_sheet_do_not_hide_ours(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("목록")
        sheet.write_row("A1", ["출원번호", "메모"])
        sheet.write_row("A2", ["10-2012-0016332", ""])
        sheet.set_column("A:B", 20)
        sheet.set_column("C:XFD", None, None, {"hidden": True})
    markup = parts(joined(path, GRANT)[1])["xl/worksheets/sheet1.xml"].decode()
    found = [
        (int(a), int(b), "hidden" in rest) for a, b, rest in re.findall(r'<col min="(\d+)" max="(\d+)"(.*?)/>', markup)
    ]
    assert found[0] == (1, 2, False)
    assert all(first == last and not hidden for first, last, hidden in found[1:-1])
    assert found[-1] == (found[-2][1] + 1, 16_384, True)


def test_a_hidden_sheet_is_joined_only_if_it_is_named(tmp_path: Path) -> None:
    rich(tmp_path / "list.xlsx")
    assert joined(tmp_path / "list.xlsx", GRANT)[0].sheet == "목록"
    assert joined(tmp_path / "list.xlsx", GRANT, sheet="숨김")[0].rows == 0
    with pytest.raises(InputError) as error:
        joined(tmp_path / "list.xlsx", GRANT, sheet="없음")
    assert str(error.value).endswith("there is no sheet 없음. Its sheets: 표지, 목록, 숨김.")


def with_sheet(path: Path, markup: str) -> None:
    """A workbook whose only sheet has this XML."""
    plain(path.parent, ["x"], name="base.xlsx")
    old = parts((path.parent / "base.xlsx").read_bytes())
    with zipfile.ZipFile(path, "w") as package:
        for name, content in old.items():
            package.writestr(name, markup if name == "xl/worksheets/sheet1.xml" else content)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sheets_with_prefixes_and_cells_without_references_are_joined(tmp_path: Path, mark: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<x:c t="inlineStr"><x:is><x:t>{}</x:t></x:is></x:c>'
    head = cell.format("출원번호") + cell.format("제목 &gt; 명칭")
    first = cell.format("10-2012-0016332")
    with_sheet(
        tmp_path / "list.xlsx",
        f'{mark}<x:worksheet xmlns:x="{space}"><x:sheetData><x:row>{head}</x:row><x:row>{first}<x:c s="0"/></x:row>'
        "<x:row/></x:sheetData></x:worksheet>".replace("제목 &gt; 명칭", "발명의 명칭"),
    )
    made = cells(joined(tmp_path / "list.xlsx", GRANT)[1])
    assert made[0][:3] == ["출원번호", "발명의 명칭", "매칭"]
    assert made[1][2] == "찾음: 출원번호 10-2012-0016332"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@x", "_x0041_", "a\x00b\x0b", "<b>&\"'", "줄\r\n줄", "𝑥" * 3])
def test_what_a_patent_says_is_text_and_never_a_formula(tmp_path: Path, text: str) -> None:
    path = plain(tmp_path, ["출원번호", "메모"], ["10-2012-0016332", ""])
    made = replace(GRANT, patent=replace(GRANT.patent, biblio=replace(GRANT.patent.biblio, titles=(("ko", text),))))
    content = joined(path, made)[1]
    assert "<f>" not in parts(content)["xl/worksheets/sheet1.xml"].decode()
    head, first = cells(content)
    wanted = re.sub("[\x00\x0b]", "\ufffd", text)
    assert first[head.index("발명의 명칭")].replace("_x005F_", "_").replace("\r\n", "\n") in (
        wanted.replace("\r\n", "\n"),
        wanted.replace("_x0041_", "_x0041_"),
    )


@given(st.text())
def test_quoted_text_is_well_formed_whatever_it_holds(text: str) -> None:
    from lxml import etree

    assert etree.fromstring(f"<t>{quoted(text)}</t>".encode()).text is not None or not text


def test_a_cell_that_does_not_fit_says_what_is_left_out(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원번호", "메모"], ["10-2012-0016332", ""])
    long = numbered(1, "KR10-1314187 B1", "application 10-2012-0016332", claims=["가" * 40_000])
    assert max(map(len, map(str, cells(joined(path, long)[1])[1]))) == 32_767


# -- what cannot be joined


def test_an_old_workbook_is_sent_to_be_saved_as_xlsx(tmp_path: Path) -> None:
    (tmp_path / "list.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    with pytest.raises(InputError) as error:
        joined(tmp_path / "list.xls", GRANT)
    assert str(error.value) == (
        f"{tmp_path / 'list.xls'}: only XLSX lists can be joined to, and this is xls. "
        "Open it in a spreadsheet, save it as xlsx, and give that file."
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06" + b"\0" * 18])
def test_a_broken_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.xlsx").write_bytes(content)
    with pytest.raises(InputError) as error:
        joined(tmp_path / "list.xlsx", GRANT)
    assert error.value.code == "list-unreadable"


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><sheetData/></worksheet>'
    with_sheet(tmp_path / "list.xlsx", bomb)
    with pytest.raises(InputError) as error:
        joined(tmp_path / "list.xlsx", GRANT)
    assert error.value.code == "list-unreadable"


def test_a_list_that_fills_the_sheet_is_told(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원번호", "발명의 명칭", *([""] * 16_381), "끝"], ["10-2012-0016332"])
    with pytest.raises(InputError) as error:
        joined(path, GRANT)
    assert error.value.code == "list-too-wide"


def test_the_list_itself_is_never_written_to(tmp_path: Path) -> None:
    path = plain(tmp_path, ["출원번호", "메모"], ["10-2012-0016332", ""])
    before = path.read_bytes()
    with pytest.raises(InputError) as error:
        into.copy(path, study(GRANT), tmp_path / "." / "list.xlsx")
    assert error.value.code == "list-is-target"
    assert path.read_bytes() == before


def test_a_copy_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = plain(tmp_path, ["이름", "메모"], ["x", ""])
    with pytest.raises(InputError):
        into.copy(path, study(GRANT), tmp_path / "joined.xlsx")
    assert [one.name for one in tmp_path.iterdir()] == ["list.xlsx"]


# -- the command


def test_the_command_says_how_many_rows_were_matched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(
        "출원번호,발명의 명칭\n10-2012-0016332,모듈\n10-2012-0016333,렌즈\n", encoding="utf8"
    )
    with Study.create(tmp_path / "a.study", workers=0) as opened:
        opened.add([tmp_path / "a.csv"])
    path = plain(tmp_path, ["출원번호", "메모"], ["1020120016332", ""], ["10-1999-0000001", ""])
    argv = ["export", str(tmp_path / "a.study"), "--into", str(path), "--lang", "ko"]
    assert main(argv) == 0
    said = capsys.readouterr().out
    assert "2행 가운데 1행 매칭, 1행은 스터디에 없음, 0행은 여러 건에 해당. 스터디의 출원 1건은 목록에 없음" in said
    assert (tmp_path / "a.study" / "export" / "list.xlsx").exists()
    assert main(argv) == 1
    assert "이미 있어 덮어쓰지 않았습니다" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--format", "csv", "--into", "list.xlsx"]])
def test_one_of_format_and_list_is_wanted(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "a.study", *options]) == 2
    assert "give either --format or --into." in capsys.readouterr().err
