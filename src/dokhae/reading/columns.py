"""Questions put to every patent of a study, kept as fields of its own: ``columns.toml``.

In: the path of that file, a question and what it wants.  Out: ``Field`` values; the file with one table more, or one
less, all else in it as the user left it.  It is a schema like any other (docs/fields.md): its wordings, labels, choices
and sections are the user's to edit; another wording is another question and is read anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokhae import whole
from dokhae.errors import InputError
from dokhae.reading.choices import Choice, choices_of
from dokhae.reading.fields import Field, load
from dokhae.reading.view import UNREAD_KINDS
from dokhae.types import SectionKind

_HEAD = """# Questions asked of every patent (dokhae ask STUDY … --all).
# Edit wordings and labels, take out what is not needed; then: dokhae read STUDY.
"""
_SECTIONS = [kind.value for kind in SectionKind if kind not in UNREAD_KINDS - {SectionKind.table}]
_LABEL_CHARS = 40
_TAKEN = ("screen", "class", "question")  # names that answers have for other ends


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer shall be: ``wants`` and ``choices`` of a field."""

    wants: str = "span"
    choices: tuple[str, ...] = ()


def of(path: Path) -> tuple[Field, ...]:
    """The columns of a study, in the order they were asked; () where nobody has asked.  Raises ``fields-file``."""
    return load(path) if path.exists() else ()


def asked(
    path: Path,
    question: str,
    name: str | None = None,
    wanted: Wanted | None = None,
    taken: Collection[str] = (),
) -> Field:
    """The column of a question: the one that has its wording and wants the same, else a new one, not kept yet.

    name: its id and label.  taken: ids of fields that are no columns.  Raises InputError ``question-empty``,
    ``study-column-name``, ``choices-few``, ``choices-twice``, and ``study-column-exists`` where another has the name.
    """
    wanted = wanted or Wanted()
    wording = " ".join(question.split())
    if not wording:
        raise InputError("question-empty")
    known = of(path)
    choices = choices_of(wanted.choices, "--choice") if wanted.wants == "choice" else ()
    same = next(
        (
            one
            for one in known
            if wording in (one.ko, one.en) and name in (None, one.id) and _wants_the_same(one, wanted.wants, choices)
        ),
        None,
    )
    if same is not None:
        return same
    of_kind = "" if wanted == Wanted() else repr(wanted)
    id_ = name or f"q_{hashlib.sha256((wording + of_kind).encode()).hexdigest()[:8]}"
    if not re.fullmatch(r"[\w-]+", id_) or id_ in (*_TAKEN, *taken):
        raise InputError("study-column-name", name=repr(id_))
    if any(one.id == id_ for one in known):
        raise InputError("study-column-exists", name=id_, path=path)
    sections = tuple(SectionKind(kind) for kind in _SECTIONS)
    label = name or _short(wording)
    return Field(id_, wording, wording, label, label, sections, wanted.wants, "question", id_, choices)


def forget(path: Path, name: str) -> None:
    """Takes a column out of the file.  Raises InputError ``study-column-unknown``."""
    known = [one.id for one in of(path)]
    if name not in known:
        raise InputError("study-column-unknown", name=name, known=", ".join(known) or "-")
    whole.write(path, without(path.read_text("utf-8-sig"), name))


def without(content: str, name: str) -> str:
    """A TOML file without the tables ``[name]`` and ``[name.…]``.

    >>> without('[a]\\nko = "1"\\n\\n["b"]\\nko = "2"\\n["b".choices]\\nx = []\\n', "b")
    '[a]\\nko = "1"\\n\\n'
    """
    own = re.compile(rf"\s*\[\s*[\"']?{re.escape(name)}[\"']?\s*[\].]")
    kept, is_own = [], False
    for line in content.splitlines(keepends=True):
        if re.match(r"\s*\[[^\[]", line):
            is_own = own.match(line) is not None
        if not is_own:
            kept.append(line)
    return "".join(kept)


def keep(path: Path, column: Field) -> None:
    """Adds a column to the file, if it is not there."""
    if any(one.id == column.id for one in of(path)):
        return
    before = path.read_text("utf-8-sig") if path.exists() else _HEAD
    whole.write(path, f"{before.rstrip()}\n\n{_table(column)}")


def _table(column: Field) -> str:
    values = {
        "label_ko": column.label_ko,
        "label_en": column.label_en,
        "ko": column.ko,
        "en": column.en,
        "reader": column.reader,
        "sections": [kind.value for kind in column.sections],
    }
    if column.wants != "span":
        values["wants"] = column.wants
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    if column.choices:
        lines += ["", f"[{_toml(column.id)}.choices]  # beside each the words that speak for it, in either language"]
        lines += [f"{_toml(one.name)} = {_toml(list(one.words))}" for one in column.choices]
    return "\n".join([f"[{_toml(column.id)}]", *lines]) + "\n"


def _wants_the_same(one: Field, wants: str, choices: Sequence[Choice]) -> bool:
    """Whether a column there wants what is wanted now; words the user gave to its choices do not make it another."""
    return one.wants == wants and [choice.name for choice in one.choices] == [choice.name for choice in choices]


def _toml(value: object) -> str:
    """Strings of JSON are strings of TOML, but for one sign that TOML wants written out."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _short(wording: str) -> str:
    return wording if len(wording) <= _LABEL_CHARS else f"{wording[: _LABEL_CHARS - 1]}…"
