"""Files -> study: finds, reads (in the engine's workers), stores in batches.

In: paths as the user named them.  Out: ``Added``; every document and rejection is in the store when it is counted.
Workers parse and pack; this process only inserts, and holds at most one batch.  Carries on: units that were read to
their end before are skipped, unfinished ones are read again, and what is there already stays once.  A file that has
changed says, once it has been read whole, only what it says now (putting.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dokhae.engine import Done, Engine, Failed, Item, Progress
from dokhae.library import Added, Store
from dokhae.library.ledger import FAILURES
from dokhae.library.packing import Packed, pack
from dokhae.parse.files import units
from dokhae.parse.files.units import Unit
from dokhae.parse.settings import ParseSettings, in_force
from dokhae.types import Document, Rejected

DEFAULT_SETTINGS = ParseSettings()
BATCH_DOCUMENTS = 500
BATCH_S = 1.0
BATCH_BYTES = 32_000_000


def add(
    store: Store,
    paths: Sequence[str | Path],
    *,
    engine: Engine,
    progress: Progress | None = None,
    settings: ParseSettings = DEFAULT_SETTINGS,
) -> Added:
    """Adds all files under ``paths``.  Raises InputError ``path-missing``, ``folder-empty`` before anything is read.

    progress counts bytes on disk.
    """
    work = partial(read_packed, settings=settings)
    found = units.find(paths)
    batches = _Batches(store, progress, size_on_disk(paths) if progress else None)
    for event in engine.map(work, batches.unfinished(found)):
        batches.take(event)
    batches.flush()
    batches.drop_outdated(paths)
    return batches.total


def read_packed(unit: Unit, *, settings: ParseSettings = DEFAULT_SETTINGS) -> Iterator[Packed | Rejected]:
    """What a worker does: the documents of one unit, packed."""
    with in_force(settings):
        for item in units.read(unit):
            yield pack(item) if isinstance(item, Document) else item


def size_on_disk(paths: Sequence[str | Path]) -> int:
    """Bytes under ``paths``, about: hidden files, which are not read, count."""
    files = (file for path in map(Path, paths) for file in ([path] if path.is_file() else _files_under(path)))
    return sum(_size(file) for file in files)


@dataclass
class _Batches:
    """Collects what the engine yields and stores it, a transaction at a time."""

    store: Store
    progress: Progress | None
    n_bytes: int | None
    total: Added = field(default_factory=Added)
    _items: list[Packed | Rejected] = field(default_factory=list)
    _begun: list[Unit] = field(default_factory=list)
    _finished: list[tuple[Unit, int]] = field(default_factory=list)
    # Documents received of each unit that is being read
    _n_received: dict[Unit, int] = field(default_factory=dict)
    # Files that could not be opened, in this run
    _not_found: list[Rejected] = field(default_factory=list)
    # Files of which the study has older bytes, by path; and which files have a unit that was not read to its end
    _changed: dict[str, Unit] = field(default_factory=dict)
    _unfinished_paths: set[str] = field(default_factory=set)
    _last_path: str = ""
    _n_held_bytes: int = 0
    _n_done_bytes: int = 0
    _since_s: float = field(default_factory=time.monotonic)

    def unfinished(self, found: Iterable[Unit | Rejected]) -> Iterator[Unit]:
        """The units to read; drawn by the engine as its workers become free."""
        for unit in found:
            if isinstance(unit, Rejected):
                self._items.append(unit)
                self._not_found.append(unit)
                continue
            self._note_change(unit)
            n_documents = self.store.n_documents_of(unit)
            if n_documents is None:
                self._begun.append(unit)
                self._n_received[unit] = 0
                yield unit
            else:
                self.total += Added(unchanged=n_documents)
                self._show(unit)
            self._flush_if_due()

    def take(self, event: Item[Unit, Packed | Rejected] | Done[Unit] | Failed[Unit]) -> None:
        unit = event.key
        if isinstance(event, Item):
            self._items.append(event.value)
            if isinstance(event.value, Packed):
                if unit in self._n_received:
                    self._n_received[unit] += 1
                self._n_held_bytes += event.value.n_bytes
            elif event.value.stage == "find":
                # could not be opened, or read with what this machine has: adding again tries once more
                self._not_found.append(event.value)
                self._unfinished_paths.add(unit.path)
                self._n_received.pop(unit, None)
        elif isinstance(event, Done):
            if unit in self._n_received:
                self._finished.append((unit, self._n_received.pop(unit)))
            self._show(unit)
        else:
            # not finished: adding again tries once more
            self._n_received.pop(unit, None)
            self._unfinished_paths.add(unit.path)
            self._items.append(Rejected.of(unit.source, FAILURES[event.reason], detail=event.detail))
            self._show(unit)
        self._flush_if_due()

    def flush(self) -> None:
        if self._items or self._begun or self._finished:
            with self.store.batch():
                for unit in self._begun:
                    self.store.begin_unit(unit)
                added = self.store.add(self._items)
                for unit, n_documents in self._finished:
                    self.store.finish_unit(unit, n_documents)
            self.total += added
        self._items, self._begun, self._finished, self._n_held_bytes = [], [], [], 0
        self._since_s = time.monotonic()

    def drop_outdated(self, paths: Sequence[str | Path]) -> None:
        """When all is stored: drops what files no longer say, and rejections of files that are fine now or gone."""
        self._unfinished_paths.update(unit.path for unit in self._n_received)
        for path, unit in self._changed.items():
            if path not in self._unfinished_paths:
                self.store.drop_outdated(unit)
        self.store.forget_not_found(paths, self._not_found)

    def _note_change(self, unit: Unit) -> None:
        """Asks once a file: its units come one after the other."""
        if unit.path != self._last_path and self.store.is_changed(unit):
            self._changed[unit.path] = unit
        self._last_path = unit.path

    def _flush_if_due(self) -> None:
        is_full = len(self._items) >= BATCH_DOCUMENTS or self._n_held_bytes >= BATCH_BYTES
        if is_full or time.monotonic() - self._since_s >= BATCH_S:
            self.flush()

    def _show(self, unit: Unit) -> None:
        self._n_done_bytes += unit.size
        if self.progress is not None:
            self.progress(self._n_done_bytes, self.n_bytes)


def _files_under(folder: Path) -> Iterator[Path]:
    for at, _, names in os.walk(folder):
        yield from (Path(at, name) for name in names)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
