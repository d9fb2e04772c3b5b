# SPDX-License-Identifier: Apache-2.0
"""How far an epoch is: a bar on a terminal or in a notebook, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any, TextIO

from tqdm import tqdm

from rnnlib_py import _core
from rnnlib_py.system.memory import peak_memory
from rnnlib_py.system.notebook import is_notebook
from rnnlib_py.system.output import Output
from rnnlib_py.system.terminal import DEFAULT_WIDTH, progress_stream, terminal_width
from rnnlib_py.system.units import bytes_text
from rnnlib_py.training.notebook_progress import NotebookProgress
from rnnlib_py.training.progress_texts import NoProgress, first_error, left_text, speed_texts
from rnnlib_py.training.throughput import Position

_BAR = 8  # columns
LINE_EVERY = 30.0  # seconds between lines where there is no terminal


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
        parts = [left_text(position), first_error(running), *speed_texts(position, "seq/s"), _memory_text()]
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
            *speed_texts(position),
            first_error(running),
            left_text(position),
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

    def end(self, text: str, complete: bool) -> None:
        with self._guard():
            self._shown.end(text, complete)


def make_progress(progress: TextIO | bool | None, total_epochs: int | None = None) -> NoProgress:
    """What suits the stream; True is the standard error; None and False show nothing. `total_epochs`: of the run, where
    they are limited."""
    stream = progress_stream(progress)
    if isinstance(stream, Output):  # bars need control characters
        stream = stream.stream
    if stream is None or stream.closed:
        return NoProgress()
    if is_notebook(stream):
        return GuardedProgress(NotebookProgress(total_epochs))
    return GuardedProgress(BarProgress(stream) if stream.isatty() else LineProgress(stream))
