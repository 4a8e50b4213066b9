"""Near-duplicate texts: sketches against the exact overlap, Korean and English."""

from __future__ import annotations

import random

import pytest

from dokhae.library import likeness

KOREAN = [
    "렌즈",
    "구동",
    "장치",
    "코일",
    "자석",
    "스프링",
    "하우징",
    "보빈",
    "베이스",
    "기판",
    "센서",
    "흔들림",
    "보정",
    "광축",
    "방향",
    "이동",
    "탄성",
    "부재",
    "결합",
    "지지",
    "단자",
]
ENGLISH = [
    "lens",
    "driving",
    "device",
    "coil",
    "magnet",
    "spring",
    "housing",
    "bobbin",
    "base",
    "board",
    "sensor",
    "shake",
    "correction",
    "axis",
    "moving",
    "member",
]


def written(words: list[str], n: int, seed: int) -> list[str]:
    return random.Random(seed).choices(words, k=n)


def changed(words: list[str], share: float, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"새로{rng.randrange(9999)}" if rng.random() < share else word for word in words]


@pytest.mark.parametrize("words", [KOREAN, ENGLISH])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.03, 0.1, 0.5])
def test_a_sketch_tells_the_exact_similarity_within_its_error(words: list[str], share: float) -> None:
    errors = []
    for seed in range(8):
        one = written(words, 400, seed)
        other = changed(one, share, seed)
        texts = [" ".join(one), " ".join(other)]
        exact = likeness.similarity(*map(likeness.shingles, texts))
        bins = [likeness.numbers_of(likeness.sketch(text)) for text in texts]
        errors.append(likeness.estimate(*bins) - exact)
    assert max(map(abs, errors)) < 0.18
    assert abs(sum(errors)) / len(errors) < 0.06


@pytest.mark.parametrize("words", [KOREAN, ENGLISH])
def test_spacing_case_and_punctuation_do_not_count_for_hangul_and_case_not_for_latin(words: list[str]) -> None:
    text = " ".join(written(words, 100, 1))
    other = text.replace(" ", "", 30) if words is KOREAN else text.upper().replace(" ", ", ")
    assert likeness.similarity(likeness.shingles(text), likeness.shingles(other)) == 1.0


def test_near_pairs_are_those_the_slow_way_finds() -> None:
    rng = random.Random(3)
    texts = {f"t{n:03}": written(ENGLISH + KOREAN, 300, n) for n in range(60)}
    for n in range(0, 60, 4):
        texts[f"c{n:03}"] = changed(texts[f"t{n:03}"], rng.choice([0.0, 0.01, 0.02]), n)
    joined = {name: " ".join(words) for name, words in texts.items()}
    sketches = {name: likeness.numbers_of(likeness.sketch(text)) for name, text in joined.items()}
    found = {(one, other) for one, other, _ in likeness.near_pairs(sketches, least=0.7)}
    sets = {name: likeness.shingles(text) for name, text in joined.items()}
    names = sorted(sets)
    sure = {
        (one, other)
        for n, one in enumerate(names)
        for other in names[n + 1 :]
        if likeness.similarity(sets[one], sets[other]) > 0.85
    }
    never = {(a, b) for a, b in found if likeness.similarity(sets[a], sets[b]) < 0.5}
    assert sure <= found
    assert never == set()
    assert len(sure) >= 10


def test_a_crowd_with_the_same_words_is_one_group_without_comparing_all_with_all() -> None:
    bins = likeness.numbers_of(likeness.sketch(" ".join(written(ENGLISH, 200, 1))))
    pairs = list(likeness.near_pairs({f"p{n:04}": bins for n in range(500)}, least=0.7))
    assert len(pairs) < 2000
    assert len(likeness.groups((one, other) for one, other, _ in pairs)) == 1


def test_texts_too_short_are_not_compared() -> None:
    assert likeness.sketch("카메라 모듈") == b""
    assert likeness.sketch("") == b""


def test_a_sketch_is_the_same_on_every_machine() -> None:
    kept = likeness.sketch(" ".join(written(ENGLISH, 100, 5)))
    assert len(kept) == 4 * likeness.BINS
    assert list(likeness.numbers_of(kept)[:3]) == [22224085, 2667010258, 12574497]
