# SPDX-License-Identifier: Apache-2.0
"""The log of a run: what the console shows, what its file holds, and who else hears of its events."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.data import DataWarning
from rnnlib_py.events import Event, Noted, Warned
from rnnlib_py.files import open_growing
from rnnlib_py.json_lines import json_line
from rnnlib_py.output import Output, OutputError, printable
from rnnlib_py.report import event_lines

FORMATS = ("text", "json")

Listener = Callable[[Event], None]


class RunWarning(UserWarning):
    """Something about a run that its user should know."""


class Log:
    """Events go to the console (unless None), to the listeners, and, from open_file() on, with all that was before, to
    a file. `form`: the console's, "text" or "json"; the file is always text, as RNNLIB's.

    Warnings are said once. Without an error console they become Python warnings (RunWarning).
    """

    def __init__(
        self,
        console: TextIO | None = None,
        error_console: TextIO | None = None,
        form: str = "text",
        listeners: Sequence[Listener] = (),
    ) -> None:
        if form not in FORMATS:
            raise ConfigError(f"log format is '{form}', expected one of {', '.join(FORMATS)}")
        self._console = None if console is None else Output.over(console)
        self._error_console = None if error_console is None else Output.over(error_console)
        self._form = form
        self._listeners = tuple(listeners)
        self._file: TextIO | None = None
        self._path: Path | None = None
        self._lines: list[str] = []
        self._warned: set[str] = set()

    def open_file(self, path: Path) -> None:
        """Raises IoError when the file cannot be made, or is none (a FIFO, a device)."""
        self._path = path
        self._file = open_growing(path)
        self._record(*self._lines)
        self._lines = []

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def _record(self, *lines: str) -> None:
        if self._file is None:
            self._lines += lines
            return
        try:
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()
        except OSError as error:
            self._abandon()
            raise IoError(f"{self._path}: cannot be written: {error.strerror}") from error

    def _abandon(self) -> None:
        """Lets go of a file that takes no more, so that closing it does not fail a second time."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError:
                return

    def tell(self, event: Event) -> None:
        """Writes it down, shows it, and passes it on. A warning's text is shown by warn()."""
        lines = [printable(line) for line in event_lines(event)]
        self._record(*lines)
        if self._form == "json":
            self._show(f"{json_line(event)}\n", json=True)
        elif not isinstance(event, Warned):
            self._show("".join(f"{line}\n" for line in lines))
        for listener in self._listeners:
            listener(event)

    def _show(self, text: str, json: bool = False) -> None:
        if self._console is None or not text:
            return
        try:
            self._console.write_json(text) if json else self._console.write(text)
        except OutputError as error:
            self._console.failure = None  # it is told of here, and nothing is written any more
            self._console = None
            self.warn(f"the output cannot be written ({error.strerror}); the run goes on without it")

    def say(self, *lines: str) -> None:
        self.tell(Noted(lines))

    def warn(self, text: str) -> None:
        if text in self._warned:
            return
        self._warned.add(text)
        self.tell(Warned(text))
        if self._error_console is not None:
            with contextlib.suppress(OutputError):
                self._error_console.write(f"rnnlib-py: warning: {printable(text)}\n")
        else:
            warnings.warn(text, RunWarning, stacklevel=3)


@contextmanager
def warnings_in(log: Log) -> Iterator[None]:
    """While entered, the data's warnings go to the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", DataWarning)
        show_before: Any = warnings.showwarning

        def show(message: Any, category: type[Warning], *rest: Any, **named: Any) -> None:
            if issubclass(category, DataWarning):
                log.warn(str(message))
            else:
                show_before(message, category, *rest, **named)

        warnings.showwarning = show
        yield
