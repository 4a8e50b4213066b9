"""What ``--why`` says of one patent: passages, candidates, words and threshold, for reading or as rows.

In: ``Explanation`` values.  Out: lines on standard output, or what JSON and CSV have beside an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps.clicking import Words

if TYPE_CHECKING:
    from dokhae.reading.occlusion import Weight
    from dokhae.reading.why import Considered, Explained
    from dokhae.study import Explanation
    from dokhae.types import Candidate, Evidence

COLUMNS = ("threshold", "withheld_from", "passages", "candidates", "cues", "model", "words")
_QUOTE_CHARS = 90
_UNREAD_SHOWN = 3
_PROPOSED_SHOWN = 5
_WORDS_SHOWN, _AGAINST_SHOWN = 10, 4
_TOLD_FROM = 0.05  # log-odds below which a word is not worth a line


def show_explanation(found: Explanation, words: Words) -> None:
    """Why the answer above these lines is what it is."""
    from dokhae.report.spell import because

    why = found.explained
    click.echo(f"    {because(found.answer, why.limits, words.lang)}")
    if found.is_stale:
        click.echo("    " + words("said-explained-stale", made_by=found.answer.made_by))
    for line in (
        *_passages(why, words),
        *_proposed("said-explained-cues", why.by_cues, words),
        *_proposed("said-explained-model", why.by_model, words),
        *_proposed("said-explained-candidates", found.answer.candidates or why.answer.candidates, words),
        *_weights(why.weights, words),
        *_words(why.words, words),
    ):
        click.echo(f"    {line}")
    click.echo(f"    [{why.answer.made_by}]")


def explanation_row(found: Explanation) -> dict[str, Any]:
    """What JSON and CSV have of it: numbers as they are, names in English."""
    why = found.explained
    return {
        "threshold": why.limits.answered_from,
        "withheld_from": why.limits.withheld_from,
        "passages": [_considered(one) for one in why.considered],
        "candidates": [_candidate(one) for one in found.answer.candidates],
        "cues": [_candidate(one) for one in why.by_cues],
        "model": [_candidate(one) for one in why.by_model],
        "words": [
            {"word": one.word, "of": "question" if one.is_asked else "passage", "fall": round(one.fall, 3)}
            for one in why.words
        ],
    }


def parts_of(reasons: Iterable[tuple[str, float]], words: Words) -> str:
    """The parts of a score on one line, named in the language of the user."""
    from dokhae.report.spell import reason

    return ", ".join(f"{reason(name, words.lang)} {weight:+.2f}" for name, weight in reasons)


def _passages(why: Explained, words: Words) -> Iterator[str]:
    read = [one for one in why.considered if one.was_read]
    unread = [one for one in why.considered if not one.was_read]
    if not why.considered:
        return
    said = "said-explained-passages" if why.question else "said-explained-read"
    yield words(said, count=len(why.considered), read=len(read))
    for one in (*read, *unread[:_UNREAD_SHOWN]):
        mark = "" if one.was_read else f"  ({words('said-explained-unread')})"
        worth = f"{one.worth:+.2f}  " if one.reasons else ""
        yield f"  {worth}{_quoted(one.passage, words)}{mark}"
        if one.reasons:
            yield f"         {parts_of(one.reasons, words)}"
    if len(unread) > _UNREAD_SHOWN:
        yield "  " + words("said-explained-more", count=len(unread) - _UNREAD_SHOWN)


def _proposed(said: str, found: Sequence[Candidate], words: Words) -> Iterator[str]:
    if not found:
        return
    yield words(said)
    for one in found[:_PROPOSED_SHOWN]:
        yield f"  {one.score:.2f}  {_quoted(one.evidence, words)}"
        if one.reasons:
            yield f"        {parts_of(one.reasons, words)}"


def _weights(weights: Mapping[str, float], words: Words) -> Iterator[str]:
    if weights:
        yield words("said-explained-weights")
        yield "  " + ", ".join(f"{name} {weight:+.2f}" for name, weight in weights.items() if weight)


def _words(weighed: Sequence[Weight], words: Words) -> Iterator[str]:
    carrying = [one for one in weighed if one.fall >= _TOLD_FROM][:_WORDS_SHOWN]
    against = [one for one in reversed(weighed) if one.fall <= -_TOLD_FROM][:_AGAINST_SHOWN]
    for said, found in (("said-explained-words", carrying), ("said-explained-against", against)):
        if found:
            yield words(said)
            yield "  " + " · ".join(_word(one, words) for one in found)


def _word(one: Weight, words: Words) -> str:
    of = f" ({words('said-explained-of-question')})" if one.is_asked else ""
    return f"“{one.word}”{of} {abs(one.fall):.2f}"


def _quoted(evidence: Evidence, words: Words) -> str:
    from dokhae.report.spell import place_of

    quote = " ".join(evidence.quote.split())
    shown = quote if len(quote) <= _QUOTE_CHARS else quote[: _QUOTE_CHARS - 1] + "…"
    return f"{place_of(evidence, words.lang)}  “{shown}”"


def _considered(one: Considered) -> dict[str, Any]:
    place = {"place": one.passage.place, "start": one.passage.span.start, "end": one.passage.span.end}
    return {**place, "read": one.was_read, "worth": round(one.worth, 3), "reasons": _rounded(one.reasons)}


def _candidate(one: Candidate) -> dict[str, Any]:
    quote = {"quote": one.evidence.quote, "place": one.evidence.place, "score": round(one.score, 4)}
    return {**quote, "reasons": _rounded(one.reasons)}


def _rounded(reasons: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: round(weight, 3) for name, weight in reasons}
