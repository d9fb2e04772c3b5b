# SPDX-License-Identifier: Apache-2.0
"""Modified Kneser-Ney smoothing: cases by hand, and that all probabilities sum to one."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from rnnlib_py._core import NgramModel
from rnnlib_py.text.arpa_writer import arpa_lines
from rnnlib_py.text.kneser_ney import FALLBACK, Level, estimate
from rnnlib_py.text.ngram_counts import count_ngrams
from rnnlib_py.text.sentences import Sentences, read_sentences


def _sentences(folder: Path, text: str) -> Sentences:
    path = folder / "text.txt"
    path.write_text(text, encoding="utf-8")
    return read_sentences([path], "words")


def _levels(folder: Path, text: str, order: int, prune: tuple[int, ...] = ()) -> tuple[Sentences, list[Level]]:
    sentences = _sentences(folder, text)
    return sentences, estimate(count_ngrams(sentences, order), prune)


def _model(folder: Path, text: str, order: int, prune: tuple[int, ...] = ()) -> NgramModel:
    sentences, levels = _levels(folder, text, order, prune)
    return NgramModel.parse("".join(arpa_lines(sentences.words, levels)).encode(), "made")


def _by_text(sentences: Sentences, levels: list[Level], n: int) -> dict[str, tuple[int, float, float]]:
    """Count, probability and back-off of the n-grams of n words."""
    texts = [""]
    for level in levels[:n]:
        texts = [
            f"{texts[p]} {sentences.words[w]}".strip()
            for p, w in zip(level.ngrams.prefix, level.ngrams.word, strict=True)
        ]
    found = levels[n - 1]
    return {
        text: (int(c), float(p), float(b))
        for text, c, p, b in zip(texts, found.ngrams.count, found.probability, found.back_off, strict=True)
    }


def test_counts_and_links(tmp_path: Path) -> None:
    sentences = _sentences(tmp_path, "a b a\nb a b\n\na\n")
    levels = count_ngrams(sentences, 3)
    assert sentences.words == ["<unk>", "<s>", "</s>", "a", "b"]
    for n, expected in enumerate(
        (
            {"<unk>": 0, "<s>": 3, "</s>": 3, "a": 4, "b": 3},
            {"<s> a": 2, "<s> b": 1, "a b": 2, "b a": 2, "a </s>": 2, "b </s>": 1},
            {"<s> a b": 1, "a b a": 1, "b a </s>": 1, "<s> b a": 1, "b a b": 1, "a b </s>": 1, "<s> a </s>": 1},
        ),
        1,
    ):
        found = _by_text(sentences, estimate(levels), n)
        assert {text: count for text, (count, _, _) in found.items()} == expected
    # The suffix of "<s> a b" is "a b".
    texts = list(_by_text(sentences, estimate(levels), 2))
    for text, suffix in zip(_by_text(sentences, estimate(levels), 3), levels[2].suffix, strict=True):
        assert texts[suffix] == text.split(" ", 1)[1]


def test_a_bigram_model_by_hand(tmp_path: Path) -> None:
    """Too small for estimates: 0.5, 1 and 1.5 are taken off."""
    sentences, levels = _levels(tmp_path, "a b\na\n", 2)
    assert [level.discounts for level in levels] == [FALLBACK, FALLBACK]
    # "a" and "b" have one word before them and "</s>" has two: a: (1 - 0.5) / 4 + 0.5 / 4, where a half remains for an
    # equal distribution over "<unk>", "</s>", "a" and "b".
    unigrams = _by_text(sentences, levels, 1)
    assert {text: values[1] for text, values in unigrams.items()} == pytest.approx(
        {"<unk>": 0.125, "<s>": 0, "</s>": 0.375, "a": 0.25, "b": 0.25}
    )
    # What follows "<s>": "a", twice, of which 1 is taken off. What follows "a": "b" and "</s>", once each.
    assert {text: values[2] for text, values in unigrams.items()} == pytest.approx(
        {"<unk>": 1, "<s>": 0.5, "</s>": 1, "a": 0.5, "b": 0.5}
    )
    assert {text: values[1] for text, values in _by_text(sentences, levels, 2).items()} == pytest.approx(
        {
            "<s> a": 0.5 + 0.5 * 0.25,
            "a b": 0.25 + 0.5 * 0.25,
            "a </s>": 0.25 + 0.5 * 0.375,
            "b </s>": 0.5 + 0.5 * 0.375,
        }
    )


def test_discounts_by_hand(tmp_path: Path) -> None:
    """Four words once ("</s>" is one), three twice, two three times, one four times."""
    text = "a b c d d e e f f g g g h h h i i i i"
    sentences, (level,) = _levels(tmp_path, text, 1)
    y = 4 / (4 + 2 * 3)
    d1, d2, d3 = 1 - 2 * y * 3 / 4, 2 - 3 * y * 2 / 3, 3 - 4 * y * 1 / 2
    assert level.estimated
    assert level.discounts == pytest.approx((d1, d2, d3))
    left = (4 * d1 + 3 * d2 + 3 * d3) / 20
    found = _by_text(sentences, [level], 1)
    assert found["a"][1] == pytest.approx((1 - d1) / 20 + left / 11)
    assert found["i"][1] == pytest.approx((4 - d3) / 20 + left / 11)
    assert found["<unk>"][1] == pytest.approx(left / 11)


def test_counts_of_middle_orders_are_numbers_of_words_before(tmp_path: Path) -> None:
    """ "b c" occurs three times, always after "a"; "<s> a" keeps its count, since nothing can stand before it."""
    sentences, levels = _levels(tmp_path, "a b c\na b c\na b c\nd b e\n", 3)
    bigrams, unigrams = (_by_text(sentences, levels, n) for n in (2, 1))
    # After "b": "c" and "e" have one word before each "b c", "b e", so that both get (1 - D1) / 2.
    own = [bigrams[text][1] - unigrams["b"][2] * unigrams[text[-1]][1] for text in ("b c", "b e")]
    assert own[0] == pytest.approx(own[1])
    d1, _, d3 = levels[1].discounts
    assert bigrams["<s> a"][1] == pytest.approx((3 - d3) / 4 + unigrams["<s>"][2] * unigrams["a"][1])
    assert unigrams["<s>"][2] == pytest.approx((d1 + d3) / 4)


def _random_text(seed: int, sentences: int) -> str:
    random = np.random.default_rng(seed)
    letters = np.array(list("abcde"))
    lines = [
        " ".join(random.choice(letters, random.integers(1, 8), p=[0.5, 0.2, 0.15, 0.1, 0.05])) for _ in range(sentences)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("prune", [(), (0, 1), (0, 0, 2)])
@pytest.mark.parametrize("sentences", [3, 200])
def test_probabilities_sum_to_one(tmp_path: Path, order: int, prune: tuple[int, ...], sentences: int) -> None:
    """After every context, seen or not, as the engine reads the file."""
    model = _model(tmp_path, _random_text(7, sentences), order, prune[:order])
    words = [model.word(i) for i in range(model.num_words) if model.word(i) != "<s>"]
    predicted = [word for word in words if word != "</s>"]
    for length in range(3):
        for context in itertools.product(predicted, repeat=length):
            total = math.fsum(math.exp(model.score([*context, word])[length]) for word in words)
            assert total == pytest.approx(1, abs=2e-5), context


def test_pruned_ngrams_back_off(tmp_path: Path) -> None:
    text = _random_text(3, 100)
    sentences, levels = _levels(tmp_path, text, 3, (0, 0, 1))
    for level, limit in zip(levels, (0, 0, 1), strict=True):
        kept = level.ngrams.count > limit
        assert np.array_equal(level.kept, kept | (limit == 0))
    dropped = np.flatnonzero(~levels[2].kept)
    assert len(dropped)
    trigrams, bigrams = levels[2], levels[1]
    expected = bigrams.back_off[trigrams.ngrams.prefix] * bigrams.probability[trigrams.ngrams.suffix]
    assert trigrams.probability[dropped] == pytest.approx(expected[dropped])
    assert "".join(arpa_lines(sentences.words, levels)).count("\n") > 0


def test_the_engine_reads_the_probabilities(tmp_path: Path) -> None:
    text = _random_text(5, 50)
    sentences, levels = _levels(tmp_path, text, 3)
    model = _model(tmp_path, text, 3)
    assert [model.num_ngrams(n) for n in (1, 2, 3)] == [len(level.kept) for level in levels]
    for text_of, (_, probability, _) in _by_text(sentences, levels, 3).items():
        first, second, third = text_of.split()
        if first != "<s>" or third == "</s>":
            continue
        assert model.score([second, third])[1] == pytest.approx(math.log(probability), abs=1e-5)
