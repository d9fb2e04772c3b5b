# SPDX-License-Identifier: Apache-2.0
"""The log of a run: what the console shows, what its file holds, and who else hears of its events."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rnnlib_py._core import ConfigError
from rnnlib_py.data import DataWarning
from rnnlib_py.runlog.events import Event, Noted, Warned
from rnnlib_py.runlog.full_lines import event_lines
from rnnlib_py.runlog.json_lines import json_line
from rnnlib_py.runlog.log_file import LogFile
from rnnlib_py.runlog.short_lines import short_lines
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.output import Output, OutputError, printable
from rnnlib_py.system.terminal import terminal_width

FORMATS = ("text", "json")
STYLES = ("short", "full")

Listener = Callable[[Event], None]


class RunWarning(UserWarning):
    """Something about a run that its user should know."""


class Log:
    """Events go to the console (unless None), to the listeners, and, from open_files() on, with all that was before, to
    files. `form`: the console's: "text" or "json". `style`: of its text: "short", a line per epoch, or "full", all that
    the log file has, which is always as RNNLIB's.

    A warning is shown once. Without an error console they become Python warnings (RunWarning).
    """

    def __init__(
        self,
        console: TextIO | None = None,
        error_console: TextIO | None = None,
        form: str = "text",
        style: str = "short",
        listeners: Sequence[Listener] = (),
    ) -> None:
        if form not in FORMATS:
            raise ConfigError(f"log format is '{form}', expected one of {', '.join(FORMATS)}")
        if style not in STYLES:
            raise ConfigError(f"console is '{style}', expected one of {', '.join(STYLES)}")
        self._console = None if console is None else Output.over(console)
        self._error_console = None if error_console is None else Output.over(error_console)
        self._form = form
        self._style = style
        self._listeners = tuple(listeners)
        self._text, self._json = LogFile(), LogFile()
        self._warned: set[str] = set()

    def open_files(self, text: Path, json: Path | None, continues: bool) -> None:
        """Opens the text log and, unless `json` is None, the one of JSON lines; `continues`: they are there already and
        are added to. Raises IoError when a file cannot be made, ConfigError while another process writes to it."""
        self._text.open(text, continues, exclusive=True)
        if json is None:
            self._json.discard()
        else:
            self._json.open(json, continues)

    def without_files(self) -> None:
        """There will be none: nothing is kept for them."""
        self._text.discard()
        self._json.discard()

    def close(self) -> None:
        self._text.close()
        self._json.close()

    def report(self, event: Event) -> None:
        """Writes the event to the files, shows it, and passes it on to the listeners. warn() shows a warning's text."""
        lines = [printable(line) for line in event_lines(event)]
        self._text.record(*lines)
        record = json_line(event)
        self._json.record(record)
        if self._form == "json":
            self._show([record], json=True)
        elif not isinstance(event, Warned):
            self._show(map(printable, short_lines(event, self._width())) if self._style == "short" else lines)
        for listener in self._listeners:
            listener(event)

    def _width(self) -> int | None:
        """The terminal's, which may change while a run goes on; None where there is no terminal."""
        return None if self._console is None else terminal_width(self._console)

    def _show(self, lines: Iterable[str], json: bool = False) -> None:
        text = "".join(f"{line}\n" for line in lines)
        if self._console is None or not text:
            return
        try:
            self._console.write_json(text) if json else self._console.write(text)
        except OutputError as error:
            self._console.failure = None  # reported here, and nothing is written any more
            self._console = None
            self.warn(f"the output cannot be written ({error.strerror}); the run goes on without it")

    def note(self, *lines: str) -> None:
        self.report(Noted(lines))

    def warn(self, text: str) -> None:
        if text in self._warned:
            return
        self._warned.add(text)
        self.report(Warned(text))
        if self._error_console is not None:
            with contextlib.suppress(OutputError):
                self._error_console.write(f"rnnlib-py: warning: {printable(text)}\n")
        else:
            warn_caller(text, RunWarning)


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
