"""click in two languages: commands, options and wrong use said in the language of the user.

In: a language.  Out: building blocks of the commands: ``Words``, ``Command``, ``Group``, the options that are alike
everywhere.  Never touches a study.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from dokhae.apps.output import Form
from dokhae.messages import LANGUAGES, say

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
Decorator = Callable[[Decorated], Decorated]


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences in one language: ``words("said-added", added="12")``."""

    lang: str

    def __call__(self, code: str, **values: object) -> str:
        return say(code, self.lang, {name: str(value) for name, value in values.items()})


class _Option(click.Option):
    """An option whose help says everything itself: click would add ranges and defaults in English."""

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        return {}


class _Spoken(click.Command):
    """What a command and a group share: usage, options and ``--help`` said in the language of ``words``."""

    words: Words

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self.words("option-help")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=self.words("usage") + " ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [r for param in self.get_params(ctx) if (r := param.get_help_record(ctx)) is not None and r[1]]
        with formatter.section(self.words("options")):
            formatter.write_dl(records)


class Command(_Spoken):
    """One command; its help is the sentence ``help-<code>``, the code its name unless given."""

    def __init__(self, name: str, *, words: Words, code: str = "", **attrs: Any) -> None:
        self.words = words
        attrs |= {"help": words(f"help-{code or name}"), "short_help": words(f"short-{code or name}")}
        super().__init__(name, **attrs)


class Group(_Spoken, click.Group):
    """A command of commands, as ``dokhae`` is one: in the order they are used, not of the alphabet."""

    def __init__(self, name: str, *, words: Words, code: str = "", **attrs: Any) -> None:
        self.words = words
        attrs |= {"help": words(f"help-{code or name}"), "short_help": words(f"short-{code or name}")}
        super().__init__(name, **attrs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(self.words("commands")):
            formatter.write_dl([(name, made.get_short_help_str()) for name, made in self.commands.items()])
        super().format_options(ctx, formatter)


def command(
    name: str, words: Words, *decorators: Decorator[Any], code: str = ""
) -> Callable[[Callable[..., Any]], Command]:
    """Makes a function the command ``name``; decorators: its arguments and options, in the order of the help."""

    def make(function: Callable[..., Any]) -> Command:
        for decorate in (lang_option(words), *reversed(decorators)):
            function = decorate(function)
        made: Command = click.command(name, cls=Command, words=words, code=code)(function)
        return made

    return make


def group(name: str, words: Words, *decorators: Decorator[Any], code: str = "", **attrs: Any) -> Decorator[Any]:
    """Makes a function the group ``name``: what the command does before, or without, one of its own commands."""

    def make(function: Callable[..., Any]) -> Group:
        for decorate in (lang_option(words), *reversed(decorators)):
            function = decorate(function)
        made: Group = click.group(name, cls=Group, words=words, code=code, **attrs)(function)
        return made

    return make


def study(words: Words) -> Decorator[Any]:
    return click.argument("study", metavar=words("metavar-study"))


def lang_option(words: Words) -> Decorator[Any]:
    """``--lang``: read by ``console.language`` before parsing; here it is checked and shown in the help."""
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=words("option-lang"))


def form_options(words: Words) -> Decorator[Any]:
    """``--table``, ``--json``, ``--csv`` of every command that lists, as the parameter ``form``."""

    def decorate(function: Any) -> Any:
        for form in reversed(Form):
            flag = click.option(f"--{form}", "form", flag_value=form, type=Form, help=words(f"option-{form}"))
            function = flag(function)
        return function

    return decorate


def by_option(words: Words) -> Decorator[Any]:
    """``--by``: what one count, or one row, stands for."""
    return option(words, "--by", type=click.Choice(("publication", "application", "family")))


def option(words: Words, *names: str, code: str = "", **attrs: Any) -> Decorator[Any]:
    """An option whose help is the sentence ``option-<its long name>``, or ``code`` where commands differ."""
    long_name = next(name for name in names if name.startswith("--")).removeprefix("--")
    said = words(code or f"option-{long_name}")
    if "default" in attrs:
        said += " " + words("option-default", value=attrs["default"])
    if attrs.get("required"):
        said += " " + words("option-required")
    return click.option(*names, cls=_Option, help=said, **attrs)


def wrong_use(error: click.UsageError, words: Words) -> str:
    """What is wrong with the command line, and where its help stands, in one line."""
    path = error.ctx.command_path if error.ctx else "dokhae"
    return f"{_what_is_wrong(error, words)} {words('see-help', command=path)}"


def _what_is_wrong(error: click.UsageError, words: Words) -> str:
    match error:
        case click.MissingParameter(param=click.Parameter() as param):
            return words("wrong-missing", name=param.get_error_hint(error.ctx))
        case click.NoSuchOption():
            return words("wrong-option", name=error.option_name) + _meant(error.possibilities, words)
        case click.exceptions.NoSuchCommand():
            return words("wrong-command", name=error.command_name) + _meant(error.possibilities, words)
        case click.BadParameter(param=click.Parameter() as param):
            return words("wrong-value", name=param.get_error_hint(error.ctx), reason=_wanted(param.type, error, words))
        case _:
            return words("wrong-use", reason=error.format_message())


def _meant(possibilities: Sequence[str] | None, words: Words) -> str:
    return " " + words("did-you-mean", names=", ".join(possibilities)) if possibilities else ""


def _wanted(kind: click.ParamType[Any], error: click.BadParameter, words: Words) -> str:
    match kind:
        case click.Choice():
            return words("wanted-one-of", choices=", ".join(map(str, kind.choices)))
        case click.IntRange():
            return words("wanted-at-least", least=kind.min)
        case click.types.IntParamType():
            return words("wanted-number")
        case _:
            return error.message
