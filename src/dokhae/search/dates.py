"""Date conditions of a query: ``[20150101~20201231]``, ``>=2015``, ``2015-03``.

In: the relation and what stands behind it.  Out: (first day, last day), None for an open end.  Never guesses a century.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})(?:[-./]?(\d{1,2})(?:[-./]?(\d{1,2}))?)?\.?")
_BETWEEN = re.compile(r"~|∼|～|\.\.")
_DAY_STEP = timedelta(days=1)

Range = tuple[date | None, date | None]


def read(relation: str, written: str) -> Range | None:
    """The range of ``relation`` and ``written``, None where it is not one (30 February, an end before its start).

    >>> read("=", "[2015~20201231]")
    (datetime.date(2015, 1, 1), datetime.date(2020, 12, 31))
    >>> read(">", "2015")
    (datetime.date(2016, 1, 1), None)
    """
    inner = written[1:-1] if written.startswith("[") and written.endswith("]") else written
    ends = _BETWEEN.split(inner.strip())
    if relation in (":", "="):
        return _between(ends)
    found = _period(ends[0].strip()) if len(ends) == 1 else None
    if found is None:
        return None
    first, last = found
    by_relation: dict[str, Range | None] = {
        ">=": (first, None),
        "<=": (None, last),
        ">": None if last == date.max else (last + _DAY_STEP, None),
        "<": None if first == date.min else (None, first - _DAY_STEP),
    }
    return by_relation[relation]


def compact(day: date | None) -> str:
    """``20150101``, "" for an open end.  (Not strftime: it drops the leading zeros of early years on some systems.)"""
    return "" if day is None else day.isoformat().replace("-", "")


def _between(ends: list[str]) -> Range | None:
    if len(ends) > 2 or not any(end.strip() for end in ends):
        return None
    periods = [_period(end.strip()) if end.strip() else (None, None) for end in ends]
    if None in periods:
        return None
    low = periods[0][0] if periods[0] else None
    high = periods[-1][1] if periods[-1] else None
    return None if low and high and low > high else (low, high)


def _period(written: str) -> tuple[date, date] | None:
    found = _DAY.fullmatch(written)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
