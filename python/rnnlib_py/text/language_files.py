# SPDX-License-Identifier: Apache-2.0
"""Files of language models and dictionaries, plain or packed by gzip."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Sequence as _Seq
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py._core import FormatError

_GZIP = b"\x1f\x8b"

PathText = str | os.PathLike[str]


def read_ngram_model(path: PathText) -> _core.NgramModel:
    """An ARPA file of any order, plain or packed by gzip.

    Raises
    ------
    IoError
        When the file cannot be read.
    FormatError
        When it is damaged; the message names file and line.
    """
    if _is_packed(path):
        return _core.NgramModel.parse(unpacked(path), os.fspath(path))
    return _core.NgramModel.read(path)


def read_lexicon(path: PathText, labels: _Seq[str], separator: str = "") -> _core.Lexicon:
    """A dictionary of one spelling per line, plain or packed by gzip.

    Parameters
    ----------
    path
        Each line is a word and its labels, separated by blanks; a word may have several lines. A word alone is spelled
        by its characters.
    labels
        The names of the network's labels.
    separator
        The label between two words; "" when words follow each other directly.

    Raises
    ------
    IoError
        When the file cannot be read.
    FormatError
        When it is damaged; the message names file and line.
    DataError
        When none of the words can be written with the labels, or `separator` is none of them.
    """
    if _is_packed(path):
        return _core.Lexicon.parse(unpacked(path), os.fspath(path), labels, separator)
    return _core.Lexicon.read(path, labels, separator)


def unpacked(path: PathText) -> bytes:
    """A file's content, unpacked where gzip has packed it. IoError, FormatError."""
    content = _core.read_file(path)
    if not content.startswith(_GZIP):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"{os.fspath(path)}: is a damaged gzip file: {error}") from error


def _is_packed(path: PathText) -> bool:
    """What is no file, or cannot be opened, is left to the engine, whose errors name it."""
    try:
        if not Path(path).is_file():  # a FIFO would be waited for
            return False
        with Path(path).open("rb") as file:
            return file.read(len(_GZIP)) == _GZIP
    except OSError:
        return False
