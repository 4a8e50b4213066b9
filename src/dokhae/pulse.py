"""Signs of life from work that takes long and has nothing to show yet.

In: ``beat()``, called between two steps of a long job (a page of OCR).  Out: a call of whoever listens, so that a
watchdog does not take the job for hung.  Costs nothing where nobody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], None]] = []


def beat() -> None:
    """Says that this process is at work."""
    for listener in _listeners:
        listener()


@contextmanager
def heard_by(listener: Callable[[], None]) -> Iterator[None]:
    """Calls ``listener`` at every beat while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
