# SPDX-License-Identifier: Apache-2.0
"""Saves for use, without what only training needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.model.safetensors_file import TensorType, safetensors_content, training_metadata, wants_safetensors
from rnnlib_py.system.files import write_atomically

_OF_THIS_MACHINE = ("trainFile", "valFile", "testFile", "warmStart", "dumpPath")


def export_weights(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    dtype: TensorType | None = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Writes a slim save: a network's description and weights, every digit as it was; or, where the target's name ends
    with .safetensors, a safetensors file.

    The normalisation and the recipe of its data stay, so that raw files are read as before. Left out: the optimiser's
    state, weight noise (mdl), the random generator, epoch and best errors. The network predicts as before; training can
    start from it anew, but not go on.

    A safetensors file is for use anywhere: its config names no data files of this machine (trainFile, valFile,
    testFile, warmStart, dumpPath). It has the metadata of the source, if that is one too. Of a run's save it says the
    "epochs" of training and, where the network was the best for a criterion, its "scores": all errors of that epoch,
    before the weights were rounded, as JSON: "train", "validation", "test" -> error -> value.

    Parameters
    ----------
    source
        A save, or a safetensors file.
    target
        The file to write.
    dtype
        Of a safetensors file's weights, which are rounded to the nearest: "float16", "bfloat16", "float32" or
        "float64". None: the network's precision, which keeps every bit.
    metadata
        More text for a safetensors file: "license", "attribution", …. It takes the place of what has the same name; ""
        takes it away.

    Raises
    ------
    IoError, FormatError, ConfigError
        As Network.load, and what cannot be written; dtype or metadata for another file, a name that the file itself
        uses.
    NumericError
        A weight that is too large for dtype.
    """
    full = Config.read(source)
    if full.save is None:
        raise _core.ConfigError(f"{os.fspath(source)}: is a config without weights, expected a save")
    if wants_safetensors(target, dtype, metadata):
        kept = exported_metadata(full.save, os.fspath(source), metadata or {})
        network = full.save.load_network(full.precision)
        config = full.save.config
        for key in _OF_THIS_MACHINE:
            config.remove(key)
        write_atomically(Path(target), safetensors_content(network, config, dtype, kept))
        return
    slim = _core.Save()
    slim.config = full.save.config
    slim.store_network(full.save.load_network("float64"))
    # The shortest digits that read back as the same number: those that were there.
    slim.write(target, "float32")


def exported_metadata(save: _core.Save, source: str, more: Mapping[str, str]) -> dict[str, str]:
    """The text for a file made of a save: what training says of it, what stands in it already, and `more`, which takes
    the place of what has the same name; "" takes that away. FormatError."""
    texts = {**training_metadata(save, source), **save.metadata, **more}
    return {name: text for name, text in texts.items() if text != ""}
