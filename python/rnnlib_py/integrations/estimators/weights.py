# SPDX-License-Identifier: Apache-2.0
"""How much each sequence, or each of its points, counts in training: sample_weight and class_weight."""

from __future__ import annotations

from collections.abc import Sequence as Seq
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_class_weight

from rnnlib_py.integrations.estimators.inputs import Inputs
from rnnlib_py.integrations.estimators.targets import by_sequence, check_count


class Weights:
    """Of the sequences, a number each, or of their points."""

    def __init__(self, values: Seq[Any]) -> None:
        """`values`: numbers of at least 0, or arrays of them, in which points without a target may be masked."""
        arrays = [np.ma.asarray(value, dtype=np.float64) for value in values]
        self._used = np.array([i for i, array in enumerate(arrays) if array.filled(0).any()], dtype=np.int64)
        count = sum(int(array.count()) for array in (arrays[i] for i in self._used))
        mean = sum(float(arrays[i].filled(0).sum()) for i in self._used) / max(count, 1)
        self._all_one = all((array.filled(1) == 1).all() for array in arrays)
        # With a mean of 1, so that learning does not depend on the unit in which weights are given.
        self._arrays = [(array.filled(mean) / (mean or 1)).astype(np.float32) for array in arrays]

    def used(self) -> NDArray[np.int64]:
        """Numbers of the sequences that count at all. ValueError when there is none."""
        if not len(self._used):
            raise ValueError("the weight of every sequence is zero: there is nothing to learn from")
        return self._used

    def of(self, number: int) -> NDArray[np.float32] | None:
        """The importance of a sequence or of its points; None: all are 1."""
        return None if self._all_one else self._arrays[number]


def read_weights(sample_weight: Any, inputs: Inputs) -> NDArray[np.float64]:
    """The weight of each sequence; all 1 where none are given. ValueError for what are none."""
    if sample_weight is None:
        return np.ones(len(inputs))
    weights = np.asarray(by_sequence(sample_weight, inputs), dtype=np.float64)
    if weights.ndim == 0:
        weights = np.full(len(inputs), float(weights))
    if weights.ndim != 1:
        raise ValueError(f"sample_weight has shape {weights.shape}: Sample weights must be 1D array or scalar")
    check_count(len(weights), inputs, "sample_weight")
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"sample_weight holds {weights.min()}, expected finite numbers of at least 0")
    return weights


def class_weights(class_weight: Any, classes: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """The weight of each class.

    Parameters
    ----------
    class_weight
        A dict, class -> weight; "balanced": the rarer a class, the more its members count; None: all alike.
    classes
        In their order.
    y
        Of all members.
    """
    if class_weight is None:
        return np.ones(len(classes))
    if isinstance(class_weight, dict):
        unknown = [label for label in class_weight if label not in classes.tolist()]
        if unknown:
            raise ValueError(f"class_weight has a weight for {unknown[0]!r}, which is none of the classes")
        return np.array([float(class_weight.get(label, 1.0)) for label in classes.tolist()])
    present = np.isin(classes, y)
    made = np.ones(len(classes))
    made[present] = compute_class_weight(class_weight, classes=classes[present], y=y)
    return made
