"""Korean claims: what they refer to and what they claim."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokhae.parse.claims import resolve
from dokhae.parse.claims.korean import category, references
from dokhae.parse.pdf import GazettePdf
from dokhae.types import Claim, ClaimCategory, ClaimForm, Document, Source, Span
from tests.shared import shared_data

KNOWN = tuple(range(1, 31))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("제1항에 있어서, 상기 버너는", (1,)),
        ("제 1 항에 있어서,", (1,)),
        ("제1항이 있어서,", (1,)),
        ("청구항 1에 있어서,", (1,)),
        ("청구항 제1항에 있어서,", (1,)),
        ("제1항의 버너를 포함하는 스크러버", (1,)),
        ("제1항에 따른 온도제어모듈의 방법에 있어서,", (1,)),
        ("제1항, 제5항, 제7항, 및 제8항 중 어느 한 항에 있어서,", (1, 5, 7, 8)),
        ("제1항 또는 제3항에 있어서,", (1, 3)),
        ("제 11 항 또는 제 12 항에 있어서,", (11, 12)),
        ("제1항과 제2항에 있어서,", (1, 2)),
        ("청구항 1 내지 청구항 4 중 어느 하나의 항에 따른", (1, 2, 3, 4)),
        ("청구항 1 내지 4 중 어느 한 항에 있어서,", (1, 2, 3, 4)),
        ("청구항 1, 3 또는 5에 있어서,", (1, 3, 5)),
        ("제13항, 제17항, 제21항 내지 제22항 중 선택되는 어느 한 항에 있어서,", (13, 17, 21, 22)),
        ("제1 내지 제3항 중 어느 한 항에 있어서,", (1, 2, 3)),
        ("제1항~제3항 중 어느 한 항의 조성물", (1, 2, 3)),
        ("제1항부터 제3항까지 중 어느 한 항에 있어서,", (1, 2, 3)),
        ("제1항 내지 제3항 및 제6항 중 어느 한 항에 있어서,", (1, 2, 3, 6)),
        ("필터를 더 포함하는 제2항에 기재된 장치", (2,)),
        ("제2항의 장치로서, 제2항에 기재된 필터를 가지는 장치", (2,)),
        ("상기 청구항 중 어느 한 항에 있어서,", (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_every_way_to_name_a_claim_is_read(words: str, named: tuple[int, ...]) -> None:
    n = 9 if "상기 청구항" in words else 30
    assert references(words, n, KNOWN) == named


@pytest.mark.parametrize(
    "words",
    [
        "제1 노즐 및 제2 노즐을 포함하는 장치",
        "제1항온조와 제2항온조를 포함하는 장치",
        "제1항체 및 제2항원에 결합하는 단백질",
        "제1 항균층 위의 제2층",
        "제 1 유체처리기와 3개의 배출관",
        "제1항목 표시부",
        "온도가 1 내지 4 ℃인 방법",
    ],
)
def test_a_numbered_part_is_not_a_claim(words: str) -> None:
    assert references(words, 9, KNOWN) == ()


def test_a_range_skips_deleted_claims_but_a_claim_named_by_itself_is_reported() -> None:
    assert references("제1항 내지 제5항 중 어느 한 항에 있어서,", 6, [1, 3, 5, 6]) == (1, 3, 5)
    assert references("제2항에 있어서,", 6, [1, 3, 5, 6]) == (2,)
    assert references("제6항에 있어서,", 6, [1, 6]) == (6,)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("가스를 처리하는 스크러버.", "apparatus"),
        ("온도를 제어하는 칠러 시스템.", "system"),
        ("스크러버를 자동으로 세정하는 방법.", "method"),
        ("하이브리드 시스템의 운전방법", "method"),
        ("방법을 수행하는 장치(100).", "apparatus"),
        ("에폭시를 포함하는 수지 조성물.", "composition"),
        ("프로그램을 기록한 컴퓨터로 읽을 수 있는 기록매체.", "medium"),
        ("당뇨병 치료를 위한 화합물의 용도", "use"),
        ("", "other"),
    ],
)
def test_the_last_words_say_what_is_claimed(words: str, kind: str) -> None:
    assert category(words) is ClaimCategory(kind)


def test_a_claim_to_another_category_is_independent_by_reference() -> None:
    texts = [
        "버너를 포함하는 스크러버.",
        "제1항에 있어서, 필터를 더 포함하는 스크러버.",
        "제1항의 스크러버를 세정하는 방법.",
    ]
    claims, text = [], ""
    for number, words in enumerate(texts, 1):
        claims.append(Claim(number, Span(len(text), len(text) + len(words)), "ko"))
        text += words
    resolved, defects = resolve(claims, text)
    assert [claim.form for claim in resolved] == [
        ClaimForm.independent,
        ClaimForm.dependent,
        ClaimForm.independent_by_reference,
    ]
    assert defects == ()


@given(st.text(alphabet="제청구항 0123456789,및또는내지~중어느한에있어서\n", max_size=60))
def test_naughty_claims_name_only_known_ranges_and_written_numbers(words: str) -> None:
    written = {int(number) for number in _numbers(words)}
    assert all(number in written or number in KNOWN for number in references(words, 9, KNOWN))


def test_claims_of_the_gold_gazettes_agree_with_gold() -> None:
    data = shared_data()
    gold = [json.loads(line) for line in (data / "gold/patent_reading_dev.jsonl").read_text("utf8").splitlines()]
    for entry in (entry for entry in gold if entry["id"].startswith("KR-")):
        path = data / "patents/kr_pdf" / f"{entry['id']}.pdf"
        with path.open("rb") as stream:
            (made,) = GazettePdf().read(stream, Source(str(path)))
        assert isinstance(made, Document)
        found = {claim.number: claim for claim in made.texts[0].claims if not claim.deleted}
        assert {c["n"]: tuple(sorted(c["depends_on"])) for c in entry["claims"]} == {
            number: claim.depends_on for number, claim in found.items()
        }


def _numbers(words: str) -> list[str]:
    return "".join(char if char.isdigit() else " " for char in words).split()
