"""Paths -> units of work -> documents: what files there are, and what is in them.

In: files and folders as the user named them.  Out: ``find`` yields one ``Unit`` for each file, archive member or
piece of a long file, ready to be sent to a worker process; ``read`` yields the documents of one unit.  Never writes a
file, never follows a link to a folder, never holds more than one document (archives inside archives and workbooks are
held in memory, up to a limit).  What cannot be read comes out as ``Rejected``; only a path that is not there at all,
or holds no file, is an ``InputError``.

Left out without a word: hidden files and folders (".git", "__MACOSX", "~$open.xlsx"), study folders.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dokhae.errors import InputError
from dokhae.parse import CUT_MARK_BYTES, HEAD_BYTES, cut_mark, recognise
from dokhae.parse.archives import (
    GZ_MAGIC,
    ZIP_MAGIC,
    Limits,
    Member,
    Trouble,
    check_inflates,
    hold,
    is_office_file,
    is_workbook,
    members,
    open_gz,
    open_member,
    open_zip,
    other_archive,
    put_back,
)
from dokhae.types import Document, Rejected, Source

if TYPE_CHECKING:
    from typing_extensions import Buffer

DEFAULT_LIMITS = Limits()
_STUDY_FILE = "library.db"
_BLOCK_BYTES = 1024 * 1024
_BUFFER_BYTES = 64 * 1024
# what lies beside patents in real folders: named so in the list of rejected files, instead of "unknown format"
_NOT_PATENT_SUFFIXES = """
    .txt .md .rst .log .ini .cfg .toml .yaml .yml .json .html .htm .css .js .py .r .ipynb .bat .sh .exe .dll .db .sqlite
    .png .jpg .jpeg .gif .bmp .tif .tiff .svg .ico .heic .mp4 .avi .mov .wav .mp3 .doc .docx .hwp .hwpx .ppt .pptx
    .rtf .odt .epub .lnk .url .eml .msg
"""
_NOT_PATENTS = frozenset(_NOT_PATENT_SUFFIXES.split())


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work for one worker: a file, a member of a zip, or a range of a long file.  Small and picklable.

    path: as the user named it.  member: in a zip, "" else; ``place`` is its position in the zip's directory.
    start, end: bytes of the file, end None where the whole is meant.  first_item: how many documents of the file lie
    before ``start``, so that ``Source.item`` counts through the file.  size: bytes on disk, for progress.
    """

    path: str
    sha256: str
    size: int
    member: str = ""
    place: int = -1
    start: int = 0
    end: int | None = None
    first_item: int = 0

    @property
    def source(self) -> Source:
        return Source(self.path, self.sha256, self.member, self.first_item)


def find(paths: Sequence[str | Path], *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Unit | Rejected]:
    """The units of work under ``paths``, in the order given, folders sorted by name; streamed.

    Raises InputError at once, before anything is read: ``path-missing``, or ``folder-empty`` where there is no file.
    """
    for path in map(Path, paths):
        if not path.exists():
            raise InputError("path-missing", path=path)
    files = chain.from_iterable(_walk(Path(path), is_named=True) for path in paths)
    first = next(files, None)
    if first is None:
        raise InputError("folder-empty", path=", ".join(str(path) for path in paths))
    return _found(chain([first], files), limits)


def read(unit: Unit, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Document | Rejected]:
    """The documents of one unit in order; what is broken comes as ``Rejected``, and what follows it still comes."""
    try:
        stream = _open(unit, limits)
    except Trouble as trouble:
        yield _rejected(unit.source, trouble)
        return
    except OSError as error:
        yield Rejected.of(unit.source, "file-unreadable", stage="find", reason=error.strerror or error)
        return
    with stream:
        for got in _read_stream(stream, unit.source, limits, depth=1 if unit.member else 0):
            yield _shifted(got, unit.first_item) if unit.first_item else got


# ---- finding


def _walk(path: Path, *, is_named: bool = False) -> Iterator[Path | Rejected]:
    """The files under ``path``, sorted; a file or folder the user named is taken even if hidden."""
    if path.is_file():
        yield path
        return
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield Rejected.of(Source(str(path)), "file-unreadable", stage="find", reason=error.strerror or error)
        return
    if not is_named and any(entry.name == _STUDY_FILE for entry in entries):
        return
    for entry in entries:
        if entry.name.startswith((".", "~$", "__MACOSX")) or entry.name == _STUDY_FILE:
            continue
        if entry.is_dir() and entry.is_symlink():
            yield Rejected.of(Source(entry.path), "folder-link", stage="find")
        elif entry.is_dir():
            yield from _walk(Path(entry.path))
        elif entry.is_file():
            yield Path(entry.path)
        else:
            yield Rejected.of(Source(entry.path), "file-unreadable", stage="find", reason="neither file nor folder")


def _found(files: Iterator[Path | Rejected], limits: Limits) -> Iterator[Unit | Rejected]:
    for file in files:
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            yield from _units_of(file, limits)
        except OSError as error:
            yield Rejected.of(Source(str(file)), "file-unreadable", stage="find", reason=error.strerror or error)


def _units_of(path: Path, limits: Limits) -> Iterator[Unit | Rejected]:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        if not head:
            yield Rejected.of(Source(str(path)), "file-empty", stage="find")
            return
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        parser = recognise(head) if size > limits.range_bytes else None
        digest, cuts = _scan(stream, cut_mark(parser) if parser else None, limits.range_bytes)
        whole = Unit(str(path), digest, size)
        if head.startswith(ZIP_MAGIC):
            yield from _zip_units(stream, whole, limits)
        elif len(cuts) > 1:
            ends = [start for start, _ in cuts[1:]] + [size]
            for (start, first_item), end in zip(cuts, ends, strict=True):
                yield replace(whole, size=end - start, start=start, end=end, first_item=first_item)
        else:
            yield whole


def _zip_units(stream: BinaryIO, whole: Unit, limits: Limits) -> Iterator[Unit | Rejected]:
    try:
        archive = open_zip(stream, limits)
    except Trouble as trouble:
        yield _rejected(whole.source, trouble, stage="find")
        return
    with archive:
        if is_office_file(archive):
            yield whole
            return
        is_empty = True
        for member in members(archive):
            is_empty = False
            source = replace(whole.source, member=member.name)
            if member.refused:
                yield Rejected.of(source, member.refused, stage="find")
            else:
                size = member.info.compress_size
                yield replace(whole, member=member.name, place=member.place, size=size)
        if is_empty:
            yield Rejected.of(whole.source, "archive-empty", stage="find")


def _scan(stream: BinaryIO, mark: re.Pattern[bytes] | None, range_bytes: int) -> tuple[str, list[tuple[int, int]]]:
    """One pass over a file: its sha256, and where it is cut: (start, documents before it), each at a mark."""
    digest, cutter = hashlib.sha256(), _Cutter(mark, range_bytes) if mark else None
    while block := stream.read(_BLOCK_BYTES):
        digest.update(block)
        if cutter:
            cutter.add(block)
    return digest.hexdigest(), cutter.finish() if cutter else [(0, 0)]


class _Cutter:
    """Where a long file may be cut, found block by block.

    The end of a block is searched again with the next one: a mark may lie across both.
    """

    def __init__(self, mark: re.Pattern[bytes], range_bytes: int) -> None:
        self._mark, self._range_bytes = mark, range_bytes
        self._cuts = [(0, 0)]
        self._window, self._window_at = b"", 0
        self._next_at = 0
        self._n_marks = 0
        self._has_lead = False  # something stands before the first mark: it counts as a document

    def add(self, block: bytes) -> None:
        window = self._window + block
        for match in self._mark.finditer(window, self._next_at - self._window_at):
            if not self._n_marks and window[: match.start()].strip():
                self._has_lead = True
            self._found(self._window_at + match.start())
        if not self._n_marks and window.strip():
            self._has_lead = True
        end = self._window_at + len(window)
        self._next_at = max(self._next_at, end - CUT_MARK_BYTES + 1)
        self._window = window[-CUT_MARK_BYTES:]
        self._window_at = end - len(self._window)

    def finish(self) -> list[tuple[int, int]]:
        if len(self._cuts) > 1 and self._cuts[-1][0] == self._window_at + len(self._window):
            self._cuts.pop()  # the last line ends there, none begins
        return self._cuts

    def _found(self, start: int) -> None:
        if start - self._cuts[-1][0] >= self._range_bytes:
            self._cuts.append((start, self._n_marks + self._has_lead))
        self._n_marks += 1
        self._next_at = start + 1


# ---- reading


class _Kept:
    """The zip a worker is reading from stays open: the directory of a large one takes longer to read than a patent.

    It is closed as soon as another file is read.
    """

    key: tuple[str, str] | None = None
    archive: zipfile.ZipFile | None = None

    def get(self, path: str, sha256: str, limits: Limits) -> zipfile.ZipFile:
        if self.archive is None or self.key != (path, sha256):
            self.drop()
            self.archive, self.key = open_zip(path, limits), (path, sha256)
        return self.archive

    def drop(self) -> None:
        if self.archive is not None:
            self.archive.close()
        self.archive = self.key = None


_kept = _Kept()


class _Range(io.RawIOBase):
    """The bytes start..end of a file, which it closes."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._file = file
        self._n_left = end - start
        file.seek(start)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = self._file.read(min(len(view), self._n_left))
        view[: len(data)] = data
        self._n_left -= len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(unit: Unit, limits: Limits) -> BinaryIO:
    if unit.member:
        archive = _kept.get(unit.path, unit.sha256, limits)
        return open_member(archive, archive.infolist()[unit.place], limits)
    _kept.drop()
    stream = Path(unit.path).open("rb")  # noqa: SIM115 - read() closes it
    if unit.end is None:
        return stream
    return io.BufferedReader(_Range(stream, unit.start, unit.end), _BUFFER_BYTES)


def _rewound(stream: BinaryIO, head: bytes) -> BinaryIO:
    if stream.seekable():
        stream.seek(0)
        return stream
    return put_back(head, stream)


def _read_stream(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    """Opens what is packed, then lets the parser that knows the content read it."""
    try:
        head = stream.read(HEAD_BYTES)
        whole = _rewound(stream, head)
        is_zip, is_gz = head.startswith(ZIP_MAGIC), head.startswith(GZ_MAGIC)
        if (is_zip or is_gz) and depth >= limits.depth:
            yield Rejected.of(source, "archive-too-deep", depth=limits.depth)
        elif is_gz:
            yield from _read_stream(open_gz(whole, limits), source, limits, depth + 1)
        elif is_zip:
            yield from _read_zip(whole, source, limits, depth)
        else:
            yield from _read_plain(head, whole, source)
    except Trouble as trouble:
        yield _rejected(source, trouble)
    except OSError as error:
        yield Rejected.of(source, "file-unreadable", reason=error.strerror or error)


def _read_zip(stream: BinaryIO, source: Source, limits: Limits, depth: int) -> Iterator[Document | Rejected]:
    """A workbook, or an archive inside an archive: both need to be held whole."""
    held = stream if stream.seekable() else hold(stream, limits)
    with open_zip(held, limits) as archive:
        if is_workbook(archive):
            check_inflates(archive, limits)
            held.seek(0)
            yield from _read_plain(held.read(HEAD_BYTES), _rewound(held, b""), source)
        elif is_office_file(archive):
            yield Rejected.of(source, "not-a-patent-file")
        else:
            for member in members(archive):
                name = f"{source.member}!/{member.name}" if source.member else member.name
                yield from _read_member(archive, member, replace(source, member=name), limits, depth + 1)


def _read_member(
    archive: zipfile.ZipFile, member: Member, source: Source, limits: Limits, depth: int
) -> Iterator[Document | Rejected]:
    if member.refused:
        yield Rejected.of(source, member.refused)
        return
    try:
        stream = open_member(archive, member.info, limits)
    except Trouble as trouble:
        yield _rejected(source, trouble)
        return
    with stream:
        yield from _read_stream(stream, source, limits, depth)


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


def _rejected(source: Source, trouble: Trouble, *, stage: str = "parse") -> Rejected:
    return Rejected.of(source, trouble.code, stage=stage, **trouble.values)


def _shifted(got: Document | Rejected, n_before: int) -> Document | Rejected:
    """Parsers count from 0; in the file the document has as many before it as its range has."""
    return replace(got, source=replace(got.source, item=got.source.item + n_before))
