# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C as a flag, so that the sequences in flight can be finished."""

from __future__ import annotations

import os
import signal
import socket
import threading
from types import FrameType, TracebackType

INTERRUPTED = 130  # the exit status of an interrupted command


class Interrupt:
    """While entered, the first SIGINT sets `requested`.

    A second one raises KeyboardInterrupt or, when `hard`, ends the process at once, even in the middle of the engine's
    work. Outside the main thread, and where the program has a handler of its own, nothing is changed.
    """

    def __init__(self, hard: bool = False) -> None:
        self.requested = False
        self._hard = hard
        self._installed = False

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self.requested = True
        if not self._hard:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def __enter__(self) -> Interrupt:
        in_main = threading.current_thread() is threading.main_thread()
        if in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._installed = True
            signal.signal(signal.SIGINT, self._handle)
            if self._hard:
                self._watch()
        return self

    def _watch(self) -> None:
        """Python's own handlers wait for the engine to return; the byte that a signal writes here does not."""
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._wakeup_before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=_end_on_second, args=(self._reader,), daemon=True).start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._installed:
            return
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if self._hard:
            signal.set_wakeup_fd(self._wakeup_before)
            self._writer.close()  # ends the thread


def _end_on_second(reader: socket.socket) -> None:
    count = 0
    with reader:
        while data := reader.recv(16):
            count += data.count(signal.SIGINT)
            if count > 1:
                os.write(2, b"rnnlib-py: interrupted again: stopped at once\n")
                os._exit(INTERRUPTED)
