# SPDX-License-Identifier: Apache-2.0
"""Text that runs from right to left: between the order in which it is stored and that in which its letters stand.

A network reads an image from left to right. Its labels therefore have to stand in visual order, as the Unicode
Bidirectional Algorithm (Unicode Standard Annex 9) lays them out. The package python-bidi does this.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from rnnlib_py._core import ConfigError

_RIGHT_TO_LEFT = {"R", "AL"}


def has_right_to_left(text: str) -> bool:
    """Whether there is a letter that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def to_visual(text: str) -> str:
    """A line as its letters stand in an image, from left to right. ConfigError without the package."""
    return _get_display()(text, base_dir=_direction(text)) if has_right_to_left(text) else text


def to_logical(text: str) -> str:
    """A line as it is stored and searched, from its visual order: the algorithm undoes what it did.

    ConfigError without the package.
    """
    return _get_display()(text, base_dir=_direction(text)) if has_right_to_left(text) else text


def _direction(text: str) -> str:
    """Of the line: right to left where more letters are than the other way. The first letter, by which the algorithm
    decides, is another one in visual order."""
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    return "R" if sum(kind in _RIGHT_TO_LEFT for kind in kinds) >= kinds.count("L") else "L"


def _get_display() -> Callable[..., str]:
    try:
        from bidi.algorithm import get_display
    except ImportError as error:
        raise ConfigError(
            f"text from right to left needs python-bidi ({error}): pip install 'rnnlib-py[text]'"
        ) from None
    return get_display  # type: ignore[no-any-return]
