"""Named characters of patent files -> the characters: ``&mgr;`` is μ.

In: a name as it stands between "&" and ";".  Out: its characters, or None for a name nobody knows.  HTML's table comes
first (it took over most of ISO 8879); then the Greek of ISOgrk1, which HTML left out, and the names of USPTO's own
typesetting.  Names set in capitals along with a heading (``&UUML;``) are read in capitals.
Source: HTML Living Standard; ISO 8879 entity sets; USPTO files of 1998-2004.
"""

from __future__ import annotations

from html.entities import html5

_GREEK_NAMES = "a b g d e z ee th i k l m n x o p r sf s t u ph kh ps oh".split()  # noqa: SIM905 (a column to read)
_SMALL_GREEK = {f"{name}gr": letter for name, letter in zip(_GREEK_NAMES, "αβγδεζηθικλμνξοπρςστυφχψω", strict=True)}
# of letters named by two, both are capital: &PHgr;
_CAPITAL_GREEK = {f"{name.upper()}gr": _SMALL_GREEK[f"{name}gr"].upper() for name in _GREEK_NAMES if name != "sf"}
_TYPESETTING = {
    "Brketopenst": "[", "Brketclosest": "]", "Parenopenst": "(", "Parenclosest": ")",
    "LeftBracketingBar": "|", "RightBracketingBar": "|", "AutoLeftMatch": "", "AutoRightMatch": "",
    "Circlesolid": "●", "Asteriskpseud": "*", "vellip": "⋮", "xutri": "△", "rlarr2": "⇄", "lrarr2": "⇆", "litre": "ℓ",
    "phis": "ϕ", "thetas": "ϑ", "percent": "%",
}  # fmt: skip
_OURS = _SMALL_GREEK | _CAPITAL_GREEK | _TYPESETTING
_BOLD = "b."  # ISOgrk4: &b.mgr;


def characters_of(name: str) -> str | None:
    """The characters ``name`` stands for.

    >>> [characters_of(name) for name in ("deg", "mgr", "PHgr", "UUML", "b.agr", "custom")]
    ['°', 'μ', 'Φ', 'Ü', 'α', None]
    """
    plain = name.removeprefix(_BOLD)
    found = _known(plain)
    if found is not None or not plain.isupper():
        return found
    small = _known(plain.lower())
    return _known(plain.capitalize()) or (small.upper() if small is not None else None)


def _known(name: str) -> str | None:
    found = html5.get(f"{name};")
    return _OURS.get(name) if found is None else found
