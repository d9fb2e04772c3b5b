# SPDX-License-Identifier: Apache-2.0
"""Saves for use, without what only training needs."""

from __future__ import annotations

import os

from rnnlib_py import _core
from rnnlib_py.config import Config


def export_weights(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> None:
    """Writes a slim save: a network's description and weights, every digit as it was.

    The normalisation of its data stays, so that raw files are read as before. Left out: the optimiser's state, weight
    noise (mdl), the random generator, epoch and best errors. The network predicts as before; training can start from it
    anew, but not go on.

    Parameters
    ----------
    source
        A save.
    target
        The file to write.

    Raises
    ------
    IoError, FormatError, ConfigError
        As Network.load, and what cannot be written.
    """
    full = Config.read(source).save
    if full is None:
        raise _core.ConfigError(f"{os.fspath(source)}: is a config without weights, expected a save")
    network = full.load_network("float64")
    slim = _core.Save()
    slim.config = full.config
    slim.store_network(network)
    # The shortest digits that read back as the same number: those that were there.
    slim.write(target, "float32")
