"""``card.toml``: what a model is, where it comes from, and the digests of its files.

In: a folder.  Out: a ``Card``; its files verified against it.  Never loads a model.  A folder without a card is a model
of somebody else's: its card is made of what its files say, and its digest of their bytes.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from dokhae.errors import InputError

CARD, LICENCE = "card.toml", "LICENSE.txt"
TOKENIZER, CONFIG, POOLING = "tokenizer.json", "config.json", "1_Pooling/config.json"
KINDS = ("reader", "encoder", "words", "static")
_MODELS = ("model.onnx", "onnx/model.onnx")
_DEFAULT_MAX_TOKENS = 512
_CHUNK_BYTES = 1 << 20
# what transformers writes where a tokenizer has no limit of its own
_NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class DataSource:
    """A set the model learned from, with how many examples."""

    name: str
    licence: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a model.  files: sha256 by path within ``folder``; words: the folder of its word vectors.

    fields: standing fields it answers, in the order of its outputs.
    prefixes: put before a text, by role.
    pooling: how an encoder makes one vector of many, "mean" or "cls".
    """

    folder: Path
    kind: str
    name: str
    version: str = ""
    base: str = ""
    licence: str = ""
    data: tuple[DataSource, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    max_tokens: int = _DEFAULT_MAX_TOKENS
    max_question_tokens: int | None = None
    fields: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    pooling: str = "mean"
    words: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def model(self) -> Path:
        """The model itself, ``model.onnx``.  Raises InputError ``model-part-missing``."""
        found = next((self.folder / name for name in _MODELS if (self.folder / name).is_file()), None)
        if found is None:
            raise InputError("model-part-missing", folder=self.folder, part=_MODELS[0])
        return found

    @property
    def tokenizer(self) -> Path:
        """Its ``tokenizer.json``, which may stand with the shared word vectors."""
        return part(self.folder if self.words is None else self.words, TOKENIZER)

    @property
    def digest(self) -> str:
        """The name of exactly this model: a hash over its files, its word vectors, and how its texts are put to it."""
        own = ((name, digest) for name, digest in sorted(self.files.items()) if name != LICENCE)
        lines = [f"{name} {digest.lower()}" for name, digest in own]
        lines += [f"{self.pooling} {self.fields} {sorted(self.prefixes.items())}"]
        if self.words is not None:
            lines.append(f"words {read_card(self.words).digest}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._paths() if path.is_file())

    def verify(self) -> None:
        """Reads every file and compares it with the card, those of its word vectors too.

        Raises InputError ``model-part-missing`` or ``model-changed``, with the file and both digests.
        """
        for name, expected in self.files.items():
            found = sha256_of(part(self.folder, name))
            if found != expected.lower():
                path = self.folder / name
                raise InputError("model-changed", file=path, found=found, expected=expected)
        if self.words is not None:
            read_card(self.words).verify()

    def _paths(self) -> list[Path]:
        own = [self.folder / name for name in self.files]
        return own if self.words is None else own + read_card(self.words)._paths()


def part(folder: Path, name: str) -> Path:
    """``folder/name``.  Raises InputError ``model-part-missing`` where there is no such file."""
    path = folder / name
    if not path.is_file():
        raise InputError("model-part-missing", folder=folder, part=name)
    return path


def read_card(folder: Path) -> Card:
    """The card in ``folder``.  Raises InputError ``model-part-missing`` or ``model-card-wrong``."""
    path = part(folder, CARD)
    try:
        table = tomllib.loads(path.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("model-card-wrong", file=path, problem=str(error)) from error
    return _Table(path, table).card()


def describe(folder: Path, kind: str) -> Card:
    """The card of a folder without one, from the files in it: a plugged-in model of ``kind``."""
    path = _onnx_in(folder)
    config = _json(folder / CONFIG)
    limits = (_json(folder / "tokenizer_config.json").get("model_max_length"), config.get("max_position_embeddings"))
    limit = min((n for n in limits if isinstance(n, int) and 0 < n < _NO_LIMIT), default=_DEFAULT_MAX_TOKENS)
    pooling = _json(folder / POOLING)
    names = [TOKENIZER, CONFIG, POOLING, path.relative_to(folder).as_posix()]
    names += [p.relative_to(folder).as_posix() for p in path.parent.glob(path.name + "?data")]
    part(folder, TOKENIZER)
    return Card(
        folder=folder,
        kind=kind,
        name=folder.resolve().name,
        # RoBERTa counts positions from the padding id on and so has two fewer than it says
        max_tokens=limit - 2 if config.get("model_type") in ("roberta", "xlm-roberta", "camembert") else limit,
        prefixes=_prefixes(config),
        pooling="cls" if pooling.get("pooling_mode_cls_token") else "mean",
        files={name: sha256_of(folder / name) for name in sorted(names) if (folder / name).is_file()},
    )


def sha256_of(path: Path) -> str:
    """The digest of a file, read in pieces; remembered while the file stays the same."""
    stat = path.stat()
    return _sha256(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _onnx_in(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError("model-missing", path=folder)
    return Card(folder, "", "").model


def _json(path: Path) -> dict[str, Any]:
    """The object in a JSON file, empty where there is no such file."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf8"))
    except ValueError as error:
        raise InputError("model-card-wrong", file=path, problem=str(error)) from error
    return found if isinstance(found, dict) else {}


def _prefixes(config: Mapping[str, Any]) -> dict[str, str]:
    """The words to put before a text, if the model's own configuration names some (sentence-transformers)."""
    prompts = config.get("prompts")
    if not isinstance(prompts, dict):
        return {}
    return {role: str(prompts[role]) for role in ("query", "passage") if role in prompts}


@dataclass(frozen=True, slots=True)
class _Table:
    """A card as it stands in its file; what is wrong with it is said with the file and the key."""

    path: Path
    table: Mapping[str, Any]

    def card(self) -> Card:
        words = self._get("words", str, None)
        kind = self._get("kind", str)
        if kind not in KINDS:
            raise self._wrong("kind", f"one of {', '.join(KINDS)}")
        return Card(
            folder=self.path.parent,
            kind=kind,
            name=self._get("name", str),
            version=self._get("version", str, ""),
            base=self._get("base", str, ""),
            licence=self._get("licence", str, ""),
            data=tuple(map(self._source, self._get("data", list, []))),
            figures=self._get("figures", dict, {}),
            max_tokens=self._get("max_tokens", int, _DEFAULT_MAX_TOKENS),
            max_question_tokens=self._get("max_question_tokens", int, None),
            fields=tuple(map(str, self._get("fields", list, []))),
            prefixes=self._get("prefixes", dict, {}),
            pooling=self._get("pooling", str, "mean"),
            words=None if words is None else self.path.parent.parent / words,
            files=self._files(),
        )

    def _files(self) -> dict[str, str]:
        files: dict[str, str] = self._get("files", dict)
        if not files or not all(isinstance(digest, str) and len(digest) == 64 for digest in files.values()):
            raise self._wrong("files", "a table of file = sha256")
        return files

    def _source(self, entry: object) -> DataSource:
        match entry:
            case {"name": str(name), "licence": str(licence), **rest}:
                n = rest.get("n")
                return DataSource(name, licence, n if isinstance(n, int) else None)
            case _:
                raise self._wrong("data", "a list of {name, licence, n}")

    def _get(self, key: str, kind: type, *default: Any) -> Any:
        if key not in self.table and default:
            return default[0]
        value = self.table.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self._wrong(key, _NAMES[kind])
        return value

    def _wrong(self, key: str, wanted: str) -> InputError:
        return InputError("model-card-wrong", file=self.path, problem=f"{key} must be {wanted}")


_NAMES: dict[type, str] = {str: "a string", int: "a whole number", list: "a list", dict: "a table"}
