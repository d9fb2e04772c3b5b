# SPDX-License-Identifier: Apache-2.0
"""The exceptions that end a run before its last epoch. Those for the caller of train() hold the run as it was then."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from rnnlib_py.system.interrupt import Interrupt

if TYPE_CHECKING:
    from rnnlib_py.training.run import Run


class Interrupted(Exception):  # noqa: N818
    """The run is to end before its last epoch: a signal came, or the time is up. Holds how far it came."""


class TrainingInterrupted(KeyboardInterrupt):
    """Ctrl-C ended a run.

    Attributes
    ----------
    run : Run or None
        The run as it was then, with its network and history; None before the first epoch was prepared.
    """

    def __init__(self, text: str = "", run: Run | None = None) -> None:
        super().__init__(text)
        self.run = run


class TrainingTerminated(SystemExit):
    """SIGTERM or SIGHUP ended a run. A program that does not catch it ends with status 128 + the signal's number.

    Attributes
    ----------
    run : Run or None
        The run as it was then, with its network and history; None before the first epoch was prepared.
    """

    def __init__(self, text: str = "", run: Run | None = None, number: int = signal.SIGTERM) -> None:
        super().__init__(128 + number)
        self.number = number
        self.text = text
        self.run = run

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:  # its args are the status, not what __init__ takes
        return type(self), (self.text, self.run, self.number)


def interruption(interrupt: Interrupt, text: str, run: Run | None = None) -> TrainingInterrupted | TrainingTerminated:
    """The exception for the signal that came."""
    if interrupt.number is None or interrupt.number == signal.SIGINT:
        return TrainingInterrupted(text, run)
    return TrainingTerminated(text, run, interrupt.number)
