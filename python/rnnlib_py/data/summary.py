# SPDX-License-Identifier: Apache-2.0
"""What is in a data set: sizes, label counts and statistics of the inputs, in one pass and bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.batches import cut
from rnnlib_py.data.dataset import Dataset
from rnnlib_py.data.sequence import Sequence

FAR_MEAN = 1.0  # an input column is "far from mean 0, std 1" when |mean| is larger,
SMALL_STD, LARGE_STD = 0.1, 10.0  # or std outside these
_BLOCK = 2**20  # numbers read and held at a time (or one sequence, when that has more)

Column = NDArray[np.float64]


@dataclass
class InputStatistics:
    """Per input column, over all finite values of all points: [input_size]. std is the population's (divides by n)."""

    mean: Column
    std: Column
    min: Column
    max: Column
    count: NDArray[np.int64]  # finite values
    non_finite: NDArray[np.int64]  # NaN and infinite values

    @property
    def non_finite_columns(self) -> list[int]:
        """Columns with NaN or infinite values."""
        return np.flatnonzero(self.non_finite).tolist()

    @property
    def constant_columns(self) -> list[int]:
        """Columns whose finite values are all the same (zero variance)."""
        return np.flatnonzero((self.count > 0) & (self.min == self.max)).tolist()

    @property
    def unscaled_columns(self) -> list[int]:
        """Columns far from mean 0, std 1: |mean| > 1, or std outside 0.1 to 10; constant ones are left out."""
        far = (np.abs(self.mean) > FAR_MEAN) | (self.std < SMALL_STD) | (self.std > LARGE_STD)
        return np.flatnonzero(far & (self.min < self.max)).tolist()


@dataclass
class DataSummary:
    """What `describe` found. Shapes are in the network's order, () for 0-D; the three are taken per dimension."""

    num_sequences: int
    num_points: int
    shape_min: tuple[int, ...]
    shape_median: tuple[float, ...]
    shape_max: tuple[int, ...]
    inputs: InputStatistics
    inputs_normalised: bool  # inputMeans and inputStds are stored in the file
    non_finite_sequences: list[int]  # sequences with NaN or infinite inputs
    label_counts: dict[str, int] = field(default_factory=dict)  # every label, in the labels' order
    unknown_labels: dict[str, int] = field(default_factory=dict)  # left out: not in the label list
    num_without_target: int = 0  # points (classification) or sequences (sequence_classification) whose target is -1
    target_lengths: NDArray[np.int64] | None = None  # transcription: labels per sequence
    ctc_steps: NDArray[np.int64] | None = None  # transcription: output steps that each target needs at least

    @property
    def unused_labels(self) -> list[str]:
        """Labels that never occur."""
        return [label for label, count in self.label_counts.items() if count == 0]


def describe(data: Dataset) -> DataSummary:
    """Reads the whole set once. NaN and infinite inputs are counted, not refused."""
    statistics = _InputPass(data.header.input_size)
    targets = _TargetPass(len(data.header.labels), data.task == "transcription")
    non_finite: list[int] = []
    for first, last in cut(data.num_points, max(1, _BLOCK // data.header.input_size)):
        sequences = data.read_many(np.arange(first, last), check=False)
        bad = statistics.add(sequences)
        non_finite += [first + i for i in bad]
        targets.add(sequences)
    shapes = data.shapes
    return DataSummary(
        num_sequences=len(data),
        num_points=int(data.num_points.sum()),
        shape_min=tuple(shapes.min(axis=0).tolist()),
        shape_median=tuple(np.median(shapes, axis=0).tolist()) if shapes.size else (),
        shape_max=tuple(shapes.max(axis=0).tolist()),
        inputs=statistics.result(),
        inputs_normalised=data.input_means is not None and data.input_stds is not None,
        non_finite_sequences=non_finite,
        label_counts=dict(zip(data.header.labels, targets.counts.tolist(), strict=True)),
        unknown_labels=data.unknown_labels,
        num_without_target=targets.without,
        target_lengths=np.array(targets.lengths, dtype=np.int64) if targets.transcribes else None,
        ctc_steps=np.array(targets.steps, dtype=np.int64) if targets.transcribes else None,
    )


class _InputPass:
    """Means and variances of blocks, merged (Chan, Golub, LeVeque 1979)."""

    def __init__(self, size: int) -> None:
        self._count = np.zeros(size, dtype=np.int64)
        self._non_finite = np.zeros(size, dtype=np.int64)
        self._mean = np.zeros(size)
        self._squares = np.zeros(size)  # sum of squared distances from the mean
        self._min = np.full(size, np.inf)
        self._max = np.full(size, -np.inf)

    def add(self, sequences: list[Sequence]) -> Iterable[int]:
        """Returns which of the sequences have NaN or infinite inputs."""
        rows = np.concatenate([sequence.inputs.reshape(-1, len(self._count)) for sequence in sequences])
        step = max(1, _BLOCK // rows.shape[1])
        for start in range(0, len(rows), step):
            self._add_block(rows[start : start + step].astype(np.float64))
        if np.isfinite(rows).all():
            return []
        return [i for i, sequence in enumerate(sequences) if not np.isfinite(sequence.inputs).all()]

    def _add_block(self, rows: NDArray[np.float64]) -> None:
        finite = np.isfinite(rows)
        count = finite.sum(axis=0)
        self._non_finite += len(rows) - count
        self._min = np.minimum(self._min, np.where(finite, rows, np.inf).min(axis=0))
        self._max = np.maximum(self._max, np.where(finite, rows, -np.inf).max(axis=0))
        mean = np.where(finite, rows, 0).sum(axis=0) / np.maximum(count, 1)
        squares = np.square(np.where(finite, rows - mean, 0)).sum(axis=0)
        total = self._count + count
        distance = mean - self._mean
        share = count / np.maximum(total, 1)
        self._squares += squares + np.square(distance) * self._count * share
        self._mean += distance * share
        self._count = total

    def result(self) -> InputStatistics:
        std = np.sqrt(self._squares / np.maximum(self._count, 1))
        none = self._count == 0
        mean, std, low, high = (np.where(none, np.nan, a) for a in (self._mean, std, self._min, self._max))
        return InputStatistics(mean, std, low, high, self._count, self._non_finite)


class _TargetPass:
    def __init__(self, num_labels: int, transcribes: bool) -> None:
        self.counts = np.zeros(num_labels, dtype=np.int64)
        self.without = 0
        self.lengths: list[int] = []
        self.steps: list[int] = []
        self.transcribes = transcribes

    def add(self, sequences: list[Sequence]) -> None:
        targets = [target for target in (sequence.target_classes for sequence in sequences) if target is not None]
        if not targets:
            return
        classes = np.concatenate(targets)
        known = classes[classes >= 0]
        self.without += len(classes) - len(known)
        self.counts += np.bincount(known, minlength=len(self.counts))
        if self.transcribes:
            self.lengths += [len(target) for target in targets]
            self.steps += [len(target) + int(np.count_nonzero(target[1:] == target[:-1])) for target in targets]
