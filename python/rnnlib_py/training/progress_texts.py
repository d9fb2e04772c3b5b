# SPDX-License-Identifier: Apache-2.0
"""What all kinds of progress say of a run, and the kind that shows nothing."""

from __future__ import annotations

from rnnlib_py import _core
from rnnlib_py.model.metrics import error_values, format_error
from rnnlib_py.system.units import clock_text, plain
from rnnlib_py.training.throughput import Position


def first_error(running: _core.Metrics) -> str:
    return next((f"{name} {format_error(name, value)}" for name, value in error_values(running).items()), "")


def left_text(position: Position) -> str:
    """ "0:12 left (run 3:40)"; empty as long as nothing is known."""
    if position.epoch_left is None:
        return ""
    run = "" if position.run_left is None else f" (run {clock_text(position.run_left)})"
    return f"{clock_text(position.epoch_left)} left{run}"


def speed_texts(position: Position, unit: str = "sequences/s") -> list[str]:
    if position.sequences_per_second is None or position.points_per_second is None:
        return []
    return [
        f"{plain(position.sequences_per_second, 3)} {unit}",
        f"{plain(position.points_per_second, 3)} points/s",
    ]


class NoProgress:
    """Shows nothing."""

    def start(self, epoch: int, total: int, done: int = 0) -> None:
        """`done`: sequences that were trained before, when a save was made inside this epoch."""

    def update(self, position: Position, running: _core.Metrics) -> None: ...

    def stop(self) -> None: ...

    def end(self, text: str, complete: bool) -> None:
        """The run has ended. `text`: what it has come to; `complete`: neither an error nor a signal ended it."""
