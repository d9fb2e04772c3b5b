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
from rnnlib_py.text.posteriors import posteriors
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
    confidence : float
        The product of its labels' confidences, or its posterior.
    """

    text: str
    labels: list[ReadLabel]
    confidence: float

    @property
    def first(self) -> int:
        """The first point of the input that it covers."""
        return self.labels[0].first

    @property
    def last(self) -> int:
        """The last one, included."""
        return self.labels[-1].last


@dataclass(frozen=True, eq=False)
class Line:
    """What was read in one sequence.

    Attributes
    ----------
    prediction : Prediction
    text : str
        Of task sequence_classification the class.
    labels : list of ReadLabel
        With the spaces.
    words : list of Word
    readings : list of str
        The texts of the prediction's readings.
    shape : tuple of int
        The sequence's: of an image its width and height.
    confidence : float or None
        The product of all labels' confidences, None where nothing was read; or the line's posterior. Of a class its
        own.
    """

    prediction: Prediction
    text: str
    labels: list[ReadLabel]
    words: list[Word]
    readings: list[str]
    shape: tuple[int, ...]
    confidence: float | None

    @property
    def tag(self) -> str:
        """The sequence's."""
        return self.prediction.tag


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
    with_posteriors: bool = False,
    spells: bool | None = None,
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
    with_posteriors
        Confidences are those of `posteriors`, not the prediction's own.
    spells
        Whether labels are the letters of texts; None: where each is one character.
    """
    spelling = Spelling(list(network.header.labels), space, spells)
    task = find_task(network.task)
    lines = []
    for prediction, sizes in zip(predictions, shapes, strict=True):
        shape = tuple(int(size) for size in sizes)
        if task.transcribes:
            lines.append(_make_line(prediction, shape, spelling, with_posteriors))
        elif task.has_labels and not task.per_point:
            lines.append(Line(prediction, prediction.labels[0], [], [], [], shape, float(prediction.confidences[0])))
        else:
            lines.append(Line(prediction, "", [], [], [], shape, None))
    return Document(network.task, lines, source, seconds)


def _make_line(prediction: Prediction, shape: tuple[int, ...], spelling: Spelling, with_posteriors: bool) -> Line:
    names: _Seq[str] = prediction.labels
    found = posteriors(prediction, space=spelling.space) if with_posteriors else None
    sure = (prediction.confidences if found is None else found.labels).tolist()
    places = zip(names, prediction.input_positions.tolist(), sure, strict=True)
    labels = [ReadLabel(name, first, last, confidence) for name, (first, last), confidence in places]
    parts = spelling.words(names)
    if found is not None and len(found.words) == len(parts):
        word_sure = found.words.tolist()
    else:
        word_sure = [math.prod(sure[part.start : part.stop]) for part in parts]
    words = [
        Word(spelling.text(names[part.start : part.stop]), labels[part.start : part.stop], confidence)
        for part, confidence in zip(parts, word_sure, strict=True)
    ]
    whole = (math.prod(sure) if found is None else found.line) if labels or found is not None else None
    readings = [spelling.text(reading.labels) for reading in prediction.readings]
    return Line(prediction, spelling.text(names), labels, words, readings, shape, whole)
