"""Japanese claims: the claims one refers to, and what it claims.

In: the words of one claim, digits of any width.  Out: claim numbers; a category.  Only references to claims count
(請求項１, 請求の範囲第１項, 第１項記載), never numbered parts (第１レンズ, 第１項目).
Source: patents.md section 4; JPO drafting forms (様式第29の2); claims of 1970 to 1990 (特許請求の範囲第1項記載の).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dokhae.parse.claims.endings import category_by_ending
from dokhae.parse.claims.numbers import ListWords, read_list
from dokhae.types import ClaimCategory

_WORD = r"(?:請求項|請求の範囲)"
_NOUN = re.compile(rf"{_WORD}\s?第?\s?(?=\d)")
# 第１項に記載の without the word for claim: only where it says that something is stated there
_BARE = re.compile(r"第\s?(?=\d{1,3}\s?項[^。]{0,30}?(?:記載|いずれか))")
_LIST = ListWords(
    to=re.compile(rf"\s?項?\s?(?:乃至|ないし|から|[-~〜～–—−])\s?(?={_WORD}?\s?第?\s?\d)"),
    join=re.compile(
        r"\s?項?\s?(?:[、,]\s?)?(?:又は|または|及び|および|若しくは|もしくは|或いは|或は|あるいは|並びに|ならびに|と|か|[、,])"
        r"\s?(?:請求項\s?)?"
    ),
    noun=re.compile(rf"\s?(?:{_WORD}\s?第?|第)\s?(?=\d)"),
    after=re.compile(
        r"\s?項?\s?(?:$|[、,。)\]乃至~〜～又若或及並とかのにでをいう]|ないし|から|または|および|もしくは|あるいは|記載|項|中|[-–—−])"
    ),
)
_PRECEDING = re.compile(
    r"(?:前記|上記|先行する|前述の|先の|前の)\s?(?:請求項|各項|いずれかの請求項)(?!\s?第?\s?\d)|前項(?!目)|前各項"
)

_HEADS = (
    (ClaimCategory.use, ("の使用", "用途")),
    (ClaimCategory.method, ("方法", "製法", "プロセス", "工法", "処理法", "製造法", "測定法", "分析法", "合成法")),
    (ClaimCategory.medium, ("媒体", "プログラム", "プログラム製品", "プログラムプロダクト", "ソフトウェア")),
    (ClaimCategory.system, ("システム", "系統")),
    (
        ClaimCategory.composition,
        (
            *("組成物", "化合物", "混合物", "樹脂", "合金", "重合体", "共重合体", "ポリマー", "触媒", "溶液", "インク"),
            *(
                "インキ",
                "ペースト",
                "塗料",
                "電解質",
                "電解液",
                "セラミックス",
                "セラミック",
                "スラリー",
                "医薬",
                "製剤",
            ),
            *("剤", "エマルション", "エマルジョン", "乳化物", "ゴム", "ガラス", "食品", "飲料", "抗体", "タンパク質"),
            *("ペプチド", "ポリペプチド", "核酸", "塩", "粉末", "磁器組成", "複合材料"),
        ),
    ),
)


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """Every claim that claim ``n`` names, ascending; a range only as far as its numbers are ``known``.

    >>> references("請求項１乃至３のいずれか一項に記載のカメラモジュール。", 4, [1, 2, 3])
    (1, 2, 3)
    >>> references("請求項１、２又は請求項５に記載の第１レンズ", 6, [1, 2, 5])
    (1, 2, 5)
    """
    # widths are made one on a copy: only numbers leave this function, no offsets
    text = unicodedata.normalize("NFKC", text).replace(",", "、")
    starts = list(_NOUN.finditer(text)) or list(_BARE.finditer(text))
    named: set[int] = set()
    for start in starts:
        named |= read_list(text, start.end(), _LIST).expand(n, known)
    if not named and _PRECEDING.search(text):
        named |= {number for number in known if number < n}
    return tuple(sorted(named))


def category(text: str) -> ClaimCategory:
    """What the claim claims, by its last words: in Japanese the thing claimed ends the sentence.

    >>> category("前記コイルを備えることを特徴とするレンズ駆動装置（１００）。"), category("請求項１に記載の製造方法。")
    (<ClaimCategory.apparatus: 'apparatus'>, <ClaimCategory.method: 'method'>)
    """
    return category_by_ending(text, _HEADS)
