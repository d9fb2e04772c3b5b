# SPDX-License-Identifier: Apache-2.0
"""Token passing from Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from words import LABELS, outputs_of, write_words

from rnnlib_py._core import ConfigError
from rnnlib_py.text.language_files import read_lexicon
from rnnlib_py.text.token_passing import TokenPassing


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_words(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_words_with_a_separator() -> None:
    bound = TokenPassing("words.txt", n_best=3).bind(LABELS)
    found = bound.core.decode(outputs_of("bba␣␣-ab", LABELS))
    assert bound.lexicon is not None
    words = [[bound.lexicon.word(i) for i in reading.words] for reading in found.readings]
    assert words[0][0] == "ba"
    assert {tuple(w) for w in words[:2]} == {("ba", "ab"), ("ba", "AB")}  # spelled alike
    assert found.labels == [1, 0, 2, 0, 1]
    assert found.positions.tolist() == [[0, 1], [2, 2], [3, 4], [6, 6], [7, 7]]
    scores = [reading.score for reading in found.readings]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.usefixtures("folder")
def test_bigrams_choose_among_words_that_are_spelled_alike() -> None:
    bound = TokenPassing("words.txt", "words.arpa").bind(LABELS)
    assert bound.core.decode(outputs_of("ba␣ab", LABELS)).readings[0].words == [1, 2]
    bound = TokenPassing("words.txt", "words.arpa", lm_weight=0.0, word_bonus=50.0).bind(["a", "b"])
    assert len(bound.core.decode(outputs_of("abba", ["a", "b"])).readings[0].words) == 2


@pytest.mark.usefixtures("folder")
def test_numbers_of_words() -> None:
    one = TokenPassing("words.txt", num_words=1).bind(LABELS).core
    assert one.decode(outputs_of("ba␣ab", LABELS)).labels in ([1, 0], [0, 1])
    assert one.decode(outputs_of("b", LABELS)).readings == []
    with pytest.raises(ConfigError, match="n_best 0"):
        TokenPassing("words.txt", n_best=0).bind(LABELS)
    with pytest.raises(ConfigError, match="number of words"):
        TokenPassing("words.txt", num_words=-5).bind(LABELS)


@pytest.mark.usefixtures("folder")
def test_a_dictionary_of_other_labels() -> None:
    lexicon = read_lexicon("words.txt", LABELS, "␣")
    with pytest.raises(ConfigError, match="the dictionary has the label 1"):
        TokenPassing(lexicon).bind(["a"]).core.decode(np.full((1, 2), 0.5))
