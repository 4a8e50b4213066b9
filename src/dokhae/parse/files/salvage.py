"""A zip whose end is missing -> the members that are whole, as an interrupted download leaves them.

In: a binary stream that starts with a member.  Out: each member's name and its bytes, guarded, or why
there are none; the last one breaks off with Trouble.  A zip keeps its directory at its end; without it only the headers
before each member are left, which say enough to read forward.  Stored members whose size stands behind them cannot be
read so; reading ends there.
Source: PKWARE, APPNOTE.TXT 4.3.7 (local file header), 4.3.9 (data descriptor), 4.4.4 (flags).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from dokhae.parse.files.archives import CHUNK_BYTES, Limits, Trouble, guarded, is_hidden
from dokhae.parse.files.zips import readable_name, why_refused

if TYPE_CHECKING:
    from typing_extensions import Buffer

_HEADER = struct.Struct("<4s5H3I2H")  # signature … flags, method … sizes, lengths of name and extra
_SIGNATURE = b"PK\x03\x04"
_IS_ENCRYPTED, _SIZE_FOLLOWS, _IS_UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_UNKNOWN_SIZE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Salvaged:
    """One member.  content: its bytes, to be read before the next is asked for, or why there are none."""

    name: str
    content: BinaryIO | Trouble


def salvage(stream: BinaryIO, limits: Limits) -> Iterator[Salvaged]:
    """The members of a zip from its start on, as far as they go."""
    reader = _Reader(stream)
    n_members = 0
    while (member := _next_header(reader)) and n_members < limits.n_members:
        n_members += 1
        name, flags, method, size = member
        raw = _Bytes(reader, method, None if flags & _SIZE_FOLLOWS or size == _UNKNOWN_SIZE else size)
        if not name.endswith("/") and not is_hidden(name):
            yield _member(name, flags, raw, limits)
        if not raw.skip_rest():
            return


def _member(name: str, flags: int, raw: _Bytes, limits: Limits) -> Salvaged:
    refused = why_refused(name, is_link=False, is_encrypted=bool(flags & _IS_ENCRYPTED))
    if refused:
        return Salvaged(name, Trouble(refused))
    if not raw.can_be_read:
        return Salvaged(name, Trouble("archive-method", reason=f"method {raw.method} without a directory"))
    return Salvaged(name, guarded(cast(BinaryIO, raw), lambda: raw.n_consumed, limits))


class _Reader:
    """A stream read forward, into which bytes taken too many are put back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self.n_read = 0

    def read(self, n_bytes: int) -> bytes:
        """``n_bytes``, fewer only at the end."""
        while len(self._held) < n_bytes and (more := self._stream.read(max(n_bytes - len(self._held), CHUNK_BYTES))):
            self._held += more
        data, self._held = self._held[:n_bytes], self._held[n_bytes:]
        self.n_read += len(data)
        return data

    def put_back(self, data: bytes) -> None:
        self._held = data + self._held
        self.n_read -= len(data)


class _Bytes(io.RawIOBase):
    """The bytes of one member, stored or deflated.  size: packed, None where it stands behind the member."""

    def __init__(self, reader: _Reader, method: int, size: int | None) -> None:
        super().__init__()
        self._reader, self.method, self._n_left = reader, method, size
        self._started_at = reader.n_read
        self._inflater = zlib.decompressobj(-15) if method == _DEFLATED else None
        self.can_be_read = method == _DEFLATED or (method == _STORED and size is not None)

    def readable(self) -> bool:
        return True

    @property
    def n_consumed(self) -> int:
        return self._reader.n_read - self._started_at

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = self._inflated(len(view)) if self._inflater else self._taken(len(view))
        view[: len(data)] = data
        return len(data)

    def skip_rest(self) -> bool:
        """Goes to the end of the member; whether it has one that can be found."""
        try:
            if not self.can_be_read and self._n_left is None:
                return False
            while self._n_left != 0 and (self._taken(CHUNK_BYTES) if self._n_left else self.read(CHUNK_BYTES)):
                pass
        except (OSError, EOFError, zlib.error):
            return False
        return True

    def _taken(self, n_bytes: int) -> bytes:
        """Packed bytes of this member.  Raises EOFError where the file ends within it."""
        wanted = n_bytes if self._n_left is None else min(n_bytes, self._n_left)
        data = self._reader.read(wanted)
        if wanted and (not data or (self._n_left is not None and len(data) < wanted)):
            if data:
                self._n_left = None if self._n_left is None else self._n_left - len(data)
                return data
            raise EOFError("the archive breaks off")
        if self._n_left is not None:
            self._n_left -= len(data)
        return data

    def _inflated(self, n_bytes: int) -> bytes:
        inflater = self._inflater
        if inflater is None or inflater.eof:
            return b""
        while True:
            packed = inflater.unconsumed_tail or self._taken(CHUNK_BYTES)
            if not packed:
                raise EOFError("the member breaks off")
            data = inflater.decompress(packed, n_bytes)
            if inflater.eof and self._n_left is None and inflater.unused_data:
                self._reader.put_back(inflater.unused_data)
            if data or inflater.eof:
                return data


def _next_header(reader: _Reader) -> tuple[str, int, int, int] | None:
    """Name, flags, method and packed size of the next member; None where no header follows."""
    raw = reader.read(_HEADER.size)
    # behind a member whose size was not known before: its checksum and sizes, 12 to 24 bytes
    for _ in range(24):
        if raw.startswith(_SIGNATURE) or len(raw) < _HEADER.size:
            break
        raw = raw[1:] + reader.read(1)
    if not raw.startswith(_SIGNATURE) or len(raw) < _HEADER.size:
        return None
    _, _, flags, method, _, _, _, size, _, n_name, n_extra = _HEADER.unpack(raw)
    name = reader.read(n_name)
    reader.read(n_extra)
    is_utf8 = bool(flags & _IS_UTF8)
    return readable_name(name.decode("utf-8" if is_utf8 else "cp437", "replace"), is_utf8=is_utf8), flags, method, size
