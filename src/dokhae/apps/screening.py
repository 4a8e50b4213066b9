"""Commands that sort a study: screen, classify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dokhae.apps import shell
from dokhae.apps.clicking import Command, Words, command, form_options, option, study
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form, Row
from dokhae.apps.progress import Progress, duration

if TYPE_CHECKING:
    from dokhae.insight import Card
    from dokhae.study import Classed, Screened

COLUMNS = ("name", "value", "unit")
_FUNNEL = ("publications", "applications", "near_duplicates")
_UNITS = {"publications": "publication", "near_duplicates": "publication"}


def commands(words: Words) -> list[Command]:
    return [_screen(words), _classify(words)]


def _screen(words: Words) -> Command:
    @command(
        "screen",
        words,
        study(words),
        option(words, "--criteria", required=True, metavar="FILE.toml"),
        option(words, "--workers", type=click.IntRange(min=0), metavar="N"),
        option(words, "--quiet", "-q", is_flag=True),
        form_options(words),
    )
    def screen(study: str, criteria: str, workers: int | None, quiet: bool, form: Form | None) -> int:
        from dokhae.study import Study

        with Study.open(study, workers=workers) as opened:
            with Progress("screen", words.lang, quiet=quiet) as progress:
                done = opened.screen(criteria, progress=progress)
            with Progress("duplicates", words.lang, quiet=quiet) as progress:
                opened.duplicates(progress=progress)
            card = opened.card(by="application")
        _say("said-screened", done, words)
        if done.unread:
            click.echo(words("said-fields-unread", count=f"{done.unread:,}", study=shell.quoted(study)), err=True)
        list_rows([*_funnel(card), *_rules(done, words, form)], COLUMNS, form, words, worded=COLUMNS)
        return int(done.failed > 0)

    return screen


def _classify(words: Words) -> Command:
    @command(
        "classify",
        words,
        study(words),
        option(words, "--tree", required=True, metavar="FILE"),
        option(words, "--workers", type=click.IntRange(min=0), metavar="N"),
        option(words, "--quiet", "-q", is_flag=True),
        form_options(words),
    )
    def classify(study: str, tree: str, workers: int | None, quiet: bool, form: Form | None) -> int:
        from dokhae.study import Study

        with Study.open(study, workers=workers) as opened, Progress("classify", words.lang, quiet=quiet) as progress:
            done = opened.classify(tree, progress=progress)
        _say("said-classed", done, words)
        if not done.by_meaning:
            click.echo(words("said-without-vectors"), err=True)
        list_rows(_classes(done), COLUMNS, form, words, worded=COLUMNS)
        return int(done.failed > 0)

    return classify


def decision_rows(card: Card) -> Iterator[Row]:
    """What screening and classing add to the card: a row for each verdict, rule and class."""
    unit = card.unit.value
    yield from ({"name": verdict, "value": n, "unit": unit} for verdict, n in card.verdicts.items())
    yield from ({"name": f"rule {rule}", "value": n, "unit": unit} for rule, n in card.rules.items())
    yield from ({"name": f"class {path}", "value": n, "unit": unit} for path, n in card.classes.items())


def _funnel(card: Card) -> Iterator[Row]:
    """From what was collected to what is left: publications, applications, near-duplicates, noise, open, valid."""
    for name in _FUNNEL:
        value = getattr(card, name)
        if value is not None:
            yield {"name": name, "value": value, "unit": _UNITS.get(name, "application")}
    for verdict in ("noise", "open", "valid"):
        yield {"name": verdict, "value": card.verdicts.get(verdict, 0), "unit": "application"}


def _rules(done: Screened, words: Words, form: Form | None) -> Iterator[Row]:
    said = words("word-rule") if form in (None, Form.table) else "rule"
    for rule, n in done.decisions.rules.items():
        yield {"name": f"{said} {rule}", "value": n, "unit": "application"}


def _classes(done: Classed) -> Iterator[Row]:
    for path, n in done.classes.items():
        yield {"name": path, "value": n, "unit": "application"}
    yield {"name": "unclassed", "value": done.unclassed, "unit": "application"}


def _say(code: str, done: Screened | Classed, words: Words) -> None:
    counts = {"read": done.read, "kept": done.kept, "failed": done.failed}
    click.echo(words(code, time=duration(done.seconds), **{name: f"{n:,}" for name, n in counts.items()}), err=True)
