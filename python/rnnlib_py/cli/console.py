# SPDX-License-Identifier: Apache-2.0
"""The standard streams while a command runs: closed, full, or of an encoding that lacks a label's letters."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO, cast

from rnnlib_py.system.output import Output, OutputError


class ErrorOutput(Output):
    """Standard error. When it cannot be written nothing can be reported any more."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OutputError):
            super().write(text)
        return len(text)


@contextlib.contextmanager
def console() -> Iterator[Output]:
    """Puts an Output in the place of sys.stdout, which is given, and one of sys.stderr; takes them away at the end."""
    _fill_closed_descriptors()
    before = sys.stdout, sys.stderr
    output = Output(_open(sys.stdout))
    sys.stdout, sys.stderr = cast(TextIO, output), cast(TextIO, ErrorOutput(_open(sys.stderr)))
    try:
        yield output
    finally:
        sys.stdout, sys.stderr = before
        for stream in before:
            _forget_unwritten(stream)


def _open(stream: TextIO | None) -> TextIO | None:
    """None for a stream that was closed before the program began (Python's None) or since."""
    return None if stream is None or stream.closed else stream


def _fill_closed_descriptors() -> None:
    """The first files that are opened would get the numbers of closed standard streams, and messages of libraries."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # gets the lowest free number


def _forget_unwritten(stream: TextIO | None) -> None:
    """What could not be written would fail again when Python exits, with a message and a status of its own."""
    try:
        if stream is not None:
            stream.flush()
    except ValueError:  # closed
        return
    except OSError:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), cast(TextIO, stream).fileno())
