"""What a claim refers to, is and claims is read from its words, in each language alike."""

from __future__ import annotations

import pytest

from dokhae.messages import say
from dokhae.parse.build import TextBuilder
from dokhae.parse.claims import english, french, german, resolve, total_defect
from dokhae.types import Claim, ClaimCategory, ClaimForm, Defect, SectionKind

TEN = range(1, 11)


def resolved(*claims: str, deleted: tuple[int, ...] = (), lang: str = "en") -> tuple[tuple[Claim, ...], list[Defect]]:
    builder = TextBuilder(parser="test", lang=lang)
    builder.section(SectionKind.claims)
    for number, words in enumerate(claims, start=1):
        builder.claim(number, words, deleted=number in deleted, lang=lang)
    text, _ = builder.finish()
    found, defects = resolve(text.claims, text.text)
    return found, list(defects)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A lens.", ()),
        ("The lens of claim 1, wherein", (1,)),
        ("The lens as claimed in claim 1 or 2", (1, 2)),
        ("Unit according to claim 1, 2 or 3, characterised by", (1, 2, 3)),
        ("Unit according to claims 1 to 3, wherein", (1, 2, 3)),
        ("Unit according to any one of Claims 1 - 4 characterized", (1, 2, 3, 4)),
        ("Unit according to one or more of claims 1–3 and 5–7", (1, 2, 3, 5, 6, 7)),
        ("Unit according to claim 1 or claim 3 or according to claim 4", (1, 3, 4)),
        ("Unit as claimed in any of claims 2, 4, and 6 to 8.", (2, 4, 6, 7, 8)),
        ("The method according to at least one of claims 1 through 3", (1, 2, 3)),
        ("Unit according to claim1", (1,)),
        ("Unit according to any preceding claim", tuple(range(1, 9))),
        ("Unit according to one of the above claims, wherein", tuple(range(1, 9))),
        ("Unit as in any one or more of the previous claims", tuple(range(1, 9))),
        ("Unit according to any of the preceding claims 1 to 3", (1, 2, 3)),
        ("The unit of claim 1, 5 mm thick", (1,)),
        ("The unit of claim 1 and 20 wt% of carbon", (1,)),
        ("A polymer of claims 1 and 2 to 3 and 90-0% by weight of rubber", (1, 2, 3)),
        ("The unit of claim 1 wherein claim forms are printed", (1,)),
        ("A unit as claimed above all others in price", ()),
    ],
)
def test_english_references(words: str, expected: tuple[int, ...]) -> None:
    assert english.references(words, 9, TEN) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Vorrichtung nach Anspruch 1, dadurch gekennzeichnet", (1,)),
        ("Vorrichtung nach einem der Ansprüche 1 bis 3 oder 5, wobei", (1, 2, 3, 5)),
        ("Verfahren nach einem der vorhergehenden Ansprüche", tuple(range(1, 9))),
        ("Vorrichtung gemäß den Patentansprüchen 2 und 4", (2, 4)),
    ],
)
def test_german_references(words: str, expected: tuple[int, ...]) -> None:
    assert german.references(words, 9, TEN) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Dispositif selon la revendication 1, caractérisé en ce que", (1,)),
        ("Dispositif selon l'une quelconque des revendications 1 à 3 ou 5", (1, 2, 3, 5)),
        ("Dispositif selon l'une des revendications précédentes", tuple(range(1, 9))),
    ],
)
def test_french_references(words: str, expected: tuple[int, ...]) -> None:
    assert french.references(words, 9, TEN) == expected


def test_a_range_over_deleted_claims_skips_them_without_a_word() -> None:
    claims, defects = resolved("A lens.", "", "A lens frame.", "The lens of any of claims 1 to 3.", deleted=(2,))
    assert (claims[3].depends_on, defects) == ((1, 3), [])


def test_a_reference_to_a_deleted_claim_is_told() -> None:
    claims, defects = resolved("A lens.", "", "The lens of claim 2.", deleted=(2,))
    assert claims[2].depends_on == ()
    assert defects == [Defect.of("claim-refers-to-deleted", claim=3, deleted=2)]
    assert say(defects[0].code, "en", dict(defects[0].values)) == (
        "Claim 3 refers to claim 2, which is deleted. Check the claim in the gazette."
    )


def test_a_claim_that_refers_to_itself_or_to_none_is_told() -> None:
    _, defects = resolved("A lens.", "The lens of claim 2.", "The lens of claim 30.")
    assert defects == [
        Defect.of("claim-refers-to-itself", claim=2),
        Defect.of("claim-refers-to-missing", claim=3, missing=30),
    ]


def test_a_method_for_the_thing_of_another_claim_is_independent_by_reference() -> None:
    claims, _ = resolved("A lens drive.", "The lens drive of claim 1.", "A method of making the lens drive of claim 1.")
    assert [c.form for c in claims] == [
        ClaimForm.independent,
        ClaimForm.dependent,
        ClaimForm.independent_by_reference,
    ]
    assert claims[2].depends_on == (1,)


def test_a_claim_with_open_words_has_the_category_of_its_parent() -> None:
    claims, _ = resolved("A nutritional drink comprising milk.", "The product of claim 1, being cold.")
    assert [c.category for c in claims] == [ClaimCategory.composition, ClaimCategory.composition]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A process for preparing detergents", ClaimCategory.method),
        ("Apparatus for performing a method", ClaimCategory.apparatus),
        ("In a faucet mixer valve having a housing", ClaimCategory.apparatus),
        ("A non-transitory computer-readable storage medium storing a program", ClaimCategory.medium),
        ("An antenna system comprising", ClaimCategory.system),
        ("A rubber composition comprising", ClaimCategory.composition),
        ("Use of a compound of formula I", ClaimCategory.use),
        ("The ornamental design for a lamp, as shown and described.", ClaimCategory.other),
    ],
)
def test_english_categories(words: str, expected: ClaimCategory) -> None:
    assert english.category(words) is expected


def test_lost_numbers_are_told() -> None:
    builder = TextBuilder(parser="test")
    for number in (1, 2, 5):
        builder.claim(number, "A lens.", lang="en")
    text, _ = builder.finish()
    assert resolve(text.claims, text.text)[1] == (Defect.of("claim-numbers-missing", missing="3, 4"),)


def test_a_language_nobody_reads_leaves_claims_as_they_are() -> None:
    claims, defects = resolved("Una lente.", "La lente della rivendicazione 1.", lang="it")
    assert ([c.depends_on for c in claims], defects) == ([(), ()], [])


def test_deleted_claims_do_not_count_in_the_total() -> None:
    claims, _ = resolved("A lens.", "", deleted=(2,))
    assert total_defect(1, claims) == ()
    assert total_defect(None, claims) == ()
    assert total_defect(2, claims) == (Defect.of("claim-total-differs", printed=2, found=1),)
