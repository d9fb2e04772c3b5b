# SPDX-License-Identifier: Apache-2.0
"""XML files of pages: which there are, where their images are, and points as they write them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence as _Seq
from pathlib import Path

from rnnlib_py._core import DataError
from rnnlib_py.prepare.images import ENDINGS
from rnnlib_py.prepare.named_files import named_files

_SEPARATORS = re.compile(r"[\s,]+")


def xml_files(paths: _Seq[Path]) -> dict[Path, str]:
    """Files of pages and what their lines are called by (named_files.named_files)."""
    return named_files(paths, (".xml",), "XML files")


def find_image(name: str, path: Path, folder: Path | None) -> Path:
    """The image of a page: as its file names it, else with the file's own name. DataError when it is nowhere."""
    places = [folder] if folder is not None else [path.parent, path.parent.parent]
    file = name.replace("\\", "/").rpartition("/")[2]
    for place in places:
        for candidate in (name, file):
            if candidate and (place / candidate).is_file():
                return place / candidate
    for place in places:
        for stem in (Path(file).stem, path.stem):
            for ending in ENDINGS:
                if stem and (place / f"{stem}{ending}").is_file():
                    return place / f"{stem}{ending}"
    where = " or ".join(str(place) for place in places)
    raise DataError(f"{path}: its image '{name}' is not in {where}")


def parse_points(text: str) -> tuple[tuple[float, float], ...]:
    """Of "x,y x,y" or "x y x y"; none where there is something else than finite numbers, or an odd count of them."""
    numbers = [number(word) for word in _SEPARATORS.split(text.strip()) if word]
    if len(numbers) % 2 or any(math.isnan(value) for value in numbers):
        return ()
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def number(text: str | None) -> float:
    """An attribute's number: 0 when it is missing, NaN when it is none."""
    if text is None:
        return 0.0
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
