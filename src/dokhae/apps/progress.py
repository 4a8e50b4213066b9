"""Progress on standard error: a bar with rate and time left on a terminal, now and then a plain line otherwise.

In: how much is done, of how much.  Out: nothing on standard output, ever: that belongs to the answer.
"""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Self, TextIO

from dokhae.messages import say

_PLAIN_EVERY_S = 10.0
# Steps that count bytes; the others count patents.
_IN_BYTES = ("add",)


class Progress:
    """``progress(done, total)``, called as often as one likes; total is None while it is not known."""

    def __init__(self, step: str, lang: str, *, stream: TextIO | None = None, quiet: bool = False) -> None:
        self._step = say(f"step-{step}", lang, {})
        self._is_bytes = step in _IN_BYTES
        self._lang = lang
        self._stream = sys.stderr if stream is None else stream
        self._quiet = quiet
        self._started_s = self._said_s = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __call__(self, done: int, total: int | None = None) -> None:
        if self._quiet:
            return
        if self._stream.isatty():
            self._draw(done, total)
        elif time.monotonic() - self._said_s >= _PLAIN_EVERY_S:
            self._say(done, total)

    def _draw(self, done: int, total: int | None) -> None:
        from tqdm import tqdm

        if self._bar is None:
            unit: dict[str, Any] = {"unit": "B", "unit_scale": True} if self._is_bytes else {"unit": ""}
            self._bar = tqdm(desc=self._step, total=total, file=self._stream, leave=False, dynamic_ncols=True, **unit)
        if total is not None and total != self._bar.total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def _say(self, done: int, total: int | None) -> None:
        self._said_s = time.monotonic()
        seconds = self._said_s - self._started_s
        code = "progress-open" if total is None else "progress"
        left = 0.0 if not done or total is None else seconds / done * (total - done)
        values = {
            "step": self._step,
            "done": self._amount(done),
            "total": self._amount(total or 0),
            "rate": self._amount(done / seconds),
            "left": duration(left),
        }
        self._stream.write(say(code, self._lang, values) + "\n")
        self._stream.flush()

    def _amount(self, amount: float) -> str:
        return f"{amount / 1e6:,.1f} MB" if self._is_bytes else f"{amount:,.0f}"


def duration(seconds: float) -> str:
    """``seconds`` as people say them, in either language.

    >>> duration(0.42), duration(75), duration(3720)
    ('0.4 s', '1:15', '1:02:00')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
