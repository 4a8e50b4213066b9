"""The fields a query can name, how users write them, and how their values are normalised.

In: names and values as written.  Out: canonical names (``TL``), index terms.  The one table that query, evaluator and
index share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# canonical name -> field of Entry
TEXTS = {
    "TL": "title",
    "AB": "abstract",
    "CL": "claims",
    "DS": "description",
    "AP": "applicants",
    "IN": "inventors",
}
BODY = ("title", "abstract", "claims", "description")
DATES = {"AD": "application_date", "PD": "publication_date", "GD": "grant_date"}
CLASSES = {"IPC": "ipc", "CPC": "cpc"}

# every name a user may write, case folded -> canonical name
FIELDS = {
    **{name.casefold(): name for name in (*TEXTS, *DATES, *CLASSES, "NO")},
    **{name: name for name in ("office", "kind", "lang")},
    **dict.fromkeys(("ti", "title", "명칭", "발명의명칭"), "TL"),
    **dict.fromkeys(("abstract", "요약"), "AB"),
    **dict.fromkeys(("claims", "청구항", "청구범위"), "CL"),
    **dict.fromkeys(("de", "description", "명세서", "설명"), "DS"),
    **dict.fromkeys(("applicant", "pa", "출원인"), "AP"),
    **dict.fromkeys(("inventor", "발명자"), "IN"),
    **dict.fromkeys(("an", "opn", "pn", "gn", "rn", "number", "번호"), "NO"),
    **dict.fromkeys(("출원일",), "AD"),
    **dict.fromkeys(("opd", "공개일"), "PD"),
    **dict.fromkeys(("rd", "등록일"), "GD"),
    **dict.fromkeys(("cc", "country", "국가"), "office"),
    **dict.fromkeys(("언어",), "lang"),
}

_CLASS = re.compile(r"([A-HY])(?:(\d\d)(?:([A-Z])(?:0*(\d{1,4})(?:/(\d{1,8})?)?)?)?)?")
# a US publication is printed 2018/0158710 and registered 2018158710
_US_SHORT = re.compile(r"^((?:19|20)\d\d)(\d{6})$")
_OFFICE_AND_KIND = re.compile(r"([a-z]{2})(?=[a-z]*\d{4})(.*?)([a-z]\d?)?")


def class_code(written: str) -> str:
    """A class in one spelling, "" where it is none.

    >>> class_code("g02b 7/08"), class_code("G02B7"), class_code("H04N 0005/225"), class_code("camera")
    ('G02B7/08', 'G02B7', 'H04N5/225', '')
    """
    plain = re.sub(r"\s+|[*?]$", "", unicodedata.normalize("NFKC", written)).upper()
    found = _CLASS.fullmatch(plain)
    if not found:
        return ""
    section, number, letter, group, subgroup = (part or "" for part in found.groups())
    return section + number + letter + group + (f"/{subgroup}" if subgroup else "")


def class_levels(written: str) -> tuple[str, ...]:
    """Every code a class is found by, itself last; () where it is not readable as a class.

    >>> class_levels("G02B 7/08")
    ('G', 'G02', 'G02B', 'G02B7', 'G02B7/08')
    """
    code = class_code(written)
    if not code:
        return ()
    ends = [1, 3, 4, code.find("/"), len(code)]
    return tuple(dict.fromkeys(code[:end] for end in ends if 0 < end <= len(code)))


def compact_number(written: str) -> str:
    """A number as one lower-case word, "" where it has no digit; a trailing "?" (any ending) is kept."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    word = "".join(char for char in plain if char.isalnum())
    if not any(char.isdigit() for char in word):
        return ""
    return word + "?" if plain.endswith("?") else word


def number_spellings(written: str) -> tuple[str, ...]:
    """What a compact number is found by: whole, without kind, without office, without both.

    >>> number_spellings("KR101910347B1")
    ('kr101910347b1', 'kr101910347', '101910347b1', '101910347')
    >>> number_spellings("US2018158710A1")[-1]
    '20180158710'
    """
    word = compact_number(written)
    found = _OFFICE_AND_KIND.fullmatch(word)
    if not found:
        return (word,) if word else ()
    office, digits, kind = (part or "" for part in found.groups())
    serials = (digits, _US_SHORT.sub(r"\g<1>0\2", digits)) if office == "us" else (digits,)
    return tuple(dict.fromkeys(o + serial + k for serial in serials for o in (office, "") for k in (kind, "")))


def _lower(written: str) -> str:
    word = written.strip().casefold()
    return word if word.isalnum() else ""


# canonical name -> the value of a query or an entry in one spelling, "" where it cannot be one
EXACT: dict[str, Callable[[str], str]] = {
    "IPC": class_code,
    "CPC": class_code,
    "NO": compact_number,
    "office": _lower,
    "kind": _lower,
    "lang": _lower,
}
