"""Markup: the only place where text becomes HTML.  Everything that is not markup of ours goes through ``h``.

In: strings, labels.  Out: HTML in which both languages are at hand: ``data-say`` names a label, ``data-ko`` and
``data-en`` hold a sentence with values; common.js puts in the one chosen.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

from dokhae.report.labels import label
from dokhae.report.spell import clean

Speak = Callable[[str], str]


def h(text: object) -> str:
    """Text as HTML text or attribute value.

    >>> h('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(clean(str(text)), quote=True)


@cache  # the same few hundred labels stand on every page
def say(key: str, lang: str, *, tag: str = "span", **attributes: str) -> str:
    """An element that holds a label."""
    return f'<{tag} data-say="{h(key)}"{_attributes(attributes)}>{h(label(key, lang))}</{tag}>'


def both(speak: Speak, lang: str, *, tag: str = "span", **attributes: str) -> str:
    """An element that holds a sentence with values, given by language."""
    held = f' data-ko="{h(speak("ko"))}" data-en="{h(speak("en"))}"'
    return f"<{tag}{held}{_attributes(attributes)}>{h(speak(lang))}</{tag}>"


def filled(key: str, lang: str, *, tag: str = "span", **values: object) -> str:
    """An element that holds a label whose placeholders are filled."""
    return both(lambda spoken: label(key, spoken, **values), lang, tag=tag)


def literal(value: Any) -> str:
    """A value as JavaScript, safe in a .js file and inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return clean(text).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _attributes(attributes: dict[str, str]) -> str:
    """``class_`` -> class; every value escaped."""
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{h(value)}"' for name, value in attributes.items())
