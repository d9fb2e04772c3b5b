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
from rnnlib_py.model.html_tables import prediction_html, reading_html


@dataclass(frozen=True, eq=False)
class Reading:
    """One of the labellings that a decoder found in a sequence's outputs.

    Attributes
    ----------
    labels : list of str
        The names of `indices`.
    words : list of str
        With a dictionary, its words; else empty.
    log_probability : float
        Natural logarithm of the labelling's probability given the outputs.
    score : float
        By which readings are ranked: the log probability and what dictionary and language model add.
    indices : ndarray
        int64 (n,).
    positions : ndarray
        int64 (n, 2). The first and the last output point of each label.
    confidences : ndarray
        float64 (n,), in [0, 1].
    """

    labels: list[str]
    words: list[str]
    log_probability: float
    score: float
    indices: NDArray[np.int64] = field(repr=False)
    positions: NDArray[np.int64] = field(repr=False)
    confidences: NDArray[np.float64] = field(repr=False)

    def _repr_html_(self) -> str:
        return reading_html(self)


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
        int64 (n, 2). Transcription: the first and the last output point of each label; else (0, 2).
    input_positions : ndarray
        int64 (n, 2). The same places in the input: the first and the last point along its first dimension (x of an
        image) that those output points stand for.
    confidences : ndarray
        float64, with an entry for each of `indices`: how sure the label is, in [0, 1]. Of a class it is its
        probability, with best path decoding the highest probability that the label has where it was read, both at the
        temperature of the network's config (`rnnlib-py calibrate`). Regression: empty.
    temperature : float
        Of the network's config: of the softmax that confidences and posteriors come from.
    readings : list of Reading
        The n best labellings, the best first; only of decoders that search among several.
    """

    tag: str
    task: str
    labels: list[str]
    indices: NDArray[np.int64]
    outputs: NDArray[np.float64]
    positions: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    input_positions: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    confidences: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    readings: list[Reading] = field(default_factory=list)
    temperature: float = 1.0

    def __repr__(self) -> str:
        found = fold(self.labels, " ") if find_task(self.task).has_labels else "values"
        return f"<Prediction {self.tag!r} ({self.task}): {found}; outputs {self.outputs.shape}>"

    def _repr_html_(self) -> str:
        return prediction_html(self)

    def record(self) -> dict[str, Any]:
        """What `rnnlib-py predict` writes.

        Returns
        -------
        dict
            "tag", and "labels", "positions", "input_positions" and "confidences" (transcription), "classes" (one per
            point, nested like the sequence), "class" (sequence_classification) or "values" (regression).
        """
        task = find_task(self.task)
        if task.has_positions:
            return {
                "tag": self.tag,
                "labels": self.labels,
                "positions": self.positions.tolist(),
                "input_positions": self.input_positions.tolist(),
                "confidences": [round(value, 6) for value in self.confidences.tolist()],
            }
        if task.has_labels and task.per_point:
            classes = np.array(self.labels, dtype=object).reshape(self.indices.shape)
            return {"tag": self.tag, "classes": classes.tolist()}
        if task.has_labels:
            return {"tag": self.tag, "class": self.labels[0]}
        return {"tag": self.tag, "values": self.outputs.tolist()}


def make_prediction(
    found: _core.Prediction,
    tag: str,
    task: str,
    names: list[str],
    words: _core.Lexicon | None = None,
    temperature: float = 1.0,
) -> Prediction:
    """The engine's prediction with names; `words` is the dictionary of the decoder, if it has one."""
    indices, confidences = np.asarray(found.labels, dtype=np.int64), found.confidences
    row = find_task(task)
    if row.has_labels and row.per_point:
        points = found.outputs.shape[:-1]
        indices, confidences = indices.reshape(points), confidences.reshape(points)
    labels = [names[i] for i in indices.reshape(-1)]
    readings = [_make_reading(reading, names, words) for reading in found.readings]
    return Prediction(
        tag,
        task,
        labels,
        indices,
        found.outputs,
        found.positions,
        found.input_positions,
        confidences,
        readings,
        temperature,
    )


def _make_reading(found: _core.Reading, names: list[str], words: _core.Lexicon | None) -> Reading:
    return Reading(
        [names[i] for i in found.labels],
        [] if words is None else [words.word(i) for i in found.words],
        found.log_probability,
        found.score,
        np.array(found.labels, dtype=np.int64),
        found.positions,
        found.confidences,
    )
