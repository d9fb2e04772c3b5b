# SPDX-License-Identifier: Apache-2.0
"""How the labels of a network make text and words."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence as _Seq

from rnnlib_py.data.text import SPACE


class Spelling:
    """What the labels of one network stand for.

    Attributes
    ----------
    space : str
        The label that separates words.
    has_space : bool
        The network has it.
    spells : bool
        Every other label is one character, so that a text is spelled by them. Else labels are words, syllables, sounds.
        Who knows it says so, since words may all be one character long, too.
    """

    def __init__(self, names: _Seq[str], space: str = SPACE, spells: bool | None = None) -> None:
        self.space = space
        self.has_space = space in names
        letters = [unicodedata.normalize("NFC", name) for name in names if name != space]
        self.spells = all(len(letter) == 1 for letter in letters) if spells is None else spells

    def text(self, labels: _Seq[str]) -> str:
        """Characters joined, with a blank for each space; other labels with blanks between them."""
        if not self.spells:
            return " ".join(labels)
        return "".join(" " if label == self.space else label for label in labels)

    def words(self, labels: _Seq[str]) -> list[range]:
        """The places of each word's labels. Without a space characters are one word, and other labels a word each."""
        if not self.has_space and not self.spells:
            return [range(i, i + 1) for i in range(len(labels))]
        spaces = [i for i, label in enumerate(labels) if label == self.space]
        parts = zip([-1, *spaces], [*spaces, len(labels)], strict=True)
        return [range(before + 1, after) for before, after in parts if after > before + 1]
