"""Lists on standard output: rows for everything, quotes under headings for reading."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby

import click

from dokhae.apps import console, output
from dokhae.apps.clicking import Words
from dokhae.apps.output import Form, Row


def list_rows(
    rows: Iterable[Row], columns: Sequence[str], form: Form | None, words: Words, *, worded: Sequence[str] = ()
) -> None:
    """Writes ``rows``; says so on standard error where there are none.

    worded: the columns whose values are codes; tables show them in words, JSON and CSV as they are.
    """
    form = Form.table if form is None else form
    if worded and form is Form.table:
        rows = [{**row, **{name: output.word(row[name], words.lang, name) for name in worded}} for row in rows]
    if not output.write(rows, columns, form, sys.stdout, lang=words.lang, width=console.width()):
        click.echo(words("said-nothing-found"), err=True)


def show_quotes(heading: str, quotes: Iterable[tuple[str, str]]) -> None:
    """A heading and what stands under it: (place, quote), quotes whole, those of one place on one line.

    The form of answers for people; ``--table``, ``--json`` and ``--csv`` give them as rows.
    """
    click.echo(heading)
    for place, group in groupby(quotes, key=lambda pair: pair[0]):
        words = ", ".join(f"“{' '.join(quote.split())}”" for _, quote in group)
        click.echo(f"    {place}  {words}" if place else f"    {words}")
