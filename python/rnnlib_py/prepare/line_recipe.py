# SPDX-License-Identifier: Apache-2.0
"""The recipe of text lines: how an image becomes a network's input, and a text its labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rnnlib_py._core import ConfigError
from rnnlib_py.data.text import SPACE
from rnnlib_py.prepare.recipe import Recipe

FORMS = ("NFC", "NFD", "NFKC", "NFKD", "none")
INVERT = ("auto", "always", "never")
CONTRAST = ("stretch", "none")
_HEIGHTS = range(4, 1025)


@dataclass(frozen=True)
class LineRecipe(Recipe):
    """How line images and their texts were prepared.

    Attributes
    ----------
    height : int
        Of the images, in pixels; the width keeps its proportion.
    invert : str
        Whether light ink on a dark ground is turned into dark ink on a light one: "auto" (where the ground is dark),
        "always", "never".
    contrast : str
        "stretch": the ground becomes 0 and the darkest ink 255; "none": greys stay.
    form : str
        Unicode's normal form of the texts, or "none".
    space : str
        The label that stands for white space.
    right_to_left : bool
        Labels stand in visual order, from left to right, as the letters do in the image.
    scale, offset : float
        Inputs are ink * scale + offset, where ink is 0 (ground) to 255.
    """

    kind: ClassVar[str] = "lines"

    height: int = 48
    invert: str = "auto"
    contrast: str = "stretch"
    form: str = "NFC"
    space: str = SPACE
    right_to_left: bool = False
    scale: float = 1 / (255 * 0.3)
    offset: float = -0.5

    def check(self) -> None:
        """ConfigError for settings that cannot be."""
        if self.height not in _HEIGHTS:
            raise ConfigError(f"height {self.height}: expected {_HEIGHTS[0]} to {_HEIGHTS[-1]} pixels")
        for name, known in (("invert", INVERT), ("contrast", CONTRAST), ("form", FORMS)):
            if getattr(self, name) not in known:
                raise ConfigError(f"{name} {getattr(self, name)!r}: expected one of {', '.join(known)}")
        if not self.space or any(character.isspace() for character in self.space):
            raise ConfigError(f"space {self.space!r}: expected a label without white space")
        if self.scale == 0:
            raise ConfigError("scale is 0, so that all inputs would be the same")
