# SPDX-License-Identifier: Apache-2.0
"""A line on a page of corrections: its picture, its text, and how sure the network was of each character."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py.model.reading import ReadText
from rnnlib_py.prepare.checksum import file_checksum
from rnnlib_py.prepare.images import read_picture, small_picture
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.text.correction.characters import Characters, characters_of

_LARGEST = (4000, 96)  # pixels: a line is shown about 50 pixels high, on some screens with two pixels for each


@dataclass(frozen=True)
class CorrectionLine:
    """What the page needs.

    Attributes
    ----------
    image : str
        The picture's file, as it was given.
    sha256 : str
        Of the file.
    text : str
        As it was read, in logical order.
    pieces : list of (str, float)
        The same text in parts, mostly characters, with how sure the network was of each, in [0, 1].
    picture : str
        A data URI.
    width, height : int
        Of this picture, in pixels.
    """

    image: str
    sha256: str
    text: str
    pieces: Characters
    picture: str
    width: int
    height: int

    @property
    def confidence(self) -> float:
        """How many of its characters are right, as the network estimates it; 0 where it read none."""
        return sum(sure for _, sure in self.pieces) / len(self.pieces) if self.pieces else 0.0


def make_line(found: ReadText, recipe: LineRecipe) -> CorrectionLine:
    """A line that was read in a file.

    Parameters
    ----------
    found
        Of read_files.
    recipe
        The network's.

    Raises
    ------
    IoError, DataError
        The picture has gone or changed since.
    """
    small = small_picture(read_picture(found.name).grey, *_LARGEST)
    content = base64.b64encode(small.content).decode("ascii")
    return CorrectionLine(
        found.name,
        file_checksum(Path(found.name)),
        found.text,
        characters_of(found, recipe),
        f"data:{small.kind};base64,{content}",
        small.width,
        small.height,
    )
