"""Breaking text into lines as Korean gazettes do: anywhere between syllables, whatever the word.

In: a text and a function that measures it.  Out: its lines.  Runs of Latin letters and digits stay whole, closing marks
never start a line, a space at a break is lost: which breaks were spaces is no longer to be seen, as in the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_ATOM = re.compile(r"\s+|[가-힣][,.;:)\]]*|[^\s가-힣]+")


def lines(text: str, width: float, measure: Callable[[str], float], *, indent: float = 0.0) -> Iterator[str]:
    """The lines of ``text``, each at most ``width`` wide; the first one ``indent`` narrower.

    >>> list(lines("볼이 구르는 홈(12).", 4, len))
    ['볼이 구', '르는 홈', '(12).']
    """
    line, room = "", width - indent
    for atom in _ATOM.findall(text):
        if line and measure(line + atom.rstrip()) > room:
            yield line.rstrip()
            line, room = "", width
        if line or not atom.isspace():
            line += atom
    if line.strip():
        yield line.rstrip()
