# SPDX-License-Identifier: Apache-2.0
"""Errors of several runs: mean, standard deviation, least and largest of their best epochs."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np

from rnnlib_py.runlog.reader import SETS, RunLog, read_log


@dataclass(frozen=True)
class FigureStatistics:
    """An error over several runs.

    Attributes
    ----------
    mean, std, min, max : float
        `std` divides by n - 1 (0 for one run). Rates are fractions.
    runs : int
        How many.
    """

    mean: float
    std: float
    min: float
    max: float
    runs: int


def log_statistics(
    logs: _Seq[RunLog | str | os.PathLike[str]], error: str | None = None
) -> dict[str, dict[str, FigureStatistics]]:
    """Statistics over several runs, each at its best epoch on the validation set.

    Parameters
    ----------
    logs
        RunLogs, or paths of logs.
    error
        The one that tells the best epoch; None: the training criterion.

    Returns
    -------
    dict
        Set -> error -> FigureStatistics.

    Raises
    ------
    ConfigError
        A log lacks the error.
    IoError, FormatError
        As read_log.
    """
    epochs = [(log if isinstance(log, RunLog) else read_log(log)).best(error) for log in logs]
    found: dict[str, dict[str, FigureStatistics]] = {}
    for set_name in SETS:
        names = dict.fromkeys(name for epoch in epochs for name in epoch.errors.get(set_name, {}))
        for name in names:
            values = np.array([e.errors[set_name][name] for e in epochs if name in e.errors.get(set_name, {})])
            std = float(values.std(ddof=1)) if len(values) > 1 else 0.0
            found.setdefault(set_name, {})[name] = FigureStatistics(
                float(values.mean()), std, float(values.min()), float(values.max()), len(values)
            )
    return found
