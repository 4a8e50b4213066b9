"""Very long input in constant memory: gigabytes of concatenated XML, hundreds of megabytes in one line, wide tables.

    python benchmarks/streams.py                       # each case in a process of its own, 200 MB
    python benchmarks/streams.py --case xml --mb 2048  # one case, of another size

In: nothing; what is read is made as it is read, no file is written.  Out: a table: megabytes read, documents,
rejections by code, seconds, and by how much memory grew beyond what reading one document took.  Goal: under 1 GB, and
for what is not one line or one document, no growth with size.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzzing import seeds as seeding

from dokhae.parse.archives import Limits
from dokhae.parse.unpack import read_stream
from dokhae.types import Document, Source

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MB = 2**20
_HEAD = "| case | MB | documents | rejected | s | MB/s | grown by MB |"


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
    """US grants one after the other, each with a number of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        seeds = seeding.synthetic(Path(scratch, "sample"), with_pdf=False)["uspto-xml"]
    one = max(seeds, key=len)
    number = one[one.index(b"<doc-number>") + 12 :].partition(b"<")[0]
    for n in count(9_000_000):
        yield one.replace(number, b"%08d" % n)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", choices=CASES, help="this one only; may be given twice")
    parser.add_argument("--mb", type=int, default=200)
    parser.add_argument("--one", choices=CASES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, given.mb)))
        return
    print(f"{_HEAD}\n|---|---:|---:|---|---:|---:|---:|")
    for name in given.case or CASES:
        command = [sys.executable, __file__, "--one", name, "--mb", str(given.mb)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        print((done.stdout and row(json.loads(done.stdout))) or f"| {name} | died: {done.stderr[-300:]} |", flush=True)


def measured(name: str, mb: int) -> dict[str, object]:
    warmed_up_mb = run(name, 1)["peak_mb"]
    return {"case": name, "mb": mb, **run(name, mb), "base_mb": warmed_up_mb}


def run(name: str, mb: int) -> dict[str, object]:
    began_s = time.perf_counter()
    stream: BinaryIO = io.BufferedReader(Made(CASES[name](), mb * _MB))
    n_documents, rejected = 0, Counter[str]()
    for item in read_stream(stream, Source(name), Limits(), depth=0):
        if isinstance(item, Document):
            n_documents += 1
        else:
            rejected[item.code] += 1
    return {
        "documents": n_documents,
        "rejected": rejected,
        "seconds": time.perf_counter() - began_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def row(found: dict[str, object]) -> str:
    rejected, seconds, mb = found["rejected"], found["seconds"], found["mb"]
    peak_mb, base_mb = found["peak_mb"], found["base_mb"]
    assert isinstance(rejected, dict)
    assert isinstance(seconds, float)
    assert isinstance(mb, int)
    assert isinstance(peak_mb, float)
    assert isinstance(base_mb, float)
    codes = ", ".join(f"{code} {n}" for code, n in rejected.items()) or "–"
    counted = f"{found['case']} | {mb} | {found['documents']} | {codes}"
    return f"| {counted} | {seconds:.0f} | {mb / seconds:.1f} | {peak_mb - base_mb:.0f} |"


if __name__ == "__main__":
    main()
