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
import time
from collections import Counter
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).parents[1]))

from dokhae.parse.files.archives import Limits
from dokhae.parse.files.unpack import read_stream
from dokhae.types import Document, Source
from tests.streams import CASES, Made

_MB = 2**20
_HEAD = "| case | MB | documents | rejected | s | MB/s | grown by MB |"


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
