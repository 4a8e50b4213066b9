"""A stream -> documents: opens what is packed, however often, and lets the parser that knows the content read it.

In: the bytes of a file or of a member.  Out: documents, and ``Rejected`` for what cannot be read.  Packed bytes are
unpacked as they are read; a zip inside an archive is held in memory, because its directory stands at its end.  Never
writes a file, never goes deeper than ``Limits.depth``; a packed tar (tar.gz) is one level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from dokhae.parse import HEAD_BYTES, recognise
from dokhae.parse.files.archives import Limits, Trouble, hold, other_archive, put_back, tell_failure
from dokhae.parse.files.packed import open_packed, packing_of
from dokhae.parse.files.salvage import salvage
from dokhae.parse.files.tars import Tar, is_tar
from dokhae.parse.files.zips import (
    ZIP_MAGIC,
    check_inflates,
    is_office_file,
    is_workbook,
    members,
    open_member,
    open_zip,
)
from dokhae.types import Document, Rejected, Source

_OFFICE_NAMES = ("[Content_Types].xml", "mimetype", "_rels/", "xl/", "docProps/")
# what lies beside patents in real folders: named so in the list of rejected files, instead of "unknown format"
_NOT_PATENT_SUFFIXES = """
    .txt .md .rst .log .ini .cfg .toml .yaml .yml .html .htm .css .js .py .r .ipynb .bat .sh .exe .dll .db .sqlite
    .png .jpg .jpeg .gif .bmp .tif .tiff .svg .ico .heic .mp4 .avi .mov .wav .mp3 .doc .docx .hwp .hwpx .ppt .pptx
    .rtf .odt .epub .lnk .url .eml .msg
"""
_NOT_PATENTS = frozenset(_NOT_PATENT_SUFFIXES.split())


def read_stream(
    stream: BinaryIO, source: Source, limits: Limits, *, depth: int, is_unpacked: bool = False
) -> Iterator[Document | Rejected]:
    """The documents of ``stream``.  depth: archives around it.  is_unpacked: the last of them was a packed file."""
    try:
        head = stream.read(HEAD_BYTES)
        whole = _rewound(stream, head)
        packing, is_zip, is_a_tar = packing_of(head), head.startswith(ZIP_MAGIC), is_tar(head)
        if is_a_tar and is_unpacked:
            yield from _read_tar(whole, source, limits, depth)
        elif (packing or is_zip or is_a_tar) and depth >= limits.depth:
            yield Rejected.of(source, "archive-too-deep", depth=limits.depth)
        elif packing:
            inner = open_packed(packing, whole, limits)
            yield from read_stream(inner, source, limits, depth=depth + 1, is_unpacked=True)
        elif is_zip:
            yield from _read_zip(whole, source, limits, depth)
        elif is_a_tar:
            yield from _read_tar(whole, source, limits, depth + 1)
        else:
            if len(head) < HEAD_BYTES and recognise(head) is None:
                tell_failure(stream)  # rather than that the beginning alone is of no known format
            yield from _read_plain(head, whole, source)
        for asked in (stream, whole):
            tell_failure(asked)
    except Trouble as trouble:
        yield rejected(source, trouble)
    except OSError as error:
        # a fault of the disk, not of the bytes: adding again tries once more
        yield Rejected.of(source, "file-unreadable", stage="find", reason=error.strerror or error)


def rejected(source: Source, trouble: Trouble, *, stage: str = "parse") -> Rejected:
    return Rejected.of(source, trouble.code, stage=stage, **trouble.values)


def _rewound(stream: BinaryIO, head: bytes) -> BinaryIO:
    if stream.seekable():
        stream.seek(0)
        return stream
    return put_back(head, stream)


def _read_zip(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    """A workbook, or an archive inside an archive: both need to be held whole."""
    held = stream if stream.seekable() else hold(stream, limits)
    try:
        archive = open_zip(held, limits)
    except Trouble as trouble:
        if trouble.code == "archive-broken":
            held.seek(0)
            yield from _read_salvaged(held, source, limits, depth + 1)
        yield rejected(source, trouble)
        return
    with archive:
        if is_workbook(archive):
            check_inflates(archive, limits)
            held.seek(0)
            yield from _read_plain(held.read(HEAD_BYTES), _rewound(held, b""), source)
        elif is_office_file(archive):
            yield Rejected.of(source, "not-a-patent-file")
        else:
            for member in members(archive):
                here = _within(source, member.name)
                if member.refused:
                    yield Rejected.of(here, member.refused)
                    continue
                try:
                    inner = open_member(archive, member.info, limits)
                except Trouble as trouble:
                    yield rejected(here, trouble)
                    continue
                yield from _read_member(inner, here, limits, depth + 1)


def _read_tar(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    """The members as they come; nothing is held."""
    tar, is_empty = Tar(stream, limits), True
    for member in tar.members():
        is_empty = False
        if isinstance(member, Trouble):
            yield rejected(source, member)
        elif member.refused:
            yield Rejected.of(_within(source, member.name), member.refused)
        else:
            yield from _read_member(tar.open(), _within(source, member.name), limits, depth)
    if is_empty:
        yield Rejected.of(source, "archive-empty")


def _read_salvaged(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    """What is left of a zip without a directory; nothing of an office file, whose members are no files."""
    for member in salvage(stream, limits):
        if member.name.startswith(_OFFICE_NAMES):
            return
        here = _within(source, member.name)
        if isinstance(member.content, Trouble):
            yield rejected(here, member.content)
        else:
            yield from _read_member(member.content, here, limits, depth)


def _read_member(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    with stream:
        yield from read_stream(stream, source, limits, depth=depth)


def _within(source: Source, name: str) -> Source:
    return replace(source, member=f"{source.member}!/{name}" if source.member else name)


def _read_plain(head: bytes, stream: BinaryIO, source: Source) -> Iterator[Document | Rejected]:
    if not head:
        yield Rejected.of(source, "file-empty")
        return
    if packed := other_archive(head):
        yield Rejected.of(source, "archive-unsupported", kind=packed)
        return
    parser = recognise(head)
    if parser is None:
        suffix = Path(source.member or source.path).suffix.lower()
        yield Rejected.of(source, "not-a-patent-file" if suffix in _NOT_PATENTS else "format-unknown")
        return
    yield from parser.read(stream, replace(source, item=0))
