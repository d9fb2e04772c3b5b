# SPDX-License-Identifier: Apache-2.0
"""Writes netCDF data files (docs/data-format.md)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.data.convert import convert_sequences, numbers_of_inputs, raw_sequences
from rnnlib_py.data.diagnosis import diagnose_sequences
from rnnlib_py.data.labels import DataWarning
from rnnlib_py.data.netcdf.library import LibraryFile
from rnnlib_py.data.netcdf.recipe import RECIPE
from rnnlib_py.data.netcdf.spool import spooled
from rnnlib_py.data.options import DataOptions, Units
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.data.text import to_rows
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.files import replacing

Format = Literal["NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]
_FORMATS = ("NETCDF4", "NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA")


def write_netcdf(
    path: str | os.PathLike[str],
    sequences: Iterable[Any],
    labels: Iterable[Any] | None = None,
    *,
    task: str,
    units: Units | None = None,
    dims: int | None = None,
    format: Format = "NETCDF4",  # noqa: A002
    compression: bool = False,
) -> None:
    """Writes a data file: all of it, or, when something is wrong, nothing (a file that was there before stays).

    A DataWarning says what can be written but hardly is meant: words of a text as labels, images whose width and height
    are swapped, equal images taken for signals, a series taken for a point. Naming `units` or `dims` silences it.

    Parameters
    ----------
    path
        The file to write.
    sequences
        `Sequence` objects, pairs (inputs, target) or dicts with the keys inputs, target, tag, importance, words. A
        generator's are taken one by one, and what their inputs take beyond 64 MiB waits in a temporary file.

        inputs: numbers [*shape, input_size], shape in the network's order (an image: x, then y). importance: weights
        [*target_shape] of per-point targets; the single weight of another target is not written. target, by task:

        - transcription: a list of labels, or a string of labels separated by white space (see `units`);
        - classification: labels [*target_shape], one per point; the index -1 = no target;
        - sequence_classification: a label (or the index -1);
        - regression: numbers [*target_shape, target_size]; sequence_regression: numbers [target_size];
        - None (in all sequences): a file without targets.

        Labels are names or indices into `labels`.
    labels
        The label names; None takes them from the targets: their names, sorted, or names made of the indices.
    task
        As the key `task` has it.
    units
        What the labels in a string are, "words" or "characters". White space between words is then the label "␣".
    dims
        The number of dimensions of the sequences. Inputs with so many axes have one input per point: dims=1 takes a
        series (T,) as (T, 1), dims=2 an image [x, y] as [x, y, 1].
    format
        The netCDF variant.
    compression
        By zlib, for the NETCDF4 variants only.

    Raises
    ------
    DataError
        A sequence does not fit; it is named by number and tag.
    ConfigError
        task, units, dims or format.
    IoError
        What cannot be written.
    """
    write_file(path, sequences, labels, FileForm(task, DataOptions(units, dims), format, compression))


@dataclass(frozen=True)
class FileForm:
    """How a data file is to be written.

    Attributes
    ----------
    task : str
        As the key `task` has it.
    options : DataOptions
        How inputs and targets are meant.
    format : str
        The netCDF variant.
    compression : bool
        By zlib, for the NETCDF4 variants only.
    recipe : str
        How the sequences were made of a user's files (rnnlib_py.prepare.recipe), in JSON; "" for none.
    """

    task: str
    options: DataOptions = field(default_factory=DataOptions)
    format: Format = "NETCDF4"
    compression: bool = False
    recipe: str = ""

    def check(self) -> None:
        """ConfigError for what cannot be."""
        self.options.check(find_task(self.task))
        if self.format not in _FORMATS:
            raise ConfigError(f"unknown netCDF format '{self.format}'; expected one of {', '.join(_FORMATS)}")
        if self.compression and not self.format.startswith("NETCDF4"):
            raise ConfigError(f"{self.format} has no compression; use NETCDF4 or NETCDF4_CLASSIC")


def write_file(
    path: str | os.PathLike[str], sequences: Iterable[Any], labels: Iterable[Any] | None, form: FileForm
) -> None:
    """Writes a data file of the given form. For all else, errors included, see write_netcdf()."""
    form.check()
    task = find_task(form.task)
    are_kept = isinstance(sequences, (list, tuple))
    try:
        with spooled(raw_sequences(sequences), numbers_of_inputs, Path(path).parent, are_kept) as raw:
            converted, header = convert_sequences(raw, task, labels, form.options)
            for text in diagnose_sequences(converted, header, task, form.options):
                warn_caller(f"{path}: {text}", DataWarning)
            with replacing(Path(path)) as temporary, LibraryFile(temporary, "w", form.format) as file:
                _Contents(converted, header, task).write(file, form)
    except DataError as error:
        raise DataError(f"{path}: not written: {error}") from None


class _Contents:
    """A file's dimensions and variables."""

    def __init__(self, sequences: list[Sequence], header: DataHeader, task: Task) -> None:
        self._sequences, self._header, self._task = sequences, header, task
        self._shapes = [sequence.shape for sequence in sequences]

    def write(self, file: LibraryFile, form: FileForm) -> None:
        self._file = file
        self._zlib: dict[str, Any] = {"compression": "zlib", "shuffle": True} if form.compression else {}
        sequences, num_dims = self._sequences, self._header.num_dims
        if form.recipe:
            file.set_text_attribute(RECIPE, form.recipe)
        file.create_dimension("numSeqs", len(sequences))
        file.create_dimension("numTimesteps", sum(sequence.num_points for sequence in sequences))
        file.create_dimension("inputPattSize", self._header.input_size)
        file.create_dimension("numDims", num_dims)
        if num_dims:
            self._add("seqDims", "i4", ("numSeqs", "numDims"), self._sizes(self._shapes))
        if any(sequence.tag for sequence in sequences):
            self._add_strings("seqTags", "numSeqs", "maxSeqTagLength", [sequence.tag for sequence in sequences])
        labels = list(self._header.labels)
        if labels:
            file.create_dimension("numLabels", len(labels))
            self._add_strings("labels", "numLabels", "maxLabelLength", labels)
        if sequences[0].target is not None:
            self._add_targets(labels)
        words = [sequence.words for sequence in sequences]
        if any(words):
            self._add_strings("wordTargetStrings", "numSeqs", "maxWordTargetStringLength", words)
        self._add_rows("inputs", ("numTimesteps", "inputPattSize"), [sequence.inputs for sequence in sequences])

    def _sizes(self, shapes: Seq[tuple[int, ...]]) -> NDArray[np.int64]:
        """seqDims lists the fastest-varying size first: the reverse of a shape."""
        return np.array(shapes, dtype=np.int64)[:, ::-1]

    def _add(self, name: str, kind: str, dimensions: tuple[str, ...], values: NDArray[Any]) -> None:
        self._file.create_variable(name, kind, dimensions, **self._zlib)[:] = values

    def _add_strings(self, name: str, rows: str, length: str, strings: list[str]) -> None:
        chars = to_rows(strings)
        self._file.create_dimension(length, chars.shape[1])
        self._add(name, "S1", (rows, length), chars)

    def _add_rows(self, name: str, dimensions: tuple[str, ...], arrays: list[NDArray[Any]]) -> None:
        """One sequence after another, without a copy of them all."""
        kind = "i4" if arrays[0].dtype == np.int32 else "f4"
        variable = self._file.create_variable(name, kind, dimensions, **self._zlib)
        columns = variable.shape[1:]
        start = 0
        for array in arrays:
            rows = array.reshape(-1, *columns)
            variable[start : start + len(rows)] = rows
            start += len(rows)

    def _add_targets(self, labels: list[str]) -> None:
        if self._task.has_labels:
            classes = [sequence.target_classes for sequence in self._sequences]
            arrays: list[NDArray[Any]] = [array for array in classes if array is not None]
        else:
            patterns = [sequence.target_patterns for sequence in self._sequences]
            arrays = [array for array in patterns if array is not None]
            self._file.create_dimension("targetPattSize", self._header.target_size)
        if self._task.transcribes:
            strings = [" ".join(labels[i] for i in array.tolist()) for array in arrays]
            self._add_strings("targetStrings", "numSeqs", "maxTargStringLength", strings)
            return
        rows = self._target_points(sum(map(len, arrays))) if self._task.per_point else "numSeqs"
        if self._task.has_labels:
            self._add_rows("targetClasses", (rows,), arrays)
        else:
            self._add_rows("targetPatterns", (rows, "targetPattSize"), arrays)

    def _target_points(self, total: int) -> str:
        """The dimension of the target points; with it, targetSeqDims and importance."""
        shapes = [s.shape if s.target_shape is None else s.target_shape for s in self._sequences]
        if shapes != self._shapes:
            self._add("targetSeqDims", "i4", ("numSeqs", "numDims"), self._sizes(shapes))
        rows = "numTimesteps"
        if total != self._file.dimensions[rows]:
            rows = "numTargetPoints"
            self._file.create_dimension(rows, total)
        if any(sequence.importance is not None for sequence in self._sequences):
            weights = [
                np.ones(shape, dtype=np.float32) if sequence.importance is None else sequence.importance
                for sequence, shape in zip(self._sequences, shapes, strict=True)
            ]
            self._add_rows("importance", (rows,), weights)
        return rows
