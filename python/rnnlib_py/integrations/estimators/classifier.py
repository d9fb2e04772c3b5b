# SPDX-License-Identifier: Apache-2.0
"""A class for each sequence, and what is common to all that know classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score

from rnnlib_py.integrations.estimators.base import SequenceEstimator, Start, Targets
from rnnlib_py.integrations.estimators.inputs import Inputs
from rnnlib_py.integrations.estimators.targets import (
    by_sequence,
    check_count,
    encode,
    find_classes,
    label_names,
    read_classes,
)
from rnnlib_py.integrations.estimators.weights import Weights, class_weights, read_weights


class ClassEstimator(SequenceEstimator):
    """An estimator whose network knows classes, and can learn on from a part of the data at a time."""

    def __init__(
        self,
        *,
        hidden_size: Any = None,
        dropout: float | None = None,
        input_noise: float | None = None,
        epochs: int | None = None,
        learning_rate: float | None = None,
        batch_size: int | None = None,
        early_stopping: Any = "auto",
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 20,
        normalise: bool = True,
        dims: int = 1,
        channels_first: bool = False,
        id_column: Any = None,
        time_column: Any = None,
        warm_start: bool = False,
        class_weight: Any = None,
        random_state: Any = None,
        n_jobs: int | None = None,
        verbose: bool = False,
        config: Any = None,
    ) -> None:
        super().__init__(
            hidden_size=hidden_size,
            dropout=dropout,
            input_noise=input_noise,
            epochs=epochs,
            learning_rate=learning_rate,
            batch_size=batch_size,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            n_iter_no_change=n_iter_no_change,
            normalise=normalise,
            dims=dims,
            channels_first=channels_first,
            id_column=id_column,
            time_column=time_column,
            warm_start=warm_start,
            random_state=random_state,
            n_jobs=n_jobs,
            verbose=verbose,
            config=config,
        )
        self.class_weight = class_weight

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """Trains for one more epoch, at a constant learning rate, from where the last call or fit() has ended.

        Parameters
        ----------
        X, y, sample_weight
            As fit().
        classes
            All that there will be; needed in the first call, unless fit() came before, when y does not hold them all.

        Returns
        -------
        The estimator.

        Raises
        ------
        ValueError
            As fit(); also classes that the network does not know.
        """
        start = Start(anew=not hasattr(self, "network_"), one_epoch=True, classes=classes)
        return self._learn(X, y, sample_weight, start)

    def _take_classes(self, y: NDArray[Any], start: Start) -> NDArray[Any]:
        """The classes of a new network, or those that there are. ValueError for others."""
        given = None if start.classes is None else np.unique(np.asarray(start.classes))
        if start.anew:
            self.classes_: NDArray[Any] = find_classes(y if given is None else given, type(self).__name__)
        elif given is not None and not np.array_equal(given, self.classes_):
            raise ValueError(f"classes are {given.tolist()}, the network's are {self.classes_.tolist()}")
        return self.classes_


class SequenceClassifier(ClassifierMixin, ClassEstimator):  # type: ignore[misc]
    """Finds the class of a sequence: a series, an image, ...

    A recurrent network reads the sequence in every direction. Ordinary time series need no parameter:
    ``SequenceClassifier().fit(X, y)``.

    Parameters
    ----------
    hidden_size, epochs, random_state, ...
        SequenceEstimator describes them.
    class_weight
        A dict, class -> weight of its sequences; "balanced": the rarer a class, the more; None: all alike.

    Attributes
    ----------
    classes_ : ndarray
        The classes, sorted.
    network_ : Network
        ``network_.save(path)`` writes it, with its normalisation, for programs and commands.
    history_ : list of Epoch
        The errors of each epoch.
    n_iter_ : int
        Epochs.
    n_features_in_ : int
        Columns of a table; else the inputs of a point.
    """

    _task = "sequence_classification"

    def _read_targets(self, y: Any, inputs: Inputs, weights: NDArray[np.float64], start: Start) -> Targets:
        labels = read_classes(by_sequence(y, inputs))
        check_count(len(labels), inputs, "y")
        classes = self._take_classes(labels, start)
        places = encode(labels, classes)
        weights = weights * class_weights(self.class_weight, classes, labels)[places]
        return Targets(places.tolist(), Weights(weights.tolist()), len(classes), label_names(classes), places)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The probability of each class.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        ndarray
            float64 (sequences, classes), in the order of `classes_`.
        """
        outputs = np.stack([prediction.outputs.reshape(-1) for prediction in self._predictions(self._read_fitted(X))])
        return class_probabilities(outputs)

    def predict(self, X: Any) -> NDArray[Any]:
        """The class of each sequence.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        ndarray
            (sequences,), of the type of `classes_`.
        """
        places = np.argmax(self.predict_proba(X), axis=1)
        found: NDArray[Any] = self.classes_[places]
        return found

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The share of the sequences whose class is right.

        Parameters
        ----------
        X, y, sample_weight
            As fit().
        """
        inputs = self._read_fitted(X)
        weights = read_weights(sample_weight, inputs)
        return float(accuracy_score(by_sequence(y, inputs), self.predict(X), sample_weight=weights))


def class_probabilities(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (..., classes), whose sums are 1 to the last digit, from a network's outputs: of two classes these
    are the probability of the second alone, and all have the digits of float32."""
    if outputs.shape[-1] == 1:
        return np.concatenate([1 - outputs, outputs], axis=-1)
    made: NDArray[np.float64] = outputs / outputs.sum(axis=-1, keepdims=True)
    return made
