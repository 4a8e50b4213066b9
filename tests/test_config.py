"""Settings: flag before file before default, and a wrong one says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokhae.config import EngineSettings, load
from dokhae.errors import InputError


def write(folder: Path, content: str) -> Path:
    (folder / "study.toml").write_text(content, encoding="utf8")
    return folder


def test_a_study_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path).engine == EngineSettings()


def test_the_file_goes_before_the_default_and_the_flag_before_the_file(tmp_path: Path) -> None:
    study = write(tmp_path, "format = 1\n\n[engine]\nworkers = 3\ntime_limit_s = 10\n")
    config = load(study, {"engine.workers": 0, "engine.time_limit_s": None})
    origins = {setting.name: (setting.value, setting.origin) for setting in config.settings()}
    assert origins["engine.workers"] == (0, "flag")
    assert origins["engine.time_limit_s"] == (10, "study.toml")
    assert origins["report.unit"] == ("application", "default")


def test_an_unknown_key_is_named_with_file_line_and_nearest_name(tmp_path: Path) -> None:
    study = write(tmp_path, "[read]\nfields = ['rnd']\n\n[engine]\nworker = 3\n")
    with pytest.raises(InputError) as raised:
        load(study)
    assert str(raised.value) == (
        f"{study / 'study.toml'}, line 5: 'engine.worker' is not a setting. Did you mean 'engine.workers'? "
        "docs/cli.md lists them all."
    )


@pytest.mark.parametrize(
    ("content", "line", "wanted"),
    [
        ("[engine]\nworkers = 'two'\n", 2, "a whole number"),
        ("[engine]\nworkers = true\n", 2, "a whole number"),
        ("# mine\n[read]\nfields = 'rnd'\n", 3, "a list of a text"),
        ("[engine]\ntime_limit_s = 'long'\n", 2, "a number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(tmp_path: Path, content: str, line: int, wanted: str) -> None:
    with pytest.raises(InputError) as raised:
        load(write(tmp_path, content))
    assert raised.value.code == "setting-wrong"
    assert (raised.value.values["line"], raised.value.values["wanted"]) == (str(line), wanted)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="settings-unreadable|not readable as TOML.*line 1"):
        load(write(tmp_path, "[engine\n"))
