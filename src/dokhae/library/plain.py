"""Frozen dataclasses <-> plain JSON values, by their type hints.

In: a value made of the types of types.py (dataclasses, tuples, enums, dates, strings, numbers, None).  Out: lists,
dicts, strings, numbers; and back, equal to what went in.  Fields with their default value are left out, unknown names
are ignored: a record written before a field existed reads back with that field's default.  The one optional kind
understood is ``X | None``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_bytes(value: Any) -> bytes:
    """Compact JSON in UTF-8.  Unpaired surrogates of a damaged source pass through."""
    text = json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf8", "surrogatepass")


def of_bytes(kind: Any, data: bytes) -> Any:
    """The value of type ``kind`` that ``to_bytes`` wrote."""
    return _maker(kind)(json.loads(data.decode("utf8", "surrogatepass")))


def to_plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {
            name: to_plain(part)
            for name, default in _names_and_defaults(value.__class__)
            if (part := getattr(value, name)) != default
        }
    raise TypeError(f"{type(value).__name__} has no plain form")


@cache
def _names_and_defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, f.default_factory() if f.default_factory is not MISSING else f.default) for f in fields(kind))


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """The function that makes a ``kind`` of its plain form."""
    if get_origin(kind) in (Union, UnionType):
        (inner,) = (_maker(part) for part in get_args(kind) if part is not type(None))
        return lambda plain: None if plain is None else inner(plain)
    if get_origin(kind) is tuple:
        return _tuple_maker(get_args(kind))
    if is_dataclass(kind):
        make: Any = kind
        makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
        return lambda plain: make(**{name: makers[name](part) for name, part in plain.items() if name in makers})
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return lambda plain: plain


def _tuple_maker(parts: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        each = _maker(parts[0])
        return lambda plain: tuple(map(each, plain))
    makers = tuple(map(_maker, parts))
    return lambda plain: tuple(maker(part) for maker, part in zip(makers, plain, strict=True))
