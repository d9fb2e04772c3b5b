# SPDX-License-Identifier: Apache-2.0
"""Data: netCDF files and arrays in memory, as the engine's sequences (docs/data-format.md)."""

from rnnlib_py.data.dataset import Dataset
from rnnlib_py.data.dataset_files import DatasetFiles
from rnnlib_py.data.labels import DataWarning
from rnnlib_py.data.netcdf.writer import write_netcdf
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.summary import DataSummary, describe
from rnnlib_py.data.text import characters

__all__ = [
    "DataSummary",
    "DataWarning",
    "Dataset",
    "DatasetFiles",
    "Sequence",
    "characters",
    "describe",
    "write_netcdf",
]
