"""Index rate and query latency of the search room beside SQLite FTS5 and bm25s, all in one run on the same texts.

    python benchmarks/search.py --from patents.jsonl.gz --docs 2000
    python benchmarks/search.py --docs 1000                     # synthetic Korean and English text

In: JSON lines (title, abstract, claims, description; gz or plain).  Out: a table on standard output.  Queries are drawn
from the texts themselves (fixed seed): single words, two-word phrases, and word AND word NOT word.  FTS5 runs with its
Porter stemmer, and with trigrams, its way to find parts of Korean words.  bm25s knows no phrases and no AND.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from dokhae.search import Entry
from dokhae.search.fields import BODY
from dokhae.search.index import Index

LIMIT = 10
_WORD = re.compile(r"[^\W\d_]{3,}")

Search = Callable[[str], int]  # a query -> how many hits came back


@dataclass(frozen=True, slots=True)
class Queries:
    """The same questions in the words of each engine: (words of the query) by kind."""

    words: list[tuple[str, ...]]
    phrases: list[tuple[str, ...]]
    booleans: list[tuple[str, ...]]

    def kinds(self) -> dict[str, list[tuple[str, ...]]]:
        return {"word": self.words, "phrase": self.phrases, "boolean": self.booleans}


@dataclass(slots=True)
class Row:
    """What one engine did.  latencies: milliseconds by kind of query."""

    engine: str
    index_s: float
    disk_mb: float
    latencies: dict[str, list[float]] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    entries = list(islice(_entries(options.sources), options.docs)) if options.sources else _synthetic(options.docs)
    size_mb = sum(len(getattr(entry, name).encode()) for entry in entries for name in BODY) / 1e6
    queries = _queries(entries, options.queries)
    print(f"{len(entries):,} documents, {size_mb:.1f} MB, {options.queries} queries of each kind, best {LIMIT}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rows = list(_run(entries, queries, Path(folder), options.engines))
    _print(rows, size_mb, len(entries))
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--from", dest="sources", type=Path, nargs="+", default=[], metavar="FILE")
    parser.add_argument("--docs", type=int, default=1000, help="at most this many documents (default 1000)")
    parser.add_argument("--queries", type=int, default=200, help="queries of each kind (default 200)")
    parser.add_argument("--engines", nargs="+", default=["dokhae", "fts5-porter", "fts5-trigram", "bm25s"])
    return parser.parse_args(argv)


def _entries(sources: Iterable[Path]) -> Iterator[Entry]:
    number = 0
    for source in sources:
        with (
            gzip.open(source, "rt", encoding="utf8")
            if source.suffix == ".gz"
            else source.open(encoding="utf8") as lines
        ):
            for line in lines:
                number += 1
                record = json.loads(line)
                record.setdefault("description", record.get("description_head"))
                title, abstract, claims, description = (str(record.get(name) or "") for name in BODY)
                yield Entry(number, number, title, abstract, claims, description)


def _synthetic(docs: int) -> list[Entry]:
    """Every other document Korean; words drawn with the skew of real text (Zipf)."""
    rng = random.Random(1)
    hangul = [chr(code) for code in range(0xAC00, 0xD7A4, 28)]
    korean = ["".join(rng.choices(hangul, k=rng.choice((2, 2, 3, 4)))) for _ in range(8000)]
    english = ["".join(rng.choices("etaoinshrdlucmfwypvbgk", k=rng.randint(2, 10))) for _ in range(8000)]
    skew = [1 / rank for rank in range(1, 8001)]
    made = []
    for number in range(1, docs + 1):
        words = korean if number % 2 else english
        title, abstract, claims, description = (_sentences(rng, words, skew, n) for n in (1, 10, 50, 330))
        made.append(Entry(number, number, title, abstract, claims, description))
    return made


def _sentences(rng: random.Random, words: list[str], skew: list[float], count: int) -> str:
    return " ".join(" ".join(rng.choices(words, skew, k=12)) + "." for _ in range(count))


def _queries(entries: Sequence[Entry], count: int) -> Queries:
    rng = random.Random(2)
    made = Queries([], [], [])
    texts = [entry.description for entry in entries if len(entry.description) > 400]
    for _ in range(count * 100):
        if len(made.words) == count or not texts:
            break
        text = rng.choice(texts)
        at = rng.randrange(len(text) - 400)
        words = _WORD.findall(text[at : at + 400])[1:-1]
        # neighbours in the text, so that the phrase stands there
        pair = re.search(r"([^\W\d_]{3,}) ([^\W\d_]{3,})", text[at + 20 : at + 380])
        if len(words) < 12 or not pair or not all(word.isascii() == words[0].isascii() for word in words):
            continue
        made.words.append((words[0].lower(),))
        made.phrases.append((pair[1].lower(), pair[2].lower()))
        made.booleans.append(tuple(words[n].lower() for n in (0, 5, 10)))
    if len(made.words) < count:
        sys.exit("too little description text to draw queries from: give more documents, or fewer --queries")
    return made


def _run(entries: Sequence[Entry], queries: Queries, folder: Path, engines: Sequence[str]) -> Iterator[Row]:
    for engine in engines:
        if engine == "dokhae":
            yield from _dokhae(entries, queries, folder / engine)
        elif engine.startswith("fts5-"):
            yield _fts5(entries, queries, folder / f"{engine}.db", engine.partition("-")[2])
        else:
            yield _bm25s(entries, queries, folder / engine)


def _dokhae(entries: Sequence[Entry], queries: Queries, folder: Path) -> Iterator[Row]:
    with Index.open(folder) as index:
        started = time.perf_counter()
        index.add(entries)
        row = Row("dokhae", time.perf_counter() - started, _megabytes(folder))
        shown = Row("dokhae, with snippets", row.index_s, row.disk_mb)
        write = {"word": '"{0}"', "phrase": '"{0} {1}"', "boolean": '"{0}" AND "{1}" NOT "{2}"'}
        for kind, asked in queries.kinds().items():
            written = [write[kind].format(*words) for words in asked]
            row.latencies[kind] = _times(lambda query: index.search(query, LIMIT, snippets=False).total, written)
            shown.latencies[kind] = _times(lambda query: index.search(query, LIMIT).total, written)
    yield row
    yield shown


def _fts5(entries: Sequence[Entry], queries: Queries, path: Path, tokenizer: str) -> Row:
    options = {"porter": "porter unicode61", "trigram": "trigram"}[tokenizer]
    database = sqlite3.connect(path)
    database.execute(f"CREATE VIRTUAL TABLE t USING fts5({', '.join(BODY)}, tokenize='{options}')")
    started = time.perf_counter()
    with database:
        database.executemany(
            "INSERT INTO t(rowid, title, abstract, claims, description) VALUES (?, ?, ?, ?, ?)",
            ((entry.id, *(getattr(entry, name) for name in BODY)) for entry in entries),
        )
    row = Row(f"FTS5 {tokenizer}", time.perf_counter() - started, path.stat().st_size / 1e6)
    ranked = f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 4, 2, 2, 1) LIMIT {LIMIT}"
    write = {"word": '"{0}"', "phrase": '"{0} {1}"', "boolean": '("{0}" AND "{1}") NOT "{2}"'}
    for kind, asked in queries.kinds().items():
        written = [write[kind].format(*words) for words in asked]
        row.latencies[kind] = _times(lambda query: len(database.execute(ranked, (query,)).fetchall()), written)
    database.close()
    return row


def _bm25s(entries: Sequence[Entry], queries: Queries, folder: Path) -> Row:
    import bm25s

    texts = ["\n".join(getattr(entry, name) for name in BODY) for entry in entries]
    started = time.perf_counter()
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
    retriever.save(folder)
    row = Row("bm25s", time.perf_counter() - started, _megabytes(folder))

    def search(query: str) -> int:
        tokens: Any = bm25s.tokenize([query], show_progress=False, return_ids=False)
        return len(retriever.retrieve(tokens, k=min(LIMIT, len(texts)), show_progress=False).documents[0])

    row.latencies["word"] = _times(search, [words[0] for words in queries.words])
    return row


def _times(search: Search, queries: Sequence[str]) -> list[float]:
    search(queries[0])  # the first one opens files
    times = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _print(rows: Sequence[Row], size_mb: float, docs: int) -> None:
    ours = rows[0]
    kinds = ("word", "phrase", "boolean")
    print(
        f"{'engine':24}{'MB/s':>8}{'docs/s':>8}{'disk MB':>9}" + "".join(f"{kind + ' ms (p95)':>20}" for kind in kinds)
    )
    for row in rows:
        latencies = "".join(f"{_median_p95(row.latencies.get(kind)):>20}" for kind in kinds)
        rates = f"{size_mb / row.index_s:8.1f}{docs / row.index_s:8.0f}{row.disk_mb:9.1f}"
        print(f"{row.engine:24}{rates}{latencies}")
    for row in rows[1:]:
        ratios = [f"index {row.index_s / ours.index_s:.1f}"]
        for kind in kinds:
            if row.latencies.get(kind):
                ratios.append(
                    f"{kind} {statistics.median(row.latencies[kind]) / statistics.median(ours.latencies[kind]):.1f}"
                )
        print(f"times as long as {ours.engine} ({row.engine}): " + ", ".join(ratios))


def _median_p95(latencies: list[float] | None) -> str:
    if not latencies:
        return "-"
    return f"{statistics.median(latencies):.2f} ({statistics.quantiles(latencies, n=20)[-1]:.2f})"


if __name__ == "__main__":
    sys.exit(main())
