# SPDX-License-Identifier: Apache-2.0
"""The config of an estimator: the rules of `prepare table`, and over them what the user has set."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnlib_py.config import Config
from rnnlib_py.prepare.table_config import TableStatistics, network_keys, training_keys

_WIDE = 16  # points in a dimension, from which on blocks of two are joined


@dataclass(frozen=True)
class Settings:
    """What the user has set of network and training; None: as the rules say."""

    hidden_size: Any
    dropout: Any
    input_noise: Any
    epochs: Any
    learning_rate: Any
    batch_size: Any
    patience: int | None  # epochs without a better network, after which training ends; None: it does not
    seed: int
    config: Any


def make_config(task: str, shapes: list[tuple[int, ...]], inputs: int, outputs: int, settings: Settings) -> Config:
    """The config for a training set.

    Parameters
    ----------
    task
        As the key `task` has it.
    shapes
        Of the sequences.
    inputs, outputs
        Numbers of a point, and labels or numbers of a target.
    settings
        Come before the rules; the keys of settings.config before all.

    Raises
    ------
    ValueError
        A setting that cannot be; of keys a ConfigError, which is one.
    """
    _check(settings)
    lengths = np.array([shape[0] for shape in shapes], np.int64)
    found = TableStatistics(task, lengths, inputs, outputs, 0)
    keys: dict[str, object] = {"task": task}
    keys |= network_keys(found) if len(shapes[0]) == 1 else _network_of_more_dimensions(task, shapes)
    keys |= training_keys(found, settings.batch_size)
    if settings.hidden_size is not None:
        sizes = np.atleast_1d(np.asarray(settings.hidden_size)).tolist()
        keys["hiddenSize"] = sizes
        if len(sizes) == 1 and settings.dropout is None:
            keys.pop("dropout", None)
    given = {
        "dropout": settings.dropout,
        "inputNoiseDev": settings.input_noise,
        "totalEpochs": settings.epochs,
        "learnRate": settings.learning_rate,
    }
    keys |= {key: value for key, value in given.items() if value is not None}
    keys["maxTestsNoBest"] = settings.patience or keys["totalEpochs"]
    keys["randSeed"] = settings.seed
    return Config(keys, **(settings.config or {}))


def _network_of_more_dimensions(task: str, shapes: list[tuple[int, ...]]) -> dict[str, str]:
    """One level that reads from every corner; where there is one target, neighbouring points of large sequences are
    joined in blocks of 2 in each dimension."""
    sizes = np.mean(np.array(shapes), axis=0)
    keys = {"hiddenType": "lstm", "hiddenSize": "32"}
    if not task.startswith("sequence_") or sizes.min() < _WIDE:
        return keys
    return {"inputBlock": ",".join("2" for _ in sizes), **keys}


def _check(settings: Settings) -> None:
    for name in ("epochs", "batch_size"):
        _check_number(name, getattr(settings, name), numbers.Integral, 1, "a whole number of at least 1")
    for name in ("dropout", "input_noise", "learning_rate"):
        _check_number(name, getattr(settings, name), numbers.Real, 0, "a number of at least 0")
    if settings.dropout is not None and settings.dropout >= 1:
        raise ValueError(f"dropout is {settings.dropout!r}, expected less than 1")
    if settings.hidden_size is not None:
        sizes = np.asarray(settings.hidden_size)
        if sizes.ndim > 1 or sizes.size == 0 or sizes.dtype.kind not in "iu" or sizes.min() < 1:
            raise ValueError(
                f"hidden_size is {settings.hidden_size!r}, expected a whole number of at least 1, or one for each level"
            )
    if settings.config is not None and not isinstance(settings.config, Mapping):
        raise ValueError(f"config is {type(settings.config).__name__}, expected a dict of keys and their values")


def _check_number(name: str, value: Any, kind: Any, least: float, expected: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, kind) or not float(value) >= least):
        raise ValueError(f"{name} is {value!r}, expected {expected}, or None")
