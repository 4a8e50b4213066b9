"""Commands that make a study: analyze, add, read, report, export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps import output, shell
from dokhae.apps.clicking import Command, Words, by_option, command, option, study
from dokhae.apps.progress import Progress, duration
from dokhae.apps.running import say_run
from dokhae.apps.stdin import or_stdin

if TYPE_CHECKING:
    from dokhae.library import Patent
    from dokhae.study import AddedFiles, Analyzed, JoinedList, ReadTexts

FORMATS = ("jsonl", "xlsx", "csv")
VERDICTS = ("valid", "noise", "open")


def commands(words: Words) -> list[Command]:
    return [_analyze(words), _add(words), _read(words), _report(words), _export(words)]


def _analyze(words: Words) -> Command:
    @command(
        "analyze",
        words,
        click.argument("files", nargs=-1, required=True, metavar="FILES..."),
        option(words, "-o", "--out", code="option-out-study", required=True, metavar="STUDY"),
        option(words, "--fields", multiple=True, metavar="SCHEMA"),
        option(words, "--workers", type=click.IntRange(min=0), metavar="N"),
        option(words, "--quiet", "-q", is_flag=True),
    )
    def analyze(files: tuple[str, ...], out: str, fields: tuple[str, ...], workers: int | None, quiet: bool) -> int:
        from dokhae.study import Study

        def steps(step: str, /) -> Progress:
            return Progress(step, words.lang, quiet=quiet)

        done = Study.analyze(
            or_stdin(shell.files_named(files)), out, fields=fields, workers=workers, lang=words.lang, steps=steps
        )
        _say_added(done.added, out, words)
        _say_read(done.read, out, words)
        _say_end(done, out, words)
        return int(not done.added.found_a_patent)

    return analyze


def _add(words: Words) -> Command:
    @command(
        "add",
        words,
        study(words),
        click.argument("files", nargs=-1, required=True, metavar="FILES..."),
        option(words, "--workers", type=click.IntRange(min=0), metavar="N"),
        option(words, "--quiet", "-q", is_flag=True),
    )
    def add(study: str, files: tuple[str, ...], workers: int | None, quiet: bool) -> int:
        from dokhae.study import Study

        named = tuple(or_stdin(shell.files_named(files)))
        Study.check_files(named, study)
        with Study.create(study, workers=workers) as opened, Progress("add", words.lang, quiet=quiet) as progress:
            added = opened.add(named, progress=progress)
        _say_added(added, study, words)
        return int(not added.found_a_patent)

    return add


def _read(words: Words) -> Command:
    @command(
        "read",
        words,
        study(words),
        option(words, "--fields", multiple=True, metavar="SCHEMA"),
        option(words, "--workers", type=click.IntRange(min=0), metavar="N"),
        option(words, "--quiet", "-q", is_flag=True),
    )
    def read(study: str, fields: tuple[str, ...], workers: int | None, quiet: bool) -> None:
        from dokhae.study import Study

        with Study.open(study, workers=workers) as opened, Progress("read", words.lang, quiet=quiet) as progress:
            _say_read(opened.read(fields, progress=progress), study, words)

    return read


def _report(words: Words) -> Command:
    @command(
        "report",
        words,
        study(words),
        option(words, "-o", "--out", code="option-out-report", metavar="FOLDER"),
        by_option(words),
    )
    def report(study: str, out: str | None, by: str | None) -> None:
        from dokhae.study import Study

        with Study.open(study) as opened:
            click.echo(words("said-report", path=opened.report(out, lang=words.lang, by=by)))

    return report


def _export(words: Words) -> Command:
    @command(
        "export",
        words,
        study(words),
        option(words, "--format", "form", type=click.Choice(FORMATS)),
        option(words, "--into", metavar="LIST.xlsx"),
        option(words, "--sheet", metavar="NAME"),
        option(words, "-o", "--out", code="option-out-export", metavar="FILE"),
        option(words, "--with-text", is_flag=True),
        option(words, "--verdict", "verdicts", multiple=True, type=click.Choice(VERDICTS)),
        by_option(words),
    )
    def export(study: str, form: str | None, into: str | None, sheet: str | None, **how: Any) -> None:
        from dokhae.study import Study

        if (form is None) == (into is None):
            raise click.UsageError(words("wanted-format-or-into"), click.get_current_context())
        if into is not None and how["verdicts"]:
            raise click.UsageError(words("wanted-format-for-verdict"), click.get_current_context())
        with Study.open(study) as opened:
            if into is not None:
                _say_joined(opened.export_into(into, how["out"], sheet=sheet, lang=words.lang), words)
                return
            written = opened.export(str(form), lang=words.lang, **how)
        click.echo(words("said-exported", count=f"{written.count:,}", path=written.path), err=how["out"] == "-")

    return export


def _say_joined(done: JoinedList, words: Words) -> None:
    """What was joined; on standard error where the copy itself goes to standard output."""
    joined = done.joined
    counts = {name: f"{getattr(joined, name):,}" for name in ("rows", "found", "missing", "ambiguous", "unlisted")}
    click.echo(words("said-joined", sheet=joined.sheet, **counts), err=done.path == "-")
    click.echo(words("said-joined-path", path=done.path), err=done.path == "-")


def _say_added(added: AddedFiles, study: str, words: Words) -> None:
    counts = added.counts
    figures = {field.name: f"{getattr(counts, field.name):,}" for field in dataclass_fields(counts)}
    click.echo(words("said-added", time=duration(added.seconds), **figures))
    if not added.reasons:
        return
    click.echo(words("said-rejected", study=shell.quoted(study)))
    for reason in added.reasons:
        click.echo(f"  {reason.count:>6,}  {reason.code}: {words('said-example', source=reason.source)}")
        click.echo(f"          {words(reason.code, **reason.values)}")


def _say_read(read: ReadTexts, study: str, words: Words) -> None:
    counts = {"read": read.read, "kept": read.kept, "failed": read.failed}
    click.echo(words("said-read", time=duration(read.seconds), **{name: f"{n:,}" for name, n in counts.items()}))
    if not any(read.statuses.values()):
        return
    click.echo(words("said-read-by", model=read.read_by) if read.read_by else words("said-read-by-cues"))
    if read.learned:
        click.echo(words(f"said-read-{read.learned}"))
    click.echo(words("said-answers"))
    present = sorted({status for by_status in read.statuses.values() for status in by_status}, key=_status_order)
    rows = [{"field": field, **{s: f"{n[s]:,}" for s in present}} for field, n in read.statuses.items()]
    output.write(rows, ["field", *present], output.Form.table, sys.stdout, lang=words.lang)
    say_run(read, study, words)


def _status_order(status: str) -> int:
    from dokhae.types import AnswerStatus

    return list(AnswerStatus).index(AnswerStatus(status))


def _say_end(done: Analyzed, out: str, words: Words) -> None:
    click.echo(words("said-time", time=duration(done.seconds)))
    click.echo(words("said-report", path=Path(done.report).resolve()))
    if done.example is None:
        return
    click.echo(words("said-next"))
    for line in _next_commands(shell.quoted(out), done.example, words):
        click.echo(f"  {line}")


def _next_commands(study: str, example: Patent, words: Words) -> Iterator[str]:
    """Three commands that surely show something in this study."""
    from dokhae.study import name_of

    longest = max(example.biblio.title.split(), key=len, default="")
    if longest:
        yield f'dokhae search {study} "{longest}"'
    yield f"dokhae show {study} {name_of(example)}"
    yield f'dokhae ask {study} "{words("example-question")}"'
