"""Lists on standard output: the one way every command shows rows."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click

from dokhae.apps import console, output
from dokhae.apps.clicking import Words
from dokhae.apps.output import Form, Row


def list_rows(
    rows: Iterable[Row], columns: Sequence[str], form: Form | None, words: Words, *, translated: str = ""
) -> None:
    """Writes ``rows``; says so on standard error where there are none.

    translated: the column whose values are codes with a sentence ``column-<code>``; only tables show the sentence.
    """
    form = Form.table if form is None else form
    if translated and form is Form.table:
        rows = [{**row, translated: output.head(row[translated], words.lang)} for row in rows]
    if not output.write(rows, columns, form, sys.stdout, lang=words.lang, width=console.width()):
        click.echo(words("said-nothing-found"), err=True)
