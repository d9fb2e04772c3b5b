# SPDX-License-Identifier: Apache-2.0
"""Files of language models and dictionaries as Python reads them, and the scorers made of them."""

from __future__ import annotations

import gzip
import math
import pickle
from pathlib import Path

import pytest

from rnnlib_py._core import ConfigError, DataError, FormatError, IoError, LanguageOptions, LanguageScorer, NgramModel
from rnnlib_py.text.language_files import read_lexicon, read_ngram_model

ARPA = "\\data\\\nngram 1=3\n\\1-grams:\n-1 </s>\n-0.5 Bär\n-0.25 a\n\\end\\\n"


def _write(path: Path, content: str, packed: bool) -> Path:
    data = content.encode("utf-8")
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_models(tmp_path: Path, packed: bool) -> None:
    model = read_ngram_model(_write(tmp_path / "lm", ARPA, packed))
    assert (model.order, model.num_words, model.num_ngrams(1)) == (1, 3, 3)
    assert model.memory > 0
    assert model.word(model.find("Bär")) == "Bär"
    assert model.find("b") == -1
    expected = [math.log(10) * x for x in (-0.5, -math.inf, -1)]
    assert model.score(["Bär", "b"]).tolist() == pytest.approx(expected)
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(model)


@pytest.mark.parametrize("packed", [False, True])
def test_dictionaries(tmp_path: Path, packed: bool) -> None:
    path = _write(tmp_path / "words", "Bär B ä r\nAr\nrr r r\nxx\nx\n", packed)
    lexicon = read_lexicon(path, ["ä", "B", "r", "A", "|"], "|")
    assert (lexicon.num_words, lexicon.num_spellings, lexicon.num_left_out, lexicon.separator) == (3, 3, 2, 4)
    assert lexicon.unknown_labels == [("x", 2)]
    assert read_lexicon(path, ["r"]).separator == -1


@pytest.mark.parametrize("packed", [False, True])
def test_damaged_files(tmp_path: Path, packed: bool) -> None:
    path = _write(tmp_path / "lm", ARPA.replace("-0.25", "x"), packed)
    with pytest.raises(FormatError, match=r"line 6 of .*lm: expected the logarithm"):
        read_ngram_model(path)
    words = _write(tmp_path / "words", "a a\nb | b\n", packed)
    with pytest.raises(FormatError, match=r"line 2 of .*words"):
        read_lexicon(words, ["a", "b", "|"], "|")
    with pytest.raises(DataError, match="none of its 2 words"):
        read_lexicon(words, ["c"])
    with pytest.raises(IoError, match="missing"):
        read_ngram_model(tmp_path / "missing")
    with pytest.raises(IoError, match="folder"):
        read_lexicon(tmp_path, ["a"])


def test_a_gzip_file_that_is_cut_short(tmp_path: Path) -> None:
    (tmp_path / "lm").write_bytes(gzip.compress(ARPA.encode())[:-9])
    with pytest.raises(FormatError, match="damaged gzip file"):
        read_ngram_model(tmp_path / "lm")


def _options(**values: object) -> LanguageOptions:
    options = LanguageOptions()
    for name, value in values.items():
        setattr(options, name, value)
    return options


def test_scorers(tmp_path: Path) -> None:
    model = NgramModel.parse(ARPA.encode(), "x")
    labels = ["a", "z"]
    scorer = LanguageScorer.of_labels(model, labels, _options(weight=2, word_bonus=0.5, unknown_score=-3))
    assert scorer.unknown == ["z"]
    log10 = math.log(10)
    assert scorer.score([0, 1]) == pytest.approx(2 * (-0.25 * log10 - 3 - log10) + 1)
    lexicon = read_lexicon(_write(tmp_path / "words", "a\nBär a z\n", False), labels)
    assert LanguageScorer.of_words(lexicon, model).score([0, 0, 1]) == pytest.approx(-1.75 * log10, abs=1e-5)
    parts = _options(sentence_ends=False)
    assert LanguageScorer.of_words(lexicon, model, parts).score([0]) == pytest.approx(-0.25 * log10)
    assert LanguageScorer.of_words(lexicon).score([1]) == -math.inf
    with pytest.raises(DataError, match="none of the 1 labels"):
        LanguageScorer.of_labels(model, ["q"])


def test_modes_of_a_dictionary(tmp_path: Path) -> None:
    lexicon = read_lexicon(_write(tmp_path / "words", "ab\n", False), ["a", "b", "!"])
    free = LanguageScorer.of_words(lexicon, None, _options(mode="open", free_score=-2, word_bonus=0.5))
    assert free.score([0, 1, 2]) == pytest.approx(-1.5)
    one = LanguageScorer.of_words(lexicon, None, _options(num_words=1))
    assert one.score([0, 1]) == 0
    assert one.score([0, 1, 0, 1]) == -math.inf
    assert _options(mode="open").mode == "open"


@pytest.mark.parametrize(("name", "value"), [("weight", math.nan), ("free_score", 1), ("num_words", -2)])
def test_bad_options(tmp_path: Path, name: str, value: float) -> None:
    lexicon = read_lexicon(_write(tmp_path / "words", "ab\n", False), ["a", "b"])
    with pytest.raises(ConfigError, match=r"must be 0 or (more|less)"):
        LanguageScorer.of_words(lexicon, None, _options(**{name: value}))
    with pytest.raises(ConfigError, match='closed or open, found "ajar"'):
        _options(mode="ajar")
