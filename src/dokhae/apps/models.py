"""Commands about the models: models, models evaluate reader, models evaluate encoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps.clicking import Command, Decorator, Group, Words, command, form_options, group, option
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form, Row
from dokhae.apps.progress import Progress
from dokhae.errors import InputError
from dokhae.models.settings import DEVICES, ModelSettings

if TYPE_CHECKING:
    from dokhae.models.card import Card
    from dokhae.models.evaluation import Figure

_COLUMNS = ("kind", "name", "version", "size_mb", "licence", "data", "figures", "max_tokens", "device", "intact")
_FIGURES = ("figure", "value", "low", "high", "n")


def commands(words: Words) -> list[Group]:
    made = _models(words)
    evaluate = _evaluate(words)
    evaluate.add_command(_reader(words))
    evaluate.add_command(_encoder(words))
    made.add_command(evaluate)
    return [made]


def _models(words: Words) -> Group:
    @group(
        "models",
        words,
        click.pass_context,
        option(words, "--check", code="option-check-models", is_flag=True),
        form_options(words),
        invoke_without_command=True,
    )
    def models(context: click.Context, check: bool, form: Form | None) -> int:
        from dokhae.models import catalog

        if context.invoked_subcommand is not None:
            return 0
        cards = catalog.installed()
        faults = _faults(cards) if check else {}
        if cards or form is not None:
            list_rows(_rows(cards, faults, is_checked=check), _COLUMNS, form, words, worded=("kind", "intact"))
        for fault in faults.values():
            click.echo(words("said-error", message=fault.in_language(words.lang)), err=True)
        runtime, devices = catalog.devices()
        click.echo(words("said-runtime" if cards else "said-no-models", runtime=runtime, devices=devices), err=True)
        return 1 if faults else 0

    made: Group = models
    return made


def _evaluate(words: Words) -> Group:
    @group("evaluate", words, code="models-evaluate")
    def evaluate() -> None:
        """Says nothing itself."""

    made: Group = evaluate
    return made


def _reader(words: Words) -> Command:
    @command("reader", words, *_options(words), code="models-evaluate-reader")
    def reader(file: str, model: str | None, limit: int | None, device: str, form: Form | None) -> None:
        from dokhae.models import catalog
        from dokhae.models.evaluation import reading, squad

        path = _existing(file)
        loaded = catalog.load_reader(model, ModelSettings(device=device))
        questions = squad.load(path, limit=limit)
        measure = reading.measure_for(questions)
        with _measuring(words, form) as progress:
            answered = reading.answer(loaded, questions, progress)
        _show(reading.figures(answered, measure), form, words)
        click.echo(words(f"said-measure-{measure.language}"), err=True)
        _say_model(loaded.card, loaded.device, words)

    return reader


def _encoder(words: Words) -> Command:
    @command("encoder", words, *_options(words), code="models-evaluate-encoder")
    def encoder(file: str, model: str | None, limit: int | None, device: str, form: Form | None) -> None:
        from dokhae.models import catalog
        from dokhae.models.evaluation import retrieval

        path = _existing(file)
        loaded = catalog.load_any_encoder(model, ModelSettings(device=device))
        pairs = retrieval.load(path, limit=limit)
        with _measuring(words, form) as progress:
            figures = list(retrieval.figures(loaded, pairs, progress))
        _show(figures, form, words)
        _say_model(loaded.card, loaded.device, words)

    return encoder


def _options(words: Words) -> tuple[Decorator[Any], ...]:
    return (
        click.argument("file"),
        option(words, "--model", metavar="PATH"),
        option(words, "--limit", code="option-limit-evaluate", type=click.IntRange(min=1), metavar="N"),
        option(words, "--device", type=click.Choice(DEVICES), default=DEVICES[0]),
        form_options(words),
    )


def _existing(file: str) -> Path:
    path = Path(file)
    if not path.is_file():
        raise InputError("path-missing", path=path)
    return path


def _measuring(words: Words, form: Form | None) -> Progress:
    return Progress("measure", words.lang, quiet=form not in (None, Form.table))


def _show(figures: Iterable[Figure], form: Form | None, words: Words) -> None:
    rows = [{"figure": figure.name, **asdict(figure)} for figure in figures]
    if form in (None, Form.table):
        rows = [{**row, **{name: _rounded(row[name]) for name in ("value", "low", "high")}} for row in rows]
    list_rows(rows, _FIGURES, form, words, worded=("figure",))


def _rounded(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}"


def _say_model(card: Card, device: str, words: Words) -> None:
    name = f"{card.name} {card.version}".strip()
    click.echo(words("said-measured", model=name, digest=card.digest[:12], device=device), err=True)


def _faults(cards: Iterable[Card]) -> dict[str, InputError]:
    """What is wrong with the files of each model, by kind; nothing for those that are as their cards say."""
    found = {}
    for card in cards:
        try:
            card.verify()
        except InputError as error:
            found[card.kind] = error
    return found


def _rows(cards: Iterable[Card], faults: dict[str, InputError], *, is_checked: bool) -> Iterator[Row]:
    from dokhae.models import catalog

    for card in cards:
        yield {
            "kind": card.kind,
            "name": card.name,
            "version": card.version,
            "size_mb": round(card.size_bytes / 1e6, 1),
            "licence": card.licence,
            "data": tuple(f"{source.name} ({source.licence})" for source in card.data),
            "figures": card.figures,
            "max_tokens": None if card.kind == "static" else card.max_tokens,
            "device": catalog.device_of(card),
            "intact": card.kind not in faults if is_checked else None,
        }
