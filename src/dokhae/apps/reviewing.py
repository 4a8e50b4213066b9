"""The dialogue of ``dokhae review``: one answer a screen, one key a decision.

In: ``Reviews`` of a study, keys.  Out: screens on standard output, decisions in the study, each stored before the next
screen.  Never decides by itself: what is skipped, or not reached, waits for the next time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from dokhae.apps import output
from dokhae.apps.clicking import Words
from dokhae.apps.keys import Keys

if TYPE_CHECKING:
    from dokhae.library.reviews import Review
    from dokhae.study.reviewing import Due, Reviews, Waiting
    from dokhae.types import Candidate, Evidence, Span, Text

_AROUND_CHARS = 240
_TOLD_CHARS = 160
_RUNNER_UPS = 5
_MOST_PLACES = 9


@dataclass
class Dialogue:
    """One sitting.  done: what was said, by the place of the queue it was said at; None where it was skipped."""

    reviews: Reviews
    queue: Sequence[Waiting]
    by: str
    words: Words
    done: list[Review | None] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)

    def run(self) -> None:
        """Until the queue or the input ends, or the person quits."""
        while len(self.done) < len(self.queue):
            due = self.reviews.due(self.queue[len(self.done)])
            click.clear()  # does nothing but on a terminal
            for line in screen(due, (len(self.done) + 1, len(self.queue)), self.words):
                click.echo(line)
            if not self._decide(due):
                return

    @property
    def n_said(self) -> int:
        return sum(review is not None for review in self.done)

    def _decide(self, due: Due) -> bool:
        """Asks until one answer is decided or left; False to quit."""
        while (typed := self.keys.key()) not in (None, "q"):
            if self._act(due, str(typed)):
                return True
            click.echo(_keys_line(due, self.words))
        return False

    def _act(self, due: Due, typed: str) -> bool:
        """Does what a key means; whether the screen is done with."""
        match typed:
            case "s":
                self.done.append(None)
                return True
            case "u":
                return self._undo()
            case "c":
                found = self._typed(due)
                return bool(found) and self._say(due, "correct", found or ())
            case "n":
                return self._say(due, "reject", ())
            case "a" | "r" if due.passages:
                return self._say(due, "accept" if typed == "a" else "reject", [one.span for one in due.passages])
            case _:
                chosen = _chosen(runner_ups(due), typed)
                return chosen is not None and self._say(due, "correct", [chosen.evidence.span])

    def _say(self, due: Due, verdict: str, spans: Sequence[Span]) -> bool:
        review = self.reviews.say(due, verdict, spans, self.by)
        self.done.append(review)
        quote = _short("; ".join(review.quotes))
        said = "silent" if review.is_silence else verdict
        click.echo(self.words(f"said-review-{said}", quote=quote))
        return True

    def _undo(self) -> bool:
        if not self.done:
            click.echo(self.words("said-review-nothing-to-undo"))
            return False
        review = self.done.pop()
        if review is not None:
            self.reviews.take_back(review)
        click.echo(self.words("said-review-undone"))
        return True

    def _typed(self, due: Due) -> list[Span] | None:
        """The right words, typed or pasted, where they stand; None to go back."""
        many = due.field.is_many
        while True:
            click.echo(self.words("said-review-type-many" if many else "said-review-type"))
            typed = self.keys.line()
            if not typed:
                return None
            found = [
                self._placed(due, part.strip()) for part in (typed.split(";") if many else [typed]) if part.strip()
            ]
            spans = [span for span in found if span is not None]
            if len(spans) == len(found):
                return spans

    def _placed(self, due: Due, words: str) -> Span | None:
        """Where the words stand; asks which place is meant where there are several."""
        from dokhae.reading.places import cite
        from dokhae.study.reviewing import places

        found = [cite(due.text, span) for span in places(due.text, words)]
        if not found:
            click.echo(self.words("said-review-not-in-text", quote=words))
            return None
        found.sort(key=lambda one: one.section not in due.field.sections)
        if len(found) == 1:
            return found[0].span
        click.echo(self.words("said-review-several", count=len(found)))
        for number, one in enumerate(found[:_MOST_PLACES], 1):
            before, quote, after = _in_place(due.text, one, 40)
            click.echo(f"  {number}  {_place(one, self.words)}  …{before}[{quote}]{after}…")
        typed = self.keys.line() or ""
        chosen = int(typed) if typed.isdecimal() else 0
        return found[chosen - 1].span if 0 < chosen <= min(len(found), _MOST_PLACES) else None


def screen(due: Due, position: tuple[int, int], words: Words) -> list[str]:
    """One answer: the patent, the field, the words in their place, the runner-ups, the keys."""
    from dokhae.study import name_of

    at, of = position
    answer, status = due.answer, output.head(due.answer.status.value, words.lang)
    lines = [
        f"[{at}/{of}]  {name_of(due.patent)}  {due.patent.biblio.title}",
        f"{due.field.label(words.lang)}: {due.field.wording(words.lang)}",
        f"({status}; {how_sure(answer.score, answer.made_by, words)})",
        "",
    ]
    if due.lost is not None:
        quote = "; ".join(map(_flat, due.lost.quotes)) or words("word-review-silent")
        lines += [words("said-review-lost", by=due.lost.by, quote=quote), ""]
    for one in due.passages:
        lines += _passage(due.text, one, words, is_alone=len(due.passages) == 1)
    others = runner_ups(due)
    if others:
        lines += ["", words("said-review-others")]
    for number, other in enumerate(others, 1):
        said = how_sure(other.score, answer.made_by, words)
        lines.append(f"  {number}  {_place(other.evidence, words)} ({said})  {_short(other.evidence.quote)}")
    return [*lines, "", _keys_line(due, words)]


def runner_ups(due: Due) -> tuple[Candidate, ...]:
    """What may be taken instead, by number; a field of several answers has none."""
    return due.answer.candidates[1 : 1 + _RUNNER_UPS] if not due.field.is_many else ()


def how_sure(score: float, made_by: str, words: Words) -> str:
    """A probability, or a score where it is none."""
    if "uncalibrated" in made_by:
        return words("said-score", score=f"{score:.2f}")
    return words("said-probability", percent=f"{100 * score:.0f}")


def _passage(text: Text, one: Evidence, words: Words, *, is_alone: bool) -> list[str]:
    """A quote set off; what stands around it where it is the only one."""
    quote = f"  >> {_flat(one.quote)} <<"
    if not is_alone:
        return [f"{quote}  {_place(one, words)}"]
    before, _, after = _in_place(text, one, _AROUND_CHARS)
    return [f"{_place(one, words)}", f"  …{before}", click.style(quote, bold=True), f"  {after}…"]


def _in_place(text: Text, one: Evidence, around: int) -> tuple[str, str, str]:
    """Some words before and after a quote, of its section."""
    within = next((s.span for s in text.sections if s.span.covers(one.span)), one.span)
    before = text.text[max(within.start, one.span.start - around) : one.span.start]
    after = text.text[one.span.end : min(within.end, one.span.end + around)]
    return _flat(before), _flat(one.quote), _flat(after)


def _keys_line(due: Due, words: Words) -> str:
    names = [name for name in ("a", "r", "n") if name == "n" or due.passages]
    names += ["1"] if runner_ups(due) else []
    return "   ".join(words(f"word-key-{name}") for name in (*names, "c", "s", "u", "q"))


def _chosen(others: Sequence[Candidate], typed: str) -> Candidate | None:
    at = int(typed) if typed in "12345" else 0
    return others[at - 1] if 0 < at <= len(others) else None


def _place(one: Evidence, words: Words) -> str:
    from dokhae.report.spell import place_of

    return place_of(one, words.lang)


def _flat(quote: str) -> str:
    return " ".join(quote.split())


def _short(quote: str) -> str:
    """What is told in passing, in a line or two."""
    flat = _flat(quote)
    return flat if len(flat) <= _TOLD_CHARS else f"{flat[:_TOLD_CHARS]}…"
