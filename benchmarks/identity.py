"""Near-duplicates and families at scale: time and memory.

    python benchmarks/identity.py                     # 20,000 US texts of shared/data, 50,000 made-up applications
    python benchmarks/identity.py --texts 5000

In: texts of shared/data beside the checkout; one in twenty is put in twice with some of its words changed.  Out: how
many a second are sketched, how long all pairs take, how many of the planted ones are found; how long families take.
Seconds are of the processor.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from dokhae.library import likeness
from dokhae.library.families import FamilyRule, Filing, families
from dokhae.types import Number, Role


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000, metavar="N")
    parser.add_argument("--applications", type=int, default=50_000, metavar="N")
    given = parser.parse_args()
    near_duplicates(given.texts)
    for rule in FamilyRule:
        began = time.process_time()
        made = families(filings(given.applications), rule)
        print(f"families ({rule}): {given.applications:,} applications, {len(made):,} families, "
              f"{time.process_time() - began:.1f} s")  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def near_duplicates(n_texts: int) -> None:
    rng = random.Random(1)
    sketches, planted, n_chars, seconds = {}, set(), 0, 0.0
    for n, text in enumerate(islice(texts(), n_texts)):
        versions = {f"{n:06}": text}
        if n % 20 == 0 and len(text) > 2000:
            versions[f"{n:06}x"] = " ".join(w if rng.random() > 0.02 else "changed" for w in text.split())
            planted.add((f"{n:06}", f"{n:06}x"))
        began = time.process_time()
        for name, version in versions.items():
            n_chars += len(version)
            sketches[name] = likeness.numbers_of(likeness.sketch(version))
        seconds += time.process_time() - began
    print(f"sketches: {len(sketches):,} texts, {n_chars / 1e6:.0f} M characters, {len(sketches) / seconds:.0f}/s")
    began = time.process_time()
    pairs = {(one, other) for one, other, _ in likeness.near_pairs({k: v for k, v in sketches.items() if v}, least=0.7)}
    print(f"pairs: {len(pairs):,} in {time.process_time() - began:.1f} s; "
          f"{len(planted & pairs):,} of {len(planted):,} planted ones")  # fmt: skip


def filings(n: int) -> Iterator[Filing]:
    """Applications of which three in four claim one or two priorities of a tenth of all."""
    rng = random.Random(2)
    for id_ in range(n):
        filing = Filing(id_, filed=f"20{rng.randrange(10, 25)}-01-01", publications=1)
        filing.learn(Number("KR", Role.application, f"102012{id_:07}"))
        for _ in range(rng.choice((0, 1, 1, 2))):
            filing.learn(Number("KR", Role.priority, f"102011{rng.randrange(n):07}"))
        yield filing


def texts() -> Iterator[str]:
    for above in Path(__file__).resolve().parents:
        folder = above / "shared" / "data" / "patents" / "us_text"
        if folder.is_dir():
            for path in sorted(folder.glob("*.jsonl.gz")):
                with gzip.open(path, "rt", encoding="utf8") as stream:
                    for line in stream:
                        yield " ".join(str(value) for value in json.loads(line).values())
            return
    sys.exit("The shared data is not beside this checkout.")


if __name__ == "__main__":
    main()
