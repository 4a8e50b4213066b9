"""One file, packed: gz, bz2, xz, zst -> its bytes, inflated as they are asked for.

In: a binary stream that starts with the mark of one of them.  Out: a guarded stream (archives.py).  Several packed
streams one after the other are one, as their own tools have it.  A stream that breaks off raises Trouble after what
could be unpacked was given.  Never holds more than the window the format needs (128 MB at most).  zstandard is here
for what is packed outside; the library room packs its texts with it.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from dokhae.parse.files.archives import Limits, guarded

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MAGIC = {
    "gz": re.compile(rb"\x1f\x8b"),
    "bz2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zst": re.compile(rb"\x28\xb5\x2f\xfd"),
}
_WINDOW_BYTES = 128 * 2**20
_FEED_BYTES = 16 * 1024
_ZST_FEED_BYTES = 1024  # it cannot be told to stop: a block of 4 bytes may say 128 kB


def packing_of(head: bytes) -> str:
    """ "gz", "bz2", "xz" or "zst", "" where ``head`` starts none of them."""
    return next((kind for kind, magic in _MAGIC.items() if magic.match(head)), "")


def open_packed(kind: str, stream: BinaryIO, limits: Limits) -> BinaryIO:
    """The bytes that ``stream``, packed as ``kind``, holds, counted as they inflate."""
    meter = _Meter(stream)
    return guarded(_OPENERS[kind](meter), lambda: meter.n_read, limits)


class _Decompressor(Protocol):
    """What the three libraries agree on (zstandard has no ``max_length``)."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Meter:
    """What packed bytes are read from: counts them, also where the stream cannot tell its place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.n_read = 0

    def read(self, n_bytes: int = -1) -> bytes:
        data = self._stream.read(n_bytes)
        self.n_read += len(data)
        return data

    def seek(self, at: int) -> int:
        raise io.UnsupportedOperation("packed bytes are read once, from their start")


class _Unpacked(io.RawIOBase):
    """Streams of one kind, one after the other, unpacked."""

    def __init__(self, meter: _Meter, make: Callable[[], _Decompressor], feed_bytes: int = _FEED_BYTES) -> None:
        super().__init__()
        self._meter, self._make, self._feed_bytes = meter, make, feed_bytes
        self._unpacker = make()
        self._fed = b""
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        while not self._ready and self._has_more():
            self._ready = self._unpacker.decompress(self._fed, len(view))
            self._fed = b""
        given, self._ready = self._ready[: len(view)], self._ready[len(view) :]
        view[: len(given)] = given
        return len(given)

    def _has_more(self) -> bool:
        """Whether there is something to unpack; then ``_fed`` holds it (or the unpacker does)."""
        if self._unpacker.eof:
            # xz pads with noughts between streams
            self._fed = (self._unpacker.unused_data or self._meter.read(self._feed_bytes)).lstrip(b"\0")
            if not self._fed:
                return False
            self._unpacker = self._make()
        elif getattr(self._unpacker, "needs_input", True):
            self._fed = self._meter.read(self._feed_bytes)
            if not self._fed:
                raise EOFError("it breaks off")
        return True


class _Zst:
    """zstandard's decompressor in the shape of the others."""

    def __init__(self) -> None:
        import zstandard

        self._error = zstandard.ZstdError
        self._inner = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        try:
            return self._inner.decompress(data)
        except self._error as broken:
            raise ValueError(str(broken)) from broken


def _gz(meter: _Meter) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(mode="rb", fileobj=meter))


def _bz2(meter: _Meter) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(meter, bz2.BZ2Decompressor))


def _xz(meter: _Meter) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(meter, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_WINDOW_BYTES)))


def _zst(meter: _Meter) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(meter, _Zst, _ZST_FEED_BYTES))


_OPENERS = {"gz": _gz, "bz2": _bz2, "xz": _xz, "zst": _zst}
