"""JSON lines, plain or gzipped, and files that appear whole or not at all.

In: a path.  Out: one dict a line, or a finished file in place of an older one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

Line = dict[str, Any]


def opened(path: Path) -> IO[str]:
    """The text of a file, unpacked where it ends in ``.gz``."""
    return gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8")


def read(path: Path) -> Iterator[Line]:
    """Every line that holds something."""
    with opened(path) as file:
        yield from (json.loads(line) for line in file if line.strip())


def write(path: Path, lines: Iterable[Line]) -> int:
    """Writes one JSON object a line; returns how many."""
    n_lines = 0
    with replaced(path) as unfinished, unfinished.open("w", encoding="utf8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            n_lines += 1
    return n_lines


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A place to write; what was written becomes ``path`` when all went well."""
    unfinished = path.with_name(f"unfinished-{path.name}")
    yield unfinished
    unfinished.replace(path)
