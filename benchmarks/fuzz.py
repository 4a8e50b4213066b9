"""Fuzzing: broken files by the thousand, and what each parser does with them.  It must never raise, hang or swell.

    python benchmarks/fuzz.py --inputs 100000 ../shared/data/patents     # mutated real files, all parsers
    python benchmarks/fuzz.py --parser table --from 20000 --inputs 5000  # other inputs, from made-up files only

In: good files (those of ``dokhae sample`` are always among them).  Out: a table by parser (inputs, seconds, faults, the
slowest input, peak memory) and, under --out, each failing input and what it did.  The n-th input of a parser is the
same on every machine with the same seeds.  Each parser runs in a process of its own; one that works for 10 s on
one input is ended (a hang), and so is one that would take 1 GB more than it began with.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from dokhae.parse import PARSERS
from tests.fuzzing import seeds as seeding
from tests.fuzzing.trial import Case, fault

HANG_S = 10.0
START_S = 120.0
MEMORY_BYTES = 2**30
REPORT_S = 0.5
_HEAD = "| parser           |   inputs |  seconds | inputs/s | faults | slowest ms |  peak MB |"
_COLUMNS = (
    ("parser", -16),
    ("inputs", 8),
    ("seconds", 8),
    ("inputs/s", 8),
    ("faults", 6),
    ("slowest ms", 10),
    ("peak MB", 8),
)

Seeds = Mapping[str, Sequence[bytes]]


@dataclass
class Told:
    """What a worker says of a stretch of inputs: how many, the slowest, its peak, and the faults."""

    n_inputs: int = 0
    seconds: float = 0.0
    slowest_s: float = 0.0
    slowest: int = -1
    peak_mb: float = 0.0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def add(self, other: Told) -> None:
        self.n_inputs += other.n_inputs
        self.seconds += other.seconds
        self.peak_mb = max(self.peak_mb, other.peak_mb)
        self.faults += other.faults
        if other.slowest_s > self.slowest_s:
            self.slowest_s, self.slowest = other.slowest_s, other.slowest


def main() -> None:
    given = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        seeds = dict(seeding.synthetic(Path(scratch, "sample")))
    for name, more in seeding.of_files(given.files).items():
        seeds[name] = sorted([*seeds.get(name, ()), *more], key=len)
    seeds[seeding.ARCHIVES] = seeding.archives_of(seeds)
    print(_HEAD)
    print("|---|---:|---:|---:|---:|---:|---:|")
    n_faults = 0
    for name in given.parser or [*PARSERS, seeding.ARCHIVES]:
        told = fuzzed(name, range(given.first, given.first + given.inputs), seeds, given.seconds)
        print(row(name, told), flush=True)
        keep(given.out / name, name, told, seeds)
        n_faults += len(told.faults)
    sys.exit(bool(n_faults))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="files, folders or zips to break")
    parser.add_argument("--inputs", type=int, default=1000, metavar="N", help="for each parser")
    parser.add_argument("--from", type=int, default=0, metavar="N", dest="first", help="the first input")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="at most, for each parser")
    parser.add_argument("--parser", action="append", metavar="NAME", help="only this one; may be given twice")
    parser.add_argument("--out", type=Path, default=Path("fuzz"), help="where failing inputs go")
    return parser.parse_args()


def fuzzed(name: str, inputs: range, seeds: Seeds, most_s: float) -> Told:
    """Everything that ``inputs`` did; a worker that hangs or dies is replaced, from the next input on."""
    told, at, began_s = Told(), inputs.start, time.monotonic()
    while at < inputs.stop and time.monotonic() - began_s < most_s:
        worker = Worker(name, range(at, inputs.stop), seeds)
        for part in worker.told(began_s + most_s):
            told.add(part)
            at += part.n_inputs
        if worker.ended_by:
            at = worker.at
            told.faults.append((at, worker.ended_by))
            told.n_inputs += 1
            at += 1
        elif worker.is_done:
            break
    told.seconds = time.monotonic() - began_s
    return told


class Worker:
    """One process that tries inputs one after the other.  at: the one it was at when it ended."""

    def __init__(self, name: str, inputs: range, seeds: Seeds) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._at = context.Value("q", -1)
        self._process = context.Process(target=work, args=(theirs, self._at, name, inputs, seeds), daemon=True)
        self._process.start()
        theirs.close()
        self._first = inputs.start
        self.ended_by = ""
        self.is_done = False

    @property
    def at(self) -> int:
        return max(int(self._at.value), self._first)

    def told(self, until_s: float) -> Iterator[Told]:
        """What it says, until it is done, hangs, dies, or time is up."""
        seen, seen_s, seen_cpu_s = -2, time.monotonic(), 0.0
        while time.monotonic() < until_s:
            if self._pipe.poll(0.2):
                try:
                    part = pickle.loads(self._pipe.recv_bytes())
                except EOFError:
                    self._process.join()
                    self.is_done = self._process.exitcode == 0
                    self.ended_by = "" if self.is_done else f"died with {self._process.exitcode}"
                    return
                yield part
            if self._at.value != seen:
                seen, seen_s, seen_cpu_s = self._at.value, time.monotonic(), self._cpu_s()
            elif self._is_silent(seen, time.monotonic() - seen_s, self._cpu_s() - seen_cpu_s):
                self.ended_by = f"hung for {HANG_S:.0f} s"
                break
        else:
            self.is_done = True
        self._process.kill()
        self._process.join()

    def _is_silent(self, at: int, for_s: float, for_cpu_s: float) -> bool:
        """Ten seconds of work, or a long sleep; a machine that does other things besides is no fault."""
        return for_s > START_S or (at >= 0 and for_cpu_s > HANG_S)

    def _cpu_s(self) -> float:
        """Seconds of a core the process has had; of the clock where the system does not say."""
        try:
            found = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(found[11]) + int(found[12])) / os.sysconf("SC_CLK_TCK")


def work(pipe: Connection, at: object, name: str, inputs: range, seeds: Seeds) -> None:
    """What a worker does: says every half second, and after a fault, what happened since."""
    began_bytes = _virtual_bytes()
    if began_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (began_bytes + MEMORY_BYTES, resource.RLIM_INFINITY))
    told, said_s = Told(), time.monotonic()
    for n in inputs:
        at.value = n  # type: ignore[attr-defined]
        case = Case(name, n)
        data = case.data(seeds)
        began_s = time.process_time()
        found = fault(case, data)
        took_s = time.process_time() - began_s
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told.add(Told(1, took_s, took_s, n, peak_mb, [(n, found)] if found else []))
        if time.monotonic() - said_s > REPORT_S:
            pipe.send_bytes(pickle.dumps(told))
            told, said_s = Told(), time.monotonic()
    pipe.send_bytes(pickle.dumps(told))


def _virtual_bytes() -> int:
    """What the process has reserved so far, 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def row(name: str, told: Told) -> str:
    rate = told.n_inputs / max(told.seconds, 1e-9)
    return (
        f"| {name:16} | {told.n_inputs:8,} | {told.seconds:8.1f} | {rate:8,.0f} | {len(told.faults):6} "
        f"| {told.slowest_s * 1000:10,.0f} | {told.peak_mb:8,.0f} |"
    )


def keep(out: Path, name: str, told: Told, seeds: Seeds) -> None:
    """Writes the failing inputs and the slowest one, and says what they did, each kind of fault once."""
    kinds: dict[str, int] = {}
    for n, said in told.faults:
        kind = said.rpartition("(")[2] if said.endswith(")") else said[:40]
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] <= 3:
            print(f"    {name} {n}: {said}", flush=True)
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{n}.bin").write_bytes(Case(name, n).data(seeds))
    if told.slowest_s > 1:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"slow-{told.slowest}.bin").write_bytes(Case(name, told.slowest).data(seeds))


if __name__ == "__main__":
    main()
