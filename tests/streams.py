"""Streams of any length, made as they are read: for tests of memory and for benchmarks/streams.py."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzzing import seeds as seeding

if TYPE_CHECKING:
    from typing_extensions import Buffer


class Made(io.RawIOBase):
    """A stream of pieces made as they are asked for, up to a size."""

    def __init__(self, pieces: Iterator[bytes], n_bytes: int) -> None:
        super().__init__()
        self._pieces, self._n_left, self._held = pieces, n_bytes, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        while not self._held and self._n_left > 0:
            self._held = next(self._pieces, b"")
            self._n_left = self._n_left - len(self._held) if self._held else 0
        data, self._held = self._held[: len(view)], self._held[len(view) :]
        view[: len(data)] = data
        return len(data)


def concatenated_xml() -> Iterator[bytes]:
    """A week of US grants as the USPTO ships it: each with its own number, now and then a long sequence listing."""
    with tempfile.TemporaryDirectory() as scratch:
        seeds = seeding.synthetic(Path(scratch, "sample"), with_pdf=False)["uspto-xml"]
    one = max((seed for seed in seeds if seed.count(b"<?xml ") == 1), key=len)
    number = one[one.index(b"<doc-number>") + 12 :].partition(b"<")[0]
    listing = b'<?xml version="1.0"?>\n<sequence-cwu><p>' + b"acgt" * 250_000 + b"</p></sequence-cwu>\n"
    for n in count(9_000_000):
        yield one.replace(number, b"%08d" % n)
        if n % 8 == 0:
            yield listing


def json_lines() -> Iterator[bytes]:
    line = b'{"title": "Lens", "abstract": "%s", "number": "%08d"}\n'
    return (line % (b"A lens. " * 500, n) for n in count(7_000_000))


def json_line() -> Iterator[bytes]:
    return chain([b'{"title": "Lens", "number": "07654321", "abstract": "'], repeat(b"A lens. " * 10_000))


def own_line() -> Iterator[bytes]:
    return chain([b'{"dokhae": "document", "version": 1, "texts": [{"text": "'], repeat(b"A lens. " * 10_000))


def table_rows() -> Iterator[bytes]:
    head = "출원번호,발명의 명칭,요약\n".encode()
    return chain([head], (f"10-2012-{n % 10**7:07},렌즈,{'렌즈 구동. ' * 100}\n".encode() for n in count()))


def table_cell() -> Iterator[bytes]:
    head = '출원번호,발명의 명칭,요약\n10-2012-0016332,렌즈,"'
    return chain([head.encode()], repeat("렌즈 구동. ".encode() * 10_000))


def table_columns() -> Iterator[bytes]:
    """Ten thousand columns, of which three are known."""
    names = ["출원번호", "발명의 명칭", "요약", *(f"열 {n}" for n in range(10_000))]
    row = ",".join(["10-2012-{:07}", "렌즈", "구동", *repeat("x", 10_000)]) + "\n"
    return chain([(",".join(names) + "\n").encode()], (row.format(n % 10**7).encode() for n in count()))


def xml_line() -> Iterator[bytes]:
    """One document, in one line, of many paragraphs."""
    head = b'<?xml version="1.0"?><us-patent-grant><us-bibliographic-data-grant/><description>'
    return chain([head], repeat(b"<p>A lens is driven by a coil.</p>" * 1000))


def xml_depth() -> Iterator[bytes]:
    return chain([b'<?xml version="1.0"?><us-patent-grant>'], repeat(b"<p>" * 10_000))


def kipris() -> Iterator[bytes]:
    record = "<PatentUtilityInfo><ApplicationNumber>10{:011}</ApplicationNumber></PatentUtilityInfo>"
    return chain([b"<?xml version='1.0'?><response>"], (record.format(n).encode() for n in count()))


def blanks() -> Iterator[bytes]:
    return repeat(b" " * 100_000)


def words() -> Iterator[bytes]:
    """A text without a line end and without any format."""
    return repeat(b"A lens is driven by a coil. " * 1000)


CASES: dict[str, Callable[[], Iterator[bytes]]] = {
    "xml": concatenated_xml,
    "json-lines": json_lines,
    "json-line": json_line,
    "own-line": own_line,
    "table-rows": table_rows,
    "table-cell": table_cell,
    "table-columns": table_columns,
    "xml-line": xml_line,
    "xml-depth": xml_depth,
    "kipris": kipris,
    "blanks": blanks,
    "words": words,
}
