"""Commands that look after a study: check, remove."""

from __future__ import annotations

import click

from dokhae.apps.clicking import Command, Words, command, form_options, study
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form
from dokhae.apps.stdin import or_stdin


def commands(words: Words) -> list[Command]:
    return [_check(words), _remove(words)]


def _check(words: Words) -> Command:
    @command("check", words, study(words), form_options(words))
    def check(study: str, form: Form | None) -> int:
        from dokhae.study import Study

        with Study.open(study) as opened:
            checked = opened.check()
        rows = [
            {"where": one.where, "code": one.code, "message": words(one.code, **dict(one.values))}
            for one in checked.findings
        ]
        if rows or form not in (None, Form.table):
            list_rows(rows, ("where", "code", "message"), form, words)
        if rows:
            closing = words("said-unsound", study=study, count=f"{len(rows):,}")
        else:
            closing = words("said-sound", study=study, texts=f"{checked.texts:,}", quotes=f"{checked.quotes:,}")
        click.echo(closing, err=True)
        return int(bool(rows))

    return check


def _remove(words: Words) -> Command:
    @command("remove", words, study(words), click.argument("numbers", nargs=-1, required=True, metavar="NUMBER..."))
    def remove(study: str, numbers: tuple[str, ...]) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            n_removed = opened.remove(or_stdin(numbers))
        click.echo(words("said-removed", study=study, count=f"{n_removed:,}"))

    return remove
