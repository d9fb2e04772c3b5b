# SPDX-License-Identifier: Apache-2.0
"""The processes that train a network together, as a run sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rnnlib_py import _core

Value = TypeVar("Value")


class RankError(_core.Error):
    """Another rank has failed.

    Attributes
    ----------
    status : int
        That its command would end with, were it alone.
    """

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


class RanksLostError(_core.Error):
    """Other ranks do not answer any more."""


class Ranks:
    """A process that trains alone, and what a group of them has besides.

    All ranks of a group run the same program with the same config and data, and come to the same epochs, errors and
    weights. What may differ among them (signals, clocks, answers of callbacks) is exchanged, and all of them go by
    that. Rank 0 writes the files and the log.

    Attributes
    ----------
    rank, size : int
        The number of this process, from 0, and how many there are.
    while_waiting : callable or None
        Called again and again with the seconds for which the others have been awaited, once they take long; may raise.
    """

    rank = 0
    size = 1
    while_waiting: Callable[[float], None] | None = None

    @property
    def group(self) -> _core._RankGroup | None:
        """What the engine sums gradients with; None for a process that is alone."""
        return None

    @property
    def processes_on_cores(self) -> int:
        """Ranks that have the cores of this process to themselves, together."""
        return 1

    def begin(self) -> None:
        """A run begins on this rank: failures of an earlier one are forgotten."""

    def exchange(self, own: Value) -> list[Value]:
        """What every rank gives, by rank; all ranks call it.

        Raises
        ------
        RankError
            Another rank has failed, or is at its end.
        RanksLostError
            Another rank does not answer any more.
        """
        return [own]

    def announce(self, failure: BaseException) -> None:
        """Tells the others that this rank has failed; their next exchange raises RankError."""

    def any(self, flag: bool) -> bool:
        """Whether a rank says yes; all ranks call it."""
        return any(self.exchange(flag))

    def first(self, own: Value) -> Value:
        """What rank 0 gives; all ranks call it."""
        return self.exchange(own)[0]
