# SPDX-License-Identifier: Apache-2.0
"""What a file is, by its first bytes: for messages about one that was taken for another."""

from __future__ import annotations

HEAD = 512  # bytes that are enough

_IMAGES = {
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"BM": "a BMP image",
    b"P5\n": "a PGM image",
    b"P6\n": "a PPM image",
}
_OTHERS = {
    b"\x93NUMPY": "a NumPy array (.npy)",
    b"PK\x03\x04": "a zip archive or npz file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF file",
    b"ID3": "a sound file",
    b"fLaC": "a sound file",
    b"OggS": "a sound file",
    b"CDF\x01": "a netCDF file",
    b"CDF\x02": "a netCDF file",
    b"CDF\x05": "a netCDF file",
    b"\x89HDF\r\n\x1a\n": "a netCDF or HDF5 file",
    b"trainer_": "a save",
}


def _known(head: bytes, table: dict[bytes, str]) -> str | None:
    return next((kind for start, kind in table.items() if head.startswith(start)), None)


def is_image(head: bytes) -> bool:
    """Whether a file that begins so is an image of a common kind."""
    return _known(head, _IMAGES) is not None


def kind_of(head: bytes) -> str:
    """What a file that begins so is: "a PNG image", "text", or its first bytes."""
    if not head:
        return "empty"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "a sound file"
    return _known(head, _IMAGES) or _known(head, _OTHERS) or _text_or_bytes(head)


def _text_or_bytes(head: bytes) -> str:
    """The last letter may be cut in two."""
    text = head.decode("utf-8", "ignore")
    is_text = len(text.encode("utf-8")) > max(len(head) - 4, 0) and all(
        c.isprintable() or c in "\t\n\r\f" for c in text
    )
    return "text" if is_text else f"of no known kind (it begins with {head[:8]!r})"
