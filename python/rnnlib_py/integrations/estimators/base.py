# SPDX-License-Identifier: Apache-2.0
"""What all estimators of sequences have in common: their parameters, how they are fitted, how they are stored."""

from __future__ import annotations

import numbers
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from rnnlib_py import _core
from rnnlib_py.data import Sequence
from rnnlib_py.data.normalisation import Scale
from rnnlib_py.integrations.estimators.case import InputForm
from rnnlib_py.integrations.estimators.fitting import (
    Fitting,
    continued,
    for_one_epoch,
    scale_of,
    split_off,
)
from rnnlib_py.integrations.estimators.inputs import Inputs, read_inputs
from rnnlib_py.integrations.estimators.settings import Settings, make_config
from rnnlib_py.integrations.estimators.targets import check_count, check_given
from rnnlib_py.integrations.estimators.threads import threads_of
from rnnlib_py.integrations.estimators.versions import check_feature_names
from rnnlib_py.integrations.estimators.weights import Weights, read_weights
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.training.epoch import Epoch

_MANY = 2000  # sequences, from which on "auto" holds some out for validation


@dataclass(frozen=True)
class Start:
    """How learning begins.

    Attributes
    ----------
    anew : bool
        With a new network; else with the weights of the one that there is.
    one_epoch : bool
        It is partial_fit that asks.
    classes : object
        Those that partial_fit is told; None: it is told none.
    """

    anew: bool
    one_epoch: bool = False
    classes: Any = None


@dataclass(frozen=True, eq=False)
class Targets:
    """y as the network takes it.

    Attributes
    ----------
    values : list
        One per sequence.
    outputs : int
        Labels, or numbers of a target.
    labels : list of str or None
        Their names.
    weights : Weights
        Of the sequences, or of their points.
    strata : ndarray or None
        int64 (sequences,). By which they are divided alike into training and validation.
    scale : Scale or None
        What numbers are normalised with.
    """

    values: Seq[Any]
    weights: Weights
    outputs: int
    labels: list[str] | None = None
    strata: NDArray[np.int64] | None = None
    scale: Scale | None = None


class SequenceEstimator(BaseEstimator):  # type: ignore[misc]
    """A network behind scikit-learn's interface.

    Parameters
    ----------
    hidden_size
        Cells of each level and direction: a number, or a tuple with one for each level. None: as `prepare table`
        chooses, two levels of 64, or of 128 for at least 20,000 sequences.
    dropout
        Share of the numbers between two levels that is left out in training. None: 0.3, or 0.5 for few sequences.
    input_noise
        Standard deviation of the noise on the inputs in training, when these have one of 1. None: 0.5 for few
        sequences, else none.
    epochs
        Most passes over the data. None: as many as make 4000 updates, 15 to 200.
    learning_rate
        Of Adam; it falls along a cosine. None: 0.003.
    batch_size
        Sequences of an update. None: 16, or 8 for less than 1000 sequences.
    early_stopping
        True: a part of the sequences is held out, and the network is kept that was best on it. "auto": from 2000
        sequences on.
    validation_fraction
        The part that is held out.
    n_iter_no_change
        With early stopping training ends after so many epochs without a better network.
    normalise
        Each input is brought to mean 0 and standard deviation 1 in the training set, and so are the targets of
        regression. False: inputs are taken as they are.
    dims
        Dimensions of a sequence: 1 for series, 2 for images, whose first axis is x.
    channels_first
        The inputs of a point come before the dimensions, (sequence, channel, time), as aeon has it. False: they come
        last.
    id_column, time_column
        Of a long DataFrame, which has a row for each point: the columns of the sequence and of the time.
    warm_start
        fit() begins with the weights of the fit before.
    random_state
        An int makes the result repeatable, bit for bit, whatever the number of threads.
    n_jobs
        Threads. None: all cores, or the share of them that joblib leaves this estimator.
    verbose
        A line per epoch on standard output.
    config
        Further keys of the network and of training, such as {"hiddenType": "gru"}; they come before all parameters.
    """

    _task: ClassVar[str]

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
        random_state: Any = None,
        n_jobs: int | None = None,
        verbose: bool = False,
        config: Any = None,
    ) -> None:
        self.hidden_size = hidden_size
        self.dropout = dropout
        self.input_noise = input_noise
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.normalise = normalise
        self.dims = dims
        self.channels_first = channels_first
        self.id_column = id_column
        self.time_column = time_column
        self.warm_start = warm_start
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.config = config

    # --- what each estimator says ---

    def _read_targets(self, y: Any, inputs: Inputs, weights: NDArray[np.float64], start: Start) -> Targets:
        """y as the network takes it; `weights`: of the sequences."""
        raise NotImplementedError

    # --- fitting ---

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Trains a network.

        Parameters
        ----------
        X
            A list of arrays (time, inputs) or (time,) of any lengths; an array (sequences, time, inputs) or (sequences,
            time); or a DataFrame: a series in each row, a series in each cell, or with `id_column` a point in each row.
        y
            What is to be learned, an entry for each sequence.
        sample_weight
            The weight of each sequence's error. One of 0 leaves the sequence out.

        Returns
        -------
        The estimator.

        Raises
        ------
        ValueError
            Data or parameters that cannot be used: what was found, and where.
        """
        return self._learn(X, y, sample_weight, Start(anew=not (self.warm_start and hasattr(self, "network_"))))

    def _learn(self, X: Any, y: Any, sample_weight: Any, start: Start) -> Any:
        check_given(y, type(self).__name__)
        inputs = self._read(X, reset=start.anew)
        random = check_random_state(self.random_state)
        seed = int(random.randint(1, np.iinfo(np.int32).max))
        targets = self._read_targets(y, inputs, read_weights(sample_weight, inputs), start)
        check_count(len(targets.values), inputs, "y")
        used = targets.weights.used()
        training, validation = used, used[:0]
        if self._stops_early(len(used)) and not start.one_epoch:
            strata = None if targets.strata is None else targets.strata[used]
            parts = split_off(len(used), self.validation_fraction, strata, random)
            training, validation = used[parts[0]], used[parts[1]]
        if start.anew:
            self._input_scale = scale_of([inputs.arrays[i] for i in training]) if self.normalise else None
        shapes = [inputs.arrays[i].shape[:-1] for i in training]
        settings = self._settings(seed, len(validation) > 0)
        config = make_config(self._task, shapes, inputs.size, targets.outputs, settings)
        save = getattr(self, "_save", None) if start.one_epoch else None
        if start.one_epoch:
            config = for_one_epoch(config, save)
        if not start.anew:
            config = continued(config, self.network_, save)
        scales = {"inputs": self._input_scale, "targetPatterns": targets.scale}
        normalisation = {name: scale for name, scale in scales.items() if scale is not None}
        threads = threads_of(self.n_jobs)
        fitting = Fitting(config, targets.labels, self.dims, threads, bool(self.verbose), normalisation)
        fitted = fitting.run(*(self._sequences(inputs, targets, part) for part in (training, validation)))
        self.history_: list[Epoch] = [*(self.history_ if start.one_epoch and not start.anew else []), *fitted.history]
        self.n_iter_: int = len(self.history_)
        self.network_: Network = fitted.network
        self._save = fitted.save if start.one_epoch else None
        return self

    def _sequences(self, inputs: Inputs, targets: Targets, part: NDArray[np.int64]) -> list[Sequence]:
        """Some of the sequences, normalised, with their targets and weights."""
        arrays = self._normalised([inputs.arrays[i] for i in part])
        weights = targets.weights
        return [
            Sequence(array, targets.values[i], importance=weights.of(i)) for array, i in zip(arrays, part, strict=True)
        ]

    def _normalised(self, arrays: Seq[NDArray[Any]]) -> Seq[NDArray[Any]]:
        return arrays if self._input_scale is None else [self._input_scale.apply(array) for array in arrays]

    def _stops_early(self, count: int) -> bool:
        """Whether so many sequences are divided into training and validation. ValueError for parameters that say
        neither yes nor no."""
        wanted, fraction, patience = self.early_stopping, self.validation_fraction, self.n_iter_no_change
        if not (isinstance(wanted, (bool, np.bool_)) or wanted == "auto"):
            raise ValueError(f"early_stopping is {wanted!r}, expected True, False or 'auto'")
        if not isinstance(fraction, numbers.Real) or not 0 < fraction < 1:
            raise ValueError(f"validation_fraction is {fraction!r}, expected more than 0 and less than 1")
        if isinstance(patience, bool) or not isinstance(patience, numbers.Integral) or patience < 1:
            raise ValueError(f"n_iter_no_change is {patience!r}, expected a whole number of at least 1")
        stops = count >= _MANY if isinstance(wanted, str) else bool(wanted)
        if stops and count < 2:
            raise ValueError("early_stopping needs at least 2 sequences, one for training and one for validation")
        return stops

    def _settings(self, seed: int, stops_early: bool) -> Settings:
        return Settings(
            self.hidden_size,
            self.dropout,
            self.input_noise,
            self.epochs,
            self.learning_rate,
            self.batch_size,
            self.n_iter_no_change if stops_early else None,
            seed,
            self.config,
        )

    # --- predicting ---

    def _read(self, X: Any, reset: bool) -> Inputs:
        """X for fitting or predicting; compares it with what was fitted unless `reset`."""
        form = InputForm(self.dims, self.channels_first, self.id_column, self.time_column)
        inputs = read_inputs(X, form)
        check_feature_names(self, inputs.named, reset=reset)
        columns = inputs.size if inputs.table_columns is None else inputs.table_columns
        if reset:
            self.n_features_in_: int = columns
            self._is_table = inputs.table_columns is not None
            self._input_size = inputs.size
            return inputs
        name = type(self).__name__
        if inputs.table_columns is not None and inputs.is_array and self._is_table and columns != self.n_features_in_:
            raise ValueError(
                f"X has {columns} features, but {name} is expecting {self.n_features_in_} features as input; series of "
                "other lengths can be given as a list of arrays"
            )
        if inputs.size != self._input_size:
            hint = "" if self.channels_first else "; arrays of (sequence, channel, time) need channels_first=True"
            raise ValueError(f"X has {inputs.size} inputs per point, {name} was fitted with {self._input_size}{hint}")
        return inputs

    def _read_fitted(self, X: Any) -> Inputs:
        """X for predicting. NotFittedError before fit()."""
        check_is_fitted(self)
        return self._read(X, reset=False)

    def _predictions(self, inputs: Inputs) -> list[Prediction]:
        arrays = self._normalised(inputs.arrays)
        return self.network_.predict([Sequence(array) for array in arrays], threads_of(self.n_jobs), raw=False)

    # --- what scikit-learn asks ---

    def __getstate__(self) -> dict[str, Any]:
        """For pickle and copy: what partial_fit goes on from is a text."""
        state = dict(super().__getstate__())
        if state.get("_save") is not None:
            state["_save"] = state["_save"].text("float64")
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if isinstance(state.get("_save"), str):
            state = {**state, "_save": _core.Save.parse(state["_save"], "a copied estimator")}
        super().__setstate__(state)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "network_")
