"""The models there are: built in, or in a folder of the user's.

In: nothing, a name or a path.  Out: loaded models; cards of what is installed.  Nothing is ever fetched: a model
that is not there is an error that says so.  The heavy libraries load with the first model, not with this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dokhae.errors import InputError, MissingExtra
from dokhae.models.card import CARD, Card, describe, read_card
from dokhae.models.settings import ModelSettings

if TYPE_CHECKING:
    from dokhae.models.encoder import OnnxEncoder
    from dokhae.models.reader import OnnxReader
    from dokhae.models.static import StaticEncoder

WEIGHTS = Path(__file__).parent / "weights"
BUILT_IN = ("reader", "encoder", "static")


def has_reader() -> bool:
    return _is_there("reader")


def has_encoder() -> bool:
    return _is_there("encoder")


def has_static() -> bool:
    return _is_there("static")


def installed() -> tuple[Card, ...]:
    """Cards of the built-in models, in the order of ``BUILT_IN``."""
    return tuple(read_card(WEIGHTS / name) for name in BUILT_IN if _is_there(name))


def load_reader(name_or_path: str | Path | None = None, settings: ModelSettings | None = None) -> OnnxReader:
    """The built-in reader, or the one in a folder.  Raises InputError if there is none or a file is wrong."""
    with _libraries():
        from dokhae.models.reader import OnnxReader
    return OnnxReader(card_of("reader", name_or_path), settings)


def load_encoder(name_or_path: str | Path | None = None, settings: ModelSettings | None = None) -> OnnxEncoder:
    """The built-in encoder, or the one in a folder."""
    with _libraries():
        from dokhae.models.encoder import OnnxEncoder
    return OnnxEncoder(card_of("encoder", name_or_path), settings)


def load_any_encoder(
    name_or_path: str | Path | None = None, settings: ModelSettings | None = None
) -> OnnxEncoder | StaticEncoder:
    """An encoder or static vectors, whichever ``name_or_path`` is."""
    if name_or_path is not None and _is_static(name_or_path):
        return load_static(name_or_path)
    return load_encoder(name_or_path, settings)


def devices() -> tuple[str, str]:
    """What runs models here with its version, and on which devices."""
    with _libraries():
        from dokhae.models import session
    return session.runtime(), ", ".join(device.says for device in session.installed())


def device_of(card: Card) -> str:
    """Where the model of ``card`` would run; static vectors are only looked up."""
    if card.kind == "static":
        return "CPU"
    with _libraries():
        from dokhae.models import session
    return session.device_for(card.model, ModelSettings().device).says


def load_static(name_or_path: str | Path | None = None) -> StaticEncoder:
    """The built-in static vectors, or those in a folder."""
    with _libraries():
        from dokhae.models.static import StaticEncoder
    return StaticEncoder(card_of("static", name_or_path))


def card_of(kind: str, name_or_path: str | Path | None = None) -> Card:
    """The card of a model, its files verified against it.

    name_or_path: None for the built-in one, its name, or a folder, with or without a card.
    Raises InputError ``model-none``, ``model-missing``, ``model-kind`` or what ``Card.verify`` raises.
    """
    if name_or_path is None or _names_built_in(kind, name_or_path):
        if not _is_there(kind):
            raise InputError("model-none", kind=kind)
        folder = WEIGHTS / kind
    else:
        folder = Path(name_or_path)
    if not folder.is_dir():
        raise InputError("model-missing", path=folder)
    if not (folder / CARD).is_file():
        return describe(folder, kind)
    card = read_card(folder)
    if card.kind != kind:
        raise InputError("model-kind", folder=folder, found=card.kind, wanted=kind)
    card.verify()
    return card


@contextmanager
def _libraries() -> Iterator[None]:
    """Says what to do where a library cannot be loaded: on Windows it may lack parts of the system."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra("runtime-missing", reason=error) from error


def _names_built_in(kind: str, name: str | Path) -> bool:
    if str(name) == kind:
        return not Path(name).is_dir()
    return _is_there(kind) and str(name) == read_card(WEIGHTS / kind).name


def _is_static(name: str | Path) -> bool:
    if _names_built_in("static", name):
        return True
    return (Path(name) / CARD).is_file() and read_card(Path(name)).kind == "static"


def _is_there(name: str) -> bool:
    return (WEIGHTS / name / CARD).is_file()
