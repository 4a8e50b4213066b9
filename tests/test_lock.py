"""One writer at a time, across processes and within one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dokhae.errors import StudyBusy, StudyError
from dokhae.library.folder import open_to_read, open_to_write
from dokhae.library.lock import WriterLock

_HOLD = """
import sys
from pathlib import Path
from dokhae.library.folder import open_to_write
store = open_to_write(Path(sys.argv[1]), create=True)
print("held", flush=True)
sys.stdin.read()
"""


def holder_of(study: Path) -> subprocess.Popen[str]:
    """A process that writes to ``study`` until it is ended."""
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(study)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_a_second_writer_is_told_who_holds_the_study(tmp_path: Path) -> None:
    study = tmp_path / "a.study"
    with holder_of(study) as child:
        with pytest.raises(StudyBusy) as raised:
            open_to_write(study)
        child.kill()
    assert str(raised.value) == (
        f"{study}: another process is writing to this study (process {child.pid} on {socket.gethostname()}). "
        "Wait until it ends, or stop it; reading is possible meanwhile."
    )


def test_reading_is_possible_while_another_process_writes(tmp_path: Path) -> None:
    with holder_of(tmp_path / "a.study") as child:
        with open_to_read(tmp_path / "a.study") as reader:
            assert reader.counts().publications == 0
        child.kill()


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    with holder_of(tmp_path / "a.study") as child:
        child.kill()
    open_to_write(tmp_path / "a.study").close()


def test_one_process_cannot_open_a_study_twice_to_write(tmp_path: Path) -> None:
    with open_to_write(tmp_path / "a.study", create=True):
        with pytest.raises(StudyBusy) as raised:
            open_to_write(tmp_path / "a.study")
        assert raised.value.values["pid"] == str(os.getpid())
    open_to_write(tmp_path / "a.study").close()


def test_a_lock_is_released_once_and_its_file_stays(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "study.lock")
    lock.release()
    lock.release()
    assert (tmp_path / "study.lock").read_bytes() == b""
    WriterLock(tmp_path / "study.lock").release()


def test_a_holder_that_has_not_signed_yet_is_unknown(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "study.lock")
    (tmp_path / "study.lock").write_bytes(b"")
    with pytest.raises(StudyBusy) as raised:
        WriterLock(tmp_path / "study.lock")
    assert (raised.value.values["pid"], raised.value.values["host"]) == ("?", "?")
    lock.release()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as raised:
        WriterLock(tmp_path / "missing" / "study.lock")
    assert raised.value.code == "study-not-writable"
