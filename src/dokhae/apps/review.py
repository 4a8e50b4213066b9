"""The command review: looking at doubtful answers, handing reviews on, learning from them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokhae.apps import output
from dokhae.apps.clicking import Command, Words, command, option, study
from dokhae.apps.output import Form, Row
from dokhae.apps.reviewing import Dialogue

if TYPE_CHECKING:
    from dokhae.reading.fields import Field
    from dokhae.reading.learning import Lesson, Marks
    from dokhae.study.learning import Learned
    from dokhae.study.reviewing import Reviews

_INSTEAD = ("learn", "forget", "export_to", "import_from")
_COLUMNS = ("text_kind", "field", "reviews", "right_before", "right_after", "brier_before", "brier_after", "result")


def commands(words: Words) -> list[Command]:
    return [_review(words)]


def _review(words: Words) -> Command:
    @command(
        "review",
        words,
        study(words),
        option(words, "--field", code="option-review-field", multiple=True, metavar="FIELD"),
        option(words, "--below", type=click.FloatRange(0, 1), default=0.6, metavar="P"),
        option(words, "--limit", code="option-review-limit", type=click.IntRange(min=1), metavar="N"),
        option(words, "--by", code="option-review-by", metavar="NAME"),
        option(words, "--learn", is_flag=True),
        option(words, "--forget", is_flag=True),
        option(words, "--export", "export_to", code="option-review-export", metavar="FILE.jsonl"),
        option(words, "--import", "import_from", code="option-review-import", metavar="FILE.jsonl"),
    )
    def review(study: str, field: tuple[str, ...], by: str | None, **given: Any) -> int:
        from dokhae.study import Study

        if sum(bool(given[name]) for name in _INSTEAD) > 1:
            raise click.UsageError(words("wanted-one-review"), click.get_current_context())
        with Study.open(study) as opened:
            reviews = opened.reviews(to_write=given["export_to"] is None)
            if given["learn"]:
                _say_learned(reviews.learn(), {one.id: one for one in opened.fields()}, study, words)
            elif given["forget"]:
                click.echo(words("said-forgotten" if reviews.forget() else "said-nothing-to-forget", study=study))
            elif given["export_to"]:
                n_written = reviews.export(Path(given["export_to"]))
                click.echo(words("said-reviews-exported", count=f"{n_written:,}", path=given["export_to"]))
            elif given["import_from"]:
                return _import(reviews, Path(given["import_from"]), words)
            else:
                waiting = reviews.waiting(field, below=given["below"], limit=given["limit"])
                dialogue = Dialogue(reviews, waiting, by or _own_name(), words)
                dialogue.run()
                _say_end(dialogue, study, words)
        return 0

    return review


def _own_name() -> str:
    """The name of the user as the system has it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such account, or Windows without USERNAME
        return "?"


def _say_end(dialogue: Dialogue, study: str, words: Words) -> None:
    if not dialogue.queue:
        click.echo(words("said-review-nothing", study=study), err=True)
        return
    left = len(dialogue.queue) - dialogue.n_said
    click.echo(words("said-reviewed", count=f"{dialogue.n_said:,}", left=f"{left:,}", study=study), err=True)


def _import(reviews: Reviews, source: Path, words: Words) -> int:
    """Says what was taken over, and of each line that was not, why; 1 where there is any."""
    done = reviews.import_from(source)
    click.echo(words("said-reviews-imported", taken=f"{done.taken:,}", known=f"{done.known:,}"))
    for at, error in done.left_out:
        reason = error.in_language(words.lang)
        names_line = error.code == "reviews-file"
        click.echo(reason if names_line else words("said-review-left-out", line=at, reason=reason), err=True)
    return int(bool(done.left_out))


def _say_learned(done: Learned, fields: Mapping[str, Field], study: str, words: Words) -> None:
    """The card: by field and kind of text, before and after."""
    labels = {field.cues: field.label(words.lang) for field in fields.values()}
    rows = [_lesson(key, lesson, labels, words) for key, lesson in done.lessons.items()]
    output.write(rows, _COLUMNS, Form.table, sys.stdout, lang=words.lang)
    click.echo(words("said-learned-how"))
    click.echo(words("said-learned" if done.is_kept else "said-not-learned", count=f"{done.reviews:,}", study=study))


def _lesson(key: tuple[str, str], lesson: Lesson, labels: Mapping[str, str], words: Words) -> Row:
    kind, field = key
    kept = "word-kept" if lesson.is_better else "word-not-kept"
    return {
        "text_kind": words(f"word-text-{kind}"),
        "field": labels.get(field, words("word-free-question")),
        "reviews": lesson.reviews,
        **dict(_figures("before", lesson.before)),
        **dict(_figures("after", lesson.after)),
        "result": words(kept),
    }


def _figures(when: str, marks: Marks) -> Iterator[tuple[str, str]]:
    yield f"right_{when}", f"{marks.right}/{marks.cases}"
    yield f"brier_{when}", "" if marks.brier is None else f"{marks.brier:.3f}"
