"""Scenario B: statistics on 3,325 search answers of KIPRIS Plus, from files to counts, through a study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dokhae.insight import Census, Matrix, Row
from dokhae.study import Study
from dokhae.types import AnswerStatus, ReadFrom
from tests.shared import shared_data

N_APPLICATIONS = 1329
STATUSES = {"등록": 764, "공개": 335, "거절": 100, "소멸": 99, "취하": 18, "포기": 13}
# asked of every patent: the independent claims are not in the source
FIELDS = (
    '[essential]\nko = "독립항의 필수 구성은?"\nen = "What must the independent claim have?"\nsections = ["claims"]\n'
)


@dataclass(frozen=True)
class Made:
    """The study, its files, and what adding them gave."""

    path: Path
    files: Path
    fields: Path
    added: int


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    files = shared_data() / "patents" / "kr_kipris_xml.zip"
    folder = tmp_path_factory.mktemp("scenario_b")
    fields = folder / "essential.toml"
    fields.write_text(FIELDS, encoding="utf8")
    with Study.create(folder / "b.study", workers=0) as study:
        added = study.add([files]).counts.added
        study.read([str(fields), "rnd"])
    return Made(folder / "b.study", files, fields, added)


@pytest.fixture
def study(made: Made) -> Iterator[Study]:
    with Study.open(made.path, workers=0) as opened:
        yield opened


def _pictures(study: Study) -> dict[str, Matrix]:
    census = Census(today=date(2024, 5, 31))
    for patent in study.patents():
        census.see(Row(patent))
    return {matrix.id: matrix for matrix in census.insight().pictures}


def test_3325_records_are_1329_applications(made: Made, study: Study) -> None:
    assert made.added == N_APPLICATIONS
    card = study.card()
    assert (card.documents - sum(card.rejected.values()), card.duplicates) == (3325, 3325 - N_APPLICATIONS)
    assert (card.applications, card.publications) == (N_APPLICATIONS, N_APPLICATIONS)
    assert dict(card.rejected) == {"not-a-patent-file": 1}  # SOURCE.txt
    assert Counter(p.category for p in study.patents()) == {"invention": 1308, "utility_model": 21}


def test_applications_are_counted_by_status(study: Study) -> None:
    by_status = _pictures(study)["status"]
    assert {name: by_status.row_total(name) for name in by_status.rows} == STATUSES


def test_joint_filings_are_counted(study: Study) -> None:
    assert sum(len(patent.biblio.applicants) > 1 for patent in study.patents()) == 286


def test_years_whose_filings_are_not_all_published_are_hatched(study: Study) -> None:
    by_year = _pictures(study)["year_country"]
    assert [by_year.count("KR", str(year)) for year in (2022, 2023, 2024)] == [255, 108, 8]
    assert by_year.unpublished == {"2022", "2023", "2024"}


def test_cut_abstracts_are_told(study: Study) -> None:
    read_from = Counter(patent.read_from for patent in study.patents())
    assert read_from == {ReadFrom.abstract: N_APPLICATIONS - 69, ReadFrom.cut_abstract: 69}


@pytest.mark.parametrize("field", ["essential", "key_feature"])
def test_a_question_about_claims_is_never_not_stated_where_there_are_none(study: Study, field: str) -> None:
    assert study.card().answers[field] == {AnswerStatus.no_source_text: N_APPLICATIONS}


def test_adding_everything_again_changes_nothing(made: Made) -> None:
    with Study.open(made.path, workers=0) as study:
        before = [(patent.id, patent.seq) for patent in study.patents()]
        counts = study.add([made.files]).counts
        assert (counts.added, counts.updated, counts.rejected) == (0, 0, 0)
        assert [(patent.id, patent.seq) for patent in study.patents()] == before
        assert study.read([str(made.fields), "rnd"]).read == 0
