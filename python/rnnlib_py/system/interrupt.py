# SPDX-License-Identifier: Apache-2.0
"""What asks a run to stop or to save: signals and a time limit, as flags, so that the sequences in flight are finished.

| signal | what it asks for |
| --- | --- |
| SIGINT (Ctrl-C), SIGTERM, SIGHUP | save and end |
| SIGUSR1 | save and go on |
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from types import FrameType, TracebackType
from typing import Any

INTERRUPTED = 128 + signal.SIGINT  # the exit status of a command that Ctrl-C ended

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_SAVING = [getattr(signal, name) for name in ("SIGUSR1",) if hasattr(signal, name)]


class Interrupt:
    """While entered, signals and the time limit become flags. `requested`: the run is to end.

    A second Ctrl-C raises KeyboardInterrupt or, when `hard`, ends the process at once, even in the middle of the
    engine's work. Other signals may come in pairs (a terminal that closes sends SIGHUP twice): a second one changes
    nothing.
    Outside the main thread, and where the program has a handler of its own or ignores a signal (nohup), nothing is
    changed. `time_limit`: seconds from now on, or None.
    """

    def __init__(self, hard: bool = False, time_limit: float | None = None) -> None:
        self.number: int | None = None  # of the first signal that asked for the end
        self._hard = hard
        self.time_limit = time_limit
        self._deadline = None if time_limit is None else time.monotonic() + time_limit
        self._save_requested = False
        self._before: dict[int, Any] = {}  # handlers to be put back

    @property
    def timed_out(self) -> bool:
        """The time is up, and no signal came before."""
        return self.number is None and self._deadline is not None and time.monotonic() >= self._deadline

    @property
    def requested(self) -> bool:
        return self.number is not None or self.timed_out

    def adopt(self, number: int | None) -> None:
        """What ended other processes of a group ends this one: a signal, or (None) the time limit."""
        self.number = number
        if number is None:
            self._deadline = time.monotonic()

    def take_save_request(self) -> bool:
        """True once for each time that a save was asked for."""
        requested, self._save_requested = self._save_requested, False
        return requested

    def _end(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self.number is None:
            self.number = number
        if not self._hard and signal.SIGINT in self._before:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _save(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._save_requested = True

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is not threading.main_thread():
            return self
        for numbers, handler in ((_ENDING, self._end), (_SAVING, self._save)):
            for number in numbers:
                before = signal.getsignal(number)
                if before in (signal.SIG_DFL, signal.default_int_handler):
                    self._before[number] = before
                    signal.signal(number, handler)
        if self._hard and signal.SIGINT in self._before:
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
        ended = self._hard and self.number is not None
        for number, handler in self._before.items():
            # The process ends now with a status of its own: the second signal of a pair shall not end it with another.
            signal.signal(number, signal.SIG_IGN if ended and number != signal.SIGINT else handler)
        if self._hard and signal.SIGINT in self._before:
            signal.set_wakeup_fd(self._wakeup_before)
            self._writer.close()  # ends the thread
        self._before = {}


def _end_on_second(reader: socket.socket) -> None:
    """Ends the process at a Ctrl-C that is not the first signal to ask for the end."""
    asked = False
    with reader:
        while data := reader.recv(16):
            for number in data:
                if number == signal.SIGINT and asked:
                    os.write(2, b"rnnlib-py: interrupted again: stopped at once\n")
                    os._exit(INTERRUPTED)
                asked = asked or number in _ENDING
