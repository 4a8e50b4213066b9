"""Which text belongs to which: titles and abstracts of patents nothing was trained on, within and across languages.

    python benchmarks/retrieval.py                              # the built-in encoder and static vectors
    python benchmarks/retrieval.py --base FOLDER --limit 200    # beside the model the encoder began as; fewer texts

In: the folder shared/data beside the checkout.  Out: a table a task on standard output: R@1, R@5, R@10 and nDCG@10 with
95 % intervals, for BM25 (bm25s; words, and pairs of Hangul), each encoder there is, and their fusions with BM25; then
tokens a second of the static vectors.  Skipped, with the reason, where data or weights are absent.
Korean abstracts with English titles (kr_csv/inu.csv) are in no training set.  Of the US collection every other line is
taken, whose title nothing was trained on; its abstract may have been seen beside its description (training/pairs.py).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from dokhae.models import catalog
from dokhae.models.evaluation import retrieval, wording
from dokhae.models.evaluation.intervals import mean

CUTS = (1, 5, 10)
RANK_CONSTANT = 60  # of reciprocal ranks (Cormack et al. 2009)
WEIGHTS = (0.25, 0.5)  # of BM25 beside cosines, both standardised
_QUESTION = "How is the lens kept from inclining during focusing?"
_TITLES = re.compile(r"(?P<ko>.*[가-힣].*?)\s*\((?P<en>[^가-힣]{8,})\)\s*", re.DOTALL)
_UNIT = re.compile(r"[가-힣]+|[a-z]+|\d+")

Scores = NDArray[np.float32]  # [queries, passages]


@dataclass(frozen=True, slots=True)
class Task:
    """Texts and what belongs to each: ``right[n]`` are the numbers of the passages of query ``n``."""

    name: str
    queries: list[str]
    passages: list[str]
    right: list[list[int]]


class Remembering:
    """An encoder whose vectors are kept: the same texts take part in several tasks."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self._known: dict[tuple[retrieval.Role, str], NDArray[np.float32]] = {}

    def vectors(self, texts: Sequence[str], role: retrieval.Role) -> NDArray[np.float32]:
        unseen = [text for text in dict.fromkeys(texts) if (role, text) not in self._known]
        if unseen:
            made = retrieval.vectors_of(self._encoder, unseen, role, _silent)
            self._known.update(((role, text), row) for text, row in zip(unseen, made, strict=True))
        return np.stack([self._known[role, text] for text in texts])


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    patents = _patents()
    if patents is None:
        print("skipped: the folder shared/data is not beside this checkout")
        return 0
    encoders = dict(_encoders(options.base))
    if not encoders:
        print("skipped: no encoder is installed (dokhae models) and none was given with --base")
        return 0
    remembering = {name: Remembering(encoder) for name, encoder in encoders.items()}
    for own in _tasks(patents, options.limit):
        print(f"\n{own.name}: {len(own.queries):,} queries, {len(own.passages):,} texts")
        print("| by | R@1 | R@5 | R@10 | nDCG@10 |\n|---|---|---|---|---|")
        scores = {"BM25": bm25(own)} | {name: cosines(one, own) for name, one in remembering.items()}
        for name, found in (scores | dict(fusions(scores))).items():
            print(f"| {name} | " + " | ".join(_cells(ranks_of(found, own.right))) + " |", flush=True)
    if "static" in encoders:
        _print_speed(encoders["static"], patents, options.seconds)
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", type=Path, help="folder of the model the encoder began as")
    parser.add_argument("--limit", type=int, default=1000, help="texts of each collection (default 1000)")
    parser.add_argument("--seconds", type=float, default=5.0, help="for the speed of static vectors (default 5)")
    return parser.parse_args(argv)


def _patents() -> Path | None:
    folders = (above / "shared" / "data" / "patents" for above in Path(__file__).resolve().parents)
    return next((folder for folder in folders if folder.is_dir()), None)


def _encoders(base: Path | None) -> Iterator[tuple[str, Any]]:
    if base is not None:
        yield "base", catalog.load_encoder(base)
    if catalog.has_encoder():
        yield "encoder", catalog.load_encoder()
    if catalog.has_static():
        yield "static", catalog.load_static()


def _tasks(patents: Path, limit: int) -> Iterator[Task]:
    """One after the other, so that the first table is there soon."""
    korean = list(islice(korean_records(patents / "kr_csv" / "inu.csv"), limit))
    english = list(islice(english_records(patents / "us_text"), limit))
    yield task("Korean title → Korean abstract", [(ko, abstract) for ko, _, abstract in korean])
    yield task("English title → English abstract", english)
    yield task("English title → Korean abstract", [(en, abstract) for _, en, abstract in korean])
    yield task("English title → Korean title", [(en, ko) for ko, en, _ in korean])
    yield task("Korean title → English title", [(ko, en) for ko, en, _ in korean])


def task(name: str, pairs: Sequence[tuple[str, str]]) -> Task:
    """Equal texts are one; all passages compete."""
    queries, passages = ({text: n for n, text in enumerate(dict.fromkeys(side))} for side in zip(*pairs, strict=True))
    right: list[set[int]] = [set() for _ in queries]
    for query, passage in pairs:
        right[queries[query]].add(passages[passage])
    return Task(name, list(queries), list(passages), [sorted(own) for own in right])


def korean_records(path: Path) -> Iterator[tuple[str, str, str]]:
    """Korean title, English title, abstract; the columns of this file are irregular."""
    with path.open(encoding="utf8", newline="") as file:
        for row in csv.reader(file):
            titles = _TITLES.fullmatch(row[0]) if row else None
            abstract = max((cell for cell in row[1:] if re.search("[가-힣]", cell)), key=len, default="")
            if titles and len(abstract) > 60:
                yield titles["ko"].strip(), titles["en"].strip(), abstract.strip()


def english_records(folder: Path) -> Iterator[tuple[str, str]]:
    """Title and abstract of every other line of the US collection, one of each file in turn."""
    with ExitStack() as opened:
        files = [opened.enter_context(gzip.open(path, "rt", encoding="utf8")) for path in sorted(folder.glob("*.gz"))]
        for lines in zip(*(islice(file, 1, None, 2) for file in files), strict=False):
            for entry in map(json.loads, lines):
                if len(entry["title"]) > 5 and len(entry["abstract"]) > 60:
                    yield entry["title"], entry["abstract"]


def units(text: str) -> list[str]:
    """Words without their endings, numbers, pairs of Hangul."""
    return wording.stems(_UNIT.findall(text.lower()))


def bm25(task: Task) -> Scores:
    index = bm25s.BM25()
    index.index([units(text) for text in task.passages], show_progress=False)
    known = index.vocab_dict
    asked = [[unit for unit in units(text) if unit in known] for text in task.queries]
    nothing = np.zeros(len(task.passages), np.float32)
    return np.stack([index.get_scores(own) if own else nothing for own in asked]).astype(np.float32)


def cosines(encoder: Remembering, task: Task) -> Scores:
    return np.asarray(encoder.vectors(task.queries, "query") @ encoder.vectors(task.passages, "passage").T)


def fusions(scores: dict[str, Scores]) -> Iterator[tuple[str, Scores]]:
    """Each encoder beside BM25, and the encoder beside static vectors."""
    pairs = [(name, "BM25") for name in scores if name != "BM25"]
    for name, other in [*pairs, ("encoder", "static")]:
        if name in scores and other in scores:
            yield f"{name}, {other}: reciprocal ranks", reciprocal(scores[name]) + reciprocal(scores[other])
            for weight in WEIGHTS:
                yield f"{name} + {weight} {other}", standard(scores[name]) + weight * standard(scores[other])


def standard(scores: Scores) -> Scores:
    """Each query's scores with mean 0 and deviation 1; noughts where all are alike."""
    deviations = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.where(deviations > 0, deviations, 1))


def reciprocal(scores: Scores) -> Scores:
    """1 / (60 + rank), from 1; equal scores share the worst of their ranks."""
    ranks = np.stack([np.searchsorted(np.sort(-row), -row, side="right") for row in scores])
    return np.asarray(1 / (RANK_CONSTANT + ranks), np.float32)


def ranks_of(scores: Scores, right: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each query the ranks of its passages, from 1; of equal scores the right one comes last."""
    found = []
    for row, own in zip(scores, right, strict=True):
        others = np.delete(row, own)
        best_first = np.sort(row[list(own)])[::-1]
        found.append([int((others >= score).sum()) + place for place, score in enumerate(best_first, start=1)])
    return found


def _cells(ranks: Sequence[list[int]]) -> Iterator[str]:
    values = [[float(own[0] <= cut) for own in ranks] for cut in CUTS]
    for own in [*values, [retrieval.ndcg(one, 10) for one in ranks]]:
        figure = mean("", own, range(len(own)))
        yield f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


def _print_speed(static: Any, patents: Path, seconds: float) -> None:
    """The best run over Korean and English abstracts: others on the machine only ever slow it down."""
    texts = [abstract for _, _, abstract in korean_records(patents / "kr_csv" / "inu.csv")]
    texts += [abstract for _, abstract in islice(english_records(patents / "us_text"), 2000)]
    n_tokens = sum(map(static.count, texts))
    uses: dict[str, Callable[[], Any]] = {
        "sums": lambda: static.encode(texts),
        "matches of a question of nine words": lambda: static.match(_QUESTION, texts),
    }
    print()
    for name, use in uses.items():
        best, until = float("inf"), time.monotonic() + seconds / len(uses)
        while time.monotonic() < until:
            started = time.perf_counter()
            use()
            best = min(best, time.perf_counter() - started)
        print(f"static vectors, {static.dim} dimensions, one thread, {name}: {n_tokens / best:,.0f} tokens/s")


def _silent(done: int) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
