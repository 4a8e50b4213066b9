"""The façade: files in, finished study out; again = only what is new."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from dokhae.apps import cli
from dokhae.errors import InputError, StudyBusy
from dokhae.parse.dokhae_jsonl import to_line
from dokhae.study import Study, name_of
from dokhae.types import AnswerStatus, Document
from tests.build import document

LENS = document(
    "KR10-1234567 B1",
    title="카메라 모듈",
    applicants=["주식회사 예시광학"],
    problem="종래의 카메라 모듈은 외부 충격에 의해 렌즈가 흔들리는 문제점이 있다.\n"
    "본 발명의 목적은 렌즈의 흔들림을 방지하는 카메라 모듈을 제공하는 것이다.",
    solution="상기 과제를 해결하기 위하여 본 발명은 코일과 자석을 포함하는 카메라 모듈을 제공한다.",
    effect="본 발명에 따르면 렌즈의 흔들림을 15초 이내에 줄일 수 있다.",
    claims=["코일과 자석을 포함하는 카메라 모듈.", "제1항에 있어서, 상기 자석은 네오디뮴인 카메라 모듈.", ""],
)
BATTERY = document(
    "US7654321 B2",
    title="Battery pack",
    background="Conventional battery packs suffer from overheating of the cells.",
    problem="It is an object of the present invention to provide a battery pack that prevents overheating.",
    claims=["A battery pack comprising a cell and a cooling plate."],
)


def write(path: Path, documents: Sequence[Document]) -> Path:
    path.write_bytes(b"".join(map(to_line, documents)))
    return path


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two patents and one broken file; no test changes it."""
    folder = tmp_path_factory.mktemp("study")
    files = folder / "files"
    files.mkdir()
    write(files / "both.jsonl", [LENS, BATTERY])
    (files / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    Study.analyze([files], folder / "a.study", workers=0)
    return folder / "a.study"


@pytest.fixture
def study(analyzed: Path) -> Iterator[Study]:
    with Study.open(analyzed) as opened:
        yield opened


def test_a_patent_shows_its_answers_each_with_its_exact_words(study: Study) -> None:
    shown = study.show("10-1234567")
    assert name_of(shown.patent) == "KR101234567B1"
    problem = next(answer for answer in shown.answers if answer.field == "problem")
    assert problem.best is not None
    assert problem.best.quote == shown.text.quote(problem.best.span)
    assert "흔들" in problem.best.quote


def test_a_search_finds_the_patent_and_says_how_it_read_the_query(study: Study) -> None:
    found = study.search("batteries OR overheat")
    assert [name_of(match.patent) for match in found.best] == ["US7654321B2"]
    assert found.read_as == "batteries OR overheat"


def test_a_question_to_one_patent_is_answered_from_that_patent(study: Study) -> None:
    answer = study.ask("렌즈의 흔들림을 몇 초 이내에 줄일 수 있는가?", of="KR101234567B1")
    assert answer.status is AnswerStatus.answered
    assert answer.best is not None
    assert "15초" in answer.best.quote


def test_a_question_to_the_best_patents_puts_those_that_answer_first(study: Study) -> None:
    replies = study.ask_best("battery pack overheating cells", limit=5)
    assert name_of(replies[0].patent) == "US7654321B2"


def test_a_deleted_claim_is_listed_without_words(study: Study) -> None:
    claims = study.claims("KR101234567B1")
    assert [(c.claim.number, c.claim.deleted, bool(c.text)) for c in claims] == [
        (1, False, True),
        (2, False, True),
        (3, True, False),
    ]
    assert claims[1].claim.depends_on == (1,)


def test_what_could_not_be_read_is_listed_with_its_reason(study: Study) -> None:
    assert [rejected.code for rejected in study.rejected()] == ["pdf-broken"]
    assert study.card().rejected == {"pdf-broken": 1}


def test_an_unknown_number_says_what_to_do(study: Study) -> None:
    with pytest.raises(InputError) as raised:
        study.show("10-7777777")
    assert str(raised.value) == (
        f"10-7777777: no patent of {study.path} goes by this number. "
        f"`dokhae search {study.path} 10-7777777` looks for it in the texts."
    )


def test_a_sound_study_is_found_sound(study: Study) -> None:
    checked = study.check()
    assert checked.findings == ()
    assert checked.texts == 2
    assert checked.quotes > 0


def test_fields_come_from_the_settings_or_by_name(study: Study) -> None:
    assert [field.id for field in study.fields()][:5] == ["problem", "solution", "effect", "field", "parts"]
    assert "material" in [field.id for field in study.fields(["rnd"])]


def test_analyzing_again_only_does_what_is_new(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", [LENS])
    before = Study.analyze([first], tmp_path / "a.study", workers=0)
    assert (before.added.counts.added, before.read.read) == (1, 1)
    second = write(tmp_path / "b.jsonl", [BATTERY])
    after = Study.analyze([first, second], tmp_path / "a.study", workers=0)
    assert (after.added.counts.added, after.added.counts.unchanged) == (1, 1)
    assert (after.read.read, after.read.kept) == (1, 1)
    assert after.report.is_file()


def test_reading_stopped_half_way_goes_on_where_it_stopped(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [LENS, BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([files])

        def stop(done: int, total: int | None, /) -> None:
            if done == 1:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            study.read(progress=stop)
    with Study.open(tmp_path / "a.study", workers=0) as study:
        again = study.read()
    assert (again.read, again.kept) == (1, 1)


def test_a_removed_patent_is_gone_from_search_and_comes_back_when_added_again(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [LENS, BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([files])
        assert study.search("battery").total == 1
        assert study.remove(["US7654321"]) == 1
        assert study.search("battery").total == 0
        study.add([files])
        assert study.search("battery").total == 1


def test_nothing_is_removed_if_one_number_is_not_known(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [LENS])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([files])
        with pytest.raises(InputError):
            study.remove(["KR101234567B1", "US1"])
        assert len(list(study.patents())) == 1


def test_a_damaged_index_is_built_anew(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([files])
        study.catch_up()
    for part in (tmp_path / "a.study" / "lexical").iterdir():
        part.write_bytes(b"damaged")
    with Study.open(tmp_path / "a.study") as study:
        assert study.search("battery").total == 1


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with Study.create(tmp_path / "a.study"), pytest.raises(StudyBusy):
        Study.create(tmp_path / "a.study")


def test_a_reader_may_look_while_another_writes(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [BATTERY])
    with Study.create(tmp_path / "a.study", workers=0) as writer:
        writer.add([files])
        with Study.open(tmp_path / "a.study") as reader:
            assert reader.search("battery").total == 1


def test_worker_processes_give_the_same_answers_as_none(tmp_path: Path, study: Study) -> None:
    files = write(tmp_path / "a.jsonl", [LENS, BATTERY])
    Study.analyze([files], tmp_path / "a.study", workers=2)
    with Study.open(tmp_path / "a.study") as other:
        assert other.show("KR101234567B1").answers == study.show("KR101234567B1").answers


def test_analyze_ends_with_what_a_user_needs_to_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.jsonl", [LENS, BATTERY])
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    out = tmp_path / "a.study"
    assert cli.main(["analyze", str(tmp_path), "-o", str(out), "--workers", "0"]) == cli.DONE
    said = capsys.readouterr().out
    assert said.startswith("2 patents added, 0 updated, 0 unchanged, 1 files or records rejected")
    assert "     1  pdf-broken: for example " in said
    assert f"Report: {out / 'report' / 'index.html'}\n" in said
    assert f'  dokhae search {out} "' in said
    assert f'  dokhae ask {out} "' in said


def test_a_folder_without_any_patent_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    argv = ["add", str(tmp_path / "a.study"), str(tmp_path / "files"), "--workers", "0"]
    assert cli.main(argv) == cli.FAILED


@pytest.mark.parametrize("form", ["jsonl", "xlsx", "csv"])
def test_an_export_is_written_into_the_study(form: str, tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [LENS])
    with Study.create(tmp_path / "camera.study", workers=0) as study:
        study.add([files])
        written = study.export(form)
    assert (written.path, written.count) == (str(tmp_path / "camera.study" / "export" / f"patents.{form}"), 1)
    assert Path(written.path).stat().st_size > 0


def test_an_export_of_a_study_without_suffix_leaves_the_users_table_alone(tmp_path: Path) -> None:
    files = write(tmp_path / "a.jsonl", [LENS])
    table = tmp_path / "camera.csv"
    table.write_text("mine", encoding="utf8")
    with Study.create(tmp_path / "camera", workers=0) as study:
        study.add([files])
        study.export("csv")
    assert table.read_text(encoding="utf8") == "mine"


def test_an_export_replaces_only_a_file_that_was_named(tmp_path: Path) -> None:
    with Study.create(tmp_path / "camera.study", workers=0) as study:
        first = Path(study.export("csv").path)
        first.write_text("mine", encoding="utf8")
        with pytest.raises(InputError) as raised:
            study.export("csv")
        assert raised.value.code == "export-file-exists"
        assert first.read_text(encoding="utf8") == "mine"
        study.export("csv", first)
        assert first.read_text(encoding="utf8") != "mine"


def test_a_workbook_may_go_to_standard_output(analyzed: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["export", str(analyzed), "--format", "xlsx", "-o", "-"]) == cli.DONE
    book = CalamineWorkbook.from_filelike(io.BytesIO(capsysbinary.readouterr().out))
    assert len(book.get_sheet_by_index(0).to_python()) == 3


def test_reasons_of_earlier_runs_are_said_to_be_of_the_whole_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    out = str(tmp_path / "a.study")
    cli.main(["add", out, str(tmp_path / "broken.pdf"), "--workers", "0"])
    capsys.readouterr()
    cli.main(["add", out, str(write(tmp_path / "a.jsonl", [LENS])), "--workers", "0"])
    said = capsys.readouterr().out
    assert " 0 files or records rejected" in said
    assert "Rejected in the whole study so far, by reason" in said


def test_a_publication_of_a_read_application_says_where_it_was_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published = document("KR10-2020-0000001 A", application="10-2019-0000001", problem="렌즈가 기우는 문제가 있다.")
    granted = document("KR10-7654321 B1", application="10-2019-0000001", problem="렌즈가 흔들리는 문제가 있다.")
    out = tmp_path / "a.study"
    Study.analyze([write(tmp_path / "a.jsonl", [published, granted])], out, workers=0)
    assert cli.main(["show", str(out), "KR1020200000001A"]) == cli.DONE
    assert "Its application is read from KR107654321B1" in capsys.readouterr().out
    assert cli.main(["show", str(out), "10-2019-0000001"]) == cli.DONE
    assert "same application: KR1020200000001A" in capsys.readouterr().out


LISTS = [
    ["show"],
    ["show", "rejected"],
    ["show", "settings"],
    ["show", "KR101234567B1"],
    ["claims", "KR101234567B1"],
    ["search", "battery"],
    ["ask", "battery pack overheating"],
]


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_json_csv_and_table_show_the_same_rows(
    command: list[str], analyzed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb, *rest = command
    said = {}
    for form in ("json", "csv", "table"):
        assert cli.main([verb, str(analyzed), *rest, f"--{form}"]) == cli.DONE
        said[form] = capsys.readouterr().out
    rows = json.loads(said["json"])
    assert rows
    assert len(list(csv.DictReader(io.StringIO(said["csv"])))) == len(rows)
    assert next(csv.reader(io.StringIO(said["csv"]))) == list(rows[0])
    assert len(said["table"].splitlines()) == len(rows) + 1


def test_an_export_may_go_to_standard_output(analyzed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", str(analyzed), "--format", "jsonl", "-o", "-", "--with-text"]) == cli.DONE
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for record in map(json.loads, lines):
        for answer in (answer for answers in record["answers"].values() for answer in answers):
            assert record["text"][answer["start"] : answer["end"]] == answer["quote"]


def test_numbers_and_questions_may_come_from_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = write(tmp_path / "a.jsonl", [LENS, BATTERY])
    out = str(tmp_path / "a.study")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{files}\n"))
    assert cli.main(["analyze", "-", "-o", out, "--workers", "0"]) == cli.DONE
    monkeypatch.setattr("sys.stdin", io.StringIO("KR101234567B1\n"))
    assert cli.main(["remove", out, "-"]) == cli.DONE
    assert "1 patents removed" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("battery pack overheating\n"))
    assert cli.main(["ask", out, "-"]) == cli.DONE
    assert "US7654321B2" in capsys.readouterr().out
