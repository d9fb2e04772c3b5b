# SPDX-License-Identifier: Apache-2.0
"""A network's own normalisation: that of the data it was trained on, kept in its saves, given to data without any."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import DataError, FormatError
from rnnlib_py.data import Dataset, DataWarning
from rnnlib_py.data.normalisation import Normalisation, Scale, check_scale
from rnnlib_py.system.caller import warn_caller

Columns = Mapping[str, tuple[list[float], list[float]]]  # "inputs", "targetPatterns" -> means and stds


def read_from_save(save: _core.Save, source: str) -> Normalisation:
    """What a save holds; empty without. FormatError when it is damaged."""
    found = from_columns(save.normalisation())
    for variable, scale in found.items():
        try:
            check_scale(scale, f"{source}: the means and standard deviations of {variable}")
        except DataError as error:
            raise FormatError(str(error)) from None
    return found


def from_columns(columns: Columns) -> Normalisation:
    """The engine's form as Python's."""
    return {variable: Scale(np.array(means), np.array(stds)) for variable, (means, stds) in columns.items()}


def to_columns(normalisation: Normalisation) -> dict[str, tuple[list[float], list[float]]]:
    """Python's form as the engine's."""
    return {variable: (scale.means.tolist(), scale.stds.tolist()) for variable, scale in normalisation.items()}


def apply_to(data: Dataset, normalisation: Normalisation, owner: str) -> Dataset:
    """The data as the network `owner` wants them: files without a normalisation get the network's, with a DataWarning
    that says so; files with one (another one is warned about), and sequences from arrays, stay as they are."""
    for path in data.normalised_otherwise(normalisation):
        warn_caller(
            f"{path} is not normalised like the data of {owner} and is taken as it is; `rnnlib-py normalise --like` "
            "makes raw files alike",
            DataWarning,
        )
    found, changed = data.normalised(normalisation)
    for path in changed:
        warn_caller(
            f"{path} was not normalised, the data of {owner} were: the means and standard deviations stored there are "
            "applied",
            DataWarning,
        )
    return found


def warn_of_raw_numbers(owner: str) -> None:
    """A DataWarning: arrays were given to a network whose data were normalised, and nobody said what they hold."""
    warn_caller(
        f"the data of {owner} were normalised, and the numbers given are taken as they are: say raw=True for numbers "
        "as they were measured, to normalise them too, or raw=False for numbers that are normalised already",
        DataWarning,
    )
