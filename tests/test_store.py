"""The SQLite store: conformance, and what is its own: folders, formats, readers beside a writer, full disks."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dokhae.errors import StudyError
from dokhae.library import Added, schema, upgrading
from dokhae.library.conformance import StoreConformance, answer, granted, numbered, opened
from dokhae.library.database import Database
from dokhae.library.folder import open_to_read, open_to_write
from dokhae.library.sqlite_store import SqliteStore
from dokhae.types import Source
from tests.build import document


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with open_to_write(tmp_path / "a.study", create=True) as opened_store:
        yield opened_store


class TestSqliteStore(StoreConformance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SqliteStore]:
        with open_to_write(tmp_path / "a.study", create=True) as opened_store:
            yield opened_store
            assert opened_store.check().findings == ()


def test_a_closed_study_is_one_plain_file_and_its_lock(tmp_path: Path) -> None:
    with open_to_write(tmp_path / "a.study", create=True) as store:
        store.add([granted()])
    assert sorted(p.name for p in (tmp_path / "a.study").iterdir()) == ["library.db", "study.lock"]
    with open_to_read(tmp_path / "a.study") as store:
        assert [p.number for p in store.patents()] == [granted().number]


def test_readers_see_what_is_committed_beside_the_writer(store: SqliteStore) -> None:
    store.add([granted()])
    with open_to_read(store.study) as reader, open_to_read(store.study) as other:
        with store.batch():
            store.add([opened()])
            assert reader.counts().publications == 1
        assert reader.counts().publications == other.counts().publications == 2


def test_a_reader_going_page_by_page_does_not_stop_the_writer(store: SqliteStore) -> None:
    store.add([numbered(n) for n in range(300)])
    with open_to_read(store.study) as reader:
        patents = reader.patents()
        next(patents)
        assert store.add([numbered(n) for n in range(300, 310)]) == Added(added=10)
        assert sum(1 for _ in patents) == 309


def test_a_reader_of_a_closed_study_lets_a_writer_in(tmp_path: Path) -> None:
    with open_to_write(tmp_path / "a.study", create=True) as store:
        store.add([granted()])
    with open_to_read(tmp_path / "a.study") as reader:
        assert reader.counts().publications == 1
        with open_to_write(tmp_path / "a.study") as store:
            store.add([opened()])
            assert reader.counts().publications == 2
        assert reader.counts().publications == 2


def test_a_store_opened_for_reading_does_not_write(store: SqliteStore) -> None:
    with open_to_read(store.study) as reader, pytest.raises(StudyError) as raised:
        reader.add([granted()])
    assert str(raised.value) == (
        f"{store.study}: cannot be written (opened for reading). "
        "Check the permissions of the folder, or copy the study to a place of your own."
    )


def test_a_study_on_read_only_media_opens(tmp_path: Path) -> None:
    left_in_wal(tmp_path / "a.study")
    with open_to_read(tmp_path / "a.study") as reader:
        assert reader.counts().publications == 1


def test_a_study_that_was_not_closed_says_so_on_read_only_media(tmp_path: Path) -> None:
    left_in_wal(tmp_path / "a.study")
    (tmp_path / "a.study" / "library.db-wal").write_bytes(b"pages")
    with pytest.raises(StudyError) as raised:
        open_to_read(tmp_path / "a.study")
    study = tmp_path / "a.study"
    assert str(raised.value) == (
        f"{study}: the last writer was stopped before it could finish its files, and the folder is read-only. "
        f"Open it once where it can be written, for example: dokhae check {study}"
    )


def left_in_wal(study: Path) -> None:
    """A study in WAL mode, in a folder where SQLite cannot make its shared-memory file."""
    with open_to_write(study, create=True) as store:
        store.add([granted()])
    raw = sqlite3.connect(study / "library.db")
    raw.execute("PRAGMA journal_mode = WAL").fetchone()
    raw.close()
    # Works for root too, who may write to a read-only folder
    try:
        (study / "library.db-shm").symlink_to(study / "nowhere" / "shm")
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")


@pytest.mark.parametrize("make", ["nothing", "folder", "text", "database"])
def test_what_is_no_study_is_refused(tmp_path: Path, make: str) -> None:
    study = tmp_path / "x.study"
    if make != "nothing":
        study.mkdir()
    if make == "text":
        (study / "library.db").write_bytes(b"not a database at all, but long enough to have a header" * 10)
    if make == "database":
        raw = sqlite3.connect(study / "library.db")
        raw.execute("CREATE TABLE other (x)")
        raw.close()
    for open_study in (open_to_read, open_to_write):
        with pytest.raises(StudyError) as raised:
            open_study(study)
        assert str(raised.value) == (
            f"{study}: this is no study of Dokhae. Check the path, or make one: dokhae analyze FILES -o {study}"
        )


def test_a_study_of_a_newer_version_is_refused_by_name(tmp_path: Path) -> None:
    study = tmp_path / "a.study"
    open_to_write(study, create=True).close()
    raw = sqlite3.connect(study / "library.db")
    raw.execute("PRAGMA user_version = 7")
    raw.close()
    for open_study in (open_to_read, open_to_write):
        with pytest.raises(StudyError) as raised:
            open_study(study)
        assert str(raised.value) == (
            f"{study}: made by a newer version of Dokhae (study format 7; this version knows up to 2). "
            "Update Dokhae to open it."
        )
    open_to_write(tmp_path / "b.study", create=True).close()  # no lock is left behind by a refusal


def test_a_folder_with_other_things_is_not_made_a_study(tmp_path: Path) -> None:
    (tmp_path / "patent.pdf").write_bytes(b"%PDF")
    with pytest.raises(StudyError) as raised:
        open_to_write(tmp_path, create=True)
    assert str(raised.value) == (
        f"{tmp_path}: this folder holds other things (patent.pdf), so no study is made in it. Name a new folder."
    )
    assert [p.name for p in tmp_path.iterdir()] == ["patent.pdf"]


def test_settings_may_be_there_before_the_study(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("", encoding="utf8")
    open_to_write(tmp_path, create=True).close()
    assert (tmp_path / "library.db").exists()


def test_a_study_whose_making_was_cut_short_is_made_whole(tmp_path: Path) -> None:
    raw = sqlite3.connect(tmp_path / "library.db")
    raw.execute("PRAGMA journal_mode = WAL").fetchone()  # a header, no tables yet
    raw.close()
    with open_to_write(tmp_path) as store:
        assert store.add([granted()]) == Added(added=1)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(store: SqliteStore) -> None:
    store.add([granted()])
    (pages,) = store._db.rows("PRAGMA page_count")[0]
    store._db.rows(f"PRAGMA max_page_count = {pages + 20}")
    long = "".join(random.Random(1).choices("가나다라마바사아자차카타파하", k=1_000_000))
    with pytest.raises(StudyError) as raised:
        store.add([numbered(1), document("US 9,999,999 B2", problem=long), numbered(2)])
    assert str(raised.value) == (
        f"{store.study}: the disk is full (database or disk is full). What was reported as added is safe; free some "
        "space and run the same command again to carry on."
    )
    assert [p.number for p in store.patents()] == [granted().number]
    store._db.rows(f"PRAGMA max_page_count = {pages + 10_000}")
    assert store.add([numbered(1), numbered(2)]) == Added(added=2)
    assert store.check().findings == ()


def test_a_damaged_database_is_said(tmp_path: Path) -> None:
    study = tmp_path / "a.study"
    with open_to_write(study, create=True) as store:
        store.add([numbered(n) for n in range(200)])
    data = bytearray((study / "library.db").read_bytes())
    data[8192:] = b"\x55" * (len(data) - 8192)
    (study / "library.db").write_bytes(data)
    with open_to_read(study) as store, pytest.raises(StudyError) as raised:
        list(store.patents())
    assert raised.value.code == "study-damaged"


def test_names_of_folders_may_hold_anything(tmp_path: Path) -> None:
    study = tmp_path / "연구 100% #1? &mode=rw;" / "카메라.study"
    with open_to_write(study, create=True) as store:
        store.add([granted()])
    with open_to_read(study) as store:
        assert store.counts().publications == 1


def test_file_names_that_are_no_unicode_are_kept_readable(store: SqliteStore) -> None:
    store.add([replace(granted(), source=Source("bad\udcff.xml", "b1"))])
    (patent,) = store.find("bad\udcff.xml")
    assert patent.sources[0].path == "bad\\udcff.xml"


def test_check_finds_a_changed_text_and_a_false_quote(store: SqliteStore) -> None:
    store.add([granted(), opened()])
    right, wrong = granted().texts[0], opened().texts[0]
    store.put_answers(right.digest, "s", [answer(right, "problem")])
    checked = store.check()
    assert (checked.findings, checked.texts, checked.quotes) == ((), 2, 1)
    store.put_answers(right.digest, "t", [answer(replace(right, text=right.text.replace("렌", "랜")), "effect")])
    with store.batch():
        store._db.write("UPDATE texts SET words = (SELECT words FROM texts WHERE digest = ?)", (right.digest,))
    found = {(f.where, f.code) for f in store.check().findings}
    assert found == {(right.digest, "check-quote"), (wrong.digest, "check-text-changed")}


def test_check_finds_an_application_without_a_representative(store: SqliteStore) -> None:
    store.add([granted()])
    with store.batch():
        store._db.write("UPDATE publications SET is_representative = 0")
        store._db.write("UPDATE texts SET digest = 'gone'")
    codes = [f.code for f in store.check().findings]
    assert codes == [
        "check-no-representative",
        "check-text-missing",
        "check-text-unused",
        "check-view",
        "check-text-changed",
    ]


def test_check_finds_a_view_that_is_not_what_the_sources_say(store: SqliteStore) -> None:
    store.add([granted(), opened()])
    with store.batch():
        store._db.write("UPDATE publications SET filed = '1999-01-01' WHERE id = 1")
        store._db.write("DELETE FROM numbers WHERE publication = 2 AND role = 'application'")
        store._db.write("UPDATE meta SET value = 1 WHERE name = 'seq'")
    found = [(f.where, f.code) for f in store.check().findings]
    assert found == [
        ("library.db", "check-sequence"),
        ("KR101314187B1", "check-view"),
        ("KR1020130094992A", "check-numbers"),
    ]


def test_a_study_of_this_format_needs_no_upgrade(store: SqliteStore) -> None:
    store.close()
    assert upgrading.upgrade(store.study).is_current
    assert not list(store.study.glob("*.format-*"))


def test_an_older_study_is_refused_then_upgraded_with_a_backup(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add([granted()])
    store.close()
    monkeypatch.setattr(schema, "FORMAT", 3)
    monkeypatch.setitem(upgrading.STEPS, 2, lambda db: db.write("CREATE TABLE more (x)"))
    with pytest.raises(StudyError) as raised:
        open_to_read(store.study)
    assert str(raised.value) == (
        f"{store.study}: made by an older version of Dokhae (study format 2; this version works with 3). "
        f"Upgrade it, a backup is kept: dokhae upgrade {store.study}"
    )
    backup = upgrading.upgrade(store.study).backup
    assert backup == store.study / "library.format-2.db"
    with open_to_write(store.study) as upgraded:
        assert upgraded.counts().publications == 1
        assert upgraded._db.rows("SELECT * FROM more") == []


def test_an_upgrade_that_fails_leaves_the_study_as_it_was(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add([granted()])
    store.close()

    def fail(db: Database) -> None:
        db.write("DROP TABLE answers")
        raise ZeroDivisionError

    with monkeypatch.context() as newer:
        newer.setattr(schema, "FORMAT", 3)
        newer.setitem(upgrading.STEPS, 2, fail)
        with pytest.raises(ZeroDivisionError):
            upgrading.upgrade(store.study)
    with open_to_read(store.study) as reader:
        assert reader.check().findings == ()
