# SPDX-License-Identifier: Apache-2.0
"""Sentences of a text as numbers: what an n-gram model is made from."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError, FormatError
from rnnlib_py.data.text import characters, split_words
from rnnlib_py.text.language_files import PathText, unpacked

UNITS = ("characters", "words")
UNKNOWN = 0
BEGIN = 1
END = 2
RESERVED = ("<unk>", "<s>", "</s>")  # as ARPA files call them, by the numbers above

_SPLIT = {"characters": characters, "words": split_words}


@dataclass(frozen=True)
class Sentences:
    """Sentences one after another, each with its beginning and its end.

    Parameters
    ----------
    words
        The vocabulary; a word's number is its place. It begins with "<unk>", "<s>" and "</s>".
    tokens
        Numbers of words, [tokens].
    """

    words: list[str]
    tokens: NDArray[np.int64]


def split_sentences(path: PathText, units: str) -> Iterator[list[str]]:
    """The units of each line that has any.

    Parameters
    ----------
    path
        A text file in UTF-8, one sentence per line, plain or packed by gzip.
    units
        "words", which are separated by white space, or "characters", where white space is the unit "␣".

    Raises
    ------
    IoError
        When the file cannot be read.
    FormatError
        When it is not UTF-8, or a unit is one of "<unk>", "<s>" and "</s>".
    """
    if units not in _SPLIT:
        raise ConfigError(f"units: expected {' or '.join(UNITS)}, found {units!r}")
    for number, line in enumerate(unpacked(path).split(b"\n"), 1):
        try:
            found = _SPLIT[units](line.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise FormatError(f"line {number} of {path}: is not UTF-8: {error.reason}") from error
        for word in RESERVED:
            if word in found:
                raise FormatError(f"line {number} of {path}: the word {word} stands for something else in a model")
        if any("\0" in word for word in found):
            raise FormatError(f"line {number} of {path}: holds a NUL, so this is no text")
        if found:
            yield found


def read_sentences(paths: _Seq[PathText], units: str) -> Sentences:
    """The sentences of text files, as split_sentences reads them; DataError when there are none."""
    numbers = {word: number for number, word in enumerate(RESERVED)}
    tokens: list[int] = []
    for path in paths:
        for sentence in split_sentences(path, units):
            tokens.append(BEGIN)
            tokens.extend([numbers.setdefault(word, len(numbers)) for word in sentence])
            tokens.append(END)
    if not tokens:
        raise DataError(f"{', '.join(map(str, paths))}: no text to make a model from")
    return Sentences(list(numbers), np.array(tokens, dtype=np.int64))
