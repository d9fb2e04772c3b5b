# SPDX-License-Identifier: Apache-2.0
"""Scores of classes, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

import rnnlib_py as rnn
from rnnlib_py.text import Bootstrap, Confusion, score_classes

LABELS = ["a", "b", "c", "d"]


def some_classes(count: int = 50, seed: int = 0) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Targets of three classes, some missing; choices that are mostly right, and sometimes the second."""
    rng = np.random.default_rng(seed)
    targets = [rng.integers(-1, 3, rng.integers(1, 9)) for _ in range(count)]
    choices = [np.where(rng.random(t.shape) < 0.3, 1, np.maximum(t, 0)) for t in targets]
    return targets, choices


def test_figures_are_those_of_scikit_learn() -> None:
    targets, choices = some_classes()
    score = score_classes(targets, choices, LABELS)
    wanted, chosen = np.concatenate(targets), np.concatenate(choices)
    wanted, chosen = wanted[wanted >= 0], chosen[wanted >= 0]
    assert score.accuracy.value == pytest.approx(accuracy_score(wanted, chosen))
    assert score.macro_f1.value == pytest.approx(f1_score(wanted, chosen, average="macro"))
    assert score.matrix.tolist() == confusion_matrix(wanted, chosen, labels=range(4)).tolist()
    expected = precision_recall_fscore_support(wanted, chosen, labels=range(4), zero_division=0)
    found = [(row.precision, row.recall, row.f1, row.count) for row in score.classes]
    np.testing.assert_allclose(np.array(found).T, np.array(expected))
    assert score.macro_f1.low < score.macro_f1.value < score.macro_f1.high
    assert score.accuracy.low < score.accuracy.value < score.accuracy.high


def test_confusions_and_the_worst() -> None:
    targets = [np.array([0, 1, -1]), np.array([2, 2, 2]), np.array([1])]
    choices = [np.array([0, 0, 2]), np.array([0, 0, 1]), np.array([1])]
    score = score_classes(targets, choices, LABELS, ["p", "q", "r"])
    assert score.confusions == [Confusion("c", "a", 2), Confusion("b", "a", 1), Confusion("c", "b", 1)]
    assert [(sequence.tag, sequence.errors) for sequence in score.worst()] == [("q", 3), ("p", 1)]
    assert score.worst()[1].aligned == [("a", "a"), ("b", "a")]
    assert [sequence.tag for sequence in score.worst(1)] == ["q"]
    record = score.record()
    assert (record["count"], record["points"], record["accuracy"]["value"]) == (3, 6, pytest.approx(1 / 3))


def test_intervals_see_that_points_of_a_sequence_belong_together() -> None:
    """All points of a sequence are right or all are wrong: no more is known than with one point each."""
    right = np.arange(100) < 80
    one = score_classes([np.zeros(1, int)] * 100, [np.array([int(not ok)]) for ok in right], LABELS)
    ten = score_classes([np.zeros(10, int)] * 100, [np.full(10, int(not ok)) for ok in right], LABELS)
    assert one.accuracy == ten.accuracy
    assert (
        one.accuracy
        != score_classes(
            [np.zeros(1, int)] * 100, [np.array([int(not ok)]) for ok in right], LABELS, bootstrap=Bootstrap(seed=2)
        ).accuracy
    )


def test_wrong_classes() -> None:
    with pytest.raises(rnn.DataError, match=r"sequence '#1': targets have the shape \(2,\), choices \(3,\)"):
        score_classes([np.zeros(2, int)], [np.zeros(3, int)], LABELS)
    with pytest.raises(rnn.DataError, match="no sequence has a target"):
        score_classes([np.full(2, -1)], [np.zeros(2, int)], LABELS)
    with pytest.raises(rnn.DataError, match="found 1 targets, 2 choices and 1 tags"):
        score_classes([np.zeros(2, int)], [np.zeros(2, int)] * 2, LABELS)
