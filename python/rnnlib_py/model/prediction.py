# SPDX-License-Identifier: Apache-2.0
"""What a network makes of a sequence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py.data.labels import fold
from rnnlib_py.data.tasks import find_task


@dataclass(frozen=True, eq=False, repr=False)
class Prediction:
    """The output for one sequence.

    Attributes
    ----------
    tag : str
        Of the sequence; "#3" for the one at index 3 without any.
    task : str
    labels : list of str
        The names of `indices`, in row-major order.
    indices : ndarray
        int64. Transcription: the best path's labels (n,); classification: a label per output point in the outputs'
        shape; sequence_classification: a single one (1,); regression: empty.
    outputs : ndarray
        float64 (*output shape, units): probabilities (transcription: the labels, then the blank; two classes: the
        probability of the second), or the values of regression.
    positions : ndarray
        int64 (n, 2). Transcription: the first and the last output point of each label; else (0, 2). Times
        Network.output_step they are positions in the input.
    """

    tag: str
    task: str
    labels: list[str]
    indices: NDArray[np.int64]
    outputs: NDArray[np.float64]
    positions: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def __repr__(self) -> str:
        found = fold(self.labels, " ") if find_task(self.task).has_labels else "values"
        return f"<Prediction {self.tag!r} ({self.task}): {found}; outputs {self.outputs.shape}>"

    @property
    def confidences(self) -> NDArray[np.float64]:
        """For transcription, [n]: the highest probability that each label has where it was read; else empty."""
        if not find_task(self.task).has_positions:
            return np.zeros(0)
        places = zip(self.indices, self.positions, strict=True)
        return np.array([self.outputs[first : last + 1, label].max() for label, (first, last) in places])

    def record(self) -> dict[str, Any]:
        """What `rnnlib-py predict` writes.

        Returns
        -------
        dict
            "tag", and "labels", "positions" and "confidences" (transcription), "classes" (one per point, nested like
            the sequence), "class" (sequence_classification) or "values" (regression).
        """
        task = find_task(self.task)
        if task.has_positions:
            return {
                "tag": self.tag,
                "labels": self.labels,
                "positions": self.positions.tolist(),
                "confidences": [round(value, 6) for value in self.confidences.tolist()],
            }
        if task.has_labels and task.per_point:
            classes = np.array(self.labels, dtype=object).reshape(self.indices.shape)
            return {"tag": self.tag, "classes": classes.tolist()}
        if task.has_labels:
            return {"tag": self.tag, "class": self.labels[0]}
        return {"tag": self.tag, "values": self.outputs.tolist()}


def make_prediction(found: _core.Prediction, tag: str, task: str, names: list[str]) -> Prediction:
    """The engine's prediction with names."""
    indices = np.asarray(found.labels, dtype=np.int64)
    row = find_task(task)
    if row.has_labels and row.per_point:
        indices = indices.reshape(found.outputs.shape[:-1])
    labels = [names[i] for i in indices.reshape(-1)]
    return Prediction(tag, task, labels, indices, found.outputs, found.positions)
