# SPDX-License-Identifier: Apache-2.0
"""A class for each point of a sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score

from rnnlib_py.integrations.estimators.base import Start, Targets
from rnnlib_py.integrations.estimators.classifier import ClassEstimator, class_probabilities
from rnnlib_py.integrations.estimators.inputs import Inputs
from rnnlib_py.integrations.estimators.targets import check_count, check_one_kind, encode, label_names
from rnnlib_py.integrations.estimators.weights import Weights, class_weights, read_weights


class FrameClassifier(ClassEstimator):
    """Finds the class of each point of a sequence: of each frame, time step or pixel.

    y has an array of labels for each sequence, in its shape; of a long DataFrame it has a label for each row. Points
    without a label are masked (``numpy.ma``): nothing is learned from them. Predictions come as y does: one array where
    X is one, a label for each row of a long DataFrame, and else a list of arrays.

    Parameters
    ----------
    hidden_size, epochs, random_state, ...
        SequenceEstimator describes them.
    class_weight
        A dict, class -> weight of its points; "balanced": the rarer a class, the more; None: all alike.

    Attributes
    ----------
    classes_, network_, history_, n_iter_, n_features_in_
        As those of SequenceClassifier.
    """

    _estimator_type = "classifier"
    _task = "classification"

    def _read_targets(self, y: Any, inputs: Inputs, weights: NDArray[np.float64], start: Start) -> Targets:
        frames = frame_labels(y, inputs)
        known = np.concatenate([frame.compressed() for frame in frames])
        if not len(known):
            raise ValueError("no point has a label: all are masked")
        classes = self._take_classes(known, start)
        of_class = class_weights(self.class_weight, classes, known)
        targets, importance = [], []
        for frame, weight in zip(frames, weights, strict=True):
            places = np.full(frame.shape, -1, np.int64)
            is_known = ~np.ma.getmaskarray(frame)
            places[is_known] = encode(frame.data[is_known], classes)
            targets.append(places)
            importance.append(np.ma.masked_array(weight * of_class[places], ~is_known))
        return Targets(targets, Weights(importance), len(classes), label_names(classes))

    def predict_proba(self, X: Any) -> Any:
        """The probability of each class at each point.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        list of ndarray, or ndarray
            float64 (*shape, classes) for each sequence, in the order of `classes_`.
        """
        inputs = self._read_fitted(X)
        return _as_given([class_probabilities(prediction.outputs) for prediction in self._predictions(inputs)], inputs)

    def predict(self, X: Any) -> Any:
        """The class of each point.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        list of ndarray, or ndarray
            Of the type of `classes_`, (*shape) for each sequence.
        """
        inputs = self._read_fitted(X)
        return _as_given([self.classes_[prediction.indices] for prediction in self._predictions(inputs)], inputs)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of the points whose class is right, of those with a label.

        Parameters
        ----------
        X, y, sample_weight
            As fit().
        """
        inputs = self._read_fitted(X)
        frames = frame_labels(y, inputs)
        found = [self.classes_[prediction.indices] for prediction in self._predictions(inputs)]
        known = [~np.ma.getmaskarray(frame) for frame in frames]
        weights = read_weights(sample_weight, inputs)
        return float(
            accuracy_score(
                np.concatenate([frame.compressed() for frame in frames]),
                np.concatenate([labels[mask] for labels, mask in zip(found, known, strict=True)]),
                sample_weight=np.concatenate(
                    [np.full(int(mask.sum()), weight) for weight, mask in zip(weights, known, strict=True)]
                ),
            )
        )

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn has to know of it: its checks give a target for each row, which it does not take."""
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        return without_tables(tags)

    def _more_tags(self) -> dict[str, Any]:
        """The same for versions before 1.6."""
        return {"X_types": ["3darray"]}


def without_tables(tags: Any) -> Any:
    """Tags of an estimator whose targets are no column beside a table."""
    tags.input_tags.two_d_array = False
    tags.input_tags.three_d_array = True
    tags.target_tags.required = True
    tags.target_tags.one_d_labels = False
    return tags


def frame_labels(y: Any, inputs: Inputs) -> list[np.ma.MaskedArray[Any, Any]]:
    """The labels of the points of each sequence, masked where there is none. ValueError for other shapes."""
    if inputs.rows is not None:
        flat = y if isinstance(y, np.ma.MaskedArray) else np.asarray(y)
        rows = sum(len(of_one) for of_one in inputs.rows)
        if flat.shape != (rows,):
            raise ValueError(f"y has shape {flat.shape}, X has {rows} rows: expected a label for each")
        y = [flat[of_one] for of_one in inputs.rows]
    if isinstance(y, (str, dict)) or not hasattr(y, "__len__"):
        raise ValueError(f"y is {type(y).__name__}, expected the labels of each sequence's points")
    check_count(len(y), inputs, "y")
    frames = []
    for i, (labels, array) in enumerate(zip(y, inputs.arrays, strict=True)):
        if not isinstance(labels, np.ndarray) or labels.dtype.kind == "O":
            check_one_kind(np.asarray(labels, dtype=object).reshape(-1).tolist(), f"sequence {i} of y")
        frame = labels if isinstance(labels, np.ma.MaskedArray) else np.ma.MaskedArray(np.asarray(labels))
        if frame.dtype.kind == "f" and np.isnan(frame.compressed()).any():
            raise ValueError(f"sequence {i} of y contains NaN: labels that are missing are to be masked")
        if frame.shape != array.shape[:-1]:
            raise ValueError(
                f"sequence {i} of y has shape {frame.shape}, that of X has {array.shape[:-1]} points: expected a label "
                "for each"
            )
        frames.append(frame)
    check_one_kind((frame.compressed()[0] for frame in frames if frame.count()), "y")
    return frames


def _as_given(arrays: list[NDArray[Any]], inputs: Inputs) -> Any:
    """Of a long DataFrame for each of its rows, of one array one array, else a list."""
    if inputs.rows is not None:
        made = np.concatenate(arrays)
        made[np.concatenate(inputs.rows)] = made.copy()
        return made
    return np.stack(arrays) if inputs.is_array else arrays
