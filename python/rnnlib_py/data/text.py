# SPDX-License-Identifier: Apache-2.0
"""Text of labels: strings in netCDF (rows of characters, ended by a NUL or the row's end), and what separates labels.

White space is ASCII's everywhere: blank, tab, line feed, vertical tab, form feed, carriage return. All else, such as a
no-break space, may be part of a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPACE = "␣"  # the label that stands for white space where every character is a label

_WORD = re.compile(r"\S+", re.ASCII)


def split_words(text: str) -> list[str]:
    """The parts between white space."""
    return _WORD.findall(text)


def characters(text: str) -> list[str]:
    """The labels of a text of which every character is one: "a  bc" gives ["a", "␣", "b", "c"].

    Parameters
    ----------
    text
        White space at its ends is left out. Characters are Unicode's code points: where a text may spell "é" in two
        ways, bring it to one with unicodedata.normalize("NFC", text) before.

    Returns
    -------
    list of str
        What there is between two words is one "␣", since labels hold no white space; `"".join(labels).replace("␣", "
        ")` is the text again.
    """
    return list(SPACE.join(split_words(text)))


def decode(text: bytes) -> str:
    """UTF-8; files older than that are read as Latin-1."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def row_bytes(row: NDArray[np.uint8]) -> bytes:
    """The string in one row, without the blanks around it."""
    return row.tobytes().split(b"\0", 1)[0].strip()


def text_rows(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Text of a netCDF variable as rows of bytes, filled up with NULs: characters [..., length], or netCDF-4's strings
    [...], of which some versions of NumPy make objects and others text."""
    if values.dtype.kind == "S":
        return np.ascontiguousarray(values).view(np.uint8)
    rows = bytes_to_rows([str(text).encode("utf-8") for text in values.reshape(-1)])
    return rows.view(np.uint8).reshape(*values.shape, rows.shape[-1])


def to_rows(strings: Sequence[str]) -> NDArray[np.bytes_]:
    """Strings as a char array [n, longest + 1], filled up with NULs."""
    return bytes_to_rows([text.encode("utf-8") for text in strings])


def bytes_to_rows(encoded: Sequence[bytes]) -> NDArray[np.bytes_]:
    """The same for strings that are encoded already."""
    width = max(map(len, encoded), default=0) + 1
    return np.array(encoded, dtype=f"S{width}").view("S1").reshape(len(encoded), width)
