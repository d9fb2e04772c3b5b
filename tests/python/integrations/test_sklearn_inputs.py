# SPDX-License-Identifier: Apache-2.0
"""The forms of X and y that the estimators for scikit-learn take, and what they say about those that cannot be."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_series import QUICK, equal_series, series
from scipy.sparse import csr_matrix

from rnnlib_py.integrations.sklearn import (
    FrameClassifier,
    SequenceClassifier,
    SequenceRegressor,
    Transcriber,
    as_sequences,
)

MODEL = SequenceClassifier(**{**QUICK, "epochs": 2})


def long_frame(arrays: list[Any]) -> pd.DataFrame:
    """A row for each point, the sequences called s0, s1, ..."""
    parts = [
        pd.DataFrame({"who": f"s{i}", "when": np.arange(len(array)), "x": array[:, 0], "y": array[:, 1]})
        for i, array in enumerate(arrays)
    ]
    return pd.concat(parts, ignore_index=True)


def nested_frame(arrays: list[Any]) -> pd.DataFrame:
    """A row for each sequence, a cell for each of its series."""
    return pd.DataFrame({"x": [pd.Series(a[:, 0]) for a in arrays], "y": [a[:, 1] for a in arrays]})


def test_all_forms_are_the_same_sequences() -> None:
    X, _ = equal_series(6)
    frame = long_frame(list(X))
    forms: list[tuple[Any, dict[str, Any]]] = [
        (list(X), {}),
        (X, {}),
        (X.tolist(), {}),
        (np.moveaxis(X, 2, 1), {"channels_first": True}),
        (list(np.moveaxis(X, 2, 1)), {"channels_first": True}),
        (nested_frame(list(X)), {}),
        (frame, {"id_column": "who", "time_column": "when"}),
        (frame.drop(columns="when"), {"id_column": "who"}),
        (frame.set_index(["who", "when"]), {}),
        ([pd.DataFrame(one) for one in X], {}),
        (frame.sort_values("when", kind="stable"), {"id_column": "who", "time_column": "when"}),
    ]
    for form, options in forms:
        made = as_sequences(form, **options)
        assert len(made) == 6
        assert all(np.array_equal(a, b) for a, b in zip(made, X, strict=True))
    ragged, _ = series(4)
    boxed = np.empty(4, dtype=object)
    boxed[:] = ragged
    for same in (boxed, nested_frame(ragged), ragged):
        assert [one.shape for one in as_sequences(same)] == [one.shape for one in ragged]


def test_one_input_per_point_needs_no_axis() -> None:
    table = np.arange(12.0).reshape(3, 4)
    for form in (table, table[:, :, np.newaxis], list(table), table.tolist(), pd.DataFrame(table)):
        assert [one.shape for one in as_sequences(form)] == [(4, 1)] * 3
    assert [one.shape for one in as_sequences(np.zeros((2, 4, 5)), dims=2)] == [(4, 5, 1)] * 2
    assert [one.shape for one in as_sequences(np.zeros((2, 3, 4, 5)), dims=2, channels_first=True)] == [(4, 5, 3)] * 2
    assert as_sequences(np.zeros((2, 3, 4, 5)), dims=3)[0].shape == (3, 4, 5, 1)


def test_long_frames_and_their_targets() -> None:
    X, y = series(12)
    options = {"id_column": "who", "time_column": "when"}
    frame = long_frame(X)
    names = [f"s{i}" for i in range(12)]
    model = SequenceClassifier(**QUICK, **options)
    plain = SequenceClassifier(**QUICK).fit(X, y).predict_proba(X)
    shuffled = pd.Series(y, index=names).sample(frac=1, random_state=1)
    for target in (y, pd.Series(y, index=names), pd.Series(y), shuffled):
        assert np.array_equal(model.fit(frame, target).predict_proba(frame), plain)
        assert model.score(frame, target) == np.mean(model.predict(frame) == y)
    assert model.feature_names_in_.tolist() == ["x", "y"]
    with pytest.raises(ValueError, match="y has no entry for sequence 's0' of X"):
        model.fit(frame, pd.Series(y, index=range(5, 17)[::-1]))
    # A label for each row, also where the rows of sequences are mixed.
    labels = np.where(frame["x"] > 0.7, "high", "low")
    frames = FrameClassifier(**QUICK, **options).fit(frame, labels)
    found = frames.predict(frame)
    assert found.shape == labels.shape
    assert frames.predict_proba(frame).shape == (len(frame), 2)
    mixed = frame.sort_values("when", kind="stable")
    assert np.array_equal(pd.Series(frames.predict(mixed), index=mixed.index).sort_index(), found)
    assert frames.score(mixed, labels[mixed.index]) == np.mean(found == labels)


def test_frames_have_names() -> None:
    X, y = equal_series(30, 1)
    table = pd.DataFrame(X[:, :, 0], columns=[f"t{i}" for i in range(10)])
    model = SequenceClassifier(**QUICK).fit(table, y)
    assert model.feature_names_in_.tolist() == list(table.columns)
    assert model.n_features_in_ == 10
    with pytest.raises(ValueError, match="feature names"):
        model.predict(table.rename(columns={"t0": "first"}))
    nested = nested_frame([np.concatenate([one, one], axis=1) for one in X])
    both = SequenceClassifier(**QUICK).fit(nested, y)
    with pytest.raises(ValueError, match="feature names"):
        both.predict(nested[["y", "x"]])


NAN = np.array([[[0.0], [np.nan]], [[1.0], [2.0]]])
GAPS = pd.DataFrame({"t0": [1.0, 2.0], "t1": [1.0, None]}, index=["p", "q"])
LONG = pd.DataFrame({"who": ["a", "a", "b", "b"], "when": [1, 2, 1, 2], "x": [0.0, 1.0, 2.0, 3.0]})
LONG_OPTIONS = {"id_column": "who", "time_column": "when"}


@pytest.mark.parametrize(
    ("X", "options", "message"),
    [
        ([], {}, "X is empty: expected at least 1 sequence, found 0"),
        (np.zeros((0, 4)), {}, "0 sample(s)"),
        (np.zeros((3, 0, 2)), {}, "X has shape (3, 0, 2): no size may be 0"),
        (pd.DataFrame({"x": []}), {}, "X is a DataFrame of shape (0, 1): expected at least 1 row"),
        ([np.zeros((3, 2)), np.zeros((0, 2))], {}, "sequence 1 of X is empty: its shape is (0,), with 2 inputs"),
        ([np.zeros((3, 2)), np.zeros((3, 3))], {}, "sequence 1 of X has 3 inputs per point, sequence 0 has 2"),
        (
            [np.zeros((3, 2)), np.zeros((3, 3, 1))],
            {},
            "sequence 1 of X has shape (3, 3, 1); with dims=1 expected 1 axes",
        ),
        ([[0.0, 1.0], [[1.0], [2.0, 3.0]]], {}, "sequence 1 of X is not an array of numbers"),
        (NAN, {}, "X contains NaN at (0, 1, 0); 1 of its 4 numbers are not finite"),
        (list(NAN + np.inf), {}, "sequence 0 of X contains infinity at (0, 0)"),
        ([["a", "b"], ["c", "d"]], {}, "sequence 0 of X holds <U1, expected real numbers"),
        ([np.ma.MaskedArray([1.0, 2.0], [True, False])], {}, "sequence 0 of X has masked numbers"),
        (np.zeros(5), {}, "Expected 2D array, got 1D array instead"),
        (np.zeros((2, 3, 4, 5)), {}, "X has shape (2, 3, 4, 5); with dims=1 expected 2 axes"),
        (5, {}, "X is int, expected a list of arrays, an array or a DataFrame"),
        ("abc", {}, "X is str, expected a list of arrays"),
        (np.zeros((2, 3)), {"dims": 0}, "dims is 0, expected 1 to 8"),
        (np.zeros((2, 3)), {"dims": "2"}, "dims is '2', expected a whole number"),
        (np.zeros((2, 3)), {"id_column": "who"}, "id_column and time_column are for a long DataFrame, X is ndarray"),
        (LONG, {"time_column": "when"}, "time_column needs id_column"),
        (GAPS, {}, "X has missing values: NaN in column 't1', row 'q', and 1 in this column"),
        (pd.DataFrame({"a": ["u", "v"]}), {}, "column 'a' of X is not an array of numbers"),
        (nested_frame([np.zeros((3, 2))]), {"dims": 2}, "a DataFrame holds sequences of one dimension, dims is 2"),
        (
            pd.DataFrame({"x": [np.zeros(3), np.zeros(4)], "y": [np.zeros(3), np.zeros(5)]}),
            {},
            "sequence 1 of X has 4 points in column 'x', but 5 in column 'y'; all its inputs need the same points",
        ),
        (pd.DataFrame({"x": [np.zeros(3), None]}), {}, "sequence 1 of X, column 'x' is None, expected a series"),
        (
            pd.DataFrame({"x": [np.zeros(3), np.array([1, np.nan])]}),
            {},
            "sequence 1 of X, column 'x' contains NaN at (1,)",
        ),
        (pd.DataFrame({"x": [np.zeros(0)]}), {}, "sequence 0 of X is empty: its series have no points"),
        (LONG, {"id_column": "name"}, "id_column is 'name', but X has the columns 'who', 'when', 'x'"),
        (LONG[["who", "when"]], LONG_OPTIONS, "X has no columns but 'who', 'when': expected at least one of numbers"),
        (
            LONG.iloc[[1, 0, 2, 3]],
            LONG_OPTIONS,
            "sequence 'a' of X: row 1 has the time 1, which does not come after 2 in row 0; "
            "X.sort_values(['who', 'when']) sorts them, and a time may occur once",
        ),
        (LONG.assign(when=1), LONG_OPTIONS, "row 1 has the time 1, which does not come after 1 in row 0"),
        (LONG.assign(when=1).set_index(["who", "when"]), {}, "X.sort_index() sorts them"),
        (LONG.assign(when=[1, "b", 1, 2]), LONG_OPTIONS, "its times cannot be compared"),
        (LONG.assign(when=[1, None, 1, 2]), LONG_OPTIONS, "sequence 'a' of X: the time is missing in row 1"),
        (LONG.assign(who=["a", None, "b", "b"]), LONG_OPTIONS, "row 1 of X does not say which sequence it belongs to"),
        (LONG.assign(x=[0, 1, None, 3]), LONG_OPTIONS, "X has missing values: NaN in column 'x', row 2"),
    ],
)
def test_inputs_that_cannot_be(X: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        as_sequences(X, **options)


def test_sparse_inputs_are_refused() -> None:
    with pytest.raises(TypeError, match=r"X is a sparse matrix, expected sequences of numbers; X.toarray\(\)"):
        as_sequences(csr_matrix(np.eye(3)))


def test_inputs_of_another_size_than_were_fitted() -> None:
    X, y = series(12)
    model = SequenceClassifier(**{**QUICK, "epochs": 1}).fit(X, y)
    with pytest.raises(ValueError, match="X has 3 inputs per point, SequenceClassifier was fitted with 2"):
        model.predict([np.zeros((5, 3))])
    with pytest.raises(ValueError, match=r"arrays of \(sequence, channel, time\) need channels_first=True"):
        model.predict(np.zeros((1, 2, 5)))
    table = SequenceClassifier(**{**QUICK, "epochs": 1}).fit(equal_series(12, 1)[0][:, :, 0], y)
    with pytest.raises(ValueError, match="X has 7 features, but SequenceClassifier is expecting 10 features"):
        table.predict(np.zeros((2, 7)))
    assert table.predict(list(np.zeros((2, 7)))).shape == (2,)


@pytest.mark.parametrize(
    ("model", "y", "message"),
    [
        (MODEL, None, "requires y to be passed, but the target y is None"),
        (MODEL, ["a", 1, "b"], "y holds labels of mixed type: 'a' in entry 0, 1 in entry 1"),
        (MODEL, ["a", None, "b"], "y contains NaN: the label of entry 1 is missing"),
        (MODEL, [1.0, np.nan, 2.0], "y contains NaN: the label of entry 1 is missing"),
        (MODEL, ["a", "a", "a"], "SequenceClassifier needs at least 2 classes in y, found 1 class: 'a'"),
        (MODEL, ["a", "b"], "y has 2 entries, X has 3 sequences"),
        (MODEL, [0.5, 1.5, 2.5], "Unknown label type"),
        (SequenceRegressor(), ["a", "b", "c"], "could not convert string to float"),
        (SequenceRegressor(), [1.0, np.inf, 2.0], "infinity"),
        (SequenceRegressor(), [1.0, 2.0], "y has 2 entries, X has 3 sequences"),
        (SequenceRegressor(), np.zeros((3, 2, 2)), "3"),
        (FrameClassifier(), ["a", "b", "c"], "sequence 0 of y has shape (), that of X has (4,) points"),
        (FrameClassifier(), [["a"] * 4, ["b"] * 3, ["a"] * 4], "sequence 1 of y has shape (3,), that of X has (4,)"),
        (FrameClassifier(), [["a"] * 4, ["a", "b", 1, "b"], ["a"] * 4], "sequence 1 of y holds labels of mixed type"),
        (FrameClassifier(), [["a"] * 4, [1] * 4, ["a"] * 4], "y holds labels of mixed type: 'a' in entry 0"),
        (FrameClassifier(), [["a"] * 4] * 3, "FrameClassifier needs at least 2 classes in y, found 1 class: 'a'"),
        (FrameClassifier(), np.ma.masked_all((3, 4)), "no point has a label: all are masked"),
        (Transcriber(), ["a b", ["a"], "b"], "y is of mixed type: some of its entries are texts, others lists"),
        (Transcriber(), [1, 2, 3], "entry 0 of y is 1, expected a text or a list of labels"),
        (Transcriber(), ["", "", ""], "y holds no label: all of its texts are empty"),
        (Transcriber(units="letters"), ["a", "b", "c"], "units is 'letters', expected one of words, characters"),
    ],
)
def test_targets_that_cannot_be(model: Any, y: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        model.fit(np.zeros((3, 4)), y)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hidden_size": 0}, "hidden_size is 0, expected a whole number of at least 1, or one for each level"),
        ({"hidden_size": (3, 2.5)}, "hidden_size is (3, 2.5)"),
        ({"epochs": 0}, "epochs is 0, expected a whole number of at least 1, or None"),
        ({"epochs": True}, "epochs is True"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        ({"dropout": 1}, "dropout is 1, expected less than 1"),
        ({"learning_rate": "fast"}, "learning_rate is 'fast', expected a number of at least 0, or None"),
        ({"early_stopping": "yes"}, "early_stopping is 'yes', expected True, False or 'auto'"),
        ({"validation_fraction": 1}, "validation_fraction is 1, expected more than 0 and less than 1"),
        ({"n_iter_no_change": 0}, "n_iter_no_change is 0, expected a whole number of at least 1"),
        ({"n_jobs": 0}, "n_jobs is 0, expected a whole number other than 0, or None"),
        ({"config": "hiddenSize 3"}, "config is str, expected a dict of keys and their values"),
        ({"class_weight": {"z": 1}}, "class_weight has a weight for 'z', which is none of the classes"),
    ],
)
def test_parameters_that_cannot_be(parameters: dict[str, Any], message: str) -> None:
    X, y = series(6)
    with pytest.raises(ValueError, match=re.escape(message)):
        SequenceClassifier(**parameters).fit(X, y)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, 2.0], "sample_weight has 2 entries, X has 3 sequences"),
        ([1.0, -1.0, 1.0], "sample_weight holds -1.0, expected finite numbers of at least 0"),
        ([0.0, 0.0, 0.0], "the weight of every sequence is zero: there is nothing to learn from"),
        (np.ones((3, 1)), "sample_weight has shape (3, 1)"),
    ],
)
def test_weights_that_cannot_be(weights: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        MODEL.fit(np.zeros((3, 4)), ["a", "b", "a"], sample_weight=weights)
