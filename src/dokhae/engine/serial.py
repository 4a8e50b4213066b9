"""SerialEngine: one key after the other, in this process.

In: work and keys.  Out: items, then Done or Failed per key.  It cannot stop a key that hangs and dies with one that
crashes the interpreter; for files from strangers use ``processes``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TypeVar

from dokhae.engine import Done, Failed, Item
from dokhae.engine.failure import told

K = TypeVar("K")
R = TypeVar("R")


class SerialEngine:
    """The engine of tests, of debuggers and of a single small file."""

    def map(self, work: Callable[[K], Iterable[R]], keys: Iterable[K]) -> Iterator[Item[K, R] | Done[K] | Failed[K]]:
        for key in keys:
            failure = yield from _guarded(work, key)
            yield Done(key) if failure is None else failure


def _guarded(work: Callable[[K], Iterable[R]], key: K) -> Generator[Item[K, R], None, Failed[K] | None]:
    """Yields the items of one key; returns its failure, if any.

    Only what ``work`` raises is caught: an exception thrown in by the caller (GeneratorExit) passes through.
    """
    try:
        values = iter(work(key))
    except Exception as error:  # noqa: BLE001 - whatever a key does, the other keys go on
        return Failed(key, "raised", told(error))
    while True:
        try:
            value = next(values)
        except StopIteration:
            return None
        except Exception as error:  # noqa: BLE001
            return Failed(key, "raised", told(error))
        yield Item(key, value)
