"""Questions put to every patent of a study, kept as fields of its own: ``columns.toml``.

In: the path of that file, a question.  Out: ``Field`` values.  The file is a schema like any other (docs/cli.md): its
wordings, labels and sections are the user's to edit; another wording is another question and is read anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from dokhae.errors import InputError
from dokhae.reading.fields import Field, load
from dokhae.reading.view import UNREAD_KINDS
from dokhae.types import SectionKind

_HEAD = """# Questions asked of every patent (dokhae ask STUDY … --all).
# Edit wordings and labels, take out what is not needed; then: dokhae read STUDY.
"""
_SECTIONS = [kind.value for kind in SectionKind if kind not in UNREAD_KINDS - {SectionKind.table}]
_LABEL_CHARS = 40


def of(path: Path) -> tuple[Field, ...]:
    """The columns of a study, in the order they were asked; () where nobody has asked.  Raises ``fields-file``."""
    return load(path) if path.exists() else ()


def asked(path: Path, question: str, name: str | None = None) -> Field:
    """The column of a question: the one that has its wording, else a new one, not kept yet.

    name: its id and label.  Raises ``question-empty``, and ``study-column-exists`` where another question has it.
    """
    wording = " ".join(question.split())
    if not wording:
        raise InputError("question-empty")
    known = of(path)
    same = next((one for one in known if wording in (one.ko, one.en) and name in (None, one.id)), None)
    if same is not None:
        return same
    id_ = name or f"q_{hashlib.sha256(wording.encode()).hexdigest()[:8]}"
    if any(one.id == id_ for one in known):
        raise InputError("study-column-exists", name=id_, path=path)
    sections = tuple(SectionKind(kind) for kind in _SECTIONS)
    return Field(id_, wording, wording, name or _short(wording), name or _short(wording), sections, reader="question",
                 cues=id_)  # fmt: skip


def keep(path: Path, column: Field) -> None:
    """Adds a column to the file, if it is not there."""
    if any(one.id == column.id for one in of(path)):
        return
    before = path.read_text("utf8") if path.exists() else _HEAD
    path.write_text(f"{before.rstrip()}\n\n{_table(column)}", encoding="utf8")


def _table(column: Field) -> str:
    values = {
        "label_ko": column.label_ko,
        "label_en": column.label_en,
        "ko": column.ko,
        "en": column.en,
        "reader": column.reader,
        "sections": [kind.value for kind in column.sections],
    }
    lines = [f"{name} = {_toml(value)}" for name, value in values.items()]
    return "\n".join([f"[{_toml(column.id)}]", *lines]) + "\n"


def _toml(value: object) -> str:
    """Strings of JSON are strings of TOML, but for one sign that TOML wants written out."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _short(wording: str) -> str:
    return wording if len(wording) <= _LABEL_CHARS else f"{wording[: _LABEL_CHARS - 1]}…"
