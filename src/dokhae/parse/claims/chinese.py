"""Chinese claims: the claims one refers to, and what it claims.

In: the words of one claim, simplified or traditional.  Out: claim numbers; a category.  The thing claimed stands in the
preamble, before 其特征在于 or the first comma.  Source: patents.md section 4; CNIPA Guidelines for Examination, part II
chapter 2; TIPO forms (如請求項1所述之…, 如申請專利範圍第1項).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dokhae.parse.claims.numbers import ListWords, read_list
from dokhae.types import ClaimCategory

_WORD = r"(?:权利要求|權利要求|请求项|請求項|申請專利範圍|申请专利范围)"
_NOUN = re.compile(rf"{_WORD}书?\s?第?\s?(?=\d)")
_LIST = ListWords(
    to=re.compile(rf"\s?[项項]?\s?(?:至|到|[-~〜–—−])\s?(?={_WORD}?\s?第?\s?\d)"),
    join=re.compile(r"\s?[项項]?\s?(?:、\s?)?(?:或者?|和|及|与|與|以及|、)\s?"),
    noun=re.compile(rf"\s?(?:{_WORD}\s?第?|第)\s?(?=\d)"),
    after=re.compile(r"\s?(?:$|[、。)\]至到~〜或和及与與以中所之的任其项項述]|[-–—−])"),
)
_PRECEDING = re.compile(
    r"(?:前述|上述|以上|前面)(?:的)?(?:任一|任意一项|各|所有)?(?:项|項)?(?:权利要求|請求項|请求项)(?!\s?\d)"
)

_LOOKED_AT_CHARS = 400
# 根据权利要求1至3中任一项所述的…, 如請求項1所述之…; what stands before the thing claimed
_REFERRING = re.compile(
    rf"{_WORD}[^，,。；;]{{0,120}}?(?:所述|所记载|所記載|所要求|所定义|记载|記載)(?:的|之)?|"
    rf"{_WORD}\s?第?\s?[\d\s、至到或和及与與~-]{{1,40}}[项項]?(?:中)?(?:任[一意何]{{1,2}}[项項]?)?(?:的|之)"
)
_PREAMBLE_ENDS = re.compile(r"[，,；;：:。]|其特[征徵]|特[征徵]在于|其中|包括|包含|[由以]下述|(?<=[^于於])具有")
_HEADS = (
    (ClaimCategory.use, re.compile(r"(?:用途|的应用|的應用|中的应用|的使用|的用途)$")),
    (ClaimCategory.method, re.compile(r"(?:方法|工艺|工藝|制法|製法|流程|制备法)$")),
    (ClaimCategory.medium, re.compile(r"(?:介质|介質|媒体|媒體|程序|程序产品|程式產品|程式|软件)$")),
    (ClaimCategory.system, re.compile(r"(?:系统|系統)$")),
    (
        ClaimCategory.composition,
        re.compile(
            r"(?:组合物|組合物|组成物|化合物|混合物|聚合物|共聚物|树脂|樹脂|合金|催化剂|催化劑|溶液|油墨|浆料|漿料|涂料|塗料|"
            r"电解质|电解液|電解質|陶瓷|药物|制剂|[剂劑]|乳液|橡胶|玻璃|食品|饮料|抗体|蛋白|蛋白质|多肽|核酸|盐|粉末|复合材料)$"
        ),
    ),
)


def references(text: str, n: int, known: Sequence[int]) -> tuple[int, ...]:
    """Every claim that claim ``n`` names, ascending; a range only as far as its numbers are ``known``.

    >>> references("根据权利要求1-3任一项所述的摄像头模组，其特征在于，所述第1透镜", 4, [1, 2, 3])
    (1, 2, 3)
    >>> references("如權利要求1或2所述的方法", 3, [1, 2])
    (1, 2)
    """
    text = unicodedata.normalize("NFKC", text).replace(",", "、")
    named: set[int] = set()
    for start in _NOUN.finditer(text):
        named |= read_list(text, start.end(), _LIST).expand(n, known)
    if not named and _PRECEDING.search(text):
        named |= {number for number in known if number < n}
    return tuple(sorted(named))


def category(text: str) -> ClaimCategory:
    """What the claim claims, by the end of its preamble.

    >>> category("一种镜头驱动装置，包括线圈。"), category("一种用于制备权利要求1所述的组合物的方法，其特征在于")
    (<ClaimCategory.apparatus: 'apparatus'>, <ClaimCategory.method: 'method'>)
    """
    opening = unicodedata.normalize("NFKC", text[:_LOOKED_AT_CHARS]).strip()
    referred = _REFERRING.search(opening)
    if referred:
        opening = opening[referred.end() :]
    end = _PREAMBLE_ENDS.search(opening)
    head = opening[: end.start()].strip() if end else opening.rstrip("。. ")
    if not head:
        return ClaimCategory.other
    return next((kind for kind, pattern in _HEADS if pattern.search(head)), ClaimCategory.apparatus)
