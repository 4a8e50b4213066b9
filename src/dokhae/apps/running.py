"""The cards of runs: what a run says of itself at its end, and ``dokhae show STUDY runs``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dokhae.apps import output, shell
from dokhae.apps.clicking import Words
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form, Row

if TYPE_CHECKING:
    from dokhae.study import ReadTexts, Run

_COLUMNS = (
    "began", "command", "version", "texts_read", "texts_kept", "texts_failed", "answers", "low_confidence",
    "without_probability", "rejected", "seconds", "texts_per_s", "settings", "digests",
)  # fmt: skip
_IN_TABLE = (
    "began", "command", "texts_read", "texts_kept", "texts_failed", "answers", "low_confidence", "without_probability",
    "texts_per_s",
)  # fmt: skip


def show_runs(runs: tuple[Run, ...], form: Form | None, words: Words) -> None:
    """Every run that ended, the first one first; a table has what fits, its answers summed over the fields."""
    if form in (None, Form.table):
        list_rows([_short(run) for run in runs], _IN_TABLE, form, words, worded=("answers",))
    else:
        list_rows([_row(run) for run in runs], _COLUMNS, form, words)


def say_run(read: ReadTexts, study: str, words: Words, *, err: bool = False) -> None:
    """How sure the answers are, and by what they were made."""
    sure = read.confidence
    if read.run is None or not any(read.statuses.values()):
        return
    counts = {"low": f"{sure.low:,}", "rated": f"{sure.rated:,}", "unrated": f"{sure.unrated:,}"}
    click.echo(words("said-run-confidence", **counts), err=err)
    click.echo(words("said-run-digests", digests=", ".join(_named(read.run, words))), err=err)
    click.echo(words("said-run-all", study=shell.quoted(study)), err=err)


def _named(run: Run, words: Words) -> Iterator[str]:
    for name, digest in run.digests.items():
        yield f"{output.word(name, words.lang, 'digest')} {digest}"


def _row(run: Run) -> Row:
    return {**asdict(run), "texts_per_s": run.texts_per_s}


def _short(run: Run) -> Row:
    summed: Counter[str] = Counter()
    for counts in run.answers.values():
        summed.update(counts)
    return {**_row(run), "began": run.began.removesuffix("+00:00"), "answers": dict(summed)}
