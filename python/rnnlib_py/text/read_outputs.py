# SPDX-License-Identifier: Apache-2.0
"""Runs a network over a data set once and keeps its outputs, for what tries several ways to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data import Dataset
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.text.evaluation import read_pairs

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False)
class ReadSequence:
    """A sequence's target, and what the network made of it.

    Attributes
    ----------
    target : ndarray
        int64 (n,). Label indices; -1 where a point has none.
    prediction : Prediction
        With the outputs, by the task's own decoder.
    """

    target: NDArray[np.int64]
    prediction: Prediction


def read_outputs(network: Network, data: Dataset) -> list[ReadSequence]:
    """All sequences of a data set with their targets. ConfigError for regression; DataError for data without sequences,
    or that do not fit the network."""
    if not find_task(network.task).has_labels:
        raise ConfigError(f"task {network.task} has no labels; expected transcription or classification")
    if len(data) == 0:
        raise DataError("the data have no sequences")
    return [ReadSequence(target, found) for target, found in read_pairs(network, data)]


def in_threads(work: Callable[[_Item], _Result], items: Iterable[_Item], threads: int) -> list[_Result]:
    """work(item) of each, in their order; for work that the engine does without Python's lock."""
    if threads == 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))
