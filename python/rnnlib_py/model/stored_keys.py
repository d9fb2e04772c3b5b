# SPDX-License-Identifier: Apache-2.0
"""Puts config keys into a save."""

from __future__ import annotations

import os
from collections.abc import Mapping

from rnnlib_py import _core
from rnnlib_py.config.config import format_value


def store_keys(save: str | os.PathLike[str], output: str | os.PathLike[str], keys: Mapping[str, object]) -> None:
    """Writes a save with other values for some keys; everything else in it stays as it is, bit for bit.

    Parameters
    ----------
    save
        A save.
    output
        Where to; it may be the same file, which is replaced as a whole or not at all.
    keys
        Key -> value; None takes a key away.

    Raises
    ------
    ConfigError
        An unknown key, or a value that is not of its type.
    IoError, FormatError
        A file that cannot be read or written, or is no whole save.
    """
    text = _core.Save.read(save)
    config = text.config
    for name, value in keys.items():
        if value is None:
            config.remove(name)
        else:
            config.set(name, format_value(value))
    text.config = config
    text.write(output, "float64")  # digits for double hold those that were written for float
