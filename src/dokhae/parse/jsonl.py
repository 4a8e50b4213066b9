"""Lines of JSON -> objects: what the two formats of one record a line have in common.

In: a binary stream.  Out: one ``Line`` for each line that holds a JSON object, ``Rejected`` for one that does not;
blank lines are passed over but counted, so that ``Source.item`` + 1 is the number of the line.  Never holds more than
one line, and never lets an unpaired surrogate or a NUL through (each becomes U+FFFD: lengths hold).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from dokhae.types import Defect, Rejected, Source

LINE_START = re.compile(rb"^", re.M)  # also the first, blank or not: lines are counted as an editor counts them
MAX_LINE_BYTES = 256 * 2**20
_BOM = b"\xef\xbb\xbf"
_UNFIT = re.compile("[\x00\ud800-\udfff]")
# only an escape can bring an unfit character into valid UTF-8
_MAY_BE_UNFIT = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")


@dataclass(frozen=True, slots=True)
class Line:
    """One record and where it stands.  defects: characters replaced."""

    record: dict[str, Any]
    source: Source
    defects: tuple[Defect, ...] = ()


def lines(stream: BinaryIO, source: Source) -> Iterator[Line | Rejected]:
    """The records of ``stream`` in order; a broken line does not stop the next."""
    for item, raw in enumerate(_raw_lines(stream)):
        here = replace(source, item=item)
        if raw is None:
            yield Rejected.of(here, "line-too-long", limit_mb=MAX_LINE_BYTES // 2**20)
        elif raw.strip():
            yield _line(raw, here)


def _raw_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines as bytes, None for one beyond the limit."""
    is_first = True
    while raw := stream.readline(MAX_LINE_BYTES):
        if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield raw.removeprefix(_BOM) if is_first else raw
        is_first = False


def _line(raw: bytes, source: Source) -> Line | Rejected:
    try:
        record = json.loads(raw.decode("utf8"))
        cleaned, n_replaced = clean(record) if _MAY_BE_UNFIT.search(raw) else (record, 0)
    except UnicodeDecodeError:
        return Rejected.of(source, "line-broken", reason="not UTF-8")
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep or too large a number"
        return Rejected.of(source, "line-broken", reason=reason)
    if not isinstance(cleaned, dict):
        return Rejected.of(source, "line-broken", reason="not an object { … }")
    defects = (Defect.of("characters-replaced", count=n_replaced),) if n_replaced else ()
    return Line(cleaned, source, defects)


def clean(value: Any) -> tuple[Any, int]:
    """``value`` with the characters no text may hold replaced, and how many there were."""
    if isinstance(value, str):
        return _UNFIT.subn("\ufffd", value)
    if isinstance(value, list):
        pairs = [clean(one) for one in value]
        return [one for one, _ in pairs], sum(n for _, n in pairs)
    if isinstance(value, dict):
        made, total = {}, 0
        for key, one in value.items():
            made[key], n = clean(one)
            total += n
        return made, total
    return value, 0
