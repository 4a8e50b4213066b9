"""A file of JSON -> its values one by one: one object, a list of objects, or objects one after the other.

In: a binary stream.  Out: each value with the defects of its characters; a list at the top gives its elements.  Reads
in growing pieces and holds one value at a time, never more than ``MAX_VALUE_CHARS`` of text; what is broken or too
large ends the file with a ``Rejected``, and what stood before it was read.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from dokhae.parse.jsonl import clean
from dokhae.types import Defect, Rejected, Source

MAX_VALUE_CHARS = 64 * 2**20
_FIRST_BYTES = 256 * 1024
_BETWEEN = re.compile(r"[\s,]*")
_WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"{\0", "utf-16-le"), (b"[\0", "utf-16-le"))


class Readable(Protocol):
    def read(self, n_bytes: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Value:
    value: Any
    source: Source
    defects: tuple[Defect, ...] = ()


def values(stream: Readable, source: Source) -> Iterator[Value | Rejected]:
    """The values of ``stream`` in order, ``Source.item`` counting them."""
    reader = _Reader(stream)
    reader.skip_opening()
    item = 0
    while True:
        here = replace(source, item=item)
        try:
            found = reader.next()
        except _TooLarge:
            yield Rejected.of(here, "patent-too-large", limit_mb=MAX_VALUE_CHARS // 2**20)
            return
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep, or too large a number"
            yield Rejected.of(here, "line-broken", reason=reason)
            return
        if found is None:
            return
        value, n_replaced = clean(found[0])
        yield Value(value, here, (Defect.of("characters-replaced", count=n_replaced),) if n_replaced else ())
        item += 1


class _TooLarge(Exception):
    pass


class _Reader:
    """Decodes values from text read in pieces; a value cut off by the end of a piece asks for the next one."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._n_bytes = _FIRST_BYTES
        self._decoder = json.JSONDecoder()
        start = stream.read(4)
        encoding = next((name for mark, name in _WIDE if start.startswith(mark)), "utf-8-sig")
        self._bytes = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._text = self._bytes.decode(start)

    def skip_opening(self) -> None:
        """Steps into a list at the top: its elements are the values."""
        self._skip_between()
        if self._text[self._at : self._at + 1] == "[":
            self._at += 1

    def next(self) -> tuple[Any] | None:
        """The next value in a tuple, None at the end.  Raises ValueError, RecursionError or _TooLarge."""
        self._skip_between()
        if self._at >= len(self._text) or self._text[self._at] == "]":
            return None
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            # a number may go on in the next piece
            if end < len(self._text) or self._is_whole or not isinstance(value, (int, float)):
                self._at = end
                return (value,)
            self._more()

    def _skip_between(self) -> None:
        while True:
            match = _BETWEEN.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        if self._is_whole:
            return False
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) > MAX_VALUE_CHARS:
            raise _TooLarge
        data = self._stream.read(self._n_bytes)
        self._n_bytes = max(_FIRST_BYTES, len(self._text))
        self._is_whole = not data
        self._text += self._bytes.decode(data, final=self._is_whole)
        return bool(data)
