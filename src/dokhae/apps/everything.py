"""What ``dokhae ask --all`` says: how every application answers one question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dokhae.apps.clicking import Words
from dokhae.apps.listing import list_rows, show_quotes
from dokhae.apps.output import Form, Row
from dokhae.apps.progress import Progress, duration
from dokhae.apps.reviewing import how_sure

if TYPE_CHECKING:
    from dokhae.study import AskedAll, Reply, Study

_COUNTED = ("name", "value", "unit")
_LISTED = ("number", "title", "status", "quote", "place", "score")


def ask_all(opened: Study, question: str, words: Words, *, name: str | None, limit: int, form: Form | None) -> int:
    """Asks, then the card and the surest answers.  Exit code 1 if any text failed: the next run tries it again."""
    with Progress("ask", words.lang, quiet=form not in (None, Form.table)) as progress:
        done = opened.ask_all(question, name=name, limit=limit, progress=progress)
    if form is not None:
        list_rows(list(_answers(done)), _LISTED, form, words)
        return int(done.read.failed > 0)
    for reply, probability in done.best:
        sure = how_sure(probability, reply.answer.made_by, words)
        show_quotes(f"{_named(reply)}  ({sure})", [_shown(reply, words)])
    list_rows(list(_card(done)), _COUNTED, form, words, worded=_COUNTED)
    _say(done, words)
    return int(done.read.failed > 0)


def _named(reply: Reply) -> str:
    from dokhae.study import name_of

    return f"{name_of(reply.patent)}  {reply.patent.biblio.title}"


def _shown(reply: Reply, words: Words) -> tuple[str, str]:
    """Place and words of the answer."""
    from dokhae.report.spell import place_of

    evidence = reply.answer.candidates[0].evidence
    return place_of(evidence, words.lang), evidence.quote


def _answers(done: AskedAll) -> Iterator[Row]:
    from dokhae.study import name_of

    for reply, probability in done.best:
        evidence = reply.answer.candidates[0].evidence
        yield {
            "number": name_of(reply.patent),
            "title": reply.patent.biblio.title,
            "status": reply.answer.status.value,
            "quote": evidence.quote,
            "place": evidence.place,
            "score": round(probability, 4),
        }


def _card(done: AskedAll) -> Iterator[Row]:
    statuses = done.read.statuses[done.column.id]
    yield from ({"name": status.value, "value": f"{n:,}", "unit": "application"} for status, n in statuses.items())
    yield {"name": "expected_right", "value": f"{done.expected:.1f}", "unit": "application"}


def _say(done: AskedAll, words: Words) -> None:
    read = done.read
    pace = read.read / read.seconds if read.read and read.seconds else 0.0
    counts = {"read": f"{read.read:,}", "kept": f"{read.kept:,}", "failed": f"{read.failed:,}", "pace": f"{pace:.1f}"}
    click.echo(words("said-asked-all", column=done.column.id, time=duration(read.seconds), **counts), err=True)
    if done.share is not None:
        click.echo(words("said-asked-share", share=f"{done.share:.1%}", model=read.read_by), err=True)
