# SPDX-License-Identifier: Apache-2.0
"""The estimators for scikit-learn: what they learn, what they say, and how they go on learning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_series import KINDS, QUICK, equal_series, series
from sklearn.exceptions import NotFittedError

import rnnlib_py as rnn
from rnnlib_py.integrations.sklearn import FrameClassifier, SequenceClassifier, SequenceRegressor, Transcriber


def test_a_classifier_learns_classes(tmp_path: Path) -> None:
    X, y = series()
    model = SequenceClassifier(**QUICK).fit(X, y)
    later, kinds = series(seed=1)
    assert model.classes_.tolist() == KINDS
    assert (model.n_iter_, len(model.history_), model.n_features_in_) == (20, 20, 2)
    assert model.score(later, kinds) > 0.9
    probabilities = model.predict_proba(later)
    assert probabilities.shape == (45, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-14)
    assert np.array_equal(model.predict(later), model.classes_[probabilities.argmax(axis=1)])
    # The network alone, with the normalisation it carries, says the same.
    model.network_.save(tmp_path / "x.save")
    found = rnn.Network.load(tmp_path / "x.save").predict(later, raw=True)
    assert [one.labels[0] for one in found] == model.predict(later).tolist()


@pytest.mark.parametrize("classes", [(0, 1), (True, False), (1.0, 2.0), ("a b", "a_b")])
def test_two_classes_of_any_type(classes: tuple[Any, Any]) -> None:
    X, y = series(30)
    labels = np.where(y == "wave", *classes)
    model = SequenceClassifier(**QUICK).fit(X, labels)
    assert model.predict(X).dtype == labels.dtype
    assert model.predict_proba(X).shape == (30, 2)
    assert model.score(X, labels) == 1


def test_a_regressor_learns_numbers_in_their_units() -> None:
    X, _ = series(60)
    y = np.array([1000 + 100 * one[:, 0].mean() for one in X])
    model = SequenceRegressor(**QUICK).fit(X, y)
    assert model.predict(X).shape == (60,)
    assert model.score(X, y) > 0.9
    both = SequenceRegressor(**QUICK).fit(X, np.stack([y, -y], axis=1))
    assert both.predict(X).shape == (60, 2)
    assert both.score(X, np.stack([y, -y], axis=1)) > 0.9


def test_a_frame_classifier_learns_a_label_per_point() -> None:
    X, _ = series()
    y = [np.where(one[:, 0] > 0.7, "high", "low") for one in X]
    model = FrameClassifier(**QUICK).fit(X, y)
    assert [labels.shape for labels in model.predict(X)] == [labels.shape for labels in y]
    assert model.predict_proba(X)[0].shape == (len(X[0]), 2)
    assert model.score(X, y) > 0.9
    same = np.stack([one[:10] for one in X])
    assert model.predict(same).shape == (45, 10)
    assert model.predict_proba(same).shape == (45, 10, 2)
    np.testing.assert_allclose(model.predict_proba(same).sum(axis=2), 1, rtol=1e-14)
    assert model.score(X, y, sample_weight=[1.0] + 44 * [0.0]) == np.mean(model.predict(X)[0] == y[0])


def test_points_without_a_label_are_not_learned() -> None:
    X, _ = series()
    y = [np.where(one[:, 0] > 0.7, "high", "low") for one in X]
    masked = [np.ma.MaskedArray(labels, np.arange(len(labels)) % 2 == 0) for labels in y]
    wrong = [np.where(np.arange(len(labels)) % 2 == 0, "low", labels) for labels in y]
    hidden = [np.ma.MaskedArray(labels, np.arange(len(labels)) % 2 == 0) for labels in wrong]
    models = [FrameClassifier(**QUICK).fit(X, labels) for labels in (masked, hidden)]
    assert np.array_equal(models[0].predict_proba(X)[0], models[1].predict_proba(X)[0])
    assert models[0].score(X, y) > 0.8
    # Nor do they enter the mean of the weights: the unit of class weights does not matter.
    weighted = FrameClassifier(**QUICK, class_weight={"high": 3.0, "low": 3.0}).fit(X, masked)
    assert np.array_equal(weighted.predict_proba(X)[0], models[0].predict_proba(X)[0])


@pytest.mark.parametrize("units", ["words", "characters", "lists"])
def test_a_transcriber_reads(units: str) -> None:
    rng = np.random.default_rng(0)
    pulses = {"u": [0.5, 1, 0.5], "d": [-0.5, -1, -0.5]}
    X, texts = [], []
    for _ in range(150):
        names = [str(name) for name in rng.choice(["u", "d"], rng.integers(1, 4))]
        X.append(np.concatenate([np.pad(pulses[name], 2) for name in names]) + rng.normal(0, 0.05, 7 * len(names)))
        texts.append(names)
    y: list[Any] = texts if units == "lists" else [("" if units == "characters" else " ").join(t) for t in texts]
    model = Transcriber(**{**QUICK, "units": "words" if units == "lists" else units}).fit(X, y)
    assert model.classes_.tolist() == ["d", "u"]
    assert model.score(X, y) > 0.95
    assert type(model.predict(X)[0]) is type(y[0])
    assert np.mean([found == text for found, text in zip(model.predict(X), y, strict=True)]) > 0.9
    assert model.predict_proba(X)[0].shape == (len(X[0]), 3)


def test_images_have_two_dimensions() -> None:
    rng = np.random.default_rng(0)
    images = rng.normal(0, 0.3, (40, 6, 5))
    images[::2, 2, :] += 2
    images[1::2, :, 2] += 2
    model = SequenceClassifier(**QUICK, dims=2).fit(images, np.arange(40) % 2)
    assert model.network_.header.num_dims == 2
    assert model.score(images, np.arange(40) % 2) == 1


def test_partial_fit_goes_on() -> None:
    X, y = series()
    model = SequenceClassifier(**QUICK).partial_fit(X[:2], y[:2], classes=KINDS)
    for _ in range(15):
        model.partial_fit(X, y)
    assert model.n_iter_ == len(model.history_) == 16
    assert model.score(X, y) > 0.9
    fitted = SequenceClassifier(**QUICK).fit(X, y)
    weights = fitted.network_.weights
    assert fitted.partial_fit(X, y).n_iter_ == 21
    assert any(not np.array_equal(values, weights[name]) for name, values in fitted.network_.weights.items())
    with pytest.raises(ValueError, match="y holds 'fall', which is none of the 3 classes"):
        model.partial_fit(X[:1], ["fall"])
    with pytest.raises(ValueError, match="classes are"):
        model.partial_fit(X, y, classes=["flat", "rise"])


def test_partial_fit_of_other_estimators() -> None:
    X, _ = series()
    y = np.array([one.mean() for one in X])
    regressor = SequenceRegressor(**QUICK)
    transcriber = Transcriber(**QUICK)
    for _ in range(3):
        regressor.partial_fit(X, y)
        transcriber.partial_fit(X, ["a b"] * 45, classes=["a", "b", "c"])
    assert regressor.n_iter_ == transcriber.n_iter_ == 3
    errors = [epoch["train"]["sumSquaresError"] for epoch in regressor.history_]
    assert errors[2] < errors[0]


def test_warm_start_begins_with_the_weights_of_before() -> None:
    X, y = series()
    cold = SequenceClassifier(**{**QUICK, "epochs": 1}).fit(X, y)
    warm = SequenceClassifier(**QUICK, warm_start=True).fit(X, y).set_params(epochs=1).fit(X, y)
    assert warm.n_iter_ == 1
    assert warm.history_[0]["train"]["crossEntropyError"] < cold.history_[0]["train"]["crossEntropyError"] / 2
    with pytest.raises(ValueError, match="none of the 3 classes"):
        warm.fit(X, ["other", "flat"] * 22 + ["rise"])


def test_early_stopping_keeps_the_best_network() -> None:
    X, y = series(60)
    quick = {**QUICK, "epochs": 200, "learning_rate": 0.1, "config": {"learnRateSchedule": "constant"}}
    stopping = {"early_stopping": True, "n_iter_no_change": 3, "validation_fraction": 0.2}
    model = SequenceClassifier(**quick, **stopping).fit(X, y)
    errors = [epoch["validation"]["crossEntropyError"] for epoch in model.history_]
    best = int(np.argmin(errors)) + 1
    assert best < model.n_iter_ < 200
    until_best = SequenceClassifier(**{**quick, "epochs": best}, **stopping).fit(X, y)
    assert np.array_equal(model.predict_proba(X), until_best.predict_proba(X))
    assert "validation" not in SequenceClassifier(**{**QUICK, "epochs": 1}).fit(X, y).history_[0].errors


def test_weights_of_sequences() -> None:
    X, y = equal_series(30)
    plain = SequenceClassifier(**QUICK).fit(X, y)
    ones = SequenceClassifier(**QUICK).fit(X, y, sample_weight=np.full(30, 7.0))
    assert np.array_equal(plain.predict_proba(X), ones.predict_proba(X))
    half = np.where(np.arange(30) < 15, 1.0, 0.0)
    without = SequenceClassifier(**QUICK).fit(X[:15], y[:15])
    assert np.array_equal(SequenceClassifier(**QUICK).fit(X, y, half).predict_proba(X), without.predict_proba(X))
    # The same series with two labels: the heavier one wins.
    twice, labels = np.concatenate([X, X]), np.array(["a"] * 30 + ["b"] * 30)
    heavy = SequenceClassifier(**QUICK).fit(twice, labels, sample_weight=[5.0] * 30 + [1.0] * 30)
    assert set(heavy.predict(X)) == {"a"}
    assert set(SequenceClassifier(**QUICK, class_weight={"b": 5}).fit(twice, labels).predict(X)) == {"b"}
    read = Transcriber(**{**QUICK, "epochs": 60})
    assert set(read.fit(twice, labels, sample_weight=[9.0] * 30 + [1.0] * 30).predict(X)) == {"a"}


@pytest.mark.parametrize("estimator", [SequenceClassifier, SequenceRegressor, FrameClassifier, Transcriber])
def test_weights_of_scores_are_found_by_the_names_of_sequences(estimator: Any) -> None:
    pandas = pytest.importorskip("pandas")
    names = ["d", "b", "c", "a"]
    table = pandas.DataFrame({"id": np.repeat(names, 4), "value": np.random.default_rng(5).normal(size=16)})
    kinds = np.array(["x", "y", "x", "y"])
    y: Any = np.repeat(kinds, 4) if estimator is FrameClassifier else kinds
    y = np.arange(4.0) if estimator is SequenceRegressor else y
    model = estimator(hidden_size=2, epochs=1, random_state=1, id_column="id").fit(table, y)
    weights = pandas.Series([1.0, 2.0, 3.0, 4.0], names)
    by_name = model.score(table, y, weights.sort_index())
    assert by_name == model.score(table, y, weights.to_numpy()) != model.score(table, y, weights.to_numpy()[::-1])
    with pytest.raises(ValueError, match="sample_weight holds -1"):
        model.score(table, y, [1, -1, 1, 1])


def test_scores_of_texts_depend_on_the_ratios_of_weights_alone() -> None:
    X, y = equal_series(30)
    model = Transcriber(hidden_size=2, epochs=1, random_state=1).fit(X, y)
    weights = np.arange(1.0, 31.0)
    assert model.score(X, y, weights / 1000) == pytest.approx(model.score(X, y, weights), rel=1e-12)


def test_balanced_classes() -> None:
    X, _ = equal_series(40)
    y = np.array(["rare"] * 5 + ["usual"] * 35)
    rng = np.random.default_rng(3)
    noise = rng.normal(size=X.shape)  # nothing to be learned but how frequent the classes are
    for estimator in (SequenceClassifier, FrameClassifier):
        labels: Any = y if estimator is SequenceClassifier else [np.full(10, label) for label in y]
        quick = {**QUICK, "epochs": 10, "learning_rate": 0.01}
        shares = []
        for weight in (None, "balanced"):
            found = estimator(**quick, class_weight=weight).fit(noise, labels).predict_proba(noise)
            shares.append(found[..., 0].mean())
        assert shares[0] + 0.1 < shares[1] < 0.7


def test_it_must_be_fitted_first() -> None:
    for estimator in (SequenceClassifier, SequenceRegressor, FrameClassifier, Transcriber):
        with pytest.raises(NotFittedError):
            estimator().predict([np.zeros((3, 1))])


def test_keys_of_the_engine() -> None:
    X, y = series(30)
    model = SequenceClassifier(**{**QUICK, "hidden_size": (4, 6)}, config={"hiddenType": "gru"}).fit(X, y)
    assert model.network_.config["hiddenType"] == ["gru"]
    assert model.network_.config["hiddenSize"] == [4, 6]
    with pytest.raises(rnn.ConfigError, match="hiddenKind"):
        SequenceClassifier(config={"hiddenKind": "gru"}).fit(X, y)


def test_a_line_per_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    X, y = series(15)
    SequenceClassifier(**{**QUICK, "epochs": 2}).fit(X, y)
    assert capsys.readouterr().out == ""
    SequenceClassifier(**{**QUICK, "epochs": 2}, verbose=True).fit(X, y)
    assert "epoch 2" in capsys.readouterr().out
