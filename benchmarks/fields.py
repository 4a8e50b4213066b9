"""Standing fields a second, by cues alone and with the model, on full texts and on abstracts.

    python benchmarks/fields.py STUDY --texts 40       # a study that exists; nothing in it is changed

In: a study.  Out: for full texts and for shorter ones: texts a second on this machine's cores in one process, the
passages the model read of each, and what cutting them cost.  Say under which load the figures were taken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import cast

from dokhae.library import folder
from dokhae.models import in_use
from dokhae.reading import combination, comprehension
from dokhae.reading.cascade import read_text
from dokhae.reading.comprehension import Comprehension
from dokhae.reading.fields import Field, load
from dokhae.reading.marking import Marking, ReadsFields
from dokhae.reading.view import View
from dokhae.types import Text


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("study", type=Path)
    parser.add_argument("--texts", type=int, default=40, help="of each kind")
    parser.add_argument("--threads", type=int, help="of the model; one a core unless said")
    options = parser.parse_args()
    fields = (*load("standing"), *load("rnd"))
    by = comprehension.in_force(in_use.BUILT_IN, threads=options.threads)
    if by is None:
        print("skipped: no weights are installed")
        return 0
    for kind, texts in _texts(options.study, options.texts).items():
        _time(texts, fields, by)  # warms caches
        cues_s, model_s = (_time(texts, fields, way) for way in (None, by))
        cut_s, n_passages = _cut(texts, by)
        print(
            f"{kind:6s} {len(texts)} texts: cues alone {len(texts) / cues_s:.1f} texts/s, with the model "
            f"{len(texts) / model_s:.1f}; {n_passages:.1f} passages read of each, cutting them {cut_s * 1000:.0f} ms"
        )
    return 0


def _texts(study: Path, n: int) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = defaultdict(list)
    with folder.open_to_read(study) as store:
        for patent in store.patents(representatives_only=True):
            text = store.text(patent.text)
            kind = combination.kind_of(text)
            if patent.category == "invention" and len(found[kind]) < n:
                found[kind].append(text)
            if all(len(found[kind]) >= n for kind in combination.KINDS):
                break
    return {kind: list(islice(texts, n)) for kind, texts in found.items() if texts}


def _time(texts: Iterable[Text], fields: tuple[Field, ...], by: Comprehension | None) -> float:
    started_s = time.perf_counter()
    for text in texts:
        read_text(text, fields, by=by)
    return time.perf_counter() - started_s


def _cut(texts: list[Text], by: Comprehension) -> tuple[float, float]:
    """Seconds to choose and cut the passages of a text, cues included, and how many there are."""
    started_s = time.perf_counter()
    n_passages = mean(_n_read(text, cast(ReadsFields, by.reader)) for text in texts)
    return (time.perf_counter() - started_s) / len(texts), n_passages


def _n_read(text: Text, reader: ReadsFields) -> int:
    """Passages read for all fields that lean on the model in a text like this one."""
    marking, tables = Marking(View(text), reader), combination.shipped().tables
    leaning = [
        field for (kind, field), table in tables.items() if kind == combination.kind_of(text) and table.with_model
    ]
    return len({passage.span for field in leaning for passage in marking.passages(field)})


if __name__ == "__main__":
    sys.exit(main())
