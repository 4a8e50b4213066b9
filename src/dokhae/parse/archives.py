"""Archives without trust: zip and gz -> streams that stop at a limit while they inflate.

In: a seekable binary stream.  Out: member names that are safe to name, and streams of their bytes.  Never writes a
file, never believes the sizes an archive states: what comes out is counted as it comes.  What is refused raises
``Trouble`` with the code of its message (encrypted, broken, bomb, path, link, method).
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
GZ_MAGIC = b"\x1f\x8b"
# formats people send that this package does not open
_OTHER_MAGIC = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"BZh": "bz2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zst",
    b"ALZ\x01": "alz",
    b"EGGA": "egg",
}
# what zipfile and gzip raise for damaged bytes; ValueError: a name that is no UTF-8, a place before the file
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OSError)
_CHUNK_BYTES = 64 * 1024
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far reading goes.  Generous for what offices ship (a week of US grants: 1 GB in one member of a zip).

    ratio: bytes out per byte in, once more than ratio_from_bytes are out.  nested_bytes: an archive inside an archive
    and a workbook are held in memory.  range_bytes: size of the pieces long files are cut into for several workers.
    """

    ratio: int = 200
    ratio_from_bytes: int = 64 * 2**20
    member_bytes: int = 16 * 2**30
    nested_bytes: int = 256 * 2**20
    n_members: int = 500_000
    depth: int = 3
    range_bytes: int = 4 * 2**20


class Trouble(OSError):
    """Bytes that cannot be had.  ``code`` and ``values`` make the ``Rejected``."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a zip: its place in the directory, its name in readable letters, why it is refused or ""."""

    place: int
    info: zipfile.ZipInfo
    name: str
    refused: str = ""


def other_archive(head: bytes) -> str:
    """The name of an archive format that is not opened here, "" where ``head`` starts none."""
    if head[257:262] == b"ustar":
        return "tar"
    return next((name for magic, name in _OTHER_MAGIC.items() if head.startswith(magic)), "")


def open_zip(file: str | BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory read.  Raises Trouble where it is broken, too full, or its members share bytes."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError) as broken:
        raise Trouble("archive-broken", reason=broken) from broken
    infos = archive.infolist()
    if len(infos) > limits.n_members:
        archive.close()
        raise Trouble("archive-bomb", reason=f"{len(infos)} members")
    if infos and sum(info.compress_size for info in infos) > archive.start_dir:
        archive.close()
        raise Trouble("archive-bomb", reason="members share the same bytes")
    return archive


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a spreadsheet (XLSX, XLSB, ODS) rather than an archive of files.  Raises Trouble."""
    names = set(archive.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return True
    if not {"content.xml", "mimetype"} <= names:
        return False
    with _failures_told(), archive.open("mimetype") as mimetype:
        return b"spreadsheet" in mimetype.read(100)


def is_office_file(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a document of an office program (DOCX, HWPX, PPTX, XLSX, EPUB)."""
    return bool({"[Content_Types].xml", "mimetype"} & set(archive.namelist()))


def members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The files of a zip in its own order, folders and hidden ones left out."""
    for place, info in enumerate(archive.infolist()):
        name = _readable_name(info)
        parts = name.split("/")
        if info.is_dir() or parts[0] == "__MACOSX" or any(p.startswith(".") and p not in {".", ".."} for p in parts):
            continue
        yield Member(place, info, name, _why_refused(info, name, parts))


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> BinaryIO:
    """The bytes of one member, counted as they inflate.  Raises Trouble, now or while it is read."""
    with _failures_told():
        raw = archive.open(info)
    return _guarded(cast(BinaryIO, raw), lambda: info.compress_size, limits)


def open_gz(stream: BinaryIO, limits: Limits) -> BinaryIO:
    """The bytes a gz holds, counted as they inflate."""
    meter = _Meter(stream)
    return _guarded(cast(BinaryIO, gzip.GzipFile(mode="rb", fileobj=meter)), lambda: meter.n_read, limits)


def hold(stream: BinaryIO, limits: Limits) -> io.BytesIO:
    """All bytes of ``stream`` in memory.  Raises Trouble beyond ``limits.nested_bytes``."""
    held = io.BytesIO()
    while chunk := stream.read(_CHUNK_BYTES):
        if held.tell() + len(chunk) > limits.nested_bytes:
            raise Trouble("archive-too-large", limit_mb=limits.nested_bytes // 2**20)
        held.write(chunk)
    held.seek(0)
    return held


def check_inflates(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises Trouble if the members together inflate beyond the limits: for readers that inflate on their own."""
    total = 0
    for info in archive.infolist():
        with open_member(archive, info, limits) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                total += len(chunk)
                if total > limits.nested_bytes * 2:
                    raise Trouble("archive-bomb", reason=f"more than {limits.nested_bytes * 2 // 2**20} MB")


def put_back(head: bytes, rest: BinaryIO) -> BinaryIO:
    """A stream that gives ``head``, which was taken from it already, and then the rest."""
    return io.BufferedReader(_PutBack(head, rest), _CHUNK_BYTES)


@contextmanager
def _failures_told() -> Iterator[None]:
    """Turns every way in which damaged or locked bytes fail into Trouble."""
    try:
        yield
    except Trouble:
        raise
    except NotImplementedError as method:  # a RuntimeError to Python: before it
        raise Trouble("archive-method", reason=method) from method
    except RuntimeError as encrypted:
        raise Trouble("archive-encrypted") from encrypted
    except _BROKEN as broken:
        raise Trouble("archive-broken", reason=broken) from broken


class _Meter:
    """What a gz is read from: counts the packed bytes taken, also where the stream cannot tell its place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.n_read = 0

    def read(self, n_bytes: int = -1) -> bytes:
        data = self._stream.read(n_bytes)
        self.n_read += len(data)
        return data

    def seek(self, at: int) -> int:
        raise io.UnsupportedOperation("a gz is read once, from its start")


class _PutBack(io.RawIOBase):
    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data, self._head = self._head[: len(view)], self._head[len(view) :]
        data = data or self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)


class _Counted(io.RawIOBase):
    """A stream that counts what it gives and turns every way of failing into Trouble."""

    def __init__(self, inner: BinaryIO, n_consumed: Callable[[], int], limits: Limits) -> None:
        super().__init__()
        self._inner = inner
        self._n_consumed = n_consumed
        self._limits = limits
        self._n_given = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._n_given

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        with _failures_told():
            data = self._inner.read(len(view))
        view[: len(data)] = data
        self._n_given += len(data)
        self._check()
        return len(data)

    def _check(self) -> None:
        if self._n_given > self._limits.member_bytes:
            raise Trouble("archive-bomb", reason=f"more than {self._limits.member_bytes // 2**30} GB")
        consumed = max(1, self._n_consumed())
        if self._n_given > self._limits.ratio_from_bytes and self._n_given > consumed * self._limits.ratio:
            raise Trouble("archive-bomb", reason=f"inflates more than {self._limits.ratio} times")

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def _guarded(inner: BinaryIO, n_consumed: Callable[[], int], limits: Limits) -> BinaryIO:
    return io.BufferedReader(_Counted(inner, n_consumed, limits), _CHUNK_BYTES)


def _readable_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Korean Windows writes cp949 without saying so."""
    name = info.orig_filename.split("\0")[0]
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp949")
    return name.replace("\\", "/")


def _why_refused(info: zipfile.ZipInfo, name: str, parts: list[str]) -> str:
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        return "archive-path"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "archive-link"
    return "archive-encrypted" if info.flag_bits & 0x1 else ""
