"""Tar archives -> members and streams of their bytes, read forward once.

In: a binary stream (plain, or unpacked as it comes).  Out: ``TarMember``s with readable names, and the bytes of each,
guarded (archives.py); old, ustar, PAX and GNU headers, sparse members included.  A damaged header costs the members
up to the next sound one, which is looked for; the damage is told.  Never goes back, never writes a file, never holds
more than one header.  The format is Python's own tarfile's; what is ours is distrust: headers of more than a budget,
places that lead backward and headers without end are refused.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from dokhae.parse.files.archives import CHUNK_BYTES, Limits, Trouble, failures_told, guarded, is_hidden, leads_out

_BLOCK = tarfile.BLOCKSIZE
_CHECKSUM = slice(148, 156)
_IS_CHECKSUM = re.compile(rb"[ 0-7]{1,7}[ 0-7\0]{1,7}")
_HEADER_BYTES = 4 * 2**20  # long names, PAX records and maps of sparse members of one member together
# headers that name no file: the label of a volume, GNU's lists of folders
_NO_FILE = frozenset({b"V", b"D", b"N"})


@dataclass(frozen=True, slots=True)
class TarMember:
    """One file of a tar.  place: its ordinal; at: where its header begins; refused: why it is not read, or ""."""

    place: int
    at: int
    name: str
    size: int
    refused: str = ""


def is_tar(head: bytes) -> bool:
    """Whether ``head`` starts a tar of any age: its first block has the checksum of a header.

    >>> is_tar(tarfile.TarInfo("a.xml").tobuf()), is_tar(b"no header" * 100)
    (True, False)
    """
    return _is_header(head[:_BLOCK])


class Tar:
    """A tar as it is read.  Members come in order; the bytes of one can be had until the next is asked for."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = _Forward(stream)
        self._limits = limits
        self._file: tarfile.TarFile | None = None
        self._info: tarfile.TarInfo | None = None

    def members(self) -> Iterator[TarMember | Trouble]:
        """The files, folders and hidden ones left out; damage as ``Trouble``, after which sound members follow."""
        for place, info in enumerate(self._headers()):
            if isinstance(info, Trouble):
                yield info
                continue
            if place >= self._limits.n_members:
                yield Trouble("archive-bomb", reason=f"more than {self._limits.n_members} members")
                return
            name = _readable_name(info.name) or "?"
            if not info.isdir() and info.type not in _NO_FILE and not is_hidden(name):
                self._info = info
                yield TarMember(place, info.offset, name, info.size, _why_refused(info, name))

    def open(self) -> BinaryIO:
        """The bytes of the member given last, counted.  Raises Trouble, now or while it is read."""
        started_at = self._stream.tell()
        with failures_told():
            file, info = self._file, self._info
            raw = file.extractfile(info) if file is not None and info is not None else None
            if raw is None:
                raise Trouble("archive-broken", reason="no bytes")
        return guarded(cast(BinaryIO, _Told(raw)), lambda: self._stream.tell() - started_at, self._limits)

    def _headers(self) -> Iterator[tarfile.TarInfo | Trouble]:
        while True:
            try:
                info = self._next()
            except Trouble as trouble:
                yield trouble
                info = None
            if info is not None:
                yield info
            elif not self._find_header():
                return

    def _next(self) -> tarfile.TarInfo | None:
        """The next header; None at the end and before bytes that are none (those raise Trouble)."""
        self._stream.grant(_HEADER_BYTES)
        try:
            with failures_told():
                info = self._next_of_file()
        except tarfile.TarError as broken:
            self._file = None
            raise Trouble("archive-broken", reason=broken) from broken
        except (Trouble, LookupError, TypeError) as broken:
            self._file = None
            raise broken if isinstance(broken, Trouble) else Trouble("archive-broken", reason=broken) from broken
        finally:
            self._stream.grant(None)
        if info is None:
            self._file = None
            if self._stream.last_block.strip(b"\0"):
                raise Trouble("archive-broken", reason="a header is damaged")
        return info

    def _next_of_file(self) -> tarfile.TarInfo | None:
        if self._file is None:
            try:
                self._file = tarfile.TarFile(
                    fileobj=cast(IO[bytes], self._stream), encoding="utf-8", errors="surrogateescape"
                )
            except tarfile.ReadError:
                if self._stream.last_block.strip(b"\0"):
                    raise
                return None
        info = self._file.next()
        self._file.members.clear()  # type: ignore[attr-defined]  # it remembers every header
        return info

    def _find_header(self) -> bool:
        """Goes to the next sound header, past the end of one archive to the next appended to it."""
        try:
            while block := self._stream.read_block():
                if _is_header(block):
                    self._stream.give_back(block)
                    return True
        except OSError:
            pass  # told already
        return False


class _Forward:
    """What tarfile reads from: any stream, forward only; what a header takes is counted against what it was granted."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._is_seekable = stream.seekable()
        self._at = stream.tell() if self._is_seekable else 0
        self._begins_at = self._at
        self._given_back = b""
        self._granted: int | None = None
        self.last_block = b""

    def grant(self, n_bytes: int | None) -> None:
        """How much may be read until the next grant; None: what is read is no header."""
        self._granted = n_bytes

    def tell(self) -> int:
        return self._at

    def seek(self, at: int) -> int:
        if at < self._at:
            raise Trouble("archive-broken", reason="members overlap")
        if self._is_seekable and not self._given_back:
            self._at = self._stream.seek(at)
            return self._at
        while self._at < at and self._take(min(at - self._at, CHUNK_BYTES)):
            pass
        return self._at

    def read(self, n_bytes: int) -> bytes:
        if self._granted is not None:
            self._granted -= n_bytes
            if self._granted < 0 or n_bytes < 0:
                raise Trouble("archive-broken", reason="a header without end")
        data = self._take(n_bytes)
        if n_bytes == _BLOCK:
            self.last_block = data
        return data

    def read_block(self) -> bytes:
        """The next whole block, at a place that is a multiple of the size of blocks."""
        self.seek(self._at + (self._begins_at - self._at) % _BLOCK)
        block = self._take(_BLOCK)
        return block if len(block) == _BLOCK else b""

    def give_back(self, data: bytes) -> None:
        self._given_back = data + self._given_back
        self._at -= len(data)

    def _take(self, n_bytes: int) -> bytes:
        data, self._given_back = self._given_back[:n_bytes], self._given_back[n_bytes:]
        while len(data) < n_bytes and (more := self._stream.read(n_bytes - len(data))):
            data += more
        self._at += len(data)
        return data


class _Told:
    """The bytes of a member; tarfile's own errors become those the rest of the room knows."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def read(self, n_bytes: int) -> bytes:
        try:
            # one piece at a time: what lies before a damage is given
            return self._raw.read1(n_bytes)  # type: ignore[attr-defined,no-any-return]
        except tarfile.TarError as broken:
            raise EOFError(str(broken)) from broken

    def close(self) -> None:
        self._raw.close()


def _is_header(block: bytes) -> bool:
    if len(block) != _BLOCK or not _IS_CHECKSUM.fullmatch(block[_CHECKSUM]):
        return False  # cheap, and true of nearly every block
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError, OverflowError):
        return False
    return True


def _readable_name(name: str) -> str:
    """The member's name; Korean tools on Windows write cp949, which tarfile keeps as odd bytes.

    >>> _readable_name("./특허.xml".encode("cp949").decode("utf-8", "surrogateescape"))
    '특허.xml'
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")
        name = raw.decode("cp949", "surrogateescape")
    return name.replace("\\", "/").removeprefix("./") if name not in {"", "."} else name


def _why_refused(info: tarfile.TarInfo, name: str) -> str:
    if leads_out(name):
        return "archive-path"
    if info.islnk() or info.issym():
        return "archive-link"
    return "archive-device" if info.isdev() else ""
