# SPDX-License-Identifier: Apache-2.0
"""Scores of texts: rates against jiwer, clusters and normal forms, confusions, intervals, comparisons."""

from __future__ import annotations

import builtins
import math
import random
import unicodedata
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.text import (
    Bootstrap,
    Confusion,
    Edits,
    TextOptions,
    compare,
    graphemes,
    score_texts,
)
from rnnlib_py.text.bootstrap import interval

POINTS = TextOptions(characters="codepoints")
# A family of three, joined; an accent of its own; a syllable of Hangul in its parts.
CLUSTERS = ["👨‍👩‍👧", "e\u0301", "\u1112\u1161\u11ab"]


def noisy(text: str, rate: float, rng: random.Random) -> str:
    """The text with letters put in, left out and changed."""
    made = []
    for letter in text:
        if rng.random() < rate:
            made.append(rng.choice(["", rng.choice("abc "), letter + rng.choice("abc")]))
        else:
            made.append(letter)
    return " ".join("".join(made).split())


def some_texts(count: int, rate: float, seed: int = 0) -> tuple[list[str], list[str]]:
    rng = random.Random(seed)
    references = [" ".join("".join(rng.choices("abcdé", k=rng.randint(1, 6))) for _ in range(7)) for _ in range(count)]
    return references, [noisy(text, rate, rng) for text in references]


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5])
def test_rates_are_those_of_jiwer(rate: float) -> None:
    jiwer = pytest.importorskip("jiwer", reason="jiwer is not installed; it is among the requirements of the tests")
    references, readings = some_texts(60, rate)
    found = score_texts(references, readings, options=POINTS).rates
    assert found["characters"].value == pytest.approx(jiwer.cer(references, readings), abs=1e-12)
    assert found["words"].value == pytest.approx(jiwer.wer(references, readings), abs=1e-12)
    counts = jiwer.process_words(references, readings)
    assert found["words"].errors == counts.substitutions + counts.insertions + counts.deletions
    assert found["words"].length == counts.hits + counts.substitutions + counts.deletions
    assert found["sequences"].errors == sum(a != b for a, b in zip(references, readings, strict=True))


def test_counts_and_confusions() -> None:
    score = score_texts(["abc abc", "x", "same"], ["abd abdd", "xy", "same"], ["p", "q", "r"])
    assert score.rates["characters"].edits == Edits(substitutions=2, insertions=2, deletions=0)
    assert score.rates["characters"].length == 7 + 1 + 4
    assert (score.rates["words"].errors, score.rates["words"].length) == (3, 4)
    assert (score.rates["sequences"].errors, score.rates["sequences"].length) == (2, 3)
    assert score.confusions == [Confusion("c", "d", 2), Confusion(None, "d", 1), Confusion(None, "y", 1)]
    assert [sequence.tag for sequence in score.worst()] == ["p", "q"]
    assert [sequence.tag for sequence in score.worst(1)] == ["p"]
    assert score.worst()[1].aligned == [("x", "x"), (None, "y")]


def test_white_space_and_the_space_label_separate_words() -> None:
    rates = score_texts(["a b  c"], [" a␣b\tc "]).rates
    assert [rate.errors for rate in rates.values()] == [0, 0, 0]
    assert rates["characters"].length == 5
    assert score_texts(["a b"], ["a\u00a0b"]).rates["words"].errors == 2  # a no-break space is a letter


def test_empty_texts() -> None:
    score = score_texts(["", "ab", ""], ["x", "", ""])
    assert score.rates["characters"].edits == Edits(insertions=1, deletions=2)
    assert (score.rates["words"].errors, score.rates["words"].length) == (2, 1)
    assert score.rates["sequences"].value == pytest.approx(2 / 3)
    only = score_texts(["", ""], ["x", ""])
    assert math.isinf(only.rates["characters"].value)
    assert only.rates["characters"].record()["rate"] is None
    assert score_texts([""], [""]).rates["characters"].value == 0


def test_grapheme_clusters() -> None:
    assert graphemes("".join(CLUSTERS)) == CLUSTERS
    assert graphemes("naïve") == list("naïve")
    rates = score_texts(["".join(CLUSTERS)], ["x" * 3], options=TextOptions(normal_form="none")).rates
    assert rates["characters"].edits == Edits(substitutions=3)
    points = score_texts(["".join(CLUSTERS)], ["x" * 3], options=TextOptions("none", "codepoints")).rates
    assert points["characters"].length == 5 + 2 + 3


def test_clusters_need_regex_only_where_they_can_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *more: Any, **options: Any) -> Any:
        if name == "regex":
            raise ModuleNotFoundError("No module named 'regex'", name=name)
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert score_texts(["Ünï"], ["Uni"]).rates["characters"].errors == 2
    with pytest.raises(rnn.ConfigError, match=r"pip install 'rnnlib-py\[text\]'"):
        score_texts(["日本"], ["日本"])
    assert score_texts(["日本"], ["日"], options=POINTS).rates["characters"].errors == 1


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_normal_forms_make_spellings_equal(form: Any) -> None:
    other = unicodedata.normalize("NFD", "é")
    assert score_texts(["é"], [other], options=TextOptions(form)).rates["characters"].errors == 0
    assert score_texts(["é"], [other], options=TextOptions("none")).rates["characters"].errors == 1
    compatible = score_texts(["ﬁ"], ["fi"], options=TextOptions(form)).rates["characters"].errors
    assert (compatible == 0) == (form in ("NFKC", "NFKD"))


def test_intervals_hold_the_rate_and_shrink_with_more_sequences() -> None:
    widths = []
    for count in (20, 500):
        rate = score_texts(*some_texts(count, 0.1)).rates["characters"]
        assert rate.low < rate.value < rate.high
        widths.append(rate.high - rate.low)
    # The width goes with the square root of the number: 25 times as many, a fifth.
    assert widths[0] / widths[1] == pytest.approx(5, rel=0.5)


def test_intervals_are_those_of_the_binomial_distribution() -> None:
    readings = ["a"] * 900 + ["b"] * 100
    rate = score_texts(["a"] * 1000, readings, bootstrap=Bootstrap(samples=4000)).rates["sequences"]
    deviation = 1.96 * math.sqrt(0.1 * 0.9 / 1000)
    assert rate.low == pytest.approx(0.1 - deviation, abs=0.002)
    assert rate.high == pytest.approx(0.1 + deviation, abs=0.002)


def test_a_seed_gives_the_same_intervals() -> None:
    texts = some_texts(30, 0.2)
    first, again, other = (
        score_texts(*texts, bootstrap=Bootstrap(seed=seed)).rates["characters"] for seed in (1, 1, 2)
    )
    assert first == again
    assert (first.low, first.high) != (other.low, other.high)


def test_draws_in_blocks_are_whole_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnlib_py.text.bootstrap._BLOCK", 70)
    values = np.stack([np.arange(10), np.ones(10, dtype=np.int64)], axis=1)
    sums = Bootstrap(samples=100).sums(values)
    assert sums.shape == (100, 2)
    assert (sums[:, 1] == 10).all()
    assert sums[:, 0].mean() == pytest.approx(45, abs=3)


def test_infinite_samples_have_an_interval() -> None:
    assert interval(np.array([np.inf] * 99 + [0.0])) == (np.inf, np.inf)


# --- two systems ---


def test_a_clearly_better_system() -> None:
    references, bad = some_texts(100, 0.3)
    good = noisy_again(references, 0.02)
    found = compare(score_texts(references, bad), score_texts(references, good))
    assert list(found) == ["characters", "words", "sequences"]
    difference = found["characters"]
    assert difference.difference == pytest.approx(difference.second - difference.first)
    assert difference.low < difference.difference < difference.high < 0
    assert difference.second_better == 1
    assert difference.p_value == pytest.approx(2 / 1001)


def noisy_again(references: list[str], rate: float) -> list[str]:
    rng = random.Random(99)
    return [noisy(text, rate, rng) for text in references]


def test_equal_systems_and_their_order() -> None:
    references, readings = some_texts(50, 0.2)
    one = score_texts(references, readings)
    same = compare(one, one)["characters"]
    assert (same.difference, same.low, same.high, same.second_better, same.p_value) == (0, 0, 0, 0.5, 1)
    other = score_texts(references, noisy_again(references, 0.2))
    forth, back = compare(one, other)["words"], compare(other, one)["words"]
    assert forth.difference == -back.difference
    assert forth.p_value == back.p_value
    assert forth.p_value > 0.01
    assert forth.second_better == pytest.approx(1 - back.second_better)


def test_pairing_sees_small_differences() -> None:
    """One letter in every fifth sequence: far less than the sequences differ among themselves."""
    references, readings = some_texts(200, 0.3)
    better = [a if i % 5 == 0 else b for i, (a, b) in enumerate(zip(references, readings, strict=True))]
    first, second = score_texts(references, readings), score_texts(references, better)
    assert compare(first, second)["characters"].p_value < 0.01
    assert second.rates["sequences"].value == pytest.approx(0.8, abs=0.02)


def test_other_references_cannot_be_compared() -> None:
    score = score_texts(["a", "b"], ["a", "b"])
    with pytest.raises(rnn.DataError, match=r"found 2 sequences in .* and 1 in"):
        compare(score, score_texts(["a"], ["a"]))
    with pytest.raises(rnn.DataError, match="sequence 1 has other references"):
        compare(score, score_texts(["a", "c"], ["a", "c"]))


# --- wrong arguments ---


def test_wrong_arguments() -> None:
    with pytest.raises(rnn.DataError, match="2 references, 1 readings"):
        score_texts(["a", "b"], ["a"])
    with pytest.raises(rnn.DataError, match="no texts"):
        score_texts([], [])
    with pytest.raises(rnn.ConfigError, match="samples is 5"):
        Bootstrap(samples=5)
    with pytest.raises(rnn.ConfigError, match="seed is -1"):
        Bootstrap(seed=-1)
    with pytest.raises(rnn.ConfigError, match="normal_form is 'nfc', expected one of NFC"):
        TextOptions("nfc")  # type: ignore[arg-type]
