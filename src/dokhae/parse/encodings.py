"""The bytes of one XML document, or of a page or note of text -> UTF-8, whatever its declaration says.

In: bytes.  Out: the same document in UTF-8 and whether the declared encoding held, or None where nothing fits.
Never replaces more than a stray byte in a document that is otherwise sound.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["'][^>]{0,200}?\?>""")
_WIDE_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WIDE_STARTS = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_HANGUL_RUN = re.compile("[가-힣]{2,}")
_KANA = re.compile("[ぁ-ゖァ-ヺー]")
_COMMON_HAN = re.compile("[的一是在不了有和人这中大为上个所述其种该至权利要求]")
# the names files declare -> the encodings of the programs that wrote them, which hold a few characters more
_WIDER = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
}
_LATIN_TEXT = re.compile("[\u00a0-\u00bf\u00c0-\u00ff\u2010-\u2026\u20ac\u2122\u0152\u0153\u0160\u0161\u017d\u017e]")


@dataclass(frozen=True, slots=True)
class Decoded:
    utf8: bytes
    declared: str
    used: str
    guessed: bool = False
    n_replaced: int = 0


def decode(data: bytes) -> Decoded | None:
    """``data`` as UTF-8 without declaration trouble; None where no encoding fits.

    A declaration that the bytes contradict is not believed: UTF-8 that decodes is UTF-8 (nothing else looks like it
    by chance), then Japanese (they have kana), Korean, Chinese, Western, each only if the outcome looks like such text.
    """
    wide = next((name for mark, name in (*_WIDE_MARKS, *_WIDE_STARTS) if data.startswith(mark)), None)
    if wide is not None:
        text = _try(data, wide)
        return None if text is None else Decoded(text.encode("utf-8", "replace"), wide, wide)
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    match = _DECLARED.match(data)
    declared = match.group(1).decode("ascii").lower() if match else "utf-8"
    if data.isascii():
        return Decoded(data, declared, declared)
    believed_utf8 = declared in {"utf-8", "utf8"}
    if _try(data, "utf-8") is not None:
        # it is what the declaration says, or a declaration that lies
        return Decoded(data, declared, "utf-8", guessed=not believed_utf8)
    if not believed_utf8 and (text := _try(data, _WIDER.get(declared, declared))) is not None:
        return Decoded(text.encode("utf-8", "replace"), declared, declared)
    return _guess(data, declared)


def _guess(data: bytes, declared: str) -> Decoded | None:
    halves = _try(data, "utf-8", errors="surrogatepass")
    if halves is not None:  # halves of characters, as a careless converter leaves them: joined, lone ones replaced
        whole = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return Decoded(whole.encode(), declared, "utf-8", n_replaced=whole.count("\ufffd") - halves.count("\ufffd"))
    mended = data.decode("utf-8", "replace")
    n_bad = mended.count("\ufffd")
    n_good = sum(1 for c in mended if c > "\x7f") - n_bad
    if n_good > 20 * n_bad:  # sound UTF-8 with a stray byte
        return Decoded(mended.encode(), declared, "utf-8", n_replaced=n_bad)
    for name, looks_right in _LIKELY:
        text = _try(data, name)
        if text is not None and looks_right(text):
            return Decoded(text.encode("utf-8", "replace"), declared, name, guessed=True)
    return None


def _looks_korean(text: str) -> bool:
    # Western letters misread as cp949 give lone syllables between Latin letters, Korean text gives words
    foreign = sum(1 for c in text if c > "\x7f")
    return sum(len(run) for run in _HANGUL_RUN.findall(text)) * 2 > foreign


def _looks_japanese(text: str) -> bool:
    # Korean misread as EUC-JP has no kana, as Shift-JIS only those of half width
    foreign = sum(1 for c in text if c > "\x7f")
    return len(_KANA.findall(text)) * 5 > foreign


def _looks_chinese(text: str) -> bool:
    # gb18030 decodes nearly anything: only text in which the commonest characters are common is Chinese
    foreign = sum(1 for c in text if c > "\x7f")
    return len(_COMMON_HAN.findall(text)) * 20 > foreign


def _looks_western(text: str) -> bool:
    # even so a page of symbols is no language: letters stand among letters
    foreign = sum(1 for c in text if c > "\x7f")
    return len(_LATIN_TEXT.findall(text)) * 10 >= foreign * 9 and foreign * 4 < len(text)


_LIKELY: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("euc_jp", _looks_japanese),
    ("cp932", _looks_japanese),
    ("cp949", _looks_korean),
    ("gb18030", _looks_chinese),
    ("cp1252", _looks_western),
)


def _try(data: bytes, encoding: str, *, errors: str = "strict") -> str | None:
    try:
        return data.decode(encoding, errors)
    except (UnicodeDecodeError, LookupError):
        return None


_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,20})""", re.I)


def decode_text(data: bytes) -> Decoded | None:
    """A page or note of text as UTF-8: by its mark, as UTF-8, as declared in HTML, then as it looks.

    None where no encoding gives text.  ``declared`` is "" where nothing is declared.
    """
    wide = next((name for mark, name in _WIDE_MARKS if data.startswith(mark)), None) or _wide_by_zeros(data)
    if wide is not None:
        mended = data.decode(wide, "replace")
        return Decoded(mended.encode("utf8", "replace"), "", wide, n_replaced=mended.count("\ufffd"))
    data = data.removeprefix(codecs.BOM_UTF8)
    match = _CHARSET.search(data[:8192])
    declared = match.group(1).decode("ascii").lower() if match else ""
    if _try(data, "utf-8") is not None:
        return Decoded(data, declared, "utf-8")
    if declared and declared not in {"utf-8", "utf8"} and (text := _try(data, declared)) is not None:
        return Decoded(text.encode("utf8", "replace"), declared, declared)
    return _guess(data, declared)


def _wide_by_zeros(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    head = data[:400]
    if len(head) < 8 or head.count(0) * 3 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
