"""ProcessEngine: several keys at once, each in a process of its own that may crash or hang without harm.

In: picklable work and keys.  Out: items as they come, then Done or Failed per key.  Processes are spawned, never
forked (threads of native libraries do not survive a fork, and Windows has none).  A worker sends value by value
through its own pipe; a full pipe makes it wait, so memory stays bounded.  Long work that has nothing to send yet says
that it lives (pulse.beat).  A worker that is silent for longer than the
time limit, or dead, is replaced: its key has failed, the items already received stand, other keys do not notice.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import EllipsisType
from typing import Any, Generic, TypeVar

from dokhae import pulse
from dokhae.engine import Done, Failed, Item
from dokhae.engine.failure import told
from dokhae.errors import DokhaeError

K = TypeVar("K")
R = TypeVar("R")

# Windows waits on at most 63 handles, and each worker has two
MOST_WORKERS = 30
_START_LIMIT_S = 60.0


class ProcessEngine:
    """``workers``: None = one a core.  ``time_limit_s``: the longest a worker may go without sending anything."""

    def __init__(self, workers: int | None = None, time_limit_s: float = 120.0) -> None:
        n = usable_cores() if workers is None else workers
        if n < 1 or time_limit_s <= 0:
            raise ValueError(f"an engine needs a worker and time, got workers={workers}, time_limit_s={time_limit_s}")
        self.workers = min(n, MOST_WORKERS)
        self.time_limit_s = time_limit_s

    def map(self, work: Callable[[K], Iterable[R]], keys: Iterable[K]) -> Iterator[Item[K, R] | Done[K] | Failed[K]]:
        crew: list[_Worker[K]] = []
        try:
            yield from self._run(work, iter(keys), crew)
        finally:
            # also after KeyboardInterrupt, or when the caller drops the iterator
            for worker in crew:
                worker.end()

    def _run(
        self, work: Callable[[K], Iterable[R]], keys: Iterator[K], crew: list[_Worker[K]]
    ) -> Iterator[Item[K, R] | Done[K] | Failed[K]]:
        while True:
            self._give_keys(work, keys, crew)
            busy = [worker for worker in crew if worker.busy]
            if not busy:
                return
            ready, late = self._wait(busy)
            for worker in late:
                crew.remove(worker)
                worker.end()
                yield Failed(worker.key, "time-limit", f"silent for {self.time_limit_s:g} s")
            for worker in ready:
                event: Item[K, R] | Done[K] | Failed[K] | None = worker.receive()
                if not worker.alive:
                    crew.remove(worker)
                if event is not None:
                    yield event

    def _give_keys(self, work: Callable[[K], Iterable[R]], keys: Iterator[K], crew: list[_Worker[K]]) -> None:
        """Gives every free worker a key; starts workers only while there are keys for them."""
        idle = [worker for worker in crew if not worker.busy]
        while idle or len(crew) < self.workers:
            drawn = list(islice(keys, 1))
            if not drawn:
                return
            if idle:
                worker = idle.pop()
            else:
                worker = _Worker(work)
                crew.append(worker)
            worker.give(drawn[0])

    def _wait(self, busy: list[_Worker[K]]) -> tuple[list[_Worker[K]], list[_Worker[K]]]:
        """Workers with something to receive, and those silent for too long, as of now."""
        first_deadline_s = min(worker.deadline_s(self.time_limit_s) for worker in busy)
        handles = [handle for worker in busy for handle in (worker.pipe, worker.sentinel)]
        signalled = set(wait(handles, timeout=max(0.0, first_deadline_s - time.monotonic())))
        now_s = time.monotonic()
        ready = [worker for worker in busy if worker.pipe in signalled or worker.sentinel in signalled]
        late = [w for w in busy if w not in ready and w.deadline_s(self.time_limit_s) <= now_s]
        return ready, late


class _Worker(Generic[K]):
    """The parent's side of one worker process: at most one key at a time."""

    def __init__(self, work: Callable[[K], Iterable[Any]]) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe(duplex=True)
        self._process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        with _ctrl_c_ignored():
            self._process.start()
        theirs.close()
        self.sentinel = self._process.sentinel
        self.key: K
        self.busy = False
        self.alive = True
        self._started = False
        self._heard_s = time.monotonic()

    def give(self, key: K) -> None:
        self.key = key
        self.busy = True
        self._heard_s = time.monotonic()
        with suppress(OSError):  # it died meanwhile: receive() will say so
            self.pipe.send(key)

    def deadline_s(self, time_limit_s: float) -> float:
        """When this worker counts as hung; starting up (importing) has a limit of its own."""
        return self._heard_s + (time_limit_s if self._started else max(time_limit_s, _START_LIMIT_S))

    def receive(self) -> Item[K, Any] | Done[K] | Failed[K] | None:
        """The next message; None for the greeting and for a sign of life.  Ends the worker when nothing can follow."""
        try:
            data = self.pipe.recv_bytes() if self.pipe.poll() else b""
        except (EOFError, OSError):
            data = b""
        if not data:
            return self._died()
        self._heard_s = time.monotonic()
        try:
            kind, value = pickle.loads(data)  # noqa: S301 - bytes of our own child
        except Exception as error:  # noqa: BLE001 - a value that cannot be read back fails its key only
            self.end()
            return Failed(self.key, "raised", told(error))
        if kind is _READY:
            self._started = True
            return None
        if kind is _BEAT:
            return None
        if kind is _ITEM:
            return Item(self.key, value)
        self.busy = False
        return Done(self.key) if value is None else Failed(self.key, "raised", value)

    def end(self) -> None:
        """Kills the process and waits until it is gone; again is no harm."""
        if not self.alive:
            return
        self.alive = False
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()

    def _died(self) -> Failed[K]:
        self._process.join(timeout=5.0)
        how = _exit_words(self._process.exitcode)
        self.end()
        if not self._started:
            raise DokhaeError("engine-cannot-start", detail=how)
        return Failed(self.key, "worker-died", how)


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """A process started inside ignores Ctrl-C from its first moment (POSIX): no traceback of a half-started worker."""
    is_foreign = signal.getsignal(signal.SIGINT) is None  # set by a host program in C: not ours to put back
    if is_foreign or threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may set signals
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# Kinds of messages: plain booleans, None and Ellipsis pickle to themselves, so ``is`` works on both sides of the pipe
_READY, _ITEM, _END, _BEAT = None, True, False, ...


def _serve(pipe: Connection, work: Callable[[Any], Iterable[Any]]) -> None:
    """The worker's side: keys in, values out, until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends the workers
    _send(pipe, _READY, None)
    while True:
        try:
            key = pipe.recv()
        except (EOFError, OSError):
            return
        with pulse.heard_by(lambda: _send(pipe, _BEAT, None)):
            failure = _failure_of(pipe, work, key)
        _send(pipe, _END, failure)


def _failure_of(pipe: Connection, work: Callable[[Any], Iterable[Any]], key: Any) -> str | None:
    try:
        for value in work(key):
            _send(pipe, _ITEM, value)
    except Exception as error:  # noqa: BLE001 - whatever a key does, the other keys go on
        return told(error)
    return None


def _send(pipe: Connection, kind: bool | EllipsisType | None, value: Any) -> None:
    data = pickle.dumps((kind, value), protocol=pickle.HIGHEST_PROTOCOL)
    try:
        pipe.send_bytes(data)
    except OSError:
        raise SystemExit(1) from None  # the parent is gone


def _exit_words(code: int | None) -> str:
    """An exit code as people can look it up.

    >>> _exit_words(3), _exit_words(None)
    ('exit code 3', 'no exit code')
    """
    if code is None:
        return "no exit code"
    with suppress(ValueError):
        return f"ended by {signal.Signals(-code).name}"
    return f"exit code {code}"


def usable_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
