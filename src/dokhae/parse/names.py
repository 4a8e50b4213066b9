"""A cell of names -> one name each: applicants and people as Korean and vendor tables join them.

In: a cell.  Out: the names as written, in order, and whether the cut is sure.  Splits at ``|``, ``;``, line ends and
INID codes ``(71)``; a list joined by blanks only where every piece shows what it is (a university's cooperation
foundation, a company with its legal form, a person's name).  Never guesses: an unsure list stays one name.
"""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"\s*(?:\||;|\n|\(7[1-5]\))\s*")
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염추"
    "도소석선설마길연위표명기반왕금옥육인맹제모탁국여어은편용예경봉사부가복태목형피두감호음빈동온사"
)
_COMPANY = "주식회사|유한회사|가부시키가이샤|가부시끼가이샤|재단법인|사단법인|합자회사|농업회사법인|유한책임회사"
# what tells by itself where an applicant's name ends; one alternative a kind, tried in this order
_ENTITY = re.compile(
    rf"""(?:\S+대학교?\s?(?:\S+\s)?산학협력단)           # 인천대학교 산학협력단
       | (?:(?:{_COMPANY})\s\S+)(?=\s|$)                 # 주식회사 천보
       | (?:(?:{_COMPANY})\S+)(?=\s|$)                   # 주식회사두리엔터프라이즈
       | (?:\S+(?:{_COMPANY}|\((?:주|유|재|사)\)))(?=\s|$)  # 현대자동차주식회사, 다이섹(주)
       | (?:\((?:주|유|재|사)\)\s?\S+)(?=\s|$)            # (주)진우에프티, (주) 합건설방재기술단
       | (?:\S+\s(?:{_COMPANY}))(?=\s|$)                 # 엘지이노텍 주식회사
       | (?:\S+(?:연구원|과학기술원|연구소|공사|광역시|특별시|진흥원))(?=\s|$)
       | (?:[가-힣]{{3}})(?=\s|$)                         # 공정애
    """,
    re.X,
)
_ORGANISATION = re.compile(rf"산학협력단|{_COMPANY}|\((?:주|유|재|사)\)|연구원|공사$")
_HANGUL_NAME = re.compile(r"[가-힣]{2,6}")


def split_applicants(cell: str, *, blanks_may_join: bool = True) -> tuple[tuple[str, ...], bool]:
    """The applicants of a cell, and whether that is sure.

    blanks_may_join: whether the source is known to write lists without any separator.

    >>> split_applicants("주식회사 윈텍|아주대학교산학협력단")
    (('주식회사 윈텍', '아주대학교산학협력단'), True)
    >>> split_applicants("인천대학교 산학협력단 주식회사 천보")
    (('인천대학교 산학협력단', '주식회사 천보'), True)
    >>> split_applicants("인천대학교 산학협력단 안국 약품 주식회사 셀비온")
    (('인천대학교 산학협력단 안국 약품 주식회사 셀비온',), False)
    """
    pieces = _pieces(cell)
    if len(pieces) != 1 or " " not in pieces[0] or not blanks_may_join:
        return pieces, True
    entities = _entities(pieces[0])
    if entities is not None:
        return entities, True
    # a blank inside one company's name is common; what shows a second name is another sign of an organisation, words
    # behind a name that has ended, or a person's name
    n_signs = len(_ORGANISATION.findall(pieces[0]))
    goes_on = re.search(r"산학협력단\s\S", pieces[0]) is not None or any(map(is_person, pieces[0].split()[1:]))
    return pieces, n_signs < 2 and not goes_on


def people(cell: str) -> tuple[str, ...]:
    """The persons of a cell; Korean names joined by blanks are one each.

    >>> people("이승호 공정애"), people("SMITH John; LEE Jung-Ho")
    (('이승호', '공정애'), ('SMITH John', 'LEE Jung-Ho'))
    """
    pieces = _pieces(cell)
    words = pieces[0].split() if len(pieces) == 1 else []
    if len(words) > 1 and all(_HANGUL_NAME.fullmatch(word) for word in words) and any(map(is_person, words)):
        return tuple(words)
    return pieces


def _pieces(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(piece.split()) for piece in _SEPARATORS.split(cell)))))


def is_person(word: str) -> bool:
    return len(word) == 3 and word[0] in _SURNAMES


def _entities(joined: str) -> tuple[str, ...] | None:
    """The entities a list joined by blanks is made of; None where some piece does not tell what it is."""
    found, at = [], 0
    while at < len(joined):
        match = _ENTITY.match(joined, at)
        if match is None or (re.fullmatch(r"[가-힣]{3}", match[0]) and not is_person(match[0])):
            return None
        found.append(match[0])
        at = match.end() + 1
    return tuple(found)
