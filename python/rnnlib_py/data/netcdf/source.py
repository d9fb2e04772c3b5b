# SPDX-License-Identifier: Apache-2.0
"""The sequences of one netCDF file: metadata and label targets in memory, inputs read when needed."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError, DataHeader
from rnnlib_py.data.checks import check_finite, check_importance, check_present
from rnnlib_py.data.labels import check_names, default_names, fill_names
from rnnlib_py.data.masked import patterns_without_masked, weights_without_masked
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.layout import Layout, read_layout
from rnnlib_py.data.netcdf.lock import LOCK
from rnnlib_py.data.netcdf.recipe import read_recipe
from rnnlib_py.data.netcdf.rows import Rows
from rnnlib_py.data.netcdf.targets import TargetReader, Targets
from rnnlib_py.data.normalisation import read_normalisation
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.tasks import Task
from rnnlib_py.data.text import decode, row_bytes


def read_header(file: NetcdfFile, task: Task, targets: bool = True) -> DataHeader:
    """Sizes and label names of a file. Without `targets`, labels and target size may be missing (empty, 0)."""
    num_dims = file.find_dimension("numDims")
    input_size = file.dimension("inputPattSize", task.name)
    labels: list[str] = []
    target_size = 0
    if task.has_labels and (targets or file.has("labels") or file.find_dimension("numLabels")):
        labels = read_labels(file, task)
    if not task.has_labels and (targets or file.find_dimension("targetPattSize")):
        target_size = file.dimension("targetPattSize", task.name)
    return DataHeader(1 if num_dims is None else num_dims, input_size, target_size, labels)


def read_labels(file: NetcdfFile, task: Task) -> list[str]:
    """The label names, checked; empty ones, or all in a file without names, are named by their index."""
    count = file.dimension("numLabels", task.name)
    if not file.has("labels"):
        return default_names(count)
    file.check_shape("labels", "text", (count, None), "[numLabels, maxLabelLength]")
    names = fill_names([decode(row_bytes(row)) for row in file.read("labels")])
    check_names(names, task, f"{file.path}: variable 'labels'")
    return names


def count_sequences(file: NetcdfFile, task: Task, data_fraction: float) -> int:
    """How many sequences a fraction of the file keeps, at least one."""
    if not math.isfinite(data_fraction):
        raise ConfigError(f"dataFraction is {data_fraction}, expected a number from 0 to 1")
    num_seqs = file.dimension("numSeqs", task.name)
    return min(max(int(data_fraction * num_seqs), 1), num_seqs)


class NetcdfSource:
    """One file's sequences. `shapes`: int64 [n, num_dims], network's order."""

    def __init__(
        self, path: str | os.PathLike[str], task: Task, data_fraction: float = 1.0, targets: bool = True
    ) -> None:
        self._options = (task, data_fraction, targets)
        self._file = NetcdfFile(path)
        try:
            self._read_metadata(task, data_fraction, targets)
        finally:
            self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickle and copy: the file is opened anew."""
        return _reopen, (self.path, *self._options, self.header, self.shapes)

    def _read_metadata(self, task: Task, data_fraction: float, targets: bool) -> None:
        file = self._file
        self.path = file.path
        self._per_point = task.per_point
        num_seqs = file.dimension("numSeqs", task.name)
        count = count_sequences(file, task, data_fraction)
        self._tags = self._read_text("seqTags", num_seqs, count)
        self._words = self._read_text("wordTargetStrings", num_seqs, count)
        self.header = read_header(file, task, targets)
        self._layout = read_layout(file, task.name, num_seqs, self.header.num_dims, self.name)
        self._input_size = self.header.input_size
        self.shapes = self._layout.shapes[:count]
        self._inputs = self._read_inputs(task, int(self._layout.offsets[count]))
        self._targets: Targets | None = None
        self._importance: Rows | None = None
        self._target_layout: Layout | None = None
        if targets:
            self._read_targets(task, count)
        self.normalisation = read_normalisation(file)
        self.recipe = read_recipe(file)
        self._checked = np.zeros(count, dtype=bool)
        self._in_memory = False

    def _read_text(self, name: str, num_seqs: int, count: int) -> NDArray[np.uint8] | None:
        if not self._file.has(name):
            return None
        self._file.check_shape(name, "text", (num_seqs, None), "[numSeqs, string length]")
        return self._file.read(name, 0, count)

    def _read_inputs(self, task: Task, points: int) -> Rows:
        self._file.require("inputs", task.name)
        shape = (self._layout.total, self._input_size)
        self._file.check_shape("inputs", "number", shape, "[numTimesteps, inputPattSize]")
        return Rows(self._file, "inputs", points, self._input_size)

    def _read_targets(self, task: Task, count: int) -> None:
        reader = TargetReader(self._file, task, self._spelled_labels(), self._layout, count, self.name)
        self._targets = reader.read(self.header.target_size)
        if reader.has_own_layout:
            self._target_layout = reader.layout
        if task.per_point and self._file.has("importance"):
            total = reader.layout.total
            shape = self._file.shape("importance", "number")
            expected = (total, 1) if len(shape) == 2 else (total,)
            self._file.check_shape("importance", "number", expected, "[target points]")
            self._importance = Rows(self._file, "importance", int(reader.layout.offsets[count]), 1)

    def _spelled_labels(self) -> list[bytes]:
        """The label names in the file's own encoding, which is also that of its target strings."""
        names = self.header.labels
        if not names or not self._file.has("labels"):
            return [name.encode() for name in names]
        return [row_bytes(row) or name.encode() for row, name in zip(self._file.read("labels"), names, strict=True)]

    @property
    def unknown_labels(self) -> dict[str, int]:
        """Labels in the targets that are not in the label list and were left out, with how often."""
        return {} if self._targets is None else self._targets.unknown

    def _all_rows(self) -> list[Rows]:
        rows = (self._inputs, self._targets.rows if self._targets else None, self._importance)
        return [part for part in rows if part is not None]

    @property
    def num_bytes(self) -> int:
        """Memory that load() takes."""
        return sum(rows.num_bytes for rows in self._all_rows())

    def load(self) -> None:
        """Reads everything into memory and closes the file."""
        if self._in_memory:
            return
        with LOCK:  # threads that share the set wait here, so that it is read once
            if not self._in_memory:
                for rows in self._all_rows():
                    rows.load()
                self._in_memory = True
                self._file.close()

    def close(self) -> None:
        """Closes the file and gives the memory of load() back."""
        with LOCK:
            for rows in self._all_rows():
                rows.unload()
            self._in_memory = False
            self._file.close()

    def tag(self, i: int) -> str:
        """A sequence's tag; empty when there is none."""
        return "" if self._tags is None or i >= len(self._tags) else decode(row_bytes(self._tags[i]))

    def name(self, i: int) -> str:
        """A sequence as messages name it."""
        tag = self.tag(i)
        return f"sequence {i} ('{tag}')" if tag else f"sequence {i}"

    def read(self, first: int, last: int, check: bool = True) -> list[Sequence]:
        """Sequences first to last - 1, in one read. `check`: NaN and infinite numbers are a DataError."""
        at = self._layout.offsets
        block = self._inputs.get(int(at[first]), int(at[last]))
        targets = self._targets.get(first, last) if self._targets else [None] * (last - first)
        sequences = []
        for i, target in zip(range(first, last), targets, strict=True):
            rows = block[at[i] - at[first] : at[i + 1] - at[first]]
            inputs = rows.reshape(*self._layout.shape(i), self._input_size)
            sequence = Sequence(inputs, target, self.tag(i))
            if self._target_layout is not None:
                sequence.target_shape = self._target_layout.shape(i)
            if self._words is not None:
                sequence.words = decode(row_bytes(self._words[i]))
            sequences.append(sequence)
        self._add_importance(sequences, first, last)
        blocks = (block, targets[0], sequences[0].importance) if sequences else ()  # the others are alike
        if any(isinstance(part, np.ma.MaskedArray) for part in blocks):
            for i, sequence in enumerate(sequences, first):
                self._settle_missing(sequence, i, check)
        if check:
            self._check(sequences, first)
        return sequences

    def _settle_missing(self, sequence: Sequence, i: int, check: bool) -> None:
        """What the file marks as missing: a DataError (NaN without `check`), or a target point without importance."""
        where = f"{self.path}: {self.name(i)}"
        sequence.importance = weights_without_masked(sequence.importance)
        if self._per_point:
            found = patterns_without_masked(sequence.target, sequence.importance, True, where)
            sequence.target, sequence.importance = found
        sequence.inputs = self._present(sequence.inputs, "inputs", where, check)
        if isinstance(sequence.target, np.ma.MaskedArray):
            sequence.target = self._present(sequence.target, "targetPatterns", where, check)

    def _present(self, values: NDArray[np.float32], name: str, where: str, check: bool) -> NDArray[np.float32]:
        if not isinstance(values, np.ma.MaskedArray):
            return values
        if check:
            check_present(np.ma.getmaskarray(values), name, where, self._file.missing_text(name))
        return np.ma.filled(values, np.nan)

    def _add_importance(self, sequences: list[Sequence], first: int, last: int) -> None:
        if self._importance is None:
            return
        layout = self._target_layout or self._layout
        at = layout.offsets
        block = self._importance.get(int(at[first]), int(at[last])).reshape(-1)
        for i, sequence in zip(range(first, last), sequences, strict=True):
            sequence.importance = block[at[i] - at[first] : at[i + 1] - at[first]].reshape(layout.shape(i))

    def _check(self, sequences: list[Sequence], first: int) -> None:
        for i, sequence in enumerate(sequences, first):
            if not self._checked[i]:
                where = f"{self.path}: {self.name(i)}"
                check_finite(sequence.inputs, "inputs", where)
                if sequence.target_patterns is not None:
                    check_finite(sequence.target, "targetPatterns", where)
                if sequence.importance is not None:
                    check_importance(sequence.importance, where)
                self._checked[i] = True


def _reopen(
    path: str, task: Task, data_fraction: float, targets: bool, header: DataHeader, shapes: NDArray[np.int64]
) -> NetcdfSource:
    """DataError when the file holds other sequences than before."""
    source = NetcdfSource(path, task, data_fraction, targets)
    if source.header != header or not np.array_equal(source.shapes, shapes):
        raise DataError(f"{path}: the file holds other sequences than when the data set was pickled or copied")
    return source
