"""Who is who in a study, through its doors: numbers, applications, families, near-duplicates, removing, upgrading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dokhae.apps import cli
from dokhae.errors import InputError
from dokhae.parse.dokhae_jsonl import to_line
from dokhae.study import Study
from dokhae.study.duplicates import Why
from dokhae.types import Document, Role, Source, Status
from tests.build import document, number_of

WORDS = " ".join(f"제{n}부재는 렌즈 홀더의 측면에 결합되어 코일과 마주보며 하우징을 지지한다." for n in range(40))


def study(tmp_path: Path, documents: Sequence[Document], name: str = "a.jsonl") -> Path:
    """A study of these documents."""
    out = tmp_path / "a.study"
    path = tmp_path / name
    path.write_bytes(b"".join(to_line(one) for one in documents))
    with Study.create(out, workers=0) as opened:
        opened.add([path])
    return out


def numbered(made: Document, *numbers: tuple[str, Role]) -> Document:
    more = tuple(number_of(written, role) for written, role in numbers)
    return replace(made, numbers=made.numbers + more)


GRANT = numbered(
    document(
        "KR10-1314187 B1", application="10-2012-0016332", problem="등록: 렌즈가 흔들린다.", claims=["카메라 모듈."]
    ),
    ("10-2013-0094992", Role.publication),
)


@pytest.mark.parametrize(
    "written",
    ["KR-10-2013-0094992.pdf", "10-2013-0094992", "10-2012-0016332", "1020120016332", "10-1314187", "1013141870000",
     "KR101314187B1", "등록특허 제10-1314187호"],
)  # fmt: skip
def test_a_gazette_is_found_by_its_publication_application_and_grant_number(tmp_path: Path, written: str) -> None:
    with Study.open(study(tmp_path, [GRANT])) as opened:
        assert opened.show(written).patent.number == GRANT.number
        assert len(opened.claims(written)) == 1
        assert opened.reply("무엇이 문제인가?", written).patent.number == GRANT.number
        assert [p.number for p in opened.removable([written])] == [GRANT.number]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("JP H08-001234 A", "JP H06-005678"), ("JP H08-009999 U", "JP H06-005678")),
        (("JP 5123456 B2", "JP 2008-005678"), ("JP 3123456 U", "JP 2008-005678")),
        (("KR 10-1996-0001234 A", "10-1994-0000001"), ("KR 10-1996-0001234 B1", "10-1990-0000002")),
        (("US 9876543 B2", "US 10/123,456"), ("US 10123456 B2", "US 09/876,543")),
        (("US D785495 S1", "US 29/111,111"), ("US 785495", "US 08/111,111")),
        (("CN 101234567 A", "CN 200810123456.7"), ("TW 101234567 A", "TW 101123456")),
        (("KR 30-0912345", "30-2012-0001234"), ("KR 10-0912345 B1", "10-2012-0001234")),
    ],
)
def test_two_patents_whose_digits_look_alike_stay_two(
    tmp_path: Path, one: tuple[str, str], other: tuple[str, str]
) -> None:
    made = [document(number, application=filed, title=number) for number, filed in (one, other)]
    with Study.open(study(tmp_path, made)) as opened:
        assert len(opened.families()) == 2
        assert {p.biblio.title for number, _ in (one, other) for p in opened.removable([number])} == {one[0], other[0]}


def test_a_registration_without_its_application_joins_no_patent_of_its_digits(tmp_path: Path) -> None:
    patent = document("JP 3123456 B2", application="JP 特願平10-123456", title="patent")
    model = document("JP 3123456 U", title="model")
    with Study.open(study(tmp_path, [patent, model])) as opened:
        assert len(opened.families()) == 2


STRANGER = document(None, application="10-2013-0094992", title="남의 출원", abstract="남의 요약이다.")


@pytest.mark.parametrize("command", [["show"], ["claims"], ["ask", "--of"], ["remove"]])
def test_a_number_of_two_applications_lists_both_and_chooses_neither(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(study(tmp_path, [GRANT, STRANGER]))
    number = "10-2013-0094992"
    argv = ["ask", out, "문제는?", "--of", number] if command[0] == "ask" else [command[0], out, number]
    assert cli.main(argv) == cli.FAILED
    assert "KR101314187B1, application KR10-2013-0094992" in capsys.readouterr().err


def test_each_candidate_is_found_by_the_name_it_was_listed_under(tmp_path: Path) -> None:
    with Study.open(study(tmp_path, [GRANT, STRANGER])) as opened:
        assert opened.show("application KR10-2013-0094992").patent.biblio.title == "남의 출원"
        assert opened.show("KR101314187B1").patent.number == GRANT.number


def test_a_file_name_means_the_file_though_it_is_somebody_elses_number(tmp_path: Path) -> None:
    gazette = replace(GRANT, source=Source("KR-10-2013-0094992.pdf"))
    out = study(tmp_path, [gazette], "KR-10-2013-0094992.jsonl")
    other = tmp_path / "other.jsonl"
    other.write_bytes(to_line(STRANGER))
    with Study.open(out, workers=0) as opened:
        opened.add([other])
        with pytest.raises(InputError) as raised:
            opened.show("KR-10-2013-0094992")
        assert raised.value.code == "number-ambiguous"
        assert opened.show("KR-10-2013-0094992.jsonl").patent.number == GRANT.number


def test_claims_of_an_application_are_those_of_its_latest_grant(tmp_path: Path) -> None:
    def issued(number: str, day: date, claim: str) -> Document:
        made = document(number, application="10-2012-0016332", claims=[claim], abstract="요약.")
        return replace(made, biblio=replace(made.biblio, grant_date=day))

    first = issued("KR10-1314187 B1", date(2013, 10, 1), "처음의 청구항.")
    corrected = issued("KR10-1314187 B2", date(2016, 3, 1), "정정된 청구항.")
    opened_ = document("KR10-2013-0094992 A", application="10-2012-0016332", problem=WORDS, claims=["공개된 청구항."])
    with Study.open(study(tmp_path, [opened_, first, corrected])) as opened:
        assert opened.show("10-2012-0016332").patent.number == opened_.number  # the full text stands for it
        assert [claim.text for claim in opened.claims("10-2012-0016332")] == ["정정된 청구항."]
        assert [claim.text for claim in opened.claims("KR1020130094992A")] == ["공개된 청구항."]
        assert [claim.text for claim in opened.claims("KR101314187B1")] == ["처음의 청구항."]


FIRST = document(
    None, application="10-2011-0099999", title="첫 출원", abstract="렌즈 요약.", application_date=date(2011, 5, 1)
)
AMERICAN = numbered(
    document("US 9,123,456 B2", application="US 13/345678", title="Lens", abstract="A lens.",
             application_date=date(2012, 4, 1)),
    ("KR20110099999 A", Role.priority),
)  # fmt: skip
DIVIDED = numbered(
    document(
        None, application="10-2013-0022222", title="분할", abstract="분할 요약.", application_date=date(2013, 1, 1)
    ),
    ("10-2011-0099999", Role.parent),
)
AGAIN = numbered(
    document(
        None, application="10-2014-0033333", title="분할 2", abstract="또 분할.", application_date=date(2014, 1, 1)
    ),
    ("10-2011-0099999", Role.parent),
)


def test_a_patent_tells_its_family_parent_children_and_siblings(tmp_path: Path) -> None:
    with Study.open(study(tmp_path, [FIRST, AMERICAN, DIVIDED, AGAIN])) as opened:
        related = opened.show("10-2013-0022222").relations
        titles = {name: [p.biblio.title for p in getattr(related, name)] for name in ("family", "parents", "siblings")}
        assert titles == {"family": ["첫 출원", "Lens", "분할 2"], "parents": ["첫 출원"], "siblings": ["분할 2"]}
        assert [p.biblio.title for p in opened.show("10-2011-0099999").relations.children] == ["분할", "분할 2"]


@pytest.mark.parametrize(("by", "n"), [("publication", 5), ("application", 4), ("family", 2)])
def test_every_count_names_its_unit_and_counts_it(
    tmp_path: Path, by: str, n: int, capsys: pytest.CaptureFixture[str]
) -> None:
    published = document("US 2012/0123456 A1", application="US 13/345678", abstract="A lens opened.")
    alone = document(None, application="10-2019-0000001", abstract="외톨이.")
    out = str(study(tmp_path, [FIRST, AMERICAN, published, DIVIDED, alone]))
    assert cli.main(["show", out, "card", "--by", by, "--json"]) == cli.DONE
    rows = {row["name"]: (row["value"], row["unit"]) for row in json.loads(capsys.readouterr().out)}
    assert rows["kept"] == (n, by)
    assert rows["families"] == (2, "family")
    for form in ("csv", "jsonl"):
        with Study.open(out) as opened:
            assert opened.export(form, tmp_path / f"{by}.{form}", by=by).count == n
    assert cli.main(["report", out, "--by", by]) == cli.DONE


def test_families_are_listed_with_their_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = study(tmp_path, [FIRST, AMERICAN])
    assert cli.main(["show", str(out), "families", "--json"]) == cli.DONE
    said = capsys.readouterr()
    assert [row["number"] for row in json.loads(said.out)] == ["KR1020110099999", "US9123456B2"]
    assert 'report.family = "shared"' in said.err


def test_both_statuses_are_shown_the_latest_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = document(
        None, application="10-2012-0016332", abstract="요약.", status=Status("등록", "등록", date(2020, 1, 1))
    )
    out = study(tmp_path, [old], "old.jsonl")
    new = replace(old, biblio=replace(old.biblio, status=Status("소멸", "소멸", date(2024, 5, 1))))
    (tmp_path / "new.jsonl").write_bytes(to_line(new))
    with Study.open(out, workers=0) as opened:
        opened.add([tmp_path / "new.jsonl"])
    assert cli.main(["show", str(out), "10-2012-0016332"]) == cli.DONE
    assert "소멸 (2024-05-01, new.jsonl); 등록 (2020-01-01, old.jsonl)" in capsys.readouterr().out


def test_near_duplicates_are_found_and_explained_where_a_reason_is_known(tmp_path: Path) -> None:
    granted = document("KR10-1314187 B1", application="10-2012-0016332", problem=WORDS, claims=["새 청구항."])
    published = document("KR10-2013-0094992 A", application="10-2012-0016332", problem=WORDS, claims=["옛 청구항."])
    relative = numbered(
        document("KR10-7777777 B1", application="10-2012-0055555", problem=WORDS + " 추가."),
        ("10-2012-0016332", Role.priority),
    )
    nameless = replace(document(None, title="이름만 바꾼 문서", problem=WORDS), source=Source("copy.txt"))
    other = document("KR10-8888888 B1", problem="전혀 다른 이야기이다. " * 20)
    with Study.open(study(tmp_path, [granted, published, relative, nameless, other]), workers=0) as opened:
        assert opened.card().near_duplicates is None
        (group,) = opened.duplicates()
        assert {twin.patent.biblio.title if twin.patent.number is None else twin.patent.number.compact: twin.why
                for twin in group} == {
            "KR101314187B1": None,
            "KR1020130094992A": Why.same_application,
            "KR107777777B1": Why.same_family,
            "이름만 바꾼 문서": Why.unexplained,
        }  # fmt: skip
        assert min(twin.similarity for twin in group) > 0.8
        assert opened.card().near_duplicates == 1
        opened.remove(["KR107777777B1"])
        assert opened.card().near_duplicates is None
        assert len(opened.duplicates()[0]) == 3


def test_derived_data_may_be_deleted_or_damaged_and_is_made_again(tmp_path: Path) -> None:
    copies = [document(f"KR10-131418{n} B1", problem=WORDS + f" {n}.") for n in range(2)]
    out = study(tmp_path, copies)
    with Study.open(out, workers=0) as opened:
        before = opened.duplicates()
        assert opened.check().findings == ()
        sketches = out / "derived" / "sketches.db"
        sketches.write_bytes(b"no database at all " * 100)
        assert opened.duplicates() == before
        sketches.unlink()
        assert opened.duplicates() == before


def test_a_dry_run_of_remove_lists_what_would_go_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(study(tmp_path, [GRANT, FIRST]))
    assert cli.main(["remove", out, "a.jsonl", "--dry-run", "--json"]) == cli.DONE
    said = capsys.readouterr()
    assert [row["number"] for row in json.loads(said.out)] == ["KR101314187B1", "KR1020110099999"]
    assert "nothing has been changed" in said.err
    with Study.open(out) as opened:
        assert len(list(opened.patents())) == 2


def test_removing_takes_answers_and_index_along_and_adding_again_brings_all_back(tmp_path: Path) -> None:
    out = study(tmp_path, [GRANT, FIRST])
    with Study.open(out, workers=0) as opened:
        opened.read()
        opened.duplicates()
        assert opened.search("흔들린다").total == 1
        assert opened.remove(["10-2012-0016332"]) == 1
        assert opened.search("흔들린다").total == 0
        assert opened.check().findings == ()
        with pytest.raises(InputError):
            opened.show("10-1314187")
        opened.add([tmp_path / "a.jsonl"])
        opened.read()
        assert opened.search("흔들린다").total == 1
        assert opened.show("10-1314187").answers
        assert opened.check().findings == ()


def test_upgrade_says_what_it_would_do_and_that_nothing_is_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(study(tmp_path, [GRANT]))
    assert cli.main(["upgrade", out, "--dry-run"]) == cli.DONE
    assert "is of the current study format (2); nothing to do." in capsys.readouterr().out


def test_a_list_row_joins_its_gazette_by_the_grant_number_alone(tmp_path: Path) -> None:
    out = study(tmp_path, [GRANT])
    (tmp_path / "list.csv").write_text("등록번호,발명의 명칭,상태\n10-1314187,렌즈,등록\n", encoding="utf8")
    with Study.open(out, workers=0) as opened:
        opened.add([tmp_path / "list.csv"])
        card = opened.card()
        assert (card.publications, card.applications) == (2, 1)
        assert opened.show("10-1314187").patent.biblio.status is not None
