# SPDX-License-Identifier: Apache-2.0
"""rnnlib_py.Beam: what it finds with and without dictionary and language model, for predictions and streams."""

from __future__ import annotations

import copy
import math
import pickle
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.tiny import LABELS, transcription

import rnnlib_py as rnn

NAMES = ["a", "b", "␣"]


def _outputs(seed: int = 0, points: int = 40) -> np.ndarray:
    outputs = np.random.default_rng(seed).random((points, len(NAMES) + 1)) ** 6
    return outputs / outputs.sum(axis=1, keepdims=True)


def _read(beam: rnn.Beam, outputs: np.ndarray) -> str:
    found = beam.bind(NAMES).core.decode(outputs)
    return "".join(NAMES[label] for label in found.labels).replace("␣", " ")


@pytest.fixture
def lexicon(tmp_path: Path) -> Path:
    path = tmp_path / "words.txt"
    path.write_text("ab\nba\nbab b a b\n", encoding="utf-8")
    return path


def _model(path: Path, words: list[str]) -> Path:
    lines = "".join(f"-{i + 1} {word}\n" for i, word in enumerate(words))
    path.write_text(f"\\data\\\nngram 1={len(words) + 1}\n\\1-grams:\n-1 </s>\n{lines}\\end\\\n", encoding="utf-8")
    return path


def _network() -> tuple[rnn.Network, rnn.Dataset]:
    data = rnn.Dataset(transcription(), task="transcription", labels=LABELS)
    config = rnn.Config(task="transcription", hiddenSize=4, bidirectional=False, randSeed=1, initWeightRange=3.0)
    return rnn.Network.build(config, data.header), data


def test_predictions_have_readings_whatever_the_threads() -> None:
    network, data = _network()
    beam = rnn.Beam(width=20, n_best=3)
    rnn.set_num_threads(1)
    one = network.predict(data, decoder=beam)
    rnn.set_num_threads(2)
    two = network.predict(data, decoder=beam)
    for a, b in zip(one, two, strict=True):
        assert [reading.labels for reading in a.readings] == [reading.labels for reading in b.readings]
        assert [reading.score for reading in a.readings] == [reading.score for reading in b.readings]
        assert a.labels == a.readings[0].labels
        assert a.positions.tolist() == a.readings[0].positions.tolist()
        assert len(a.readings) == 3
        assert sum(math.exp(reading.log_probability) for reading in a.readings) <= 1
        assert a.input_positions.shape == a.positions.shape


def test_a_stream_reads_like_the_whole() -> None:
    network, data = _network()
    beam = rnn.Beam(width=20)
    stream = network.stream(decoder=beam)
    for sequence, whole in zip(data, network.predict(data, decoder=beam), strict=True):
        outputs = [stream.push(sequence.inputs[i : i + 5]) for i in range(0, len(sequence.inputs), 5)]
        outputs.append(stream.finish())
        assert [label for part in outputs for label in part.labels] == whole.labels
        assert [point for part in outputs for point in part.starts.tolist()] == whole.positions[:, 0].tolist()


def test_a_dictionary_allows_its_words_only(lexicon: Path) -> None:
    words = {"ab", "ba", "bab"}
    for seed in range(5):
        beam = rnn.Beam(lexicon=lexicon, width=200, n_best=5)
        assert set(_read(beam, _outputs(seed)).split(" ")) <= words
        read = rnn.read_lexicon(lexicon, NAMES, "␣")
        assert _read(rnn.Beam(lexicon=read, width=200), _outputs(seed)) == _read(beam, _outputs(seed))
    assert "aa" in _read(rnn.Beam(lexicon=lexicon, mode="open", free_score=0), np.eye(4)[[0, 3, 0, 3]])
    assert _read(rnn.Beam(lexicon=lexicon, num_words=1), _outputs()) in words


def test_words_follow_each_other_where_the_network_has_no_space(lexicon: Path) -> None:
    outputs = np.eye(3)[[0, 1, 1, 0]] * 0.9 + 0.03
    found = rnn.Beam(lexicon=lexicon).bind(["a", "b"]).core.decode(outputs)
    assert found.labels in ([0, 1, 0], [0, 1, 1, 0], [0, 1], [1, 0])
    with pytest.raises(rnn.DataError, match=r"\|"):
        rnn.Beam(lexicon=lexicon, space="|").bind(["a", "b"])


def test_a_model_over_words_or_labels_decides(lexicon: Path, tmp_path: Path) -> None:
    outputs = np.array([[0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1.0]])  # "ab" or "ba"
    for words, best in ([["ab", "ba", "bab"], "ab"], [["ba", "ab", "bab"], "ba"]):
        path = _model(tmp_path / "lm", words)
        assert _read(rnn.Beam(lexicon=lexicon, lm=path), outputs) == best
        assert _read(rnn.Beam(lexicon=lexicon, lm=rnn.read_ngram_model(path)), outputs) == best
    for labels in (["a", "b", "␣"], ["b", "a", "␣"]):
        assert _read(rnn.Beam(lm=_model(tmp_path / "lm", labels), lm_weight=2), outputs) == labels[0]


def test_files_are_read_once_for_a_set_of_labels(lexicon: Path) -> None:
    beam = rnn.Beam(lexicon=lexicon)
    bound = beam.bind(NAMES)
    lexicon.unlink()
    assert beam.bind(tuple(NAMES)) is bound
    with pytest.raises(rnn.IoError, match=r"words\.txt"):
        copy.copy(pickle.loads(pickle.dumps(beam))).bind(NAMES)
    assert beam == rnn.Beam(lexicon=lexicon)


def test_what_fits_badly_is_told(lexicon: Path, tmp_path: Path) -> None:
    words = _model(tmp_path / "words.arpa", ["a", "house", "of", "cards"])
    with pytest.warns(rnn.DataWarning, match=r"words\.arpa: has only 1 of the network's labels, of which there are 3"):
        rnn.Beam(lm=words).bind(NAMES)
    with pytest.warns(
        rnn.DataWarning, match=r"words\.arpa: has only 1 of the dictionary's words, of which there are 3"
    ):
        rnn.Beam(lexicon=lexicon, lm=_model(words, ["ab", "c"])).bind(NAMES)
    with pytest.raises(rnn.DataError, match=r"words\.arpa: the language model has none .* needs a dictionary"):
        rnn.Beam(lm=words).bind(["x", "y"])
    lexicon.write_text("ab\nxa\nya\nxy\n", encoding="utf-8")
    with pytest.warns(rnn.DataWarning, match=r"words\.txt: 3 of 4 spellings need .* 'x' 2 times, 'y'"):
        rnn.Beam(lexicon=lexicon).bind(NAMES)
    with pytest.raises(rnn.DataError, match="none of its 4 words"):
        rnn.Beam(lexicon=lexicon).bind(["z"])
    lexicon.write_text("ab\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rnn.Beam(lexicon=lexicon, lm=_model(words, ["ab"])).bind(NAMES)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rnn.Beam(width=0), "width"),
        (lambda: rnn.Beam(width=5, n_best=6), "n_best"),
        (lambda: rnn.Beam(temperature=math.nan), "temperature"),
        (lambda: rnn.Beam(lm="x", lm_weight=math.nan), "weight of a language model"),
        (lambda: rnn.Beam(lexicon="x", word_bonus=math.inf), "word bonus"),
        (lambda: rnn.Beam(lexicon="x", num_words=-2), "number of words"),
        (lambda: rnn.Beam(lexicon="x", mode="ajar"), "expected closed or open"),
        (lambda: rnn.Beam(mode="open"), "need a dictionary"),
        (lambda: rnn.Beam(num_words=2), "need a dictionary"),
        (lambda: rnn.Beam(word_bonus=1.0), "word bonus needs"),
    ],
)
def test_options_that_make_no_sense(make: Callable[[], rnn.Beam], message: str) -> None:
    with pytest.raises(rnn.ConfigError, match=message):
        make()


def test_a_scorer_takes_the_place_of_both(tmp_path: Path) -> None:
    model = rnn.read_ngram_model(_model(tmp_path / "lm", ["b", "a", "␣"]))
    options = rnn._core.LanguageOptions()
    scorer = rnn._core.LanguageScorer.of_labels(model, NAMES, options)
    for seed in range(3):
        assert _read(rnn.Beam(scorer=scorer), _outputs(seed)) == _read(rnn.Beam(lm=model), _outputs(seed))


def test_a_scorer_adds_to_a_model(tmp_path: Path) -> None:
    model = rnn.read_ngram_model(_model(tmp_path / "lm", ["b", "a", "␣"]))
    outputs = _outputs(1)
    decoder = rnn.Beam(n_best=5, lm=model, scorer=lambda labels: 0.5 * len(labels)).bind(NAMES).core
    plain = {tuple(r.labels): r.score for r in rnn.Beam(n_best=50, lm=model).bind(NAMES).core.decode(outputs).readings}
    found = decoder.decode(outputs).readings
    assert found
    for reading in found:
        expected = plain.get(tuple(reading.labels))
        if expected is not None:
            assert reading.score == pytest.approx(expected + 0.5 * len(reading.labels))
    assert tuple(found[0].labels) in plain
