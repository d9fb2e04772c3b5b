# SPDX-License-Identifier: Apache-2.0
"""By which a corrected picture is known again, wherever it lies."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rnnlib_py.system.files import open_to_read

_CHUNK = 1 << 20


def file_checksum(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits. Raises IoError."""
    found = hashlib.sha256()
    with open_to_read(path, "an image") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
