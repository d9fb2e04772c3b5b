# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare table` writes beside the data files: chosen by rules that docs/time-series.md describes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.starter_config import starter_config
from rnnlib_py.system.units import count_text

_UPDATES = 4000  # that learning takes
_EPOCHS = (15, 200)  # least and most
_MANY = 20_000  # sequences
_TINY = 500  # sequences with one target each: fewer are learned by heart unless there is much noise


@dataclass(frozen=True, eq=False)
class TableStatistics:
    """What the rules look at, of the training set.

    Attributes
    ----------
    task : str
    lengths : ndarray
        int64 (sequences,). Rows.
    inputs : int
        Numbers of a row.
    outputs : int
        Labels, or numbers of a target.
    ahead : int
        Rows from inputs to targets.
    """

    task: str
    lengths: NDArray[np.int64]
    inputs: int
    outputs: int
    ahead: int


def table_config(found: TableStatistics, files: dict[str, str]) -> str:
    """The text of the config.

    Parameters
    ----------
    found
        Of the training set.
    files
        "train" and "val" -> the names of their files, for those there are.
    """
    sequences = len(found.lengths)
    has_labels = find_task(found.task).has_labels
    what = count_text(found.outputs, "label" if has_labels else "target")
    about = (
        f"{sequences:,} sequences of {np.mean(found.lengths):.0f} rows with {count_text(found.inputs, 'input')}, {what}"
    )
    return starter_config(about, found.task, files, _layers(found), sequences, _UPDATES, _EPOCHS)


def _layers(found: TableStatistics) -> list[str]:
    """The rules of docs/time-series.md, "The starter config"."""
    task = find_task(found.task)
    cells = 64 if len(found.lengths) < _MANY else 128
    if found.ahead:
        about = ["# LSTM levels that read the rows forwards only: what comes later is not known when one forecasts."]
        about.append("bidirectional false")
    else:
        about = ["# LSTM levels that read the rows forwards and backwards."]
    layers = [*about, "hiddenType lstm", f"hiddenSize {cells},{cells}"]
    if not task.per_point and len(found.lengths) < _TINY:
        return [*layers, "# So few sequences are soon known by heart: dropout and noise keep the network from it.",
                "dropout 0.5", "inputNoiseDev 0.5"]  # fmt: skip
    is_smooth = task.per_point and not task.has_labels
    return [*layers, f"dropout {0.1 if is_smooth or found.ahead else 0.3}"]
