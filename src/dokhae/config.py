"""study.toml and flags -> each room's own frozen Settings, and where every value came from.

In: the study's ``study.toml`` and what the command line or the caller set.  Out: ``Config``.  A flag goes before the
file, the file before the default.  Never writes the file; an unknown key is an error with its line, not a silence.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from dokhae.errors import InputError
from dokhae.parse.settings import ParseSettings
from dokhae.report.settings import ReportSettings

FILE_NAME = "study.toml"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """workers: processes, None = one a core, 0 = none.  time_limit_s: how long one file may be silent."""

    workers: int | None = None
    time_limit_s: float = 120.0


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """fields: schemas every patent is read for: built-in names or paths of files.

    model: "built-in", "none" (cues and shared words alone) or the folder of a reader.
    """

    fields: tuple[str, ...] = ("standing", "rnd")
    model: str = "built-in"


# What of each room's Settings a study may set; the rest is given by the doors with each call.
SETTINGS = {
    "engine": ("workers", "time_limit_s"),
    "parse": ("ocr",),
    "read": ("fields", "model"),
    "report": ("title", "by", "family", "joint", "texts", "one_file_each", "all_columns"),
}
# the least and the most of the settings that are amounts
_RANGES: dict[str, tuple[float, float]] = {"engine.workers": (0, 1000), "engine.time_limit_s": (0.1, 86_400)}


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
    parse: ParseSettings = field(default_factory=ParseSettings)
    read: ReadSettings = field(default_factory=ReadSettings)
    report: ReportSettings = field(default_factory=ReportSettings)
    origins: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> tuple[Setting, ...]:
        """Every setting as ``room.key``, in the order of the rooms."""
        return tuple(Setting(name, self.value(name), self.origins.get(name, "default")) for name in names())

    def value(self, name: str) -> Any:
        room, _, key = name.partition(".")
        return getattr(getattr(self, room), key)


def names() -> tuple[str, ...]:
    """The settings that exist, as ``room.key``."""
    return tuple(f"{room}.{key}" for room, keys in SETTINGS.items() for key in keys)


def load(path: Path, flags: Mapping[str, object] | None = None) -> Config:
    """The settings in ``path`` (defaults where there is no such file).  flags: by name; None stands for "not given".

    Raises InputError ``setting-unknown``, ``setting-wrong`` or ``settings-unreadable``.
    """
    try:
        content = path.read_text("utf-8-sig") if path.exists() else ""  # Windows Notepad may write the mark
    except UnicodeDecodeError as error:
        raise InputError("settings-unreadable", file=path, reason="it is not saved as UTF-8") from error
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError("settings-unreadable", file=path, reason=error) from error
    place = _Place(path, content)
    config = Config()
    for name, value in _named(tables):
        config = _set(config, name, value, place)
    for name, value in (flags or {}).items():
        if value is not None:
            config = _set(config, name, value, None)
    return config


def write_template(path: Path) -> None:
    """A file that names every setting with its default, each line a comment; a file already there stays as it is."""
    if path.exists():
        return
    lines = ["# Settings of this study.  Take the # away to change one; docs/cli.md explains them."]
    for room, keys in SETTINGS.items():
        lines += ["", f"[{room}]", *(f"# {key} = {_toml(Config().value(f'{room}.{key}'))}" for key in keys)]
    path.write_text("\n".join(lines) + "\n", encoding="utf8")


def _toml(value: object) -> str:
    """A default as TOML writes it; None, which TOML lacks, as an example."""
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if value is None:
        return "4"
    return json.dumps(value)


def _named(tables: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for room, entries in tables.items():
        if isinstance(entries, dict):
            yield from ((f"{room}.{key}", value) for key, value in entries.items())
        else:
            yield room, entries


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


def _set(config: Config, name: str, value: object, place: _Place | None) -> Config:
    """``config`` with one value from a file, or from a flag where ``place`` is None."""
    file, line = (place.path, place.line(name)) if place else ("-", 0)
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1, cutoff=0.0)[0]
        raise InputError("setting-unknown", file=file, line=line, name=repr(name), near=repr(near))
    room, _, key = name.partition(".")
    wanted = get_type_hints(type(getattr(config, room)))[key]
    try:
        fitting = _within(_RANGES.get(name), _fitting(value, wanted))
    except ValueError:
        least, most = _RANGES.get(name, (None, None))
        said = _said(wanted) if least is None else f"{_said(wanted)} from {least:g} to {most:g}"
        raise InputError("setting-wrong", file=file, line=line, name=name, value=repr(value), wanted=said) from None
    changed = replace(getattr(config, room), **{key: fitting})
    origins = {**config.origins, name: FILE_NAME if place else "flag"}
    return replace(config, origins=origins, **{room: changed})


def _fitting(value: object, wanted: Any) -> object:
    """``value`` as the type a setting has.  Raises ValueError where it is of another kind."""
    if isinstance(wanted, UnionType):
        wanted = next(one for one in get_args(wanted) if one is not type(None))
    if get_origin(wanted) is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError
        return tuple(_fitting(part, get_args(wanted)[0]) for part in value)
    if issubclass(wanted, StrEnum):
        return wanted(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # bool is an int to Python, not to people
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise ValueError
    return value


def _within(bounds: tuple[float, float] | None, value: Any) -> object:
    """``value`` as it is.  Raises ValueError where it is an amount out of its bounds, or not a number (nan)."""
    if bounds is not None and not bounds[0] <= value <= bounds[1]:
        raise ValueError
    return value


def _said(wanted: Any) -> str:
    if isinstance(wanted, UnionType):
        return " or ".join(_said(one) for one in get_args(wanted) if one is not type(None))
    if get_origin(wanted) is tuple:
        return f"a list, each {_said(get_args(wanted)[0])}"
    if issubclass(wanted, StrEnum):
        return "one of " + ", ".join(wanted)
    return {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}[wanted]
