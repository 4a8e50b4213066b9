"""Front pages in Latin letters: lines -> fields by INID code or name; numbers, dates, parties, classes from them.

In: the lines of a front page in reading order.  Out: ``Fields`` and what can be read from them.  A code that OCR has
spoilt is made good by the name printed beside it.  Codes: WIPO ST.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from dokhae.parse.pdf.pages import Line, after_prefix
from dokhae.types import Party

_CODE = r"[(\[{]\s?(?P<code>\d\d)\s?[)\]}]"
_SPOILT = r"[(\[{]?[\w*]{0,3}\s?[)\]}]"
_OPENS = re.compile(rf"(?:^|(?<=\s)){_CODE}\s*")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_DATE = re.compile(
    r"(?P<m1>[A-Z][a-z]{2})[a-z]*\.?\s?(?P<d1>\d{1,2})\s?[,.]\s?(?P<y1>\d{4})"
    r"|(?P<d2>\d{1,2})\s(?P<m2>[A-Z][a-z]{2})[a-z]*\.?\s(?P<y2>\d{4})"
    r"|(?P<d3>\d{2})\.(?P<m3>\d{2})\.(?P<y3>\d{4})"
    r"|(?P<y4>\d{4})\s?[년年]\s?(?P<m4>\d{1,2})\s?[월月]\s?(?P<d4>\d{1,2})"
)
_CLOSE = 2.2  # sizes of the letters
_YEARS = range(1830, 2100)
_CLASS = re.compile(r"\b([A-HY])\s?([0-9OQIl]{2})\s?([A-Z])\s?([0-9]{1,4})\s?/\s?([0-9]{2,6})\b")
_PLACE = re.compile(r"^(?P<name>.+?),\s*(?P<place>[^,]+(?:,\s*[A-Z]{2})?)\s*\((?P<country>[A-Z]{2})\)\W*$")
_LEGAL_FORM = re.compile(r",\s*(?:Inc|Ltd|LTD|LLC|Co|Corp|L\.P|S\.A|GmbH|AG|N\.V|B\.V|Jr|Sr|II|III)\b\.?(?=,)")


@dataclass
class Fields:
    """The lines of each field, by its code."""

    lines: dict[str, list[Line]] = field(default_factory=dict)

    def of(self, *codes: str) -> list[Line]:
        return [line for code in codes for line in self.lines.get(code, ())]

    def text(self, *codes: str) -> str:
        return "\n".join(line.text for line in self.of(*codes))

    def flow(self, *codes: str) -> str:
        """The lines as one, words broken by a hyphen joined."""
        return re.sub(r"(?<=[A-Za-z])-\n(?=[a-zA-Z])", "", self.text(*codes)).replace("\n", " ")


def read_fields(
    lines: Sequence[Line], names: Sequence[tuple[str, re.Pattern[str]]], *, one_line: frozenset[str] = frozenset()
) -> Fields:
    """names: code -> how its field is called at the start of a line (the name stays out of the field).

    one_line: codes of the head, which hold one line each: what follows them goes on with the field before.
    """
    fields = Fields()
    code = ""
    for line in lines:
        for piece in _pieces(line):
            opened, rest = _opened(piece, names)
            if rest is not None:
                fields.lines.setdefault(opened or code, []).append(rest)
            code = code if opened in one_line else opened or code
    return fields


def _pieces(line: Line) -> Iterator[Line]:
    """A line that runs over two columns holds two fields."""
    starts = [found.start() for found in _OPENS.finditer(line.text)]
    cuts = [0, *(start for start in starts if start > 0), len(line.text)]
    for start, end in pairwise(cuts):
        text = line.text[start:end].strip()
        if text:
            yield line if len(cuts) == 2 else replace(line, text=text)


def _opened(line: Line, names: Sequence[tuple[str, re.Pattern[str]]]) -> tuple[str, Line | None]:
    code = _OPENS.match(line.text)
    spoilt = re.match(rf"{_SPOILT}\s*", line.text)
    start = code.end() if code else spoilt.end() if spoilt else 0
    for name_code, name in names:
        for at in dict.fromkeys((start, 0)):
            if found := name.match(line.text, at):
                return name_code, after_prefix(line, found.end())
    return (code["code"], after_prefix(line, start)) if code else ("", line)


def close_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first of ``lines`` and those that follow it closely: a title, without what stands below it."""
    kept = list(lines[:1])
    for before, line in pairwise(lines):
        if line.column != before.column or not 0 < before.baseline - line.baseline <= _CLOSE * before.size:
            break
        kept.append(line)
    return tuple(kept)


def read_date(text: str) -> date | None:
    """The first date in ``text``.

    >>> read_date("Sep. 19, 2023"), read_date("06 September 2023 (06.09.2023)")
    (datetime.date(2023, 9, 19), datetime.date(2023, 9, 6))
    """
    for found in _DATE.finditer(text):
        parts = found.groupdict()
        for n in "1234":
            if parts[f"y{n}"]:
                month = parts[f"m{n}"]
                try:
                    number = int(month) if month.isdecimal() else _MONTHS.get(month.lower(), 0)
                    found_date = date(int(parts[f"y{n}"]), number, int(parts[f"d{n}"]))
                    if found_date.year in _YEARS:
                        return found_date
                    break
                except ValueError:
                    break
    return None


def read_kind(written: str) -> str:
    """A kind of document; OCR takes its digit 1 for a letter.

    >>> read_kind("Al"), read_kind("B2"), read_kind("A")
    ('A1', 'B2', 'A')
    """
    return written[:1] + written[1:].replace("l", "1").replace("I", "1")


def read_classes(text: str) -> tuple[str, ...]:
    """Classes in order.  OCR takes the letters O, I, l for digits and the other way round.

    >>> read_classes("HO1L 21/67 (2006.01); B08B 9/045; BOID 53/30")
    ('H01L 21/67', 'B08B 9/045', 'B01D 53/30')
    """
    found = []
    for section, number, letter, group, sub in _CLASS.findall(text):
        digits = number.replace("O", "0").replace("Q", "0").replace("I", "1").replace("l", "1")
        found.append(f"{section}{digits}{letter} {group}/{sub}")
    return tuple(dict.fromkeys(found))


def read_parties(text: str) -> tuple[Party, ...]:
    """``Name, Place (CC); Name, Place, ST (CC)`` -> parties.

    >>> read_parties("Jong Min Park, Anseong-si (KR); Global Standard Co., Ltd, Hwaseong-si (KR)")[1]
    Party(name='Global Standard Co., Ltd', country='KR')
    """
    parties = []
    for written in re.split(r"(?<=\))\s*[;,]\s*|;\s*", " ".join(text.split())):
        entry = re.sub(r"\s*\((?:deceased|legal representative)[^)]*\)", "", written).strip(" ;,:")
        if not entry:
            continue
        place = _PLACE.match(entry)
        if place is None:
            parties.append(Party(re.sub(r"\s*\([A-Z]{2}\)$", "", entry)))
            continue
        name, country = place["name"], place["country"]
        parties.append(Party(_whole_name(entry, name), country))
    return tuple(parties)


def _whole_name(entry: str, name: str) -> str:
    """The name with the legal form that a comma parts from it: "Global Standard Co., Ltd, Hwaseong-si (KR)"."""
    rest = entry[len(name) :]
    while found := _LEGAL_FORM.match(rest):
        name, rest = name + found[0], rest[found.end() :]
    return name
