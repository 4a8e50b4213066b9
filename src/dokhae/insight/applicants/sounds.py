"""Sounds: a word in Hangul, Kana or Latin letters -> its consonants, as far as all three can write them.

In: letters.  Out: ``Sound``: a skeleton of consonants in eight classes (K T P S R M N H) and digits, and the same with
the vowels between them: "글로벌", "グローバル" and "GLOBAL" are KRPR.  Classes are as coarse as the coarsest script:
voiced and voiceless fall together, L with R, F and V with P, all hissing sounds with S; R at the end of an
English syllable is silent.  Never a translation: Han characters have no sound here.
Sources: Revised Romanisation of Korean (2000) and its loanword rules (1986), Hepburn; simplified by hand.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

_FIRST_SYLLABLE = 0xAC00
# the 19 initials, 21 vowels and 28 finals of Hangul, in the order of Unicode
_INITIALS = ("K", "K", "N", "T", "T", "R", "M", "P", "P", "S", "S", "", "S", "S", "S", "K", "T", "P", "H")
_VOWELS = ("a", "e", "a", "e", "o", "e", "o", "e", "o", "a", "e", "o", "o", "u", "o", "e", "i", "u", "", "i", "i")
_FINALS = (
    *("", "K", "K", "K", "N", "N", "N", "T", "R", "K", "M", "R", "R", "R", "P", "R", "M", "P", "P", "T"),
    *("T", "N", "T", "T", "K", "T", "P", ""),
)
# rows of the table of Kana in the order a i u e o; a blank where a row has no letter
_KANA_ROWS = (
    ("", "アイウエオ"), ("K", "カキクケコ"), ("K", "ガギグゲゴ"), ("S", "サシスセソ"), ("S", "ザジズゼゾ"),
    ("T", "タ  テト"), ("T", "ダ  デド"), ("S", " チツ  "), ("S", " ヂヅ  "), ("N", "ナニヌネノ"),
    ("H", "ハヒ ヘホ"), ("P", "バビブベボ"), ("P", "パピプペポ"), ("P", "  フ  "), ("M", "マミムメモ"),
    ("R", "ラリルレロ"), ("", "ヤ ユ ヨ"), ("", "ワヰ ヱヲ"), ("", "ァィゥェォ"), ("", "ャ ュ ョ"),
)  # fmt: skip
# U behind a consonant is mostly none in the word it stands for (スタンダード)
_KANA = {
    kana: consonant + ("" if consonant and vowel == "u" else vowel)
    for consonant, row in _KANA_ROWS
    for kana, vowel in zip(row, "aiueo", strict=True)
    if kana != " "
} | {"ン": "N", "ヴ": "P", "ッ": "", "ー": "", "・": "", "ヮ": "a", "ヵ": "Ka", "ヶ": "Ke"}
# how letters are called where an abbreviation is spelled out in Hangul or Kana (엘지, エルジー)
_LETTERS = {
    "A": "ei", "B": "Pi", "C": "Si", "D": "Ti", "E": "i", "F": "eP", "G": "Si", "H": "eiSi", "I": "ai", "J": "Sei",
    "K": "Kei", "L": "eR", "M": "eM", "N": "eN", "O": "o", "P": "Pi", "Q": "Ku", "R": "aR", "S": "eS", "T": "Ti",
    "U": "u", "V": "Pi", "W": "ToPRu", "X": "eKS", "Y": "oai", "Z": "SeT",
}  # fmt: skip
# spelling -> classes and vowels; the first that fits wins
_SPELLINGS = (
    (r"TCH|SCH|SH|TION|(?<=[AEIOUY])SION", "S"),
    (r"CH(?=[RLNMTS])", "K"),
    (r"CH", "S"),
    (r"CC(?=[EIY])", "KS"),
    (r"C(?=[EIY])", "S"),
    (r"CK|QU|[CQ]", "K"),
    (r"PH", "P"),
    (r"^GN|^KN", "N"),
    (r"^WR", "R"),
    (r"NG(?=L)", "NK"),
    (r"NG(?=[EI])", "NS"),
    (r"NG", "N"),
    (r"DG(?=[EIY])", "S"),
    (r"EO", "o"),
    (r"GH(?=[AEIOUY])|G(?=EU|EO|AE|YE)", "K"),
    (r"GH", ""),
    (r"G(?=[EI]|Y$)", "S"),
    (r"^X", "S"),
    (r"X", "KS"),
    (r"TURE$", "S"),
    (r"TH|TZ|TS|[ZJ]|SS", "S"),
    # the plural of a voiced ending, written with 즈 and ズ and left out there too
    (r"(?<=[MNLRGBD])S$", ""),
    (r"S", "S"),
    (r"R(?=[AIOUY]|E.)", "R"),
    (r"(?<=[AEIOUY])R+", ""),
    (r"R+E?", "R"),
    (r"LL|L", "R"),
    (r"H(?=[AEIOUYW])", "H"),
    (r"H", ""),
    (r"[KG]", "K"),
    (r"[TD]", "T"),
    (r"[PBFV]", "P"),
    (r"M", "M"),
    (r"N", "N"),
    (r"E$", ""),
    (r"Y(?=[AEOU])", ""),
    (r"AI", "e"),
    (r"EE|EA|IE|Y|I", "i"),
    (r"OO|OU|EU|U", "u"),
    (r"AE|E", "e"),
    (r"A", "a"),
    (r"O", "o"),
)
_ENGLISH = re.compile("|".join(f"({pattern})" for pattern, _ in _SPELLINGS))
_RUNS = re.compile(r"[가-힣]+|[ァ-ヶー・ぁ-ゖ]+|[A-Z]+|\d+|\S")


@dataclass(frozen=True, slots=True)
class Sound:
    """consonants: classes in upper case, without repetitions.  spoken: with the vowels between them, in lower case."""

    consonants: str
    spoken: str

    def likeness(self, other: Sound) -> float:
        """How alike two sounds of the same consonants are, vowels and repetitions taken into account: 0..1."""
        return SequenceMatcher(None, self.spoken, other.spoken, autojunk=False).ratio()


def sound_of(words: str, *, spelled_out: bool = True) -> Sound | None:
    """The sound of upper-case words; None where some of them have none (Han characters).

    spelled_out: short Latin words are read letter by letter (LG: 엘지), else as words (KIA: 기아); words without a
    vowel always are.

    >>> [sound_of(word).consonants for word in ("글로벌 스탠다드", "GLOBAL STANDARD", "グローバル スタンダード")]
    ['KRPRSTNT', 'KRPRSTNT', 'KRPRSTNT']
    >>> [sound_of(word).spoken for word in ("エルジー", "엘지", "LG")]
    ['eRSi', 'eRSi', 'eRSi']
    """
    said = [_run(run, spelled_out) for run in _RUNS.findall(words)]
    if None in said:
        return None
    spoken = "".join(filter(None, said))
    return Sound(_evened(re.sub("[a-z]", "", spoken)), spoken)


@lru_cache(maxsize=20_000)
def _run(run: str, spelled_out: bool) -> str | None:
    """What a run of letters of one script sounds like; None for Han characters."""
    first = run[0]
    if "가" <= first <= "힣":
        return "".join(map(_syllable, run.removesuffix("즈")))  # the English plural
    if "ぁ" <= first <= "ヶ" or first in "ー・":
        katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in run)
        return "".join(_KANA.get(c, "") for c in katakana.removesuffix("ズ"))
    if "A" <= first <= "Z":
        is_spelled = not re.search("[AEIOUY]", run) or (spelled_out and len(run) <= 3)
        return "".join(map(_LETTERS.__getitem__, run)) if is_spelled else _word(run)
    if first.isdecimal():
        return run
    return None if unicodedata.category(first).startswith("L") else ""


def _syllable(char: str) -> str:
    index = ord(char) - _FIRST_SYLLABLE
    return _INITIALS[index // 588] + _VOWELS[index % 588 // 28] + _FINALS[index % 28]


def _word(run: str) -> str:
    return "".join(_SPELLINGS[(found.lastindex or 1) - 1][1] for found in _ENGLISH.finditer(run))


def _evened(consonants: str) -> str:
    """Repeated classes once, and M before P as the N that Korean and Japanese hear alike."""
    return re.sub(r"(\D)\1+", r"\1", consonants.replace("MP", "NP"))
