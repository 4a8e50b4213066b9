"""A stretch of text -> its sentences as spans, in Korean, English, Japanese and Chinese.

In: a text and a span of it.  Out: spans in order that do not overlap, trimmed of outer white space, and lose nothing
but white space between them.  A line end is a border: parsers give one paragraph a line.  Source of the rules: the
orthography of the four languages and the abbreviations patents use; no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokhae.types import Span

_END = re.compile(
    r"(?P<cjk>[。！？])"
    r"|(?P<stop>[.!?])[\"'”’)\]]*(?=\s|$)"
    r"|(?P<korean>(?<=[다음임함됨])\.(?=[가-힣]))"  # PDF text often lacks the space after 다.
    r"|(?P<line>\n)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]|Figs?|FIGS?|Nos?|NOS?|Eqs?|Refs?|Pat|Appln?|Ser|Ex|Vol|vol|pp|approx|ca|cf|vs|etc|al|resp|"
    r"Inc|Co|Ltd|Corp|Dr|Mr|Mrs|Prof|St|wt|vol|max|min|temp|i\.e|e\.g|viz|U\.S|sec|hr))$"
)
_LIST_NUMBER = re.compile(r"\s*\(?\d{1,2}$")
_GOES_ON = re.compile(r"\s+[a-z]")
_LOOK_BACK = 14


def sentences(text: str, span: Span) -> Iterator[Span]:
    """Spans of the sentences of ``text[span]``.

    >>> t = "The lens moves, see FIG. 3. It stops at 1.5 mm.\\n렌즈가 이동한다. 정지한다."
    >>> [t[s.start:s.end] for s in sentences(t, Span(0, len(t)))]
    ['The lens moves, see FIG. 3.', 'It stops at 1.5 mm.', '렌즈가 이동한다.', '정지한다.']
    """
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        if match.group("stop") and _is_inside_sentence(text, start, match):
            continue
        trimmed = trim(text, Span(start, match.end()))
        if trimmed:
            yield trimmed
        start = match.end()
    trimmed = trim(text, Span(start, span.end))
    if trimmed:
        yield trimmed


def trim(text: str, span: Span) -> Span:
    """``span`` without outer white space."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _is_inside_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop belongs to an abbreviation or a list number, or the sentence plainly goes on."""
    if text[match.start()] != ".":
        return False
    if _LIST_NUMBER.fullmatch(text, start, match.start()):
        return True
    before = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    if _ABBREVIATION.search(before):
        # "step A. The next" looks like an abbreviation too: rather a sentence too long than one cut in two
        return True
    return before[-1:].isascii() and before[-1:].isalpha() and _GOES_ON.match(text, match.end()) is not None
