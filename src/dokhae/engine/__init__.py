"""How many things are done at once: one ``map``, several engines.

``Engine.map(work, keys)`` calls ``work(key)``, a picklable function that returns an iterator, for every key, and
yields what comes out as it comes: ``Item`` for each value, then ``Done`` or ``Failed`` once for each key.  Keys are
drawn only as workers become free; results wait for the caller (bounded memory both ways).  Order between keys is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

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
