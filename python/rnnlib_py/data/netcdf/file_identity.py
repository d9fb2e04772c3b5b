# SPDX-License-Identifier: Apache-2.0
"""Whether a file is still the one that was opened: data sets read their files again and again."""

from __future__ import annotations

from pathlib import Path

from rnnlib_py._core import DataError

Identity = tuple[int, int, int, int]  # device, number on it, size, time of the last change


def file_identity(path: str) -> Identity | None:
    """None when the file is missing or cannot be looked at: whoever opens it gets the error."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def check_unchanged(path: str, before: Identity | None) -> None:
    """DataError when there is another file at `path` than before, or it was written to."""
    now = file_identity(path)
    if now is not None and before is not None and now != before:
        sizes = f"; it had {before[2]} bytes and has {now[2]}" if now[2] != before[2] else ""
        raise DataError(f"{path}: the file was changed while it was in use{sizes}: open the data set anew")
