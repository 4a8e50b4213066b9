"""Japanese and Chinese claims: what they refer to and what they claim."""

from __future__ import annotations

import time

import pytest

from dokhae.parse.claims import chinese, japanese, resolve
from dokhae.types import Claim, ClaimForm, Defect, Span

KNOWN = tuple(range(1, 31))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("請求項１に記載のカメラモジュール。", (1,)),
        ("請求項1記載の装置", (1,)),
        ("請求項１乃至３のいずれか一項に記載の装置", (1, 2, 3)),
        ("請求項１から３のいずれか１項に記載の装置", (1, 2, 3)),
        ("請求項１～３のいずれか１項に記載の装置", (1, 2, 3)),
        ("請求項１〜請求項３のうちいずれか一つに記載の装置", (1, 2, 3)),
        ("請求項１－３のいずれかに記載の装置", (1, 2, 3)),
        ("請求項１ないし４のいずれか１つに記載の装置", (1, 2, 3, 4)),
        ("請求項１又は２に記載の装置", (1, 2)),
        ("請求項１または請求項２に記載の装置", (1, 2)),
        ("請求項１、２又は５に記載の装置", (1, 2, 5)),
        ("請求項１，３，５のいずれか一項に記載の装置", (1, 3, 5)),
        ("請求項１及び２に記載の装置", (1, 2)),
        ("請求項１もしくは４に記載の装置", (1, 4)),
        ("請求項１、請求項３乃至請求項５のいずれかに記載の装置", (1, 3, 4, 5)),
        ("請求項１乃至３、及び５乃至７のいずれか一項に記載の装置", (1, 2, 3, 5, 6, 7)),
        ("請求の範囲第１項又は第３項記載の方法", (1, 3)),
        ("特許請求の範囲第１項乃至第３項のいずれかに記載の方法", (1, 2, 3)),
        ("第２項に記載の方法により得られる樹脂", (2,)),
        ("請求項１に記載の装置を用いる方法であって、請求項３に記載の工程を含む方法", (1, 3)),
        ("前記請求項のいずれかに記載の装置", (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_every_way_to_name_a_japanese_claim_is_read(words: str, named: tuple[int, ...]) -> None:
    n = 9 if words.startswith("前記") else 30
    assert japanese.references(words, n, KNOWN) == named


@pytest.mark.parametrize(
    "words",
    [
        "第１レンズ及び第２レンズを備える撮像装置。",
        "第１項目を表示する表示部",
        "１乃至３個の開口を有する板",
        "厚さが５ｍｍから１０ｍｍである基板",
        "前記入力項のいずれか",
    ],
)
def test_numbered_parts_are_no_japanese_claims(words: str) -> None:
    assert japanese.references(words, 9, KNOWN) == ()


def test_what_follows_the_claim_number_is_no_claim_number() -> None:
    assert japanese.references("請求項１に記載の、５～１０ｍｍの厚さを有する、２枚の基板", 9, KNOWN) == (1,)
    assert chinese.references("根据权利要求1所述的装置，其特征在于，厚度为5-10mm，包括2块基板", 9, KNOWN) == (1,)


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("コイルを備えることを特徴とするレンズ駆動装置（１００）。", "apparatus"),
        ("請求項１に記載のレンズの製造方法。", "method"),
        ("請求項１に記載の樹脂組成物。", "composition"),
        ("撮像装置を備える監視システム。", "system"),
        ("コンピュータに実行させるためのプログラム。", "medium"),
        ("プログラムを記録した記録媒体", "medium"),
        ("請求項１に記載の化合物の使用", "use"),
        ("", "other"),
    ],
)
def test_the_last_words_of_a_japanese_claim_tell_its_category(words: str, category: str) -> None:
    assert japanese.category(words).value == category


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("根据权利要求1所述的镜头模组，其特征在于", (1,)),
        ("根据权利要求1-3任一项所述的镜头模组", (1, 2, 3)),
        ("如权利要求1至3中任意一项所述的镜头模组", (1, 2, 3)),
        ("如权利要求1或2所述的方法", (1, 2)),
        ("权利要求1、2或5所述的方法", (1, 2, 5)),
        ("根据权利要求 1～3、5 中任一项所述的方法", (1, 2, 3, 5)),
        ("包含权利要求1所述的模组和权利要求4所述的驱动器的设备", (1, 4)),
        ("如請求項1或2所述之裝置", (1, 2)),
        ("如申請專利範圍第1項至第3項中任一項所述之裝置", (1, 2, 3)),
        ("根据前述权利要求中任一项所述的方法", (1, 2, 3, 4, 5, 6, 7, 8)),
    ],
)
def test_every_way_to_name_a_chinese_claim_is_read(words: str, named: tuple[int, ...]) -> None:
    n = 9 if "前述" in words else 30
    assert chinese.references(words, n, KNOWN) == named


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("一种镜头驱动装置，包括线圈。", "apparatus"),
        ("一种用于制备权利要求1所述的组合物的方法，其特征在于", "method"),
        ("根据权利要求1-3任一项所述的树脂组合物，其特征在于", "composition"),
        ("一种计算机可读存储介质，其上存储有程序", "medium"),
        ("一种监控系统，其包括", "system"),
        ("权利要求1所述的化合物在制备药物中的用途", "use"),
        ("如請求項1所述之製造方法，其中", "method"),
        ("", "other"),
    ],
)
def test_the_preamble_of_a_chinese_claim_tells_its_category(words: str, category: str) -> None:
    assert chinese.category(words).value == category


def _resolved(lang: str, *words: str) -> tuple[tuple[Claim, ...], tuple[Defect, ...]]:
    text = "\n".join(words)
    claims, at = [], 0
    for n, claim in enumerate(words, start=1):
        claims.append(Claim(n, Span(at, at + len(claim)), lang))
        at += len(claim) + 1
    return resolve(claims, text)


def test_a_japanese_method_that_uses_a_claimed_device_is_independent_by_reference() -> None:
    claims, defects = _resolved(
        "ja",
        "コイルを備えるレンズ駆動装置。",
        "磁石を備える請求項１に記載のレンズ駆動装置。",
        "請求項１又は２に記載のレンズ駆動装置の製造方法。",
    )
    assert [claim.form for claim in claims] == [
        ClaimForm.independent,
        ClaimForm.dependent,
        ClaimForm.independent_by_reference,
    ]
    assert claims[2].depends_on == (1, 2)
    assert not defects


def test_claims_that_refer_to_themselves_or_to_nothing_are_told() -> None:
    _, defects = _resolved("zh", "根据权利要求1所述的装置，其特征在于", "根据权利要求7所述的装置")
    assert [defect.code for defect in defects] == ["claim-refers-to-itself", "claim-refers-to-missing"]


@pytest.mark.parametrize("language", [japanese, chinese])
def test_a_long_run_of_blanks_or_numbers_takes_no_time(language: object) -> None:
    begun = time.perf_counter()
    for words in ("請求項１" + " " * 200_000 + "x", "权利要求1、" + "2、" * 50_000, "第１項" * 50_000, "（" * 100_000):
        language.references(words, 9, KNOWN)  # type: ignore[attr-defined]
        language.category(words)  # type: ignore[attr-defined]
    assert time.perf_counter() - begun < 5
