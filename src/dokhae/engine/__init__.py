"""How many things are done at once: one ``map``, several engines.

``Engine.map(work, keys)`` calls ``work(key)``, a picklable function that returns an iterator, for every key, and
yields what comes out as it comes: ``Item`` for each value, then ``Done`` or ``Failed`` once for each key.  Keys are
drawn only as workers become free; results wait for the caller (bounded memory both ways).  Order between keys is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Generic, Protocol, TypeVar

from dokhae.errors import InputError

K = TypeVar("K")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Item(Generic[K, R]):
    """One value of ``work(key)``."""

    key: K
    value: R


@dataclass(frozen=True, slots=True)
class Done(Generic[K]):
    """All values of ``key`` have been yielded."""

    key: K


@dataclass(frozen=True, slots=True)
class Failed(Generic[K]):
    """``work(key)`` ended early.  reason: "time-limit", "worker-died" or "raised"; detail: for people."""

    key: K
    reason: str
    detail: str = ""


class Engine(Protocol):
    def map(self, work: Callable[[K], Iterable[R]], keys: Iterable[K]) -> Iterator[Item[K, R] | Done[K] | Failed[K]]:
        """Runs ``work`` over ``keys``; never raises for what a key does."""
        ...


class Progress(Protocol):
    """How far a long job is.  A room calls it often; a door makes a bar of it, with rate and time left."""

    def __call__(self, done: int, total: int | None, /) -> None:
        """``done`` of ``total`` keys have ended; total is None while it is not known."""
        ...


ENGINES: dict[str, str] = {
    "serial": "dokhae.engine.serial:SerialEngine",
    "processes": "dokhae.engine.processes:ProcessEngine",
}


def engine_of(name: str) -> Engine:
    """The engine of that name with its own defaults.  Raises InputError ``engine-unknown``.

    >>> type(engine_of("serial")).__name__
    'SerialEngine'
    """
    if name not in ENGINES:
        raise InputError("engine-unknown", name=repr(name), known=", ".join(ENGINES))
    module, _, cls = ENGINES[name].partition(":")
    made: Engine = getattr(import_module(module), cls)()
    return made
