"""Tree: a table of classes in up to three levels -> what each class is told by.

In: XLSX, CSV or the like (tree_rows.py), or TOML with a table ``[[class]]`` each.  Out: a frozen ``Tree``.  A class
without a means of telling is an error where it has no classes below it.  docs/screening.md shows a whole file of each.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.screening import LEVEL
from dokhae.screening.places import TomlLines
from dokhae.screening.tree_rows import LEVELS, ClassRow, rows_of
from dokhae.search import analyse
from dokhae.search.query import Words, canonical, parse

_SEPARATORS = re.compile(r"[,;|、\n]")
_KEYS = (*LEVELS, "code", "definition", "keywords", "query")


@dataclass(frozen=True, slots=True)
class Class:
    """One class.  path: its levels, joined.  keywords: phrases.  query: in canonical form, "" without one."""

    path: str
    code: str = ""
    definition: str = ""
    keywords: tuple[str, ...] = ()
    query: str = ""

    @property
    def can_be_told(self) -> bool:
        return bool(self.definition or self.keywords or self.query)


@dataclass(frozen=True)
class Tree:
    """Classes that can be told, in the order of the table."""

    classes: tuple[Class, ...]

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.classes).encode("utf8")).hexdigest()[:16]


def load(path: str | Path) -> Tree:
    """The tree of a file.

    Raises InputError ``tree-unreadable``, ``tree-header``, ``tree-empty``, ``tree-twice``, ``tree-bare``,
    ``tree-query``, ``tree-key`` or ``tree-value``.
    """
    place = Path(path)
    rows = list(_toml_rows(place) if place.suffix.lower() == ".toml" else rows_of(place))
    if not rows:
        raise InputError("tree-empty", file=path)
    _check_names(place, rows)
    made = [_class(place, row) for row in rows]
    for row, one in zip(rows, made, strict=True):
        if not one.can_be_told and not any(other.path.startswith(one.path + LEVEL) for other in made):
            raise InputError("tree-bare", **_at(place, row))
    return Tree(tuple(one for one in made if one.can_be_told))


def _class(path: Path, row: ClassRow) -> Class:
    keywords = (" ".join(word.replace('"', " ").split()) for word in _SEPARATORS.split(row.means.get("keywords", "")))
    return Class(
        row.path,
        row.means.get("code", ""),
        row.means.get("definition", ""),
        tuple(dict.fromkeys(word for word in keywords if analyse.terms(word))),
        _query(path, row),
    )


def _query(path: Path, row: ClassRow) -> str:
    written = row.means.get("query", "")
    if not written:
        return ""
    try:
        return canonical(parse(written, lambda text: bool(analyse.terms(text))).tree)
    except InputError as error:
        raise InputError("tree-query", **_at(path, row), reason=error) from error


def keyword_query(keyword: str, field: str) -> str:
    """The query that finds a keyword in one field: its words in this order, in Korean with or without blanks."""
    return canonical(Words(keyword, field, "phrase"))


def _check_names(path: Path, rows: Sequence[ClassRow]) -> None:
    first: dict[str, ClassRow] = {}
    for row in rows:
        if row.path in first:
            raise InputError("tree-twice", **_at(path, row), first=first[row.path].row)
        first[row.path] = row


def _at(path: Path, row: ClassRow) -> dict[str, object]:
    return {"file": path, "sheet": row.sheet or "-", "row": row.row, "name": row.path}


# ---- TOML


def _toml_rows(path: Path) -> Iterator[ClassRow]:
    try:
        content = path.read_text("utf-8-sig")
        table = tomllib.loads(content)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("tree-unreadable", file=path, reason=error) from error
    lines = TomlLines(content, "class")
    entries = table.get("class", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError("tree-empty", file=path)
    for at, entry in enumerate(entries):
        yield _toml_row(path, lines, at, entry)


def _toml_row(path: Path, lines: TomlLines, at: int, entry: Mapping[str, Any]) -> ClassRow:
    for key, value in entry.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            raise InputError("tree-key", file=path, row=lines.line(at, key), key=key, near=near)
        if not _is_text(value) and not (key == "keywords" and isinstance(value, list) and all(map(_is_text, value))):
            wanted = {"value": repr(value)[:80], "wanted": '["…", "…"]' if key == "keywords" else '"…"'}
            raise InputError("tree-value", file=path, row=lines.line(at, key), key=key, **wanted)
    levels = tuple(_said(entry.get(key, "")) for key in LEVELS)
    if not any(levels):
        wanted = {"key": LEVELS[0], "value": '""', "wanted": '"…"'}
        raise InputError("tree-value", file=path, row=lines.line(at), **wanted)
    means = {key: _said(entry[key]) for key in _KEYS if key not in LEVELS and key in entry}
    return ClassRow(levels, means, "", lines.line(at))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _said(value: str | Iterable[str]) -> str:
    return value.strip() if isinstance(value, str) else "\n".join(value)
