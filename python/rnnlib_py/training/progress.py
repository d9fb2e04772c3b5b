# SPDX-License-Identifier: Apache-2.0
"""How far an epoch is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any, TextIO

from tqdm import tqdm

from rnnlib_py import _core
from rnnlib_py.model.metrics import error_values, format_error
from rnnlib_py.system.memory import peak_memory
from rnnlib_py.system.output import Output
from rnnlib_py.system.terminal import DEFAULT_WIDTH, terminal_width
from rnnlib_py.system.units import bytes_text, clock_text, plain
from rnnlib_py.training.throughput import Position

_BAR = 8  # columns
LINE_EVERY = 30.0  # seconds between lines where there is no terminal


def _first_error(running: _core.Metrics) -> str:
    return next((f"{name} {format_error(name, value)}" for name, value in error_values(running).items()), "")


def _left_text(position: Position) -> str:
    """ "0:12 left (run 3:40)"; empty as long as nothing is known."""
    if position.epoch_left is None:
        return ""
    run = "" if position.run_left is None else f" (run {clock_text(position.run_left)})"
    return f"{clock_text(position.epoch_left)} left{run}"


def _speed_texts(position: Position, unit: str = "sequences/s") -> list[str]:
    if position.sequences_per_second is None or position.points_per_second is None:
        return []
    return [
        f"{plain(position.sequences_per_second, 3)} {unit}",
        f"{plain(position.points_per_second, 3)} points/s",
    ]


def _memory_text() -> str:
    peak = peak_memory()
    return "" if peak is None else bytes_text(peak)


def _settings(stream: TextIO) -> dict[str, Any]:
    """tqdm's settings for the terminal's width; one that calls itself 0 wide is taken for 80 x 24."""
    known = os.get_terminal_size(stream.fileno()).columns
    return {"dynamic_ncols": True} if known else {"ncols": DEFAULT_WIDTH, "nrows": 24}


def _joined(parts: list[str], room: int) -> str:
    """As many parts, from the first on, as fit with their commas; half a number would be a wrong one."""
    text = ""
    for part in filter(None, parts):
        longer = f"{text}, {part}" if text else part
        if len(longer) > room:
            break
        text = longer
    return text


class NoProgress:
    """Shows nothing."""

    def start(self, epoch: int, total: int, done: int = 0) -> None:
        """`done`: sequences that were trained before, when a save was made inside this epoch."""

    def update(self, position: Position, running: _core.Metrics) -> None: ...

    def stop(self) -> None: ...


class BarProgress(NoProgress):
    """A bar; what matters most comes first, since a narrow terminal has no room for the rest."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: Any = None

    def start(self, epoch: int, total: int, done: int = 0) -> None:
        self._bar = tqdm(
            total=total,
            initial=done,
            desc=f"epoch {epoch}",
            bar_format=f"{{desc}}: {{bar:{_BAR}}} {{n_fmt}}/{{total_fmt}}{{postfix}}",
            file=self._stream,
            leave=False,
            **_settings(self._stream),
        )

    def update(self, position: Position, running: _core.Metrics) -> None:
        parts = [_left_text(position), _first_error(running), *_speed_texts(position, "seq/s"), _memory_text()]
        start = f"{self._bar.desc} {'':{_BAR}} {position.done}/{position.total}, "
        room = (terminal_width(self._stream) or DEFAULT_WIDTH) - len(start)
        self._bar.set_postfix_str(_joined(parts, room), refresh=False)
        self._bar.update(position.done - self._bar.n)

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class LineProgress(NoProgress):
    """A line every LINE_EVERY seconds, so that a long epoch in a log file is seen to live."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def start(self, epoch: int, total: int, done: int = 0) -> None:  # noqa: ARG002
        self._shown = time.monotonic()

    def update(self, position: Position, running: _core.Metrics) -> None:
        now = time.monotonic()
        if now - self._shown < LINE_EVERY or not position.done:
            return
        self._shown = now
        parts = [
            f"{position.done} of {position.total} sequences",
            *_speed_texts(position),
            _first_error(running),
            _left_text(position),
            _memory_text(),
        ]
        self._stream.write(f"epoch {position.epoch}: {', '.join(filter(None, parts))}\n")
        self._stream.flush()


class GuardedProgress(NoProgress):
    """Shows another's progress until that fails: a full disk or a terminal that has gone does not end a run."""

    def __init__(self, shown: NoProgress) -> None:
        self._shown = shown

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError):  # ValueError: the stream is closed
            self._shown = NoProgress()

    def start(self, epoch: int, total: int, done: int = 0) -> None:
        with self._guard():
            self._shown.start(epoch, total, done)

    def update(self, position: Position, running: _core.Metrics) -> None:
        with self._guard():
            self._shown.update(position, running)

    def stop(self) -> None:
        with self._guard():
            self._shown.stop()


def make_progress(stream: TextIO | None) -> NoProgress:
    """What suits the stream; None shows nothing."""
    if isinstance(stream, Output):  # bars need control characters
        stream = stream.stream
    if stream is None or stream.closed:
        return NoProgress()
    return GuardedProgress(BarProgress(stream) if stream.isatty() else LineProgress(stream))
