"""Studies of older formats: what the first version wrote opens in this one, after ``upgrade``, with nothing lost.

``goldens/study_format_1.sql`` is the database of a study made by version 1 of the format, dumped as SQL: a Korean
application as A, B1 and the record of a search service from two files, two US grants (one with a vendor's family id),
one rejected scan, one answer.  All of it is made up (library/conformance.py).
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from dokhae.errors import StudyError
from dokhae.library import schema, upgrading
from dokhae.library.database import Database
from dokhae.library.folder import open_to_read, open_to_write
from dokhae.types import Status

GOLDEN = Path(__file__).parent / "goldens" / "study_format_1.sql"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The study as the older version left it."""
    folder = tmp_path / "old.study"
    folder.mkdir()
    raw = sqlite3.connect(folder / "library.db")
    raw.executescript(GOLDEN.read_text("utf8"))
    raw.executescript(f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 1;")
    raw.close()
    return folder


def test_a_study_of_format_1_is_refused_by_name_until_it_is_upgraded(study: Path) -> None:
    for open_study in (open_to_read, open_to_write):
        with pytest.raises(StudyError) as raised:
            open_study(study)
        assert str(raised.value) == (
            f"{study}: made by an older version of Dokhae (study format 1; this version works with 2). "
            f"Upgrade it, a backup is kept: dokhae upgrade {study}"
        )


def test_upgrading_keeps_everything_and_tells_more(study: Path) -> None:
    done = upgrading.upgrade(study)
    assert (done.found, done.known, done.publications) == (1, schema.FORMAT, 5)
    assert done.backup == study / "library.format-1.db"
    with open_to_read(study) as store:
        assert store.counts().applications == 3
        assert len(list(store.rejected())) == 1
        patent = store.publications_of(1)[0]
        assert patent.biblio.statuses == (
            Status("소멸", "소멸", date(2025, 1, 1), "new.xml"),
            Status("등록", "등록", date(2024, 5, 1), "kipris.xml"),
        )
        assert list(store.answers(patent.text)) == ["problem"]
        assert store.check().findings == ()


def test_the_backup_is_the_study_as_it_was(study: Path) -> None:
    before = sqlite3.connect(study / "library.db")
    dumped = list(before.iterdump())
    before.close()
    done = upgrading.upgrade(study)
    assert done.backup is not None
    kept = sqlite3.connect(done.backup)
    assert list(kept.iterdump()) == dumped
    kept.close()


def test_a_dry_run_changes_nothing(study: Path) -> None:
    planned = upgrading.upgrade(study, dry_run=True)
    assert (planned.found, planned.known, planned.is_current) == (1, schema.FORMAT, False)
    assert not list(study.glob("library.format-*"))
    with pytest.raises(StudyError):
        open_to_read(study)


def test_an_upgrade_that_was_stopped_begins_anew(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(db: Database) -> None:
        db.write("DELETE FROM publications WHERE id = 1")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setitem(upgrading.STEPS, 1, stop)
        with pytest.raises(KeyboardInterrupt):
            upgrading.upgrade(study)
    (study / "library.format-1.db.part").write_bytes(b"half a backup of an earlier try")
    assert upgrading.upgrade(study).publications == 5
    assert not list(study.glob("*.part"))
    with open_to_read(study) as store:
        assert store.check().findings == ()


def test_upgrading_twice_is_upgrading_once(study: Path) -> None:
    upgrading.upgrade(study)
    assert upgrading.upgrade(study) == upgrading.Upgraded(schema.FORMAT, schema.FORMAT, 5)


def test_a_newer_study_is_refused_by_name(study: Path) -> None:
    raw = sqlite3.connect(study / "library.db")
    raw.execute("PRAGMA user_version = 9")
    raw.close()
    with pytest.raises(StudyError) as raised:
        upgrading.upgrade(study)
    assert raised.value.code == "study-newer"
