# SPDX-License-Identifier: Apache-2.0
"""Puts config keys into a save."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config.config import format_value
from rnnlib_py.config.content import SAFETENSORS
from rnnlib_py.model.safetensors_file import TENSOR_TYPES, safetensors_content
from rnnlib_py.system.files import write_atomically


def store_keys(save: str | os.PathLike[str], output: str | os.PathLike[str], keys: Mapping[str, object]) -> None:
    """Writes a save or a safetensors file with other values for some keys; everything else in it stays as it is, bit
    for bit.

    Parameters
    ----------
    save
        A save or a safetensors file.
    output
        Where to, as a file of the same kind. It may be the same file, which is replaced as a whole or not at all.
    keys
        Key -> value; None takes a key away.

    Raises
    ------
    ConfigError
        An unknown key, a value that is not of its type, or a name of the other kind of file.
    IoError, FormatError
        A file that cannot be read or written, or is no whole save.
    """
    found = _core.Save.read(save)
    _check_name(os.fsdecode(output), bool(found.tensor_types))
    config = found.config
    for name, value in keys.items():
        if value is None:
            config.remove(name)
        else:
            config.set(name, format_value(value))
    found.config = config
    types = [name for name in TENSOR_TYPES if name in found.tensor_types]
    if types:
        dtype = types[0] if len(types) == 1 else "float64"
        content = safetensors_content(found.load_network("float64"), config, dtype, found.metadata)
        write_atomically(Path(output), content)
        return
    found.write(output, "float64")  # digits for double hold those that were written for float


def _check_name(name: str, is_safetensors: bool) -> None:
    if is_safetensors and name.endswith(".save"):
        raise ConfigError(f"{name}: the network is in a safetensors file; expected a name that ends with {SAFETENSORS}")
    if name.endswith(SAFETENSORS) and not is_safetensors:
        raise ConfigError(f"{name}: the network is in a save; rnnlib-py export makes safetensors files of saves")
