# SPDX-License-Identifier: Apache-2.0
"""Scorers written in Python: alone, in sums, and inside a beam search on several threads."""

from __future__ import annotations

import math
import traceback
from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest

from rnnlib_py._core import BeamDecoder, BeamOptions, ConfigError, DataError, PythonScorer, SumScorer
from rnnlib_py.text.scorers import Scorer, core_scorer

LABELS = ["a", "b", "ä"]


class Bigrams(Scorer):
    """Likes "ab", forbids "bb", and wants an "ä" at the end."""

    def extend(self, state: str | None, label: str) -> tuple[float, Hashable]:
        if (state, label) == ("b", "b"):
            return -math.inf, None
        return (0.75 if (state, label) == ("a", "b") else -0.25), label

    def finish(self, state: str | None) -> float:
        return 0.0 if state == "ä" else -1.0


class WithoutBase:
    def start(self) -> int:
        return 0

    def extend(self, state: int, label: str) -> tuple[float, int]:
        return -float(state), state + len(label)

    def finish(self, state: int) -> float:
        return float(10 * state)


def test_scores_of_labellings() -> None:
    scorer = core_scorer(Bigrams(), LABELS)
    assert scorer.score([0, 1, 2]) == pytest.approx(-0.25 + 0.75 - 0.25)
    assert scorer.score([0, 1]) == pytest.approx(-0.5)
    assert scorer.score([1, 1]) == -math.inf
    assert scorer.score([]) == -1
    assert core_scorer(WithoutBase(), LABELS).score([0, 1, 2]) == pytest.approx(-3 + 30)
    assert core_scorer(Scorer(), LABELS).score([0, 0, 0]) == 0
    assert core_scorer(scorer, LABELS) is scorer
    assert scorer.words([0]) == []


def test_functions_of_labels() -> None:
    scorer = core_scorer(lambda labels: -math.inf if "bb" in "".join(labels) else 2.0 * len(labels) + 5, LABELS)
    assert scorer.score([0, 1, 2]) == pytest.approx(6)
    assert scorer.score([0, 1, 1]) == -math.inf


def test_sums() -> None:
    scorer = SumScorer([(core_scorer(Bigrams(), LABELS), 2.0), (core_scorer(WithoutBase(), LABELS), 0.5)])
    assert scorer.score([0, 1, 2]) == pytest.approx(2 * 0.25 + 0.5 * 27)
    with pytest.raises(ConfigError, match="weight"):
        SumScorer([(core_scorer(Bigrams(), LABELS), math.nan)])


def _faulty(**methods: Any) -> PythonScorer:
    return PythonScorer(type("Faulty", (Scorer,), methods)(), LABELS)


@pytest.mark.parametrize(
    ("methods", "error", "message"),
    [
        ({"extend": lambda *_: (math.nan, 0)}, DataError, r"extend\(\) gave nan; expected a logarithm"),
        ({"extend": lambda *_: (math.inf, 0)}, DataError, r"extend\(\) gave inf"),
        ({"finish": lambda *_: math.nan}, DataError, r"finish\(\) gave nan"),
        ({"extend": lambda *_: 1.0}, TypeError, r"must return a tuple \(score, state\), found 1.0"),
        ({"extend": lambda *_: (0.0, 1, 2)}, TypeError, r"must return a tuple"),
        ({"extend": lambda *_: ("much", 0)}, TypeError, "must be real number"),
        ({"extend": lambda *_: (0.0, [])}, TypeError, "unhashable"),
        ({"start": lambda *_: {}}, TypeError, "unhashable"),
        ({"start": None}, TypeError, "not callable"),
        ({"extend": lambda *_: 1 / 0}, ZeroDivisionError, "division"),
    ],
)
def test_faults_are_errors(methods: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        _faulty(**methods).score([0])


def test_what_is_no_scorer() -> None:
    for scorer in (3, "words", Scorer):
        with pytest.raises(ConfigError, match="expected a Scorer"):
            core_scorer(scorer, LABELS)  # type: ignore[arg-type]


def test_exceptions_keep_their_traceback() -> None:
    def fail_here(_: Any, label: str) -> tuple[float, Hashable]:
        raise KeyError(label)

    faulty = Scorer()
    faulty.extend = fail_here  # type: ignore[method-assign]
    decoder = BeamDecoder(BeamOptions(), PythonScorer(faulty, LABELS))
    with pytest.raises(KeyError) as caught:
        decoder.decode(np.full((4, 4), 0.25))
    assert any(frame.name == "fail_here" for frame in traceback.extract_tb(caught.value.__traceback__))


def test_a_beam_asks_it() -> None:
    outputs = np.array([[0.4, 0.5, 0.05, 0.05], [0.05, 0.05, 0.4, 0.5]])
    options = BeamOptions()
    options.n_best = 10
    plain = BeamDecoder(options).decode(outputs)
    assert plain.labels == [1]
    found = BeamDecoder(options, PythonScorer(Bigrams(), LABELS)).decode(outputs)
    scorer = PythonScorer(Bigrams(), LABELS)
    for reading in found.readings:
        assert reading.score == pytest.approx(reading.log_probability + scorer.score(reading.labels))
    assert found.labels == [1, 2]
