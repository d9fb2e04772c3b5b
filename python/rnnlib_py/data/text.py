# SPDX-License-Identifier: Apache-2.0
"""Strings in netCDF: rows of characters, ended by a NUL or the row's end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def decode(text: bytes) -> str:
    """UTF-8; files older than that are read as Latin-1."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def row_bytes(row: NDArray[np.uint8]) -> bytes:
    """The string in one row, without the blanks around it."""
    return row.tobytes().split(b"\0", 1)[0].strip()


def to_rows(strings: Sequence[str]) -> NDArray[np.bytes_]:
    """Strings as a char array [n, longest + 1], filled up with NULs."""
    return bytes_to_rows([text.encode("utf-8") for text in strings])


def bytes_to_rows(encoded: Sequence[bytes]) -> NDArray[np.bytes_]:
    """The same for strings that are encoded already."""
    width = max(map(len, encoded), default=0) + 1
    return np.array(encoded, dtype=f"S{width}").view("S1").reshape(len(encoded), width)
