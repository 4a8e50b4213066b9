"""Finding files safely: every trap ends in a Rejected with its code, everything else is read."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dokhae.errors import InputError
from dokhae.messages import say
from dokhae.parse import archives, units
from dokhae.parse.archives import Limits
from dokhae.parse.units import Unit, find, read
from dokhae.types import Document, Rejected

LINE = (
    b'{"title": "Lens", "abstract": "A lens.", "number": "%08d", "publication_date": "20100104", "description": "D."}\n'
)
RECORD = "<PatentUtilityInfo><ApplicationNumber>{}</ApplicationNumber></PatentUtilityInfo>"
KIPRIS = f"<?xml version='1.0'?><response>{RECORD.format('1020130121923')}</response>".encode()


def _line(n: int) -> bytes:
    return LINE % n


def _all(*paths: Path, **options: Any) -> list[Document | Rejected]:
    def items() -> Iterator[Document | Rejected]:
        for unit in find(paths, **options):
            if isinstance(unit, Rejected):
                yield unit
            else:
                yield from read(unit, **options)

    return list(items())


def _codes(items: list[Document | Rejected]) -> list[str]:
    return [item.code if isinstance(item, Rejected) else "read" for item in items]


def _zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return path


def _damaged(data: bytes, name: bytes) -> bytes:
    """The zip with the name of its first member, which says it is UTF-8, made not UTF-8 before the member."""
    assert data.startswith(b"PK\x03\x04")
    return data.replace(name, b"\xff" + name[1:], 1)


def _zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def test_a_missing_path_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find([tmp_path / "no.xml"])
    assert raised.value.code == "path-missing"


def test_an_empty_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find([tmp_path])
    assert str(raised.value) == (
        f"{tmp_path}: there is no file in it. Give the folder that holds the patents (PDF, XML, XLSX, CSV, ZIP)."
    )


def test_folders_are_walked_sorted_and_hidden_files_and_studies_left_out(tmp_path: Path) -> None:
    for name in ("b/2.xml", "a/1.xml", ".git/x.xml", "old.study/library.db", "old.study/1.xml", "~$open.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(KIPRIS)
    found = [unit for unit in find([tmp_path]) if isinstance(unit, Unit)]
    assert [Path(unit.path).relative_to(tmp_path).as_posix() for unit in found] == ["a/1.xml", "b/2.xml"]


def test_a_unit_survives_the_way_to_a_worker(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(KIPRIS)
    unit = next(iter(find([tmp_path])))
    assert pickle.loads(pickle.dumps(unit)) == unit


def test_zero_bytes_unknown_formats_and_notes_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(b"")
    (tmp_path / "2.xml").write_bytes(b"\x00\x01\x02nothing")
    (tmp_path / "README.txt").write_text("Where these come from.", encoding="utf8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert _codes(_all(tmp_path)) == ["file-empty", "format-unknown", "not-a-patent-file", "not-a-patent-file"]


def test_an_unreadable_file_is_rejected_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.xml").write_bytes(KIPRIS)
    (tmp_path / "2.xml").write_bytes(KIPRIS)
    really_open = Path.open

    def locked(path: Path, *args: Any) -> Any:
        if path.name == "1.xml":
            raise PermissionError(13, "Permission denied")
        return really_open(path, *args)

    monkeypatch.setattr(Path, "open", locked)
    items = _all(tmp_path)
    assert _codes(items) == ["file-unreadable", "read"]
    assert isinstance(items[0], Rejected)
    assert say(items[0].code, "en", dict(items[0].values)) == (
        "The file cannot be read (Permission denied). Check its permissions and whether another program holds it, "
        "then add it again."
    )


def test_a_file_that_vanishes_before_it_is_read_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_bytes(KIPRIS)
    unit = next(iter(find([tmp_path])))
    assert isinstance(unit, Unit)
    (tmp_path / "1.xml").unlink()
    assert _codes(list(read(unit))) == ["file-unreadable"]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "1.xml").write_bytes(KIPRIS)
    try:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links")
    assert _codes(_all(tmp_path)) == ["folder-link", "read"]


# ---- archives


def test_each_member_of_a_zip_is_a_unit_with_the_hash_of_the_zip(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"1.xml": KIPRIS, "sub/2.xml": KIPRIS, "__MACOSX/._1.xml": b"x"})
    found = [unit for unit in find([tmp_path]) if isinstance(unit, Unit)]
    assert [unit.member for unit in found] == ["1.xml", "sub/2.xml"]
    assert len({unit.sha256 for unit in found}) == 1
    assert _codes(_all(tmp_path)) == ["read", "read"]


def test_korean_names_of_members_are_readable(tmp_path: Path) -> None:
    # what Korean Windows writes: cp949 bytes, no flag
    data = _zipped({"AAAA.xml": KIPRIS}).replace(b"AAAA.xml", "특허".encode("cp949") + b".xml")
    (tmp_path / "a.zip").write_bytes(data)
    items = _all(tmp_path)
    assert [item.source.member for item in items] == ["특허.xml"]
    assert _codes(items) == ["read"]


def test_gz_and_archives_inside_archives_are_opened(tmp_path: Path) -> None:
    inner = _zipped({"x.xml": KIPRIS, "y.xml.gz": gzip.compress(KIPRIS)})
    _zip(tmp_path / "a.zip", {"inner.zip": inner})
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(KIPRIS))
    items = _all(tmp_path)
    assert _codes(items) == ["read", "read", "read"]
    assert [item.source.member for item in items] == ["inner.zip!/x.xml", "inner.zip!/y.xml.gz", ""]


def test_archives_too_deep_are_not_opened(tmp_path: Path) -> None:
    data = KIPRIS
    for _ in range(5):
        data = _zipped({"in": data})
    (tmp_path / "a.zip").write_bytes(data)
    assert _codes(_all(tmp_path)) == ["archive-too-deep"]


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "C:\\evil.xml", "a/../../evil.xml", "..\\evil.xml"])
def test_a_member_that_leads_out_is_refused_and_the_others_go_on(tmp_path: Path, name: str) -> None:
    _zip(tmp_path / "a.zip", {name: KIPRIS, "good.xml": KIPRIS})
    assert _codes(_all(tmp_path)) == ["archive-path", "read"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert _codes(_all(tmp_path)) == ["archive-link"]


def test_an_encrypted_member_is_rejected(tmp_path: Path) -> None:
    data = bytearray(_zipped({"1.xml": KIPRIS}))
    at = data.index(b"PK\x01\x02")
    for flags in (6, at + 8):
        struct.pack_into("<H", data, flags, struct.unpack_from("<H", data, flags)[0] | 1)
    (tmp_path / "a.zip").write_bytes(data)
    assert _codes(_all(tmp_path)) == ["archive-encrypted"]


def test_a_broken_archive_and_a_broken_member_are_rejected(tmp_path: Path) -> None:
    whole = _zipped({"1.xml": KIPRIS, "2.xml": KIPRIS})
    (tmp_path / "cut.zip").write_bytes(whole[:-40])
    spoiled = bytearray(whole)
    spoiled[45:60] = b"\xff" * 15
    (tmp_path / "spoiled.zip").write_bytes(spoiled)
    (tmp_path / "x.xml.gz").write_bytes(gzip.compress(os.urandom(5000) + KIPRIS)[:-2000])
    assert _codes(_all(tmp_path)) == ["archive-broken", "archive-broken", "read", "archive-broken"]


def test_other_archives_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(50))
    items = _all(tmp_path)
    assert _codes(items) == ["archive-unsupported"]
    assert isinstance(items[0], Rejected)
    assert dict(items[0].values) == {"kind": "7z"}


def test_a_bomb_is_stopped_while_it_inflates_whatever_its_header_says(tmp_path: Path) -> None:
    limits = Limits(ratio=100, ratio_from_bytes=100_000, nested_bytes=2_000_000)
    bomb = b"<?xml version='1.0'?><response><resultCode>00</resultCode>" + b" " * 20_000_000
    _zip(tmp_path / "a.zip", {"1.xml": bomb, "2.xml": KIPRIS})
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(bomb))
    assert _codes(_all(tmp_path, limits=limits)) == ["archive-bomb", "read", "archive-bomb"]


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    data = _zipped({"1.xml": os.urandom(3000), "2.xml": b"x"})
    at = data.rindex(b"PK\x01\x02")
    (tmp_path / "a.zip").write_bytes(data[: at + 20] + struct.pack("<I", 3000) + data[at + 24 :])
    assert _codes(_all(tmp_path)) == ["archive-bomb"]


def test_a_workbook_that_would_inflate_without_end_is_not_given_to_its_reader(tmp_path: Path) -> None:
    members = {"[Content_Types].xml": b"x", "xl/workbook.xml": b" " * 5_000_000}
    _zip(tmp_path / "a.xlsx", members)
    assert _codes(_all(tmp_path, limits=Limits(nested_bytes=1_000_000))) == ["archive-bomb"]


def test_reading_writes_nothing(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"../evil.xml": KIPRIS, "good.xml": KIPRIS, "in.zip": _zipped({"x.xml": KIPRIS})})
    before = sorted(tmp_path.parent.rglob("*"))
    _all(tmp_path)
    assert sorted(tmp_path.parent.rglob("*")) == before


# ---- long files


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_json_lines_are_cut_at_line_ends_and_counted_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(units, "_BLOCK_BYTES", block)
    (tmp_path / "a.jsonl").write_bytes(b"".join(_line(n) for n in range(1000001, 1000041)))
    found = [unit for unit in find([tmp_path], limits=Limits(range_bytes=1000)) if isinstance(unit, Unit)]
    assert len(found) > 3
    assert [unit.start for unit in found[1:]] == [unit.end for unit in found[:-1]]
    items = _all(tmp_path, limits=Limits(range_bytes=1000))
    assert [item.number.digits for item in items if isinstance(item, Document) and item.number] == [
        str(n) for n in range(1000001, 1000041)
    ]
    assert [item.source.item for item in items] == list(range(40))


@pytest.mark.parametrize("block", [7, 64, 1000, 10_000])
def test_concatenated_xml_is_cut_exactly_before_a_declaration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(units, "_BLOCK_BYTES", block)
    one = b'<?xml version="1.0"?>\n<?xml-stylesheet href="x"?>\n<us-patent-grant><a>%d</a></us-patent-grant>\n'
    documents = [one % n for n in range(50)]
    (tmp_path / "week.xml").write_bytes(b"".join(documents))
    found = [unit for unit in find([tmp_path], limits=Limits(range_bytes=400)) if isinstance(unit, Unit)]
    data = (tmp_path / "week.xml").read_bytes()
    pieces = [data[unit.start : unit.end] for unit in found]
    assert len(pieces) > 5
    assert b"".join(pieces) == data
    assert all(piece.startswith(b"<?xml version") for piece in pieces)
    assert [unit.first_item for unit in found] == [data[: unit.start].count(b"<?xml ") for unit in found]


def test_a_large_file_of_another_format_is_one_unit(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(KIPRIS * 20)
    assert len(list(find([tmp_path], limits=Limits(range_bytes=100)))) == 1


def test_a_stream_that_fails_says_why() -> None:
    broken = archives.open_gz(io.BytesIO(gzip.compress(b"x" * 1000)[:-10]), Limits())
    with pytest.raises(archives.Trouble, match="archive-broken"):
        broken.read()


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_damaged_member_costs_no_other_member(tmp_path: Path, is_nested: bool) -> None:
    """One byte of a name: zipfile raises UnicodeDecodeError when the member is opened."""
    name = "하나.jsonl"
    data = _damaged(_zipped({name: _line(1), "b.jsonl": _line(2)}), name.encode())
    path = tmp_path / "a.zip"
    path.write_bytes(_zipped({"inner.zip": data}) if is_nested else data)
    broken, read_after = _all(path)
    assert _codes([broken, read_after]) == ["archive-broken", "read"]


def test_no_damaged_byte_of_an_archive_is_an_exception(tmp_path: Path) -> None:
    sheet = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    data = _zipped({"하나.jsonl": _line(1), "n.zip": _zipped({"b.jsonl": _line(2)}), "t.ods": _zipped(sheet)})
    path = tmp_path / "a.zip"
    for at in range(0, len(data), 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        assert _all(path)


def test_a_method_nobody_knows_is_not_taken_for_a_password(tmp_path: Path) -> None:
    data = _zipped({"a.jsonl": _line(1), "b.jsonl": _line(2)})
    at = data.index(b"PK\x01\x02") + 10
    path = tmp_path / "a.zip"
    path.write_bytes(data[:at] + struct.pack("<H", 77) + data[at + 2 :])
    assert _codes(_all(path)) == ["archive-method", "read"]


@pytest.mark.parametrize("lead", [b"", b"\n \n", b"<!-- a note -->\n"])
def test_pieces_count_documents_as_the_whole_file_does(tmp_path: Path, lead: bytes) -> None:
    one = b'<?xml version="1.0"?>\n<us-patent-grant><a>%d</a></us-patent-grant>\n'
    (tmp_path / "week.xml").write_bytes(lead + b"".join(one % n for n in range(30)))
    whole, pieces = _all(tmp_path), _all(tmp_path, limits=Limits(range_bytes=200))
    assert [(item.source.item, _codes([item])) for item in pieces] == [
        (item.source.item, _codes([item])) for item in whole
    ]


def test_any_parser_may_say_where_its_files_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_BLOCK_BYTES", 50)
    cutter = units._Cutter(re.compile(rb"(?<=\n)PATN(?=\r?\n)|\APATN(?=\r?\n)"), 100)
    data = b"HHHHHT head\r\n" + b"".join(b"PATN\r\nWKU  %09d\r\nTTL  A PATN of PATN\r\n" % n for n in range(20))
    for at in range(0, len(data), 50):
        cutter.add(data[at : at + 50])
    cuts = cutter.finish()
    assert len(cuts) > 5
    assert all(data[start:].startswith(b"PATN\r\nWKU  %09d" % (item - 1)) for start, item in cuts[1:])
