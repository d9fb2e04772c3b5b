# SPDX-License-Identifier: Apache-2.0
"""A network's own normalisation: that of the data it was trained on, kept in its saves, given to data without any.

In a save: `trainer_inputMeans`, `trainer_inputStds`, `trainer_targetPatternsMeans`, `trainer_targetPatternsStds`,
numbers separated by spaces.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py._core import DataError, FormatError
from rnnlib_py.data import Dataset, DataWarning
from rnnlib_py.data.normalisation import VARIABLES, Normalisation, Scale, check_scale, stored_names


def read_from_save(save: _core.Save, source: str) -> Normalisation:
    """What a save holds; empty without. FormatError when it is damaged."""
    found: Normalisation = {}
    for variable in VARIABLES:
        names = _save_names(variable)
        texts = [save.get_value(name) for name in names]
        if texts[0] is None or texts[1] is None:
            continue
        try:
            scale = Scale(_parse(texts[0]), _parse(texts[1]))
            found[variable] = check_scale(scale, f"{source}: {names[0]} and {names[1]}")
        except (ValueError, DataError) as error:
            raise FormatError(f"{source}: {names[0]} or {names[1]} is damaged ({error})") from None
    return found


def store_in_save(save: _core.Save, normalisation: Normalisation) -> None:
    """Writes it into a save; nothing when it is empty."""
    for variable, scale in normalisation.items():
        for name, numbers in zip(_save_names(variable), (scale.means, scale.stds), strict=True):
            save.set_value(name, " ".join(repr(number) for number in numbers.tolist()))


def _save_names(variable: str) -> tuple[str, str]:
    means, stds = stored_names(variable)[0]
    return f"trainer_{means}", f"trainer_{stds}"


def _parse(text: str) -> NDArray[np.float64]:
    return np.array([float(word) for word in text.split()])


def apply_to(data: Dataset, normalisation: Normalisation, owner: str) -> Dataset:
    """The data as the network `owner` wants them: files without a normalisation get the network's, with a DataWarning
    that says so; files with one, and sequences from arrays, stay as they are."""
    found, changed = data.normalised(normalisation)
    for path in changed:
        warnings.warn(
            f"{path} was not normalised, the data of {owner} were: the means and standard deviations stored there are "
            "applied",
            DataWarning,
            stacklevel=4,
        )
    return found
