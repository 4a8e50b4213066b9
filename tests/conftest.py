"""Every test: no network, no process left behind, no locale of the machine."""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator
from typing import Any

import pytest

_connect = socket.socket.connect


def _connect_locally(sock: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if sock.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test tried to reach {address!r}: nothing may leave the machine")
    _connect(sock, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _connect_locally)


@pytest.fixture(autouse=True)
def speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOKHAE_LANG", "en")


@pytest.fixture(autouse=True, scope="session")
def reads_with_cues() -> Iterator[None]:
    """The model is tested where it is asked for: 25 windows a second would make every other test slow.

    Of the whole session, so that studies shared by the tests of a module are read like those of one test.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOKHAE_MODEL", "none")
        yield


@pytest.fixture(autouse=True, scope="module")
def leaves_no_process_behind() -> Iterator[None]:
    yield
    lingering = multiprocessing.active_children()
    assert not lingering, f"worker processes outlived the tests of this module: {lingering}"
