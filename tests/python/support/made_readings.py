# SPDX-License-Identifier: Apache-2.0
"""Predictions made by hand, as documents."""

from __future__ import annotations

from datetime import datetime, timezone

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.model.prediction import Prediction, Reading
from rnnlib_py.text import Document, make_document

Labels = list[tuple[str, int, int, float]]  # name, first and last point of the input, confidence


def made_network(names: list[str], dims: int = 2, task: str = "transcription") -> rnn.Network:
    """A network with these labels."""
    target_size = 0 if names else 1
    header = rnn.DataHeader(dims, 1, target_size, names)
    return rnn.Network.build(rnn.Config(task=task, hiddenSize=1), header)


def made_prediction(tag: str, labels: Labels, others: list[list[str]] | None = None) -> Prediction:
    """What a decoder could have read: these labels, and `others` as readings that are not so good."""
    names = [name for name, *_ in labels]
    places = np.array([[first, last] for _, first, last, _ in labels], dtype=np.int64).reshape(-1, 2)
    sure = np.array([confidence for *_, confidence in labels])
    found = [names, *others] if others else []
    readings = [_reading(labels, -1.0 - i) for i, labels in enumerate(found)]
    return Prediction(
        tag, "transcription", names, np.zeros(len(names), int), np.zeros((1, 1)), places // 2, places, sure, readings
    )


def _reading(labels: list[str], log_probability: float) -> Reading:
    count = len(labels)
    indices, positions = np.zeros(count, np.int64), np.zeros((count, 2), np.int64)
    return Reading(labels, [], log_probability, log_probability - 1, indices, positions, np.ones(count))


def made_document(
    predictions: list[Prediction], shapes: list[tuple[int, ...]], names: list[str], seconds: float | None = None
) -> Document:
    """A document of a network with these labels, made in 2026."""
    made = make_document(made_network(names, len(shapes[0])), predictions, shapes, "lines.nc", seconds=seconds)
    return Document(
        made.task, made.lines, made.source, made.seconds, datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    )
