# SPDX-License-Identifier: Apache-2.0
"""Cuts texts into what errors are counted in: characters (grapheme clusters of Unicode, or code points) and words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from rnnlib_py._core import ConfigError
from rnnlib_py.data.text import SPACE, split_words

NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD", "none"]
Characters = Literal["graphemes", "codepoints"]
Tokens = Mapping[str, list[str]]  # "characters", "words" or "labels" -> the pieces of one text

# Below the first combining mark every code point is a cluster of its own; lines hold no line ends.
_FIRST_COMBINING = "\u0300"


@dataclass(frozen=True)
class TextOptions:
    """How texts are made comparable and cut.

    Attributes
    ----------
    normal_form : str
        Unicode's form that texts are brought to first: "NFC", "NFD", "NFKC", "NFKD", or "none", which leaves them.
    characters : str
        What a character is: "graphemes", what a reader takes for one ("e" with a combining accent, a family emoji), or
        "codepoints".

    Raises
    ------
    ConfigError
        Another value.
    """

    normal_form: NormalForm = "NFC"
    characters: Characters = "graphemes"

    def __post_init__(self) -> None:
        for name, value, known in (
            ("normal_form", self.normal_form, get_args(NormalForm)),
            ("characters", self.characters, get_args(Characters)),
        ):
            if value not in known:
                raise ConfigError(f"{name} is {value!r}, expected one of {', '.join(known)}")


def clean_text(text: str, options: TextOptions) -> str:
    """The text in its normal form, with one blank in place of each run of white space or of the label "␣"."""
    if options.normal_form != "none":
        text = unicodedata.normalize(options.normal_form, text)
    return " ".join(split_words(text.replace(SPACE, " ")))


def text_tokens(text: str, options: TextOptions) -> dict[str, list[str]]:
    """The characters and the words of a text."""
    text = clean_text(text, options)
    found = graphemes(text) if options.characters == "graphemes" else list(text)
    return {"characters": found, "words": text.split(" ") if text else []}


def graphemes(text: str) -> list[str]:
    """The extended grapheme clusters of a text, as Unicode's Annex 29 has them.

    Raises
    ------
    ConfigError
        The text has letters beyond Latin's and the package `regex`, which knows the clusters, is not installed.
    """
    if text.isascii() or max(text) < _FIRST_COMBINING:
        return list(text)
    try:
        import regex
    except ImportError:
        raise ConfigError(
            "texts with combining characters or other than Latin letters need the package regex to find their "
            "grapheme clusters: pip install 'rnnlib-py[text]', or count code points"
        ) from None
    return cast(list[str], regex.findall(r"\X", text))
