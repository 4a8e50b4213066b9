"""Archives of every kind, made in memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import zstandard

from dokhae.parse.files.units import find, read
from dokhae.types import Document, Rejected

RECORD = "<PatentUtilityInfo><ApplicationNumber>{}</ApplicationNumber></PatentUtilityInfo>"
KIPRIS = f"<?xml version='1.0'?><response>{RECORD.format('1020130121923')}</response>".encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


def zipped(members: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def tarred(members: Mapping[str, bytes], form: int = tarfile.PAX_FORMAT, encoding: str = "utf-8") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=form, encoding=encoding) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def tarred_entry(name: str, kind: bytes, linked_to: str = "") -> bytes:
    """One member that is no regular file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linked_to
    return info.tobuf(tarfile.GNU_FORMAT)


def read_all(*paths: Path, **options: Any) -> list[Document | Rejected]:
    def items() -> Iterator[Document | Rejected]:
        for unit in find(paths, **options):
            if isinstance(unit, Rejected):
                yield unit
            else:
                yield from read(unit, **options)

    return list(items())


def outcomes(items: list[Document | Rejected]) -> list[str]:
    """The code of each rejection, "read" for each document."""
    return [item.code if isinstance(item, Rejected) else "read" for item in items]
