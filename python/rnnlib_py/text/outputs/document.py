# SPDX-License-Identifier: Apache-2.0
"""What a network read in a file's sequences: lines of words of labels, with their places in the input."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field
from datetime import datetime, timezone

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.text.spelling import Spelling


@dataclass(frozen=True)
class ReadLabel:
    """A label that was read.

    Attributes
    ----------
    name : str
    first, last : int
        The points of the input, along its first dimension, that it covers; `last` included.
    confidence : float
        How sure it is, in [0, 1].
    """

    name: str
    first: int
    last: int
    confidence: float


@dataclass(frozen=True)
class Word:
    """The labels between two spaces.

    Attributes
    ----------
    text : str
    labels : list of ReadLabel
        At least one.
    """

    text: str
    labels: list[ReadLabel]

    @property
    def first(self) -> int:
        """The first point of the input that it covers."""
        return self.labels[0].first

    @property
    def last(self) -> int:
        """The last one, included."""
        return self.labels[-1].last

    @property
    def confidence(self) -> float:
        """The product of its labels' confidences."""
        return math.prod(label.confidence for label in self.labels)


@dataclass(frozen=True, eq=False)
class Line:
    """What was read in one sequence.

    Attributes
    ----------
    prediction : Prediction
    text : str
    labels : list of ReadLabel
        With the spaces.
    words : list of Word
    readings : list of str
        The texts of the prediction's readings.
    shape : tuple of int
        The sequence's: of an image its width and height.
    """

    prediction: Prediction
    text: str
    labels: list[ReadLabel]
    words: list[Word]
    readings: list[str]
    shape: tuple[int, ...]

    @property
    def tag(self) -> str:
        """The sequence's."""
        return self.prediction.tag

    @property
    def confidence(self) -> float | None:
        """The product of all labels' confidences; None where nothing was read."""
        return math.prod(label.confidence for label in self.labels) if self.labels else None


@dataclass(frozen=True, eq=False)
class Document:
    """What a network read in a file's sequences.

    Attributes
    ----------
    task : str
    lines : list of Line
    source : str
        The name of the file.
    seconds : float or None
        Of one point of the input, where that is time.
    created : datetime
        Formats that have a place for it say when they were made.
    """

    task: str
    lines: list[Line]
    source: str = ""
    seconds: float | None = None
    created: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


def make_document(
    network: Network,
    predictions: Iterable[Prediction],
    shapes: Iterable[_Seq[int]] | NDArray[np.int64],
    source: str = "",
    space: str = SPACE,
    seconds: float | None = None,
) -> Document:
    """Predictions with all that files of other programs hold.

    Parameters
    ----------
    network
        Whose predictions they are.
    predictions
        Of Network.predict.
    shapes
        (sequences, dimensions): the sequences' shapes, as Dataset.shapes has them.
    source
        The name of their file.
    space
        The label that separates words.
    seconds
        Of one point of the input, where that is time.
    """
    spelling = Spelling(list(network.header.labels), space)
    transcribes = find_task(network.task).transcribes
    lines = [
        _make_line(prediction, tuple(int(size) for size in shape), spelling, transcribes)
        for prediction, shape in zip(predictions, shapes, strict=True)
    ]
    return Document(network.task, lines, source, seconds)


def _make_line(prediction: Prediction, shape: tuple[int, ...], spelling: Spelling, transcribes: bool) -> Line:
    if not transcribes:
        return Line(prediction, "", [], [], [], shape)
    names: _Seq[str] = prediction.labels
    places = zip(names, prediction.input_positions.tolist(), prediction.confidences.tolist(), strict=True)
    labels = [ReadLabel(name, first, last, confidence) for name, (first, last), confidence in places]
    words = [
        Word(spelling.text(names[part.start : part.stop]), labels[part.start : part.stop])
        for part in spelling.words(names)
    ]
    readings = [spelling.text(reading.labels) for reading in prediction.readings]
    return Line(prediction, spelling.text(names), labels, words, readings, shape)
