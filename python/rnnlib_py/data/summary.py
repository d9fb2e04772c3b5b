# SPDX-License-Identifier: Apache-2.0
"""What is in a data set: sizes, label counts and statistics of the inputs, in one pass and bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.batches import cut
from rnnlib_py.data.column_statistics import BLOCK, ColumnStatistics, ColumnSums
from rnnlib_py.data.dataset import Dataset
from rnnlib_py.data.diagnosis import diagnose_set
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.summary_html import summary_html
from rnnlib_py.data.target_use import ctc_steps, has_target
from rnnlib_py.data.tasks import find_task


@dataclass
class DataSummary:
    """What describe() found.

    Attributes
    ----------
    num_sequences, num_points : int
    shape_min, shape_median, shape_max : tuple
        Per dimension, in the network's order; () for 0-D.
    inputs : ColumnStatistics
    inputs_normalised : bool
        inputMeans and inputStds are stored in the file.
    non_finite_sequences : list of int
        Sequences with NaN or infinite inputs.
    label_counts : dict
        Every label, in the labels' order -> how often it occurs.
    unknown_labels : dict
        Labels that were left out, because they are not in the label list.
    num_without_target : int
        Points (classification) or sequences (sequence_classification) whose target is -1.
    has_target : ndarray or None
        Per sequence: whether there is anything to learn from it.
    target_lengths : ndarray or None
        Transcription: labels per sequence.
    ctc_steps : ndarray or None
        Transcription: output steps that each target needs at least.
    advice : list of str
        What hardly is meant, and what to write instead.
    """

    num_sequences: int
    num_points: int
    shape_min: tuple[int, ...]
    shape_median: tuple[float, ...]
    shape_max: tuple[int, ...]
    inputs: ColumnStatistics
    inputs_normalised: bool
    non_finite_sequences: list[int]
    label_counts: dict[str, int] = field(default_factory=dict)
    unknown_labels: dict[str, int] = field(default_factory=dict)
    num_without_target: int = 0
    has_target: NDArray[np.bool_] | None = None
    target_lengths: NDArray[np.int64] | None = None
    ctc_steps: NDArray[np.int64] | None = None
    advice: list[str] = field(default_factory=list)

    @property
    def unused_labels(self) -> list[str]:
        """Labels that never occur."""
        return [label for label, count in self.label_counts.items() if count == 0]

    def _repr_html_(self) -> str:
        return summary_html(self)


def describe(data: Dataset) -> DataSummary:
    """What is in a data set. Reads the whole set once, in bounded memory.

    Parameters
    ----------
    data
        NaN and infinite inputs are counted, not refused.

    Raises
    ------
    IoError, FormatError, DataError
        What cannot be read.
    """
    size = data.header.input_size
    statistics = ColumnSums(size)
    targets = _TargetPass(len(data.header.labels), find_task(data.task).transcribes)
    non_finite: list[int] = []
    for first, last in cut(data.num_points, max(1, BLOCK // size)):
        sequences = data.read_many(np.arange(first, last), check=False)
        statistics.add(np.concatenate([sequence.inputs.reshape(-1, size) for sequence in sequences]))
        non_finite += [first + i for i in _non_finite(sequences)]
        targets.add(sequences)
    shapes = data.shapes
    label_counts = dict(zip(data.header.labels, targets.counts.tolist(), strict=True))
    return DataSummary(
        num_sequences=len(data),
        num_points=int(data.num_points.sum()),
        shape_min=tuple(shapes.min(axis=0).tolist()),
        shape_median=tuple(np.median(shapes, axis=0).tolist()) if shapes.size else (),
        shape_max=tuple(shapes.max(axis=0).tolist()),
        inputs=statistics.result(),
        inputs_normalised=data.input_means is not None and data.input_stds is not None,
        non_finite_sequences=non_finite,
        label_counts=label_counts,
        unknown_labels=data.unknown_labels,
        num_without_target=targets.without,
        has_target=np.array(targets.present, dtype=np.bool_),
        target_lengths=np.array(targets.lengths, dtype=np.int64) if targets.transcribes else None,
        ctc_steps=np.array(targets.steps, dtype=np.int64) if targets.transcribes else None,
        advice=diagnose_set(data, label_counts),
    )


def _non_finite(sequences: list[Sequence]) -> list[int]:
    """Which of the sequences have NaN or infinite inputs."""
    return [i for i, sequence in enumerate(sequences) if not np.isfinite(sequence.inputs).all()]


class _TargetPass:
    def __init__(self, num_labels: int, transcribes: bool) -> None:
        self.counts = np.zeros(num_labels, dtype=np.int64)
        self.without = 0
        self.present: list[bool] = []
        self.lengths: list[int] = []
        self.steps: list[int] = []
        self.transcribes = transcribes

    def add(self, sequences: list[Sequence]) -> None:
        self.present += map(has_target, sequences)
        targets = [target for target in (sequence.target_classes for sequence in sequences) if target is not None]
        if not targets:
            return
        classes = np.concatenate(targets)
        known = classes[classes >= 0]
        self.without += len(classes) - len(known)
        self.counts += np.bincount(known, minlength=len(self.counts))
        if self.transcribes:
            self.lengths += [len(target) for target in targets]
            self.steps += map(ctc_steps, targets)
