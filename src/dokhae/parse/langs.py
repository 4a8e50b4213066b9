"""Which language a stretch of text is in: by script, and Latin script by its function words.

In: a string.  Out: "ko", "ja", "zh", "en", "de", "fr" or "" (too little to tell).  Never guesses on fewer than
three letters.
"""

from __future__ import annotations

import re

_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[a-z\u00e0-\u00ff]+")
_FUNCTION_WORDS = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": "the of and to in is a for with that by an be as are said which wherein from or at comprising",
        "de": "der die das und in ist ein eine mit von für zu dem den des daß dass wird nach einer auf",
        "fr": "le la les de des du et un une est dans par pour que qui au en selon à dont ladite ledit",
    }.items()
}
_SAMPLE_CHARS = 4000


def language_of(text: str) -> str:
    """The language most of ``text`` (its first 4,000 characters) is written in.

    >>> language_of("카메라 모듈 및 AF 구동 장치"), language_of("A camera module of the phone"), language_of("3.5")
    ('ko', 'en', '')
    """
    sample = text[:_SAMPLE_CHARS]
    hangul, kana, han = (len(p.findall(sample)) for p in (_HANGUL, _KANA, _HAN))
    latin = len(_LATIN.findall(sample))
    if hangul + kana + han + latin < 3:
        return ""
    if hangul + kana + han >= latin / 4:
        # Korean patents quote Hanja, Japanese ones never quote Hangul
        if hangul >= kana and hangul * 4 >= han:
            return "ko"
        return "ja" if kana * 20 >= han else "zh"
    words = _WORD.findall(sample.lower())
    counts = {lang: sum(word in known for word in words) for lang, known in _FUNCTION_WORDS.items()}
    best = max(counts, key=lambda lang: counts[lang])
    return best if counts[best] else "en"
