# SPDX-License-Identifier: Apache-2.0
"""Reads the errors of every epoch from a log: text, ours or RNNLIB's (docs/behaviour.md, "Log"), or JSON lines."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py._core import ConfigError, FormatError
from rnnlib_py.model.metrics import Errors, SetErrors
from rnnlib_py.runlog.best import selection_errors
from rnnlib_py.runlog.epoch_table import epochs_html
from rnnlib_py.runlog.frame import epoch_frame, error_columns

if TYPE_CHECKING:
    import pandas

SETS = ("train", "validation", "test")
_EPOCH = re.compile(r"epoch (\d+) took\b")
_SET = re.compile(r"(train|validation|test) errors\b.*:\s*$")
_BEST = re.compile(r"best network\b")
_RULE = re.compile(r"-{3,}")
_ERROR = re.compile(r"(\S+) ([-+]?(?:\d[\d.]*(?:[eE][-+]?\d+)?|nan|inf))(%?)(?:\s|$)", re.IGNORECASE)


@dataclass
class LogEpoch:
    """An epoch, as a log records it.

    Attributes
    ----------
    epoch : int
    errors : dict
        "train", "validation", "test" -> error -> value; rates as fractions.
    lines : list of str
        As in the log.
    """

    epoch: int
    errors: SetErrors = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


@dataclass
class RunLog:
    """A run, as its log records it.

    Attributes
    ----------
    path : str
    epochs : list of LogEpoch
    """

    path: str
    epochs: list[LogEpoch]

    @property
    def sets(self) -> list[str]:
        """The sets that have errors, in the order train, validation, test."""
        return [name for name in SETS if any(name in epoch.errors for epoch in self.epochs)]

    @property
    def error_names(self) -> list[str]:
        """Every error that occurs, in the log's order."""
        return list(dict.fromkeys(name for epoch in self.epochs for errors in epoch.errors.values() for name in errors))

    def curve(self, set_name: str, error: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """One error on one set over the epochs.

        Parameters
        ----------
        set_name
            "train", "validation" or "test".
        error
            Its name.

        Returns
        -------
        epochs : ndarray
            int64 [n]; empty when the set has no such error.
        values : ndarray
            float64 [n].
        """
        pairs = [(e.epoch, e.errors[set_name][error]) for e in self.epochs if error in e.errors.get(set_name, {})]
        return (
            np.array([epoch for epoch, _ in pairs], dtype=np.int64),
            np.array([value for _, value in pairs], dtype=np.float64),
        )

    def best(self, error: str | None = None) -> LogEpoch:
        """The epoch with the least error; the first of equal ones.

        Parameters
        ----------
        error
            None: the training criterion. On the validation set, or on the training set where there is none.

        Raises
        ------
        ConfigError
            No epoch has it.
        """
        having = [e for e in self.epochs if e.errors and (error or self.error_names[0]) in selection_errors(e.errors)]
        name = error or self.error_names[0]
        finite = [e for e in having if np.isfinite(selection_errors(e.errors)[name])]
        if not finite:
            raise ConfigError(f"{self.path}: no error is called '{name}'; there are {', '.join(self.error_names)}")
        return min(finite, key=lambda e: selection_errors(e.errors)[name])

    @property
    def last(self) -> LogEpoch:
        """The last epoch."""
        return self.epochs[-1]

    def to_frame(self, per_class: bool = False) -> pandas.DataFrame:
        """The errors as a pandas DataFrame: a row per epoch, whose number is the index, and a column for each error on
        each set, such as "validation_labelError". Rates are fractions.

        Parameters
        ----------
        per_class
            True: the errors of single classes and labels have columns, too.

        Raises
        ------
        ConfigError
            Where pandas is not installed.
        """
        return epoch_frame((e.epoch for e in self.epochs), (error_columns(e.errors, per_class) for e in self.epochs))

    def _repr_html_(self) -> str:
        return epochs_html(f"log {self.path}", [(e.epoch, e.errors, []) for e in self.epochs])


def read_log(path: str | os.PathLike[str]) -> RunLog:
    """Reads the errors of every epoch from a log.

    Parameters
    ----------
    path
        A text log, ours or RNNLIB's, or one of JSON lines.

    Returns
    -------
    RunLog
        An epoch that was cut short has the sets that were there; one that comes twice (a run that went on) counts as it
        was the last time.

    Raises
    ------
    IoError
        What cannot be read.
    FormatError
        The file holds no epoch with errors.
    """
    lines = _read(Path(path)).split("\n")
    first = next((line for line in lines if line.strip()), "")
    parser = _JsonParser() if first.startswith("{") else _Parser()
    for line in lines:
        parser.add(line)
    epochs = parser.epochs()
    if not epochs:
        raise FormatError(f"{path}: no epoch with errors in it; expected the log of a training run")
    return RunLog(os.fspath(path), epochs)


class _JsonParser:
    """Takes a log of JSON lines: objects whose "event" is "epoch"."""

    def __init__(self) -> None:
        self._found: dict[int, LogEpoch] = {}

    def add(self, line: str) -> None:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):  # a line that was cut short, or another program's
            return
        if not isinstance(record, dict) or record.get("event") != "epoch":
            return
        number, sets = record.get("epoch"), record.get("errors")
        if not isinstance(number, int) or not isinstance(sets, dict):
            return
        errors = {str(name): _figures(values) for name, values in sets.items() if isinstance(values, dict)}
        self._found[number] = LogEpoch(number, errors, [line])

    def epochs(self) -> list[LogEpoch]:
        return [self._found[number] for number in sorted(self._found) if self._found[number].errors]


def _figures(values: dict[str, Any]) -> Errors:
    """null stands for NaN, which JSON does not have."""
    numbers = {name: float("nan") if value is None else value for name, value in values.items()}
    return {name: _real(value) for name, value in numbers.items() if isinstance(value, (int, float))}


def _real(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return float("inf")


class _Parser:
    """Takes a log line by line."""

    def __init__(self) -> None:
        self._found: dict[int, LogEpoch] = {}
        self._epoch: LogEpoch | None = None  # that lines belong to
        self._errors: Errors | None = None  # of the set that lines belong to
        self._summary = False  # after "best network": errors that follow are those of an older epoch

    def add(self, line: str) -> None:
        start = _EPOCH.match(line)
        if start is not None:
            self._epoch, self._errors, self._summary = LogEpoch(int(start[1])), None, False
            self._found[self._epoch.epoch] = self._epoch
        epoch = self._epoch
        if epoch is None:
            return
        self._summary = self._summary or _BEST.match(line) is not None
        if line.startswith(("stopped:", "rnnlib-py ")) or (self._summary and not self._stays(line)):
            self._epoch = None
            return
        epoch.lines.append(line)
        if _RULE.fullmatch(line):  # other blocks than sets may follow
            self._errors = None
        heading, error = _SET.match(line), _ERROR.match(line)
        if heading is not None:
            self._errors = epoch.errors.setdefault(heading[1], {})
        elif error is not None and self._errors is not None:
            self._errors[error[1]] = float(error[2]) / (100 if error[3] else 1)

    def _stays(self, line: str) -> bool:
        """What belongs to the epoch: "best network (labelError)" alone, and a last block about the throughput."""
        return ":" not in line if _BEST.match(line) else _RULE.fullmatch(line) is not None or line.startswith("pace:")

    def epochs(self) -> list[LogEpoch]:
        epochs = [self._found[number] for number in sorted(self._found) if self._found[number].errors]
        for epoch in epochs:
            while set(epoch.lines[-1]) <= set("- "):
                epoch.lines.pop()
        return epochs


def _read(path: Path) -> str:
    return _core.read_file(path).decode("utf-8", "replace")
