"""The traps of the trade: each row of their table ends as it must (OCR and scans have tests of their own)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dokhae.parse.dokhae_jsonl import to_line
from dokhae.study import Study
from dokhae.study.results import Shown
from dokhae.types import Answer, AnswerStatus, Document, ReadFrom, SectionKind, Status
from tests.build import document


def shown(tmp_path: Path, made: Document, name: str = "x") -> Shown:
    """The one patent, added through the door and read."""
    path = tmp_path / f"{name}.jsonl"
    path.write_bytes(to_line(made))
    return read(tmp_path, path)


def read(tmp_path: Path, *paths: Path) -> Shown:
    with Study.create(tmp_path / "a.study", workers=0) as opened:
        opened.add(paths)
        opened.read()
        (first, *_) = opened.patents()
        return opened.show(first.text)


def by_field(found: Shown) -> dict[str, Answer]:
    return {answer.field: answer for answer in found.answers}


def kipris(tmp_path: Path, abstract: str) -> Path:
    path = tmp_path / "kipris.xml"
    path.write_text(
        "<response><header><resultCode>00</resultCode></header><body><items><item>"
        f"<inventionTitle>렌즈 구동 장치</inventionTitle><applicationNumber>1020120016332</applicationNumber>"
        f"<astrtCont>{abstract}</astrtCont></item></items></body></response>",
        encoding="utf8",
    )
    return path


def test_an_abstract_alone_is_read_as_such_and_a_field_of_the_description_has_no_source_text(tmp_path: Path) -> None:
    found = read(tmp_path, kipris(tmp_path, "렌즈를 움직이는 장치이다."))
    assert found.patent.read_from is ReadFrom.abstract
    assert by_field(found)["key_feature"].status is AnswerStatus.no_source_text


def test_a_cut_abstract_is_marked_and_its_mark_is_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, kipris(tmp_path, "렌즈를 움직이는 장치로서 코일과 자석을 구비한다...(이하생략)"))
    assert found.patent.read_from is ReadFrom.cut_abstract
    assert "생략" not in found.text.text


def test_a_text_without_claims_is_full_text_and_its_parts_are_no_source_text(tmp_path: Path) -> None:
    found = shown(tmp_path, document(problem="렌즈가 흔들리는 문제가 있다.", effect="흔들림이 줄어드는 효과가 있다."))
    assert found.patent.read_from is ReadFrom.full_text
    assert by_field(found)["parts"].status is AnswerStatus.no_source_text
    assert by_field(found)["problem"].status is AnswerStatus.answered


def test_an_abstract_with_claims_says_so(tmp_path: Path) -> None:
    found = shown(tmp_path, document(abstract="렌즈 장치이다.", claims=["렌즈; 및 코일을 포함하는 카메라 모듈."]))
    assert found.patent.read_from is ReadFrom.abstract_and_claims


def test_a_list_of_patent_documents_in_the_background_is_never_the_problem(tmp_path: Path) -> None:
    listed = "(특허문헌 0001) 대한민국 등록특허 제10-1234567호의 렌즈가 흔들리는 문제"
    found = shown(tmp_path, document(background="종래의 렌즈는 흔들리는 문제가 있다.", prior_art_documents=listed))
    assert all("특허문헌" not in c.evidence.quote for answer in found.answers for c in answer.candidates)


def test_boilerplate_is_never_an_answer(tmp_path: Path) -> None:
    phrase = (
        "본 발명의 과제는 이상에서 언급한 과제로 제한되지 않으며, 또 다른 과제들은 아래의 기재로부터 이해될 수 있다."
    )
    found = shown(tmp_path, document(problem=phrase, effect="이상에서 언급한 효과로 제한되지 않는다."))
    assert by_field(found)["problem"].best is None


def test_a_table_is_a_section_of_its_own_and_never_an_answer(tmp_path: Path) -> None:
    found = shown(
        tmp_path, document(problem="렌즈가 흔들리는 문제가 있다.", table="면 번호 곡률 문제 두께 1 2.345 0.5 흔들림")
    )
    assert found.text.of_kind(SectionKind.table)
    assert all(c.evidence.section is not SectionKind.table for a in found.answers for c in a.candidates)


def test_a_design_and_a_plant_are_kept_and_reading_them_does_not_apply(tmp_path: Path) -> None:
    for number, category in (("US D785,495 S", "design"), ("US PP12,345 P2", "plant")):
        (tmp_path / category).mkdir()
        made = replace(document(number, title="Chair", claims=["The ornamental design."]), category=category)
        found = shown(tmp_path / category, made)
        assert {answer.status for answer in found.answers} == {AnswerStatus.not_applicable}


def test_of_two_statuses_the_latest_counts_and_both_are_kept(tmp_path: Path) -> None:
    granted = document(
        None, application="10-2012-0016332", abstract="요약.", status=Status("등록", "등록", date(2020, 1, 1))
    )
    lapsed = replace(granted, biblio=replace(granted.biblio, status=Status("소멸", "소멸", date(2024, 1, 1))))
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path, made in zip(paths, (lapsed, granted), strict=True):
        path.write_bytes(to_line(made))
    biblio = read(tmp_path, *paths).patent.biblio
    assert biblio.status == Status("소멸", "소멸", date(2024, 1, 1), "a.jsonl")
    assert [(s.name, s.source) for s in biblio.statuses] == [("소멸", "a.jsonl"), ("등록", "b.jsonl")]


def test_a_number_damaged_by_a_spreadsheet_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("출원번호,발명의 명칭\n4.914e+12,렌즈\n", encoding="utf8")
    with Study.create(tmp_path / "a.study", workers=0) as opened:
        added = opened.add([tmp_path / "list.csv"])
        assert (added.counts.added, [r.code for r in opened.rejected()]) == (0, ["number-damaged"])


def test_a_vendors_summary_is_kept_as_imported_and_is_never_evidence(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "출원번호,발명의 명칭,요약,해결과제 요약\n"
        "10-2012-0016332,렌즈,렌즈 장치이다.,렌즈가 흔들리는 문제를 해결한다\n",
        encoding="utf8",
    )
    found = read(tmp_path, tmp_path / "list.csv")
    assert ("해결과제 요약", "렌즈가 흔들리는 문제를 해결한다") in found.patent.biblio.supplied
    assert "흔들리는" not in found.text.text


@pytest.mark.parametrize("bad", ["\\ud800", "\\u0000"])
def test_half_characters_and_nul_are_replaced_and_noted(tmp_path: Path, bad: str) -> None:
    line = to_line(document(abstract="렌즈 장치이다.")).decode().replace("렌즈 장치", f"렌즈 {bad} 장치")
    (tmp_path / "a.jsonl").write_text(line, encoding="utf8")
    found = read(tmp_path, tmp_path / "a.jsonl")
    assert not {"\ud800", "\x00"} & set(found.text.text)
    assert [defect.code for defect in found.patent.defects] == ["characters-replaced"]


def test_a_publication_number_that_is_anothers_application_number_is_never_guessed(tmp_path: Path) -> None:
    # in full: test_identity.py
    made = document("KR10-2013-0094992 A", application="10-2012-0016332", abstract="요약.")
    other = document(None, application="10-2013-0094992", abstract="남의 요약.")
    (tmp_path / "a.jsonl").write_bytes(to_line(made) + to_line(other))
    with Study.create(tmp_path / "a.study", workers=0) as opened:
        opened.add([tmp_path / "a.jsonl"])
        assert opened.card().applications == 2
