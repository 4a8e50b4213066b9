"""Korean claims: the claims one refers to, and what it claims.

In: the words of one claim.  Out: claim numbers; a category.  Only references to claims count ("제1항", "청구항 1"),
never numbered parts ("제1 노즐", "제1 항온조").  Source: patents.md section 4; KIPO drafting forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dokhae.parse.claims.endings import category_by_ending
from dokhae.types import ClaimCategory

# 항 as a word of its own: not 항온조, 항체, 항목, 항균 and the like
_END = r"(?![온체원목균력복암산공만])"
_N = r"(?<!\d)\d{1,4}(?!\d)"
_AND = r"(?:,?\s*(?:및|또는|혹은|과|와|이나|나|그리고)\s*|\s*,\s*)"
_TO = r"\s*(?:항?\s*(?:내지|부터|에서)|[~∼〜～\-–])\s*"
_ITEM = rf"(?:청구항\s*)?(?:제\s*)?{_N}(?:\s*청구항)?"
# "제1항", "청구항 1", and every number joined to it: "제1항, 제5항 내지 제7항", "청구항 1, 2 또는 3", "제1 내지 제3항"
_NAMED = rf"(?:청구항\s*제?\s*{_N}(?:\s*항{_END})?|제\s*{_N}\s*(?:항{_END}|청구항))"
_BEFORE = rf"(?:제\s*{_N}(?:{_TO}|{_AND}))*"
_NEXT = rf"(?:(?:{_TO}|{_AND})(?:{_NAMED}|{_ITEM}\s*(?:항{_END}|(?=\s*(?:중|에|의|또는|및|내지|[,~∼]|기재)))))*"
_REFERENCE = re.compile(rf"{_BEFORE}{_NAMED}{_NEXT}")
_NUMBER = re.compile(rf"(?P<to>{_TO})?(?:청구항\s*)?(?:제\s*)?(?P<number>{_N})\s*(?:항|청구항)?")
_ANY_PRECEDING = re.compile(r"(?:상기|앞선|앞의|전술한|선행하는|선행|이전)\s*(?:의\s*)?(?:청구항|항)들?\s*(?:중|의|에)")

_HEADS = (
    (ClaimCategory.use, ("용도", "의 사용")),
    (ClaimCategory.method, ("방법", "공정", "프로세스", "공법", "제조법", "운전법", "처리법")),
    (ClaimCategory.medium, ("매체", "프로그램", "소프트웨어", "프로그램 제품")),
    (ClaimCategory.system, ("시스템", "체계")),
    (
        ClaimCategory.composition,
        (
            *(
                "조성물",
                "화합물",
                "혼합물",
                "수지",
                "합금",
                "고분자",
                "중합체",
                "공중합체",
                "촉매",
                "용액",
                "잉크",
                "페이스트",
            ),
            *("접착제", "첨가제", "흡착제", "전해질", "세라믹", "슬러리", "약제", "제제", "에멀젼", "도료"),
        ),
    ),
)


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """Every claim that claim ``n`` names, ascending; a range only as far as its numbers are ``known``.

    >>> references("제1항, 제5항 내지 제7항 중 어느 한 항에 있어서, 제2 노즐", 8, [1, 2, 5, 7])
    (1, 5, 7)
    >>> references("청구항 1 내지 청구항 4 중 어느 하나의 항에 따른 장치를 사용하는 방법", 5, [1, 2, 3, 4])
    (1, 2, 3, 4)
    """
    others = {number for number in known if number != n}
    named: set[int] = set()
    for reference in _REFERENCE.finditer(text):
        named.update(_expanded(reference[0], others))
    if _ANY_PRECEDING.search(text):
        named.update(number for number in others if number < n)
    return tuple(sorted(named))


def category(text: str) -> ClaimCategory:
    """What the claim claims, by its last words: in Korean the thing claimed ends the sentence.

    >>> category("온도를 제어하는 것을 특징으로 하는 칠러 시스템."), category("가스를 태우는 스크러버(100).")
    (<ClaimCategory.system: 'system'>, <ClaimCategory.apparatus: 'apparatus'>)
    """
    return category_by_ending(text, _HEADS)


def _expanded(reference: str, others: set[int]) -> Iterator[int]:
    """The numbers of one reference, its ranges written out."""
    parts = [(int(part["number"]), part["to"] is not None) for part in _NUMBER.finditer(reference)]
    for index, (number, ends_range) in enumerate(parts):
        starts_range = index + 1 < len(parts) and parts[index + 1][1]
        if ends_range:
            yield from (other for other in others if parts[index - 1][0] <= other <= number)
        elif not starts_range:
            yield number
