"""Fields: what is asked of every patent, as data a user copies and extends.

In: a schema file (TOML).  Out: ``Field`` values.  A field names its wording in each language, what it wants and the
kinds of sections that can answer it; without one of those the answer is "no source text".  Every mistake is told with
file, line and field (schemas.py reads the file).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from dokhae.reading.choices import Choice
from dokhae.types import SectionKind

SCHEMAS = ("standing", "rnd", "axes")
WANTS = ("span", "spans", "number", "yes_no", "choice", "choices")
VALUED = ("number", "yes_no", "choice", "choices")
READERS = ("cues", "parts", "question", "derived")


@dataclass(frozen=True)
class Field:
    """One question put to every patent.

    id: short and stable, the name of a column.  ko, en: the wording.  sections: kinds of sections that can answer it,
    any one is enough.  cues: whose cue files it uses, its own id unless said.
    wants: "span" (one answer), "spans", or a value beside the words it stands on: "number", "yes_no", "choice" (one of
    ``choices``), "choices" (several of them).
    reader: "cues" or "parts" (built in), "question" (put to the text), "derived": decided by the answer to ``source``.
    """

    id: str
    ko: str
    en: str
    label_ko: str
    label_en: str
    sections: tuple[SectionKind, ...]
    wants: str = "span"
    reader: str = "cues"
    cues: str = ""
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    source: Field | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """Hash of the whole definition: another definition is another question."""
        # what later versions added counts only where it is used: answers of older studies stay valid
        added = f"{self.choices or ''}{self.source.digest if self.source else ''}"
        return hashlib.sha256(f"{self!r}{added}".encode()).hexdigest()[:16]

    @property
    def is_many(self) -> bool:
        """Whether all of its candidates are the answer, not the first alone."""
        return self.wants == "spans"

    @property
    def is_valued(self) -> bool:
        """Whether an answer has a value beside its words."""
        return self.wants in VALUED

    @property
    def is_alone(self) -> bool:
        """Whether it is kept under a key of its own; the others are read in one pass and kept together."""
        return self.reader in ("question", "derived")

    def wording(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en

    def label(self, lang: str) -> str:
        return self.label_ko if lang == "ko" else self.label_en


def load(path: str | Path | None = None, known: Sequence[Field] = ()) -> tuple[Field, ...]:
    """The fields of a built-in schema (by name) or of a file; None: the standing fields.

    known: fields that ``of`` may name besides those of the file itself and the built-in ones.
    Raises InputError ``fields-file``, ``fields-key``, ``fields-missing``, ``fields-value``, ``choices-few`` or
    ``choices-twice``, with the file, the line and the field.
    """
    from dokhae.reading import schemas

    name = "standing" if path is None else str(path)
    if name in SCHEMAS:
        content = files(__package__).joinpath("schemas", f"{name}.toml").read_text("utf8")
        return schemas.fields_of(f"{name}.toml", content, known)
    return schemas.fields_of(name, schemas.content_of(Path(name)), known)


def digest_of(fields: Iterable[Field]) -> str:
    """One hash for a list of fields."""
    return hashlib.sha256("".join(field.digest for field in fields).encode()).hexdigest()[:16]
