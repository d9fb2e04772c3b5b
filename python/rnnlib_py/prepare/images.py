# SPDX-License-Identifier: Apache-2.0
"""Reading images of all kinds as greys. Pillow is imported here only, and only when it is needed."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.system.files import open_to_read

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".pgm", ".pbm", ".ppm", ".pnm", ".gif", ".jp2")
MOST_PIXELS = 2**27  # an A3 page at 600 dpi has half of it; a small file that promises more is an attack, or a mistake
_ORIENTATION = 0x0112  # the tag of EXIF


@dataclass(frozen=True, eq=False)
class SmallPicture:
    """A picture as browsers show it.

    Attributes
    ----------
    content : bytes
        The file.
    kind : str
        Its type: "image/png" or "image/jpeg".
    width, height : int
        In pixels.
    """

    content: bytes
    kind: str
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was read.

    Attributes
    ----------
    grey : ndarray
        uint8 (rows, columns): 0 is black, 255 white.
    changes : list of str
        What was done to bring it to greys, where that may surprise.
    """

    grey: NDArray[np.uint8]
    changes: list[str]


def read_picture(path: str | os.PathLike[str]) -> Picture:
    """A picture, upright as its EXIF data say, as greys.

    Colours become their luminance, transparent parts white, and 16 bits are brought to 8. Of a file with several
    pictures the first is taken.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    IoError
        A file that is missing or cannot be read.
    DataError
        One that is no whole picture, or has more than 2^27 pixels.
    ConfigError
        Pillow is not installed.
    """
    with open_to_read(Path(path), "an image") as file, _pillow_errors(path):
        if file.seek(0, os.SEEK_END) == 0:
            raise DataError(f"{path}: the file is empty, expected an image")
        file.seek(0)
        with _pillow().open(file) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DataError(f"{path}: has {width} x {height} pixels, expected at most {MOST_PIXELS:,}")
            changes = []
            if getattr(image, "n_frames", 1) > 1:
                changes.append(f"holds {image.n_frames} pictures: the first is used")
            image.load()
            return _as_picture(image, changes)


def small_picture(grey: NDArray[np.uint8], width: int, height: int) -> SmallPicture:
    """Greys (rows, columns) as PNG or JPEG, whichever is smaller.

    Parameters
    ----------
    grey
        0 is black.
    width, height
        Pixels at most; a larger picture is reduced, with its proportions.

    Raises
    ------
    ConfigError
        Pillow is not installed.
    """
    image = _pillow().fromarray(grey)
    image.thumbnail((width, height))
    files = []
    for kind, options in (("png", {"optimize": True}), ("jpeg", {"quality": 80})):
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        files.append(SmallPicture(buffer.getvalue(), f"image/{kind}", image.width, image.height))
    return min(files, key=lambda file: len(file.content))


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise ConfigError(f"reading images needs Pillow ({error}): pip install 'rnnlib-py[text]'") from None
    return Image


@contextmanager
def _pillow_errors(path: str | os.PathLike[str]) -> Iterator[None]:
    """Damaged files make Pillow raise exceptions of every kind; its warnings are about what is checked here."""
    image = _pillow()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (DataError, ConfigError):
            raise
        except image.DecompressionBombError:
            raise DataError(f"{path}: promises far too many pixels, expected at most {MOST_PIXELS:,}") from None
        except image.UnidentifiedImageError:
            raise DataError(f"{path}: is no image of a known format") from None
        except Exception as error:
            raise DataError(f"{path}: cannot be read as an image: {error}") from error


def _as_picture(image: Image, changes: list[str]) -> Picture:
    """Turned upright, and each mode as greys."""
    from PIL import ImageOps

    if image.getexif().get(_ORIENTATION, 1) != 1:
        changes.append("was turned upright as its EXIF data say")
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        changes.append(f"has {'more than 8 bits' if image.mode[0] == 'I' else 'real numbers'} per pixel: brought to 8")
        return Picture(_to_bytes(np.asarray(image)), changes)
    if image.mode == "CMYK":
        changes.append("has colours for printing (CMYK): converted")
    if image.has_transparency_data:
        changes.append("has transparent parts: they were made white")
        image = image.convert("RGBA")
        ground = _pillow().new("RGBA", image.size, "white")
        image = _pillow().alpha_composite(ground, image)
    if image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    return Picture(np.asarray(image.convert("L")), changes)


def _to_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """16 bits become 8. Where numbers do not fit their usual range, what there is is spread over it."""
    numbers = np.nan_to_num(values.astype(np.float64))
    low, high = float(numbers.min()), float(numbers.max())
    full = (0.0, 65535.0)
    if values.dtype.kind == "f":
        full = (0.0, 1.0) if low >= 0 and high <= 1 else (0.0, 255.0)
    if low < full[0] or high > full[1]:
        full = (low, high)
    return np.rint((numbers - full[0]) * (255 / (full[1] - full[0]))).astype(np.uint8)
