# SPDX-License-Identifier: Apache-2.0
"""Data files of text lines. Images come one by one and wait as bytes in a temporary file, never in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import IoError
from rnnlib_py.data.netcdf.library import LibraryFile
from rnnlib_py.data.netcdf.recipe import RECIPE
from rnnlib_py.data.text import to_rows
from rnnlib_py.prepare.line_image import Bytes
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.system.files import replacing


class LineStore:
    """Lines on their way into files."""

    def __init__(self, waiting: IO[bytes]) -> None:
        self._waiting = waiting
        self._offsets = [0]  # of the images, in bytes
        self.sizes: list[tuple[int, int]] = []  # height, width
        self.labels: list[list[str]] = []
        self.tags: list[str] = []

    def __len__(self) -> int:
        return len(self.tags)

    def add(self, ink: Bytes, labels: list[str], tag: str) -> None:
        """A line: uint8 [height, width], its labels and its name."""
        self._waiting.write(np.ascontiguousarray(ink.T).data)
        self._offsets.append(self._offsets[-1] + ink.size)
        self.sizes.append((ink.shape[0], ink.shape[1]))
        self.labels.append(labels)
        self.tags.append(tag)

    def write(self, path: Path, numbers: _Seq[int], names: list[str], recipe: LineRecipe) -> None:
        """A file of the lines with these numbers, with these label names. Raises IoError."""
        with replacing(path) as temporary, LibraryFile(temporary, "w", "NETCDF4") as file:
            file.set_text_attribute(RECIPE, recipe.to_json())
            sizes = np.array([self.sizes[i] for i in numbers], np.int32).reshape(-1, 2)
            total = int(sizes.astype(np.int64).prod(axis=1).sum())
            count = len(numbers)
            for name, size in (("numSeqs", count), ("numDims", 2), ("inputPattSize", 1), ("numTimesteps", total)):
                file.create_dimension(name, size)
            _add(file, "seqDims", sizes, ("numSeqs", "numDims"))
            file.create_dimension("numLabels", len(names))
            _add_texts(file, "labels", "numLabels", "maxLabelLength", names)
            targets = [" ".join(self.labels[i]) for i in numbers]
            _add_texts(file, "targetStrings", "numSeqs", "maxTargStringLength", targets)
            _add_texts(file, "seqTags", "numSeqs", "maxSeqTagLength", [self.tags[i] for i in numbers])
            self._add_images(file, numbers, recipe)

    def _add_images(self, file: LibraryFile, numbers: _Seq[int], recipe: LineRecipe) -> None:
        inputs = file.create_variable("inputs", "u1", ("numTimesteps", "inputPattSize"), fill_value=False)
        inputs.set_attributes({"scale_factor": np.float32(recipe.scale), "add_offset": np.float32(recipe.offset)})
        done = 0
        for i in numbers:
            self._waiting.seek(self._offsets[i])
            image = np.frombuffer(self._waiting.read(self._offsets[i + 1] - self._offsets[i]), np.uint8)
            inputs[done : done + len(image)] = image[:, np.newaxis]
            done += len(image)


def _add(file: LibraryFile, name: str, values: NDArray[np.int32] | NDArray[np.bytes_], dims: tuple[str, str]) -> None:
    file.create_variable(name, values.dtype, dims)[:] = values


def _add_texts(file: LibraryFile, name: str, rows: str, length: str, texts: list[str]) -> None:
    values = to_rows(texts)
    file.create_dimension(length, values.shape[1])
    _add(file, name, values, (rows, length))


@contextmanager
def line_store(folder: Path) -> Iterator[LineStore]:
    """An empty one whose images wait in `folder`. IoError when its disk is full."""
    try:
        with tempfile.TemporaryFile(dir=folder) as waiting:
            yield LineStore(waiting)
    except OSError as error:
        if isinstance(error, IoError):
            raise
        raise IoError(f"{folder}: a temporary file cannot be written: {error.strerror or error}") from error
