"""Adding files: everything is counted once, failures are kept, and a second run carries on."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from dokhae.engine import Done, Engine, Failed, Item
from dokhae.engine.processes import ProcessEngine
from dokhae.engine.serial import SerialEngine
from dokhae.errors import InputError
from dokhae.library import Added, adding
from dokhae.library.adding import add
from dokhae.library.folder import open_to_write
from dokhae.library.sqlite_store import SqliteStore
from dokhae.parse.files import units
from dokhae.parse.files.units import Unit
from dokhae.types import Document, Rejected, Source
from tests.build import document
from tests.shared import shared_data


@dataclass
class Files:
    """Stands for the disk: what each file holds, and how often it was read."""

    holds: dict[str, list[Document | Rejected]] = field(default_factory=dict)
    n_read: dict[str, int] = field(default_factory=dict)

    def put(self, path: str, *items: Document | Rejected) -> None:
        at = [replace(item.source, path=path, sha256=f"sha of {path}", item=n) for n, item in enumerate(items)]
        self.holds[path] = [replace(item, source=source) for item, source in zip(items, at, strict=True)]

    def find(self, paths: Sequence[str | Path]) -> Iterator[Unit | Rejected]:
        for path in map(str, paths):
            yield Unit(path, f"sha of {path}", 100) if self.holds[path] else Rejected.of(Source(path), "file-empty")

    def read(self, unit: Unit) -> Iterator[Document | Rejected]:
        self.n_read[unit.path] = self.n_read.get(unit.path, 0) + 1
        for item in self.holds[unit.path]:
            if item.source.format == "hopeless":
                raise ZeroDivisionError("page 3")
            yield item


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    made = Files()
    monkeypatch.setattr(units, "find", made.find)
    monkeypatch.setattr(units, "read", made.read)
    monkeypatch.setattr(adding, "size_on_disk", lambda paths: 100 * len(paths))
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with open_to_write(tmp_path / "a.study", create=True) as opened:
        yield opened


def grant(n: int) -> Document:
    return document(f"US {9_000_000 + n} B2", problem=f"Lens {n} shakes.")


def test_documents_and_rejections_are_stored_and_counted(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", grant(1), Rejected.of(Source(""), "xml-broken"), grant(2))
    files.put("b.xml", grant(2))
    files.put("empty.xml")
    added = add(store, ["a.xml", "b.xml", "empty.xml"], engine=SerialEngine())
    assert added == Added(added=2, unchanged=1, rejected=2)
    assert store.counts().publications == 2
    assert [(r.source.path, r.code) for r in store.rejected()] == [("a.xml", "xml-broken"), ("empty.xml", "file-empty")]


def test_adding_again_reads_nothing_and_changes_nothing(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", grant(1), grant(2))
    files.put("b.xml", Rejected.of(Source(""), "no-text-layer"))
    add(store, ["a.xml", "b.xml"], engine=SerialEngine())
    seq = store.last_seq()
    assert add(store, ["a.xml", "b.xml"], engine=SerialEngine()) == Added(unchanged=2)
    assert files.n_read == {"a.xml": 1, "b.xml": 1}
    assert (store.last_seq(), [r.code for r in store.rejected()]) == (seq, ["no-text-layer"])


def test_only_what_is_new_is_read(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", grant(1))
    add(store, ["a.xml"], engine=SerialEngine())
    files.put("b.xml", grant(2))
    assert add(store, ["a.xml", "b.xml"], engine=SerialEngine()) == Added(added=1, unchanged=1)
    assert files.n_read == {"a.xml": 1, "b.xml": 1}


def test_a_file_that_was_interrupted_is_read_again_and_completed(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", grant(1), grant(2), grant(3))
    engine = Scripted(lambda unit, items: [Item(unit, items[0]), Item(unit, items[1])])  # and never ends
    assert add(store, ["a.xml"], engine=engine) == Added(added=2)
    assert add(store, ["a.xml"], engine=SerialEngine()) == Added(added=1, unchanged=2)
    assert add(store, ["a.xml"], engine=SerialEngine()) == Added(unchanged=3)


@pytest.mark.parametrize(
    ("reason", "code"), [("time-limit", "time-limit"), ("worker-died", "worker-died"), ("raised", "parser-failed")]
)
def test_a_file_that_failed_is_rejected_and_tried_again_next_time(
    store: SqliteStore, files: Files, reason: str, code: str
) -> None:
    files.put("a.xml", grant(1), grant(2))
    engine = Scripted(lambda unit, items: [Item(unit, items[0]), Failed(unit, reason, "page 3")])
    assert add(store, ["a.xml"], engine=engine) == Added(added=1, rejected=1)
    (rejected,) = store.rejected()
    assert (rejected.source.path, rejected.code, rejected.values) == ("a.xml", code, (("detail", "page 3"),))
    assert add(store, ["a.xml"], engine=SerialEngine()) == Added(added=1, unchanged=1)
    assert list(store.rejected()) == []


def test_a_parser_that_raises_costs_its_file_only(store: SqliteStore, files: Files) -> None:
    hopeless = replace(grant(9), source=Source("", format="hopeless"))
    files.put("a.xml", grant(1), hopeless)
    files.put("b.xml", grant(2))
    assert add(store, ["a.xml", "b.xml"], engine=SerialEngine()) == Added(added=2, rejected=1)
    (rejected,) = store.rejected()
    assert rejected.code == "parser-failed"
    assert rejected.values[0][1].startswith("ZeroDivisionError: page 3 (test_adding.py:")


def test_what_is_counted_as_added_was_committed_in_batches(
    store: SqliteStore, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_DOCUMENTS", 10)
    sizes = watched_batches(store, monkeypatch)
    files.put("a.xml", *map(grant, range(25)))
    assert add(store, ["a.xml"], engine=SerialEngine()) == Added(added=25)
    assert sizes == [10, 10, 5]


def test_a_batch_is_also_full_by_its_bytes(store: SqliteStore, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "BATCH_BYTES", 1)
    sizes = watched_batches(store, monkeypatch)
    files.put("a.xml", grant(1), grant(2))
    add(store, ["a.xml"], engine=SerialEngine())
    assert sizes == [1, 1, 0]


def test_progress_goes_up_to_everything(store: SqliteStore, files: Files) -> None:
    seen: list[tuple[int, int | None]] = []
    files.put("a.xml", grant(1))
    files.put("b.xml", grant(2))
    for _ in range(2):  # the second time all is skipped
        add(store, ["a.xml", "b.xml"], engine=SerialEngine(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(100, 200), (200, 200)] * 2


def written(folder: Path, name: str, *problems: str) -> Path:
    """A list of patents on disk, a row each."""
    rows = [f"US 9000{n:03} B2,{problem}" for n, problem in enumerate(problems) if problem]
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(["Publication Number,Abstract", *rows, ""]), encoding="utf8")
    return folder / name


def added(store: SqliteStore, *paths: Path) -> Added:
    return add(store, paths, engine=SerialEngine())


def sources_of(store: SqliteStore) -> list[list[str]]:
    return [[Path(s.path).name for s in patent.sources] for patent in store.patents()]


def test_an_identical_copy_added_later_is_one_more_source(store: SqliteStore, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    added(store, written(folder, "a.csv", "Lens shakes."))
    written(folder, "b.csv", "Lens shakes.")
    assert added(store, folder) == Added(unchanged=2)
    assert sources_of(store) == [["a.csv", "b.csv"]]
    counts, seq = store.counts(), store.last_seq()
    assert added(store, folder) == Added(unchanged=2)
    assert (store.counts(), store.last_seq()) == (counts, seq)


def test_a_broken_copy_added_later_is_rejected_too(store: SqliteStore, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Nothing like a patent.", encoding="utf8")
        added(store, tmp_path / name)
    assert [Path(r.source.path).name for r in store.rejected()] == ["a.txt", "b.txt"]


def test_a_file_that_moved_or_is_named_otherwise_is_not_read_again(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = written(tmp_path, "a.csv", "Lens shakes.")
    added(store, file)
    monkeypatch.setattr(units, "read", lambda unit: pytest.fail("read again"))
    assert added(store, Path("a.csv")) == Added(unchanged=1)
    assert added(store, file.rename(tmp_path / "moved.csv")) == Added(unchanged=1)
    assert sources_of(store) == [["a.csv"]]


def test_a_row_deleted_from_a_file_is_no_longer_in_the_study(store: SqliteStore, tmp_path: Path) -> None:
    added(store, written(tmp_path, "a.csv", "Lens shakes.", "Lens is dark.", "Lens falls."))
    added(store, written(tmp_path, "other.csv", "", "Lens is dark."))
    changed = written(tmp_path, "a.csv", "Lens shakes.")
    added(store, changed)
    assert sorted(sources_of(store)) == [["a.csv"], ["other.csv"]]
    assert store.check().findings == ()
    assert added(store, changed) == Added(unchanged=1)
    # and the old bytes are read again when they come back
    assert added(store, written(tmp_path, "a.csv", "Lens shakes.", "Lens is dark.", "Lens falls.")).added == 1


def test_a_file_that_is_broken_now_takes_no_patent_with_it(store: SqliteStore, tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", "Lens shakes.")
    added(store, file)
    file.write_text("cut off", encoding="utf8")
    assert added(store, file).rejected == 1
    assert sources_of(store) == [["a.csv"]]


def test_a_file_that_was_not_read_to_its_end_drops_nothing_yet(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", grant(1), grant(2))
    older = [replace(item, source=replace(item.source, sha256="older")) for item in files.holds["a.xml"]]
    store.add(older)
    files.put("a.xml", grant(1))
    add(store, ["a.xml"], engine=Scripted(lambda unit, items: [Failed(unit, "time-limit", "")]))
    assert store.counts().publications == 2
    add(store, ["a.xml"], engine=SerialEngine())
    assert store.counts().publications == 1


def test_a_file_that_could_not_be_opened_is_forgotten_once_it_is_fine_or_gone(
    store: SqliteStore, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    added(store, written(folder, "a.csv", "Lens shakes."))
    fine = (folder / "a.csv").read_bytes()
    (folder / "a.csv").write_bytes(b"")
    (folder / "b.csv").write_bytes(b"")
    assert added(store, folder) == Added(rejected=2)
    (folder / "a.csv").write_bytes(fine)
    (folder / "b.csv").unlink()
    assert added(store, folder) == Added(unchanged=1)
    assert list(store.rejected()) == []


def test_a_file_that_could_not_be_opened_by_the_worker_is_tried_again(store: SqliteStore, files: Files) -> None:
    files.put("a.xml", Rejected.of(Source(""), "file-unreadable", stage="find"))
    add(store, ["a.xml"], engine=SerialEngine())
    assert [r.code for r in store.rejected()] == ["file-unreadable"]
    files.put("a.xml", grant(1))
    assert add(store, ["a.xml"], engine=SerialEngine()) == Added(added=1)
    assert list(store.rejected()) == []


def test_a_missing_path_is_said_before_anything_is_read(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        add(store, [tmp_path / "no.xml"], engine=SerialEngine())
    assert raised.value.code == "path-missing"


def test_a_folder_without_any_file_is_said(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "patents").mkdir()
    with pytest.raises(InputError) as raised:
        add(store, [tmp_path / "patents"], engine=SerialEngine())
    assert raised.value.code == "folder-empty"


def test_workers_add_what_one_process_adds(tmp_path: Path) -> None:
    with zipfile.ZipFile(shared_data() / "patents" / "ep_xml.zip") as archive:
        for member in [name for name in archive.namelist() if name.endswith(".xml")][:20]:
            archive.extract(member, tmp_path / "files")
    engines: dict[str, Engine] = {"one": SerialEngine(), "many": ProcessEngine(workers=2)}
    views = []
    for name, engine in engines.items():
        with open_to_write(tmp_path / name, create=True) as store:
            added = add(store, [tmp_path / "files"], engine=engine)
            views.append((added, {(p.number, p.text, p.biblio, p.is_representative) for p in store.patents()}))
            assert store.check().findings == ()
    assert views[0] == views[1]
    assert views[0][0] == Added(added=20)


def test_3325_kipris_records_are_1329_applications_and_again_nothing_changes(tmp_path: Path) -> None:
    archive = shared_data() / "patents" / "kr_kipris_xml.zip"
    with open_to_write(tmp_path / "a.study", create=True) as store:
        added = add(store, [archive], engine=SerialEngine())
        assert (added.added, added.updated, added.unchanged) == (1329, 0, 1996)
        counts, seq = store.counts(), store.last_seq()
        assert counts.applications == 1329
        assert add(store, [archive], engine=SerialEngine()) == Added(unchanged=3325)
        assert (store.counts(), store.last_seq()) == (counts, seq)


def watched_batches(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the batches that ``store`` will have stored."""
    sizes: list[int] = []
    add_batch = store.add

    def watched(items: Sequence[Any]) -> Added:
        sizes.append(len(items))
        return add_batch(items)

    monkeypatch.setattr(store, "add", watched)
    return sizes


@dataclass
class Scripted:
    """An engine that does with each key what the test says."""

    script: Callable[[Any, list[Any]], list[Any]]

    def map(self, work: Callable[[Any], Iterable[Any]], keys: Iterable[Any]) -> Iterator[Any]:
        for key in keys:
            yield from self.script(key, list(work(key)))


def test_scripted_engines_speak_as_engines_do() -> None:
    events = list(Scripted(lambda key, items: [*(Item(key, i) for i in items), Done(key)]).map(range, [2]))
    assert events == list(SerialEngine().map(range, [2]))
