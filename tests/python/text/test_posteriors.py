# SPDX-License-Identifier: Apache-2.0
"""How sure readings are."""

from __future__ import annotations

from itertools import groupby, product
from math import exp, log

import numpy as np
import pytest
from numpy.typing import NDArray

import rnnlib_py as rnn
from rnnlib_py.model.prediction import Reading

LABELS = ["a", "b", "␣"]


def made_prediction(outputs: NDArray[np.float64], indices: list[int], **more: object) -> rnn.Prediction:
    return rnn.Prediction(
        "x", "transcription", [LABELS[i] for i in indices], np.array(indices, dtype=np.int64), outputs, **more
    )


def made_reading(text: str, score: float, log_probability: float = -1.0) -> Reading:
    indices = np.array([LABELS.index(label) for label in text], dtype=np.int64)
    places, confidences = np.zeros((len(text), 2), np.int64), np.ones(len(text))
    return Reading(list(text), [], log_probability, score, indices, places, confidences)


def all_labellings(outputs: NDArray[np.float64]) -> dict[tuple[int, ...], float]:
    """The probability of each, from all paths."""
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(outputs.shape[1]), repeat=len(outputs)):
        labels = tuple(k for k, _ in groupby(path) if k != outputs.shape[1] - 1)
        found[labels] = found.get(labels, 0) + float(np.prod([row[k] for row, k in zip(outputs, path, strict=True)]))
    return found


def some_outputs(points: int = 5) -> NDArray[np.float64]:
    values = np.exp(np.random.default_rng(1).normal(0, 1.5, (points, 4)))
    return np.asarray(values / values.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_posteriors_are_sums_over_all_paths(temperature: float) -> None:
    outputs = some_outputs()
    tempered = outputs ** (1 / temperature)
    labellings = all_labellings(tempered / tempered.sum(axis=1, keepdims=True))
    reading = (0, 2, 1, 0)
    found = rnn.posteriors(made_prediction(outputs, list(reading)), temperature)
    assert found.line == pytest.approx(labellings[reading])
    for i in range(4):
        others = [labellings.get((*reading[:i], k, *reading[i + 1 :]), 0) for k in range(3)]
        others.append(labellings.get((*reading[:i], *reading[i + 1 :]), 0))
        assert found.labels[i] == pytest.approx(labellings[reading] / sum(others))
    assert found.words == pytest.approx([found.labels[0] * found.labels[1], found.labels[1:].prod()])


def test_the_temperature_is_that_of_the_network() -> None:
    outputs = some_outputs()
    own = rnn.posteriors(made_prediction(outputs, [0, 1], temperature=2.0))
    assert own.line == rnn.posteriors(made_prediction(outputs, [0, 1]), 2.0).line
    assert own.line != rnn.posteriors(made_prediction(outputs, [0, 1])).line


def test_without_a_space_a_reading_is_one_word() -> None:
    found = rnn.posteriors(made_prediction(some_outputs(), [0, 1]))
    assert found.words == pytest.approx([found.labels.prod()])
    assert len(rnn.posteriors(made_prediction(some_outputs(), [])).words) == 0
    assert rnn.posteriors(made_prediction(some_outputs(), [0, 1]), space="b").words == pytest.approx(
        [found.labels.prod()]
    )


def test_readings_that_a_model_scored_are_shared_out() -> None:
    readings = [made_reading("ab␣a", log(0.5)), made_reading("ab", log(0.3)), made_reading("bb␣a", log(0.2))]
    prediction = made_prediction(some_outputs(), [0, 1, 2, 0], readings=readings, temperature=3.0)
    found = rnn.posteriors(prediction)
    assert found.line == pytest.approx(0.5)
    assert found.labels == pytest.approx([0.8, 1.0, 0.7, 0.7])
    assert found.words == pytest.approx([0.8, 0.7])
    flat = rnn.posteriors(prediction, temperature=2)
    assert flat.line == pytest.approx(exp(log(0.5) / 2) / sum(p**0.5 for p in (0.5, 0.3, 0.2)))
    assert (
        rnn.posteriors(prediction, method="lattice").line
        == rnn.posteriors(made_prediction(some_outputs(), [0, 1, 2, 0]), 3.0).line
    )


def test_readings_of_the_outputs_alone_are_not() -> None:
    plain = [made_reading("a", -1.5, -1.5), made_reading("b", -2.5, -2.5)]
    prediction = made_prediction(some_outputs(), [0], readings=plain)
    assert rnn.posteriors(prediction).line == rnn.posteriors(made_prediction(some_outputs(), [0])).line
    assert rnn.posteriors(prediction, method="readings").line == pytest.approx(1 / (1 + exp(-1)))


def test_what_cannot_be_is_refused() -> None:
    prediction = made_prediction(some_outputs(), [0])
    with pytest.raises(rnn.ConfigError, match="temperature is a number above 0"):
        rnn.posteriors(prediction, temperature=0)
    with pytest.raises(rnn.ConfigError, match="no readings"):
        rnn.posteriors(prediction, method="readings")
    with pytest.raises(rnn.ConfigError, match="method is 'beam', expected 'lattice' or 'readings'"):
        rnn.posteriors(prediction, method="beam")  # type: ignore[arg-type]
    other = rnn.Prediction("x", "sequence_classification", ["a"], np.array([0]), np.array([0.5, 0.5]))
    with pytest.raises(rnn.ConfigError, match="task sequence_classification has no posteriors"):
        rnn.posteriors(other)


def test_a_beam_agrees_with_the_sum_over_all_paths() -> None:
    """The log probability of a reading is that of its labels."""
    outputs = some_outputs(6)
    beam = rnn.Beam(width=200, n_best=5, min_probability=0, beam_threshold=np.inf).bind(LABELS)
    for reading in beam.core.decode(outputs).readings:
        found = rnn.posteriors(made_prediction(outputs, list(reading.labels)))
        assert log(found.line) == pytest.approx(reading.log_probability, abs=1e-9)
