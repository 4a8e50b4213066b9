"""Days as offices, vendors and spreadsheets write them -> ``date``, or a ValueError; never a guess.

In: a cell; for a column, all its cells, which together show whether the day or the month comes first
(``orders_of``).  Out: the day, None where there is none.  A date that can be read two ways, that does not exist, or
that names no day is refused: the caller keeps the cell and says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

# with separators, or all eight digits: "2013-12" and "201312" name no day
_YEAR_FIRST = re.compile(r"(\d{4})(?:\s*[-./년]\s*|\s+)(\d{1,2})(?:\s*[-./월]\s*|\s+)(\d{1,2})(?:\s*일?\.?|[T ].*)$")
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ].*)?$")
_TRIPLE = re.compile(r"'?(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?:[T ]\d\d?:.*)?$")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?[.\s-]+([^\W\d_]{3,9})[.,\s-]+(\d{4})$")
_MONTH_NAME_DAY = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_SERIAL = re.compile(r"\d{5}$")
_NO_DATE = re.compile(r"[\s0./-]*$")
_MAX_CHARS = 60
_MONTHS = (
    "jan january januar janner janvier", "feb february februar fev fevr fevrier", "mar march marz maerz mrz mars",
    "apr april avr avril", "may mai", "jun june juni juin", "jul july juli juil juillet", "aug august aout",
    "sep sept september septembre", "oct october okt oktober octobre", "nov november novembre",
    "dec december dez dezember decembre",
)  # fmt: skip
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, start=1) for name in names.split()}
_DAY_0_OF_EXCEL = date(1899, 12, 30)
_EARLIEST_YEAR = 1790  # the first patent of an office whose numbers are still in use
# a column may hold a few days that do not exist and still show its order
_MOSTLY = 0.99


class DateOrder(StrEnum):
    """How a column writes days.  serial: as a spreadsheet counts them, from 1899-12-30."""

    dmy = "dmy"
    mdy = "mdy"
    ymd = "ymd"
    serial = "serial"


# shape of a cell -> its order, for the shapes that need one
Orders = Mapping[str, DateOrder]
_ORDERS_OF_SHAPE = {
    "4": (DateOrder.dmy, DateOrder.mdy),
    "2": (DateOrder.dmy, DateOrder.mdy, DateOrder.ymd),
    "n": (DateOrder.serial,),
}


def date_of(written: str, orders: Orders | None = None, *, last_year: int | None = None) -> date | None:
    """The day; None where there is none.  Raises ValueError where something else stands there.

    orders: as ``orders_of`` found them for the column.  last_year: a year of two digits is not later than this one
    (the year of publication, where known), else than the present one.

    >>> date_of(" 2016.12.28"), date_of("20131014"), date_of("")
    (datetime.date(2016, 12, 28), datetime.date(2013, 10, 14), None)
    >>> date_of("03-MAY-2019") == date_of("May 3, 2019") == date_of("3. Mai 2019") == date(2019, 5, 3)
    True
    >>> date_of("22/10/12", {"2/": DateOrder.dmy}), date_of("22/10/12", {"2/": DateOrder.dmy}, last_year=1950)
    (datetime.date(2012, 10, 22), datetime.date(1912, 10, 22))
    """
    written = written.strip()
    if _NO_DATE.match(written):
        return None
    day = _day(written, orders or {}, last_year or datetime.now(UTC).year) if len(written) <= _MAX_CHARS else None
    if day is None or day.year < _EARLIEST_YEAR:
        raise ValueError(f"no date, or one that can be read two ways: {written[:_MAX_CHARS]!r}")
    return day


def orders_of(cells: Iterable[tuple[str, int | None]]) -> dict[str, DateOrder]:
    """The order of each shape of dates among ``cells``, as far as they decide it: one order fits all of them.

    cells: as written, each with the year the row gives for it in another column (it may be off by one), or None.

    >>> orders_of([("04/05/2013", None), ("25/04/2013", None)])
    {'4/': <DateOrder.dmy: 'dmy'>}
    >>> orders_of([("04/05/2013", None)])
    {}
    """
    by_shape: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for written, year in cells:
        if shape := _shape(written.strip()):
            by_shape[shape].append((written.strip(), year))
    found: dict[str, DateOrder] = {}
    for shape, several in by_shape.items():
        fitting = [
            order
            for order in _ORDERS_OF_SHAPE[shape[0]]
            if sum(_fits(written, order, year) for written, year in several) >= _MOSTLY * len(several)
        ]
        if len(fitting) == 1:
            found[shape] = fitting[0]
    return found


def _shape(written: str) -> str:
    """What cells of one column share if they are written one way: "4/", "2.", "n"; "" where no order is in doubt."""
    if match := _TRIPLE.match(written):
        return f"{'4' if len(match[4]) == 4 else '2'}{match[2]}"
    return "n" if _SERIAL.match(written) else ""


def _day(written: str, orders: Orders, last_year: int) -> date | None:
    if match := _EIGHT_DIGITS.match(written) or _YEAR_FIRST.match(written):
        return date(*map(int, match.groups()))
    if match := _DAY_MONTH_NAME.match(written):
        return _with_month_name(match[3], match[2], match[1])
    if match := _MONTH_NAME_DAY.match(written):
        return _with_month_name(match[3], match[1], match[2])
    if order := orders.get(_shape(written)):
        return _in_order(written, order, last_year)
    return _only_reading(written)


def _with_month_name(year: str, name: str, day: str) -> date | None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    month = _MONTH_OF.get(plain)
    return None if month is None else date(int(year), month, int(day))


def _only_reading(written: str) -> date | None:
    """The day of a cell whose year has four digits, if its order does not matter or only one is possible."""
    match = _TRIPLE.match(written)
    if match is None or len(match[4]) != 4:
        return None
    # 21.08.2009 is how the continent writes; nobody puts the month first before dots
    orders = (DateOrder.dmy,) if match[2] == "." else (DateOrder.dmy, DateOrder.mdy)
    days = set()
    for order in orders:
        with suppress(ValueError):
            days.add(_in_order(written, order, 0))
    return days.pop() if len(days) == 1 else None


def _in_order(written: str, order: DateOrder, last_year: int) -> date | None:
    """The day in this order.  Raises ValueError where there is no such day."""
    if order is DateOrder.serial:
        return _DAY_0_OF_EXCEL + timedelta(days=int(written))
    match = _TRIPLE.match(written)
    if match is None:
        return None
    first, second, third = match[1], int(match[3]), match[4]
    if order is DateOrder.ymd:
        return date(_year(first, last_year), second, int(third))
    day, month = (int(first), second) if order is DateOrder.dmy else (second, int(first))
    return date(_year(third, last_year), month, day)


def _year(digits: str, last_year: int) -> int:
    """Four digits as they are; two are the latest such year that is not after ``last_year``."""
    year = int(digits)
    return year if len(digits) == 4 else last_year - (last_year - year) % 100


def _fits(written: str, order: DateOrder, year: int | None) -> bool:
    this_year = datetime.now(UTC).year
    try:
        day = _in_order(written, order, year + 1 if year else this_year)
    except (ValueError, OverflowError):
        return False
    return day is not None and _EARLIEST_YEAR <= day.year <= this_year + 30 and abs((year or day.year) - day.year) <= 1
