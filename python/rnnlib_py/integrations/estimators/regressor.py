# SPDX-License-Identifier: Apache-2.0
"""Numbers for each sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score

from rnnlib_py.integrations.estimators.base import SequenceEstimator, Start, Targets
from rnnlib_py.integrations.estimators.fitting import scale_of
from rnnlib_py.integrations.estimators.inputs import Inputs
from rnnlib_py.integrations.estimators.targets import by_sequence, check_count, read_numbers
from rnnlib_py.integrations.estimators.weights import Weights, read_weights


class SequenceRegressor(RegressorMixin, SequenceEstimator):  # type: ignore[misc]
    """Finds one or several numbers for a sequence, with the least squared error.

    Parameters
    ----------
    hidden_size, epochs, random_state, ...
        SequenceEstimator describes them.

    Attributes
    ----------
    network_ : Network
        Its outputs are normalised as the targets were; ``network_.denormalise`` leads back.
    history_, n_iter_, n_features_in_
        As those of SequenceClassifier.
    """

    _task = "sequence_regression"

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Trains for one more epoch, at a constant learning rate, from where the last call or fit() has ended.

        Parameters
        ----------
        X, y, sample_weight
            As fit(). Inputs and targets are normalised as those of the first call were.

        Returns
        -------
        The estimator.
        """
        return self._learn(X, y, sample_weight, Start(anew=not hasattr(self, "network_"), one_epoch=True))

    def _read_targets(self, y: Any, inputs: Inputs, weights: NDArray[np.float64], start: Start) -> Targets:
        values = read_numbers(by_sequence(y, inputs))
        check_count(len(values), inputs, "y")
        rows = values.reshape(len(values), -1)
        if start.anew:
            self._target_scale = scale_of([rows[weights > 0]]) if self.normalise and (weights > 0).any() else None
            self._target_shape = values.shape[1:]
        elif values.shape[1:] != self._target_shape:
            expected = (len(values), *self._target_shape)
            raise ValueError(f"y has shape {values.shape}, expected {expected} as the network was fitted")
        targets = rows if self._target_scale is None else self._target_scale.apply(rows)
        return Targets(list(targets), Weights(weights.tolist()), rows.shape[1], scale=self._target_scale)

    def predict(self, X: Any) -> NDArray[np.float64]:
        """The numbers of each sequence, in the units of y.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        ndarray
            float64, in the shape of y: (sequences,) or (sequences, outputs).
        """
        outputs = np.stack([prediction.outputs.reshape(-1) for prediction in self._predictions(self._read_fitted(X))])
        if self._target_scale is not None:
            outputs = outputs * self._target_scale.divisors + self._target_scale.means
        return outputs.reshape(len(outputs), *self._target_shape)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The coefficient of determination, R2: 1 is perfect, 0 as good as the mean.

        Parameters
        ----------
        X, y, sample_weight
            As fit().
        """
        inputs = self._read_fitted(X)
        weights = read_weights(sample_weight, inputs)
        return float(r2_score(by_sequence(y, inputs), self.predict(X), sample_weight=weights))

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn has to know of it."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _more_tags(self) -> dict[str, Any]:
        """The same for versions before 1.6."""
        return {"multioutput": True}
