"""The lexical index: entries -> a folder, a query -> hits.  The only module that imports tantivy.

In: entries, ascending by ``seq``.  Out: ``Results``.  The index is derived data: it knows the last database sequence it
holds (a marker document, committed with the data), and a folder it cannot use raises ``IndexUnusable`` so that its
owner may rebuild it.  The texts are kept beside the postings, compressed, for snippets.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import tantivy
import zstandard

from dokhae.errors import StudyBusy, StudyError
from dokhae.search import Entry, Hit, Results, analyse
from dokhae.search.evaluate import Page, positive, searched
from dokhae.search.fields import BODY, CLASSES, DATES, EXACT, TEXTS, class_levels, number_spellings
from dokhae.search.pattern import Want, wants
from dokhae.search.query import And, Dates, Node, Not, Or, Value, Words, canonical, parse
from dokhae.search.snippet import explain

# Raised whenever analysis or schema change: an index of another version is rebuilt, never searched.
VERSION = "1"
HEAP_BYTES = 256_000_000
COMMIT_CHARS = 200_000_000
BEST_TERMS = 64
STEMS_KEPT = 200_000

_BOOSTS = {"title": 4.0, "abstract": 2.0, "claims": 2.0, "description": 1.0}
# index field of each field of a query that holds exact values
_VALUES = {"IPC": "ipc", "CPC": "cpc", "NO": "numbers", "office": "office", "kind": "kind", "lang": "lang"}
_ENTRY, _MARKER = "entry", "marker"


class IndexUnusable(StudyError):
    """The folder holds no index this version can use; rebuild it from the library."""


class Index:
    """One open index.  Any number of readers; one writer at a time, held only while it writes."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        self.folder = folder
        self._index = index
        self._stemmer = _stemming(tantivy.Tokenizer.whitespace())
        # the stem the index holds a term under
        self.stem = lru_cache(maxsize=STEMS_KEPT)(self._stemmed)
        index.register_tokenizer("terms", self._stemmer)
        index.config_reader("manual")

    @classmethod
    def open(cls, folder: Path) -> Index:
        """The index in ``folder``, a new empty one where there is none.  Raises IndexUnusable."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            found = tantivy.Index.open(str(folder)) if tantivy.Index.exists(str(folder)) else None
            opened = cls(folder, found or tantivy.Index(_schema(), path=str(folder)))
            version = opened._marked("version") if found else VERSION
        except (ValueError, OSError) as e:
            raise IndexUnusable("index-unusable", folder=folder, reason=e) from e
        if version not in (None, VERSION):
            raise IndexUnusable("index-unusable", folder=folder, reason=f"version {version}, not {VERSION}")
        return opened

    @property
    def last_seq(self) -> int:
        """The last database sequence this index holds, deletions included; 0 for an empty one."""
        return int(self._marked("last_seq") or 0)

    def __len__(self) -> int:
        return _count(self._found(_term(self._index, "is", _ENTRY), 1))

    def add(self, entries: Iterable[Entry]) -> int:
        """Adds or replaces ``entries`` (ascending by seq) and returns how many; commits as it goes and at the end."""
        n_added, n_chars, seq = 0, 0, self.last_seq
        with self._writing() as writer:
            for entry in entries:
                writer.delete_documents_by_term("key", str(entry.id))
                writer.add_document(_document(entry))
                n_added, n_chars, seq = n_added + 1, n_chars + len(entry.description), max(seq, entry.seq)
                if n_chars > COMMIT_CHARS:
                    self._commit(writer, seq)
                    n_chars = 0
            self._commit(writer, seq)
        return n_added

    def remove(self, ids: Iterable[int], *, seq: int | None = None) -> None:
        """Takes patents out.  seq: the database sequence of the removal, so that catching up does not repeat it."""
        last = self.last_seq
        with self._writing() as writer:
            for id_ in ids:
                writer.delete_documents_by_term("key", str(id_))
            self._commit(writer, last if seq is None else max(last, seq))

    def search(self, query: str, limit: int = 10, offset: int = 0, *, snippets: bool = True) -> Results:
        """The patents that satisfy ``query`` (docs/query.md), best first.  Raises InputError if it cannot be read.

        A ``limit`` larger than the index returns all.  Without ``snippets`` hits carry id and score only.
        """
        parsed = parse(query, lambda text: bool(analyse.terms(text)))
        words = positive(parsed.tree) if snippets else ()
        compiled = _Compiler(self._index, self.stem).compile(parsed.tree)
        hits, total = self._hits(compiled, limit, offset, words, snippets)
        return Results(hits, total, canonical(parsed.tree), parsed.warnings)

    def ids(self, query: str) -> frozenset[int]:
        """Every patent that satisfies ``query``.  Raises InputError if it cannot be read."""
        return frozenset(hit.id for hit in self.search(query, max(1, len(self)), snippets=False).hits)

    def best(self, text: str, limit: int = 10, offset: int = 0, *, snippets: bool = True) -> Results:
        """The patents most like ``text``, any of its words counting: for questions and passages, no query language.

        Its rarest BEST_TERMS words are used; ``read_as`` names them.
        """
        words = self._rarest(text)
        if not words:
            return Results((), 0, "")
        tree: Node = Or(words) if len(words) > 1 else words[0]
        compiled = _Compiler(self._index, self.stem).compile(tree)
        hits, total = self._hits(compiled, limit, offset, words, snippets)
        return Results(hits, total, canonical(tree))

    def close(self) -> None:
        """Lets go of the files, so that the folder can be removed (Windows keeps open files)."""
        del self._index

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _stemmed(self, term: str) -> str:
        return term if analyse.is_cjk(term) else next(iter(self._stemmer.analyze(term)), term)

    def _hits(
        self, query: tantivy.Query, limit: int, offset: int, words: Sequence[Words], snippets: bool
    ) -> tuple[tuple[Hit, ...], int]:
        searcher = self._searcher()
        wanted = max(1, min(limit, searcher.num_docs))
        found = searcher.search(query, wanted, offset=min(offset, searcher.num_docs))
        scored = found.hits[: max(0, limit)]
        if not snippets:
            ids = searcher.fast_field_values("id", [address for _, address in scored])
            return tuple(Hit(int(id_ or 0), score) for id_, (score, _) in zip(ids, scored, strict=True)), _count(found)
        hits = []
        for score, address in scored:
            page = Page(_entry(searcher.doc(address)), self.stem)
            hits.append(Hit(page.entry.id, score, *explain(words, page)))
        return tuple(hits), _count(found)

    def _rarest(self, text: str) -> tuple[Words, ...]:
        searcher = self._searcher()
        terms = dict.fromkeys(analyse.terms(text).split())
        whole = [term for term in terms if analyse.GAP not in term and (len(term) > 1 or not analyse.is_cjk(term))]
        n_docs = {term: sum(searcher.doc_freq(field, self.stem(term)) for field in BODY) for term in whole}
        known = sorted((term for term in whole if n_docs[term]), key=lambda term: n_docs[term])
        return tuple(Words(term) for term in known[:BEST_TERMS])

    def _searcher(self) -> tantivy.Searcher:
        self._index.reload()
        return self._index.searcher()

    def _found(self, query: tantivy.Query, limit: int) -> tantivy.SearchResult:
        return self._searcher().search(query, limit)

    def _marked(self, field: str) -> str | None:
        found = self._found(_term(self._index, "is", _MARKER), 1).hits
        if not found:
            return None
        return str(self._searcher().doc(found[0][1]).get_first(field))

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """A writer that is closed with all merges done; what was not committed is dropped on an error."""
        try:
            # one core is busy analysing: threads beyond the rest slow it down (2 cores: 21 against 28 MB/s)
            writer = self._index.writer(HEAP_BYTES, max(1, min(8, (os.cpu_count() or 2) - 1)))
        except ValueError as e:
            raise StudyBusy("index-busy", folder=self.folder, reason=e) from e
        try:
            yield writer
        except ValueError as e:
            raise StudyError("index-not-written", folder=self.folder, reason=e) from e
        finally:
            writer.wait_merging_threads()

    def _commit(self, writer: tantivy.IndexWriter, seq: int) -> None:
        writer.delete_documents_by_term("is", _MARKER)
        marker = tantivy.Document()
        marker.add_text("is", _MARKER)
        marker.add_text("last_seq", str(seq))
        marker.add_text("version", VERSION)
        writer.add_document(marker)
        writer.commit()


class _Compiler:
    """Syntax tree -> tantivy query.  Filters never change the score."""

    def __init__(self, index: tantivy.Index, stem: Callable[[str], str]) -> None:
        self._index = index
        self._schema = index.schema
        self._stem = stem

    def compile(self, node: Node) -> tantivy.Query:
        match node:
            case Words():
                return self._words(node)
            case Value(field, value):
                return _filter(self._value(_VALUES[field], value))
            case Dates(field, low, high):
                return _filter(self._range(DATES[field], low, high))
            case Not() | And():
                return self._all_of(node.parts if isinstance(node, And) else (node,))
            case Or(parts):
                return _any_of([self.compile(part) for part in parts])

    def _all_of(self, parts: Sequence[Node]) -> tantivy.Query:
        must = [self.compile(part) for part in parts if not isinstance(part, Not)]
        must_not = [self.compile(part.part) for part in parts if isinstance(part, Not)]
        if not must:
            must = [_filter(_term(self._index, "is", _ENTRY))]
        clauses = [(tantivy.Occur.Must, query) for query in must]
        return tantivy.Query.boolean_query(clauses + [(tantivy.Occur.MustNot, query) for query in must_not])

    def _words(self, words: Words) -> tantivy.Query:
        pattern = wants(words, self._stem)
        if not pattern:
            return tantivy.Query.empty_query()
        by_field = {field: self._pattern(field, pattern) for field in searched(words)}
        boosted = [tantivy.Query.boost_query(query, _BOOSTS.get(field, 1.0)) for field, query in by_field.items()]
        return _any_of(boosted)

    def _pattern(self, field: str, pattern: tuple[Want, ...]) -> tantivy.Query:
        if len(pattern) == 1:
            return self._single(field, pattern[0])
        if all(want.how == "is" for want in pattern):
            return tantivy.Query.phrase_query(self._schema, field, [want.term for want in pattern])
        return tantivy.Query.regex_phrase_query(self._schema, field, [_regex(want) for want in pattern])

    def _single(self, field: str, want: Want) -> tantivy.Query:
        if want.how == "begins":
            return tantivy.Query.regex_query(self._schema, field, _regex(want))
        found = [_term(self._index, field, want.term)]
        if want.how == "pair":
            found.append(_term(self._index, field, analyse.GAP.join(want.term)))
        return _any_of(found)

    def _value(self, field: str, value: str) -> tantivy.Query:
        if value.endswith("?"):
            return tantivy.Query.regex_query(self._schema, field, re.escape(value[:-1]) + ".*")
        return _term(self._index, field, value)

    def _range(self, field: str, low: date | None, high: date | None) -> tantivy.Query:
        first, last = (None if day is None else _day(day) for day in (low, high))
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Integer, first, last)


def _regex(want: Want) -> str:
    if want.how == "pair":
        return f"{want.term[0]}{analyse.GAP}?{want.term[1]}"
    if want.how == "is":
        return re.escape(want.term)
    begins = re.escape(want.term) + ".*"
    return f"({begins}|{re.escape(want.stem)})" if want.stem else begins


def _count(found: Any) -> int:
    """All matches of a search (missing from tantivy's type stubs)."""
    return int(found.count)


def _term(index: tantivy.Index, field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(index.schema, field, value)


def _filter(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


@cache
def stemmer() -> Callable[[str], str]:
    """The stem an index holds a term under, where no index is open."""
    analyzer = _stemming(tantivy.Tokenizer.whitespace())

    def stem(term: str) -> str:
        return term if analyse.is_cjk(term) else next(iter(analyzer.analyze(term)), term)

    return lru_cache(maxsize=STEMS_KEPT)(stem)


def _stemming(tokenizer: tantivy.Tokenizer) -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tokenizer).filter(tantivy.Filter.stemmer("english")).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", fast=True, stored=True)
    # deletion by an integer term silently finds nothing (tantivy-py sends it as signed): the id again, as text
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    for field in TEXTS.values():
        builder.add_text_field(field, tokenizer_name="terms", index_option="position")
    for field in ("is", *_VALUES.values()):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in DATES.values():
        builder.add_integer_field(field, indexed=True, fast=True)
    for field in ("last_seq", "version"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_bytes_field("kept", stored=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("is", _ENTRY)
    document.add_unsigned("id", entry.id)
    document.add_text("key", str(entry.id))
    for field in TEXTS.values():
        given = getattr(entry, field)
        for value in (given,) if isinstance(given, str) else given:
            document.add_text(field, analyse.terms(value))
    for field, value in _values(entry):
        document.add_text(field, value)
    for field in DATES.values():
        day: date | None = getattr(entry, field)
        if day is not None:
            document.add_integer(field, _day(day))
    document.add_bytes("kept", _pack(entry))
    return document


def _values(entry: Entry) -> Iterator[tuple[str, str]]:
    for field in CLASSES.values():
        yield from ((field, code) for written in getattr(entry, field) for code in class_levels(written))
    yield from (("numbers", word) for written in entry.numbers for word in number_spellings(written))
    for field in ("office", "kind", "lang"):
        if value := EXACT[field](getattr(entry, field)):
            yield field, value


def _day(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _pack(entry: Entry) -> bytes:
    texts = {field: getattr(entry, field) for field in TEXTS.values()}
    return zstandard.compress(json.dumps(texts).encode("ascii"), 3)


def _entry(document: tantivy.Document) -> Entry:
    """The texts of a found document; what only filters ask for is left out."""
    kept = document.get_first("kept")
    id_ = document.get_first("id")
    if kept is None or id_ is None:
        raise IndexUnusable("index-unusable", folder="", reason="a document without its text")
    texts = json.loads(zstandard.decompress(bytes(kept)))
    for field in ("applicants", "inventors"):
        texts[field] = tuple(texts[field])
    return Entry(id=id_, seq=0, **texts)
