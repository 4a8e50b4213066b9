"""The models a study reads with, loaded once a process: ``read.model`` of study.toml says which.

In: the setting.  Out: a reader and static vectors, or None where cues alone shall read or no weights are installed.
The environment variable DOKHAE_MODEL goes before the setting: "none" turns models off, a folder plugs one in.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from dokhae.models import catalog
from dokhae.models.card import Card
from dokhae.models.settings import ModelSettings

if TYPE_CHECKING:
    from dokhae.models.reader import OnnxReader
    from dokhae.models.static import StaticEncoder

BUILT_IN, NONE = "built-in", "none"
VARIABLE = "DOKHAE_MODEL"


def chosen(setting: str) -> str:
    """What is in force: "none", "built-in", or a folder."""
    name = os.environ.get(VARIABLE) or setting
    return NONE if name == BUILT_IN and not catalog.has_reader() else name


@lru_cache(maxsize=2)
def reader(name: str, threads: int | None = None) -> OnnxReader | None:
    """The reader of a name ``chosen`` gave.  Raises InputError where a folder holds none."""
    if name == NONE:
        return None
    return catalog.load_reader(None if name == BUILT_IN else name, ModelSettings(threads=threads))


def card(name: str) -> Card | None:
    """The card of the reader of a name ``chosen`` gave, its files verified, without loading it; None for "none".

    Raises InputError where there is none or a file is missing or changed.
    """
    return None if name == NONE else catalog.card_of("reader", None if name == BUILT_IN else name)


def static_digest() -> str:
    """Names the built-in static vectors in keys and cards, "none" where they are not installed; loads nothing."""
    return catalog.card_of("static").digest[:16] if catalog.has_static() else NONE


@lru_cache(maxsize=1)
def static() -> StaticEncoder | None:
    """The built-in static vectors, if they are installed."""
    return catalog.load_static() if catalog.has_static() else None
