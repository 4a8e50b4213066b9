"""The little XML writing the sample needs: escaped text, elements, a document with its declaration.

In: names and strings.  Out: strings.  Written by hand rather than through a tree, since USPTO files carry processing
instructions and declarations in the middle that a tree would refuse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def element(tag: str, *children: str, **attributes: str) -> str:
    """``<tag a="b">children</tag>``; children are markup already.  A leading tag name only is closed.

    >>> element("p", text("a < b"), num="0001")
    '<p num="0001">a &lt; b</p>'
    """
    inner = "".join(children)
    named = "".join(f' {name.strip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{named}>{inner}</{tag}>"


def text(value: str) -> str:
    return escape(value)


def leaves(pairs: Iterable[tuple[str, str]], between: str = "\n") -> str:
    """An element a pair, each holding text."""
    return between.join(element(tag, text(value)) for tag, value in pairs)


def compact(day: date) -> str:
    """20180123"""
    return f"{day:%Y%m%d}"
