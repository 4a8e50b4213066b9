"""A cell of names -> one name each: applicants and people as Korean and vendor tables join them.

In: a cell.  Out: the names as written, in order, and whether the cut is sure.  Splits at ``|``, ``;``, line ends and
INID codes ``(71)``; a list joined by commas where it is one (Korean names hold none); one joined by blanks only where
every piece shows what it is (a university's cooperation foundation, a company with its legal form, a person's name).
A country beside a name ("[KR] …", "… [US]") is taken off it.  Never guesses: an unsure list stays one name.
"""

from __future__ import annotations

import re

from dokhae.parse.numbers import OFFICES, office_of
from dokhae.types import Party

_SEPARATORS = re.compile(r"\||;|\n|\(7[1-5]\)|<br\s?/?>")
# "SMITH, John, Jr." and "A Co., Ltd." hold commas of their own
_COMMA = re.compile(
    r",\s+(?!(?:Co|Ltd|Inc|LLC|L\.L\.C|Corp|Corporation|LLP|LP|L\.P|GmbH|AG|S\.?A|S\.?p\.?A|Limited|Incorporated|Company|"
    r"B\.?V|N\.?V|plc|KG|Jr|Sr|II|III|IV)\b)",
    re.I,
)
_COUNTRY_FIRST = re.compile(r"^(?:\[([A-Z]{2})\]|\(([A-Z]{2})\))\s*(?=\S)")
_COUNTRY_LAST = re.compile(r"(?<=\S)\s*(?:\[([A-Z]{2})\]|\(\[?([A-Z]{2})\]?\)|\s{2,}([A-Z]{2}))$")
# countries of applicants that have no patent office of their own, and those that write their names in full
_OTHER_COUNTRIES = frozenset(["BM", "BB", "VG", "KY", "MO", "JE", "GG", "LI", "CW", "BS", "MU"])
_COUNTRY_NAMES = {
    "KOREA": "KR", "UNITED STATES": "US", "JAPAN": "JP", "CHINA": "CN", "GERMANY": "DE", "FRANCE": "FR",
    "UNITED KINGDOM": "GB", "GREAT BRITAIN": "GB", "TAIWAN": "TW", "EUROPEAN": "EP", "SWITZERLAND": "CH",
    "NETHERLANDS": "NL", "WIPO": "WO", "CANADA": "CA", "SWEDEN": "SE", "ITALY": "IT", "AUSTRALIA": "AU",
    "CO-OPERATION TREAT": "WO", "스위스": "CH", "네덜란드": "NL", "캐나다": "CA", "스웨덴": "SE", "이탈리아": "IT",
    "이스라엘": "IL", "싱가포르": "SG", "오스트레일리아": "AU", "호주": "AU",
}  # fmt: skip
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
_ORGANISATION = re.compile(rf"산학협력단|농업회사법인\s?주식회사|{_COMPANY}|\((?:주|유|재|사)\)|연구원|공사$")
_HANGUL_START = re.compile(r"\(?[가-힣]")
_HANGUL_NAME = re.compile(r"[가-힣]{2,6}")


# three syllables behind a surname that name no person
_NO_PERSON = re.compile(r"연구[단원소실]|[공지]?원회|조합[원장]?|공장.|도서관|[가-힣]{2}[사소]$")


def split_applicants(
    cell: str, *, blanks_may_join: bool = True, commas_join: bool = False
) -> tuple[tuple[str, ...], bool]:
    """The applicants of a cell, and whether that is sure.

    blanks_may_join: whether the source is known to write lists without any separator.  commas_join: whether it joins
    names by commas.

    >>> split_applicants("주식회사 윈텍|아주대학교산학협력단")
    (('주식회사 윈텍', '아주대학교산학협력단'), True)
    >>> split_applicants("인천대학교 산학협력단 주식회사 천보")
    (('인천대학교 산학협력단', '주식회사 천보'), True)
    >>> split_applicants("인천대학교 산학협력단 안국 약품 주식회사 셀비온")
    (('인천대학교 산학협력단 안국 약품 주식회사 셀비온',), False)
    """
    pieces = _pieces(cell)
    if len(pieces) == 1:
        pieces = _by_commas(pieces[0], commas_join=commas_join)
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


def people(cell: str, *, commas_join: bool = False) -> tuple[str, ...]:
    """The persons of a cell; Korean names joined by blanks are one each.

    >>> people("이승호 공정애"), people("SMITH John; LEE Jung-Ho")
    (('이승호', '공정애'), ('SMITH John', 'LEE Jung-Ho'))
    """
    pieces = _pieces(cell)
    if len(pieces) == 1:
        pieces = _by_commas(pieces[0], commas_join=commas_join)
    words = pieces[0].split() if len(pieces) == 1 else []
    if len(words) > 1 and all(_HANGUL_NAME.fullmatch(word) for word in words) and any(map(is_person, words)):
        return tuple(words)
    return pieces


def party_of(name: str) -> Party:
    """The party; a country beside its name is its country.

    >>> party_of("[KR] 삼성전자"), party_of("SAMSUNG CO LTD [KR]"), party_of("Nestec (SA)").name
    (Party(name='삼성전자', country='KR'), Party(name='SAMSUNG CO LTD', country='KR'), 'Nestec (SA)')
    """
    for pattern in (_COUNTRY_FIRST, _COUNTRY_LAST):
        match = pattern.search(name)
        code = next(filter(None, match.groups()), "") if match else ""
        # in round brackets it may be the form of a company
        if match and code in OFFICES | _OTHER_COUNTRIES and not (code in {"SA", "AG", "KG"} and "(" in match[0]):
            return Party(" ".join((name[: match.start()] + name[match.end() :]).split()), code)
    return Party(" ".join(name.split()))


def country_of(written: str) -> str:
    """The two letters of a country or office; "" where it is none we know.

    >>> country_of("KR"), country_of("대한민국"), country_of("United States of America"), country_of("?")
    ('KR', 'KR', 'US', '')
    """
    written = written.strip()
    if written.upper() in OFFICES | _OTHER_COUNTRIES:
        return written.upper()
    upper = written.upper()
    return office_of(written) or next((code for name, code in _COUNTRY_NAMES.items() if name in upper), "")


def _pieces(cell: str) -> tuple[str, ...]:
    """The pieces of a cell, blanks within made one, but those before a country: "SOLDIN STEVEN J    US"."""
    pieces = (re.sub(r"\s{2,}(?=\S)(?!(?:[A-Z]{2})$)", " ", piece.strip()) for piece in _SEPARATORS.split(cell))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _by_commas(joined: str, *, commas_join: bool) -> tuple[str, ...]:
    """The names of a list joined by commas; one name where it is none.  Korean names hold no commas."""
    names = tuple(dict.fromkeys(filter(None, map(str.strip, _COMMA.split(joined)))))
    return names if commas_join or all(map(_HANGUL_START.match, names)) else (joined,)


def is_person(word: str) -> bool:
    return len(word) == 3 and word[0] in _SURNAMES and not _NO_PERSON.match(word)


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
