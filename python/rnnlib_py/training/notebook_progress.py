# SPDX-License-Identifier: Apache-2.0
"""How far a run is, in a notebook: one bar for all of its epochs."""

from __future__ import annotations

import time

from rnnlib_py import _core
from rnnlib_py.system.notebook import SHOW_EVERY, Bar, new_bar
from rnnlib_py.training.progress_texts import NoProgress, first_error, left_text, speed_texts
from rnnlib_py.training.throughput import Position


class NotebookProgress(NoProgress):
    """The bar is that of the whole run where `total_epochs` limits it; else that of an epoch, again and again."""

    def __init__(self, total_epochs: int | None) -> None:
        self._total_epochs = total_epochs
        self._bar: Bar | None = None

    def start(self, epoch: int, total: int, done: int = 0) -> None:
        self._epoch, self._total = epoch, total
        self._show(done, "")

    def update(self, position: Position, running: _core.Metrics) -> None:
        if time.monotonic() - self._shown < SHOW_EVERY:
            return
        place = f"{position.done}/{position.total}"
        parts = [place, first_error(running), left_text(position), *speed_texts(position, "seq/s")]
        self._show(position.done, ", ".join(filter(None, parts)))

    def end(self, text: str, complete: bool) -> None:
        if self._bar is None:
            return
        self._show(self._total if complete else self._done, text)
        self._bar.close(complete)
        self._bar = None

    def _show(self, done: int, text: str) -> None:
        """`done`: sequences of this epoch."""
        self._shown, self._done = time.monotonic(), done
        if self._bar is None:
            self._bar = new_bar()
        if self._total_epochs is None:
            self._bar.show(f"epoch {self._epoch}", done, self._total, text)
        else:
            done += (self._epoch - 1) * self._total
            self._bar.show(f"epoch {self._epoch}/{self._total_epochs}", done, self._total_epochs * self._total, text)
