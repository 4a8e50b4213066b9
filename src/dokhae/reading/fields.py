"""Fields: what is asked of every patent, as data a user copies and extends.

In: a schema file (TOML).  Out: ``Field`` values.  A field names its wording in each language, how many answers it
wants and the kinds of sections that can answer it; without one of those the answer is "no source text".
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.reading.cues import weights_of
from dokhae.types import SectionKind

SCHEMAS = ("standing", "rnd")
WANTS = ("span", "spans")
READERS = ("cues", "parts", "question")


@dataclass(frozen=True)
class Field:
    """One question put to every patent.

    id: short and stable, the name of a column.  ko, en: the wording.  wants: "span" (one answer) or "spans".
    sections: kinds of sections that can answer it, any one is enough.  reader: which built-in reader reads it,
    "cues" or "parts".  cues: whose cue files it uses, its own id unless said.
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

    @property
    def digest(self) -> str:
        """Hash of the whole definition: another definition is another question."""
        return hashlib.sha256(repr(self).encode("utf8")).hexdigest()[:16]

    def wording(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en

    def label(self, lang: str) -> str:
        return self.label_ko if lang == "ko" else self.label_en


def load(path: str | Path | None = None) -> tuple[Field, ...]:
    """The fields of a built-in schema (by name) or of a file; None: the standing fields.

    Raises InputError ``fields-file`` naming the file, the field and what is wrong with it.
    """
    name = "standing" if path is None else str(path)
    if name in SCHEMAS:
        content = files(__package__).joinpath("schemas", f"{name}.toml").read_text("utf8")
        name += ".toml"
    else:
        try:
            content = Path(name).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("fields-file", path=name, field="-", problem=str(error)) from error
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError("fields-file", path=name, field="-", problem=str(error)) from error
    return tuple(_field(name, id_, entry) for id_, entry in table.items())


def digest_of(fields: Iterable[Field]) -> str:
    """One hash for a list of fields."""
    return hashlib.sha256("".join(field.digest for field in fields).encode()).hexdigest()[:16]


def _field(path: str, id_: str, entry: Any) -> Field:
    if not isinstance(entry, dict):
        raise InputError("fields-file", path=path, field=id_, problem="a field is a table: [" + id_ + "]")
    known = {f.name for f in dataclass_fields(Field)} - {"id"}
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError("fields-file", path=path, field=id_, problem=f"unknown key {key!r}{hint}")
    for key in ("ko", "en"):
        if not str(entry.get(key, "")).strip():
            raise InputError("fields-file", path=path, field=id_, problem=f"the wording {key!r} is missing")
    kinds = entry.get("sections", [])
    wrong = [kind for kind in kinds if kind not in set(SectionKind)]
    if wrong or not kinds:
        raise InputError(
            "fields-file",
            path=path,
            field=id_,
            problem=f"sections: {wrong or 'none named'}; known: {', '.join(SectionKind)}",
        )
    if entry.get("wants", "span") not in WANTS:
        raise InputError("fields-file", path=path, field=id_, problem=f"wants: one of {', '.join(WANTS)}")
    cues = entry.get("cues", id_)
    reader = entry.get("reader", "cues" if weights_of(cues).sections else "question")
    if reader not in READERS:
        raise InputError("fields-file", path=path, field=id_, problem=f"reader: one of {', '.join(READERS)}")
    if reader == "cues" and not weights_of(cues).sections:
        raise InputError("fields-file", path=path, field=id_, problem=f"there are no cues for {cues!r}")
    return Field(
        id=id_,
        ko=entry["ko"],
        en=entry["en"],
        label_ko=entry.get("label_ko", id_),
        label_en=entry.get("label_en", id_),
        sections=tuple(SectionKind(kind) for kind in kinds),
        wants=entry.get("wants", "span"),
        reader=reader,
        cues=cues,
    )
