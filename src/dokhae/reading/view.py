"""One text as the reader sees it: readable sentences with their place, and what the claims say.

In: a ``Text``.  Out: ``View``: every sentence of a section in a language we read, boilerplate left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dokhae.models import Scored
from dokhae.reading.cues import LANGUAGES, heard, is_boilerplate
from dokhae.reading.grams import grams
from dokhae.reading.sentences import sentences
from dokhae.types import ClaimForm, Section, SectionKind, Span, Text

# Never sentences that answer: lists, drawings, tables, other documents, what came after grant.
UNREAD_KINDS = frozenset(
    (
        SectionKind.table,
        SectionKind.drawings,
        SectionKind.reference_signs,
        SectionKind.prior_art_documents,
        SectionKind.support,
        SectionKind.amendment,
    )
)
# Nor is a question put to them, but to tables it is; a title says nothing beyond them.
UNASKED_KINDS = UNREAD_KINDS - {SectionKind.table} | {SectionKind.title}
_PREDICATE = re.compile(r"(?:다|음|함|됨|임)\.?$|\b(?:is|are|was|has|have|can|be)\b")
_OWN_WORDS = re.compile(
    r"(본|이)\s?(발명|고안)|본원\s?발명|\b(present|instant|the)\s+(invention|disclosure)\b", re.IGNORECASE
)
MIN_SENTENCE_CHARS = 8
MAX_INDEX_WORD_CHARS = 30
EARLY_CHARS = 4000
REACH_CHARS = 900


def mostly_unread(sections: Sequence[Section]) -> bool:
    """Whether more than half of what ``sections`` say is in a language that is not read."""
    unread = sum(len(section.span) for section in sections if section.lang not in (*LANGUAGES, ""))
    return unread * 2 > sum(len(section.span) for section in sections)


@dataclass(frozen=True)
class Sentence:
    """One sentence and where it stands: its section, its ordinal there, how far from the start of the description."""

    span: Span
    text: str
    section: Section
    ordinal: int
    is_last: bool
    is_early: bool

    @property
    def reach(self) -> tuple[int, int]:
        """The part phrases are searched in, so that a sentence without end costs no more than a long one.

        A Korean sentence says at its end what it is about, an English one at its start.
        """
        n = len(self.text)
        return (max(0, n - REACH_CHARS), n) if self.section.lang == "ko" else (0, min(n, REACH_CHARS))

    @cached_property
    def heard(self) -> frozenset[int]:
        """Numbers of the cues and the boilerplate worth searching in its reach."""
        return heard(self._reached, self.section.lang)

    @cached_property
    def is_boilerplate(self) -> bool:
        return is_boilerplate(self._reached, self.section.lang, self.heard)

    @cached_property
    def speaks_of_invention(self) -> bool:
        return _OWN_WORDS.search(self.text) is not None

    @property
    def _reached(self) -> str:
        start, end = self.reach
        return self.text[start:end]


@dataclass(frozen=True)
class View:
    """A text ready for reading.  found: candidates already scored, by field, so that one field can lean on another."""

    text: Text
    found: dict[str, list[Scored]] = field(default_factory=dict, compare=False)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        start = self._description_start
        return tuple(
            sentence
            for section in self.text.sections
            if section.lang in LANGUAGES and section.kind not in UNREAD_KINDS and section.kind is not SectionKind.claims
            for sentence in _of_section(self.text, section, start)
        ) + tuple(self._claim_sentences())

    @cached_property
    def claim_grams(self) -> frozenset[str]:
        """What the first independent claim says; of the abstract's main sentence where there are no claims."""
        first = next((c for c in self.text.claims if not c.deleted and c.form is not ClaimForm.dependent), None)
        return grams(self.text.quote(first.span)) if first else frozenset()

    @cached_property
    def title(self) -> str:
        titles = self.text.of_kind(SectionKind.title)
        return self.text.quote(titles[0].span) if titles else ""

    @property
    def _description_start(self) -> int:
        outside = (SectionKind.title, SectionKind.abstract, SectionKind.claims)
        return next((s.span.start for s in self.text.sections if s.kind not in outside), len(self.text.text))

    def _claim_sentences(self) -> Iterator[Sentence]:
        independent = [c for c in self.text.claims if not c.deleted and c.form is not ClaimForm.dependent]
        for i, claim in enumerate(independent):
            if claim.lang in LANGUAGES:
                section = Section(SectionKind.claims, claim.lang, claim.span)
                yield Sentence(claim.span, self.text.quote(claim.span), section, i, False, False)


def _of_section(text: Text, section: Section, description_start: int) -> list[Sentence]:
    spans = list(sentences(text.text, section.span))
    kept = []
    for i, span in enumerate(spans):
        quote = text.quote(span)
        is_short = len(quote) < MIN_SENTENCE_CHARS and section.kind is not SectionKind.title
        sentence = Sentence(
            span, quote, section, i, i == len(spans) - 1, 0 <= span.start - description_start < EARLY_CHARS
        )
        if is_short or sentence.is_boilerplate or _is_index_words(quote):
            continue
        kept.append(sentence)
    return kept


def _is_index_words(quote: str) -> bool:
    """Whether this is "센서, 렌즈, 구동": index words printed under an abstract, not a sentence."""
    words = quote.split(",")
    return len(words) > 2 and max(map(len, words)) <= MAX_INDEX_WORD_CHARS and _PREDICATE.search(quote) is None
