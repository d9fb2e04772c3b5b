# SPDX-License-Identifier: Apache-2.0
"""The texts of lines: read from files, brought to one form, turned into labels, and back."""

from __future__ import annotations

import codecs
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from rnnlib_py._core import DataError
from rnnlib_py.data.text import SPACE
from rnnlib_py.prepare.bidi import has_right_to_left, to_logical, to_visual
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.system.files import open_to_read

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UNSEEN = frozenset("\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069")
_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]


@dataclass(frozen=True)
class CleanText:
    """A line's text as it is learned, and what was done to it, where that may surprise."""

    text: str
    changes: list[str]


def read_text_file(path: str | os.PathLike[str]) -> CleanText:
    """A file's text, in UTF-8 or, with a byte order mark, in UTF-16. Raises IoError, and DataError for other bytes."""
    with open_to_read(Path(path), "a text") as file:
        content = file.read()
    changes = []
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    if mark:
        changes.append(f"begins with a byte order mark ({encoding.upper()}): left out")
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is no {encoding.upper()} text (byte {len(mark) + error.start})") from None
    if "\r" in text:
        changes.append("has line ends of another system (CR): read as line ends")
    return CleanText(text, changes)


def clean_text(text: str, form: str) -> CleanText:
    """White space folded into single spaces, letters in the normal form, without signs that cannot be seen.

    Parameters
    ----------
    text
        Of a line. Several lines become one.
    form
        "NFC", "NFD", "NFKC", "NFKD" or "none".
    """
    changes = []
    if len(text.splitlines()) > 1 and len([line for line in text.splitlines() if line.strip()]) > 1:
        changes.append("has several lines: they were joined")
    if SPACE in text:
        changes.append(f"holds {SPACE}, which stands for the space: taken for one")
        text = text.replace(SPACE, " ")
    folded = " ".join(text.split())
    seen = "".join(letter for letter in folded if letter not in _UNSEEN and unicodedata.category(letter) != "Cc")
    if seen != folded:
        changes.append("holds signs that cannot be seen (control characters): left out")
    if form != "none" and not unicodedata.is_normalized(cast(_Form, form), seen):
        changes.append(f"is in another normal form than {form}: brought to it")
        seen = unicodedata.normalize(cast(_Form, form), seen)
    return CleanText(" ".join(seen.split()), changes)


def labels_of(text: str, recipe: LineRecipe) -> list[str]:
    """The labels of a clean text: a label for each character, in visual order where the recipe says so."""
    shown = to_visual(text) if recipe.right_to_left else text
    return [recipe.space if letter == " " else letter for letter in shown]


def text_of(labels: list[str], recipe: LineRecipe) -> str:
    """The text of labels that a network read."""
    text = " ".join("".join(" " if label == recipe.space else label for label in labels).split())
    return to_logical(text) if recipe.right_to_left else text


def needs_visual_order(text: str) -> bool:
    """Whether a text's labels stand in another order than its letters."""
    return has_right_to_left(text)
