"""dokhae models: what is listed, checked and measured, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dokhae.apps import cli
from dokhae.models import catalog
from tests import tiny_models
from tests.test_evaluation import squad_file

Console = pytest.CaptureFixture[str]


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tiny_models.write_set(tmp_path / "weights")
    monkeypatch.setattr(catalog, "WEIGHTS", folder)
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return squad_file(tmp_path / "squad.json", ("the lens moves", [("what moves", ["lens"]), ("the sensor", [])]))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.tsv"
    path.write_text("lens\tthe lens\nsensor\tsensor moves\n", encoding="utf8")
    return path


def test_the_models_are_listed_with_what_is_known_of_them(weights: Path, capsys: Console) -> None:
    assert cli.main(["models", "--json"]) == cli.DONE
    said = capsys.readouterr()
    reader, encoder, static = json.loads(said.out)
    assert (reader["kind"], reader["name"], reader["version"], reader["licence"]) == (
        "reader",
        "tiny-reader",
        "1",
        "MIT",
    )
    assert (reader["data"], reader["figures"], reader["device"]) == (["made up (MIT)"], {"f1": 0.5}, "CPU")
    assert (encoder["kind"], static["kind"], reader["intact"]) == ("encoder", "static", None)
    assert said.err.startswith("onnxruntime ")


def test_a_table_says_it_in_korean(weights: Path, capsys: Console) -> None:
    assert cli.main(["models", "--check", "--lang", "ko"]) == cli.DONE
    said = capsys.readouterr()
    assert "독해 모델" in said.out
    assert said.out.count("예") == 3
    assert "내려받거나 보고하는 것은 없습니다" in said.err


def test_check_finds_a_changed_file_and_fails(weights: Path, capsys: Console) -> None:
    with (weights / "reader" / "model.onnx").open("ab") as stream:
        stream.write(b"x")
    assert cli.main(["models", "--check", "--json"]) == cli.FAILED
    said = capsys.readouterr()
    assert [row["intact"] for row in json.loads(said.out)] == [False, True, True]
    assert "model.onnx: not the file its card names" in said.err


def test_without_weights_every_command_says_so_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console, questions: Path, pairs: Path
) -> None:
    monkeypatch.setattr(catalog, "WEIGHTS", tmp_path / "none")
    assert cli.main(["models"]) == cli.DONE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("This installation holds no built-in models.")
    for kind, path in (("reader", questions), ("encoder", pairs)):
        assert cli.main(["models", "evaluate", kind, str(path)]) == cli.FAILED
        assert capsys.readouterr().err.startswith(f"Error: This installation holds no built-in {kind}.")


def test_a_reader_is_measured(weights: Path, questions: Path, capsys: Console) -> None:
    assert cli.main(["models", "evaluate", "reader", str(questions), "--json"]) == cli.DONE
    said = capsys.readouterr()
    rows = {row["figure"]: row for row in json.loads(said.out)}
    assert set(rows) >= {"exact", "f1_en", "f1_pairs", "has_answer_f1", "no_answer_refused", "best_threshold"}
    assert all(row["low"] <= row["value"] <= row["high"] for row in rows.values() if row["low"] is not None)
    assert (rows["exact"]["n"], rows["no_answer_refused"]["n"]) == (2, 1)
    assert "tiny-reader 1" in said.err


def test_a_plugged_in_reader_is_measured_on_a_part(tmp_path: Path, questions: Path, capsys: Console) -> None:
    folder = tiny_models.write_plugged_in(tmp_path / "mine")
    argv = ["models", "evaluate", "reader", str(questions), "--model", str(folder), "--limit", "1"]
    assert cli.main(argv) == cli.DONE
    assert "exact match (EM)" in capsys.readouterr().out


@pytest.mark.parametrize("model", [[], ["--model", "static"]])
def test_encoders_and_static_vectors_are_measured(
    weights: Path, pairs: Path, model: list[str], capsys: Console
) -> None:
    assert cli.main(["models", "evaluate", "encoder", str(pairs), *model, "--csv"]) == cli.DONE
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "figure,value,low,high,n"
    assert [line.partition(",")[0] for line in said[1:]] == [
        f"{side}_{figure}"
        for side in ("query", "passage")
        for figure in ("recall@1", "recall@5", "recall@10", "ndcg@10")
    ]


def test_a_file_that_is_not_there_is_said(weights: Path, capsys: Console) -> None:
    assert cli.main(["models", "evaluate", "reader", "none.json"]) == cli.FAILED
    assert capsys.readouterr().err.startswith("Error: none.json: no such file")


def test_a_question_too_long_for_the_model_is_said(weights: Path, tmp_path: Path, capsys: Console) -> None:
    path = squad_file(tmp_path / "squad.json", ("the lens", [(" ".join(["what"] * 60), ["lens"])]))
    assert cli.main(["models", "evaluate", "reader", str(path)]) == cli.FAILED
    assert "The question has 60 tokens" in capsys.readouterr().err


def test_wrong_use_names_the_whole_command(capsys: Console) -> None:
    assert cli.main(["models", "evaluate", "reader"]) == cli.WRONG_USE
    assert capsys.readouterr().err.endswith("See: dokhae models evaluate reader --help\n")
    assert cli.main(["models", "mesure"]) == cli.WRONG_USE
    assert cli.main(["models", "evaluate", "reader", "x", "--device", "tpu"]) == cli.WRONG_USE
