# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C as a flag, so that the sequences in flight can be finished."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Interrupt:
    """While entered, the first SIGINT sets `requested`; a second one does at once what it did before.

    Outside the main thread, and where the program has a handler of its own, nothing is changed.
    """

    def __init__(self, second: Any = signal.default_int_handler) -> None:
        self.requested = False
        self._second = second
        self._before: Any = None
        self._installed = False

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.requested = True
        signal.signal(signal.SIGINT, self._second)

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
            if before is signal.default_int_handler:
                self._before, self._installed = before, True
                signal.signal(signal.SIGINT, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, self._before)
