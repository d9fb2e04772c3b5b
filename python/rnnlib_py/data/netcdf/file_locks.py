# SPDX-License-Identifier: Apache-2.0
"""Can a file be locked for reading? HDF5 locks the files it opens, and its message when it cannot is of no use."""

from __future__ import annotations

from pathlib import Path

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]


def cannot_be_locked(path: str) -> bool:
    """True when the file is locked for writing elsewhere, or lies on a file system without locks."""
    if fcntl is None:
        return False
    try:
        with Path(path).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # given back when the file is closed
    except OSError:
        return True
    return False
