"""Whether the time of the whole program grows in step with the number of patents, and what a second core brings.

    python benchmarks/scaling.py --counts 1000 2000 4000 8000 --workers 1 2
    DOKHAE_MODEL=none python benchmarks/scaling.py            # by cues alone

In: nothing; patents are made up (``dokhae sample``), full texts shorter than real ones.  Out: for each number of them
and of workers: seconds of ``dokhae analyze`` in a process of its own and of a question put to all of them
(``ask --all``), patents a second, and the time of a patent beside that of the smallest number (1.0: a straight line).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from dokhae.sample import write
from throughput import timed

QUESTION = "What is it made of?"
_OF_ONE = f"{'s':>9}{'a second':>10}{'line':>7}"
_COLUMNS = f"{'workers':>7}{'patents':>9}   analyze{_OF_ONE}   ask --all{_OF_ONE}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[250, 500, 1000, 2000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    print(_COLUMNS)
    with tempfile.TemporaryDirectory() as scratch:
        for workers in options.workers:
            first: tuple[float, float] | None = None
            for count in options.counts:
                files = Path(scratch, f"{count}")
                if not files.exists():
                    write(files, count=count, seed=7)
                study = Path(scratch, f"{count}-{workers}.study")
                study.mkdir()
                (study / "study.toml").write_text(f"[engine]\nworkers = {workers}\n", "utf8")
                analyze_s = timed("analyze", str(files / "patents"), "-o", str(study))
                ask_s = timed("ask", str(study), QUESTION, "--all")
                first = first or (analyze_s / count, ask_s / count)
                parts = [
                    f"{took_s:{width}.1f}{count / took_s:10.1f}{took_s / count / unit_s:7.2f}"
                    for took_s, unit_s, width in zip((analyze_s, ask_s), first, (19, 21), strict=True)
                ]
                print(f"{workers:7}{count:9,}{''.join(parts)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
