"""Commands to start from: fields, sample."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokhae.apps.clicking import Command, Words, command, form_options, option
from dokhae.apps.listing import list_rows
from dokhae.apps.output import Form

if TYPE_CHECKING:
    from dokhae.reading.fields import Field


def commands(words: Words) -> list[Command]:
    return [_fields(words), _sample(words)]


def _fields(words: Words) -> Command:
    @command(
        "fields",
        words,
        click.argument("schema", required=False),
        option(words, "--toml", is_flag=True),
        form_options(words),
    )
    def fields(schema: str | None, toml: bool, form: Form | None) -> None:
        if toml:
            click.echo(_schema_source(schema), nl=False)
            return
        rows = [
            {
                "field": field.id,
                "label": field.label(words.lang),
                "wants": field.wants,
                "wording": field.wording(words.lang),
                "sections": tuple(section.value for section in field.sections),
            }
            for field in _fields_of(schema)
        ]
        columns = ("field", "label", "wants", "wording", "sections")
        list_rows(rows, columns, form, words)

    return fields


def _sample(words: Words) -> Command:
    @command(
        "sample",
        words,
        option(words, "--count", type=click.IntRange(min=1), default=60, metavar="N"),
        option(words, "--seed", type=int, default=7, metavar="S"),
        option(words, "-o", "--out", code="option-out-sample", required=True, metavar="FOLDER"),
    )
    def sample(count: int, seed: int, out: str) -> None:
        from dokhae.sample import write

        made = write(Path(out), count=count, seed=seed)
        click.echo(words("said-sample", count=f"{made.n_patents:,}", path=made.folder / "patents", truth=made.truth))

    return sample


def _fields_of(schema: str | None) -> tuple[Field, ...]:
    """The fields of a schema, or of a study, its columns included."""
    from dokhae.reading.fields import SCHEMAS, load

    if schema is None or schema in SCHEMAS or not Path(schema).is_dir():
        return load(schema)
    from dokhae.study import Study

    with Study.open(schema) as opened:
        return opened.fields()


def _schema_source(schema: str | None) -> str:
    """A schema as it is written: a built-in one by name, else a file of the user's, checked first; of a study its
    columns.
    """
    from dokhae.library.folder import StudyFolder
    from dokhae.reading.fields import SCHEMAS, load

    if schema is not None and Path(schema).is_dir():
        _fields_of(schema)
        place = StudyFolder(Path(schema)).columns
        return place.read_text("utf-8-sig") if place.exists() else ""
    load(schema)
    name = schema or SCHEMAS[0]
    if name in SCHEMAS:
        return files("dokhae.reading").joinpath("schemas", f"{name}.toml").read_text("utf8")
    return Path(name).read_text("utf8")
