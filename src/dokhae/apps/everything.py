"""What ``dokhae ask --all`` says: how every application answers one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps.clicking import Words
from dokhae.apps.explaining import parts_of
from dokhae.apps.listing import list_rows, show_quotes
from dokhae.apps.output import Form, Row
from dokhae.apps.progress import Progress, duration
from dokhae.apps.reviewing import how_sure
from dokhae.apps.running import say_run

if TYPE_CHECKING:
    from dokhae.reading.columns import Wanted
    from dokhae.study import AskedAll, Reply, Study
    from dokhae.types import AnswerStatus

_COUNTED = ("name", "value", "unit")
_LISTED = ("number", "title", "status", "value", "quote", "place", "score")
_KINDS = ("choice", "number", "yes_no")  # options that say what an answer shall be
_OF_ALL = (*_KINDS, "name")


def wrong_together(question: str | None, of: str | None, given: Mapping[str, Any]) -> str | None:
    """The sentence on options that do not go together; None where they do."""
    kinds = [name for name in _KINDS if given[name]]
    elsewhere = of is not None or given["questions"] is not None
    if given["forget"] is not None:
        alone = question is None and not elsewhere and not given["everything"]
        return None if alone and not any(given[name] for name in _OF_ALL) else "wanted-forget-alone"
    if len(kinds) > 1:
        return "wanted-one-kind"
    if given["everything"]:
        return "wanted-all-alone" if elsewhere or given["jsonl"] else None
    return "wanted-all" if any(given[name] for name in _OF_ALL) else None


def forget_column(study: str, name: str, words: Words) -> int:
    """Takes a column out of the study."""
    from dokhae.study import Study

    with Study.open(study) as opened:
        opened.forget_column(name)
    click.echo(words("said-column-forgotten", column=name), err=True)
    return 0


def ask_all(opened: Study, question: str, words: Words, given: Mapping[str, Any]) -> int:
    """Asks, then the card and the surest answers.  Exit code 1 if any text failed: the next run tries it again."""
    form: Form | None = given["form"]
    quiet = given["quiet"] or form not in (None, Form.table)
    with Progress("ask", words.lang, quiet=quiet) as progress:
        done = opened.ask_all(
            question, name=given["name"], wanted=_wanted(given), limit=given["limit"], progress=progress
        )
    if form is not None:
        list_rows(list(_answers(done)), _LISTED, form, words)
        return int(done.read.failed > 0)
    for reply, probability in done.best:
        sure = how_sure(probability, reply.answer.made_by, words)
        show_quotes(f"{_named(reply)}  ({sure})", [_shown(reply, words)])
        if given["why"]:
            _say_why(reply, words)
    list_rows(list(_card(done)), _COUNTED, form, words, worded=_COUNTED)
    _say(done, words)
    say_run(done.read, str(opened.path), words, err=True)
    return int(done.read.failed > 0)


def _wanted(given: Mapping[str, Any]) -> Wanted:
    """What the answers shall be, as a schema says it."""
    from dokhae.reading.columns import Wanted

    kind = next((name for name in _KINDS if given[name]), "span")
    choices = tuple(given["choice"].split(",")) if given["choice"] else ()
    return Wanted(kind, choices)


def _say_why(reply: Reply, words: Words) -> None:
    """What the score of the answer is made of."""
    click.echo(f"      {parts_of(reply.answer.candidates[0].reasons, words)}")
    click.echo(f"      [{reply.answer.made_by}]")


def _named(reply: Reply) -> str:
    from dokhae.study import name_of

    return f"{name_of(reply.patent)}  {reply.patent.biblio.title}"


def _shown(reply: Reply, words: Words) -> tuple[str, str]:
    """Place, with the value where there is one, and words of the answer."""
    from dokhae.report.spell import place_of, value_of

    evidence, value = reply.answer.candidates[0].evidence, value_of(reply.answer, words.lang)
    place = place_of(evidence, words.lang)
    return f"{value}  {place}" if value not in ("", evidence.quote) else place, evidence.quote


def _answers(done: AskedAll) -> Iterator[Row]:
    from dokhae.study import name_of

    for reply, probability in done.best:
        evidence = reply.answer.candidates[0].evidence
        yield {
            "number": name_of(reply.patent),
            "title": reply.patent.biblio.title,
            "status": reply.answer.status.value,
            "value": reply.answer.value,
            "quote": evidence.quote,
            "place": evidence.place,
            "score": round(probability, 4),
        }


def _card(done: AskedAll) -> Iterator[Row]:
    """Every status, also those nothing has: a nought tells as much."""
    statuses = dict.fromkeys(_statuses(), 0) | dict(done.read.statuses[done.column.id])
    yield from ({"name": status.value, "value": f"{n:,}", "unit": "application"} for status, n in statuses.items())
    yield {"name": "expected_right", "value": f"{done.expected:.1f}", "unit": "application"}


def _say(done: AskedAll, words: Words) -> None:
    read = done.read
    pace = read.read / read.seconds if read.read and read.seconds else 0.0
    counts = {"read": f"{read.read:,}", "kept": f"{read.kept:,}", "failed": f"{read.failed:,}", "pace": f"{pace:.1f}"}
    click.echo(words("said-asked-all", column=done.column.id, time=duration(read.seconds), **counts), err=True)
    if done.share is not None:
        click.echo(words("said-asked-share", share=f"{done.share:.1%}", model=read.read_by), err=True)
        click.echo(words("said-asked-by", made_by=done.made_by), err=True)


def _statuses() -> list[AnswerStatus]:
    from dokhae.types import AnswerStatus

    return [s for s in AnswerStatus if s not in (AnswerStatus.language_not_read, AnswerStatus.not_applicable)]
