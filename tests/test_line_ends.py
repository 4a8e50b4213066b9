"""Line ends of Korean gazettes: a space only where one stood."""

from __future__ import annotations

import hashlib
import json
import random
import time
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokhae.parse.pdf import GazettePdf
from dokhae.parse.pdf.korean_body import Measure
from dokhae.parse.pdf.line_ends import LineEnds
from dokhae.parse.pdf.pages import Line
from dokhae.parse.pdf.spacing import log_odds
from dokhae.types import Document, SectionKind, Source, Text
from tests.kr_gazette import H, P, gazette, wrapped
from tests.shared import shared_data

MARGIN = 532.0
DECISIONS = Path(__file__).parents[1] / "benchmarks" / "data" / "line_ends.jsonl"
SENTENCES = (
    "본 발명은 반도체 제조 공정에서 배출되는 유해 가스를 처리하기 위한 스크러버 및 이를 이용한 방법에 관한 것이다. ",
    "상기 스크러버는 버너부에서 연소된 가스를 냉각하는 냉각부와, 냉각부의 하단에 설치되는 수처리 탱크를 포함한다. ",
    "종래의 스크러버는 파우더가 내벽에 고착되어 배관이 막히고 장비의 가동률이 저하되는 문제점이 있었다. ",
    "이러한 문제점을 해결하기 위하여 수처리 탱크의 순환펌프가 세정수를 내벽을 따라 흘려보내도록 한다. ",
)


def line(text: str, *, right: float = MARGIN, slack: float = 0.0) -> Line:
    return Line(page=1, text=text, left=64.2, right=right, baseline=500.0, size=9.0, slack=slack)


def ends(*insides: str) -> LineEnds:
    lines = [line(text) for text in insides]
    return LineEnds(lines, Measure(lines or [line("가")]))


def parsed(*pages: tuple[str | H | P, ...]) -> Text:
    (made,) = GazettePdf().read(BytesIO(gazette(*pages)), Source("a.pdf"))
    assert isinstance(made, Document)
    return made.texts[0]


def test_a_gazette_of_hundreds_of_pages_takes_linear_time() -> None:
    rng = random.Random(1)
    lines = [line("".join(rng.choices("가나다라마바사렌즈모듈홀더를은 ", k=45))) for _ in range(10_000)]
    started = time.process_time()
    LineEnds(lines, Measure(lines)).join(lines)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("left", "right"),
    [("폐가스를 처리하는 스크", "러버에"), ("가스를 공급하", "는 단계"), ("버너부", "에 의해"), ("수 있", "다.")],
)
def test_a_word_broken_at_the_margin_is_whole_again(left: str, right: str) -> None:
    assert not ends().is_space(line(left), line(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [("가스를", "공급하는"), ("냉각부 및", "가열부를"), ("포함하는 것을", "특징으로 하는"), ("연소하고,", "가스는")],
)
def test_two_words_stay_two(left: str, right: str) -> None:
    assert ends().is_space(line(left), line(right))


def test_the_document_decides_what_language_leaves_open() -> None:
    left, right = line("상기 침상"), line("전극은 고정된다.")
    assert ends("침상 전극이 배치되고 침상 전극을 감싸는 관", "이때 침상 전극은").is_space(left, right)
    assert not ends("침상전극이 배치되고 침상전극을 감싸는 관", "이때 침상전극은").is_space(left, right)


def test_room_for_a_whole_letter_shows_that_a_space_stood_there() -> None:
    left, right = "본 발명의 산화", "알루미늄"
    tight, roomy = line(left, slack=3.0), line(left, slack=12.0)
    assert abs(log_odds(left, right)) < 2.5
    assert ends().is_space(roomy, line(right))
    assert not ends("산화알루미늄 및 산화알루미늄의 표면").is_space(tight, line(right))


def test_joining_changes_no_character() -> None:
    lines = [line("가스를 처리하는 스크"), line("러버(10) 및"), line("CF4 (12"), line("0)를 포함한다.")]
    joined = ends().join(lines)
    assert [joined.text[span.start : span.end] for span, _ in joined.places] == [part.text for part in lines]
    assert "".join(joined.text.split()) == "".join("".join(part.text.split()) for part in lines)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="가스 를a1(),.\u0301\U0001d465\t|'", min_size=1, max_size=8), min_size=1, max_size=5))
def test_naughty_lines_keep_their_places(texts: list[str]) -> None:
    lines = [line(text) for text in texts]
    joined = LineEnds(lines, Measure(lines)).join(lines)
    assert [joined.text[span.start : span.end] for span, _ in joined.places] == texts


def test_texts_set_by_the_printer_read_back_as_written() -> None:
    front = ("(19) 대한민국특허청(KR)", "(12) 등록특허공보(B1)", "(54) 발명의 명칭 스크러버")
    n_ends = n_wrong = 0
    for shift in range(16):
        written = "가" * shift + " " + "".join(SENTENCES[shift % 4 :] + SENTENCES[: shift % 4]) * 2
        made = parsed(front, (H("청구범위"), H("기 술 분 야"), P(written, "[0001]")))
        (field,) = made.of_kind(SectionKind.field)
        n_ends += len(wrapped(written)) - 1
        read = made.quote(field.span)
        assert "".join(read.split()) == "".join(written.split())
        n_wrong += abs(read.count(" ") - written.strip().count(" "))
    assert n_ends > 100
    assert n_wrong <= 0.02 * n_ends


def test_line_ends_checked_by_hand_are_right_in_gazettes_nothing_was_learned_from() -> None:
    decided = [json.loads(entry) for entry in DECISIONS.read_text("utf8").splitlines()]
    results = []
    for path in sorted((shared_data() / "patents" / "kr_pdf").glob("KR-10-*.pdf")):
        data = path.read_bytes()
        file = hashlib.sha256(data).hexdigest()[:16]
        (made,) = GazettePdf().read(BytesIO(data), Source(str(path)))
        assert isinstance(made, Document)
        spaces = _spaces(made.texts[0])
        results += [spaces[d["page"], d["bottom"]] == d["space"] for d in decided if d["file"] == file]
    assert len(results) > 100
    assert sum(results) >= 0.98 * len(results)


def _spaces(text: Text) -> dict[tuple[int, int], bool]:
    """Whether a space stands at the end of each line, by page and height on that page."""
    return {
        (before.page, round(before.bottom)): text.text[before.span.end : after.span.start] == " "
        for before, after in pairwise(text.layout)
    }
