# SPDX-License-Identifier: Apache-2.0
"""A log's file: gets lines as they come, and those from before it was opened."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TextIO

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.system.files import lock, open_growing


class LogFile:
    """Until open() or discard(), the lines are kept."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._file: TextIO | None = None
        self._waiting: list[str] | None = []  # None: there will be no file

    def open(self, path: Path, append: bool = False, exclusive: bool = False) -> None:
        """`append`: after what the file holds, but for a last line that a killed process did not finish. `exclusive`:
        ConfigError while another process has it open so. Raises IoError when the file cannot be made."""
        self._path = path
        file = open_growing(path, append=True)
        try:
            if exclusive and not lock(file):
                raise ConfigError(f"{path.parent}: another process is training in this folder")
            _cut(path, append)
        except BaseException:
            file.close()
            raise
        self._file = file
        lines, self._waiting = self._waiting or [], []
        self.record(*lines)

    def discard(self) -> None:
        """There will be no file: lines are not kept."""
        self._waiting = None

    def record(self, *lines: str) -> None:
        """Writes the lines at once, or keeps them until there is a file."""
        if self._file is None:
            if self._waiting is not None:
                self._waiting += lines
            return
        try:
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()
        except OSError as error:
            self.close()
            raise IoError(f"{self._path}: cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Lets go of the file; one that takes no more does not fail a second time."""
        file, self._file, self._waiting = self._file, None, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()


def _cut(path: Path, append: bool) -> None:
    """Empties the file, or leaves what ends with a line feed."""
    content = path.read_bytes() if append else b""
    os.truncate(path, content.rfind(b"\n") + 1)
