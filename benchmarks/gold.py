"""The gold questions on full texts beside a study of the patents they were asked about: for measuring only.

In: the folder shared/ beside the checkout, the place of a study (made where it is not there).  Out: ``Asked``, patent
by patent, in the order of the gold.  No weight, threshold or wording may be fitted to what is measured with it.
Used by cascade.py, beside_haystack.py and everything.py beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from dokhae.library import folder
from dokhae.models.evaluation import wording
from dokhae.study import Study
from dokhae.types import Text

SOURCES = ("kr_pdf", "ep_xml.zip", "us_xml.zip")
_GOLD = "patent_reading_dev.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """A gold question with its text and accepted answers; none where the text does not answer it."""

    text: Text
    question: str
    answers: tuple[str, ...]


def shared() -> Path | None:
    """The folder with data and gold, if it is beside the checkout."""
    return next((above / "shared" for above in Path(__file__).resolve().parents if (above / "shared").is_dir()), None)


def make(study: Path, beside: Path, *, n_patents: int | None = None, gold_only: bool = False) -> None:
    """Makes the study where it is not there.  gold_only: what has no gold is taken out, as are gold patents after n."""
    if study.exists():
        return
    with Study.create(study) as made:
        made.add([beside / "data" / "patents" / name for name in SOURCES])
    if gold_only:
        with folder.open_to_write(study) as store:
            wanted = {patent.id for entry in _entries(beside, n_patents) for patent in store.find(entry["id"])[:1]}
            store.remove([patent.id for patent in store.patents() if patent.id not in wanted])


def questions(study: Path, beside: Path, n_patents: int | None = None) -> Iterator[Asked]:
    """Every question on the first ``n_patents`` of the gold, all if None, that the study holds."""
    with folder.open_to_read(study) as store:
        for entry in _entries(beside, n_patents):
            patent = next(iter(store.find(entry["id"])), None)
            if patent is None:
                continue
            text = store.text(patent.text)
            yield from (Asked(text, one["q"], tuple(one["answers"])) for one in entry["qa"])


def f1(quote: str, answers: Iterable[str]) -> float:
    """Of pairs of characters or words, against the best of the accepted answers."""
    return max(wording.f1(quote, answer, wording.pairs) for answer in answers)


def _entries(beside: Path, n: int | None) -> Iterator[Any]:
    with (beside / "data" / "gold" / _GOLD).open(encoding="utf8") as lines:
        yield from map(json.loads, islice(lines, n))
