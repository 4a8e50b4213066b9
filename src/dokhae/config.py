"""study.toml and flags -> each room's own frozen Settings, and where every value came from.

In: the study's ``study.toml`` and what the command line or the caller set.  Out: ``Config``.  A flag goes before the
file, the file before the default.  Never writes the file; an unknown key is an error with its line, not a silence.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from dokhae.errors import InputError

FILE_NAME = "study.toml"

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """workers: processes, None = one a core, 0 = none.  time_limit_s: how long one file may be silent."""

    workers: int | None = None
    time_limit_s: float = 120.0


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """fields: schemas every patent is read for: built-in names, or files as seen from the study folder."""

    fields: tuple[str, ...] = ("standing", "rnd")


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """unit: what counts stand for: "publication", "application" or "family"."""

    unit: str = "application"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and its origin: "default", "study.toml" or "flag"."""

    name: str
    value: Any
    origin: str


@dataclass(frozen=True)
class Config:
    """The settings of every room."""

    engine: EngineSettings = field(default_factory=EngineSettings)
    read: ReadSettings = field(default_factory=ReadSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    origins: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> tuple[Setting, ...]:
        """Every setting as ``room.name``, in the order of the rooms."""
        return tuple(
            Setting(name, getattr(getattr(self, room), key), self.origins.get(name, "default"))
            for room, keys in known().items()
            for key in keys
            for name in [f"{room}.{key}"]
        )


def known() -> dict[str, tuple[str, ...]]:
    """The settings that exist: keys by room."""
    rooms = (room for room in fields(Config) if room.name != "origins")
    defaults = Config()
    return {room.name: tuple(key.name for key in fields(getattr(defaults, room.name))) for room in rooms}


def load(study: Path, flags: Mapping[str, object] | None = None) -> Config:
    """The settings of the study in that folder.  flags: by "room.key"; None stands for "not given".

    Raises InputError ``setting-unknown``, ``setting-wrong`` or ``settings-unreadable``.
    """
    path = study / FILE_NAME
    content = path.read_text("utf8") if path.exists() else ""
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError("settings-unreadable", file=path, reason=error) from error
    config = Config()
    for room, entries in tables.items():
        if not isinstance(entries, dict):
            continue  # top level: the format of the folder, which the library reads
        for key, value in entries.items():
            config = _set(config, f"{room}.{key}", value, origin=_Place(path, content))
    for name, value in (flags or {}).items():
        if value is not None:
            config = _set(config, name, value, origin=None)
    return config


@dataclass(frozen=True, slots=True)
class _Place:
    """The file a value stands in, to say its line."""

    path: Path
    content: str

    def line(self, name: str) -> int:
        room, _, key = name.partition(".")
        lines = self.content.splitlines()
        heads = [i for i, line in enumerate(lines) if re.match(rf"\s*\[\s*{re.escape(room)}\s*\]", line)]
        start = heads[0] if heads else 0
        keys = (i for i in range(start, len(lines)) if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[i]))
        return next(keys, start) + 1


def _set(config: Config, name: str, value: object, *, origin: _Place | None) -> Config:
    room, _, key = name.partition(".")
    names = [f"{r}.{k}" for r, keys in known().items() for k in keys]
    file, line = (origin.path, origin.line(name)) if origin else ("-", 0)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
        raise InputError("setting-unknown", file=file, line=line, name=repr(name), near=repr(near))
    current = getattr(config, room)
    wanted = get_type_hints(type(current))[key]
    fitting = tuple(value) if isinstance(value, list) else value
    if not _fits(fitting, wanted):
        raise InputError("setting-wrong", file=file, line=line, name=name, value=repr(value), wanted=_said(wanted))
    origins = {**config.origins, name: FILE_NAME if origin else "flag"}
    return replace(config, origins=origins, **{room: replace(current, **{key: fitting})})


def _fits(value: object, wanted: Any) -> bool:
    if isinstance(wanted, UnionType):
        return any(_fits(value, one) for one in get_args(wanted))
    if get_origin(wanted) is tuple:
        return isinstance(value, tuple) and all(_fits(part, get_args(wanted)[0]) for part in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _said(wanted: Any) -> str:
    if isinstance(wanted, UnionType):
        return " or ".join(_said(one) for one in get_args(wanted) if one is not type(None))
    if get_origin(wanted) is tuple:
        return f"a list of {_said(get_args(wanted)[0])}"
    return {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}[wanted]
