"""Paths -> units of work -> documents: what files there are, and what is in them.

In: files and folders as the user named them.  Out: ``find`` yields one ``Unit`` for each file, archive member or
piece of a long file, ready to be sent to a worker process; ``read`` yields the documents of one unit.  Never writes a
file, never follows a link to a folder, never holds more than one document (zips inside archives and workbooks are
held in memory, up to a limit).  What cannot be read comes out as ``Rejected``; only a path that is not there at all,
or holds no file, is an ``InputError``.

A file must stay as it was found: its size and time are compared before and after it is read, and where they differ
its hash.  One that has changed is said to have (``file-changed-while-read``), and adding it again reads it again.

Left out without a word: hidden files and folders (".git", "__MACOSX", "~$open.xlsx"), study folders.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dokhae.errors import InputError
from dokhae.parse import CUT_MARK_BYTES, HEAD_BYTES, cut_mark, recognise
from dokhae.parse.files.archives import CHUNK_BYTES, Limits, Stream, Trouble
from dokhae.parse.files.paths import for_system, open_file
from dokhae.parse.files.tars import Tar, is_tar
from dokhae.parse.files.unpack import read_stream, rejected
from dokhae.parse.files.zips import ZIP_MAGIC, is_office_file, members, open_member, open_zip
from dokhae.types import Document, Rejected, Source

if TYPE_CHECKING:
    from typing_extensions import Buffer

DEFAULT_LIMITS = Limits()
_STUDY_FILE = "library.db"
_BLOCK_BYTES = 1024 * 1024
_NEITHER = "neither file nor folder"

Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of work for one worker: a file, a member of an archive, or a range of a long file.

    Small and picklable.  path: as the user named it.  size: bytes on disk, for progress.  archive: "zip" or "tar"
    where a member is meant, "" else; member: its name; place: its ordinal in the archive.  start, end: bytes of the
    file, end None where the whole is meant (in a tar, start is where the member's header is).  first_item: how many
    documents of the file lie before ``start``, so that ``Source.item`` counts through the file.  stamp: size and time
    of the file when it was hashed, None where nobody looked.
    """

    path: str
    sha256: str
    size: int
    member: str = ""
    place: int = -1
    start: int = 0
    end: int | None = None
    first_item: int = 0
    archive: str = ""
    stamp: Stamp | None = None

    @property
    def source(self) -> Source:
        return Source(self.path, self.sha256, self.member, self.first_item)


def find(paths: Sequence[str | Path], *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Unit | Rejected]:
    """The units of work under ``paths``, in the order given, folders sorted by name; streamed.

    Raises InputError at once, before anything is read: ``path-missing``, or ``folder-empty`` where there is no file.
    """
    for path in paths:
        if _is_missing(path):
            raise InputError("path-missing", path=path)
    files = chain.from_iterable(_walk(Path(path)) for path in paths)
    first = next(files, None)
    if first is None:
        raise InputError("folder-empty", path=", ".join(str(path) for path in paths))
    return _found(chain([first], files), limits)


def read(unit: Unit, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Document | Rejected]:
    """The documents of one unit in order; what is broken comes as ``Rejected``, and what follows it still comes."""
    try:
        with _kept.opened(unit) as file:
            yield from _read_opened(file, unit, limits)
    except Trouble as trouble:
        yield rejected(unit.source, trouble)
    except OSError as error:
        yield _unreadable(unit.source, error)


def _read_opened(file: BinaryIO, unit: Unit, limits: Limits) -> Iterator[Document | Rejected]:
    if not _kept.is_unchanged(file, unit):
        yield _changed(unit.source)
        return
    with _stream_of(unit, file, limits) as stream:
        for got in read_stream(stream, unit.source, limits, depth=1 if unit.archive else 0):
            yield _shifted(got, unit.first_item) if unit.first_item else got
    if not _kept.is_unchanged(file, unit):
        yield _changed(unit.source)


def _unreadable(source: Source, error: OSError) -> Rejected:
    # stage "find": a fault of the disk, not of the bytes; adding again tries once more
    return Rejected.of(source, "file-unreadable", stage="find", reason=error.strerror or error)


def _changed(source: Source) -> Rejected:
    return Rejected.of(source, "file-changed-while-read", stage="find")


# ---- finding


def _is_missing(path: str | Path) -> bool:
    """Whether there is nothing of this name; what is there but may not be looked at is rejected later."""
    try:
        os.stat(for_system(path))
    except PermissionError:
        return False
    except (OSError, ValueError):
        return True
    return False


def _walk(named: Path) -> Iterator[Path | Rejected]:
    """The files under a path, sorted; a file or folder the user named is taken even if hidden."""
    if os.path.isfile(for_system(named)):
        yield named
        return
    folders: list[Iterator[Path | Rejected]] = [iter([named])] if _is_folder(named) else []
    if not folders:
        yield Rejected.of(Source(str(named)), "file-unreadable", stage="find", reason=_NEITHER)
    while folders:
        at = next(folders[-1], None)
        if at is None:
            folders.pop()
        elif isinstance(at, Rejected) or not _is_folder(at):
            yield at
        else:
            folders.append(_entries(at, is_named=at == named))


def _is_folder(path: Path) -> bool:
    return os.path.isdir(for_system(path))


def _entries(folder: Path, *, is_named: bool) -> Iterator[Path | Rejected]:
    """The files and folders in a folder, and what in it cannot be read."""
    try:
        with os.scandir(for_system(folder)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(Source(str(folder)), error)
        return
    if not is_named and any(entry.name == _STUDY_FILE for entry in entries):
        return
    for entry in entries:
        if not entry.name.startswith((".", "~$", "__MACOSX")) and entry.name != _STUDY_FILE:
            yield _entry(entry, folder / entry.name)


def _entry(entry: os.DirEntry[str], path: Path) -> Path | Rejected:
    try:
        if entry.is_dir() and entry.is_symlink():
            return Rejected.of(Source(str(path)), "folder-link", stage="find")
        if entry.is_dir() or entry.is_file():
            return path
    except OSError as error:
        return _unreadable(Source(str(path)), error)
    return Rejected.of(Source(str(path)), "file-unreadable", stage="find", reason=_NEITHER)


def _found(files: Iterator[Path | Rejected], limits: Limits) -> Iterator[Unit | Rejected]:
    for file in files:
        if isinstance(file, Rejected):
            yield file
            continue
        try:
            yield from _units_of(file, limits)
        except OSError as error:
            yield _unreadable(Source(str(file)), error)


def _units_of(path: Path, limits: Limits) -> Iterator[Unit | Rejected]:
    with open_file(path) as stream:
        stamp = _stamp_of(stream)
        head = stream.read(HEAD_BYTES)
        if not head:
            yield Rejected.of(Source(str(path)), "file-empty", stage="find")
            return
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        parser = recognise(head) if size > limits.range_bytes else None
        digest, cuts = _scan(stream, cut_mark(parser) if parser else None, limits.range_bytes)
        if _stamp_of(stream) != stamp:
            yield _changed(Source(str(path), digest))
            return
        whole = Unit(str(path), digest, size, stamp=stamp)
        if head.startswith(ZIP_MAGIC):
            yield from _zip_units(stream, whole, limits)
        elif is_tar(head):
            yield from _tar_units(stream, whole, limits)
        else:
            yield from _ranges(whole, cuts)


def _ranges(whole: Unit, cuts: list[tuple[int, int]]) -> Iterator[Unit]:
    if len(cuts) == 1:
        yield whole
        return
    ends = [start for start, _ in cuts[1:]] + [whole.size]
    for (start, first_item), end in zip(cuts, ends, strict=True):
        yield replace(whole, size=end - start, start=start, end=end, first_item=first_item)


def _zip_units(stream: BinaryIO, whole: Unit, limits: Limits) -> Iterator[Unit | Rejected]:
    try:
        archive = open_zip(stream, limits)
    except Trouble as trouble:
        if trouble.code == "archive-broken":
            yield whole  # whoever reads it tells the damage, and what is left
        else:
            yield rejected(whole.source, trouble, stage="find")
        return
    with archive:
        if is_office_file(archive):
            yield whole
            return
        is_empty = True
        for member in members(archive):
            is_empty = False
            size = member.info.compress_size
            unit = replace(whole, archive="zip", member=member.name, place=member.place, size=size)
            yield Rejected.of(unit.source, member.refused, stage="find") if member.refused else unit
        if is_empty:
            yield Rejected.of(whole.source, "archive-empty", stage="find")


def _tar_units(stream: BinaryIO, whole: Unit, limits: Limits) -> Iterator[Unit | Rejected]:
    stream.seek(0)
    is_empty = True
    for member in Tar(stream, limits).members():
        is_empty = False
        if isinstance(member, Trouble):
            yield rejected(whole.source, member, stage="find")
            continue
        unit = replace(whole, archive="tar", member=member.name, place=member.place, start=member.at, size=member.size)
        yield Rejected.of(unit.source, member.refused, stage="find") if member.refused else unit
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
            begins = match.start(match.lastgroup or 0)
            if not self._n_marks and window[:begins].strip():
                self._has_lead = True
            self._found(self._window_at + begins)
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


def _stamp_of(file: BinaryIO) -> Stamp:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    return _scan(file, None, 0)[0]


# ---- reading


class _Kept:
    """The zip a worker is reading from stays open: the directory of a large one takes longer to read than a patent.

    It is closed as soon as another file is read.
    """

    def __init__(self) -> None:
        self._key: tuple[str, str] | None = None
        self._file: BinaryIO | None = None
        self._archive: zipfile.ZipFile | None = None
        # a file that was touched but has the bytes it had is not hashed again for each of its pieces
        self._verified: tuple[str, str, Stamp] | None = None

    @contextmanager
    def opened(self, unit: Unit) -> Iterator[BinaryIO]:
        """The file of a unit: the one kept, if the unit is of the zip read last.  Raises OSError."""
        if unit.archive == "zip" and self._file is not None and self._key == (unit.path, unit.sha256):
            yield self._file
            return
        self.drop()
        file = open_file(unit.path)
        if unit.archive == "zip":
            self._file, self._key = file, (unit.path, unit.sha256)
            yield file
        else:
            with file:
                yield file

    def archive_of(self, file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
        if self._archive is None:
            self._archive = open_zip(file, limits)
        return self._archive

    def is_unchanged(self, file: BinaryIO, unit: Unit) -> bool:
        """Whether the file still holds the bytes the unit was found in; hashes it where its stamp differs."""
        stamp = _stamp_of(file)
        if unit.stamp is None or stamp == unit.stamp or self._verified == (unit.path, unit.sha256, stamp):
            return True
        if stamp[0] != unit.stamp[0] or _sha256(file) != unit.sha256 or _stamp_of(file) != stamp:
            self.drop()
            return False
        self._verified = (unit.path, unit.sha256, stamp)
        return True

    def drop(self) -> None:
        if self._archive is not None:
            self._archive.close()
        if self._file is not None:
            self._file.close()
        self._archive = self._file = self._key = None


_kept = _Kept()


class _Range(io.RawIOBase):
    """The bytes start..end of a file, which stays open."""

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


def _stream_of(unit: Unit, file: BinaryIO, limits: Limits) -> BinaryIO:
    """The bytes of a unit; a stream of its own, so that closing it leaves the file open."""
    if unit.archive == "zip":
        archive = _kept.archive_of(file, limits)
        return open_member(archive, archive.infolist()[unit.place], limits)
    file.seek(unit.start)
    if unit.archive == "tar":
        return _tar_member(file, limits)
    if unit.end is None:
        return open(os.dup(file.fileno()), "rb")
    return Stream(_Range(file, unit.start, unit.end), CHUNK_BYTES)


def _tar_member(file: BinaryIO, limits: Limits) -> BinaryIO:
    """The member whose header begins where the file stands."""
    tar = Tar(file, limits)
    found = next(tar.members(), None)
    if isinstance(found, Trouble) or found is None:
        raise found or Trouble("archive-broken", reason="no header")
    return tar.open()


def _shifted(got: Document | Rejected, n_before: int) -> Document | Rejected:
    """Parsers count from 0; in the file the document has as many before it as its range has."""
    return replace(got, source=replace(got.source, item=got.source.item + n_before))
