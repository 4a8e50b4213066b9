"""Package: an XLSX file as the ZIP of parts it is; one sheet of it replaced, every other part copied as it stands.

In: a path.  Out: its sheets, their strings, and a copy.  Opens no macro, follows no link out of the file, takes no
DTD.  What is no XLSX is refused with the way to make it one.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote
from xml.parsers import expat

from dokhae.errors import InputError
from dokhae.report.into.markup import Element, elements, shared_strings
from dokhae.report.into.sheet import Dates, Sheet

_MOST_BYTES = 2**30
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BUILT_IN_DATES = frozenset({14, 15, 16, 17})
_WORKBOOK = "officeDocument"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, expat.ExpatError, EOFError, struct.error),
    *(ValueError, LookupError, RuntimeError),  # NotImplementedError is a RuntimeError
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet and the part of the ZIP it lies in."""

    name: str
    part: str
    is_hidden: bool


class Package:
    """An XLSX opened for reading; use it in a ``with``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise InputError("list-missing", path=path)
        with path.open("rb") as stream:
            head = stream.read(8)
        if not head.startswith(b"PK"):
            raise InputError("list-not-xlsx", path=path, found="xls" if head.startswith(_OLE) else path.suffix or "-")
        with self._told():
            self._zip = zipfile.ZipFile(path)
            self._book = self._part_of(self._relations(""), _WORKBOOK)
        if not self._book.endswith(".xml"):
            self._zip.close()
            raise InputError("list-not-xlsx", path=path, found=path.suffix or "-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    @contextmanager
    def _told(self, place: str = "") -> Iterator[None]:
        """What is broken about the file, said with its name instead of raised as it comes."""
        try:
            yield
        except _BROKEN as error:
            reason = f"{place}: {error}" if place else error
            raise InputError("list-unreadable", path=self.path, reason=reason) from error

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """The work sheets in their order; sheets of charts and dialogues are none."""
        with self._told():
            return self._sheets()

    def _sheets(self) -> tuple[SheetPart, ...]:
        relations = {one["Id"]: one for one in self._relations(self._book)}
        found = []
        for sheet in self._elements(self._book, "sheet"):
            relation = relations.get(sheet.get("r:id") or next((v for k, v in sheet.items() if k.endswith(":id")), ""))
            if relation is not None and relation["Type"].endswith("/worksheet"):
                part = self._target(self._book, relation)
                found.append(SheetPart(sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"))
        return tuple(found)

    def sheet(self, part: SheetPart) -> Sheet:
        with self._told(part.name):
            return Sheet.of(self._bytes(part.part), self._strings)

    @cached_property
    def dates(self) -> Dates:
        """How the workbook writes dates: a style of its own for days, if it has one, and its first day."""
        with self._told():
            properties = next(iter(self._elements(self._book, "workbookPr")), {})
            return Dates(self._style_of_days(), properties.get("date1904", "0") in ("1", "true"))

    def write(self, out: BinaryIO, replaced: SheetPart, content: bytes) -> None:
        """A copy with one sheet replaced: the same parts in the same order, of the same dates and methods."""
        with self._told(), zipfile.ZipFile(out, "w") as made:
            made.comment = self._zip.comment
            for info in self._zip.infolist():
                data = content if info.filename == replaced.part else self._copied(info)
                made.writestr(copy(info), data, compress_type=info.compress_type)

    # -- inside

    def _copied(self, info: zipfile.ZipInfo) -> bytes:
        if info.file_size > _MOST_BYTES:
            raise ValueError(f"{info.filename} unpacks to more than 1 GB")
        try:
            return self._zip.read(info)
        except OSError as error:  # a place outside of the file; a full disk is another matter
            raise ValueError(f"{info.filename}: {error}") from error

    @cached_property
    def _strings(self) -> tuple[str, ...]:
        part = self._part_of(self._relations(self._book), "sharedStrings", otherwise="")
        return tuple(shared_strings(self._bytes(part))) if part else ()

    def _style_of_days(self) -> str | None:
        """The first cell style that shows a day and no time; None without one: a new style would change the styles."""
        part = self._part_of(self._relations(self._book), "styles", otherwise="")
        if not part:
            return None
        formats = {one["numFmtId"]: one.get("formatCode", "") for one in self._elements(part, "numFmt")}
        for at, xf in enumerate(one for one in self._elements(part, "xf", inside="cellXfs")):
            id_ = xf.get("numFmtId", "0")
            code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", formats.get(id_, "")).lower()
            if (id_.isdecimal() and int(id_) in _BUILT_IN_DATES) or ("yy" in code and "d" in code and "h" not in code):
                return str(at)
        return None

    def _relations(self, part: str) -> list[Element]:
        folder, name = posixpath.split(part)
        return list(self._elements(posixpath.join(folder, "_rels", f"{name}.rels"), "Relationship"))

    def _part_of(self, relations: list[Element], kind: str, otherwise: str | None = None) -> str:
        found = next((one for one in relations if one.get("Type", "").endswith(f"/{kind}")), None)
        if found is not None:
            return self._target(self._book if kind != _WORKBOOK else "", found)
        if otherwise is None:
            raise ValueError("it holds no workbook")
        return otherwise

    def _target(self, part: str, relation: Element) -> str:
        target = unquote(relation["Target"])
        joined = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(part), target)
        return posixpath.normpath(joined).lstrip("/")

    def _elements(self, part: str, name: str, *, inside: str = "") -> Iterator[Element]:
        return elements(self._bytes(part), name, inside=inside)

    def _bytes(self, part: str) -> bytes:
        info = self._zip.getinfo(part)
        if info.flag_bits & 1:
            raise ValueError("it is protected by a password")
        return self._copied(info)
