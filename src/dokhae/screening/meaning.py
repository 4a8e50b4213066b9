"""How near a text is to what a class means, in words of its own or in another language.

In: static vectors, the wording of a class, a ``Text``.  Out: a likeness, and the sentence that is nearest.
Token-by-token likeness and the cosine of the whole together, less what they are on the average for descriptions of
trades in general (trades.toml): what is left is comparable between texts.  Title and abstract speak for the patent,
the first claim where there is no abstract.  docs/benchmarks.md says how the thresholds were found.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dokhae.reading.sentences import sentences
from dokhae.reading.words import is_korean
from dokhae.types import ClaimForm, SectionKind, Span, Text

FITS_FROM, FITS_ACROSS_FROM = 0.32, 0.18  # in one language; where class and text speak different ones
AS_NEAR = 0.02  # only the nearest wording fits, and those as near
COSINE_WEIGHT = 0.5
_MOST_CHARS = 4000  # of one text: an abstract is shorter, a claim may have no end


class Vectors(Protocol):
    """What is used of the static vectors."""

    def match(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True)
class Summary:
    """The stretches of a text that say what the patent is about, sentence by sentence."""

    text: Text
    spans: tuple[Span, ...]

    @property
    def words(self) -> str:
        return " ".join(self.text.quote(span) for span in self.spans)[:_MOST_CHARS]


def summary_of(text: Text) -> Summary:
    """Title and abstract; with the first claim where there is no abstract."""
    stretches = [section.span for section in text.of_kind(SectionKind.title, SectionKind.abstract)]
    if not any(section.span for section in text.of_kind(SectionKind.abstract)):
        live = (claim.span for claim in text.claims if not claim.deleted and claim.form is not ClaimForm.dependent)
        stretches += [span for span in (next(live, None),) if span]
    spans = (span for stretch in stretches for span in sentences(text.text, stretch))
    return Summary(text, tuple(spans))


def likeness(vectors: Vectors, wordings: Sequence[str], summary: Summary) -> list[tuple[float, bool]]:
    """For each wording how much nearer than trades in general it is to the text, and whether that is near enough."""
    words = summary.words
    if not words or not wordings:
        return [(0.0, False)] * len(wordings)
    of_text, of_wordings = lang_of(words), [lang_of(wording) for wording in wordings]
    general = {lang: float(_raw(vectors, _trades()[lang], words).mean()) for lang in set(of_wordings)}
    raw = _raw(vectors, wordings, words)
    margins = [float(value) - general[lang] for value, lang in zip(raw, of_wordings, strict=True)]
    least = [FITS_FROM if lang == of_text else FITS_ACROSS_FROM for lang in of_wordings]
    least = [max(enough, max(margins) - AS_NEAR) for enough in least]
    return [(margin, margin >= enough) for margin, enough in zip(margins, least, strict=True)]


def nearest(vectors: Vectors, wording: str, summary: Summary) -> Span:
    """The sentence that is nearest to ``wording``; the earlier one among equals."""
    values = vectors.match(wording, [summary.text.quote(span) for span in summary.spans])
    return summary.spans[int(np.argmax(values))]


def _raw(vectors: Vectors, wordings: Sequence[str], words: str) -> NDArray[np.float32]:
    """[n_wordings]"""
    matched = np.array([vectors.match(wording, [words])[0] for wording in wordings], np.float32)
    cosines = vectors.encode(list(wordings)) @ vectors.encode([words])[0]  # [n_wordings]
    return np.asarray(matched + COSINE_WEIGHT * cosines)


@cache
def _trades() -> dict[str, list[str]]:
    return tomllib.loads(files(__package__).joinpath("trades.toml").read_text("utf8"))


def lang_of(text: str) -> str:
    return "ko" if is_korean(text) else "en"
