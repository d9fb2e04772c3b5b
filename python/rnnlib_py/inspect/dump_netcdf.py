# SPDX-License-Identifier: Apache-2.0
"""A dump as one netCDF file: its variables, with the attribute `labels` where units have names; attribute `tag`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import FormatError
from rnnlib_py.data.netcdf.file import open_netcdf
from rnnlib_py.data.netcdf.library import LibraryFile, is_numeric
from rnnlib_py.system.files import replacing

Array = NDArray[np.float64]


def write_netcdf_dump(path: Path, variables: Mapping[str, Array], labels: Mapping[str, list[str]], tag: str) -> Path:
    """Raises IoError."""
    with replacing(path) as temporary, LibraryFile(temporary, "w") as file:
        file.set_text_attribute("tag", tag)
        for name, values in variables.items():
            dimensions = tuple(f"size_{size}" for size in values.shape)
            for dimension, size in zip(dimensions, values.shape, strict=True):
                if dimension not in file.dimensions:
                    file.create_dimension(dimension, size)
            variable = file.create_variable(name, "f8", dimensions, compression="zlib")
            variable[...] = values
            if name in labels:
                variable.set_attributes({"labels": labels[name]})
    return path


def read_netcdf_dump(path: Path) -> tuple[dict[str, Array], dict[str, list[str]], str]:
    """Raises IoError, FormatError."""
    variables: dict[str, Array] = {}
    labels: dict[str, list[str]] = {}
    with open_netcdf(str(path)) as file:
        attributes = file.attributes()
        if "tag" not in attributes:
            raise FormatError(f"{path}: is a netCDF file, but not a dump")
        for name, variable in file.variables.items():
            if not is_numeric(variable.dtype):
                raise FormatError(f"{path}: is not a dump: variable '{name}' does not hold numbers")
            variables[name] = np.asarray(variable[...], dtype=np.float64)
            names = variable.attributes().get("labels")
            if names is not None:
                labels[name] = [str(label) for label in np.atleast_1d(names)]
        return variables, labels, str(attributes["tag"])
