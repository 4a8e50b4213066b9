"""Dot codes of USPTO full text -> characters: ``.degree.``, ``.sup.-6``, ``.sub.4`` (1976 to today).

In: a line of text from Greenbook, BRS or the public search.  Out: the same text in Unicode; raised figures stand as
raised characters ("10⁻⁶", never "10-6"), lowered ones on the line ("CO2"), as everywhere in this room.  A word between
dots that is no code stays as it is ("e.g.", "www.example.com").
Source: USPTO, Patent Full Text/APS documentation; the samples.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from dokhae.parse.xml.text import raised

_GREEK = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi
    psi omega
"""
# what is raised or lowered ends at a blank, a comma, a point or a bracket (which it may open itself)
_SCRIPT = re.compile(r"\.(?:s[bp])?(su[bp])\.((?:\([^()\s]{1,20}\)|[^\s.,;:()\[\]\"])*)")
# elements as they follow a lowered figure after the blank that ends it: "Al.sub.2 O.sub.3", "H.sub.2 SO.sub.4"
_ELEMENT = "(?:H|B|C|N|O|F|Na|Mg|Al|Si|P|S|Cl|K|Ca|Ti|Cr|Mn|Fe|Co|Ni|Cu|Zn|Ga|Ge|Br|Sr|Zr|Mo|Ag|Cd|Sn|Ba|W|Pt|Au|Pb)"
_PARTS = rf"(?:\(?{_ELEMENT}\)?|\.sub\.\d{{1,3}} ?){{0,16}}{_ELEMENT}\)?\.sub\.\d{{1,3}}"
_NEXT_PART = rf"\(?{_ELEMENT}{{1,6}}(?:\.sub\.|[\s.,;)\]]|$)"
_FORMULA_GOES_ON = re.compile(rf"(?<![A-Za-z])({_PARTS}) (?={_NEXT_PART})")
_MANY_FORMULAS = 12  # parts of one formula


@cache
def _codes() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(files(__package__).joinpath("dot_codes.toml").read_text("utf8"))["codes"]
    for name in _GREEK.split():
        spoken = "LAMDA" if name == "lambda" else name.upper()
        table[name] = unicodedata.lookup(f"GREEK SMALL LETTER {spoken}")
        table[name.upper()] = unicodedata.lookup(f"GREEK CAPITAL LETTER {spoken}")
    return table


@cache
def _code_pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_codes(), key=len, reverse=True))
    return re.compile(rf"(?<!www)\.({names})\.")


def decode_dots(text: str, *, ends_with_blank: bool = False) -> str:
    """``text`` with its codes as characters.

    ends_with_blank: in Greenbook a blank that only ends a lowered figure stands inside formulas ("H.sub.2 O"); it is
    taken out where chemical symbols stand on both sides of it.

    >>> decode_dots("360.degree. at 10.sup.-6 Pa, CO.sub.2 and .alpha.-phase, e.g. once")
    '360° at 10⁻⁶ Pa, CO2 and α-phase, e.g. once'
    >>> decode_dots("Al.sub.2 O.sub.3 in H.sub.2 SO.sub.4", ends_with_blank=True)
    'Al2O3 in H2SO4'
    """
    if "." not in text:
        return text
    if ends_with_blank and ".sub." in text:
        for _ in range(_MANY_FORMULAS):
            text, n = _FORMULA_GOES_ON.subn(r"\1", text)
            if not n:
                break
    text = _code_pattern().sub(lambda match: _codes()[match[1]], text)
    if ".su" in text:
        text = _SCRIPT.sub(lambda match: raised(match[2]) if match[1] == "sup" else match[2], text)
    return text
