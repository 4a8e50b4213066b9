"""Zip archives -> members and streams of their bytes.

In: a seekable binary stream.  Out: ``Member``s with readable names, and their bytes, guarded (archives.py).  Tells a
workbook and other office files, which are zips too, from archives.  Never writes a file.
Source: PKWARE, APPNOTE.TXT; Korean Windows packs names in cp949 without saying so.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast

from dokhae.parse.files.archives import CHUNK_BYTES, Limits, Trouble, failures_told, guarded, is_hidden, leads_out

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a zip: its place in the directory, its name in readable letters, why it is refused or ""."""

    place: int
    info: zipfile.ZipInfo
    name: str
    refused: str = ""


def open_zip(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """The archive, its directory read.  Raises Trouble where it is broken, too full, or its members share bytes."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, struct.error, EOFError, ValueError, NotImplementedError) as broken:
        raise Trouble("archive-broken", reason=broken) from broken
    infos = archive.infolist()
    if len(infos) > limits.n_members:
        archive.close()
        raise Trouble("archive-bomb", reason=f"{len(infos)} members")
    if infos and sum(info.compress_size for info in infos) > archive.start_dir:
        archive.close()
        raise Trouble("archive-bomb", reason="members share the same bytes")
    return archive


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a spreadsheet (XLSX, XLSB, ODS) rather than an archive of files.  Raises Trouble."""
    names = set(archive.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return True
    if not {"content.xml", "mimetype"} <= names:
        return False
    with failures_told(), archive.open("mimetype") as mimetype:
        return b"spreadsheet" in mimetype.read(100)


def is_office_file(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is a document of an office program (DOCX, HWPX, PPTX, XLSX, EPUB)."""
    return bool({"[Content_Types].xml", "mimetype"} & set(archive.namelist()))


def members(archive: zipfile.ZipFile) -> Iterator[Member]:
    """The files of a zip in its own order, folders and hidden ones left out."""
    for place, info in enumerate(archive.infolist()):
        name = readable_name(info.orig_filename, is_utf8=bool(info.flag_bits & _IS_UTF8)) or "?"
        if not name.endswith("/") and not is_hidden(name):
            is_link = stat.S_ISLNK(info.external_attr >> 16)
            is_encrypted = bool(info.flag_bits & _IS_ENCRYPTED)
            yield Member(place, info, name, why_refused(name, is_link=is_link, is_encrypted=is_encrypted))


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> BinaryIO:
    """The bytes of one member, counted as they inflate.  Raises Trouble, now or while it is read."""
    with failures_told():
        raw = archive.open(info)
    return guarded(cast(BinaryIO, raw), lambda: info.compress_size, limits)


def check_inflates(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises Trouble if the members together inflate beyond the limits: for readers that inflate on their own."""
    total = 0
    for info in archive.infolist():
        with open_member(archive, info, limits) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                total += len(chunk)
                if total > limits.nested_bytes * 2:
                    raise Trouble("archive-bomb", reason=f"more than {limits.nested_bytes * 2 // 2**20} MB")


def readable_name(name: str, *, is_utf8: bool) -> str:
    """The member's name as zipfile gives it, in the letters it was meant in."""
    name = name.split("\0", maxsplit=1)[0]
    if not is_utf8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("cp949")
    return name.replace("\\", "/")


def why_refused(name: str, *, is_link: bool, is_encrypted: bool) -> str:
    if leads_out(name):
        return "archive-path"
    if is_link:
        return "archive-link"
    return "archive-encrypted" if is_encrypted else ""
