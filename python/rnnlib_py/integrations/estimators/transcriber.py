# SPDX-License-Identifier: Apache-2.0
"""A text, or another list of labels, for each sequence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.text import SPACE, characters, split_words
from rnnlib_py.integrations.estimators.base import SequenceEstimator, Start, Targets
from rnnlib_py.integrations.estimators.frame_classifier import without_tables
from rnnlib_py.integrations.estimators.inputs import Inputs
from rnnlib_py.integrations.estimators.targets import by_sequence, check_count, check_one_kind
from rnnlib_py.integrations.estimators.weights import Weights, read_weights
from rnnlib_py.text.alignment import align, count_edits

_UNITS = ("words", "characters")


class Transcriber(SequenceEstimator):
    """Writes down what is in a sequence, such as the words of a recording, without being told where they are (CTC).

    y has for each sequence a text, or a list of labels. predict() gives what y holds: texts or lists.

    Parameters
    ----------
    hidden_size, epochs, random_state, ...
        SequenceEstimator describes them.
    units
        What the labels of a text are: "words", between white space, or "characters".

    Attributes
    ----------
    classes_ : ndarray
        The labels, sorted. The blank is none of them.
    network_, history_, n_iter_, n_features_in_
        As those of SequenceClassifier.
    """

    _task = "transcription"

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
        units: str = "words",
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
        self.units = units

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """Trains for one more epoch, at a constant learning rate, from where the last call or fit() has ended.

        Parameters
        ----------
        X, y, sample_weight
            As fit().
        classes
            All labels that there will be; needed in the first call when y does not hold them all.

        Returns
        -------
        The estimator.
        """
        start = Start(anew=not hasattr(self, "network_"), one_epoch=True, classes=classes)
        return self._learn(X, y, sample_weight, start)

    def _read_targets(self, y: Any, inputs: Inputs, weights: NDArray[np.float64], start: Start) -> Targets:
        texts, are_texts = self._labels_of(by_sequence(y, inputs))
        check_count(len(texts), inputs, "y")
        if start.anew:
            names = {label for text in texts for label in text} if start.classes is None else map(str, start.classes)
            self.classes_: NDArray[np.str_] = np.array(sorted(names), dtype=np.str_)
            self._are_texts = are_texts
            if not len(self.classes_):
                raise ValueError("y holds no label: all of its texts are empty")
        known = set(self.classes_.tolist())
        for i, text in enumerate(texts):
            wrong = next((label for label in text if label not in known), None)
            if wrong is not None:
                raise ValueError(f"entry {i} of y holds {wrong!r}, which is none of the {len(known)} labels")
        return Targets(texts, Weights(weights.tolist()), len(known), self.classes_.tolist())

    def _labels_of(self, y: Any) -> tuple[list[list[str]], bool]:
        """The labels of each entry, and whether the entries are texts."""
        if self.units not in _UNITS:
            raise ValueError(f"units is {self.units!r}, expected one of {', '.join(_UNITS)}")
        if isinstance(y, (str, bytes, dict)) or not isinstance(y, Iterable):
            raise ValueError(f"y is {type(y).__name__}, expected a text or a list of labels for each sequence")
        entries = list(y)
        kinds = {isinstance(entry, str) for entry in entries}
        if len(kinds) > 1:
            raise ValueError("y is of mixed type: some of its entries are texts, others lists of labels")
        if kinds == {True}:
            split = split_words if self.units == "words" else characters
            return [split(str(entry)) for entry in entries], True
        made = []
        for i, entry in enumerate(entries):
            if np.ndim(entry) != 1:
                raise ValueError(f"entry {i} of y is {entry!r}, expected a text or a list of labels")
            labels = np.asarray(entry, dtype=object).tolist()
            check_one_kind(labels, f"entry {i} of y")
            made.append([str(label) for label in labels])
        return made, False

    def predict(self, X: Any) -> list[Any]:
        """What each sequence says, by the best path.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        list
            A text, or a list of labels, for each sequence.
        """
        read = [prediction.labels for prediction in self._predictions(self._read_fitted(X))]
        if not self._are_texts:
            return read
        if self.units == "words":
            return [" ".join(labels) for labels in read]
        return ["".join(labels).replace(SPACE, " ") for labels in read]

    def predict_proba(self, X: Any) -> list[NDArray[np.float64]]:
        """The probability of each label at each point of the output.

        Parameters
        ----------
        X
            As fit().

        Returns
        -------
        list of ndarray
            float64 (points, labels + 1) for each sequence: the labels in the order of `classes_`, then the blank.
        """
        return [prediction.outputs for prediction in self._predictions(self._read_fitted(X))]

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """1 minus the label error: the edits that lead from what is read to y, over the labels of y.

        Parameters
        ----------
        X, y, sample_weight
            As fit().

        Returns
        -------
        float
            1 when all is right; below 0 when there are more errors than labels.
        """
        inputs = self._read_fitted(X)
        texts, _ = self._labels_of(by_sequence(y, inputs))
        check_count(len(texts), inputs, "y")
        weights = read_weights(sample_weight, inputs)
        read = [prediction.labels for prediction in self._predictions(inputs)]
        edits = [count_edits(align(text, labels)).total for text, labels in zip(texts, read, strict=True)]
        labels = float(weights @ [len(text) for text in texts])
        return 1.0 - float(weights @ edits) / (labels or 1.0)

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn has to know of it: its checks give a number for each row, which it does not take."""
        return without_tables(super().__sklearn_tags__())

    def _more_tags(self) -> dict[str, Any]:
        """The same for versions before 1.6."""
        return {"X_types": ["3darray"]}
