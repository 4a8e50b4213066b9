"""Settings: flag before file before default, and a wrong one says where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokhae.config import EngineSettings, load, names, write_template
from dokhae.errors import InputError


def write(folder: Path, content: str) -> Path:
    (folder / "study.toml").write_text(content, encoding="utf8")
    return folder / "study.toml"


def test_a_study_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "study.toml").engine == EngineSettings()


def test_the_file_goes_before_the_default_and_the_flag_before_the_file(tmp_path: Path) -> None:
    study = write(tmp_path, "[engine]\nworkers = 3\ntime_limit_s = 10\n")
    config = load(study, {"engine.workers": 0, "engine.time_limit_s": None})
    origins = {setting.name: (setting.value, setting.origin) for setting in config.settings()}
    assert origins["engine.workers"] == (0, "flag")
    assert origins["engine.time_limit_s"] == (10, "study.toml")
    assert origins["report.by"] == ("application", "default")


def test_an_unknown_key_is_named_with_file_line_and_nearest_name(tmp_path: Path) -> None:
    study = write(tmp_path, "[read]\nfields = ['rnd']\n\n[engine]\nworker = 3\n")
    with pytest.raises(InputError) as raised:
        load(study)
    assert str(raised.value) == (
        f"{study}, line 5: 'engine.worker' is not a setting. Did you mean 'engine.workers'? docs/cli.md lists them all."
    )


@pytest.mark.parametrize(
    ("content", "line", "wanted"),
    [
        ("[engine]\nworkers = 'two'\n", 2, "a whole number from 0 to 1000"),
        ("[engine]\nworkers = true\n", 2, "a whole number from 0 to 1000"),
        ("# mine\n[read]\nfields = 'rnd'\n", 3, "a list, each a text"),
        ("[report]\nby = 'patent'\n", 2, "one of publication, application, family"),
        ("[engine]\ntime_limit_s = 'long'\n", 2, "a number from 0.1 to 86400"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(tmp_path: Path, content: str, line: int, wanted: str) -> None:
    with pytest.raises(InputError) as raised:
        load(write(tmp_path, content))
    assert raised.value.code == "setting-wrong"
    assert (raised.value.values["line"], raised.value.values["wanted"]) == (str(line), wanted)


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1"):
        load(write(tmp_path, "[engine\n"))


def test_the_template_names_every_setting_and_changes_none(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    write_template(path)
    assert load(path).origins == {}
    content = path.read_text("utf8")
    assert [name for name in names() if f"# {name.split('.')[1]} = " not in content] == []


def test_every_setting_of_the_template_can_be_switched_on(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    write_template(path)
    head, _, rest = path.read_text("utf8").partition("\n")
    path.write_text(head + "\n" + rest.replace("# ", ""), encoding="utf8")
    assert set(load(path).origins) == set(names())


@pytest.mark.parametrize("written", ["workers = -1", "workers = 1001", "time_limit_s = 0", "time_limit_s = nan"])
def test_an_amount_out_of_its_bounds_is_named_with_its_line(tmp_path: Path, written: str) -> None:
    study = write(tmp_path, f"# mine\n[engine]\n{written}\n")
    with pytest.raises(InputError) as raised:
        load(study)
    bounds = "a whole number from 0 to 1000" if "workers" in written else "a number from 0.1 to 86400"
    name, value = written.split(" = ")
    assert str(raised.value) == f"{study}, line 3: engine.{name} = {value} is not {bounds}. Correct it there."


def test_a_flag_out_of_its_bounds_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        load(tmp_path / "study.toml", {"engine.workers": -1})
    assert raised.value.code == "setting-wrong"


def test_no_workers_at_all_stays_a_choice(tmp_path: Path) -> None:
    assert load(write(tmp_path, "[engine]\nworkers = 0\n")).engine.workers == 0


def test_a_file_that_windows_notepad_marked_as_utf8_is_read(tmp_path: Path) -> None:
    assert load(write(tmp_path, "\ufeff[engine]\nworkers = 3\n")).engine.workers == 3


def test_a_file_in_another_encoding_is_told_not_raised(tmp_path: Path) -> None:
    study = tmp_path / "study.toml"
    study.write_bytes('[report]\ntitle = "카메라"\n'.encode("cp949"))
    with pytest.raises(InputError) as raised:
        load(study)
    assert str(raised.value) == (
        f"{study}: not readable as TOML: it is not saved as UTF-8. "
        "Correct the file, or delete it to go back to the defaults."
    )
