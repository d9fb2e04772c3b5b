# SPDX-License-Identifier: Apache-2.0
"""How sure the labels, the words and the whole of a reading are."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE
from rnnlib_py.model.prediction import Prediction

PosteriorMethod = Literal["lattice", "readings"]


@dataclass(frozen=True, eq=False)
class Posteriors:
    """Posterior probabilities of a reading, all in [0, 1].

    Attributes
    ----------
    labels : ndarray
        float64 (n,). Of each label.
    words : ndarray
        float64 (words,). Of what stands between labels for the space; a reading without any is one word.
    line : float
        Of the whole reading.
    """

    labels: NDArray[np.float64] = field(repr=False)
    words: NDArray[np.float64] = field(repr=False)
    line: float


def posteriors(
    prediction: Prediction,
    temperature: float | None = None,
    space: str = SPACE,
    method: PosteriorMethod | None = None,
) -> Posteriors:
    """How sure the labels, the words and the whole of a prediction of transcription are.

    Parameters
    ----------
    prediction
        Of Network.predict.
    temperature
        "lattice": the net inputs of the softmax are divided by it; None: the temperature of the network's config.
        "readings": scores are divided by it; None: 1.
    space
        The label that separates words.
    method
        "lattice": by the forward-backward algorithm over all paths through the outputs. A label's posterior is its
        share among all that could stand between its neighbours: each label, and nothing. A word's is the product of
        those of its labels and of the spaces on both sides, the line's the probability of the labels given the outputs.
        "readings": from the decoder's n best. A posterior is the share, by exp(score), of those readings that hold the
        line, the word or the label at the same place. It counts what dictionary and language model say.
        None: "readings" where dictionary or language model have changed scores, else "lattice".

    Raises
    ------
    ConfigError
        A prediction of another task or without readings, a temperature that is not above 0, another method.
    """
    if not find_task(prediction.task).transcribes:
        raise ConfigError(f"task {prediction.task} has no posteriors of a text; expected transcription")
    chosen = method or ("readings" if _was_scored(prediction) else "lattice")
    if chosen == "lattice":
        separator = _separator([prediction.labels], [prediction.indices], space, prediction.outputs.shape[-1])
        of_config = prediction.temperature if temperature is None else temperature
        return Posteriors(
            *_core.lattice_posteriors(prediction.indices.tolist(), prediction.outputs, of_config, separator)
        )
    if chosen != "readings":
        raise ConfigError(f"method is {method!r}, expected 'lattice' or 'readings'")
    readings = prediction.readings
    if not readings:
        raise ConfigError("the prediction has no readings: its decoder does not search among several")
    names, indices = [reading.labels for reading in readings], [reading.indices for reading in readings]
    separator = _separator(names, indices, space, prediction.outputs.shape[-1])
    scores = [reading.score for reading in readings]
    of_scores = 1.0 if temperature is None else temperature
    return Posteriors(*_core.reading_posteriors([i.tolist() for i in indices], scores, of_scores, separator))


def _was_scored(prediction: Prediction) -> bool:
    return any(reading.score != reading.log_probability for reading in prediction.readings)


def _separator(names: _Seq[_Seq[str]], indices: _Seq[NDArray[np.int64]], space: str, units: int) -> int:
    """The index of the space; a number that is no label's where nothing has it."""
    for labels, numbers in zip(names, indices, strict=True):
        if space in labels:
            return int(numbers[labels.index(space)])
    return units
