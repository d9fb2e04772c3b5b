# SPDX-License-Identifier: Apache-2.0
"""A network into files, and into copies of itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnlib_py import _core
from rnnlib_py.model.network_data import NetworkData
from rnnlib_py.model.safetensors_file import TensorType, safetensors_content, wants_safetensors, without_scores
from rnnlib_py.system.file_objects import PathOrFile, write_file_object
from rnnlib_py.system.files import write_atomically


class NetworkFiles(NetworkData):
    """A network that can be saved and copied."""

    def save(
        self, path: PathOrFile, dtype: TensorType | None = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Writes config and weights: as RNNLIB's saves are, or, where the name ends with .safetensors, as a safetensors
        file. Every number reads back bit for bit, unless `dtype` has fewer bits than the network.

        Parameters
        ----------
        path
            Where to, or a file object (binary; text for a save). One without such a name is written as a safetensors
            file when dtype or metadata are given.
        dtype
            Of a safetensors file's weights, which are rounded to the nearest: "float16", "bfloat16", "float32" or
            "float64". None: the network's precision.
        metadata
            Text of any kind for a safetensors file: "license", "attribution", …. None: that of the file the network was
            loaded from (`metadata`) but for "scores" and "epochs", which its weights may have left behind.

        Raises
        ------
        IoError
            What cannot be written.
        ConfigError
            dtype or metadata for another file; metadata with a name that the file itself uses; text that is not UTF-8.
        NumericError
            A weight that is too large for dtype; the message has its connection.
        """
        content: str | bytes
        if wants_safetensors(path, dtype, metadata):
            beside = without_scores(self.metadata) if metadata is None else metadata
            content = safetensors_content(self.core, self.config.core, dtype, beside)
        else:
            content = self._make_save().text(self.precision)
        if isinstance(path, (str, os.PathLike)):
            write_atomically(Path(path), content)
        else:
            write_file_object(path, content)

    @property
    def metadata(self) -> dict[str, str]:
        """A copy of the text in the safetensors file that it was loaded from: "license", "scores", …; else empty."""
        return {} if self.config.save is None else dict(self.config.save.metadata)

    def _make_save(self) -> _core.Save:
        save = _core.Save()
        save.config = self.config.core
        save.store_network(self.core)
        return save

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: the network as a save. A copy has weights of its own."""
        rest = {name: value for name, value in self.__dict__.items() if name not in ("core", "_known")}
        return {**rest, "save": self._make_save().text(self.precision), "precision": self.precision}

    def __setstate__(self, state: dict[str, Any]) -> None:
        save = _core.Save.parse(state.pop("save"), "a copied network")
        self.core = save.load_network(state.pop("precision"))
        self.__dict__.update(state)
