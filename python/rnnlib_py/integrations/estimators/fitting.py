# SPDX-License-Identifier: Apache-2.0
"""Trains the network of an estimator: anew, from the weights that it has, or one more epoch."""

from __future__ import annotations

import copy
import io
import re
import sys
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.normalisation import Normalisation, Scale
from rnnlib_py.integrations.estimators.case import Array
from rnnlib_py.model.network import Network
from rnnlib_py.runlog.best import selection_errors
from rnnlib_py.runlog.log import RunWarning
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.training.epoch import Epoch
from rnnlib_py.training.run import Run
from rnnlib_py.training.train import train


@dataclass(frozen=True, eq=False)
class Fitted:
    """What training has made.

    Attributes
    ----------
    network : Network
        The best one where there was a validation set, else the last.
    history : list of Epoch
    save : Save
        The last network with what its optimiser remembers.
    """

    network: Network
    history: list[Epoch]
    save: _core.Save


def scale_of(arrays: Seq[Array]) -> Scale:
    """Means and standard deviations over all points, per column."""
    rows = np.concatenate([array.reshape(-1, array.shape[-1]) for array in arrays])
    means, stds = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    stds[stds <= 1e-12 * np.abs(means)] = 0.0  # of a constant column nothing is left but rounding
    return Scale(means, stds)


@dataclass(frozen=True)
class Fitting:
    """How a network is trained.

    Attributes
    ----------
    config : Config
        Names the task.
    labels : list of str or None
        Of the task's targets.
    dims : int
        Dimensions of the sequences.
    threads : int
    verbose : bool
        A line for each epoch on standard output.
    normalisation : dict
        What the sequences were normalised with; kept in the network.
    """

    config: Config
    labels: list[str] | None
    dims: int
    threads: int
    verbose: bool
    normalisation: Normalisation

    def run(self, sequences: list[Sequence], validation: list[Sequence]) -> Fitted:
        """Trains until the config says that it ends."""
        best = _BestNetwork()
        warned = io.StringIO()
        run = train(
            self.config,
            train=self._data(sequences),
            validation=self._data(validation) if validation else None,
            threads=self.threads,
            output=sys.stdout if self.verbose else None,
            error_output=sys.stderr if self.verbose else warned,
            on_epoch=best.keep if validation else None,
        )
        _warn_of(warned.getvalue())
        save = run.make_save()
        network = run.network
        network.config.save = None  # of a network that went on learning: what it went on from
        if best.weights is not None:
            network.set_weights(best.weights)
        network.normalisation = self.normalisation
        return Fitted(network, run.history, save)

    def _data(self, sequences: list[Sequence]) -> Dataset:
        units: Any = "words" if self.config["task"] == "transcription" else None
        return Dataset(sequences, task=self.config["task"], labels=self.labels, dims=self.dims, units=units)


def _warn_of(text: str) -> None:
    """Warnings of a run, without those about the course of its errors: an estimator's user finds these in history_."""
    for line in text.splitlines():
        warning = line.removeprefix("rnnlib-py: warning: ")
        if not re.match(r"epoch \d+: ", warning):
            warn_caller(warning, RunWarning)


class _BestNetwork:
    """The weights of the epoch with the least training criterion on the validation set."""

    def __init__(self) -> None:
        self.weights: dict[str, NDArray[np.float64]] | None = None

    def keep(self, run: Run) -> None:
        epoch = run.history[-1]
        if next(iter(selection_errors(epoch.errors))) in epoch.improved:
            self.weights = run.network.weights


def continued(config: Config, network: Network, save: _core.Save | None) -> Config:
    """The config of a run that goes on from a network.

    Parameters
    ----------
    config
        Of the run.
    network
        Whose weights it begins with.
    save
        What its optimiser remembers, of the same network; None: nothing.
    """
    if save is None:
        plain = copy.copy(network)  # whose sequences come normalised already
        plain.normalisation = {}
        save = _core.Save()
        save.config = plain.config.core
        save.store_network(plain.core)
    made = Config()
    made.core = save.config.copy()
    made.save = save
    for key in config:
        made[key] = config.core.items()[key]
    return made


def for_one_epoch(config: Config, save: _core.Save | None) -> Config:
    """The config for one more epoch at a constant learning rate. `save`: what that goes on from; None: nothing."""
    made = config.copy()
    done = int((save.get_value("trainer_epoch") if save is not None else None) or 0)
    for key, value in {"learnRateSchedule": "constant", "totalEpochs": done + 1, "maxTestsNoBest": 0}.items():
        made[key] = value
    return made


def split_off(
    count: int, fraction: float, classes: NDArray[np.int64] | None, random: np.random.RandomState
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the sequences for training and for validation.

    Parameters
    ----------
    count
        Of all sequences.
    fraction
        Of them that is for validation, at least one.
    classes
        Of the sequences: those of each class are divided alike as far as they go. None: there are none.
    random
        Gives the order.
    """
    wanted = max(1, round(count * fraction))
    order = random.permutation(count)
    if classes is not None:  # so that any first part of the order has the same share of each class
        place = np.empty(count)
        for label in np.unique(classes):
            own = order[classes[order] == label]
            place[own] = (np.arange(len(own)) + 0.5) / len(own)
        order = order[np.argsort(place[order], kind="stable")]
    return np.sort(order[wanted:]), np.sort(order[:wanted])
