# SPDX-License-Identifier: Apache-2.0
"""Data that can be read, but hardly mean what they should: sentences that say what to write instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataHeader
from rnnlib_py.data.image_checks import (
    Inputs,
    images_as_signals,
    lines_on_their_side,
    series_as_points,
    swapped_sizes,
)
from rnnlib_py.data.options import DataOptions
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.spread import spread_evenly
from rnnlib_py.data.tasks import Task, find_task
from rnnlib_py.data.text_checks import labels_like_text

if TYPE_CHECKING:
    from rnnlib_py.data.dataset import Dataset

_SAMPLE = 32  # sequences that are looked at,
_SAMPLE_NUMBERS = 2**22  # with at most so many inputs together, but one sequence at least
_LARGE_POINT = 32  # inputs of a point that, in a file, may be a series


def diagnose_set(data: Dataset, label_counts: Mapping[str, int] | None = None) -> list[str]:
    """Of a set in files. `label_counts`: how often each label occurs; None: labels are not looked at."""
    shapes = data.shapes
    transcribes = find_task(data.task).transcribes
    if all(recipe for _, recipe in data.named_recipes):
        return []  # made by prepare, which knows what they are
    found = [labels_like_text(label_counts)] if transcribes and label_counts is not None else []
    if data.header.num_dims in (1, 2):
        wanted = _sample(data.num_points * data.header.input_size)
        inputs = [sequence.inputs for sequence in data.read_many(wanted, check=False)]
        found += _diagnose_shapes(shapes, inputs, transcribes)
    if data.header.num_dims == 0 and data.header.input_size >= _LARGE_POINT:
        found.append(series_as_points(data.header.input_size))
    return [text for text in found if text]


def diagnose_sequences(sequences: Seq[Sequence], header: DataHeader, task: Task, options: DataOptions) -> list[str]:
    """Of converted sequences; what the options say is meant."""
    found = []
    if task.transcribes and options.units is None:
        counts: Counter[int] = Counter()
        for sequence in sequences:
            if sequence.target_classes is not None:
                counts.update(sequence.target_classes.tolist())
        found.append(labels_like_text({label: counts[i] for i, label in enumerate(header.labels)}))
    if header.num_dims == 2 or (header.num_dims == 1 and options.dims is None):
        shapes = np.array([sequence.shape for sequence in sequences], dtype=np.int64)
        wanted = _sample(np.array([sequence.inputs.size for sequence in sequences]))
        found += _diagnose_shapes(shapes, [sequences[i].inputs for i in wanted], task.transcribes)
    if header.num_dims == 0 and header.input_size > 1 and options.dims is None:
        found.append(series_as_points(header.input_size))
    return [text for text in found if text]


def _sample(sizes: NDArray[np.int64]) -> list[int]:
    """Which sequences are looked at: spread evenly."""
    wanted = spread_evenly(len(sizes), min(len(sizes), _SAMPLE))
    fit = np.cumsum(sizes[wanted]) <= _SAMPLE_NUMBERS
    return [int(i) for i in wanted[: max(1, int(fit.sum()))]]


def _diagnose_shapes(shapes: NDArray[np.int64], inputs: Inputs, transcribes: bool) -> list[str]:
    if shapes.shape[1] == 1:
        return [images_as_signals(shapes, inputs)]
    swapped = swapped_sizes(inputs)
    return [swapped or (lines_on_their_side(shapes) if transcribes else "")]
