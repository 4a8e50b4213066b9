"""The keys of a rule -> its condition: what each key takes, and how it is read.

In: a table of the criteria file.  Out: a ``Condition``, or ``Wrong`` with the key at fault; file and line are the
business of criteria.py.  Several keys of one table must all hold.  Keys of bibliographic data become queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any as Anything

from dokhae.errors import InputError
from dokhae.screening.conditions import All, Any, Ask, Condition, Has, Not, Query
from dokhae.search import analyse, dates
from dokhae.search.fields import EXACT
from dokhae.search.query import Dates, Node, Or, Value, Words, canonical, parse

_CLASS_KEYS = {"ipc": "IPC", "cpc": "CPC"}
_DATE_KEYS = {"filed_before": "<", "filed_after": ">="}
_GROUPS = ("all", "any")
CONDITION_KEYS = (
    "words", "field", "has", "ask", "from", "country", "applicant", "rule", "not", "id", "verdict",
    *_CLASS_KEYS, *_DATE_KEYS, *_GROUPS,
)  # fmt: skip
_MOST_DEEP = 50

Refer = Callable[[str], Condition]


class Wrong(Exception):
    """A key that cannot be read: the code of the error and what it says besides the place."""

    def __init__(self, code: str, key: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.key, self.values = code, key, values


def condition_of(entry: object, fields: Sequence[str], refer: Refer, *, deep: int = 0) -> Condition:
    """What a table says.  fields: those that may be named; refer: the condition of another rule.  Raises Wrong."""
    if not isinstance(entry, dict) or deep > _MOST_DEEP:
        raise Wrong("criteria-value", "", value=repr(entry)[:60], wanted='{ words = "…" }')
    for key in entry:
        if key not in CONDITION_KEYS or (deep and key in ("id", "verdict")):
            raise Wrong("criteria-key", key)
    parts = tuple(_parts(entry, fields, refer, deep))
    if not parts:
        raise Wrong("criteria-missing", "", what='words = "…" | ask = "…" | ipc = ["…"] | …')
    return parts[0] if len(parts) == 1 else All(parts)


def names_in(entry: object) -> Iterator[str]:
    """The rules a table refers to, however deep."""
    if isinstance(entry, list):
        for part in entry:
            yield from names_in(part)
    elif isinstance(entry, dict):
        for key, value in entry.items():
            if key == "rule" and isinstance(value, str):
                yield value
            elif key in ("all", "any", "not"):
                yield from names_in(value)


def _parts(entry: Mapping[str, Anything], fields: Sequence[str], refer: Refer, deep: int) -> Iterator[Condition]:
    for key, value in entry.items():
        if key in _GROUPS:
            if not isinstance(value, list) or not value:
                raise _wrong(key, value, "[{ … }, { … }]")
            parts = tuple(condition_of(part, fields, refer, deep=deep + 1) for part in value)
            yield All(parts) if key == "all" else Any(parts)
        elif key == "not":
            yield Not(condition_of(value, fields, refer, deep=deep + 1))
        elif key == "rule":
            yield refer(_text(key, value))
        elif key == "words":
            yield _query(key, _text(key, value))
        elif key == "ask":
            yield Ask(_text(key, value), _least(entry.get("from")))
        elif key == "field":
            yield _has(_text(key, value), entry.get("has"), fields)
        elif key in ("from", "has"):
            _belongs(key, {"from": "ask", "has": "field"}[key], entry)
        else:
            yield Query(canonical(_one_of(key, value)))


def _query(key: str, written: str) -> Query:
    try:
        return Query(canonical(parse(written, lambda text: bool(analyse.terms(text))).tree))
    except InputError as error:
        raise Wrong("criteria-query", key, reason=error) from error


def _has(field: str, words: object, fields: Sequence[str]) -> Has:
    if field not in fields:
        raise Wrong("criteria-value", "field", value=repr(field), wanted=" | ".join(fields))
    return Has(field, () if words is None else tuple(_texts("has", words)))


def _least(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _wrong("from", value, "0.0 … 1.0")
    return float(value)


def _belongs(key: str, to: str, entry: Mapping[str, Anything]) -> None:
    if to not in entry:
        raise Wrong("criteria-missing", key, what=f'{to} = "…"')


def _one_of(key: str, value: object) -> Node:
    """A key of bibliographic data as a node of the query language."""
    if key in _DATE_KEYS:
        span = dates.read(_DATE_KEYS[key], str(value))
        if span is None:
            raise _wrong(key, value, "2015-01-31 | 2015-01 | 2015")
        return Dates("AD", *span)
    nodes = tuple(_value(key, written) for written in _texts(key, value))
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _value(key: str, written: str) -> Node:
    if key == "applicant":
        words = " ".join(written.replace('"', " ").split())
        if not analyse.terms(words):
            raise _wrong(key, written, '["삼성전자", …]')
        return Words(words, "AP", "phrase")
    field = _CLASS_KEYS.get(key, "office")
    value = EXACT[field](written)
    if not value:
        raise _wrong(key, written, '["G02B 7/08", "H04N"]' if key in _CLASS_KEYS else '["KR", "US"]')
    return Value(field, value)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(key, value, '"…"')
    if not value.strip():
        raise Wrong("criteria-missing", key, what=f'{key} = "…"')
    return value.strip()


def _texts(key: str, value: object) -> list[str]:
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not written:
        raise _wrong(key, value, '["…", "…"]')
    return [_text(key, one) for one in written]


def _wrong(key: str, value: object, wanted: str) -> Wrong:
    return Wrong("criteria-value", key, value=repr(value)[:80], wanted=wanted)
