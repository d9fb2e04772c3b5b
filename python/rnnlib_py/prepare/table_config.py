# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare table` writes beside the data files: chosen by rules that docs/time-series.md describes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.starter_config import learning_keys, starter_config
from rnnlib_py.system.units import count_text

_UPDATES = 4000  # that learning takes
_EPOCHS = (15, 200)  # least and most
_MANY = 20_000  # sequences
_STEPS = 48  # that are left of a sequence with one target,
_LONG = 72  # where it has more rows than these
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


def network_keys(found: TableStatistics) -> dict[str, str]:
    """The keys of the layers and their regularisation: the rules of docs/time-series.md, "The starter config"."""
    task = find_task(found.task)
    cells = 64 if len(found.lengths) < _MANY else 128
    keys = {"bidirectional": "false"} if found.ahead else {}
    rows = float(np.mean(found.lengths))
    if not task.per_point and not task.transcribes and rows > _LONG:
        keys["inputBlock"] = str(math.ceil(rows / _STEPS))
    keys |= {"hiddenType": "lstm", "hiddenSize": f"{cells},{cells}"}
    if not task.per_point and len(found.lengths) < _TINY:
        return {**keys, "dropout": "0.5", "inputNoiseDev": "0.5"}
    is_smooth = task.per_point and not task.has_labels
    return {**keys, "dropout": "0.1" if is_smooth or found.ahead else "0.3"}


def training_keys(found: TableStatistics, batch: int | None = None) -> dict[str, str]:
    """The keys of learning, by the same rules. `batch`: sequences of an update; None: as the rules say."""
    return learning_keys(len(found.lengths), _UPDATES, _EPOCHS, batch)


def _layers(found: TableStatistics) -> list[str]:
    keys = network_keys(found)
    comments = {
        "bidirectional": "LSTM levels that read rows forwards only: what comes later is not known when one forecasts.",
        "inputBlock": "Neighbouring rows become one: levels learn more easily, and faster, from a few dozen steps.",
        "hiddenType": "" if found.ahead else "LSTM levels that read the rows forwards and backwards.",
        "dropout": "So few sequences are soon known by heart: dropout and noise keep the network from it."
        if "inputNoiseDev" in keys
        else "",
    }
    lines = []
    for key, value in keys.items():
        lines += [f"# {comments[key]}"] if comments.get(key) else []
        lines.append(f"{key} {value}")
    return lines
