"""The command line: what it says, in both languages, and how it ends."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from dokhae.apps import cli, console, output, shell
from dokhae.apps.output import Form
from dokhae.apps.progress import Progress, duration
from dokhae.errors import StudyError

Console = pytest.CaptureFixture[str]


def test_nothing_asked_shows_the_commands_and_is_wrong_use(capsys: Console) -> None:
    assert cli.main([]) == cli.WRONG_USE
    assert "dokhae analyze" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_help_can_be_shown(lang: str, capsys: Console) -> None:
    for name in cli.build(lang).commands:
        assert cli.main([name, "--help", "--lang", lang]) == cli.DONE
        assert f"dokhae {name}" in capsys.readouterr().out


def test_help_is_in_the_language_asked_for(capsys: Console) -> None:
    cli.main(["search", "--help", "--lang", "ko"])
    assert capsys.readouterr().out.startswith("사용법: dokhae search [OPTIONS] STUDY QUERY\n\n  특허를 찾습니다")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["serach"], "Error: There is no command serach. Did you mean: search? See: dokhae --help\n"),
        (["ask", "a.study"], "Error: Something is missing: 'QUESTION'. See: dokhae ask --help\n"),
        (
            ["show", "a.study", "--jsno"],
            "Error: There is no option --jsno. Did you mean: --json? See: dokhae show --help\n",
        ),
        (
            ["export", "a.study", "--format", "pdf"],
            "Error: '--format': choose one of jsonl, xlsx, csv. See: dokhae export --help\n",
        ),
        (
            ["search", "a.study", "q", "--limit", "0"],
            "Error: '--limit': a whole number, 1 or more, is needed. See: dokhae search --help\n",
        ),
    ],
)
def test_wrong_use_is_one_line_that_says_what_and_where(argv: list[str], said: str, capsys: Console) -> None:
    assert cli.main(argv) == cli.WRONG_USE
    assert capsys.readouterr() == ("", said)


def test_wrong_use_is_said_in_korean(capsys: Console) -> None:
    assert cli.main(["search", "a", "b", "--limit", "x", "--lang", "ko"]) == cli.WRONG_USE
    assert capsys.readouterr().err == (
        "오류: '--limit' 값이 올바르지 않습니다: 1 이상의 정수가 필요합니다. 도움말: dokhae search --help\n"
    )


def test_a_missing_study_is_one_line_without_a_traceback(tmp_path: Path, capsys: Console) -> None:
    missing = tmp_path / "none.study"
    assert cli.main(["show", str(missing)]) == cli.FAILED
    said = capsys.readouterr().err
    assert said == f"Error: {StudyError('study-not-found', study=missing)}\n"
    assert said.count("\n") == 1


def test_a_missing_path_is_said_in_full(tmp_path: Path, capsys: Console) -> None:
    missing = tmp_path / "patents"
    assert cli.main(["add", str(tmp_path / "a.study"), str(missing)]) == cli.FAILED
    assert capsys.readouterr().err == (
        f"Error: {missing}: no such file or folder. Check the spelling, or give the folder that holds the patents.\n"
    )


def test_interruption_says_what_is_kept_and_how_to_carry_on(monkeypatch: pytest.MonkeyPatch, capsys: Console) -> None:
    from dokhae.study import Study

    def interrupted(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Study, "analyze", interrupted)
    assert cli.main(["analyze", "my patents", "-o", "a.study"]) == cli.INTERRUPTED
    said = capsys.readouterr().err
    assert "Everything stored so far is kept." in said
    assert said.endswith("  dokhae analyze 'my patents' -o a.study\n")


def test_an_error_of_the_system_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Console) -> None:
    from dokhae.study import Study

    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device", "a.study/report")

    monkeypatch.setattr(Study, "analyze", full)
    assert cli.main(["analyze", "x", "-o", "a.study"]) == cli.FAILED
    assert capsys.readouterr().err.startswith("Error: a.study/report: No space left on device. ")


def test_an_empty_standard_input_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Console) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert cli.main(["analyze", "-", "-o", str(tmp_path / "a.study")]) == cli.FAILED
    assert capsys.readouterr().err.startswith("Error: No file or number was given")


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("encoding", ["ascii", "cp949"])
def test_a_terminal_without_hangul_shows_question_marks_and_goes_on(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_out = Terminal()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding=encoding))
    console.make_streams_safe()
    print("렌즈 𝑥 ㎛", flush=True)
    assert "?" in bytes_out.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp949"])
def test_files_and_pipes_get_every_character_whatever_the_locale(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding=encoding, newline="\r\n"))
    console.make_streams_safe()
    print("렌즈 𝑥 ㎛\r\n", end="", flush=True)
    assert bytes_out.getvalue() == "렌즈 𝑥 ㎛\r\n".encode()


def test_a_file_name_that_is_no_text_reads_back_from_json_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding="ascii"))
    console.make_streams_safe()
    output.write([{"path": "a\udcff.xml"}], ("path",), Form.json, sys.stdout)
    sys.stdout.flush()
    assert json.loads(bytes_out.getvalue()) == [{"path": "a\udcff.xml"}]


def test_wildcards_are_expanded_for_shells_that_do_not(tmp_path: Path) -> None:
    for name in ("b.xml", "a.xml", "c.pdf", "d[1].xml"):
        (tmp_path / name).touch()
    there, none = str(tmp_path / "d[1].xml"), str(tmp_path / "*.zip")
    assert shell.expanded([str(tmp_path / "?.xml"), there, none, "-"]) == (
        str(tmp_path / "a.xml"),
        str(tmp_path / "b.xml"),
        there,
        none,
        "-",
    )


def test_printed_commands_are_quoted_for_the_shell_they_are_copied_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "IS_WINDOWS", True)
    assert shell.quoted("add", "C:\\my study") == 'add "C:\\my study"'
    monkeypatch.setattr(shell, "IS_WINDOWS", False)
    assert shell.quoted("add", "my study") == "add 'my study'"


@pytest.mark.parametrize(
    ("argv", "environ", "lang"),
    [
        (["show", "a", "--lang", "ko"], {"LANG": "en_US.UTF-8"}, "ko"),
        (["--lang=en", "show", "a"], {"LANG": "ko_KR.UTF-8"}, "en"),
        (["show", "a"], {"DOKHAE_LANG": "ko", "LANG": "en_US.UTF-8"}, "ko"),
        (["show", "a"], {"LANG": "ko_KR.eucKR"}, "ko"),
        (["show", "a"], {"LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8"}, "ko"),
        (["show", "a"], {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_comes_from_flag_then_environment(argv: list[str], environ: dict[str, str], lang: str) -> None:
    assert console.language(argv, environ) == lang


ROWS: list[dict[str, Any]] = [
    {"number": "KR1", "title": "렌즈 구동 장치", "score": 0.5},
    {"number": "US22", "title": "=cmd()", "score": None},
]


def test_a_table_lines_up_hangul() -> None:
    out = io.StringIO()
    assert output.write(ROWS, ("number", "title", "score"), Form.table, out) == 2
    assert out.getvalue() == "number  title           score\nKR1     렌즈 구동 장치  0.5\nUS22    =cmd()\n"


def test_a_table_is_cut_to_the_terminal_and_shows_it() -> None:
    out = io.StringIO()
    output.write(ROWS, ("number", "title", "score"), Form.table, out, width=24)
    assert max(output.columns_of(line) for line in out.getvalue().splitlines()) <= 24
    assert "…" in out.getvalue()


def test_json_is_an_array_with_the_same_keys_in_every_language() -> None:
    out = io.StringIO()
    output.write(ROWS, ("number", "title"), Form.json, out, lang="ko")
    assert json.loads(out.getvalue()) == [{"number": row["number"], "title": row["title"]} for row in ROWS]
    out = io.StringIO()
    output.write([], ("number",), Form.json, out)
    assert json.loads(out.getvalue()) == []


def test_csv_never_starts_a_cell_with_a_formula() -> None:
    out = io.StringIO()
    output.write(ROWS, ("number", "title", "score"), Form.csv, out)
    assert out.getvalue() == "number,title,score\nKR1,렌즈 구동 장치,0.5\nUS22,'=cmd(),\n"


def test_progress_says_nothing_for_short_jobs_away_from_a_terminal() -> None:
    out = io.StringIO()
    with Progress("read", "en", stream=out) as progress:
        progress(1, 10)
    assert out.getvalue() == ""


def test_progress_away_from_a_terminal_is_a_plain_line_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("dokhae.apps.progress.time.monotonic", lambda: now[0])
    out = io.StringIO()
    with Progress("read", "en", stream=out) as progress:
        now[0] += 20
        progress(100, 400)
    assert out.getvalue() == "reading: 100 of 400, 5/s, 1:00 left\n"


def test_durations_read_like_a_clock() -> None:
    assert [duration(s) for s in (0.04, 59.94, 61, 3725)] == ["0.0 s", "59.9 s", "1:01", "1:02:05"]


def test_tables_say_codes_in_words_and_json_keeps_them(tmp_path: Path, capsys: Console) -> None:
    (tmp_path / "a.csv").write_text(
        "출원번호,발명의 명칭,요약\n10-2012-0016332,렌즈 구동 장치,렌즈가 흔들린다.\n", "utf8"
    )
    study = str(tmp_path / "a.study")
    assert cli.main(["add", study, str(tmp_path / "a.csv"), "-q", "--workers", "0"]) == cli.DONE
    capsys.readouterr()
    assert cli.main(["show", study, "--lang", "ko"]) == cli.DONE
    card = capsys.readouterr().out
    assert "요약 1" in card
    assert not set(card.split()) & {"publication", "application", "answers", "abstract"}
    assert cli.main(["show", study, "--json", "--lang", "ko"]) == cli.DONE
    assert {"name": "publications", "value": 1, "unit": "publication"} in json.loads(capsys.readouterr().out)


def test_adding_files_that_are_not_there_leaves_no_study_behind(tmp_path: Path, capsys: Console) -> None:
    (tmp_path / "empty").mkdir()
    for files in ("missing", "empty"):
        assert cli.main(["add", str(tmp_path / "b.study"), str(tmp_path / files)]) == cli.FAILED
        assert files in capsys.readouterr().err
        assert not (tmp_path / "b.study").exists()


def test_where_nothing_was_read_no_empty_table_of_answers_is_shown(tmp_path: Path, capsys: Console) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 cut")
    argv = ["analyze", str(tmp_path / "a.pdf"), "-o", str(tmp_path / "a.study"), "-q", "--workers", "0"]
    assert cli.main(argv) == cli.FAILED
    said = capsys.readouterr().out
    assert "pdf-broken" in said
    assert "key_feature" not in said
