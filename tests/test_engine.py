"""Engines: every key ends once, whatever it does."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dokhae.engine import Done, Engine, Failed, Item, engine_of
from dokhae.engine.processes import MOST_WORKERS, ProcessEngine
from dokhae.engine.serial import SerialEngine
from dokhae.errors import DokhaeError, InputError


def count(key: int) -> Iterator[int]:
    """``key`` values 0, 1, 2 ..."""
    yield from range(key)


def misbehave(key: str) -> Iterator[str]:
    yield f"{key} begins"
    if key == "hang":
        time.sleep(600)
    if key == "die":
        os._exit(7)
    if key == "crash":
        os.kill(os.getpid(), 11)
    if key == "raise":
        raise ValueError("no such page")
    if key == "unpicklable":
        yield lambda: key  # type: ignore[misc]
    yield f"{key} ends"


def raise_at_once(key: str) -> Iterator[str]:
    raise ValueError(key)


def blow(key: int) -> Iterator[bytes]:
    for _ in range(key):
        yield bytes(1_000_000)


def ends_of(events: list[Any]) -> dict[Any, str]:
    return {e.key: "done" if isinstance(e, Done) else e.reason for e in events if not isinstance(e, Item)}


@pytest.fixture(params=["serial", "processes"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return SerialEngine() if request.param == "serial" else ProcessEngine(workers=2)


def test_every_value_arrives_in_order_and_every_key_ends_once(engine: Engine) -> None:
    events = list(engine.map(count, [3, 0, 2]))
    values = {key: [e.value for e in events if isinstance(e, Item) and e.key == key] for key in (3, 0, 2)}
    assert values == {3: [0, 1, 2], 0: [], 2: [0, 1]}
    assert ends_of(events) == {3: "done", 0: "done", 2: "done"}
    assert sum(not isinstance(e, Item) for e in events) == 3


def test_a_key_that_raises_fails_alone_and_keeps_its_items(engine: Engine) -> None:
    events = list(engine.map(misbehave, ["a", "raise", "b"]))
    assert ends_of(events) == {"a": "done", "raise": "raised", "b": "done"}
    assert Item("raise", "raise begins") in events
    failed = next(e for e in events if isinstance(e, Failed))
    assert failed.detail.startswith("ValueError: no such page (test_engine.py:")


def test_work_that_is_no_iterator_but_raises_fails_too(engine: Engine) -> None:
    assert ends_of(list(engine.map(raise_at_once, ["x"]))) == {"x": "raised"}


def test_no_keys_give_no_events(engine: Engine) -> None:
    assert list(engine.map(count, [])) == []


@pytest.mark.skipif(os.name == "nt", reason="signals as on POSIX")
def test_a_segfault_a_sudden_exit_and_a_hang_each_fail_only_their_key() -> None:
    engine = ProcessEngine(workers=2, time_limit_s=1.0)
    keys = ["a", "die", "b", "hang", "crash", "c", "unpicklable", "d"]
    events = list(engine.map(misbehave, keys))
    assert ends_of(events) == {
        "a": "done",
        "b": "done",
        "c": "done",
        "d": "done",
        "die": "worker-died",
        "hang": "time-limit",
        "crash": "worker-died",
        "unpicklable": "raised",
    }
    assert all(Item(key, f"{key} begins") in events for key in keys)
    details = {e.key: e.detail for e in events if isinstance(e, Failed)}
    assert details["die"] == "exit code 7"
    assert details["crash"] == "ended by SIGSEGV"
    assert details["hang"] == "silent for 1 s"


def test_keys_are_drawn_only_as_workers_become_free() -> None:
    drawn: list[int] = []

    def keys() -> Iterator[int]:
        for n in range(1000):
            drawn.append(n)
            yield 1

    events = ProcessEngine(workers=1).map(count, keys())
    for _ in range(4):
        next(events)
    events.close()  # type: ignore[attr-defined]
    assert len(drawn) <= 4


def test_a_slow_caller_is_no_silent_worker() -> None:
    events = ProcessEngine(workers=1, time_limit_s=0.3).map(blow, [4])
    first = next(events)
    time.sleep(0.5)  # the worker waits at the full pipe meanwhile
    assert isinstance(first, Item)
    assert ends_of(list(events)) == {4: "done"}


def test_dropping_the_iterator_ends_the_children() -> None:
    import multiprocessing

    events = ProcessEngine(workers=2).map(misbehave, ["hang", "hang"])
    assert isinstance(next(events), Item)
    assert multiprocessing.active_children()
    events.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_an_exception_of_the_caller_ends_the_children() -> None:
    import multiprocessing

    def interrupted() -> None:
        for _ in ProcessEngine(workers=1).map(misbehave, ["a", "b"]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert multiprocessing.active_children() == []


class Unreadable:
    """Pickles, but never comes back."""

    def __reduce__(self) -> Any:
        return (int, ("not a number",))

    def __call__(self, key: int) -> Iterator[int]:
        yield key


def give_unreadable(key: int) -> Iterator[Any]:
    yield key
    if key == 1:
        yield Unreadable()


def test_a_value_that_cannot_be_read_back_fails_its_key() -> None:
    assert ends_of(list(ProcessEngine(workers=1).map(give_unreadable, [0, 1, 2]))) == {
        0: "done",
        1: "raised",
        2: "done",
    }


def test_workers_that_cannot_start_are_an_error_not_a_failed_key(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DokhaeError) as raised:
        list(ProcessEngine(workers=1).map(Unreadable(), [1]))
    assert str(raised.value) == (
        "The worker processes end as soon as they start (exit code 1). In a script of your own, put the call under "
        "`if __name__ == '__main__':`, or choose the engine 'serial'."
    )


def test_engines_have_names() -> None:
    assert isinstance(engine_of("serial"), SerialEngine)
    assert isinstance(engine_of("processes"), ProcessEngine)
    with pytest.raises(InputError) as raised:
        engine_of("ray")
    assert str(raised.value) == "There is no engine 'ray'. Choose one of: serial, processes."


def test_more_workers_than_can_be_waited_for_are_capped() -> None:
    assert ProcessEngine(workers=1000).workers == MOST_WORKERS
    with pytest.raises(ValueError, match="needs a worker"):
        ProcessEngine(workers=0)
