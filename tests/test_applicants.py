"""Applicants: names are kept as written, proposals give their reasons, and only a person joins."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dokhae.apps.cli import main
from dokhae.errors import InputError
from dokhae.insight.applicants import Applicants, Proposal, Registry, applicants_of
from dokhae.insight.applicants.parts import looks_like_person, name_of
from dokhae.insight.applicants.registry import load, toml_line, write_template
from dokhae.insight.applicants.sounds import sound_of
from dokhae.insight.facts import even
from dokhae.library import Patent
from dokhae.study import Study
from dokhae.types import Party
from tests.rows import row

GST = (
    "주식회사 글로벌스탠다드테크놀로지",
    "(주)글로벌스탠다드테크놀로지",
    "Global Standard Technology Co., LTD.",
    "GLOBAL STANDARD TECHNOLOGY CO., LTD",
    "グローバル スタンダード テクノロジー カンパニー リミテッド",
)


def filed(id_: int, *applicants: str, inventors: Sequence[str] = (), family: str = "") -> Patent:
    made = row(id_, applicants=applicants).patent
    biblio = replace(made.biblio, inventors=tuple(map(Party, inventors)), family_id=family)
    return replace(made, biblio=biblio)


def of(*names: str, registry: Registry | None = None) -> Applicants:
    """Each name alone on an application of its own."""
    return applicants_of((filed(n, name) for n, name in enumerate(names)), registry or Registry())


def sure(*names: str) -> list[set[str]]:
    return [set(proposal.names) for proposal in of(*names).proposals if proposal.is_sure]


def doubtful(*names: str) -> list[Proposal]:
    return [proposal for proposal in of(*names).proposals if not proposal.is_sure]


# -- proposals


def test_one_company_in_five_spellings_and_three_scripts_is_one_proposal() -> None:
    [proposal] = of(*GST, "삼성전자주식회사").proposals
    assert set(proposal.names) == set(GST)
    assert proposal.is_sure
    assert set(proposal.reasons) == {"spelling", "sound"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈜두리", "주식회사 두리"),
        ("두리(주)", "두리 주식회사"),
        ("株式会社東芝", "東芝"),
        ("Nestec S.A.", "NESTEC SA"),
        ("AT&T Corp.", "AT & T CORP"),
        ("The Pillsbury Company", "PILLSBURY CO"),
        ("INT PAPER CO", "International Paper Company"),
        ("인천대학교산학협력단", "인천대학교 산학협력단"),
        ("ＡＢＣ Holdings", "ABC HOLDINGS INC"),
    ],
)
def test_names_that_differ_in_form_spelling_or_abbreviation_are_proposed(one: str, other: str) -> None:
    assert sure(one, other) == [{even(one), even(other)}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("삼성전자주식회사", "Samsung Electronics Co., Ltd."),
        ("엘지전자 주식회사", "LG Electronics Inc."),
        ("에스케이하이닉스 주식회사", "SK hynix Inc."),
        ("엘지이노텍 주식회사", "LG Innotek Co., Ltd."),
        ("국민대학교산학협력단", "UNIV KOOKMIN IND ACAD COOP"),
        ("부산대학교 산학협력단", "Pusan National University Industry-University Cooperation Foundation"),
        ("한국과학기술연구원", "Korea Institute of Science and Technology"),
        ("로버트 보쉬 게엠베하", "Robert Bosch GmbH"),
    ],
)
def test_a_firm_is_known_by_its_sound_in_another_script(one: str, other: str) -> None:
    assert sure(one, other) == [{one, other}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Samsung Electronics Co., Ltd.", "Samsung Display Co., Ltd."),
        ("삼성전자주식회사", "삼성디스플레이 주식회사"),
        ("삼성전자주식회사", "Samsung Display Co., Ltd."),
        ("삼성에스디아이 주식회사", "삼성에스디에스 주식회사"),
        ("LG CHEM LTD", "LG ELECTRONICS INC"),
        ("UNIVERSITY OF WASHINGTON", "WASHINGTON UNIVERSITY"),
        ("Nestec S.A.", "NES & TEC CO LTD"),
        ("한국전자통신연구원", "한국전자기술연구원"),
        ("국민대학교산학협력단", "INDUSTRY ACADEMIC COOPERATION FOUNDATION KEIMYUNG UNIVERSITY"),
    ],
)
def test_other_companies_are_never_surely_proposed(one: str, other: str) -> None:
    assert sure(one, other) == []


def test_two_samsungs_are_not_even_doubted() -> None:
    assert of("Samsung Electronics Co., Ltd.", "Samsung Display Co., Ltd.", "삼성전자주식회사").proposals[0].names == (
        "Samsung Electronics Co., Ltd.",
        "삼성전자주식회사",
    )
    assert doubtful("삼성전자주식회사", "삼성디스플레이 주식회사") == []


def test_a_university_and_its_foundation_are_shown_and_not_joined() -> None:
    assert sure("인천대학교", "인천대학교 산학협력단") == []
    [proposal] = doubtful("인천대학교", "인천대학교 산학협력단")
    assert (proposal.reasons, proposal.score) == (("foundation",), 0.5)


def test_another_legal_form_may_be_a_sister_company() -> None:
    assert sure("ASTRIUM SAS", "ASTRIUM GMBH") == []
    assert doubtful("ASTRIUM SAS", "ASTRIUM GMBH")[0].reasons == ("spelling", "other_form")


def test_sister_companies_keep_their_spellings_apart() -> None:
    names = ("CHIRON CORP", "CHIRON CORPORATION", "CHIRON S.P.A.", "CHIRON SPA")
    assert sorted(map(sorted, sure(*names))) == [["CHIRON CORP", "CHIRON CORPORATION"], ["CHIRON S.P.A.", "CHIRON SPA"]]
    accepted = [p.representative for p in of(*names).proposals if p.is_sure]
    assert len(set(accepted)) == 2


def test_hyundai_and_honda_sound_alike_and_are_only_doubted() -> None:
    assert sure("현대자동차주식회사", "HONDA MOTOR CO LTD") == []


@pytest.mark.parametrize("name", ["김철수", "SMITH, John", "KESLER MORRIS P"])
def test_persons_are_told_by_their_names(name: str) -> None:
    assert looks_like_person(name)
    assert name_of(name).is_person


def test_who_is_among_the_inventors_is_a_person() -> None:
    people = [
        filed(1, "Huber Thomas", inventors=["HUBER THOMAS"]),
        filed(2, "HUBER THOMAS", inventors=["Huber Thomas"]),
    ]
    [proposal] = applicants_of(people, Registry()).proposals
    assert (proposal.is_sure, proposal.reasons[0]) == (False, "person")


def test_a_namesake_nothing_ties_together_is_not_proposed() -> None:
    assert of("SMITH, John", "Smith, JOHN").proposals == ()
    assert of("홍길동", "HONG, Gil-Dong").proposals == ()


def test_a_family_and_inventors_in_common_support_and_joint_filing_speaks_against() -> None:
    alone = of("모레 주식회사", "MORE CO LTD").proposals
    tied = applicants_of(
        [
            filed(1, "한빛정밀 주식회사", inventors=["KIM"], family="F"),
            filed(2, "HANBIT PRECISION CO LTD", inventors=["Kim"], family="F"),
        ],
        Registry(),
    ).proposals
    untied = of("한빛정밀 주식회사", "HANBIT PRECISION CO LTD").proposals
    assert tied[0].score == min(0.99, untied[0].score + 0.15)
    assert set(tied[0].reasons) == {"sound", "family", "inventors"}
    joint = applicants_of([filed(1, "한빛정밀 주식회사", "HANBIT PRECISION CO LTD")], Registry()).proposals
    assert not any(proposal.is_sure for proposal in (*joint, *alone))


def test_one_letter_less_is_doubted() -> None:
    [proposal] = doubtful("GENERAL MILLS, INC.", "Gerneral Mills, Inc.")
    assert proposal.reasons == ("typo",)


# -- decisions


def decided(folder: Path, content: str) -> Registry:
    (folder / "applicants.toml").write_text(content, encoding="utf8")
    return load(folder / "applicants.toml")


def test_what_a_person_decided_is_counted_and_no_longer_proposed(tmp_path: Path) -> None:
    registry = decided(tmp_path, f"[[representative]]\n{toml_line('GST', GST)}\n")
    assert of(*GST, registry=registry).proposals == ()
    assert {one.representative for one in of(*GST, registry=registry).names} == {"GST"}
    assert registry.applicants([Party(GST[0]), Party(GST[3]), Party("다른 회사")]) == ("GST", "다른 회사")


def test_a_new_spelling_is_proposed_for_the_decided_name(tmp_path: Path) -> None:
    registry = decided(tmp_path, f"[[representative]]\n{toml_line('GST', GST[:2])}\n")
    [proposal] = of(*GST, registry=registry).proposals
    assert (proposal.representative, set(proposal.names)) == ("GST", set(GST[2:]))


def test_names_a_person_kept_apart_are_not_proposed_again(tmp_path: Path) -> None:
    registry = decided(tmp_path, '[[apart]]\nnames = ["㈜두리", "주식회사 두리"]\n')
    assert of("(주)두리", "주식회사 두리", registry=registry).proposals == ()


def test_two_decided_applicants_are_never_joined_by_a_third_name(tmp_path: Path) -> None:
    registry = decided(tmp_path, '[[representative]]\n"갑" = ["㈜두리"]\n"을" = ["주식회사 두리"]\n')
    proposals = of("(주)두리", "주식회사 두리", "두리 주식회사", registry=registry).proposals
    assert [proposal.representative for proposal in proposals if proposal.is_sure] == ["갑"]


def test_the_template_decides_nothing_and_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "applicants.toml"
    write_template(path)
    assert load(path) == Registry()
    path.write_text("# mine", encoding="utf8")
    write_template(path)
    assert path.read_text("utf8") == "# mine"


def test_without_decisions_names_are_counted_as_written() -> None:
    assert Registry().applicants([Party("갑")]) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('\n[[representative]]\n"갑" = "을"\n', "line 3: 갑 is not of the form"),
        ("[[other]]\nx = 1\n", "line 1: other is not of the form"),
        ('[[representative]]\n"갑" = ["ㄱ"]\n"을" = ["ㄴ", "ㄱ"]\n', "line 3: ㄱ stands under two"),
        ('[[apart]]\nname = ["ㄱ"]\n', "line 2: name is not of the form"),
        ('[[representative]]\n"갑" = [1]\n', "line 2: 갑 is not of the form"),
        ("representative = 3\n", "line 1: representative is not of the form"),
        ('[[representative]]\n갑 = ["ㄱ"]\n', "line 2"),
    ],
)
def test_an_error_in_the_file_names_file_and_line(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        decided(tmp_path, content)
    assert str(tmp_path / "applicants.toml") in str(error.value)
    assert said in str(error.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "applicants.toml").write_bytes("[[representative]]\n# 대표명".encode("cp949"))
    with pytest.raises(InputError, match="not saved as UTF-8"):
        load(tmp_path / "applicants.toml")


# -- the command


def test_proposals_printed_as_toml_are_accepted_when_pasted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["출원번호,발명의 명칭,출원인"]
    lines += [f'10-2020-00000{n:02},모듈,"{name}"' for n, name in enumerate((*GST, "ASTRIUM SAS", "ASTRIUM GMBH"))]
    (tmp_path / "list.csv").write_text("\n".join(lines), encoding="utf8")
    with Study.create(tmp_path / "a.study", workers=0) as study:
        study.add([tmp_path / "list.csv"])
    assert main(["show", str(tmp_path / "a.study"), "applicants", "--toml"]) == 0
    printed = capsys.readouterr().out
    assert '# "ASTRIUM" = ["ASTRIUM GMBH", "ASTRIUM SAS"]' in printed
    path = tmp_path / "a.study" / "applicants.toml"
    path.write_text(path.read_text("utf8") + printed, encoding="utf8")
    with Study.open(tmp_path / "a.study") as study:
        counted = {one.representative: one.count for one in study.applicants().names if one.representative}
        assert len(counted) == 1
        assert not any(proposal.is_sure for proposal in study.applicants().proposals)
    assert main(["show", str(tmp_path / "a.study"), "applicants", "--json"]) == 0
    assert '"representative": "글로벌스탠다드테크놀로지"' in capsys.readouterr().out


# -- size


@pytest.mark.parametrize(
    "word", ["A" * 100_000, "가" * 100_000, "A " * 50_000, "(주)" * 20_000, "." * 100_000, "A." * 50_000]
)
def test_a_name_without_end_costs_no_time(word: str) -> None:
    started_s = time.monotonic()
    made = name_of(word)
    sound_of(" ".join(made.own))
    assert time.monotonic() - started_s < 5
