# SPDX-License-Identifier: Apache-2.0
"""What scikit-learn expects of its estimators: its own checks, clones, pickles, searches, pipelines."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import sklearn
from made_series import QUICK, equal_series, series
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import estimator_checks

from rnnlib_py.integrations.sklearn import FrameClassifier, SequenceClassifier, SequenceRegressor, Transcriber

ALL = [SequenceClassifier, SequenceRegressor, FrameClassifier, Transcriber]
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])

# docs/scikit-learn.md has this list, too.
EXPECTED_FAILURES = {
    "check_sample_weight_equivalence_on_dense_data": (
        "a sequence of weight 2 is one update's with twice the error, a sequence that stands there twice is in two"
    ),
}


@pytest.mark.skipif(VERSION < (1, 6), reason="check_estimator takes expected failures from scikit-learn 1.6 on")
@pytest.mark.parametrize("estimator", [SequenceClassifier, SequenceRegressor])
def test_checks_of_scikit_learn(estimator: type) -> None:
    quick = {**QUICK, "epochs": 60, "batch_size": 16, "learning_rate": 0.03, "dropout": 0}
    results = estimator_checks.check_estimator(
        estimator(**quick), expected_failed_checks=EXPECTED_FAILURES, on_skip=None, on_fail=None
    )
    failed = {f"{one['check_name']}: {one['exception']}" for one in results if one["status"] == "failed"}
    assert not failed
    assert {one["check_name"] for one in results if one["status"] == "xfail"} == set(EXPECTED_FAILURES)
    assert sum(one["status"] == "passed" for one in results) > 50


@pytest.mark.parametrize("estimator", [FrameClassifier, Transcriber])
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
    ],
)
def test_checks_without_data(check: Any, estimator: type) -> None:
    """check_estimator leaves these two out: its other checks give each row of a table a single number or class."""
    check(estimator.__name__, estimator())


def test_kinds() -> None:
    assert [is_classifier(estimator()) for estimator in ALL] == [True, False, True, False]
    assert [is_regressor(estimator()) for estimator in ALL] == [False, True, False, False]


def fitted(estimator: type, X: Any, y: Any) -> Any:
    targets: dict[type, Any] = {
        SequenceClassifier: y,
        SequenceRegressor: [one.mean() for one in X],
        FrameClassifier: [np.where(one[:, 0] > 0.7, "high", "low") for one in X],
        Transcriber: [f"{label} end" for label in y],
    }
    return estimator(**{**QUICK, "epochs": 3}).fit(X, targets[estimator]), targets[estimator]


@pytest.mark.parametrize("estimator", ALL)
def test_pickles_and_clones(estimator: type) -> None:
    X, y = series(12)
    model, targets = fitted(estimator, X, y)
    again = pickle.loads(pickle.dumps(model))
    assert [epoch.errors for epoch in again.history_] == [epoch.errors for epoch in model.history_]
    for a, b in zip(again.predict(X), model.predict(X), strict=True):
        assert np.array_equal(a, b)
    # A clone has the parameters and nothing else; fitted alike, it is the same, bit for bit.
    other = clone(model)
    assert other.get_params() == model.get_params()
    assert not hasattr(other, "network_")
    other.fit(X, targets)
    assert all(np.array_equal(w, other.network_.weights[name]) for name, w in model.network_.weights.items())


@pytest.mark.parametrize("estimator", [SequenceClassifier, SequenceRegressor, FrameClassifier, Transcriber])
def test_a_pickle_goes_on_learning_as_if_it_had_not_been_one(estimator: type) -> None:
    X, y = series(12)
    model, targets = fitted(estimator, X, y)
    model.partial_fit(X, targets)
    again = pickle.loads(pickle.dumps(model))
    for one in (model, again):
        one.partial_fit(X, targets)
    assert all(np.array_equal(w, again.network_.weights[name]) for name, w in model.network_.weights.items())


def test_cross_validation_of_sequences_of_different_lengths() -> None:
    X, y = series(30)
    scores = cross_val_score(SequenceClassifier(**QUICK), X, y, cv=3)
    assert scores.shape == (3,)
    assert scores.min() > 0.8
    frames = [np.where(one[:, 0] > 0.7, "high", "low") for one in X]
    assert cross_val_score(FrameClassifier(**QUICK), X, frames, cv=3).min() > 0.8


def test_a_search_is_the_same_in_processes_of_its_own() -> None:
    X, y = series(24)
    grid = {"hidden_size": [3, (4, 4)], "learning_rate": [0.01, 0.03]}
    found = []
    for n_jobs in (1, 2):
        model = SequenceClassifier(**{**QUICK, "epochs": 4, "n_jobs": None})
        search = GridSearchCV(model, grid, cv=2, n_jobs=n_jobs, scoring="neg_log_loss").fit(X, y)
        found.append((search.cv_results_["mean_test_score"], search.best_estimator_.network_.weights))
    assert np.array_equal(found[0][0], found[1][0])
    assert len(set(found[0][0])) > 1
    assert all(np.array_equal(values, found[1][1][name]) for name, values in found[0][1].items())


def test_pipelines() -> None:
    X, y = equal_series(30, 1)
    table = X[:, :, 0]
    scaled = make_pipeline(StandardScaler(), SequenceClassifier(**QUICK)).fit(table, y)
    assert scaled.score(table, y) > 0.9
    ragged, kinds = series(30)
    doubled = FunctionTransformer(lambda sequences: [2 * one for one in sequences])
    whole = make_pipeline(doubled, SequenceClassifier(**QUICK)).fit(ragged, kinds)
    assert whole.score(ragged, kinds) > 0.9
    assert whole.set_params(sequenceclassifier__epochs=1).fit(ragged, kinds)[-1].n_iter_ == 1


def test_the_seed_decides() -> None:
    X, y = series(12)
    quick = {**QUICK, "epochs": 2}
    proba = [SequenceClassifier(**{**quick, "random_state": seed}).fit(X, y).predict_proba(X) for seed in (1, 1, 2)]
    assert np.array_equal(proba[0], proba[1])
    assert not np.array_equal(proba[0], proba[2])
    threads = [SequenceClassifier(**{**quick, "n_jobs": n_jobs}).fit(X, y).predict_proba(X) for n_jobs in (1, 2, None)]
    assert np.array_equal(threads[0], threads[1])
    assert np.array_equal(threads[0], threads[2])
    state = np.random.RandomState(3)
    drawn = [SequenceClassifier(**{**quick, "random_state": state}).fit(X, y).predict_proba(X) for _ in range(2)]
    assert not np.array_equal(drawn[0], drawn[1])


def test_fitting_changes_neither_parameters_nor_data() -> None:
    X, y = series(12)
    copies = [one.copy() for one in X]
    model = SequenceClassifier(**QUICK, config={"hiddenType": "gru"})
    before = dict(model.get_params())
    model.fit(X, y)
    assert model.get_params() == before
    assert all(np.array_equal(a, b) for a, b in zip(X, copies, strict=True))
