"""Commands that look after a study: check, remove, upgrade."""

from __future__ import annotations

import click

from dokhae.apps.clicking import Command, Words, command, form_options, option, study
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form
from dokhae.apps.stdin import or_stdin


def commands(words: Words) -> list[Command]:
    return [_check(words), _remove(words), _upgrade(words)]


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
    @command(
        "remove",
        words,
        study(words),
        click.argument("numbers", nargs=-1, required=True, metavar="NUMBER..."),
        option(words, "--dry-run", is_flag=True),
        form_options(words),
    )
    def remove(study: str, numbers: tuple[str, ...], dry_run: bool, form: Form | None) -> None:
        from dokhae.study import Study, name_of

        with Study.open(study) as opened:
            named = list(or_stdin(numbers))
            if dry_run:
                rows = [
                    {"number": name_of(one), "title": one.biblio.title, "source": tuple(map(str, one.sources))}
                    for one in opened.removable(named)
                ]
                list_rows(rows, ("number", "title", "source"), form, words)
                click.echo(words("said-removable", study=study, count=f"{len(rows):,}"), err=True)
                return
            n_removed = opened.remove(named)
        click.echo(words("said-removed", study=study, count=f"{n_removed:,}"))

    return remove


def _upgrade(words: Words) -> Command:
    @command("upgrade", words, study(words), option(words, "--dry-run", is_flag=True))
    def upgrade(study: str, dry_run: bool) -> None:
        from dokhae.study import Study

        done = Study.upgrade(study, dry_run=dry_run)
        if done.is_current:
            click.echo(words("said-upgrade-needless", study=study, known=done.known))
            return
        said = "said-upgrade-planned" if dry_run else "said-upgraded"
        values = {"study": study, "found": done.found, "known": done.known, "backup": done.backup}
        click.echo(words(said, count=f"{done.publications:,}", **values))

    return upgrade
