"""Lines with a tag in front -> records of fields: what USPTO's Greenbook and BRS files have in common.

In: a binary stream.  Out: one record for each patent, its fields in order: ``TTL  Bumper support``, indented lines
going on with it.  Holds one record, never more than ``MAX_RECORD_BYTES``; a larger one comes as None and the next
still comes.  Lines before the first record (tape headers) and lines without a tag belong to nothing and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from dokhae.parse.build import fit
from dokhae.types import Defect

MAX_RECORD_BYTES = 64 * 2**20
_MAX_LINE_BYTES = 64 * 1024
# a carriage return alone or a form feed ends no line: only "\n" does
_TAGGED = re.compile(r"([A-Z][A-Z0-9]{2,3})(?: (.*))?$", re.S)


@dataclass(slots=True)
class Field:
    """One field.  lines: the text beside the tag, as it stands, and the lines that go on with it."""

    tag: str
    lines: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The field on one line."""
        return " ".join(" ".join(self.lines).split())

    @property
    def is_indented(self) -> bool:
        """Whether two blanks follow the tag: text, where one blank marks a heading (BRS)."""
        return bool(self.lines) and self.lines[0].startswith(" ")


def records(stream: BinaryIO, start: re.Pattern[bytes]) -> Iterator[list[Field] | None]:
    """The records of ``stream``; each begins with a line that ``start`` matches.

    What stands before the first, unless it is blank, comes as a record without fields.
    """
    held: list[bytes] | None = None
    n_bytes = 0
    has_lead = False
    while line := stream.readline(_MAX_LINE_BYTES):
        if start.match(line):
            if held is not None:
                yield _fields(held) if n_bytes <= MAX_RECORD_BYTES else None
            elif has_lead:
                yield []
            held, n_bytes = [], 0
        if held is None:
            has_lead = has_lead or bool(line.strip())
            continue
        n_bytes += len(line)
        if n_bytes <= MAX_RECORD_BYTES:
            held.append(line)
        elif held:
            held.clear()
    if held is not None:
        yield _fields(held) if n_bytes <= MAX_RECORD_BYTES else None


def replaced(fields: Iterable[Field]) -> tuple[Defect, ...]:
    """The remark on characters that no text may hold, if any stood in ``fields``."""
    count = sum(line.count("\ufffd") for field in fields for line in field.lines)
    return (Defect.of("characters-replaced", count=count),) if count else ()


def _fields(raw: list[bytes]) -> list[Field]:
    fields: list[Field] = []
    for line, _ in map(fit, map(str.rstrip, _decoded(b"".join(raw)).split("\n"))):
        tagged = _TAGGED.match(line)
        if tagged:
            fields.append(Field(tagged[1], [tagged[2]] if tagged[2] else []))
        elif fields and (not line or line.startswith(" ")):
            fields[-1].lines.append(line)
    return fields


def _decoded(raw: bytes) -> str:
    """Greenbook is ASCII by its rules; what is not is UTF-8, or else Western."""
    try:
        return raw.decode("utf8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
