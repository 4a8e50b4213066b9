"""A text -> what a model's tokenizer reads of it, each character with its place in the text.

In: a text and the tokenizer's normaliser (NFKC, white space, case: whatever it is).  Out: ``Aligned``: the normalised
text and, for each of its characters, the span it came from.  Never changes what the tokenizer would have read.  The
tokenizers library tracks offsets through normalisation by itself, but slips by one for each character that XLM-R's
normaliser removes at the start of a text; so texts are normalised and aligned here, and the tokenizer gets the result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dokhae.graphemes import clusters as _characters
from dokhae.types import Span

Normalise = Callable[[str], str]
Cut = Callable[[str, Span], Iterator[Span]]

# Letters that never join what stands before them: a stretch of them that the normaliser leaves alone maps as it is.
_SURE = r"\u0020-\u007e가-힣一-鿿ぁ-ゖァ-ヺ"
_STRETCH = re.compile(rf"[{_SURE}]+(?=[{_SURE}]|\Z)|[{_SURE}]?[^{_SURE}]+|[{_SURE}]")
_WORD = re.compile(r"\s+|\S+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(slots=True)
class Aligned:
    """text: normalised.  starts, ends: of each of its characters in the original; empty where nothing moved."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def originals(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where stretches of ``text`` stand in the original."""
        if not self.starts:
            return list(spans)
        starts, ends = self.starts, self.ends
        return [(starts[a], ends[b - 1]) if a < b else (0, 0) for a, b in spans]

    def _take(self, stretch: str, start: int, normal: str) -> bool:
        """Aligns what ``stretch`` became, if it stands next in ``text``; False where it does not.

        Alone a stretch may become less than in its text: blanks that meet become one, blanks at the ends go.
        """
        forms = (" ", normal, "") if stretch.isspace() else (normal, normal.removeprefix(" "))
        at = len(self.starts)
        taken = next((form for form in forms if self.text.startswith(form, at)), None)
        if taken is None:
            return False
        self.starts += [start] * len(taken)
        self.ends += [start + len(stretch)] * len(taken)
        return True

    def _take_even(self, stretch: str, start: int) -> bool:
        """Aligns ``stretch`` character by character, if it stands next in ``text``; False where it does not."""
        if not self.text.startswith(stretch, len(self.starts)):
            return False
        self.starts += range(start, start + len(stretch))
        self.ends += range(start + 1, start + len(stretch) + 1)
        return True


def align(text: str, normalise: Normalise) -> Aligned:
    """``text`` normalised and aligned: by character, else by word, else all of it with all of it.

    A normaliser that changes a character by what stands around it is met by the wider stretches: a span may then be
    too wide, never beside its place.

    >>> align("5 ㎛", lambda text: text.replace("㎛", "μm")).originals([(0, 1), (2, 4)])
    [(0, 1), (2, 3)]
    """
    text = writable(text)
    normal = normalise(text)
    if normal == text:
        return Aligned(text)
    for cut in (_characters, _words):
        aligned = _walk(text, normal, normalise, cut)
        if aligned is not None:
            return aligned
    return Aligned(normal, [0] * len(normal), [len(text)] * len(normal))


def writable(text: str) -> str:
    """``text`` with half surrogates, which no tokenizer takes, replaced by U+FFFD: as many characters."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _walk(text: str, normal: str, normalise: Normalise, cut: Cut) -> Aligned | None:
    """``text`` and ``normal`` side by side, from stretch to stretch; None where they part."""
    aligned = Aligned(normal)
    for match in _STRETCH.finditer(text):
        if aligned._take_even(match[0], match.start()):
            continue
        for span in cut(text, Span(*match.span())):
            stretch = text[span.start : span.end]
            became = normalise(stretch)
            is_even = became == stretch and aligned._take_even(stretch, span.start)
            if not is_even and not aligned._take(stretch, span.start, became):
                return None
    return aligned if len(aligned.starts) == len(normal) else None


def _words(text: str, span: Span) -> Iterator[Span]:
    for match in _WORD.finditer(text, span.start, span.end):
        yield Span(*match.span())
