# SPDX-License-Identifier: Apache-2.0
"""How far an epoch is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import time
from typing import Any, TextIO

from tqdm import tqdm

from rnnlib_py import _core
from rnnlib_py.metrics import figures, format_figure

LINE_EVERY = 30.0  # seconds between lines where there is no terminal


def _first_error(running: _core.Metrics) -> str:
    return next((f"{name} {format_figure(name, figure)}" for name, figure in figures(running).items()), "")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _width(stream: TextIO) -> dict[str, Any]:
    """tqdm's settings for the terminal's width; one that calls itself 0 wide is taken for 80 x 24."""
    return {"dynamic_ncols": True} if os.get_terminal_size(stream.fileno()).columns else {"ncols": 80, "nrows": 24}


class NoProgress:
    """Shows nothing."""

    def start(self, epoch: int, total: int) -> None: ...

    def update(self, done: int, running: _core.Metrics) -> None: ...

    def stop(self) -> None: ...


class BarProgress(NoProgress):
    """A bar with sequences per second, the error so far and the time left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Any = None

    def start(self, epoch: int, total: int) -> None:
        self._bar = tqdm(
            total=total,
            desc=f"epoch {epoch}",
            unit=" sequences",
            bar_format="{desc}: {bar} {n_fmt}/{total_fmt}, {rate_noinv_fmt}, {remaining} left{postfix}",
            file=self._stream,
            leave=False,
            **_width(self._stream),
        )

    def update(self, done: int, running: _core.Metrics) -> None:
        self._bar.set_postfix_str(_first_error(running), refresh=False)
        self._bar.update(done - self._bar.n)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class LineProgress(NoProgress):
    """A line every LINE_EVERY seconds, so that a long epoch in a log file is seen to live."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def start(self, epoch: int, total: int) -> None:
        self._epoch, self._total = epoch, total
        self._begun = self._shown = time.monotonic()

    def update(self, done: int, running: _core.Metrics) -> None:
        now = time.monotonic()
        if now - self._shown < LINE_EVERY or not done:
            return
        self._shown = now
        rate = done / (now - self._begun)
        self._stream.write(
            f"epoch {self._epoch}: {done} of {self._total} sequences, {rate:.3g} sequences/s, {_first_error(running)}, "
            f"{_clock((self._total - done) / rate)} left\n"
        )
        self._stream.flush()


def make_progress(stream: TextIO | None) -> NoProgress:
    """What suits the stream; None shows nothing."""
    if stream is None:
        return NoProgress()
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)
