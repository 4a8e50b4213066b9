"""Counts and matrices: every figure names its unit, its n, its date and its patents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from dokhae.insight import Census, Insight, Joint, Matrix, Row, Unit, checks_of
from dokhae.insight.pictures import published_until
from dokhae.types import AnswerStatus, Defect, Number, Rejected, Role, Source
from tests.rows import row, with_sources

TODAY = date(2024, 5, 31)


def counted(rows: Sequence[Row], *, by: Unit = Unit.application, rejected: Sequence[Rejected] = ()) -> Insight:
    census = Census(unit=by, today=TODAY)
    for one in rows:
        census.see(one)
    return census.insight(rejected)


def picture(name: str, rows: Sequence[Row], *, by: Unit = Unit.application) -> Matrix:
    return next(matrix for matrix in counted(rows, by=by).pictures if matrix.id == name)


def test_documents_are_rejected_ones_duplicates_and_publications() -> None:
    twice = with_sources(row(1), Source("a.pdf"), Source("b.zip", member="a.pdf"))
    card = counted([twice, row(2)], rejected=[Rejected(Source("broken.pdf"), "pdf-broken")]).card
    assert (card.files, card.documents, card.duplicates, card.publications) == (4, 4, 1, 2)
    assert card.documents == sum(card.rejected.values()) + card.duplicates + card.publications


def test_a_and_b1_of_one_application_count_once_as_application_and_twice_as_publication() -> None:
    grant, published = row(1, application=7), row(2, application=7, main=False)
    assert counted([grant, published]).n == 1
    assert counted([grant, published], by=Unit.publication).n == 2


def test_of_a_family_the_first_filing_counts() -> None:
    def member(id_: int, filed: date) -> Row:
        made = row(id_, filed=filed)
        return replace(made, patent=replace(made.patent, biblio=replace(made.patent.biblio, family_id="F1")))

    years = picture("year_country", [member(1, date(2021, 3, 1)), member(2, date(2019, 3, 1))], by=Unit.family)
    assert years.n == 1
    assert years.cells == {("KR", "2019"): (2,)}


def test_a_joint_filing_counts_full_for_every_applicant() -> None:
    applicants = picture("applicants", [row(1, applicants=["Alpha", "Beta"]), row(2, applicants=["Alpha"])])
    assert [(name, applicants.row_total(name)) for name in applicants.rows] == [("Alpha", 2), ("Beta", 1)]
    assert applicants.n == 2


def test_a_joint_filing_counts_by_shares_if_asked_and_its_cells_still_name_it() -> None:
    census = Census(joint=Joint.fractional, today=TODAY)
    for one in (row(1, applicants=["Alpha", "Beta"]), row(2, applicants=["Alpha"])):
        census.see(one)
    pictures = {matrix.id: matrix for matrix in census.insight().pictures}
    shared = pictures["applicants"]
    assert [(name, shared.row_total(name)) for name in shared.rows] == [("Alpha", 1.5), ("Beta", 0.5)]
    assert (shared.n, shared.rule) == (2, "applicants_fractional")
    assert shared.cells["Beta", "KR"] == (1,)
    assert pictures["status"].row_total("?") == 2


def test_applicants_count_under_their_representative_names() -> None:
    made = [replace(row(n, applicants=[name]), applicants=("GST",)) for n, name in enumerate(("(주)가", "GA Co."))]
    joint = replace(row(7, applicants=["(주)가", "GA Co."]), applicants=("GST",))
    assert [picture("applicants", [*made, joint]).row_total(name) for name in ("GST",)] == [3]


def test_names_that_differ_by_width_and_spacing_only_are_one_applicant() -> None:
    assert picture("applicants", [row(1, applicants=["ＡＢＣ Co."]), row(2, applicants=["ABC  Co."])]).rows == (
        "ABC Co.",
    )


def test_every_cell_names_its_patents() -> None:
    rows = [row(1, filed=date(2020, 1, 1)), row(2, filed=date(2020, 12, 31)), row(3, filed=date(2021, 1, 1))]
    assert picture("year_country", rows).cells == {("KR", "2020"): (1, 2), ("KR", "2021"): (3,)}


def test_a_year_without_filings_keeps_its_column() -> None:
    years = picture("year_country", [row(1, filed=date(2018, 1, 1)), row(2, filed=date(2020, 1, 1))])
    assert years.columns == ("2018", "2019", "2020")


def test_years_long_ago_share_a_column() -> None:
    years = picture("year_country", [row(1, filed=date(1960, 1, 1)), row(2, filed=date(2020, 1, 1))])
    assert years.columns[0] == "~1996"
    assert years.count("KR", "~1996") == 1


def test_years_within_18_months_of_the_data_are_unpublished() -> None:
    years = picture("year_country", [row(i, filed=date(year, 1, 1)) for i, year in enumerate((2021, 2022, 2023, 2024))])
    assert years.unpublished == {"2022", "2023", "2024"}


def test_the_window_follows_the_data_and_not_the_calendar() -> None:
    old = row(1, filed=date(2015, 1, 1))
    old = replace(old, patent=replace(old.patent, biblio=replace(old.patent.biblio, grant_date=date(2016, 6, 30))))
    seen = counted([old])
    assert seen.as_of == date(2016, 6, 30)
    assert seen.pictures[0].unpublished == {"2015"}


def test_a_date_in_the_future_does_not_move_the_window() -> None:
    odd = row(1)
    odd = replace(odd, patent=replace(odd.patent, biblio=replace(odd.patent.biblio, publication_date=date(2099, 1, 1))))
    assert counted([odd]).as_of == TODAY


@pytest.mark.parametrize(
    ("as_of", "until"),
    [
        (date(2024, 5, 31), date(2022, 11, 30)),
        (date(2024, 8, 30), date(2023, 2, 28)),
        (date(2025, 8, 31), date(2024, 2, 29)),
        (date(2024, 6, 30), date(2022, 12, 30)),
        (date(2024, 7, 1), date(2023, 1, 1)),
    ],
)
def test_eighteen_months_back_ends_on_a_day_that_exists(as_of: date, until: date) -> None:
    assert published_until(as_of) == until


def test_what_has_no_filing_date_is_left_out_and_said_so() -> None:
    years = picture("year_country", [row(1), row(2, filed=date(2020, 1, 1))])
    assert (years.n, years.left_out) == (1, 1)


def test_the_first_ipc_class_gives_the_main_group() -> None:
    ipc = picture("ipc_year", [row(1, filed=date(2020, 1, 1), ipc=["H04N 5/225", "G02B 7/09"])])
    assert ipc.rows == ("H04N 5/00",)


def test_no_status_is_not_a_grant() -> None:
    status = picture("status", [row(1, status="등록"), row(2)])
    assert set(status.rows) == {"등록", "?"}


def test_more_applicants_than_fit_are_counted() -> None:
    applicants = picture("applicants", [row(i, applicants=[f"Company {i:02}"]) for i in range(20)])
    assert (len(applicants.rows), applicants.more) == (15, 5)


def test_the_office_comes_from_the_number() -> None:
    us = row(1, number=Number("US", Role.grant, "7654321", "B2"), filed=date(2007, 1, 1))
    assert picture("year_country", [us]).rows == ("US",)


def test_an_empty_study_has_pictures_without_data() -> None:
    assert [matrix.n for matrix in counted([]).pictures] == [0] * 5


def test_answers_are_counted_by_field_and_status() -> None:
    said = row(1, problem="떨림이 있다.", answers={"problem": "떨림이 있다.", "effect": AnswerStatus.no_source_text})
    assert counted([said]).card.answers == {
        "problem": {AnswerStatus.answered: 1},
        "effect": {AnswerStatus.no_source_text: 1},
    }


def test_defects_and_what_reading_could_not_settle_are_checks() -> None:
    odd = row(1, defects=[Defect.of("claims-total-mismatch")], answers={"material": AnswerStatus.failed})
    silent = row(2, background="무엇.", answers={"problem": AnswerStatus.not_stated, "solution": AnswerStatus.withheld})
    assert checks_of(odd) == ("claims-total-mismatch", "answer-failed")
    assert checks_of(silent) == ("answer-withheld", "nothing-found")


def test_an_abstract_without_an_answer_needs_no_check() -> None:
    assert checks_of(row(1, abstract="요약.", answers={"problem": AnswerStatus.not_stated})) == ()
