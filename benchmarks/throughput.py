"""Add and read rates of the whole program, as a user runs it, and its memory.

    python benchmarks/throughput.py patents/us_xml patents/kr_pdf
    python benchmarks/throughput.py                                  # 200 made-up patents

In: folders of patents; each is added to a new study by the command line in a process of its own.  Out: a table on
standard output.  Peak memory is that of the largest process (POSIX only; "-" elsewhere).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokhae.sample import write
from dokhae.study import Study

_COLUMNS = f"{'files':32}{'MB':>8}{'patents':>9}{'add s':>8}{'patents/s':>11}{'MB/s':>7}{'read s':>8}{'texts/s':>9}"


@dataclass(frozen=True)
class Measured:
    """n_bytes: of the files on disk.  read_s: as ``dokhae read``."""

    files: str
    n_bytes: int
    n_patents: int
    add_s: float
    n_texts: int
    read_s: float

    def line(self) -> str:
        megabytes = self.n_bytes / 1e6
        found = f"{self.files[-31:]:32}{megabytes:8.1f}{self.n_patents:9,}"
        added = f"{self.add_s:8.1f}{self.n_patents / self.add_s:11.0f}{megabytes / self.add_s:7.1f}"
        return found + added + f"{self.read_s:8.1f}{self.n_texts / self.read_s:9.0f}"


def main(argv: Sequence[str]) -> None:
    print(_COLUMNS)
    with tempfile.TemporaryDirectory() as scratch:
        for number, files in enumerate(argv or _made_up(Path(scratch))):
            print(measure(Path(files), Path(scratch, f"{number}.study")).line(), flush=True)
    print(f"largest process: {_peak_mb()} MB")


def measure(files: Path, study: Path) -> Measured:
    add_s = timed("add", str(study), str(files))
    read_s = timed("read", str(study))
    with Study.open(study) as opened:
        n_patents = sum(1 for _ in opened.patents())
        n_texts = sum(1 for patent in opened.patents() if patent.is_representative)
    n_bytes = sum(path.stat().st_size for path in files.rglob("*") if path.is_file())
    return Measured(str(files), n_bytes, n_patents, add_s, n_texts, read_s)


def timed(*argv: str) -> float:
    """Seconds of a command of ours in a process of its own."""
    started_s = time.perf_counter()
    subprocess.run([sys.executable, "-m", "dokhae.apps.cli", *argv, "--quiet"], check=True, capture_output=True)
    return time.perf_counter() - started_s


def _made_up(scratch: Path) -> Iterator[str]:
    write(scratch / "sample", count=200, seed=7)
    yield str(scratch / "sample" / "patents")


def _peak_mb() -> str:
    try:
        import resource
    except ImportError:
        return "-"
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"{peak / (1e6 if sys.platform == 'darwin' else 1e3):,.0f}"


if __name__ == "__main__":
    main(sys.argv[1:])
