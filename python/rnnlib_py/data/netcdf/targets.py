# SPDX-License-Identifier: Apache-2.0
"""The targets of a netCDF file's sequences, by task. Indices are in memory; real-valued rows are read when needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py._labels import LabelIndex
from rnnlib_py.data.labels import unknown_message
from rnnlib_py.data.masked import mask_of
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.layout import Layout, NameSequence, read_sizes
from rnnlib_py.data.netcdf.rows import Rows
from rnnlib_py.data.sequence import Target
from rnnlib_py.data.tasks import Task
from rnnlib_py.data.text import decode

_SLAB_BYTES = 2**26  # of characters, read at a time


class Targets(ABC):
    """Targets of sequences by number."""

    rows: Rows | None = None  # what is read when needed
    unknown: dict[str, int]  # labels that were left out, with how often

    def __init__(self) -> None:
        self.unknown = {}

    @abstractmethod
    def get(self, first: int, last: int) -> list[Target]:
        """Targets of sequences first to last - 1."""


class ClassPerPoint(Targets):
    def __init__(self, classes: NDArray[np.int32], layout: Layout) -> None:
        super().__init__()
        self._classes, self._layout = classes, layout

    def get(self, first: int, last: int) -> list[Target]:
        at = self._layout.offsets
        return [self._classes[at[i] : at[i + 1]].reshape(self._layout.shape(i)) for i in range(first, last)]


class ClassPerSequence(Targets):
    def __init__(self, classes: NDArray[np.int32]) -> None:
        super().__init__()
        self._classes = classes

    def get(self, first: int, last: int) -> list[Target]:
        return list(self._classes[first:last].tolist())


class LabelSequence(Targets):
    def __init__(self, labels: NDArray[np.int32], offsets: NDArray[np.int64]) -> None:
        super().__init__()
        self._labels, self._offsets = labels, offsets

    def get(self, first: int, last: int) -> list[Target]:
        return [self._labels[self._offsets[i] : self._offsets[i + 1]] for i in range(first, last)]


class PatternPerPoint(Targets):
    def __init__(self, rows: Rows, layout: Layout) -> None:
        super().__init__()
        self.rows: Rows = rows
        self._layout = layout

    def get(self, first: int, last: int) -> list[Target]:
        at = self._layout.offsets
        block = self.rows.get(int(at[first]), int(at[last]))
        parts = (block[at[i] - at[first] : at[i + 1] - at[first]] for i in range(first, last))
        return [part.reshape(*self._layout.shape(i), -1) for i, part in zip(range(first, last), parts, strict=True)]


class PatternPerSequence(Targets):
    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows: Rows = rows

    def get(self, first: int, last: int) -> list[Target]:
        return list(self.rows.get(first, last))


class TargetReader:
    """Reads the targets of the first `count` of a file's sequences."""

    def __init__(
        self, file: NetcdfFile, task: Task, labels: Sequence[bytes], layout: Layout, count: int, name: NameSequence
    ) -> None:
        """`labels`: the label names as the file's strings spell them; `layout`: of the inputs of all sequences."""
        self._file, self._task, self._labels, self._count, self._name = file, task, labels, count, name
        self._num_seqs = len(layout.shapes)
        self.layout = layout
        self.has_own_layout = task.per_point and file.has("targetSeqDims") and layout.shapes.shape[1] > 0
        if self.has_own_layout:
            num_dims = layout.shapes.shape[1]
            self.layout = read_sizes(file, "targetSeqDims", self._num_seqs, num_dims, 2**40, name)

    def read(self, target_size: int) -> Targets:
        """DataError when they are missing or wrong."""
        if not self._task.has_labels:
            return self._patterns(target_size)
        if self._task.per_point:
            return ClassPerPoint(self._classes(self.layout, "target points"), self.layout)
        if self._file.has("targetStrings") or self._task.transcribes:
            return self._strings()
        every = Layout(np.ones((self._num_seqs, 0), np.int64), np.arange(self._num_seqs + 1, dtype=np.int64))
        if not self._file.has("targetClasses"):
            raise DataError(
                f"{self._file.path}: variable 'targetStrings' is missing, and so is 'targetClasses'; "
                f"task {self._task.name} needs one of them"
            )
        return ClassPerSequence(self._classes(every, "numSeqs"))

    def _patterns(self, target_size: int) -> Targets:
        name = "targetPatterns"
        self._file.require(name, self._task.name)
        rows = self.layout.total if self._task.per_point else self._num_seqs
        meaning = "target points" if self._task.per_point else "numSeqs"
        self._file.check_shape(name, "number", (rows, target_size), f"[{meaning}, targetPattSize]")
        if self._task.per_point:
            used = int(self.layout.offsets[self._count])
            return PatternPerPoint(Rows(self._file, name, used, target_size), self.layout)
        return PatternPerSequence(Rows(self._file, name, self._count, target_size))

    def _classes(self, layout: Layout, meaning: str) -> NDArray[np.int32]:
        name = "targetClasses"
        self._file.require(name, self._task.name)
        self._file.check_shape(name, "integer", (layout.total,), f"[{meaning}]")
        found = self._file.read_integers(name, 0, int(layout.offsets[self._count]))
        missing = mask_of(found)
        classes = found if missing is None else np.where(missing, -1, np.ma.getdata(found).astype(np.int64))
        bad = np.flatnonzero((classes < -1) | (classes >= len(self._labels)))
        if len(bad):
            point = int(bad[0])
            i = layout.owner(point)
            where = f", target point {point - int(layout.offsets[i])}" if self._task.per_point else ""
            raise DataError(
                f"{self._file.path}: {self._name(i)}{where}: class {int(classes[point])} in '{name}' is out of range; "
                f"expected 0 to {len(self._labels) - 1}, or -1 for no target"
            )
        return np.require(classes, np.int32, ["C", "A"])

    def _strings(self) -> Targets:
        name = "targetStrings"
        self._file.require(name, self._task.name)
        width = self._file.check_shape(name, "text", (self._num_seqs, None), "[numSeqs, maxTargStringLength]")[1]
        index = LabelIndex(self._labels)
        labels, offsets = self._find_labels(index, max(1, _SLAB_BYTES // max(1, width)))
        unknown = {decode(label): count for label, count in index.unknown.items()}
        if unknown and not len(labels):
            raise DataError(
                f"{self._file.path}: no label in '{name}' is one of {self._label_list()}; "
                f"found {unknown_message(unknown)}"
            )
        targets: Targets = LabelSequence(labels, offsets)
        if not self._task.transcribes:
            if not len(labels):
                raise DataError(f"{self._file.path}: no sequence has a label in '{name}'")
            padded = np.append(labels, np.int32(-1))
            targets = ClassPerSequence(np.where(np.diff(offsets) > 0, padded[offsets[:-1]], np.int32(-1)))
        targets.unknown = unknown
        return targets

    def _label_list(self) -> str:
        if self._file.has("labels"):
            return "'labels'"
        return f"the indices 0 to {len(self._labels) - 1}, by which labels are named without a variable 'labels'"

    def _find_labels(self, index: LabelIndex, step: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        labels, offsets = [], [np.zeros(1, dtype=np.int64)]
        for start in range(0, self._count, step):
            rows = self._file.read("targetStrings", start, min(start + step, self._count))
            found, at = index.find(rows)
            labels.append(found)
            offsets.append(at[1:] + offsets[-1][-1])
        return np.concatenate(labels), np.concatenate(offsets)
