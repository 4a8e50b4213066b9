"""Commands that ask a study: ask, search, show, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from dokhae.apps.clicking import Command, Words, command, form_options, option, study
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form, Row
from dokhae.apps.stdin import text_or_stdin

if TYPE_CHECKING:
    from dokhae.library import Patent
    from dokhae.study import Study
    from dokhae.types import Answer

ANSWERS = ("number", "title", "field", "status", "quote", "place", "score")


def commands(words: Words) -> list[Command]:
    return [_ask(words), _search(words), _show(words), _claims(words)]


def _ask(words: Words) -> Command:
    @command(
        "ask",
        words,
        study(words),
        click.argument("question"),
        option(words, "--of", metavar="NUMBER"),
        option(words, "--limit", type=click.IntRange(min=1), default=10, metavar="N"),
        form_options(words),
    )
    def ask(study: str, question: str, of: str | None, limit: int, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            replies = opened.ask_all(text_or_stdin(question), of=of, limit=limit)
            rows = [row for reply in replies for row in _answer_rows(reply.patent, [reply.answer])]
        list_rows(rows, ("number", "title", "status", "quote", "place", "score"), form, words)

    return ask


def _search(words: Words) -> Command:
    @command(
        "search",
        words,
        study(words),
        click.argument("query"),
        option(words, "--limit", type=click.IntRange(min=1), default=20, metavar="N"),
        form_options(words),
    )
    def search(study: str, query: str, limit: int, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            rows = [
                {**_heads(hit.patent), "score": hit.score, "words": hit.snippet}
                for hit in opened.search(text_or_stdin(query), limit=limit)
            ]
        list_rows(rows, ("number", "title", "applicant", "filed", "score", "words"), form, words)

    return search


def _show(words: Words) -> Command:
    @command("show", words, study(words), click.argument("what", default="card"), form_options(words))
    def show(study: str, what: str, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            match what:
                case "card":
                    rows: Iterable[Row] = ({"name": name, "value": value} for name, value in opened.card().items())
                    list_rows(rows, ("name", "value"), form, words, translated="name")
                case "rejected":
                    list_rows(_rejected_rows(opened, words), ("source", "stage", "code", "message"), form, words)
                case "settings":
                    rows = ({"name": s.name, "value": s.value, "origin": s.origin} for s in opened.settings())
                    list_rows(rows, ("name", "value", "origin"), form, words)
                case _:
                    _show_patent(opened, what, form, words)

    return show


def _claims(words: Words) -> Command:
    @command("claims", words, study(words), click.argument("number"), form_options(words))
    def claims(study: str, number: str, form: Form | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            rows = [
                {
                    "claim": item.claim.number,
                    "form": item.claim.form.value,
                    "category": item.claim.category.value,
                    "depends_on": item.claim.depends_on,
                    "deleted": item.claim.deleted,
                    "text": item.text,
                }
                for item in opened.claims(number)
            ]
        list_rows(rows, ("claim", "form", "category", "depends_on", "deleted", "text"), form, words)

    return claims


def _show_patent(opened: Study, number: str, form: Form | None, words: Words) -> None:
    shown = opened.show(number)
    if form in (None, Form.table):
        for name, value in shown.heads().items():
            click.echo(f"{words(f'column-{name}')}: {value}")
        click.echo()
    list_rows(_answer_rows(shown.patent, shown.answers), ("number", *ANSWERS[2:]), form, words)


def _answer_rows(patent: Patent, answers: Iterable[Answer]) -> Iterator[Row]:
    """One row an answer; several pieces of evidence share it, one column each, joined in the same order."""
    from dokhae.study import evidence_of

    for answer in answers:
        evidence = evidence_of(answer)
        yield {
            **_heads(patent),
            "field": answer.field,
            "status": answer.status.value,
            "quote": tuple(piece.quote for piece in evidence),
            "place": tuple(piece.place for piece in evidence),
            "score": answer.score if evidence else None,
        }


def _heads(patent: Patent) -> dict[str, object]:
    from dokhae.study import name_of

    return {
        "number": name_of(patent),
        "title": patent.biblio.title,
        "applicant": tuple(party.name for party in patent.biblio.applicants),
        "filed": patent.biblio.application_date,
    }


def _rejected_rows(opened: Study, words: Words) -> Iterable[Row]:
    for rejected in opened.rejected():
        message = words(rejected.code, **dict(rejected.values))
        yield {"source": str(rejected.source), "stage": rejected.stage, "code": rejected.code, "message": message}
