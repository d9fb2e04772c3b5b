# SPDX-License-Identifier: Apache-2.0
"""What is in a netCDF file, whether or not it is a data set, and what each task misses in it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from rnnlib_py._core import DataError
from rnnlib_py.data import Dataset
from rnnlib_py.data.netcdf.file import NetcdfFile, open_netcdf
from rnnlib_py.data.netcdf.library import type_name
from rnnlib_py.data.tasks import TASKS, Task
from rnnlib_py.model.tables import table


def variable_table(path: Path) -> list[str]:
    """Name, type and sizes of each variable."""
    with open_netcdf(os.fspath(path)) as file:
        sizes = file.dimensions
        rows = [
            [name, type_name(variable.dtype), ", ".join(f"{d} {sizes.get(d, 0):,}" for d in variable.dimensions)]
            for name, variable in file.variables.items()
        ]
    return table(["variable", "type", "sizes"], rows) if rows else ["no variables"]


def dimension_table(path: Path) -> list[str]:
    """Name and size of each dimension, and which groups there are."""
    with open_netcdf(os.fspath(path)) as file:
        unlimited, groups = file.unlimited, file.groups
        rows = [[name, f"{size:,}", "can grow" if name in unlimited else ""] for name, size in file.dimensions.items()]
    lines = table(["dimension", "size", ""], rows) if rows else ["no dimensions"]
    return lines + ([f"groups, which are not read: {', '.join(groups)}"] if groups else [])


def missing_table(path: Path) -> list[str]:
    """For each task the dimensions and variables that it misses, or what else is wrong for it."""
    return table(["task", "what is missing"], [[name, _missing_for(path, task)] for name, task in TASKS.items()])


def _missing_for(path: Path, task: Task) -> str:
    missing = _missing_names(NetcdfFile(path), task)
    if missing:
        return "; ".join(missing)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Dataset.read(path, task.name)
    except DataError as error:
        return str(error).removeprefix(f"{os.fspath(path)}: ")
    return "nothing"


def _missing_names(file: NetcdfFile, task: Task) -> list[str]:
    dimensions = ["numSeqs", "numTimesteps", "inputPattSize", "numLabels" if task.has_labels else "targetPattSize"]
    variables = ["inputs"]
    num_dims = file.find_dimension("numDims")
    if num_dims != 0 and not (file.has("seqLengths") and num_dims in (None, 1)):
        variables.append("seqDims")
    if not any(file.has(name) for name in task.variables):
        variables.append(" or ".join(task.variables))
    dimensions = [name for name in dimensions if file.find_dimension(name) is None]
    variables = [name for name in variables if not file.has(name)]
    return [
        f"{what} {', '.join(names)}" for what, names in (("dimensions", dimensions), ("variables", variables)) if names
    ]
