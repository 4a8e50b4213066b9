"""Broken tables: mixed encodings, open quotation marks, endless lines, bombs.  What can be is read, the rest told."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from dokhae.parse.files.units import Unit, find, read
from dokhae.parse.table.parser import Table
from dokhae.types import Document, Rejected, Source
from tests.tables import codes_of, csv_of, defects_of, documents_of, items_of, xlsx_of

HEADER = "출원번호,발명의 명칭,요약,출원인,상태\n"
ROWS = [f"10-2012-00{n + 1:05},렌즈 {n},움직인다.,가나,등록\n" for n in range(6)]


def _titles(items: list[Document | Rejected]) -> list[str]:
    return [item.biblio.title for item in items if isinstance(item, Document)]


@pytest.mark.parametrize(("first", "second"), [("utf-8", "cp949"), ("cp949", "utf-8")])
def test_a_file_glued_together_from_two_encodings_is_read_row_by_row(first: str, second: str) -> None:
    data = (HEADER + "".join(ROWS[:4])).encode(first) + "".join(ROWS[4:]).encode(second)
    documents = documents_of(data)
    assert [d.biblio.title for d in documents] == [f"렌즈 {n}" for n in range(6)]
    assert [defects_of(d) for d in documents] == [[]] * 4 + [["row-encoding"]] * 2


def test_bytes_that_are_of_no_encoding_cost_only_themselves() -> None:
    data = (HEADER + ROWS[0]).encode() + ROWS[1].encode().replace("렌즈".encode(), b"\xff\xfe") + ROWS[2].encode()
    documents = documents_of(data)
    assert [d.biblio.title for d in documents] == ["렌즈 0", "\ufffd\ufffd 1", "렌즈 2"]
    assert [defects_of(d) for d in documents] == [[], ["row-encoding"], []]


def test_a_quotation_mark_that_does_not_close_swallows_no_row() -> None:
    items = items_of((HEADER + ROWS[0] + ROWS[1].replace("움", '"움') + "".join(ROWS[2:])).encode())
    assert _titles(items) == [f"렌즈 {n}" for n in range(6)]
    assert [defects_of(i) for i in items if isinstance(i, Document)][1] == ["quote-unclosed"]


def test_two_quotation_marks_that_do_not_close_swallow_no_row() -> None:
    broken = [ROWS[0], ROWS[1].replace("움", '"움'), ROWS[2], ROWS[3].replace("움", '"움'), *ROWS[4:]]
    assert _titles(items_of((HEADER + "".join(broken)).encode())) == [f"렌즈 {n}" for n in range(6)]


def test_an_abstract_of_several_lines_stays_one_cell() -> None:
    row = '10-2012-0016332,렌즈,"움직인다, 그리고\n멈춘다, 다시,\n움직인다.",가나,등록\n'
    (document,) = documents_of((HEADER + row).encode())
    assert document.texts[0].text == "렌즈\n움직인다, 그리고\n멈춘다, 다시,\n움직인다.\n"
    assert defects_of(document) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_row(end: str) -> None:
    data = (HEADER + "".join(ROWS)).replace("\n", end).encode()
    assert len(documents_of(data)) == 6


def test_a_line_too_long_for_a_patent_is_rejected_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dokhae.parse.table.rows._MAX_LINE_BYTES", 1000)
    items = items_of((HEADER + ROWS[0] + "x" * 5000 + "\n" + ROWS[1]).encode())
    assert codes_of(items) == ["read", "line-too-long", "read"]


def test_200_mb_in_one_line_are_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write((HEADER + ROWS[0]).encode() + b"x" * 2**21)
        file.truncate(200 * 2**20)  # the rest of the line takes no room on the disk
    tracemalloc.start()
    with path.open("rb") as stream:
        items = list(Table().read(stream, Source("a.csv")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert codes_of(items) == ["read", "line-too-long"]
    assert peak < 300 * 2**20


def test_nothing_but_open_quotation_marks_ends_in_time() -> None:
    started_s = time.process_time()
    items_of((HEADER + ',"\n' * 10_000).encode())
    assert time.process_time() - started_s < 5


def test_a_thousand_headers_in_one_sheet_are_a_thousand_tables() -> None:
    rows = [
        row
        for n in range(1000)
        for row in (["출원번호", "제목"] if n % 2 else ["제목", "출원번호"], ["10-2012-0016332"] * 2)
    ]
    assert len(items_of(csv_of(*rows))) == 1000


def test_a_workbook_that_inflates_without_end_is_refused(tmp_path: Path) -> None:
    inner = io.BytesIO(xlsx_of([["출원번호", "제목"], ["10-2012-0016332", "렌즈"]]))
    bomb = tmp_path / "a.xlsx"
    with zipfile.ZipFile(inner) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
        new.writestr("xl/worksheets/sheet9.xml", b" " * (100 * 2**20))
    items = [item for unit in find([bomb]) if isinstance(unit, Unit) for item in read(unit)]
    assert codes_of(items) == ["archive-bomb"]


def test_a_row_longer_than_the_header_keeps_its_cells() -> None:
    (document,) = documents_of((HEADER + ROWS[0].strip() + ",더,많이\n").encode())
    assert document.biblio.supplied == (("column 6", "더"), ("column 7", "많이"))


def test_a_control_character_in_the_name_of_a_column_is_replaced_and_told() -> None:
    [document] = documents_of("출원번호,발명의 명칭,a\x07b\n10-2012-0016332,렌즈,x\n".encode())
    assert document.biblio.supplied == (("a\ufffdb", "x"),)
    assert defects_of(document) == ["characters-replaced"]
