# SPDX-License-Identifier: Apache-2.0
"""Networks as language models, with data as the example makes them."""

from __future__ import annotations

import random
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

END = "</s>"
LABELS = ["a", "b", "␣", END]
EXAMPLE = Path(__file__).parents[3] / "examples/neural_scorer/make_data.py"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLE))


def _network(**keys: object) -> rnn.Network:
    config = rnn.Config(
        {"task": "classification", "hiddenSize": 6, "bidirectional": False, "initWeightRange": 1, **keys}
    )
    return rnn.Network.build(config, rnn.DataHeader(1, len(LABELS), 0, LABELS), random=rnn.Random(3))


def test_scores_are_the_errors_of_the_example_s_data(example: dict[str, Any]) -> None:
    network = _network()
    scorer = rnn.NetworkScorer(network).bind(["␣", "a", "b"])
    for text in ("", "a", "ab␣ba", "bb"):
        inputs, target = example["next_labels"](list(text), LABELS)
        error = network.evaluate([(inputs, target)])["crossEntropyError"]
        assert scorer.score([["␣", "a", "b"].index(label) for label in text]) == pytest.approx(-error, rel=1e-5)


def test_signals_and_sentences_of_the_example(example: dict[str, Any]) -> None:
    source = random.Random(5)
    sentences = [example["sentence"](source) for _ in range(50)]
    assert len(set(sentences)) > 40
    shapes = {label: np.arange(3.0) for label in "ab"}
    assert example["signal"](["a", "b", "a"], shapes, np.random.default_rng(1)).shape == (6, 3)


def test_a_beam_search_with_a_save(tmp_path: Path) -> None:
    network = _network()
    network.save(tmp_path / "language.save")
    labels = LABELS[:-1]
    outputs = np.random.default_rng(1).dirichlet(np.ones(4), 6)
    scorer = rnn.NetworkScorer(tmp_path / "language.save", weight=0.5, label_bonus=0.25)
    decoder = rnn.Beam(n_best=3, scorer=scorer).bind(labels).core
    bound = rnn.NetworkScorer(network, 0.5, 0.25).bind(labels)
    del network
    readings = decoder.decode(outputs).readings
    assert len(readings) == 3
    for reading in readings:
        assert reading.score == pytest.approx(reading.log_probability + bound.score(reading.labels), rel=1e-4)


def test_what_is_no_language_model(tmp_path: Path) -> None:
    with pytest.raises(rnn.ConfigError, match="bidirectional"):
        rnn.NetworkScorer(_network(bidirectional=True)).bind(LABELS[:-1])
    with pytest.raises(rnn.DataError, match="none of the 1 labels"):
        rnn.NetworkScorer(_network()).bind(["x"])
    with pytest.raises(rnn.ConfigError, match="weight"):
        rnn.NetworkScorer(_network(), weight=-1).bind(LABELS[:-1])
    with pytest.raises(rnn.IoError, match="missing"):
        rnn.NetworkScorer(tmp_path / "missing.save").bind(LABELS[:-1])


def test_on_two_threads() -> None:
    header = rnn.DataHeader(1, 4, 0, LABELS[:-1])
    reader = rnn.Network.build(rnn.Config(task="transcription", hiddenSize=3), header, random=rnn.Random(1))
    rng = np.random.default_rng(2)
    data = [rng.normal(size=(9, 4)).astype(np.float32) for _ in range(8)]

    class Short(rnn.Scorer):
        def extend(self, state: Any, label: str) -> tuple[float, Any]:
            return -0.1 * len(label), (state, label)

    for scorer in (rnn.NetworkScorer(_network()), Short()):
        one, two = (reader.predict(data, threads=n, decoder=rnn.Beam(scorer=scorer)) for n in (1, 2))
        assert [p.labels for p in one] == [p.labels for p in two]

    class Faulty(rnn.Scorer):
        def extend(self, state: Any, label: str) -> tuple[float, Any]:
            raise RuntimeError(f"after {state}: {label}")

    for threads in (1, 2):
        with pytest.raises(RuntimeError, match="after None: "):
            reader.predict(data, threads=threads, decoder=rnn.Beam(scorer=Faulty()))
