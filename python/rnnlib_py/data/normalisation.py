# SPDX-License-Identifier: Apache-2.0
"""Means and standard deviations that data were, or are to be, normalised with: value -> (value - mean) / std."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.sequence import Sequence

Column = NDArray[np.float64]
VARIABLES = ("inputs", "targetPatterns")


def stored_names(variable: str) -> list[tuple[str, str]]:
    """Names under which files hold a variable's means and stds, the one we write first. RNNLIB's later files say
    inputMeans for the variable inputs, its older ones inputsMeans."""
    stems = ["input", "inputs"] if variable == "inputs" else [variable]
    return [(f"{stem}Means", f"{stem}Stds") for stem in stems]


@dataclass(frozen=True, eq=False)
class Scale:
    """Of one variable, per column: float64 [columns]. A std of 0 (a column without variance) counts as 1."""

    means: Column
    stds: Column

    def apply(self, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Normalised values [..., columns], computed in the precision that they have: float32 would lose what large
        numbers of float64 have in common."""
        return ((values - self.means) / self.divisors).astype(np.float32)

    @property
    def divisors(self) -> Column:
        return np.where(self.stds == 0, 1.0, self.stds)

    def __eq__(self, other: object) -> bool:
        """Equal as floats: files hold them as such."""
        return isinstance(other, Scale) and all(
            a.shape == b.shape and np.array_equal(a.astype(np.float32), b.astype(np.float32))
            for a, b in ((self.means, other.means), (self.stds, other.stds))
        )

    __hash__ = None  # type: ignore[assignment]


Normalisation = dict[str, Scale]  # "inputs", "targetPatterns" -> Scale


def read_scale(file: NetcdfFile, variable: str) -> Scale | None:
    """The means and stds that a file holds for a variable; None without. Where only one of them is there, the other
    is 0 or 1. DataError when they cannot be used."""
    for means_name, stds_name in stored_names(variable):
        means, stds = _read_column(file, means_name, variable), _read_column(file, stds_name, variable)
        if means is None and stds is None:
            continue
        if means is None:
            means = np.zeros_like(stds)
        if stds is None:
            stds = np.ones_like(means)
        return check_scale(Scale(means, stds), f"{file.path}: {means_name} and {stds_name}")
    return None


def _read_column(file: NetcdfFile, name: str, variable: str) -> Column | None:
    if not file.has(name):
        return None
    size = "inputPattSize" if variable == "inputs" else "targetPattSize" if variable == "targetPatterns" else "columns"
    file.check_shape(name, "number", (file.find_dimension(size),), f"[{size}]")
    return file.read_complete(name).astype(np.float64)


def check_scale(scale: Scale, where: str) -> Scale:
    """The scale itself; DataError when its numbers cannot be used."""
    if scale.means.shape != scale.stds.shape:
        raise DataError(f"{where}: {len(scale.means)} means, but {len(scale.stds)} stds")
    if not (np.isfinite(scale.means).all() and np.isfinite(scale.stds).all() and (scale.stds >= 0).all()):
        raise DataError(f"{where} hold NaN, infinite or negative numbers")
    return scale


def read_normalisation(file: NetcdfFile) -> Normalisation:
    """What a file holds, by variable; empty for a file that was not normalised."""
    found = {variable: read_scale(file, variable) for variable in VARIABLES}
    return {variable: scale for variable, scale in found.items() if scale is not None}


def normalise_sequence(sequence: Sequence, normalisation: Normalisation) -> Sequence:
    """A copy with normalised inputs and real-valued targets."""
    inputs, target = sequence.inputs, sequence.target
    if "inputs" in normalisation:
        inputs = normalisation["inputs"].apply(inputs)
    if "targetPatterns" in normalisation and isinstance(target, np.ndarray) and target.dtype == np.float32:
        target = normalisation["targetPatterns"].apply(target.astype(np.float32, copy=False))
    return replace(sequence, inputs=inputs, target=target)
