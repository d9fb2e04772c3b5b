# SPDX-License-Identifier: Apache-2.0
"""Writes a small PNG without any library of pictures (ISO/IEC 15948: chunks with a length, a name and a checksum)."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_GREY, _COLOURS = 0, 2  # of a PNG's header


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of pixels [height, width] (grey, 0 is black) or [height, width, 3] (red, green, blue)."""
    height, width = pixels.shape[:2]
    kind = _GREY if pixels.ndim == 2 else _COLOURS
    rows = pixels.reshape(height, -1)
    unfiltered = np.concatenate(
        [np.zeros((height, 1), dtype=np.uint8), rows], axis=1
    )  # each row begins with its filter
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(unfiltered.tobytes(), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
