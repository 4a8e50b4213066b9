"""A schema file -> its fields, every mistake told with file, line and field.

In: the content of a TOML file, a table a field.  Out: ``Field`` values in their order.  tomllib forgets lines, so they
are found again in the content.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dokhae.errors import InputError
from dokhae.reading.choices import SEPARATOR, Choice, choices_of
from dokhae.reading.cues import weights_of
from dokhae.reading.fields import READERS, VALUED, WANTS, Field, load
from dokhae.reading.view import UNASKED_KINDS
from dokhae.types import SectionKind

KEYS = ("ko", "en", "label_ko", "label_en", "sections", "wants", "choices", "of", "reader", "cues")
_SEARCHED = ("standing", "rnd")  # built-in schemas whose fields ``of`` may name
ANYWHERE = tuple(
    kind for kind in SectionKind if kind not in UNASKED_KINDS
)  # what a question without sections is put to


def content_of(path: Path) -> str:
    """Raises InputError ``fields-file``."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("fields-file", path=path, reason=error) from error


def fields_of(path: str, content: str, known: Sequence[Field] = ()) -> tuple[Field, ...]:
    """The fields of a schema.  known: further fields that ``of`` may name."""
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError("fields-file", path=path, reason=error) from error
    schema = _Schema(path, content, {field.id: field for field in known})
    for id_, entry in tables.items():
        schema.read(id_, entry)
    return tuple(schema.read_so_far.values())


@dataclass(slots=True)
class _Schema:
    path: str
    content: str
    known: Mapping[str, Field]
    read_so_far: dict[str, Field] = field(default_factory=dict)

    def read(self, id_: str, entry: Any) -> None:
        if not isinstance(entry, dict):
            raise self._value(id_, id_, entry, f"[{id_}]")
        for key in entry:
            if key not in KEYS:
                near = difflib.get_close_matches(key, KEYS, 1, cutoff=0.0)[0]
                raise self._error("fields-key", id_, key, key=repr(key), near=repr(near))
        source = self._source(id_, entry)
        ko, en = self._wordings(id_, entry)
        wants = self._one_of(id_, entry, "wants", WANTS, "span")
        cues = self._text(id_, entry, "cues", id_)
        self.read_so_far[id_] = Field(
            id=id_,
            ko=ko,
            en=en,
            label_ko=self._text(id_, entry, "label_ko", id_),
            label_en=self._text(id_, entry, "label_en", id_),
            sections=self._sections(id_, entry, source),
            wants=wants,
            reader=self._reader(id_, entry, wants, cues),
            cues=cues,
            choices=self._choices(id_, entry, wants),
            source=source,
        )

    def _wordings(self, id_: str, entry: Mapping[str, Any]) -> tuple[str, str]:
        """Both wordings; one stands for the other where it is the only one."""
        ko, en = (self._text(id_, entry, key, "").strip() for key in ("ko", "en"))
        if not (ko or en):
            raise self._error("fields-missing", id_, "", key="ko / en")
        return ko or en, en or ko

    def _sections(self, id_: str, entry: Mapping[str, Any], source: Field | None) -> tuple[SectionKind, ...]:
        if "sections" not in entry:
            if not source and weights_of(entry.get("cues", id_)).sections:
                raise self._error("fields-missing", id_, "", key="sections")
            return source.sections if source else ANYWHERE
        given = entry["sections"]
        if not given or not isinstance(given, list) or any(kind not in list(SectionKind) for kind in given):
            raise self._value(id_, "sections", given, " | ".join(SectionKind))
        return tuple(SectionKind(kind) for kind in given)

    def _reader(self, id_: str, entry: Mapping[str, Any], wants: str, cues: str) -> str:
        has_cues = bool(weights_of(cues).sections)
        usual = "derived" if "of" in entry else "cues" if has_cues and wants not in VALUED else "question"
        reader = self._one_of(id_, entry, "reader", READERS, usual)
        if (reader == "cues" and not has_cues) or (reader == "derived") != ("of" in entry):
            raise self._value(id_, "reader", reader, usual)
        if wants in VALUED and reader in ("cues", "parts"):
            raise self._value(id_, "reader", reader, usual)
        return reader

    def _choices(self, id_: str, entry: Mapping[str, Any], wants: str) -> tuple[Choice, ...]:
        given = entry.get("choices")
        wanted = '["a", "b"]'
        if wants not in ("choice", "choices"):
            if given is not None:
                raise self._value(id_, "wants", wants, '"choice" | "choices"')
            return ()
        if given is None:
            raise self._error("fields-missing", id_, "wants", key="choices")
        lists = list(given.values()) if isinstance(given, dict) else [given]
        names = list(given) if isinstance(given, dict) else given
        texts = [word for words in lists for word in (words if isinstance(words, list) else [None])]
        if not isinstance(names, list) or any(not isinstance(word, str) for word in texts):
            raise self._value(id_, "choices", given, wanted)
        if any(SEPARATOR.strip() in name or "\n" in name for name in names):
            raise self._value(id_, "choices", given, wanted)
        return choices_of(given, f"{self.path}:{self._line(id_, 'choices')} [{id_}]")

    def _source(self, id_: str, entry: Mapping[str, Any]) -> Field | None:
        """The field this one is decided by."""
        if "of" not in entry:
            return None
        built_in = {one.id: one for name in _SEARCHED if self.path != f"{name}.toml" for one in load(name)}
        able = {**built_in, **self.known, **self.read_so_far}
        able = {name: one for name, one in able.items() if one.source is None and name != id_}
        if entry["of"] not in able:
            raise self._value(id_, "of", entry["of"], " | ".join(able))
        if entry.get("wants") not in VALUED:
            raise self._value(id_, "wants", entry.get("wants"), " | ".join(VALUED))
        return able[entry["of"]]

    def _text(self, id_: str, entry: Mapping[str, Any], key: str, default: str) -> str:
        value = entry.get(key, default)
        if not isinstance(value, str):
            raise self._value(id_, key, value, '"…"')
        return value

    def _one_of(self, id_: str, entry: Mapping[str, Any], key: str, able: Sequence[str], default: str) -> str:
        value = entry.get(key, default)
        if value not in able:
            raise self._value(id_, key, value, " | ".join(able))
        return str(value)

    def _value(self, id_: str, key: str, value: object, wanted: str) -> InputError:
        return self._error("fields-value", id_, key, key=key, value=repr(value)[:80], wanted=wanted)

    def _error(self, code: str, id_: str, at: str, **values: object) -> InputError:
        return InputError(code, file=self.path, line=self._line(id_, at), field=id_, **values)

    def _line(self, id_: str, key: str) -> int:
        """The line of ``key`` in the table of a field, else the line the table begins at."""
        lines = self.content.split("\n")
        name = rf"[\"']?{re.escape(id_)}[\"']?"
        heads = [at for at, line in enumerate(lines, 1) if re.match(rf"\s*\[\s*{name}\s*[\].]|\s*{name}\s*=", line)]
        start = heads[0] if heads else 1
        given = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]|\s*\[\s*{name}\s*\.\s*{re.escape(key)}\s*\]")
        other = re.compile(rf"\s*\[(?!\s*{name}\s*[\].])")
        for at, line in enumerate(lines[start:], start + 1):
            if other.match(line):
                break
            if key and given.match(line):
                return at
        return start
