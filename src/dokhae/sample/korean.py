"""The little Korean grammar a composed patent needs: particles after a noun, clauses made into sentences.

In: nouns and clauses as the content files hold them.  Out: strings.  Never analyses free text: the content files keep
to the few endings named here, and a test holds them to it.
"""

from __future__ import annotations

import re

_FIRST, _LAST = 0xAC00, 0xD7A3
_FINALS = 28  # syllables are laid out as (initial, vowel, final); final 0 = open
_NIEUN, _RIEUL = 4, 8
# particle as the content files write it -> (after a consonant, after a vowel)
_PARTICLES = {"은": ("은", "는"), "이": ("이", "가"), "을": ("을", "를"), "과": ("과", "와"), "로": ("으로", "로")}
# Units and numbers are read aloud: ㎛ is 마이크로미터 (open), ㎫ 메가파스칼 (final ㄹ), 10분 has a final.
_READ_AS = {
    "㎫": "칼", "㎬": "칼", "㎃": "어", "㎽": "트", "V": "트", "㎓": "츠", "N": "턴", "K": "빈",
    "h": "시", "□": "모", "n": "분",
}  # fmt: skip
_SIGN = re.compile(r"\s*\([^()]*\)$")
# adnominal verbs whose stem is irregular before -ㄹ 수 있다
_MODAL = {"갖는": "가질", "있는": "있을", "인": "일"}


def _final(word: str) -> int:
    """The final consonant of the last syllable as its index in Unicode, 0 for none."""
    bare = _SIGN.sub("", word)
    last = _READ_AS.get(bare[-1:], bare[-1:])
    return (ord(last) - _FIRST) % _FINALS if last and _FIRST <= ord(last) <= _LAST else 0


def with_particle(word: str, particle: str) -> str:
    """``word`` followed by the form of ``particle`` its sound asks for; reference signs are read over.

    >>> with_particle("코일(120)", "은"), with_particle("캐리어", "은"), with_particle("마그넷", "과의")
    ('코일(120)은', '캐리어는', '마그넷과의')
    >>> with_particle("볼", "로"), with_particle("10㎛ 이하", "로")
    ('볼로', '10㎛ 이하로')
    """
    forms = _PARTICLES.get(particle[:1])
    if forms is None:
        return word + particle
    final = _final(word)
    closed = final != 0 and not (particle[0] == "로" and final == _RIEUL)
    return word + forms[0 if closed else 1] + particle[1:]


def sentence(clause: str, *, may: bool = False) -> str:
    """An adnominal clause (…하는, …갖는, …인) as a sentence; ``may`` makes it …할 수 있다.

    >>> sentence("볼을 밀착시키는"), sentence("간격이 10㎛인"), sentence("홈을 갖는", may=True)
    ('볼을 밀착시킨다.', '간격이 10㎛이다.', '홈을 가질 수 있다.')
    """
    if may:
        irregular = next((ending for ending in _MODAL if clause.endswith(ending)), None)
        if irregular:
            return f"{clause[: -len(irregular)]}{_MODAL[irregular]} 수 있다."
        stem = clause[:-1]
        return f"{stem}을 수 있다." if _final(stem) else f"{_close(stem, _RIEUL)} 수 있다."
    if clause.endswith("인"):
        return f"{clause[:-1]}이다."
    if clause.endswith("있는"):
        return f"{clause[:-1]}다."
    return f"{clause}다." if _final(clause[:-1]) else f"{_close(clause[:-1], _NIEUN)}다."


def joined(clause: str) -> str:
    """An adnominal clause made to go on: …하고,

    >>> joined("볼을 밀착시키는"), joined("간격이 10㎛인")
    ('볼을 밀착시키고,', '간격이 10㎛이고,')
    """
    return f"{clause[:-1]}이고," if clause.endswith("인") else f"{clause[:-1]}고,"


def _close(stem: str, final: int) -> str:
    """``stem`` with a final consonant put under its open last syllable."""
    return stem[:-1] + chr(ord(stem[-1]) + final)
