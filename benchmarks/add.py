"""Parse and add: documents and megabytes a second, with one and with two workers, and the memory of either side.

    python benchmarks/add.py patents/us_xml patents/ep_xml.zip        # each is added to a new study
    python benchmarks/add.py                                          # the XML of shared/data beside the checkout
    python benchmarks/add.py --copies 10 patents/us_xml.zip           # ten times as many patents, numbers made up

In: files, folders or archives.  Out: a table on standard output.  Every row is measured in a process of its own, so
that its peaks are its own; peak memory is that of the writing process and of the largest worker (POSIX; 0 elsewhere).
Copies get other document numbers, so that they are other patents: memory must not grow with their count.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dokhae.engine.processes import ProcessEngine
from dokhae.library.adding import add, size_on_disk
from dokhae.library.folder import open_to_write

SHARED = ("us_xml.zip", "ep_xml.zip", "kr_kipris_xml.zip")
_DOCUMENT_NUMBER = re.compile(
    rb'(?<=<doc-number>)(D|PP|RE|H|T)?0*(\d{6,8})(?=</doc-number>)|(?<=doc-number=")()(\d{7})'
)
_HEAD = f"{'files':26}{'workers':>8}{'MB':>8}{'documents':>11}{'s':>8}{'documents/s':>13}{'MB/s':>7}{'writer MB':>11}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--copies", type=int, default=1, metavar="N")
    parser.add_argument("--workers", type=int, action="append", metavar="N", help="may be given twice; 1 and 2")
    parser.add_argument("--one", type=int, metavar="WORKERS", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.files[0], given.one)))
        return
    print(f"{_HEAD}{'worker MB':>11}")
    with tempfile.TemporaryDirectory() as scratch:
        for files in given.files or shared_files():
            unpacked = unpack(files, Path(scratch, files.stem), given.copies)
            for workers in given.workers or (1, 2):
                print(line(files.name, workers, in_own_process(unpacked, workers)), flush=True)


def shared_files() -> list[Path]:
    for above in Path(__file__).resolve().parents:
        folder = above / "shared" / "data" / "patents"
        if folder.is_dir():
            return [folder / name for name in SHARED]
    sys.exit("The shared data is not beside this checkout: name files to add.")


def unpack(files: Path, into: Path, copies: int) -> Path:
    """The files as they are, or, of an archive or of several copies, a folder with all of them."""
    if copies == 1 and not zipfile.is_zipfile(files):
        return files
    for name, data in contents(files):
        for copy in range(copies):
            path = into / f"{copy:03}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(renumbered(data, copy))
    return into


def contents(files: Path) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(files):
        with zipfile.ZipFile(files) as archive:
            yield from ((m.filename, archive.read(m)) for m in archive.infolist() if not m.is_dir())
    elif files.is_dir():
        yield from ((str(p.relative_to(files)), p.read_bytes()) for p in files.rglob("*") if p.is_file())
    else:
        yield files.name, files.read_bytes()


def renumbered(data: bytes, copy: int) -> bytes:
    """The same patents under other numbers; the first copy keeps its own."""
    if copy == 0:
        return data

    def other(match: re.Match[bytes]) -> bytes:
        prefix, digits = match[1] or b"", match[2] or match[4]
        return prefix + str((int(digits) + copy * 137_911) % 10 ** len(digits)).zfill(len(digits)).encode()

    return _DOCUMENT_NUMBER.sub(other, data)


def in_own_process(files: Path, workers: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", str(workers), str(files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf8")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measured(files: Path, workers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as scratch, open_to_write(Path(scratch, "a.study"), create=True) as store:
        started_s = time.perf_counter()
        added = add(store, [files], engine=ProcessEngine(workers))
        seconds = time.perf_counter() - started_s
    writer_mb, worker_mb = peaks_mb()
    return {
        "mb": size_on_disk([files]) / 1e6,
        "documents": added.added + added.updated + added.unchanged,
        "s": seconds,
        "writer_mb": writer_mb,
        "worker_mb": worker_mb,
    }


def peaks_mb() -> tuple[float, float]:
    """Peak resident memory of this process and of the largest of its ended children."""
    try:
        import resource
    except ImportError:
        return 0.0, 0.0
    unit = 1e6 if sys.platform == "darwin" else 1e3
    sides = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = (resource.getrusage(side).ru_maxrss / unit for side in sides)
    return own, children


def line(name: str, workers: int, m: dict[str, float]) -> str:
    rates = f"{m['s']:8.1f}{m['documents'] / m['s']:13.0f}{m['mb'] / m['s']:7.1f}"
    return (
        f"{name:26}{workers:8}{m['mb']:8.1f}{m['documents']:11,.0f}{rates}{m['writer_mb']:11.0f}{m['worker_mb']:11.0f}"
    )


if __name__ == "__main__":
    main()
