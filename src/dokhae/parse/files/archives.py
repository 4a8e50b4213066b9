"""Archives without trust: what all kinds of them have in common.

In: streams of packed bytes.  Out: streams that stop at a limit while they inflate, and member names that are safe to
name.  Never writes a file, never believes the sizes an archive states: what comes out is counted as it comes.  What is
refused raises ``Trouble`` with the code of its message.  One module a kind: ``zips``, ``tars``, ``packed`` (gz, bz2,
xz, zst); ``salvage`` reads a zip whose end is missing.
"""

from __future__ import annotations

import errno
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

CHUNK_BYTES = 64 * 1024
# a single read of more than this wants the whole and would take what lies before a damage for it
_WHOLE_BYTES = 4 * 2**20
# formats people send that this package does not open
_OTHER_MAGIC = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"ALZ\x01": "alz",
    b"EGGA": "egg",
    b"MSCF\0\0\0\0": "cab",
    b"PK\x07\x08PK": "zip in several parts",
    b"LZIP": "lz",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x1f\x9d": "Z",
    b"xar!": "xar",
    b"!<arch>\n": "ar",
}
_LZH = re.compile(rb".{2}-l[hz][0-9ds]-", re.S)
# what the libraries raise for damaged bytes; ValueError: a name that is no UTF-8, a place before the file
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, OverflowError)
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far reading goes.  Generous for what offices ship (a week of US grants: 1 GB in one member of a zip).

    ratio: bytes out per byte in, once more than ratio_from_bytes are out.  nested_bytes: a zip inside an archive and
    a workbook are held in memory.  depth: archives inside archives (a tar.gz is one).  range_bytes: size of the
    pieces long files are cut into for several workers.
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


def other_archive(head: bytes) -> str:
    """The name of an archive format that is not opened here, "" where ``head`` starts none."""
    if _LZH.match(head):
        return "lzh"
    return next((name for magic, name in _OTHER_MAGIC.items() if head.startswith(magic)), "")


def is_hidden(name: str) -> bool:
    """Whether a member is left out without a word, as hidden files in folders are."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or any(p.startswith(".") and p not in {".", ".."} for p in parts)


def leads_out(name: str) -> bool:
    """Whether a member's name would lead out of a folder it is unpacked in."""
    return name.startswith("/") or _DRIVE.match(name) is not None or ".." in name.split("/")


def hold(stream: BinaryIO, limits: Limits) -> io.BytesIO:
    """All bytes of ``stream`` in memory.  Raises Trouble beyond ``limits.nested_bytes``."""
    held = io.BytesIO()
    while chunk := stream.read(CHUNK_BYTES):
        if held.tell() + len(chunk) > limits.nested_bytes:
            raise Trouble("archive-too-large", limit_mb=limits.nested_bytes // 2**20)
        held.write(chunk)
    held.seek(0)
    return held


def put_back(head: bytes, rest: BinaryIO) -> BinaryIO:
    """A stream that gives ``head``, which was taken from it already, and then the rest."""
    return Stream(_PutBack(head, rest), CHUNK_BYTES)


def tell_failure(stream: BinaryIO) -> None:
    """Raises what made the stream give less than was asked for, if nobody was told yet."""
    if isinstance(stream, Stream) and stream.untold is not None:
        raise stream.untold


def guarded(inner: BinaryIO, n_consumed: Callable[[], int], limits: Limits) -> BinaryIO:
    """``inner``, counted as it inflates.  n_consumed: packed bytes taken so far.  Reading raises Trouble."""
    return Stream(_Counted(inner, n_consumed, limits), CHUNK_BYTES)


@contextmanager
def failures_told() -> Iterator[None]:
    """Turns every way in which damaged or locked bytes fail into Trouble; a disk that fails stays an OSError."""
    try:
        yield
    except Trouble:
        raise
    except NotImplementedError as method:  # a RuntimeError to Python: before it
        raise Trouble("archive-method", reason=method) from method
    except RecursionError as broken:  # and so is this one
        raise Trouble("archive-broken", reason="headers without end") from broken
    except RuntimeError as encrypted:
        raise Trouble("archive-encrypted") from encrypted
    except _BROKEN as broken:
        raise Trouble("archive-broken", reason=broken) from broken
    except OSError as failed:
        # the libraries know no number for damage, the system has one; EINVAL: a place before the start of the file
        if failed.errno not in (None, errno.EINVAL):
            raise
        raise Trouble("archive-broken", reason=failed) from failed


def read_up_to(stream: BinaryIO, n_bytes: int) -> bytes:
    """The first ``n_bytes`` of ``stream``, or all it has; no memory is taken for bytes that never come."""
    pieces: list[bytes] = []
    while n_bytes > 0 and (piece := stream.read(min(n_bytes, CHUNK_BYTES))):
        pieces.append(piece)
        n_bytes -= len(piece)
    return b"".join(pieces)


class Stream(io.BufferedReader):
    """A buffered stream that gives what lies before a damage first, and only then raises.

    untold: why it gave less than was asked for; whoever does not ask again must look at it.
    """

    untold: OSError | None = None

    def read(self, n_bytes: int | None = -1, /) -> bytes:
        if n_bytes is None or n_bytes < 0 or n_bytes > _WHOLE_BYTES:
            return super().read(n_bytes)
        pieces: list[bytes] = []
        while n_bytes > 0:
            try:
                piece = self.read1(n_bytes)
            except OSError as failed:
                self.untold = failed if pieces else None
                if pieces:
                    break  # asked again, it fails again
                raise
            if not piece:
                break
            pieces.append(piece)
            n_bytes -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


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
    """A stream that counts what it gives, turns every way of failing into Trouble, and having failed fails on."""

    def __init__(self, inner: BinaryIO, n_consumed: Callable[[], int], limits: Limits) -> None:
        super().__init__()
        self._inner = inner
        self._read: Callable[[int], bytes] = getattr(inner, "read1", inner.read)
        self._n_consumed = n_consumed
        self._limits = limits
        self._n_given = 0
        self._failed: OSError | None = None

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._n_given

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        if self._failed is not None:
            raise self._failed
        try:
            with failures_told():
                data = self._read(len(view))
            self._n_given += len(data)
            self._check()
        except OSError as failed:
            self._failed = failed
            raise
        view[: len(data)] = data
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
