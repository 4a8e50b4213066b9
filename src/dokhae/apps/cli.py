"""``dokhae``: the command line.

In: argv.  Out: an exit code: 0 done, 1 an error or findings, 2 wrong use, 130 interrupted.  A ``DokhaeError`` is one
line in the language of the user, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from dokhae.apps import asking, console, keeping, making, models, review, screening, shell, starting
from dokhae.apps.clicking import Group, Words, lang_option, wrong_use
from dokhae.errors import DokhaeError
from dokhae.version import VERSION

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def build(lang: str) -> Group:
    """The command ``dokhae`` with everything it says in ``lang``."""
    words = Words(lang)
    rooms = (making, asking, screening, review, keeping, models, starting)
    commands = [command for room in rooms for command in room.commands(words)]
    version = click.version_option(VERSION, prog_name="dokhae", help=words("option-version"))
    made = click.group("dokhae", cls=Group, words=words)(version(lang_option(words)(_nothing)))
    for command in commands:
        made.add_command(command)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line and says how it ended."""
    argv = sys.argv[1:] if argv is None else list(argv)
    console.make_streams_safe()
    words = Words(console.language(argv))
    try:
        code = build(words.lang).main(args=argv, prog_name="dokhae", standalone_mode=False)
    except BrokenPipeError:
        # the reader of our output (head, less) has left; nothing may be flushed to it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (click.ClickException, click.Abort, DokhaeError, OSError, KeyboardInterrupt) as error:
        return _explain(error, words, argv)
    return code if isinstance(code, int) else DONE


def _explain(error: BaseException, words: Words, argv: Sequence[str]) -> int:
    """Says on standard error what ended the command, and which exit code that is."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.message, err=True)
            return WRONG_USE
        case click.UsageError():
            return _say(wrong_use(error, words), words, WRONG_USE)
        case DokhaeError():
            return _say(error.in_language(words.lang), words, FAILED)
        case OSError():
            reason = error.strerror or str(error)
            return _say(words("system-error", path=error.filename or "-", reason=reason), words, FAILED)
        case _:
            click.echo(words("said-interrupted"), err=True)
            click.echo(f"  dokhae {shell.quoted(*argv)}", err=True)
            return INTERRUPTED


def _say(message: str, words: Words, code: int) -> int:
    click.echo(words("said-error", message=message), err=True)
    return code


def _nothing() -> None:
    """The group itself does nothing: its commands do."""


if __name__ == "__main__":
    sys.exit(main())
