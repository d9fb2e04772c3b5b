# SPDX-License-Identifier: Apache-2.0
"""The width of a terminal, and where progress is shown."""

from __future__ import annotations

import os
import sys
from typing import Protocol, TextIO

DEFAULT_WIDTH = 80


class Stream(Protocol):
    """What knows whether it is a terminal."""

    def isatty(self) -> bool: ...

    def fileno(self) -> int: ...


def terminal_width(stream: Stream) -> int | None:
    """Columns of the stream's terminal, 80 where it does not know them; None when the stream is no terminal."""
    try:
        if not stream.isatty():
            return None
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):  # no file descriptor, closed
        return None


def progress_stream(progress: TextIO | bool | None) -> TextIO | None:
    """Of an argument `progress`: a stream; True, which is the standard error; None and False, which are none."""
    if isinstance(progress, bool):
        return sys.stderr if progress else None
    return progress
