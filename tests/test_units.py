"""Finding files safely: every trap ends in a Rejected with its code, everything else is read."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from dokhae.errors import InputError
from dokhae.messages import say
from dokhae.parse.files import units
from dokhae.parse.files.archives import Limits, Trouble
from dokhae.parse.files.packed import open_packed
from dokhae.parse.files.paths import open_file
from dokhae.parse.files.units import Unit, find, read
from dokhae.types import Document, Rejected
from tests.packing import KIPRIS, outcomes, read_all, tarred, zipped

LINE = (
    b'{"title": "Lens", "abstract": "A lens.", "number": "%08d", "publication_date": "20100104", "description": "D."}\n'
)


def _line(n: int) -> bytes:
    return LINE % n


def _zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return path


def _damaged(data: bytes, name: bytes) -> bytes:
    """The zip with the name of its first member, which says it is UTF-8, made not UTF-8 before the member."""
    assert data.startswith(b"PK\x03\x04")
    return data.replace(name, b"\xff" + name[1:], 1)


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
    assert outcomes(read_all(tmp_path)) == ["file-empty", "format-unknown", "not-a-patent-file", "not-a-patent-file"]


def test_json_of_no_known_form_is_no_note(tmp_path: Path) -> None:
    (tmp_path / "claims.json").write_text(
        '{"document_id": {"country": "EP"}, "claims": [{"number": 1}]}', encoding="utf8"
    )
    assert outcomes(read_all(tmp_path)) == ["format-unknown"]


def test_an_unreadable_file_is_rejected_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "1.xml").write_bytes(KIPRIS)
    (tmp_path / "2.xml").write_bytes(KIPRIS)
    really_open = open_file

    def locked(path: str | Path) -> BinaryIO:
        if Path(path).name == "1.xml":
            raise PermissionError(13, "Permission denied")
        return really_open(path)

    monkeypatch.setattr(units, "open_file", locked)
    items = read_all(tmp_path)
    assert outcomes(items) == ["file-unreadable", "read"]
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
    assert outcomes(list(read(unit))) == ["file-unreadable"]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "1.xml").write_bytes(KIPRIS)
    try:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links")
    assert outcomes(read_all(tmp_path)) == ["folder-link", "read"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def test_pipes_and_devices_are_rejected_wherever_they_are_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "zero.xml").symlink_to("/dev/zero")
    (tmp_path / "loop.xml").symlink_to("loop.xml")
    (tmp_path / "ok.xml").write_bytes(KIPRIS)
    items = read_all(tmp_path, tmp_path / "pipe.xml", Path("/dev/null"))
    assert sorted(outcomes(items)) == ["file-unreadable"] * 5 + ["read"]


ODD_NAMES = [
    "new\nline.xml", "tab\t.xml", "q'u\"o`te.xml", "-rf.xml", "--help", " blank .xml ", "dot..", "🜚🚀.xml",
    "e\u0301.xml", "\u00e9.xml", "\u202egro.xml", "CON", "nul.xml", "a:b*?<>|.xml", "%s{path}{0}.xml",
    "\\back\\slash.xml",
    "\x7f\x1b[31m.xml", "가" * 80 + ".xml", "x" * 251 + ".xml", "bad\udcff\udc80.xml", "\u3164.xml", "$(x);&.xml",
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_files_of_every_name_are_read_and_their_names_kept(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    made = []
    for name in ODD_NAMES:
        try:
            (tmp_path / "in" / name).write_bytes(KIPRIS)
        except OSError:
            continue  # this disk has no such name
        made.append(name)
    assert len(made) > 15
    items = read_all(tmp_path / "in")
    assert outcomes(items) == ["read"] * len(made)
    assert [item.source.path for item in items] == [str(tmp_path / "in" / name) for name in sorted(made)]


@pytest.mark.skipif(os.name == "nt", reason="needs a path of one kind")
def test_folders_of_any_depth_are_walked(tmp_path: Path) -> None:
    at = str(tmp_path)
    for _ in range(1100):  # more than functions may call each other
        at += "/d"
        os.mkdir(at)
    Path(at, "1.xml").write_bytes(KIPRIS)
    found = outcomes(read_all(tmp_path))
    os.unlink(at + "/1.xml")
    while at != str(tmp_path):  # what cleans up after tests cannot go so deep
        os.rmdir(at)
        at = at.rpartition("/")[0]
    assert found == ["read"]


def test_a_name_no_system_knows_is_missing_not_an_exception(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 5000):
        with pytest.raises(InputError) as raised:
            find([tmp_path / name])
        assert raised.value.code == "path-missing"


# ---- files that change


def _unit(path: Path) -> Unit:
    [unit] = find([path])
    assert isinstance(unit, Unit)
    return unit


def test_a_file_that_changed_since_it_was_found_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_line(1))
    unit = _unit(path)
    path.write_bytes(_line(1) + _line(2))
    [found] = read(unit)
    assert isinstance(found, Rejected)
    assert (found.code, found.stage) == ("file-changed-while-read", "find")


def test_a_file_that_changes_under_the_reader_is_told_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(map(_line, range(5000))))
    reading = read(_unit(path))
    first = next(reading)
    path.write_bytes(b"".join(map(_line, range(4000))))
    assert isinstance(first, Document)
    assert outcomes(list(reading))[-1] == "file-changed-while-read"


def test_a_file_that_was_touched_but_holds_what_it_held_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_line(1))
    unit = _unit(path)
    os.utime(path, ns=(1, 1))
    assert outcomes(list(read(unit))) == ["read"]


def test_bytes_exchanged_for_as_many_others_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_line(1))
    unit = _unit(path)
    path.write_bytes(_line(2))
    os.utime(path, ns=(1, 1))
    assert outcomes(list(read(unit))) == ["file-changed-while-read"]


@pytest.mark.parametrize("kind", ["zip", "tar", "range"])
def test_each_piece_of_a_file_that_changed_says_so(tmp_path: Path, kind: str) -> None:
    members = {f"{n}.xml": KIPRIS for n in range(3)}
    make: Callable[[dict[str, bytes]], bytes] = {
        "zip": zipped,
        "tar": tarred,
        "range": lambda _: b"".join(map(_line, range(30))),
    }[kind]
    path = tmp_path / "a"
    path.write_bytes(make(members))
    found = [unit for unit in find([path], limits=Limits(range_bytes=1000)) if isinstance(unit, Unit)]
    assert len(found) >= 3
    assert set(outcomes(list(read(found[0])))) == {"read"}
    path.write_bytes(make(members) + b" ")
    assert [outcomes(list(read(unit))) for unit in found[1:]] == [["file-changed-while-read"]] * (len(found) - 1)


def test_a_file_that_grows_while_it_is_looked_at_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_line(1))
    really_scan = units._scan

    def growing(*args: Any) -> Any:
        scanned = really_scan(*args)
        path.write_bytes(_line(1) * 2)
        return scanned

    monkeypatch.setattr(units, "_scan", growing)
    [found] = find([path])
    assert isinstance(found, Rejected)
    assert (found.code, found.stage) == ("file-changed-while-read", "find")


def test_a_disk_that_fails_while_a_file_is_read_is_tried_again_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_line(1))
    unit = _unit(path)

    class Disk(io.BytesIO):
        def read(self, n_bytes: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(units, "_stream_of", lambda *_: Disk())
    [found] = read(unit)
    assert isinstance(found, Rejected)
    assert (found.code, found.stage) == ("file-unreadable", "find")


# ---- archives


def test_each_member_of_a_zip_is_a_unit_with_the_hash_of_the_zip(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"1.xml": KIPRIS, "sub/2.xml": KIPRIS, "__MACOSX/._1.xml": b"x"})
    found = [unit for unit in find([tmp_path]) if isinstance(unit, Unit)]
    assert [unit.member for unit in found] == ["1.xml", "sub/2.xml"]
    assert len({unit.sha256 for unit in found}) == 1
    assert outcomes(read_all(tmp_path)) == ["read", "read"]


def test_korean_names_of_members_are_readable(tmp_path: Path) -> None:
    # what Korean Windows writes: cp949 bytes, no flag
    data = zipped({"AAAA.xml": KIPRIS}).replace(b"AAAA.xml", "특허".encode("cp949") + b".xml")
    (tmp_path / "a.zip").write_bytes(data)
    items = read_all(tmp_path)
    assert [item.source.member for item in items] == ["특허.xml"]
    assert outcomes(items) == ["read"]


def test_gz_and_archives_inside_archives_are_opened(tmp_path: Path) -> None:
    inner = zipped({"x.xml": KIPRIS, "y.xml.gz": gzip.compress(KIPRIS)})
    _zip(tmp_path / "a.zip", {"inner.zip": inner})
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(KIPRIS))
    items = read_all(tmp_path)
    assert outcomes(items) == ["read", "read", "read"]
    assert [item.source.member for item in items] == ["inner.zip!/x.xml", "inner.zip!/y.xml.gz", ""]


def test_archives_too_deep_are_not_opened(tmp_path: Path) -> None:
    data = KIPRIS
    for _ in range(5):
        data = zipped({"in": data})
    (tmp_path / "a.zip").write_bytes(data)
    assert outcomes(read_all(tmp_path)) == ["archive-too-deep"]


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "C:\\evil.xml", "a/../../evil.xml", "..\\evil.xml"])
def test_a_member_that_leads_out_is_refused_and_the_others_go_on(tmp_path: Path, name: str) -> None:
    _zip(tmp_path / "a.zip", {name: KIPRIS, "good.xml": KIPRIS})
    assert outcomes(read_all(tmp_path)) == ["archive-path", "read"]


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert outcomes(read_all(tmp_path)) == ["archive-link"]


def test_an_encrypted_member_is_rejected(tmp_path: Path) -> None:
    data = bytearray(zipped({"1.xml": KIPRIS}))
    at = data.index(b"PK\x01\x02")
    for flags in (6, at + 8):
        struct.pack_into("<H", data, flags, struct.unpack_from("<H", data, flags)[0] | 1)
    (tmp_path / "a.zip").write_bytes(data)
    assert outcomes(read_all(tmp_path)) == ["archive-encrypted"]


def test_a_broken_archive_and_a_broken_member_are_rejected(tmp_path: Path) -> None:
    whole = zipped({"1.xml": KIPRIS, "2.xml": KIPRIS})
    (tmp_path / "cut.zip").write_bytes(whole[:-40])
    spoiled = bytearray(whole)
    spoiled[45:60] = b"\xff" * 15
    (tmp_path / "spoiled.zip").write_bytes(spoiled)
    (tmp_path / "x.xml.gz").write_bytes(gzip.compress(os.urandom(5000) + KIPRIS)[:-2000])
    assert outcomes(read_all(tmp_path)) == [
        "read",
        "read",
        "archive-broken",
        "archive-broken",
        "read",
        "archive-broken",
    ]


def test_other_archives_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(50))
    items = read_all(tmp_path)
    assert outcomes(items) == ["archive-unsupported"]
    assert isinstance(items[0], Rejected)
    assert dict(items[0].values) == {"kind": "7z"}


def test_a_bomb_is_stopped_while_it_inflates_whatever_its_header_says(tmp_path: Path) -> None:
    limits = Limits(ratio=100, ratio_from_bytes=100_000, nested_bytes=2_000_000)
    bomb = b"<?xml version='1.0'?><response><resultCode>00</resultCode>" + b" " * 20_000_000
    _zip(tmp_path / "a.zip", {"1.xml": bomb, "2.xml": KIPRIS})
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(bomb))
    assert outcomes(read_all(tmp_path, limits=limits)) == ["archive-bomb", "read", "archive-bomb"]


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    data = zipped({"1.xml": os.urandom(3000), "2.xml": b"x"})
    at = data.rindex(b"PK\x01\x02")
    (tmp_path / "a.zip").write_bytes(data[: at + 20] + struct.pack("<I", 3000) + data[at + 24 :])
    assert outcomes(read_all(tmp_path)) == ["archive-bomb"]


def test_a_workbook_that_would_inflate_without_end_is_not_given_to_its_reader(tmp_path: Path) -> None:
    members = {"[Content_Types].xml": b"x", "xl/workbook.xml": b" " * 5_000_000}
    _zip(tmp_path / "a.xlsx", members)
    assert outcomes(read_all(tmp_path, limits=Limits(nested_bytes=1_000_000))) == ["archive-bomb"]


def test_reading_writes_nothing(tmp_path: Path) -> None:
    _zip(tmp_path / "a.zip", {"../evil.xml": KIPRIS, "good.xml": KIPRIS, "in.zip": zipped({"x.xml": KIPRIS})})
    before = sorted(tmp_path.rglob("*")), sorted(tmp_path.parent.iterdir())
    read_all(tmp_path)
    assert (sorted(tmp_path.rglob("*")), sorted(tmp_path.parent.iterdir())) == before


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
    items = read_all(tmp_path, limits=Limits(range_bytes=1000))
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
    broken = open_packed("gz", io.BytesIO(gzip.compress(b"x" * 1000)[:-10]), Limits())
    with pytest.raises(Trouble, match="archive-broken"):
        broken.read()


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_damaged_member_costs_no_other_member(tmp_path: Path, is_nested: bool) -> None:
    """One byte of a name: zipfile raises UnicodeDecodeError when the member is opened."""
    name = "하나.jsonl"
    data = _damaged(zipped({name: _line(1), "b.jsonl": _line(2)}), name.encode())
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"inner.zip": data}) if is_nested else data)
    broken, read_after = read_all(path)
    assert outcomes([broken, read_after]) == ["archive-broken", "read"]


def test_no_damaged_byte_of_an_archive_is_an_exception(tmp_path: Path) -> None:
    sheet = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    data = zipped({"하나.jsonl": _line(1), "n.zip": zipped({"b.jsonl": _line(2)}), "t.ods": zipped(sheet)})
    path = tmp_path / "a.zip"
    for at in range(0, len(data), 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        assert read_all(path)


def test_a_method_nobody_knows_is_not_taken_for_a_password(tmp_path: Path) -> None:
    data = zipped({"a.jsonl": _line(1), "b.jsonl": _line(2)})
    at = data.index(b"PK\x01\x02") + 10
    path = tmp_path / "a.zip"
    path.write_bytes(data[:at] + struct.pack("<H", 77) + data[at + 2 :])
    assert outcomes(read_all(path)) == ["archive-method", "read"]


@pytest.mark.parametrize("lead", [b"", b"\n \n", b"<!-- a note -->\n"])
def test_pieces_count_documents_as_the_whole_file_does(tmp_path: Path, lead: bytes) -> None:
    one = b'<?xml version="1.0"?>\n<us-patent-grant><a>%d</a></us-patent-grant>\n'
    (tmp_path / "week.xml").write_bytes(lead + b"".join(one % n for n in range(30)))
    whole, pieces = read_all(tmp_path), read_all(tmp_path, limits=Limits(range_bytes=200))
    assert [(item.source.item, outcomes([item])) for item in pieces] == [
        (item.source.item, outcomes([item])) for item in whole
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
