"""One broken input -> what went wrong with it, "" where nothing did.

In: bytes, and the name of the parser they are for.  The parser reads them as they are; every third time they go in by
the front door instead (recognised by content, unpacked), now and then as a file on disk.  Never catches what would
end a worker: a hang and a death are for the caller to see.
"""

from __future__ import annotations

import io
import random
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokhae.parse import HEAD_BYTES, parser, recognise
from dokhae.parse.files.archives import Limits
from dokhae.parse.files.units import find, read
from dokhae.parse.files.unpack import read_stream
from dokhae.parse.settings import Ocr, ParseSettings, in_force
from dokhae.types import Document, Rejected, Source
from tests.fuzzing.invariants import fault_of
from tests.fuzzing.mutate import mutated
from tests.fuzzing.seeds import ARCHIVES

_SOURCE = Source("fuzz.bin", "0" * 64)
_LIMITS = Limits(range_bytes=5000)
_ON_DISK_EVERY = 50
# a broken page is as good as none for tesseract, which takes its seconds
_SETTINGS = ParseSettings(ocr=Ocr.off)


@dataclass(frozen=True, slots=True)
class Case:
    """The n-th broken input for a parser: always the same one for the same seeds."""

    parser: str
    n: int

    def data(self, seeds: Mapping[str, Sequence[bytes]]) -> bytes:
        rng = random.Random(f"{self.parser} {self.n}")
        others = seeds[rng.choice(sorted(seeds))]
        own = seeds.get(self.parser) or others
        # seeds are sorted by size: small ones are read by the thousand
        seed = own[int(len(own) * rng.random() ** 2)]
        return mutated(seed, rng.choice((own, others)), rng)


def fault(case: Case, data: bytes) -> str:
    """What went wrong, with the place in the code where it did."""
    try:
        with in_force(_SETTINGS):
            found = next((said for item in _items(case, data) if (said := fault_of(item))), "")
    except MemoryError:
        return "MemoryError"
    except Exception as error:  # noqa: BLE001 - that there is none is what is tested
        at = traceback.extract_tb(error.__traceback__)[-1]
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)]
        ours = [place for place in places if not place.startswith(("trial", "invariants"))][-3:]
        return f"{type(error).__name__}: {str(error)[:150]} ({' > '.join(ours) or at.name})"
    return found[:300]


def _items(case: Case, data: bytes) -> Iterator[Document | Rejected | Any]:
    if case.n % _ON_DISK_EVERY == 0:
        yield from _from_disk(data)
    elif case.parser == ARCHIVES or case.n % 3 == 0:
        yield from read_stream(io.BytesIO(data), _SOURCE, _LIMITS, depth=0)
    else:
        recognise(data[:HEAD_BYTES])
        yield from parser(case.parser).read(io.BytesIO(data), _SOURCE)


def _from_disk(data: bytes) -> Iterator[Document | Rejected]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "fuzz.bin")
        path.write_bytes(data)
        for unit in find([path], limits=_LIMITS):
            if isinstance(unit, Rejected):
                yield unit
            else:
                yield from read(unit, limits=_LIMITS)
