"""Reader and FieldReader by an ONNX model: (question, text) pairs, or texts alone, -> candidate spans.

In: pairs, or texts for the standing fields.  Out: a ``Reading`` each: spans of the text, best first, each scored by
itself against "it is not here", so that answers compare across texts.  Never truncates: a text too long for the model
is an error of the caller.  Spans begin and end on grapheme borders, without outer white space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dokhae.errors import InputError
from dokhae.graphemes import on_borders
from dokhae.models import Reading, Scored
from dokhae.models import tokens as tokenizing
from dokhae.models.body import Body
from dokhae.models.card import Card
from dokhae.models.settings import ModelSettings
from dokhae.models.spans import Floats1d, probability, stretches
from dokhae.types import Span

_BUILT_IN, _PLUGGED_IN = ("logits",), ("start_logits", "end_logits")
_NOTHING = Reading((), 1.0)
_SURELY_NOT = -30.0
_NEAR = 64  # characters from a border of a span to the blanks and marks its tokens may have besides
_PAIRS_AT_ONCE = 512  # bounds the memory, and on a graphics card the choice of batches

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Limits:
    """best: candidates a text gives at most.  answer_tokens, field_tokens: the longest answer, the longest passage.

    least_score: candidates after the first are left out below it: they would only fill the table of runner-ups.
    """

    best: int = 5
    answer_tokens: int = 64
    field_tokens: int = 256
    least_score: float = 0.001


class OnnxReader:
    """The reader of ``card``.  Raises InputError where its files are missing, changed or no reader."""

    def __init__(self, card: Card, settings: ModelSettings | None = None, limits: Limits | None = None) -> None:
        self.card = card
        self.digest = card.digest
        self.max_tokens = card.max_tokens
        self.max_question_tokens = card.max_question_tokens
        self.fields = card.fields
        self._limits = Limits() if limits is None else limits
        self._body = Body(card, ModelSettings() if settings is None else settings, (_BUILT_IN, _PLUGGED_IN))

    @property
    def device(self) -> str:
        return self._body.device.says

    def count(self, text: str) -> int:
        """Tokens of ``text``, without special ones."""
        return self._body.tokens.count(text)

    def room(self, question: str = "") -> int:
        """Tokens a text may have beside ``question`` (none: for the standing fields)."""
        return self.max_tokens - self._body.tokens.n_special(is_pair=True) - self.count(question)

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """A reading for each (question, text).  Raises InputError ``question-empty``, ``question-too-long``,
        ``text-too-long``.
        """
        for question in {question for question, _ in pairs}:
            self._check_question(question)
        return [
            _NOTHING if logits is None else self._reading(text, sequence, logits, 0, self._limits.answer_tokens)
            for (_, text), (sequence, logits) in zip(pairs, self._run(pairs), strict=True)
        ]

    def margins(self, pairs: Sequence[tuple[str, str]], spans: Sequence[Span], *, field: str = "") -> list[float]:
        """Log-odds of one given span of each text against "it is not here", be it among the best or not.

        field: a standing field the texts are read for, the pairs then as ``read_fields`` takes them; "" for a question.
        """
        for question in {question for question, _ in pairs if not field}:
            self._check_question(question)
        column = 2 * (1 + self.fields.index(field)) if field else 0
        return [
            _SURELY_NOT if logits is None else _margin(text, sequence, logits, column, span)
            for (_, text), span, (sequence, logits) in zip(pairs, spans, self._run(pairs), strict=True)
        ]

    def read_fields(self, texts: Sequence[tuple[str, str]]) -> list[dict[str, Reading]]:
        """For each (what is told of it, text) a reading of every standing field, from one pass.

        Empty where the model knows no fields.  The first part stands where a question would: which section it is.
        """
        if not self.fields:
            return [{} for _ in texts]
        return [
            {
                field: _NOTHING
                if logits is None
                else self._reading(text, sequence, logits, 2 * n, self._limits.field_tokens)
                for n, field in enumerate(self.fields, start=1)
            }
            for (_, text), (sequence, logits) in zip(texts, self._run(texts), strict=True)
        ]

    def _run(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[tokenizing.Sequence, Logits | None]]:
        """Each pair as the model reads it with its logits [tokens, columns], None where the text holds nothing."""
        for low in range(0, len(pairs), _PAIRS_AT_ONCE):
            sequences = [self._body.tokens.pair(*pair) for pair in pairs[low : low + _PAIRS_AT_ONCE]]
            read = [n for n, sequence in enumerate(sequences) if sequence.offsets]
            for n in read:
                self._check_length(sequences[n])
            outputs = dict(zip(read, self._body.run([sequences[n] for n in read]), strict=True))
            for n, sequence in enumerate(sequences):
                yield sequence, self._logits(outputs[n]) if n in outputs else None

    def _logits(self, outputs: dict[str, Logits]) -> Logits:
        columns = [output.reshape(len(output), -1) for output in outputs.values()]
        logits = np.concatenate(columns, axis=1)  # [tokens, 2 + 2 * fields]
        wanted = 2 + 2 * len(self.fields)
        if logits.shape[1] != wanted:
            found = f"{logits.shape[1]} logits a token"
            raise InputError("model-shape", file=self.card.model, found=found, wanted=wanted)
        return logits

    def _reading(
        self, text: str, sequence: tokenizing.Sequence, logits: Logits, column: int, max_tokens: int
    ) -> Reading:
        start, end = logits[:, column], logits[:, column + 1]
        null = float(start[0]) + float(end[0])
        own = slice(sequence.first, sequence.first + len(sequence.offsets))
        found = self._candidates(text, sequence.offsets, start[own], end[own], (null, max_tokens))
        best = tuple(islice(found, self._limits.best))
        return Reading(best, 1.0 - best[0].score) if best else _NOTHING

    def _candidates(
        self, text: str, offsets: list[tuple[int, int]], start: Floats1d, end: Floats1d, given: tuple[float, int]
    ) -> Iterator[Scored]:
        """Spans of ``text`` with their scores, best first; those that became empty or meet a better one left out."""
        null, max_tokens = given
        taken: list[Span] = []
        for stretch in stretches(start, end, max_tokens=max_tokens):
            score = probability(stretch.score, null)
            if taken and score < self._limits.least_score:
                return
            span = trimmed(text, Span(offsets[stretch.first][0], offsets[stretch.last][1]))
            if span and not any(span.overlaps(other) for other in taken):
                taken.append(span)
                yield Scored(span, score)

    def _check_question(self, question: str) -> None:
        if not question.strip():
            raise InputError("question-empty")
        limit = self.max_question_tokens
        if limit is not None and (length := self.count(question)) > limit:
            raise InputError("question-too-long", length=length, limit=limit)

    def _check_length(self, sequence: tokenizing.Sequence) -> None:
        if len(sequence) > self.max_tokens:
            raise InputError("text-too-long", length=len(sequence), limit=self.max_tokens)


def _margin(text: str, sequence: tokenizing.Sequence, logits: Logits, column: int, span: Span) -> float:
    """What the tokens that begin and end ``span``, the likeliest where several do, have above that for nothing."""
    borders = list(enumerate(sequence.offsets))
    starts = [(n, start) for n, (start, _) in borders if abs(start - span.start) < _NEAR and start < span.end]
    ends = [(n, end) for n, (_, end) in borders if abs(end - span.end) < _NEAR and span.start < end]
    firsts = [n for n, start in starts if trimmed(text, Span(start, span.end)) == span]
    lasts = [n for n, end in ends if trimmed(text, Span(span.start, end)) == span]
    own = logits[sequence.first :]
    found = [
        float(own[first, column]) + float(own[last, column + 1]) for first in firsts for last in lasts if first <= last
    ]
    null = float(logits[0, column]) + float(logits[0, column + 1])
    return max(found) - null if found else _SURELY_NOT


def trimmed(text: str, span: Span) -> Span:
    """``span`` without outer white space, on grapheme borders; empty where there is nothing else.

    >>> trimmed(" cafe\u0301 ", Span(0, 5))
    Span(start=1, end=6)
    """
    quote = text[span.start : span.end]
    start = span.start + len(quote) - len(quote.lstrip())
    return on_borders(text, Span(start, max(start, span.start + len(quote.rstrip()))))
