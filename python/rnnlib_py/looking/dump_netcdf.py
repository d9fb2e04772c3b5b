# SPDX-License-Identifier: Apache-2.0
"""A dump as one netCDF file: its variables, with the attribute `labels` where units have names; attribute `tag`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import FormatError
from rnnlib_py.files import replacing

Array = NDArray[np.float64]


def write_netcdf_dump(path: Path, variables: Mapping[str, Array], labels: Mapping[str, list[str]], tag: str) -> Path:
    """Raises IoError."""
    with replacing(path) as temporary, netCDF4.Dataset(temporary.absolute(), "w") as file:
        file.setncattr_string("tag", tag)
        for name, values in variables.items():
            dimensions = tuple(f"size_{size}" for size in values.shape)
            for dimension, size in zip(dimensions, values.shape, strict=True):
                if dimension not in file.dimensions:
                    file.createDimension(dimension, size)
            variable = file.createVariable(name, "f8", dimensions, compression="zlib")
            variable[...] = values
            if name in labels:
                variable.setncattr_string("labels", labels[name])
    return path


def read_netcdf_dump(path: Path) -> tuple[dict[str, Array], dict[str, list[str]], str]:
    """Raises FormatError."""
    variables: dict[str, Array] = {}
    labels: dict[str, list[str]] = {}
    try:
        with netCDF4.Dataset(path.absolute()) as file:
            file.set_auto_maskandscale(False)
            if "tag" not in file.ncattrs():
                raise FormatError(f"{path}: is a netCDF file, but not a dump")
            for name, variable in file.variables.items():
                variables[name] = np.asarray(variable[...], dtype=np.float64)
                if "labels" in variable.ncattrs():
                    labels[name] = [str(label) for label in np.atleast_1d(variable.getncattr("labels"))]
            return variables, labels, str(file.getncattr("tag"))
    except (OSError, RuntimeError) as error:
        raise FormatError(f"{path}: damaged or cut short ({error})") from None
