"""Archives of every kind: opened in each other, within limits; what cannot be had is told, the rest is read."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from dokhae.parse.files.archives import Limits, Trouble
from dokhae.parse.files.packed import open_packed, packing_of
from dokhae.parse.files.tars import Tar, is_tar
from dokhae.parse.files.units import Unit, find, read
from dokhae.types import Rejected
from tests.packing import KIPRIS, PACKERS, outcomes, read_all, tarred, tarred_entry, zipped

WEEK = b"".join(b'<?xml version="1.0"?>\n<us-patent-grant><a>%d</a></us-patent-grant>\n' % n for n in range(200))


def _put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# ---- packed files


@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_file_is_read_under_its_own_name(tmp_path: Path, kind: str) -> None:
    items = read_all(_put(tmp_path / f"a.xml.{kind}", PACKERS[kind](KIPRIS)))
    assert outcomes(items) == ["read"]
    assert items[0].source.member == ""


@pytest.mark.parametrize("kind", PACKERS)
def test_several_packed_streams_one_after_the_other_are_one(tmp_path: Path, kind: str) -> None:
    data = PACKERS[kind](KIPRIS[:50]) + PACKERS[kind](KIPRIS[50:])
    assert outcomes(read_all(_put(tmp_path / "a", data))) == ["read"]


@pytest.mark.parametrize("kind", PACKERS)
def test_of_a_packed_file_that_breaks_off_the_documents_before_are_kept(tmp_path: Path, kind: str) -> None:
    line = b'{"title": "T", "abstract": "%s", "number": "%07d"}\n'
    packed = PACKERS[kind](b"".join(line % (os.urandom(5000).hex().encode(), 7_000_000 + n) for n in range(200)))
    for at in (0.3, 0.6, 0.9, 0.999):
        *found, last = outcomes(read_all(_put(tmp_path / "a", packed[: int(len(packed) * at)])))
        assert (set(found) - {"read"}, last) == (set(), "archive-broken")
        assert 200 * at - 95 <= len(found) <= 200  # bz2 unpacks 900 kB at once


@pytest.mark.parametrize("kind", PACKERS)
def test_a_packed_bomb_is_stopped(tmp_path: Path, kind: str) -> None:
    bomb = b"<?xml version='1.0'?><response><resultCode>00</resultCode>" + b" " * 5_000_000
    limits = Limits(ratio=100, ratio_from_bytes=100_000)
    assert outcomes(read_all(_put(tmp_path / "a", PACKERS[kind](bomb)), limits=limits)) == ["archive-bomb"]


def test_a_packed_file_is_never_taken_for_another_kind() -> None:
    for kind, pack in PACKERS.items():
        assert packing_of(pack(KIPRIS)) == kind
    assert packing_of(b"BZhang, an inventor") == ""


def test_an_xz_that_wants_a_gigabyte_of_memory_is_refused(tmp_path: Path) -> None:
    import lzma

    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 2**30}]
    header = lzma.compress(KIPRIS, filters=[{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 2**20}])
    try:
        data = lzma.compress(KIPRIS, filters=filters)
    except (MemoryError, lzma.LZMAError):
        pytest.skip("this machine cannot make one")
    assert outcomes(read_all(_put(tmp_path / "a.xz", data))) == ["archive-broken"]
    assert outcomes(read_all(_put(tmp_path / "b.xz", header))) == ["read"]


# ---- tar


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("kind", ["", *PACKERS])
def test_a_tar_is_read_plain_and_packed(tmp_path: Path, form: int, kind: str) -> None:
    data = tarred({"./a/1.xml": KIPRIS, "a/.hidden": b"x", "2.xml": KIPRIS, "3.xml": b""}, form)
    items = read_all(_put(tmp_path / "a", PACKERS[kind](data) if kind else data))
    assert outcomes(items) == ["read", "read", "file-empty"]
    assert [item.source.member for item in items] == ["a/1.xml", "2.xml", "3.xml"]


def test_each_member_of_a_plain_tar_is_a_unit_that_is_read_where_it_stands(tmp_path: Path) -> None:
    path = _put(tmp_path / "a.tar", tarred({f"{n}.xml": KIPRIS for n in range(5)}))
    units = [unit for unit in find([path]) if isinstance(unit, Unit)]
    assert [unit.member for unit in units] == [f"{n}.xml" for n in range(5)]
    assert outcomes([item for unit in reversed(units) for item in read(unit)]) == ["read"] * 5


def test_a_packed_tar_is_one_unit(tmp_path: Path) -> None:
    path = _put(tmp_path / "a.tgz", gzip.compress(tarred({f"{n}.xml": KIPRIS for n in range(5)})))
    assert [isinstance(unit, Unit) for unit in find([path])] == [True]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_korean_names_of_a_tar_are_whole(tmp_path: Path, form: int) -> None:
    names = ["가" * 60 + "/" + "나" * 80 + ".xml", "특허 공보.xml"]
    items = read_all(_put(tmp_path / "a.tar", tarred(dict.fromkeys(names, KIPRIS), form)))
    assert [item.source.member for item in items] == names
    assert outcomes(items) == ["read", "read"]


def test_names_of_korean_windows_are_readable(tmp_path: Path) -> None:
    data = tarred({"특허.xml": KIPRIS}, tarfile.GNU_FORMAT, "cp949")
    assert [item.source.member for item in read_all(_put(tmp_path / "a.tar", data))] == ["특허.xml"]


def test_a_tar_of_1979_is_known_by_its_checksum() -> None:
    block = bytearray(tarfile.TarInfo("a.xml").tobuf(tarfile.USTAR_FORMAT))
    block[257:265] = bytes(8)
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 8 * 32)
    assert is_tar(bytes(block))
    block[0] ^= 1
    assert not is_tar(bytes(block))


def test_a_sparse_member_has_its_holes(tmp_path: Path) -> None:
    """Old GNU form: a map of two pieces with a hole between them, which must come out as NUL."""
    first, last = KIPRIS.ljust(512), b" " * 512
    info = tarfile.TarInfo("1.xml")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 1024
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[386:434] = b"".join(b"%011o\0" % n for n in (0, 512, 4096, 512))
    header[483:495] = b"%011o\0" % 4608
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + sum(header[156:]) + 8 * 32)
    tar = Tar(io.BytesIO(bytes(header) + first + last + bytes(1024)), Limits())
    member = next(tar.members())
    assert not isinstance(member, Trouble)
    assert tar.open().read() == first + bytes(4096 - 512) + last


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (tarred_entry("l.xml", tarfile.SYMTYPE, "/etc/passwd"), "archive-link"),
        (tarred_entry("l.xml", tarfile.LNKTYPE, "2.xml"), "archive-link"),
        (tarred_entry("null.xml", tarfile.CHRTYPE), "archive-device"),
        (tarred_entry("pipe.xml", tarfile.FIFOTYPE), "archive-device"),
        (tarred_entry("../out.xml", tarfile.REGTYPE), "archive-path"),
        (tarred_entry("/etc/out.xml", tarfile.REGTYPE), "archive-path"),
        (tarred_entry("C:\\out.xml", tarfile.REGTYPE), "archive-path"),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_is_no_file_or_leads_out_of_a_tar_is_refused_and_the_next_is_read(
    tmp_path: Path, entry: bytes, code: str, is_packed: bool
) -> None:
    data = entry + tarred({"2.xml": KIPRIS})
    assert outcomes(read_all(_put(tmp_path / "a", gzip.compress(data) if is_packed else data))) == [code, "read"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_damaged_header_of_a_tar_costs_its_member_only(tmp_path: Path, is_packed: bool) -> None:
    data = bytearray(tarred({f"{n}.xml": KIPRIS for n in range(4)}, tarfile.USTAR_FORMAT))
    data[1024 + 5] ^= 0xFF  # the second member's name
    path = _put(tmp_path / "a", gzip.compress(bytes(data)) if is_packed else bytes(data))
    assert outcomes(read_all(path)) == ["read", "archive-broken", "read", "read"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_tar_that_breaks_off_keeps_the_members_before(tmp_path: Path, is_packed: bool) -> None:
    data = tarred({"1.xml": KIPRIS, "2.xml": WEEK}, tarfile.USTAR_FORMAT)[:6000]
    found = outcomes(read_all(_put(tmp_path / "a", gzip.compress(data) if is_packed else data)))
    assert found[0] == "read"
    assert "archive-broken" in found


def test_archives_one_after_the_other_in_a_tar_are_all_read(tmp_path: Path) -> None:
    data = tarred({"1.xml": KIPRIS}) + tarred({"2.xml": KIPRIS})
    assert outcomes(read_all(_put(tmp_path / "a.tar", data))) == ["read", "read"]


def test_an_empty_tar_says_so(tmp_path: Path) -> None:
    data = tarred_entry("folder/", tarfile.DIRTYPE) + bytes(1024)
    assert outcomes(read_all(_put(tmp_path / "a.tar", data))) == ["archive-empty"]


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_header_of_gigabytes_is_refused_before_it_is_held(kind: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 8 * 2**30
    tar = Tar(io.BytesIO(info.tobuf(tarfile.GNU_FORMAT) + bytes(2**20)), Limits())
    assert [str(member) for member in tar.members()] == ["archive-broken"]


def test_headers_without_end_are_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
    endless = (info.tobuf(tarfile.GNU_FORMAT) + b"x" + bytes(511)) * 3000
    started_s = time.process_time()
    assert set(outcomes(read_all(_put(tmp_path / "a.tar", endless)))) == {"archive-broken"}
    assert time.process_time() - started_s < 10


def test_too_many_members_of_a_tar_are_a_bomb(tmp_path: Path) -> None:
    path = _put(tmp_path / "a.tgz", gzip.compress(tarred({f"{n}.xml": KIPRIS for n in range(20)})))
    found = outcomes(read_all(path, limits=Limits(n_members=10)))
    assert found == ["read"] * 10 + ["archive-bomb"]


def test_no_damaged_byte_of_a_tar_is_an_exception(tmp_path: Path) -> None:
    data = tarred({"하나.jsonl": b"x", "가" * 100: KIPRIS}, tarfile.PAX_FORMAT)
    data += tarred({"나" * 100: KIPRIS}, tarfile.GNU_FORMAT)
    path = tmp_path / "a.tar"
    for at in range(0, len(data), 131):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        assert read_all(path)


def test_a_tar_of_many_members_is_cut_into_units_in_one_pass(tmp_path: Path) -> None:
    block = tarfile.TarInfo("a.jsonl")
    block.size = 100
    one = block.tobuf(tarfile.USTAR_FORMAT) + b"x" * 100 + bytes(412)
    path = _put(tmp_path / "a.tar", one * 5_000)
    started_s = time.process_time()
    assert sum(isinstance(unit, Unit) for unit in find([path])) == 5_000
    assert time.process_time() - started_s < 10


# ---- in each other


def test_archives_of_different_kinds_lie_in_each_other(tmp_path: Path) -> None:
    inner = tarred({"x.xml": KIPRIS, "y.xml.xz": PACKERS["xz"](KIPRIS)})
    data = zipped({"in.tar.bz2": PACKERS["bz2"](inner), "in.tar": inner, "z.zst": PACKERS["zst"](KIPRIS)})
    items = read_all(_put(tmp_path / "a.zip", data))
    assert outcomes(items) == ["read"] * 5
    assert [item.source.member for item in items] == [
        "in.tar.bz2!/x.xml", "in.tar.bz2!/y.xml.xz", "in.tar!/x.xml", "in.tar!/y.xml.xz", "z.zst"
    ]  # fmt: skip


def test_a_zip_in_a_packed_tar_is_opened(tmp_path: Path) -> None:
    data = gzip.compress(tarred({"a.zip": zipped({"1.xml": KIPRIS, "2.xml": KIPRIS})}))
    items = read_all(_put(tmp_path / "a.tgz", data))
    assert [item.source.member for item in items] == ["a.zip!/1.xml", "a.zip!/2.xml"]


@pytest.mark.parametrize("pack", [lambda d: tarred({"in": d}), PACKERS["gz"], lambda d: zipped({"in": d})])
def test_three_levels_are_opened_and_four_are_not(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    data = KIPRIS
    for _ in range(3):
        data = pack(data)
    assert outcomes(read_all(_put(tmp_path / "three", data))) == ["read"]
    assert outcomes(read_all(_put(tmp_path / "four", pack(data)))) == ["archive-too-deep"]


# ---- what is not opened, and what is left of a zip


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"Rar!\x1a\x07\x01\x00", "rar"), (b"ALZ\x01\x0a", "alz"), (b"EGGA\x00\x01", "egg"), (b"MSCF\0\0\0\0", "cab"),
     (b"\x22\x31-lh5-", "lzh"), (b"PK\x07\x08PK\x03\x04", "zip in several parts")],
)  # fmt: skip
def test_other_archives_are_refused_by_name(tmp_path: Path, head: bytes, kind: str) -> None:
    [found] = read_all(_put(tmp_path / "a", head + bytes(600)))
    assert isinstance(found, Rejected)
    assert (found.code, dict(found.values)) == ("archive-unsupported", {"kind": kind})


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_zip_without_its_end_gives_the_members_that_are_whole(tmp_path: Path, method: int, is_streamed: bool) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not is_streamed

        def seek(self, *place: int) -> int:
            if is_streamed:
                raise OSError("a pipe")
            return super().seek(*place)

    held = Pipe()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name in ("1.xml", "특허.xml", ".hidden", "3.xml"):
            archive.writestr(name, KIPRIS)
    data = held.getvalue()
    found = read_all(_put(tmp_path / "a.zip", data[: data.index(b"PK\x01\x02") - 60]))
    if is_streamed and method == zipfile.ZIP_STORED:  # where each ends is told nowhere but in the lost directory
        assert outcomes(found) == ["archive-method", "archive-broken"]
        return
    assert outcomes(found) == ["read", "read", "archive-broken", "archive-broken"]
    assert [item.source.member for item in found] == ["1.xml", "특허.xml", "3.xml", ""]


def test_of_a_broken_workbook_no_member_is_taken_for_a_file(tmp_path: Path) -> None:
    data = zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"})
    assert outcomes(read_all(_put(tmp_path / "a.xlsx", data[:-30]))) == ["archive-broken"]


def test_a_member_without_a_name_is_read(tmp_path: Path) -> None:
    named, nameless = struct.pack("<HH", 1, 0) + b"a", struct.pack("<HH", 0, 1) + b"x"
    data = zipped({"a": KIPRIS, "b.xml": KIPRIS}).replace(named, nameless)
    at = data.index(b"PK\x01\x02")
    data = data[: at + 28] + struct.pack("<HH", 0, 1) + data[at + 32 :]
    assert outcomes(read_all(_put(tmp_path / "a.zip", data))) == ["read", "read"]


def test_a_disk_that_fails_is_no_damage_of_the_archive() -> None:
    class Disk(io.BytesIO):
        def read(self, n_bytes: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output error") as raised:
        open_packed("bz2", Disk(b"x"), Limits()).read()
    assert not isinstance(raised.value, Trouble)


def test_an_encrypted_member_without_directory_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"1.xml": KIPRIS}))
    struct.pack_into("<H", data, 6, 1)
    path = _put(tmp_path / "a.zip", bytes(data[: data.index(b"PK\x01\x02")]))
    assert outcomes(read_all(path)) == ["archive-encrypted", "archive-broken"]
