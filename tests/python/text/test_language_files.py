# SPDX-License-Identifier: Apache-2.0
"""Files of language models and dictionaries as Python reads them, and the scorers made of them."""

from __future__ import annotations

import gzip
import math
import pickle
from pathlib import Path

import pytest

from rnnlib_py._core import ConfigError, DataError, FormatError, IoError, LanguageScorer, NgramModel
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


def test_scorers(tmp_path: Path) -> None:
    model = NgramModel.parse(ARPA.encode(), "x")
    labels = ["a", "z"]
    scorer = LanguageScorer.of_labels(model, labels, weight=2, word_bonus=0.5, unknown_score=-3)
    assert scorer.unknown == ["z"]
    log10 = math.log(10)
    assert scorer.score([0, 1]) == pytest.approx(2 * (-0.25 * log10 - 3 - log10) + 1)
    lexicon = read_lexicon(_write(tmp_path / "words", "a\nBär a z\n", False), labels)
    assert LanguageScorer.of_words(lexicon, model).score([0, 0, 1]) == pytest.approx(-1.75 * log10, abs=1e-5)
    assert LanguageScorer.of_words(lexicon, model, sentence_ends=False).score([0]) == pytest.approx(-0.25 * log10)
    assert LanguageScorer.of_words(lexicon).score([1]) == -math.inf
    with pytest.raises(ConfigError, match="weight"):
        LanguageScorer.of_words(lexicon, model, weight=math.nan)
    with pytest.raises(DataError, match="none of the 1 labels"):
        LanguageScorer.of_labels(model, ["q"])
