# SPDX-License-Identifier: Apache-2.0
"""Recurrent networks as scikit-learn's estimators, for sequences of any length and number of dimensions.

from rnnlib_py.integrations.sklearn import SequenceClassifier

model = SequenceClassifier(random_state=1).fit(X, y)
print(model.score(X_test, y_test))
"""

from __future__ import annotations

from typing import Any

try:
    from rnnlib_py.integrations.estimators.base import SequenceEstimator
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in ("sklearn", "scipy", "joblib"):
        raise
    raise ImportError(
        f"rnnlib_py.integrations.sklearn needs scikit-learn ({error}): pip install 'rnnlib-py[sklearn]'"
    ) from None

from rnnlib_py.integrations.estimators.case import Array, InputForm
from rnnlib_py.integrations.estimators.classifier import SequenceClassifier
from rnnlib_py.integrations.estimators.frame_classifier import FrameClassifier
from rnnlib_py.integrations.estimators.inputs import read_inputs
from rnnlib_py.integrations.estimators.regressor import SequenceRegressor
from rnnlib_py.integrations.estimators.transcriber import Transcriber

__all__ = [
    "FrameClassifier",
    "SequenceClassifier",
    "SequenceEstimator",
    "SequenceRegressor",
    "Transcriber",
    "as_sequences",
]


def as_sequences(
    X: Any,
    *,
    dims: int = 1,
    channels_first: bool = False,
    id_column: Any = None,
    time_column: Any = None,
) -> list[Array]:
    """A list with an array for each sequence, which scikit-learn can divide, from any form that the estimators take.

    Cross-validation divides rows, and those of a long DataFrame are points: this makes sequences of them first.

    Parameters
    ----------
    X, dims, channels_first, id_column, time_column
        As the estimators.

    Returns
    -------
    list of ndarray
        (*shape, inputs of a point); of a long DataFrame in the order in which its sequences first appear.

    Raises
    ------
    ValueError
        As fit().
    """
    return read_inputs(X, InputForm(dims, channels_first, id_column, time_column)).arrays
